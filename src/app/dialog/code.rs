//! Signing in with a code: an address and a code to type on any device, while Azure is asked whether it was done.

use serde::{Deserialize, Serialize};

use super::Dialog;
use crate::app::{
    App, Tone,
    account::Account,
    command::{Command, Entry, entry},
    effect::Effect,
    key::{Code, Key},
};

/// The keys while a code is shown.
pub const TABLE: &[Entry] = &[
    entry(
        Command::OpenPortal,
        &[Key::char('o')],
        "open the page",
        "Open the page in this machine's browser",
    ),
    entry(Command::CopyCode, &[Key::char('y')], "copy the code", "Copy the code"),
    entry(
        Command::Back,
        &[Key::of(Code::Escape), Key::char('q')],
        "give up",
        "Stop waiting for the code to be typed",
    ),
];

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

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Code(dialog)) = &app.dialog else {
        return Vec::new();
    };
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
