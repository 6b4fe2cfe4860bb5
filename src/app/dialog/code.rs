//! Signing in with a code: an address and a code to type on any device, while Azure is asked whether it was done.

use serde::{Deserialize, Serialize};

use super::Dialog;
use crate::app::account::Account;
use crate::app::command::{Command, CommandTable, PALETTE, row};
use crate::app::effect::Effect;
use crate::app::place::PlaceRow;
use crate::app::{App, Tone};

/// The keys while a code is shown.
const TABLE: CommandTable = &[&[
    row("o", Command::OpenPortal, "open the page").does("Open the page in this machine's browser"),
    row("c", Command::CopyCode, "copy the code").does("Copy the code"),
    PALETTE,
    row("Esc", Command::Back, "give up").does("Stop waiting for the code to be typed"),
]];

/// The dialog among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow::new("Signing in with a code", TABLE, run);

/// A code while it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeDialog {
    /// The page to open.
    pub address: String,
    /// What to type there. It is of use for minutes, to whoever is signed in there.
    pub code: String,
    /// How long it can be typed, in minutes.
    pub minutes: u64,
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Code(dialog)) = &app.dialog else { return Vec::new() };
    match command {
        Command::OpenPortal => vec![Effect::Open {
            address: dialog.address.clone(),
            what: "the sign-in page".to_owned(),
        }],
        Command::CopyCode => {
            vec![Effect::Copy { text: dialog.code.clone(), what: "The code".to_owned() }]
        }
        Command::Back => {
            app.dialog = None;
            app.account = Account::Failed(Box::new(given_up()));
            app.say(Tone::Plain, "Signing in was given up; a opens the ways to sign in.");
            vec![Effect::StopSignIn]
        }
        _ => Vec::new(),
    }
}

fn given_up() -> crate::domain::problem::Problem {
    crate::domain::problem::Problem::new(
        "NotSignedIn",
        "Signing in was given up.",
        "Press a for the ways to sign in, or run `privateaml practice` to look around without an account.",
    )
}
