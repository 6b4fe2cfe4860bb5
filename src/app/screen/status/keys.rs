//! The keys of the status, and when each can be used.

use crate::app::{
    App,
    command::{
        BACK_TAB, Command, DOWN, END, ENTER, ESCAPE, Entry, HELP, HOME, PAGE_DOWN, PAGE_UP, QUIT,
        TAB, UP, entry,
    },
    key::Key,
};

/// The keys of the status.
pub const TABLE: &[Entry] = &[
    entry(Command::Up, UP, "", "Go up"),
    entry(Command::Down, DOWN, "", "Go down"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
    entry(Command::First, HOME, "", "Go to the first"),
    entry(Command::Last, END, "", "Go to the last"),
    entry(Command::Accept, ENTER, "open", "Show the chosen row in full"),
    entry(Command::NextPane, TAB, "pane", "Go to the next pane"),
    entry(Command::PreviousPane, BACK_TAB, "", "Go to the pane before"),
    entry(Command::Refresh, &[Key::char('r')], "read again", "Read everything again"),
    entry(
        Command::Isolation,
        &[Key::char('i')],
        "is it private?",
        "Audit the isolation: thirty points, each with its remedy",
    ),
    entry(Command::Credentials, &[Key::char('c')], "get in", "See the credentials and the way in"),
    entry(
        Command::Refused,
        &[Key::char('e')],
        "what gets out",
        "See what the firewall refused in the last hour, and let a host through",
    ),
    entry(
        Command::Peering,
        &[Key::char('g')],
        "peering",
        "Connect it to a hub, or see how it is connected",
    ),
    entry(Command::Power, &[Key::char('J')], "jumpbox", "Start the jumpbox, or stop it"),
    entry(
        Command::Pause,
        &[Key::char('P')],
        "pause",
        "Pause the environment or resume it: firewall and jumpbox",
    ),
    entry(
        Command::Mend,
        &[Key::char('M')],
        "mend",
        "Set again what the template sets; what was added besides stays",
    ),
    entry(
        Command::Why,
        &[Key::char('w')],
        "",
        "Read the whole way in, step by step, with what is done",
    ),
    entry(Command::Continue, &[Key::char('d')], "", "Look at the newest deployment"),
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
    use crate::domain::environment::MadeBy;
    let status = &app.status;
    let name = status.record.as_ref().map(|record| record.full_name.as_str());
    let foreign = status.record.as_ref().is_some_and(|record| record.made_by == MadeBy::Terraform);
    match command {
        Command::Power | Command::Pause | Command::Mend | Command::Delete | Command::Continue
            if foreign =>
        {
            Err("It was made with Terraform, whose state would no longer fit: change it there."
                .into())
        }
        Command::Power | Command::Pause | Command::Mend | Command::Delete => {
            app.wait_for_change(name.unwrap_or_default())?;
            let unread = status.seen.is_none() && command != Command::Delete;
            if unread {
                return Err("It has not been read yet.".into());
            }
            if command == Command::Power && status.jumpbox_runs().is_none() {
                return Err("The jumpbox is neither running nor stopped; r reads again.".into());
            }
            let seen = status.seen.as_ref();
            if command == Command::Mend && seen.is_some_and(|seen| seen.paused) {
                return Err("It is paused: P resumes it first.".into());
            }
            if command == Command::Mend
                && seen.is_some_and(|seen| seen.drift.differences.is_empty())
            {
                return Err("Nothing has changed, so there is nothing to mend.".into());
            }
            Ok(())
        }
        Command::Refresh if status.reading => Err("It is being read.".into()),
        _ => Ok(()),
    }
}
