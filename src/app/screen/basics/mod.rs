//! The form: what a person chooses, checked while they type. Checks never block typing.

pub mod checks;
pub mod networks;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Screen;
use crate::{
    app::{
        App, Start,
        command::{BACK_TAB, Command, ESCAPE, Entry, HELP_FORM, TAB, entry},
        effect::Effect,
        key::Key,
        message::Message,
    },
    domain::{environment::Record, settings::Draft},
};

/// The keys of the form: letters are text, so only Tab, arrows, Control and function keys act.
pub const TABLE: &[Entry] = &[
    entry(Command::NextPane, TAB, "next", "Go to the next field"),
    entry(
        Command::PreviousPane,
        BACK_TAB,
        "",
        "Go to the field before",
    ),
    entry(
        Command::Continue,
        &[Key::control('n')],
        "continue",
        "Go on to the preview",
    ),
    entry(Command::Help, HELP_FORM, "help", "Show all commands"),
    entry(
        Command::Back,
        ESCAPE,
        "leave",
        "Go back to the environments",
    ),
];

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The environment's name.
    Name,
}

/// The form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Basics {
    /// What stands so far.
    pub draft: Draft,
    /// The record of an environment that exists, whose form this is.
    pub existing: Option<Box<Record>>,
}

impl Basics {
    /// The form as it begins.
    #[must_use]
    pub fn new(start: &Start) -> Self {
        Self {
            draft: start.draft.clone(),
            existing: None,
        }
    }
}

/// Whether a command can be run now.
pub(in crate::app) fn availability(_app: &App, _command: Command) -> Result<(), String> {
    Ok(())
}

/// Opens the form for a new environment.
pub(in crate::app) fn open(app: &mut App) -> Vec<Effect> {
    app.go(Screen::Basics);
    Vec::new()
}

/// Opens the form with what was chosen for an environment that was never sent, or is gone.
pub(in crate::app) fn open_existing(app: &mut App, record: &Record) -> Vec<Effect> {
    app.basics.existing = Some(Box::new(record.clone()));
    app.go(Screen::Basics);
    Vec::new()
}

pub(in crate::app) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    if command == Command::Back {
        app.go(Screen::Environments);
    }
    Vec::new()
}

/// Takes in what was chosen in a list.
pub(in crate::app) fn picked(_app: &mut App, _field: Field, _id: &str) -> Vec<Effect> {
    Vec::new()
}

pub(in crate::app) fn on_text(_app: &mut App, _key: Key) -> Vec<Effect> {
    Vec::new()
}

pub(in crate::app) fn on_paste(_app: &mut App, _text: &str) -> Vec<Effect> {
    Vec::new()
}

pub(in crate::app) fn on_row(_app: &mut App, _row: usize) -> Vec<Effect> {
    Vec::new()
}

pub(in crate::app) fn on_pane(_app: &mut App, _pane: usize) -> Vec<Effect> {
    Vec::new()
}

pub(in crate::app) fn on_message(_app: &mut App, _message: Message) -> Vec<Effect> {
    Vec::new()
}

/// When something of the form changes by itself.
pub(in crate::app) fn next_tick(_app: &App) -> Option<Timestamp> {
    None
}

pub(in crate::app) fn on_tick(_app: &mut App) -> Vec<Effect> {
    Vec::new()
}
