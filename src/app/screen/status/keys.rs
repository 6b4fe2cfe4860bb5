//! The keys of the status, and when each can be used.

use super::{changeable, is_ours};
use crate::app::App;
use crate::app::command::{Command, CommandTable, MOUSE_AND_HELP, PAGES, WATCH, row, up_down};
use crate::app::screen::Screen;

/// The keys of the status.
pub(super) const TABLE: CommandTable = &[
    &up_down(""),
    PAGES,
    &[
        row("Enter", Command::Accept, "open").does("Show the chosen row in full"),
        row("Tab", Command::NextPane, "pane").does("Go to the next pane"),
        row("Shift-Tab", Command::PreviousPane, "").does("Go to the pane before"),
        row("r", Command::Refresh, "read again").does("Read everything again"),
        row("i", Command::Open(Screen::Audit), "is it private?")
            .does("Audit the isolation: thirty points, each with its remedy"),
        row("K", Command::Open(Screen::Credentials), "get in")
            .does("See the credentials and the way in"),
        row("e", Command::Open(Screen::Refused), "what gets out")
            .does("See what the firewall refused in the last hour, and let a host through"),
        row("H", Command::Open(Screen::Peering), "peering")
            .does("Connect it to a hub, or see how it is connected"),
        row("m", Command::Map, "map")
            .does("Show the network with how each part of it is; again for the list"),
        row("Left", Command::Left, "").does("On the map, go left"),
        row("Right", Command::Right, "").does("On the map, go right"),
        row("J", Command::Power, "jumpbox").does("Start the jumpbox, or stop it"),
        row("P", Command::Pause, "pause")
            .does("Pause the environment or resume it: firewall and jumpbox"),
        row("M", Command::Mend, "mend")
            .does("Set again what the template sets; what was added besides stays"),
        row("G", Command::Guide, "").does("Read the whole way in, step by step, with what is done"),
        row("d", Command::Deployment, "").does("Look at the newest deployment"),
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
    let status = &app.status;
    match command {
        Command::Deployment => is_ours(status.record.as_deref()),
        Command::Power | Command::Pause | Command::Mend | Command::Delete => {
            changeable(app, status.record.as_deref())?;
            let unread = status.seen.is_none() && command != Command::Delete;
            if unread {
                return Err("It has not been read yet.".into());
            }
            let name = status.record.as_ref().map_or("", |record| &record.full_name);
            if command != Command::Delete && app.is_outdated(name, status.read_at) {
                let words = "What is shown is of before the last change; r reads it again.";
                return Err(words.into());
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
                return Err("Nothing has changed, so there is nothing to repair.".into());
            }
            Ok(())
        }
        Command::Refresh if status.reading => Err("It is being read.".into()),
        _ => Ok(()),
    }
}
