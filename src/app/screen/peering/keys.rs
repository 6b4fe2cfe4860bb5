//! The keys of the peering, and when each can be used.

use crate::app::App;
use crate::app::command::{Command, CommandTable, MOUSE_AND_HELP, PAGES, WATCH, row, up_down};
use crate::app::screen::status::changeable;
use crate::domain::operation::Operation;
use crate::domain::peering::{Fit, StepStatus, Topic};

/// The keys of the peering.
pub(super) const TABLE: CommandTable = &[
    &up_down(""),
    PAGES,
    &[
        row("Enter", Command::Accept, "look")
            .does("Look closely at the chosen hub; on a step, show what it lacks and the remedy"),
        row("L", Command::Link, "link")
            .does("Link environment and hub, or finish what is half done"),
        row("h", Command::HandOver, "hand over")
            .does("Write what the hub's owner needs: why, the commands, a small template"),
        row("Tab", Command::NextPane, "steps").does("Go to the guided steps, or back to the hubs"),
        row("Shift-Tab", Command::PreviousPane, "").does("Go to the other pane"),
        row("t", Command::Verify, "test")
            .does("Test from this machine: names, ports, and the workspace itself"),
        row("I", Command::HubId, "type an id").does("Type the id of a hub that is not listed"),
        row("n", Command::NewHub, "new hub")
            .does("Create a new hub with a VPN gateway, step by step"),
        row("f", Command::Forward, "DNS list")
            .does("Show what DNS on-premises must forward, for BIND, Windows DNS and dnsmasq"),
        row("S", Command::SaveScript, "script").does(
            "Save the test as a script for a machine on-premises; its output can be pasted here",
        ),
        row("U", Command::Unlink, "")
            .does("Take the link away again: both sides, links and records"),
        row("r", Command::Refresh, "").does("Read everything again"),
        row("O", Command::Finish, "").does("Leave it for later: go to the list of environments"),
    ],
    WATCH,
    MOUSE_AND_HELP,
    &[
        row("Esc", Command::Back, "back").does("Go back"),
        row("q", Command::Quit, "quit").does("Leave the program"),
    ],
];

/// Whether a command can be run now.
pub(super) fn availability(app: &App, command: Command) -> Result<(), String> {
    let peering = &app.peering;
    let name = peering.record.as_ref().map_or("", |record| &record.full_name);
    let free = || changeable(app, peering.record.as_deref());
    match command {
        Command::Link => free().and_then(|()| can_link(app)),
        Command::Unlink if peering.own_hub().is_none() => {
            free().and(Err("It is linked to no hub.".into()))
        }
        Command::Unlink => free(),
        Command::HandOver if peering.shown().is_none() => {
            Err("Choose a hub and press Enter first: the file is about one hub.".into())
        }
        Command::NewHub if app.running(name, Operation::is_hub).is_some() => {
            Err("A hub is being deployed: wait until it ends.".into())
        }
        Command::Verify if peering.testing => Err("A test is running.".into()),
        Command::Refresh if peering.finding => Err("It is being read.".into()),
        _ => Ok(()),
    }
}

fn can_link(app: &App) -> Result<(), String> {
    let peering = &app.peering;
    let done = peering.shown().is_some_and(|connection| {
        connection
            .steps
            .iter()
            .filter(|step| matches!(step.topic, Topic::Link | Topic::Names))
            .all(|step| step.standing == StepStatus::Done)
    });
    if done {
        return Err("Both sides exist and the names are answered: nothing is left to do.".into());
    }
    let linked = peering.shown().is_some_and(|shown| shown.near.is_some());
    let own = peering.own_hub();
    let other = peering
        .chosen()
        .is_some_and(|chosen| own.is_some_and(|own| !own.eq_ignore_ascii_case(&chosen.hub.id)));
    if other {
        return Err("It is linked to another hub: U takes that link away first.".into());
    }
    match peering.chosen() {
        Some(chosen) if chosen.fit == Fit::Refused && !linked => {
            let why = chosen.reasons.first().map(|reason| reason.what.clone());
            Err(why.unwrap_or_else(|| "This hub does not fit.".into()))
        }
        Some(_) => Ok(()),
        None if peering.shown().is_some() => Ok(()),
        None => Err("Choose a hub first; I types its id.".into()),
    }
}
