//! The keys of the peering, and when each can be used.

use crate::{
    app::{
        App,
        command::{
            BACK_TAB, Command, DOWN, END, ENTER, ESCAPE, Entry, HELP, HOME, PAGE_DOWN, PAGE_UP,
            QUIT, TAB, UP, entry,
        },
        key::Key,
    },
    domain::{
        environment::MadeBy,
        peering::{Fit, Standing, Topic},
    },
};

/// The keys of the peering.
pub const TABLE: &[Entry] = &[
    entry(Command::Up, UP, "", "Go up"),
    entry(Command::Down, DOWN, "", "Go down"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
    entry(Command::First, HOME, "", "Go to the first"),
    entry(Command::Last, END, "", "Go to the last"),
    entry(
        Command::Accept,
        ENTER,
        "look",
        "Look closely at the chosen hub; on a step, show what it lacks and the remedy",
    ),
    entry(
        Command::Link,
        &[Key::char('L')],
        "link",
        "Link environment and hub, or finish what is half done",
    ),
    entry(
        Command::HandOver,
        &[Key::char('h')],
        "hand over",
        "Write what the hub's owner needs: why, the commands, a small template",
    ),
    entry(Command::NextPane, TAB, "steps", "Go to the guided steps, or back to the hubs"),
    entry(Command::PreviousPane, BACK_TAB, "", "Go to the other pane"),
    entry(
        Command::Verify,
        &[Key::char('t')],
        "test",
        "Test from this machine: names, ports, and the workspace itself",
    ),
    entry(
        Command::HubId,
        &[Key::char('i')],
        "type an id",
        "Type the id of a hub that is not listed",
    ),
    entry(
        Command::NewHub,
        &[Key::char('n')],
        "new hub",
        "Make a new hub with a VPN gateway, step by step",
    ),
    entry(
        Command::Forward,
        &[Key::char('f')],
        "DNS list",
        "Show what DNS on-premises must forward, for BIND, Windows DNS and dnsmasq",
    ),
    entry(
        Command::SaveScript,
        &[Key::char('s')],
        "script",
        "Save the test as a script for a machine on-premises; its output can be pasted here",
    ),
    entry(
        Command::Unlink,
        &[Key::char('U')],
        "",
        "Take the link away again: both halves, links and records",
    ),
    entry(Command::Refresh, &[Key::char('r')], "", "Read everything again"),
    entry(
        Command::Finish,
        &[Key::char('S')],
        "",
        "Leave it for later: go to the list of environments",
    ),
    entry(Command::Mouse, &[Key::char('m')], "", "Turn the mouse on or off"),
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(Command::Back, ESCAPE, "back", "Go back"),
    entry(Command::Quit, QUIT, "quit", "Leave the program"),
];

/// Whether a command can be run now.
pub(in crate::app) fn availability(app: &App, command: Command) -> Result<(), String> {
    let peering = &app.peering;
    let name = peering.record.as_ref().map(|record| record.full_name.as_str());
    let free = || app.wait_for_change(name.unwrap_or_default());
    match command {
        Command::Link | Command::Unlink if is_terraform(app) => {
            Err("It was made with Terraform, whose state would no longer fit: change it there."
                .into())
        }
        Command::Link => free().and_then(|()| can_link(app)),
        Command::Unlink => {
            free()?;
            if peering.own_hub().is_none() {
                return Err("It is linked to no hub.".into());
            }
            Ok(())
        }
        Command::HandOver if peering.shown().is_none() => {
            Err("Choose a hub and press Enter first: the file is about one hub.".into())
        }
        Command::NewHub if peering.is_making() => {
            Err("A hub is being made: wait for its end.".into())
        }
        Command::Verify if peering.testing => Err("A test is running.".into()),
        Command::Refresh if peering.finding => Err("It is being read.".into()),
        _ => Ok(()),
    }
}

fn is_terraform(app: &App) -> bool {
    let record = app.peering.record.as_ref();
    record.is_some_and(|record| record.made_by == MadeBy::Terraform)
}

fn can_link(app: &App) -> Result<(), String> {
    let peering = &app.peering;
    let done = peering.shown().is_some_and(|connection| {
        connection
            .steps
            .iter()
            .filter(|step| matches!(step.topic, Topic::Link | Topic::Names))
            .all(|step| step.standing == Standing::Done)
    });
    if done {
        return Err("Both halves stand and the names are answered: nothing is left to do.".into());
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
        None => Err("Choose a hub first; i types its id.".into()),
    }
}
