//! The keys of the welcome, of the list, and of its filter.

use crate::app::{
    command::{
        ARROW_DOWN, ARROW_UP, Command, DOWN, END, ENTER, ESCAPE, Entry, HELP, HELP_FORM, HOME,
        PAGE_DOWN, PAGE_UP, QUIT, UP, entry,
    },
    key::Key,
};

/// The keys of the welcome.
pub const WELCOME: &[Entry] = &[
    entry(Command::Up, UP, "", "Go up"),
    entry(Command::Down, DOWN, "choose", "Go down"),
    entry(Command::Accept, ENTER, "take it", "Take the chosen row"),
    entry(
        Command::New,
        &[Key::char('n')],
        "start",
        "Begin a new environment; nothing is made before you say so",
    ),
    entry(
        Command::Refresh,
        &[Key::char('f'), Key::char('r')],
        "find in Azure",
        "Look for environments in Azure by their tags",
    ),
    entry(Command::LoadPlan, &[Key::char('l')], "load a plan", "Load a saved plan file"),
    entry(
        Command::Account,
        &[Key::char('a')],
        "account",
        "Choose how to sign in, and to which tenant",
    ),
    entry(Command::Subscription, &[Key::char('s')], "subscription", "Choose the subscription"),
    entry(Command::Mouse, &[Key::char('m')], "", "Turn the mouse on or off"),
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(Command::Quit, QUIT, "quit", "Leave the program"),
];

/// The keys of the list.
pub const LIST: &[Entry] = &[
    entry(Command::Up, UP, "", "Go up"),
    entry(Command::Down, DOWN, "choose", "Go down"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
    entry(Command::First, HOME, "", "Go to the first"),
    entry(Command::Last, END, "", "Go to the last"),
    entry(
        Command::Accept,
        ENTER,
        "open",
        "Open the chosen environment: its status, or its deployment while that runs",
    ),
    entry(
        Command::New,
        &[Key::char('n')],
        "new",
        "Begin a new environment; nothing is made before you say so",
    ),
    entry(
        Command::Refresh,
        &[Key::char('r'), Key::char('f')],
        "refresh",
        "Read this machine and Azure again",
    ),
    entry(Command::Filter, &[Key::char('/')], "filter", "Filter the list"),
    entry(
        Command::Delete,
        &[Key::char('X')],
        "delete…",
        "Delete the chosen environment; its name is asked for first",
    ),
    entry(
        Command::OpenPortal,
        &[Key::char('o')],
        "portal",
        "Open the resource group in the Azure portal",
    ),
    entry(Command::CopyId, &[Key::char('y')], "", "Copy the resource group's id"),
    entry(Command::LoadPlan, &[Key::char('l')], "", "Load a saved plan file"),
    entry(Command::Account, &[Key::char('a')], "", "Choose how to sign in, and to which tenant"),
    entry(Command::Subscription, &[Key::char('s')], "", "Choose the subscription"),
    entry(Command::Mouse, &[Key::char('m')], "", "Turn the mouse on or off"),
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(Command::Quit, QUIT, "quit", "Leave the program; what Azure does goes on"),
];

/// The keys while the filter is typed.
pub const FILTER: &[Entry] = &[
    entry(Command::Up, ARROW_UP, "", "Go up"),
    entry(Command::Down, ARROW_DOWN, "choose", "Go down"),
    entry(Command::Accept, ENTER, "keep the filter", "Keep the filter and go back to the list"),
    entry(Command::Back, ESCAPE, "show all", "Empty the filter and go back to the list"),
    entry(Command::Help, HELP_FORM, "help", "Show all commands"),
];
