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
            .does("Take the answer that has the cursor; that is never the one that cancels"),
        row("q", Command::LeaveRunning, "").does("Leave it running and close this window"),
        row("Ctrl-X", Command::CancelNow, "cancel in Azure").does("Cancel the deployment in Azure"),
        PALETTE,
        row("Esc", Command::Back, "go on watching").does("Go back to watching"),
    ],
];

/// The dialog among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { on_row, ..PlaceRow::new("Leave or cancel", TABLE, run) };

/// The answers, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Those that the cursor goes to: what costs work needs a key of its own.
    const TAKEN_BY_ENTER: [Self; 2] = [Self::Leave, Self::Watch];
}

/// The question while it is open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeaveDialog {
    /// The answer that has the cursor.
    pub selected: LeaveChoice,
}

impl LeaveDialog {
    /// The question, with the cursor on leaving where that was meant, and else on what changes nothing.
    pub fn new(leaving: bool) -> Self {
        Self { selected: if leaving { LeaveChoice::Leave } else { LeaveChoice::Watch } }
    }
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Leave(dialog)) = &mut app.dialog else { return Vec::new() };
    match command {
        Command::Accept if dialog.selected == LeaveChoice::Leave => quit(app),
        Command::LeaveRunning => quit(app),
        Command::CancelNow => {
            app.dialog = None;
            deploy::cancel(app)
        }
        Command::Accept | Command::Back => close(app),
        other => {
            let answers = LeaveChoice::TAKEN_BY_ENTER;
            let at = answers.iter().position(|each| *each == dialog.selected);
            let to = moved(at.unwrap_or_default(), answers.len(), other);
            dialog.selected = answers.get(to).copied().unwrap_or(dialog.selected);
            Vec::new()
        }
    }
}

fn close(app: &mut App) -> Vec<Effect> {
    app.dialog = None;
    Vec::new()
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    let Some(Dialog::Leave(leave)) = &mut app.dialog else { return Vec::new() };
    match LeaveChoice::ALL.get(row) {
        Some(LeaveChoice::Cancel) => app.say(Tone::Warn, "Ctrl-X cancels it; a click never does."),
        Some(answer) => leave.selected = *answer,
        None => {}
    }
    Vec::new()
}
