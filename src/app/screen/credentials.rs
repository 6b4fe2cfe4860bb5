//! The credentials, and how to get in. The password is here only while it is shown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Screen;
use crate::{
    app::{
        App, Tone,
        command::{Command, ESCAPE, Entry, HELP, QUIT, entry},
        effect::Effect,
        hidden::Hidden,
        message::Message,
    },
    domain::environment::{Keeping, Record},
};

/// The keys of the credentials.
pub const TABLE: &[Entry] = &[
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(Command::Back, ESCAPE, "list", "Go back to the environments"),
    entry(Command::Quit, QUIT, "quit", "Leave the program"),
];

/// The credentials and the way in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Access {
    /// The environment.
    pub record: Option<Box<Record>>,
    /// The user name, where it is known.
    pub user_name: Option<String>,
    /// Which kind of place keeps the password.
    pub keeping: Option<Keeping>,
    /// Where that is, in a few words.
    pub place: Option<String>,
    /// The password, while it is shown.
    pub password: Option<Hidden>,
    /// When it is hidden again.
    pub shown_until: Option<Timestamp>,
    /// When the clipboard is looked at again, while the password is in it.
    pub clipboard_until: Option<Timestamp>,
}

impl Access {
    /// True while the clipboard may hold the password.
    #[must_use]
    pub fn is_clipboard_ours(&self) -> bool {
        self.clipboard_until.is_some()
    }
}

/// Whether a command can be run now.
pub(in crate::app) fn availability(_app: &App, _command: Command) -> Result<(), String> {
    Ok(())
}

pub(in crate::app) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => app.go(Screen::Environments),
        Command::Quit => return crate::app::update::quit(app),
        _ => {}
    }
    Vec::new()
}

pub(in crate::app) fn on_row(_app: &mut App, _row: usize) -> Vec<Effect> {
    Vec::new()
}

pub(in crate::app) fn on_message(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::Copied { what, how, .. } => app.say(Tone::Good, format!("{what} copied: {how}.")),
        Message::ClipboardCleared(text) => app.say(Tone::Plain, text),
        _ => {}
    }
    Vec::new()
}

/// When something on the screen changes by itself.
pub(in crate::app) fn next_tick(_app: &App) -> Option<Timestamp> {
    None
}

pub(in crate::app) fn on_tick(_app: &mut App) -> Vec<Effect> {
    Vec::new()
}
