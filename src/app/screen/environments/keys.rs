//! The keys of the welcome, of the list, and of its filter.

use crate::app::command::{
    Command, CommandTable, MOUSE_AND_HELP, PAGES, PALETTE_BESIDE_TEXT, WATCH, arrows, row, up_down,
};

/// The keys of the welcome.
pub(super) const WELCOME: CommandTable = &[
    &up_down("choose"),
    &[
        row("Enter", Command::Accept, "take it").does("Take the chosen row"),
        row("n", Command::New, "start")
            .does("Start a new environment; nothing is created before you confirm"),
        row("r", Command::Refresh, "find in Azure")
            .does("Look for environments in Azure by their tags"),
        row("F", Command::LoadPlan, "load a plan").does("Load a saved plan file"),
        row("a", Command::Account, "account").does("Choose how to sign in, and to which tenant"),
        row("s", Command::Subscription, "subscription").does("Choose the subscription"),
    ],
    MOUSE_AND_HELP,
    &[row("q", Command::Quit, "quit").does("Leave the program")],
];

/// The keys of the list.
pub(super) const LIST: CommandTable = &[
    &up_down("choose"),
    PAGES,
    &[
        row("Enter", Command::Accept, "open")
            .does("Open the chosen environment: its status, or its deployment while that runs"),
        row("n", Command::New, "new")
            .does("Start a new environment; nothing is created before you confirm"),
        row("r", Command::Refresh, "refresh").does("Read this machine and Azure again"),
        row("/", Command::Filter, "filter").does("Filter the list"),
        row("X", Command::Delete, "delete…")
            .does("Delete the chosen environment; its name is asked for first"),
        row("o", Command::OpenPortal, "portal").does("Open the resource group in the Azure portal"),
        row("C", Command::CopyId, "").does("Copy the resource group's id"),
        row("F", Command::LoadPlan, "").does("Load a saved plan file"),
        row("a", Command::Account, "").does("Choose how to sign in, and to which tenant"),
        row("s", Command::Subscription, "").does("Choose the subscription"),
    ],
    WATCH,
    MOUSE_AND_HELP,
    &[row("q", Command::Quit, "quit").does("Leave the program; what Azure does goes on")],
];

/// The keys while the filter is typed.
pub(super) const FILTER: CommandTable = &[
    &arrows("choose"),
    &[
        row("Enter", Command::Accept, "keep the filter")
            .does("Keep the filter and go back to the list"),
        row("Esc", Command::Back, "show all").does("Empty the filter and go back to the list"),
        PALETTE_BESIDE_TEXT,
    ],
];
