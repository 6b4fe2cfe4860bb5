//! Stop watching, or stop the deployment? Two different acts, told apart here and nowhere else.

use serde::{Deserialize, Serialize};

use super::Dialog;
use crate::app::command::{Command, CommandTable, PALETTE, arrows, row};
use crate::app::effect::Effect;
use crate::app::place::PlaceRow;
use crate::app::screen::deploy;
use crate::app::update::{moved, quit};
use crate::app::{App, Tone};

/// The keys of the question.
const TABLE: CommandTable = &[
    &arrows("choose"),
    &[
        row("Enter", Command::Accept, "take it")
            .does("Take the chosen answer; Enter never cancels"),
        row("q", Command::LeaveRunning, "").does("Leave it running and close this window"),
        row("c", Command::CancelNow, "cancel in Azure").does("Cancel the deployment in Azure"),
        PALETTE,
        row("Esc", Command::Back, "go on watching").does("Go back to watching"),
    ],
];

/// The dialog among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { on_row, ..PlaceRow::new("Leave or cancel", TABLE, run) };

/// The answers, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveChoice {
    /// Leave it running and close this window.
    Leave,
    /// Cancel the deployment in Azure.
    Cancel,
    /// Go back to watching.
    Watch,
}

impl LeaveChoice {
    /// All answers.
    pub const ALL: [Self; 3] = [Self::Leave, Self::Cancel, Self::Watch];
}

/// The question while it is open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeaveDialog {
    /// The chosen answer, by its place in `LeaveChoice::ALL`.
    pub selected: usize,
}

impl LeaveDialog {
    /// The question, with the answer in front that was probably meant.
    pub fn new(leaving: bool) -> Self {
        Self { selected: usize::from(!leaving) }
    }
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Leave(dialog)) = &mut app.dialog else { return Vec::new() };
    match command {
        Command::Accept => match LeaveChoice::ALL.get(dialog.selected) {
            Some(LeaveChoice::Leave) => quit(app),
            Some(LeaveChoice::Cancel) => {
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
            dialog.selected = moved(dialog.selected, LeaveChoice::ALL.len(), other);
            Vec::new()
        }
    }
}

fn close(app: &mut App) -> Vec<Effect> {
    app.dialog = None;
    Vec::new()
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if let Some(Dialog::Leave(leave)) = &mut app.dialog {
        leave.selected = row;
    }
    Vec::new()
}
