//! The list of environments: those recorded on this machine and those found in Azure, or a welcome where there are none.
//!
//! Azure is right where the two differ. The list shows what is known at once and fills in as answers come.

mod keys;
mod portal;
mod removal;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tui_input::Input;

use self::{
    portal::{copy_id, open_portal},
    removal::{ask_delete, on_removal},
};
use super::{Screen, basics, deploy};
use crate::{
    app::{
        App, Tone,
        command::Command,
        dialog::{
            Dialog,
            prompt::{Prompt, Purpose},
        },
        effect::Effect,
        field, keep,
        key::Key,
        message::{EnvironmentRow, Message},
        update::{moved, quit},
    },
    domain::{
        environment::{Known, Phase, Record},
        problem::Problem,
    },
};

pub(in crate::app) use self::removal::{ask_delete_of, delete_typed};
pub use self::{
    keys::{FILTER, LIST, WELCOME},
    portal::{portal, portal_address},
};

/// How far looking in Azure has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Search {
    /// It has not begun: nobody is signed in yet.
    #[default]
    NotBegun,
    /// Azure is being asked.
    Looking,
    /// Azure has answered, at that time.
    Done(Timestamp),
    /// Azure could not be asked.
    Failed(Box<Problem>),
}

/// The list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Environments {
    /// All rows, by name.
    pub rows: Vec<EnvironmentRow>,
    /// True once this machine's records have been read.
    pub recorded: bool,
    /// How far looking in Azure has come.
    pub search: Search,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The chosen row among those that fit the filter; one past them is the row that makes a new one.
    pub selected: usize,
    /// What is typed to filter.
    pub filter: Input,
    /// Whether the filter is being typed.
    pub filtering: bool,
    /// Environments that are being removed, with how many resources are left where that is known.
    pub removing: Vec<(String, Option<usize>)>,
    /// The step at which each of those removals is, and how many there can be.
    #[serde(default)]
    pub steps: Vec<(String, usize, usize)>,
}

impl Environments {
    /// True while nothing is known to exist, so that the welcome is shown.
    #[must_use]
    pub fn is_first_run(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that fit the filter.
    #[must_use]
    pub fn fitting(&self) -> Vec<&EnvironmentRow> {
        let wanted = self.filter.value().to_lowercase();
        self.rows
            .iter()
            .filter(|row| {
                let record = &row.record;
                let text = format!(
                    "{} {} {}",
                    record.full_name,
                    record.settings.region,
                    record.phase.word()
                );
                text.contains(&wanted)
            })
            .collect()
    }

    /// The chosen row; `None` on the row that makes a new one.
    #[must_use]
    pub fn chosen(&self) -> Option<&EnvironmentRow> {
        self.fitting().get(self.selected).copied()
    }

    fn take(&mut self, rows: Vec<EnvironmentRow>, problems: Vec<Problem>) {
        let chosen = self.chosen().map(|row| row.record.full_name.clone());
        self.rows = rows;
        self.problems = problems;
        let again = chosen.and_then(|name| {
            self.fitting()
                .iter()
                .position(|row| row.record.full_name == name)
        });
        self.selected = again.unwrap_or(self.selected.min(self.rows.len()));
    }

    /// Takes in what has become of an environment whose row is there.
    pub(in crate::app) fn note(&mut self, record: &Record) {
        let name = &record.full_name;
        let row = self
            .rows
            .iter_mut()
            .find(|row| row.record.full_name == *name);
        if let Some(row) = row {
            row.record = record.clone();
            row.known = Known::Both;
            row.gone = false;
        }
    }

    fn note_step(&mut self, full_name: &str, number: usize, of: usize) {
        self.steps.retain(|(name, _, _)| name != full_name);
        self.steps.push((full_name.to_owned(), number, of));
    }

    fn forget_removal(&mut self, full_name: &str) {
        self.removing.retain(|(name, _)| name != full_name);
        self.steps.retain(|(name, _, _)| name != full_name);
    }

    fn note_removal(&mut self, full_name: &str, left: Option<usize>) {
        self.removing.retain(|(name, _)| name != full_name);
        self.removing.push((full_name.to_owned(), left));
    }
}

/// The choices of the welcome, as commands.
pub const CHOICES: [(Command, &str); 3] = [
    (Command::New, "Start"),
    (Command::Refresh, "Look for environments in Azure"),
    (Command::LoadPlan, "Load a saved plan file"),
];

/// Whether a command can be run now.
pub(in crate::app) fn availability(app: &App, command: Command) -> Result<(), String> {
    let list = &app.environments;
    match command {
        Command::Subscription if app.account.signed_in().is_none() => {
            Err("Nobody is signed in yet: a opens the ways to sign in.".into())
        }
        Command::Refresh => app.not_connected().map_or(Ok(()), Err),
        Command::Delete => match list.chosen() {
            None => Err("Choose an environment first.".into()),
            Some(row)
                if list
                    .removing
                    .iter()
                    .any(|(name, _)| *name == row.record.full_name) =>
            {
                Err(format!(
                    "{} is being deleted already.",
                    row.record.full_name
                ))
            }
            Some(_) => app.not_connected().map_or(Ok(()), Err),
        },
        Command::PauseOrResume => match list.chosen() {
            None => Err("Choose an environment first.".into()),
            Some(row) if row.gone || row.record.phase < Phase::Deploying => {
                Err("Only an environment that stands can be paused.".into())
            }
            Some(_) => app.not_connected().map_or(Ok(()), Err),
        },
        Command::OpenPortal if app.start.practice => {
            Err("The practice cloud has no portal.".into())
        }
        Command::OpenPortal | Command::CopyId if list.chosen().is_none() => {
            Err("Choose an environment first.".into())
        }
        _ => Ok(()),
    }
}

pub(in crate::app) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Quit => return quit(app),
        Command::New => return basics::open(app),
        Command::Refresh => return refresh(app),
        Command::Filter => app.environments.filtering = true,
        Command::Back => {
            app.environments.filtering = false;
            app.environments.filter.reset();
            app.environments.selected = 0;
        }
        Command::Accept if app.environments.filtering => app.environments.filtering = false,
        Command::Accept => return accept(app),
        Command::Delete => ask_delete(app),
        Command::PauseOrResume => {
            if let Some(record) = app.environments.chosen().map(|row| row.record.clone()) {
                keep::ask(app, keep::pause_or_resume(&record), &record);
            }
        }
        Command::LoadPlan => {
            let question = vec!["The path of a plan file, as the preview saves it.".to_owned()];
            let prompt = Prompt::new(Purpose::LoadPlan, "Load a plan file", question, "");
            app.dialog = Some(Dialog::Prompt(prompt));
        }
        Command::OpenPortal => return open_portal(app),
        Command::CopyId => return copy_id(app),
        other => {
            let rows = if app.environments.is_first_run() {
                CHOICES.len()
            } else {
                app.environments.fitting().len() + 1
            };
            app.environments.selected = moved(app.environments.selected, rows, other);
        }
    }
    Vec::new()
}

fn accept(app: &mut App) -> Vec<Effect> {
    if app.environments.is_first_run() {
        let Some((command, _)) = CHOICES.get(app.environments.selected) else {
            return Vec::new();
        };
        if let Err(reason) = availability(app, *command) {
            app.say(Tone::Warn, reason);
            return Vec::new();
        }
        return run(app, *command);
    }
    let Some(row) = app.environments.chosen().cloned() else {
        return basics::open(app);
    };
    open(app, &row)
}

/// Opens an environment: what was only chosen leads to the form, everything else to its deployment.
fn open(app: &mut App, row: &EnvironmentRow) -> Vec<Effect> {
    let name = &row.record.full_name;
    if row.record.phase == Phase::Deleting
        || app
            .environments
            .removing
            .iter()
            .any(|(each, _)| each == name)
    {
        app.say(Tone::Plain, format!("{name} is being deleted."));
        return Vec::new();
    }
    let own = app.account.subscription().map(|each| each.id.clone());
    if let Some(reason) = app.not_connected() {
        app.say(Tone::Warn, reason);
        return Vec::new();
    }
    if own.is_some_and(|own| !own.eq_ignore_ascii_case(&row.record.subscription_id)) {
        app.say(
            Tone::Warn,
            format!(
                "{name} is in another subscription: s chooses {}.",
                row.record.subscription_id
            ),
        );
        return Vec::new();
    }
    if row.gone || row.record.attempts.is_empty() && row.record.phase <= Phase::Preparing {
        return basics::open_existing(app, &row.record);
    }
    deploy::open(app, &row.record)
}

fn refresh(app: &mut App) -> Vec<Effect> {
    app.environments.search = Search::Looking;
    vec![Effect::FindEnvironments]
}

/// Loads a plan file that was named.
///
/// # Errors
/// When no name was typed.
pub(in crate::app) fn plan_named(typed: &str) -> Result<Vec<Effect>, String> {
    if typed.is_empty() {
        return Err("Type the path of a plan file, or press Esc.".into());
    }
    Ok(vec![Effect::LoadPlan(typed.into())])
}

pub(in crate::app) fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    if field::edit(&mut app.environments.filter, key) {
        app.environments.selected = 0;
    }
    Vec::new()
}

pub(in crate::app) fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    field::paste(&mut app.environments.filter, text);
    app.environments.selected = 0;
    Vec::new()
}

pub(in crate::app) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if app.environments.selected == row {
        return accept(app);
    }
    app.environments.selected = row;
    Vec::new()
}

pub(in crate::app) fn on_message(app: &mut App, message: Message) -> Vec<Effect> {
    let list = &mut app.environments;
    match message {
        Message::Recorded { rows, problems } => {
            list.recorded = true;
            // What Azure has told since is newer.
            if !matches!(list.search, Search::Done(_)) {
                list.take(rows, problems);
            }
        }
        Message::Found { rows, problems } => {
            list.search = Search::Done(app.now);
            list.take(rows, problems);
        }
        Message::FindFailed(problem) => list.search = Search::Failed(Box::new(problem)),
        Message::Removal { full_name, news } => return on_removal(app, &full_name, news),
        _ => {}
    }
    Vec::new()
}
