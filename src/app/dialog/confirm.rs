//! A yes that spends or switches off: the sentence with what it means, and `y`. Enter does nothing here.

use serde::{Deserialize, Serialize};

use super::Dialog;
use crate::{
    app::{
        App,
        command::{Command, Entry, entry},
        effect::Effect,
        keep::{self, Keep},
        key::{Code, Key},
        screen::deploy,
    },
    domain::environment::Record,
};

/// The keys of the question.
pub const TABLE: &[Entry] = &[
    entry(
        Command::Yes,
        &[Key::char('y'), Key::char('Y')],
        "yes, do it",
        "Do what the question says",
    ),
    entry(
        Command::Back,
        &[Key::of(Code::Escape), Key::char('n'), Key::char('N')],
        "no, go back",
        "Change nothing",
    ),
];

/// What a yes does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Makes what form and preview say.
    Deploy,
    /// Makes what is missing of the environment at hand.
    Retry,
    /// Does something with an environment that stands.
    Keep(Keep, Box<Record>),
}

/// What is to be agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmDialog {
    /// What a yes does.
    pub act: Act,
    /// The title.
    pub title: String,
    /// What it means, in sentences.
    pub sentences: Vec<String>,
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Confirm(dialog)) = &app.dialog else {
        return Vec::new();
    };
    let act = dialog.act.clone();
    match command {
        Command::Yes => {
            app.dialog = None;
            match act {
                Act::Deploy => deploy::begin(app),
                Act::Retry => deploy::retry(app),
                Act::Keep(keep, record) => keep::begin(app, keep, record),
            }
        }
        Command::Back => {
            app.dialog = None;
            Vec::new()
        }
        _ => Vec::new(),
    }
}
