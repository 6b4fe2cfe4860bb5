//! The keys of the preview.

use crate::app::command::{Command, CommandTable, MOUSE_AND_HELP, PAGES, row, up_down};
use crate::app::remedy;

/// The keys of the preview.
pub(super) const TABLE: CommandTable = &[
    &[
        row("D", Command::Deploy, "deploy…").does("Deploy it; asks first, with what it costs"),
        remedy::KEY,
        row("Tab", Command::NextPane, "next part").does("Go to the next part"),
        row("Shift-Tab", Command::PreviousPane, "").does("Go to the part before"),
    ],
    &up_down("row"),
    &[
        row("Enter", Command::Accept, "take it").does(
            "Take the chosen row: ask to deploy, open or close an area or group, show one resource or rule in full",
        ),
        row("Space", Command::Toggle, "on or off")
            .does("Switch a group of firewall rules on or off"),
        row("A", Command::AddHost, "add host").does("Let one more host through the firewall"),
        row("Del Backspace", Command::RemoveHost, "").does("Take a host of your own out again"),
        row("p", Command::Preset, "preset").does("Start from the next set of firewall rules"),
        row("w", Command::Why, "why")
            .does("Say why a resource or rule is there, and what it opens"),
        row("z", Command::Fold, "")
            .does("In the graph: show one area, everything, or the areas alone"),
        row("E", Command::Export, "export").does(
            "Write template, parameters and graph into a directory, deployable without this program",
        ),
        row("S", Command::SavePlan, "").does("Save these choices as a plan file"),
        row("$", Command::CommandLine, "")
            .does("Show the command that deploys the same without a question"),
        row("Left", Command::Left, "").does("Close the area or group; in the graph, go left"),
        row("Right", Command::Right, "").does("Open the area or group; in the graph, go right"),
    ],
    PAGES,
    &[
        row("m", Command::Map, "map").does("Show the map of the network"),
        row("1", Command::Part(1), "").does("Show the map of the network"),
        row("2", Command::Part(2), "").does("Show the resources"),
        row("3", Command::Part(3), "").does("Show the graph"),
        row("4", Command::Part(4), "").does("Show the firewall's rules"),
        row("5", Command::Part(5), "").does("Show the network"),
        row("6", Command::Part(6), "").does("Show the cost"),
        row("7", Command::Part(7), "").does("Show the parameters"),
    ],
    MOUSE_AND_HELP,
    &[
        row("Esc b", Command::Back, "back").does("Go back to the form; nothing is lost"),
        row("q", Command::Quit, "quit").does("Leave the program; nothing has been created"),
    ],
];
