//! The keys of the deployment.

use crate::app::command::{Command, CommandTable, MOUSE_AND_HELP, PAGES, row, up_down};
use crate::app::remedy;

/// The keys of the deployment.
pub(super) const TABLE: CommandTable = &[
    &up_down("resource"),
    &[
        row("Enter", Command::Accept, "details").does(
            "Show one resource in full, open or close an area; when it is ready, go on to the credentials",
        ),
        row("R", Command::Retry, "retry…")
            .does("Create what is missing: same name, same credentials; asks first"),
        remedy::KEY,
        row("w", Command::Response, "Azure's words")
            .does("Show what happened in full, with Azure's own words"),
        row("x", Command::Cancel, "cancel…").does("Stop the deployment in Azure; asks first"),
        row("g", Command::Graph, "view")
            .does("Show rows, bars over time, or the graph of what depends on what"),
        row("m", Command::Map, "map").does("Show the network, which fills as it comes to be; again for the rows"),
        row("z", Command::Fold, "")
            .does("In the graph: show one area, everything, or the areas alone"),
        row("l", Command::Log, "log").does("Go to the log of what happened"),
        row("c", Command::CopySummary, "copy summary")
            .does("Copy a summary for support: names, codes, times, correlation ids; no password"),
        row("B", Command::SupportBundle, "")
            .does("Write a support bundle: log, operations and template, without any secret"),
        row("o", Command::OpenPortal, "portal").does("Open the deployment in the Azure portal"),
        row("C", Command::CopyId, "").does("Copy the deployment's id"),
        row("Space", Command::Freeze, "")
            .does("Freeze the picture, or let it go on; the deployment goes on anyway"),
        row("Tab", Command::NextPane, "").does("Go to the next pane"),
        row("Shift-Tab", Command::PreviousPane, "").does("Go to the pane before"),
        row("Left", Command::Left, "").does("Close the area; in the graph, go left"),
        row("Right", Command::Right, "").does("Open the area; in the graph, go right"),
    ],
    PAGES,
    &[
        row("b", Command::Form, "")
            .does("Go back to the form, where nothing has been created yet"),
        row("X", Command::Delete, "").does("Delete the environment; its name is asked for first"),
    ],
    MOUSE_AND_HELP,
    &[
        row("Esc", Command::Back, "back")
            .does("Go back, to the list or to where it was started; what runs goes on"),
        row("q", Command::Quit, "leave").does("Leave the program; the deployment goes on"),
    ],
];
