//! The keys of the deployment.

use crate::app::{
    command::{
        BACK_TAB, Command, DOWN, END, ENTER, ESCAPE, Entry, HELP, HOME, LEFT, PAGE_DOWN, PAGE_UP,
        QUIT, RIGHT, TAB, UP, entry,
    },
    key::Key,
};

/// The keys of the deployment.
pub const TABLE: &[Entry] = &[
    entry(Command::Up, UP, "", "Go up"),
    entry(Command::Down, DOWN, "resource", "Go down"),
    entry(
        Command::Accept,
        ENTER,
        "details",
        "Show one resource in full, open or close an area; when it is ready, go on to the credentials",
    ),
    entry(
        Command::Retry,
        &[Key::char('R')],
        "retry…",
        "Make what is missing: same name, same credentials; asks first",
    ),
    entry(
        Command::Response,
        &[Key::char('d')],
        "Azure's words",
        "Show what happened in full, with Azure's own words",
    ),
    entry(
        Command::Cancel,
        &[Key::char('x')],
        "cancel…",
        "Stop the deployment in Azure; asks first",
    ),
    entry(
        Command::Graph,
        &[Key::char('g')],
        "view",
        "Show rows, bars over time, or the graph of what depends on what",
    ),
    entry(
        Command::Fold,
        &[Key::char('z')],
        "",
        "In the graph: show one area, everything, or the areas alone",
    ),
    entry(Command::Log, &[Key::char('l')], "log", "Go to the log of what happened"),
    entry(
        Command::CopySummary,
        &[Key::char('y')],
        "copy summary",
        "Copy a summary for support: names, codes, times, correlation ids; no password",
    ),
    entry(
        Command::OpenPortal,
        &[Key::char('o')],
        "portal",
        "Open the deployment in the Azure portal",
    ),
    entry(Command::CopyId, &[Key::char('i')], "", "Copy the deployment's id"),
    entry(
        Command::Freeze,
        &[Key::char('f')],
        "",
        "Freeze the picture, or let it go on; the deployment goes on anyway",
    ),
    entry(Command::NextPane, TAB, "", "Go to the next pane"),
    entry(Command::PreviousPane, BACK_TAB, "", "Go to the pane before"),
    entry(Command::Left, LEFT, "", "Close the area; in the graph, go left"),
    entry(Command::Right, RIGHT, "", "Open the area; in the graph, go right"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
    entry(Command::First, HOME, "", "Go to the first"),
    entry(Command::Last, END, "", "Go to the last"),
    entry(
        Command::Continue,
        &[Key::char('b')],
        "",
        "Go back to the form, where nothing has been made yet",
    ),
    entry(
        Command::Delete,
        &[Key::char('X')],
        "",
        "Delete the environment; its name is asked for first",
    ),
    entry(Command::Mouse, &[Key::char('m')], "", "Turn the mouse on or off"),
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(Command::Back, ESCAPE, "list", "Go to the list of environments; the deployment goes on"),
    entry(Command::Quit, QUIT, "leave", "Leave the program; the deployment goes on"),
];
