//! Deleting an environment: asked for with its name, done by others, told as it goes.

use super::{Screen, refresh};
use crate::{
    app::{
        App, Tone,
        dialog::{
            Dialog,
            prompt::{Prompt, Purpose},
        },
        effect::Effect,
        message::Removal,
    },
    domain::environment::Record,
};

pub(super) fn ask_delete(app: &mut App) {
    let Some(row) = app.environments.chosen() else {
        return;
    };
    ask_delete_of(app, &row.record.clone());
}

/// Asks for the name of an environment before it is deleted.
pub(in crate::app) fn ask_delete_of(app: &mut App, record: &Record) {
    let question = vec![
        format!(
            "This deletes resource group {} with everything in it: workspace, data, images, logs, jumpbox. It cannot be undone.",
            record.resource_group
        ),
        "It stops costing anything. Azure keeps the vault's name for some weeks.".to_owned(),
        format!("Type {} to delete it.", record.full_name),
    ];
    let purpose = Purpose::Delete(Box::new(record.clone()));
    let title = format!("Delete {}?", record.full_name);
    app.dialog = Some(Dialog::Prompt(Prompt::new(purpose, &title, question, "")));
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
        return Err(format!(
            "Type {}, or press Esc to keep it.",
            record.full_name
        ));
    }
    app.environments.note_removal(&record.full_name, None);
    let mut effects = Vec::new();
    if app.deploy.is_of(&record.full_name) {
        effects.push(Effect::Leave);
    }
    app.go(Screen::Environments);
    app.say(
        Tone::Plain,
        format!(
            "Deleting {}; Azure carries on if you leave.",
            record.full_name
        ),
    );
    effects.push(Effect::Delete(Box::new(record.clone())));
    Ok(effects)
}

pub(super) fn on_removal(app: &mut App, full_name: &str, news: Removal) -> Vec<Effect> {
    match news {
        Removal::Left(left) => {
            app.environments.note_removal(full_name, Some(left));
            Vec::new()
        }
        Removal::Done => {
            app.environments
                .removing
                .retain(|(name, _)| name != full_name);
            app.environments
                .rows
                .retain(|row| row.record.full_name != full_name);
            app.environments.selected = app.environments.selected.min(app.environments.rows.len());
            app.say(
                Tone::Good,
                format!(
                    "{full_name} is gone, and its credentials with it. It costs nothing any more."
                ),
            );
            refresh(app)
        }
        Removal::Failed(problem) => {
            app.environments
                .removing
                .retain(|(name, _)| name != full_name);
            app.show_problem(&problem);
            Vec::new()
        }
    }
}
