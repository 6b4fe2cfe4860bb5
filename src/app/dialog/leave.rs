//! Stop watching, or stop the deployment? Two different acts, told apart here and nowhere else.

use serde::{Deserialize, Serialize};

use super::Dialog;
use crate::app::{
    App, Tone,
    command::{ARROW_DOWN, ARROW_UP, Command, ENTER, ESCAPE, Entry, QUIT, entry},
    effect::Effect,
    key::Key,
    screen::deploy,
    update::{moved, quit},
};

/// The keys of the question.
pub const TABLE: &[Entry] = &[
    entry(Command::Up, ARROW_UP, "", "Go up"),
    entry(Command::Down, ARROW_DOWN, "choose", "Go down"),
    entry(Command::Accept, ENTER, "take it", "Take the chosen answer; Enter never cancels"),
    entry(Command::LeaveRunning, QUIT, "", "Keep deploying and close this window"),
    entry(
        Command::CancelNow,
        &[Key::char('c')],
        "cancel in Azure",
        "Cancel the deployment in Azure",
    ),
    entry(Command::Back, ESCAPE, "go on watching", "Go back to watching"),
];

/// The answers, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Keep deploying and close this window.
    Leave,
    /// Cancel the deployment in Azure.
    Cancel,
    /// Go back to watching.
    Watch,
}

impl Answer {
    /// All answers.
    pub const ALL: [Self; 3] = [Self::Leave, Self::Cancel, Self::Watch];
}

/// The question while it is open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeaveDialog {
    /// The chosen answer, by its place in `Answer::ALL`.
    pub selected: usize,
}

impl LeaveDialog {
    /// The question, with the answer in front that was probably meant.
    #[must_use]
    pub fn new(leaving: bool) -> Self {
        Self { selected: usize::from(!leaving) }
    }
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Leave(dialog)) = &mut app.dialog else {
        return Vec::new();
    };
    match command {
        Command::Accept => match Answer::ALL.get(dialog.selected) {
            Some(Answer::Leave) => quit(app),
            Some(Answer::Cancel) => {
                app.say(Tone::Warn, "Press c to cancel it: Enter never cancels.");
                Vec::new()
            }
            _ => close(app),
        },
        Command::LeaveRunning => quit(app),
        Command::CancelNow => {
            app.dialog = None;
            deploy::cancel(app)
        }
        Command::Back => close(app),
        other => {
            dialog.selected = moved(dialog.selected, Answer::ALL.len(), other);
            Vec::new()
        }
    }
}

fn close(app: &mut App) -> Vec<Effect> {
    app.dialog = None;
    Vec::new()
}
