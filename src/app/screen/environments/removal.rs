//! Deleting an environment: asked for with its name, done by others, told as it goes.

use super::{Screen, refresh};
use crate::app::dialog::prompt::{Prompt, PromptPurpose};
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::dialog::{Dialog, reliance};
use crate::app::effect::Effect;
use crate::app::watch::Watch;
use crate::app::{App, Tone};
use crate::domain::environment::Record;
use crate::domain::environment::remains::Remain;
use crate::domain::operation::{Ended, Finished, Operation};
use crate::domain::peering::reliance::Parting;
use crate::domain::problem::Result;

pub(super) fn ask_delete(app: &mut App) -> Vec<Effect> {
    let Some(row) = app.environments.chosen() else { return Vec::new() };
    ask_delete_of(app, &row.record.clone())
}

/// Asks for the name of an environment before it is deleted; who relies on it is looked for meanwhile.
pub(in crate::app) fn ask_delete_of(app: &mut App, record: &Record) -> Vec<Effect> {
    let question = vec![
        format!(
            "This deletes resource group {} with everything in it: workspace, data, images, logs, jumpbox. \
             It cannot be undone.",
            record.resource_group
        ),
        "It stops costing anything. What Azure keeps for a while, such as the vault's name, is told \
         at the end."
            .to_owned(),
        reliance::LOOKING.to_owned(),
        format!("Type {} to delete it.", record.full_name),
    ];
    let purpose = PromptPurpose::Delete(Box::new(record.clone()));
    let title = format!("Delete {}?", record.full_name);
    app.dialog = Some(Dialog::Prompt(Prompt::new(purpose, &title, question, "")));
    reliance::look(record, Parting::Delete)
}

/// Deletes an environment whose name was typed.
///
/// # Errors
/// When another name was typed.
pub(in crate::app) fn delete_typed(
    app: &mut App,
    record: &Record,
    typed: &str,
) -> Result<Vec<Effect>, String> {
    if typed != record.full_name {
        return Err(format!("Type {}, or press Esc to keep it.", record.full_name));
    }
    let is_it = |watch: &Watch| watch.record.as_ref().is_some_and(|known| known.is_same(record));
    let left = app.leave_deployment(is_it);
    app.go(Screen::Environments);
    app.say(Tone::Plain, format!("Deleting {}; Azure carries on if you leave.", record.full_name));
    let begun = app.begin(Operation::Delete(Box::new(record.clone())));
    Ok(left.into_iter().chain(begun).collect())
}

/// A deletion has ended.
pub(in crate::app) fn on_deleted(
    app: &mut App,
    full_name: &str,
    ended: Result<Ended<Finished>>,
) -> Vec<Effect> {
    match ended {
        Ok(Ended::Done(finished)) => {
            app.environments.rows.retain(|row| row.record.full_name != full_name);
            app.environments.selected = app.environments.selected.min(app.environments.rows.len());
            app.say(
                Tone::Good,
                format!(
                    "{full_name} is gone, and its credentials with it. It costs nothing any more."
                ),
            );
            if let Finished::Remains(remains) = finished
                && !remains.is_empty()
            {
                show_remains(app, full_name, &remains);
            }
            refresh(app)
        }
        Ok(_) => Vec::new(),
        Err(problem) => {
            app.show_problem(&problem);
            Vec::new()
        }
    }
}

/// What remains is shown where nobody is busy with another dialog.
fn show_remains(app: &mut App, full_name: &str, remains: &[Remain]) {
    if app.dialog.is_some() {
        return;
    }
    let mut paragraphs = vec![
        ParagraphKind::Text.says(
            "It is gone and costs nothing any more. This remains of it; a new environment draws new \
             digits, so it is in nobody's way:",
        ),
        (ParagraphKind::Text, String::new()),
    ];
    for remain in remains {
        paragraphs.push((ParagraphKind::Text, remain.sentence()));
        paragraphs.push((ParagraphKind::Text, String::new()));
    }
    let title = format!("{full_name} was deleted");
    app.show(Viewer::new(&title, paragraphs));
}
