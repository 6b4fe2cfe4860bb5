//! A yes that spends: the sentence with the cost, and `y`. Enter does nothing here.

use serde::{Deserialize, Serialize};

use crate::app::{
    App,
    command::{Command, Entry, entry},
    effect::Effect,
    key::{Code, Key},
    screen::deploy,
};

/// The keys of the question.
pub const TABLE: &[Entry] = &[
    entry(
        Command::Yes,
        &[Key::char('y'), Key::char('Y')],
        "yes, make it",
        "Make the environment: it costs money from then on",
    ),
    entry(
        Command::Back,
        &[Key::of(Code::Escape), Key::char('n'), Key::char('N')],
        "no, go back",
        "Make nothing",
    ),
];

/// What is to be agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmDialog {
    /// The title.
    pub title: String,
    /// What it means, in sentences.
    pub sentences: Vec<String>,
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Yes => {
            app.dialog = None;
            deploy::begin(app)
        }
        Command::Back => {
            app.dialog = None;
            Vec::new()
        }
        _ => Vec::new(),
    }
}
