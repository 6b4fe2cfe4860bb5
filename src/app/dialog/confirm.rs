//! A yes that spends or changes: the sentences that say what it does, and `y`. Enter does nothing here.

use serde::{Deserialize, Serialize};

use super::{Dialog, reliance};
use crate::app::{
    App, Tone,
    command::{Command, DOWN, Entry, PAGE_DOWN, PAGE_UP, UP, entry},
    effect::Effect,
    key::{Code, Key},
    screen::{deploy, peering},
    update::moved,
};
use crate::domain::operation::Operation;

/// The keys of the question.
pub const TABLE: &[Entry] = &[
    entry(
        Command::Yes,
        &[Key::char('y'), Key::char('Y')],
        "yes, do it",
        "Do what is asked: the sentences above say what that is, and what it costs",
    ),
    entry(
        Command::Back,
        &[Key::of(Code::Escape), Key::char('n'), Key::char('N')],
        "no, go back",
        "Change nothing",
    ),
    entry(Command::Up, UP, "", "Go up a line of the question"),
    entry(Command::Down, DOWN, "", "Go down a line of the question"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
];

/// What a yes does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Begins an operation: the one that the question is about, whatever is on the screen by then.
    Begin(Box<Operation>),
    /// Signs in again with a code, as strongly as Azure wants.
    SignIn,
}

impl From<Operation> for Act {
    fn from(operation: Operation) -> Self {
        Self::Begin(Box::new(operation))
    }
}

/// What is to be agreed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfirmDialog {
    /// What a yes does.
    pub act: Act,
    /// The title.
    pub title: String,
    /// What it means, in sentences.
    pub sentences: Vec<String>,
    /// Lines that are scrolled past, where the screen is too small for the whole question.
    pub top: usize,
}

impl ConfirmDialog {
    /// A question, shown from its beginning.
    #[must_use]
    pub fn new(act: impl Into<Act>, title: impl Into<String>, sentences: Vec<String>) -> Self {
        Self { act: act.into(), title: title.into(), sentences, top: 0 }
    }

    /// More lines than it has on any usual screen: where lines end is known only where they are wrapped.
    fn most_lines(&self) -> usize {
        const NARROWEST: usize = 24;
        let lines = self.sentences.iter().map(|each| each.len() / NARROWEST + 1);
        lines.sum()
    }
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Confirm(dialog)) = &mut app.dialog else {
        return Vec::new();
    };
    match command {
        Command::Yes if reliance::is_looking(&dialog.sentences) => {
            app.say(Tone::Plain, reliance::LOOKING);
            Vec::new()
        }
        Command::Yes => {
            let act = dialog.act.clone();
            app.dialog = None;
            match act {
                Act::SignIn => app.sign_in_again(),
                Act::Begin(operation) => match *operation {
                    Operation::Deploy(order) => deploy::send(app, *order),
                    Operation::MakeHub { .. } => peering::begin_hub(app, *operation),
                    operation => vec![app.begin(operation).1],
                },
            }
        }
        Command::Back => {
            app.dialog = None;
            Vec::new()
        }
        other => {
            dialog.top = moved(dialog.top, dialog.most_lines(), other);
            Vec::new()
        }
    }
}
