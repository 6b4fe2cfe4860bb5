//! The keys of the credentials, and when each can be used.

use super::CredentialsScreen;
use crate::app::App;
use crate::app::command::{Command, CommandTable, MOUSE_AND_HELP, WATCH, row};
use crate::app::screen::Screen;
use crate::domain::environment::Keeping;

/// The keys of the credentials.
pub(super) const TABLE: CommandTable = &[
    &[
        row("c", Command::CopyPassword, "copy password")
            .does("Copy the password; it is taken out of the clipboard after 30 seconds"),
        row("u", Command::CopyUserName, "copy user").does("Copy the user name"),
        row("v", Command::Reveal, "show").does("Show the password for 10 seconds, or hide it"),
        row("o", Command::OpenBastion, "open Bastion")
            .does("Open the jumpbox's Bastion page in the browser"),
        row("C", Command::CopyLink, "copy link")
            .does("Copy the address of the jumpbox's Bastion page"),
        row("N", Command::NewPassword, "new password")
            .does("Set a new password on the jumpbox; the old one stays until Azure confirms"),
        row("G", Command::Guide, "the way in")
            .does("Read the whole way in, step by step, then how data gets in and results out"),
        row("H", Command::Open(Screen::Peering), "peering")
            .does("Connect it to a VPN hub, for many people; it can be done at any time"),
        row("Enter O", Command::Finish, "finish").does("Go to the list of environments"),
        row("d", Command::Deployment, "").does("Look at the deployment again"),
        row("X", Command::Delete, "").does("Delete the environment; its name is asked for first"),
    ],
    WATCH,
    MOUSE_AND_HELP,
    &[
        row("Esc", Command::Back, "list").does("Go to the list of environments"),
        row("q", Command::Quit, "quit").does("Leave the program"),
    ],
];

/// Whether a command can be run now.
pub(super) fn availability(app: &App, command: Command) -> Result<(), String> {
    let credentials = &app.credentials;
    match command {
        Command::Reveal | Command::CopyPassword if credentials.place.is_none() => {
            Err(not_here(credentials))
        }
        Command::CopyUserName if credentials.user_name.is_none() => {
            Err("The user name is not known on this machine.".into())
        }
        Command::OpenBastion | Command::CopyLink if app.start.practice => {
            Err("The practice cloud has no portal; on Azure this opens the jumpbox.".into())
        }
        _ => Ok(()),
    }
}

/// Why there is no password to show.
fn not_here(credentials: &CredentialsScreen) -> String {
    let keeping = credentials.record.as_ref().map(|record| record.credentials);
    match keeping {
        _ if !credentials.known => "Still looking where the password is.".into(),
        Some(Keeping::None) => {
            "The password is saved nowhere, as was chosen: N sets a new one.".into()
        }
        _ => "The password is not on this machine: use the one that created it, or press N to set a new one."
            .into(),
    }
}
