//! A yes that spends or changes: the sentences that say what it does, and `y`. Enter does nothing here.

use serde::{Deserialize, Serialize};

use super::{Dialog, reliance};
use crate::app::command::{Command, CommandTable, PALETTE, row};
use crate::app::effect::Effect;
use crate::app::place::PlaceRow;
use crate::app::update::moved;
use crate::app::{App, Tone};
use crate::domain::operation::Operation;

/// The keys of the question.
const TABLE: CommandTable = &[&[
    row("y Y", Command::Yes, "yes, do it")
        .does("Do what is asked: the sentences above say what that is, and what it costs"),
    PALETTE,
    row("Esc", Command::Back, "no, go back").does("Change nothing"),
    row("Up k", Command::Up, "").does("Go up a line of the question"),
    row("Down j", Command::Down, "").does("Go down a line of the question"),
    row("PgUp", Command::PageUp, "").does("Go up a page"),
    row("PgDn", Command::PageDown, "").does("Go down a page"),
]];

/// The dialog among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow::new("Agree to something", TABLE, run);

/// What a yes does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ConfirmedAction {
    /// Begins an operation: the one that the question is about, whatever is on the screen by then.
    Begin(Box<Operation>),
    /// Signs in again with a code, as strongly as Azure wants.
    SignIn,
}

impl From<Operation> for ConfirmedAction {
    fn from(operation: Operation) -> Self {
        Self::Begin(Box::new(operation))
    }
}

/// What is to be agreed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfirmDialog {
    /// What a yes does.
    pub act: ConfirmedAction,
    /// The title.
    pub title: String,
    /// What it means, in sentences.
    pub sentences: Vec<String>,
    /// Lines that are scrolled past, where the screen is too small for the whole question.
    pub top: usize,
}

impl ConfirmDialog {
    /// A question, shown from its beginning.
    pub fn new(
        act: impl Into<ConfirmedAction>,
        title: impl Into<String>,
        sentences: Vec<String>,
    ) -> Self {
        Self { act: act.into(), title: title.into(), sentences, top: 0 }
    }

    /// More lines than it has on any usual screen: where lines end is known only where they are wrapped.
    fn most_lines(&self) -> usize {
        const NARROWEST: usize = 24;
        let lines = self.sentences.iter().map(|each| each.len() / NARROWEST + 1);
        lines.sum()
    }
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Confirm(dialog)) = &mut app.dialog else { return Vec::new() };
    match command {
        Command::Yes if reliance::is_looking(&dialog.sentences) => {
            app.say(Tone::Plain, reliance::LOOKING);
            Vec::new()
        }
        Command::Yes => {
            let act = dialog.act.clone();
            app.dialog = None;
            match act {
                ConfirmedAction::SignIn => app.sign_in_again(),
                ConfirmedAction::Begin(operation) => app.begin(*operation),
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
