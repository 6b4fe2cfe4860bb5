//! What would be made: resources, graph, firewall, network, cost and parameters, before anything exists.

use serde::{Deserialize, Serialize};

use super::Screen;
use crate::{
    app::{
        App,
        command::{Command, ESCAPE, Entry, HELP, QUIT, entry},
        effect::{Effect, Order},
        message::Message,
    },
    domain::plan::Plan,
};

/// The keys of the preview.
pub const TABLE: &[Entry] = &[
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(Command::Back, ESCAPE, "back", "Go back to the form"),
    entry(
        Command::Quit,
        QUIT,
        "quit",
        "Leave the program; nothing has been made",
    ),
];

/// The preview.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Preview {
    /// What would be made.
    pub plan: Option<Box<Plan>>,
}

/// Whether a command can be run now.
pub(in crate::app) fn availability(_app: &App, _command: Command) -> Result<(), String> {
    Ok(())
}

/// Opens the preview of what the form says.
pub(in crate::app) fn open(_app: &mut App) -> Vec<Effect> {
    Vec::new()
}

/// What is to be deployed, by form and preview.
pub(in crate::app) fn order(_app: &App) -> Option<Order> {
    None
}

pub(in crate::app) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => app.go(Screen::Basics),
        Command::Quit => return crate::app::update::quit(app),
        _ => {}
    }
    Vec::new()
}

/// Writes the plan to a file that was named.
///
/// # Errors
/// When the name cannot be used.
pub(in crate::app) fn save_named(_app: &mut App, _typed: &str) -> Result<Vec<Effect>, String> {
    Ok(Vec::new())
}

/// Exports into a directory that was named.
///
/// # Errors
/// When the name cannot be used.
pub(in crate::app) fn export_named(_app: &mut App, _typed: &str) -> Result<Vec<Effect>, String> {
    Ok(Vec::new())
}

/// Adds a host that was typed.
///
/// # Errors
/// When it is no host, or is allowed already.
pub(in crate::app) fn host_typed(_app: &mut App, _typed: &str) -> Result<Vec<Effect>, String> {
    Ok(Vec::new())
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
