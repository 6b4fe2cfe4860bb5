//! The keys of the credentials, and when each can be used.

use super::Access;
use crate::{
    app::{
        App,
        command::{Command, ESCAPE, Entry, HELP, QUIT, entry},
        key::{Code, Key},
    },
    domain::environment::Keeping,
};

/// The keys of the credentials.
pub const TABLE: &[Entry] = &[
    entry(
        Command::CopyPassword,
        &[Key::char('p')],
        "copy password",
        "Copy the password; it is taken out of the clipboard after 30 seconds",
    ),
    entry(Command::CopyUserName, &[Key::char('u')], "copy user", "Copy the user name"),
    entry(
        Command::Reveal,
        &[Key::char('v')],
        "show",
        "Show the password for 10 seconds, or hide it",
    ),
    entry(
        Command::OpenBastion,
        &[Key::char('o')],
        "open Bastion",
        "Open the jumpbox's Bastion page in the browser",
    ),
    entry(
        Command::CopyLink,
        &[Key::char('y')],
        "copy link",
        "Copy the address of the jumpbox's Bastion page",
    ),
    entry(
        Command::NewPassword,
        &[Key::char('P')],
        "new password",
        "Set a new password on the jumpbox; the old one stays until Azure confirms",
    ),
    entry(Command::Why, &[Key::char('w')], "the way in", "Read the whole way in, step by step"),
    entry(
        Command::Peering,
        &[Key::char('g')],
        "peering",
        "Connect it to a VPN hub, for many people; it can be done at any time",
    ),
    entry(
        Command::Finish,
        &[Key::of(Code::Enter), Key::char('f')],
        "finish",
        "Go to the list of environments",
    ),
    entry(Command::Continue, &[Key::char('d')], "", "Look at the deployment again"),
    entry(
        Command::Delete,
        &[Key::char('X')],
        "",
        "Delete the environment; its name is asked for first",
    ),
    entry(Command::Mouse, &[Key::char('m')], "", "Turn the mouse on or off"),
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(Command::Back, ESCAPE, "list", "Go to the list of environments"),
    entry(Command::Quit, QUIT, "quit", "Leave the program"),
];

/// Whether a command can be run now.
pub(in crate::app) fn availability(app: &App, command: Command) -> Result<(), String> {
    let access = &app.access;
    match command {
        Command::Reveal | Command::CopyPassword if access.place.is_none() => Err(not_here(access)),
        Command::CopyUserName if access.user_name.is_none() => {
            Err("The user name is not known on this machine.".into())
        }
        Command::OpenBastion | Command::CopyLink if app.start.practice => {
            Err("The practice cloud has no portal; on Azure this opens the jumpbox.".into())
        }
        Command::Continue if app.deploy.record.is_none() => Err("No deployment is at hand.".into()),
        _ => Ok(()),
    }
}

/// Why there is no password to show.
fn not_here(access: &Access) -> String {
    let keeping = access.record.as_ref().map(|record| record.credentials);
    match keeping {
        _ if !access.known => "Still looking where the password is.".into(),
        Some(Keeping::None) => {
            "The password is kept nowhere, as was chosen: `privateaml credentials --reset` sets a new one.".into()
        }
        _ => "The password is not on this machine: use the one that made the environment, or press P to set a new one."
            .into(),
    }
}
