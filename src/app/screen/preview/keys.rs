//! The keys of the preview.

use crate::app::{
    command::{
        BACK_TAB, Command, DOWN, END, ENTER, Entry, HELP, HOME, LEFT, PAGE_DOWN, PAGE_UP, QUIT,
        RIGHT, TAB, UP, entry,
    },
    key::{Code, Key},
};

/// The keys of the preview.
pub const TABLE: &[Entry] = &[
    entry(Command::Deploy, &[Key::char('D')], "deploy…", "Make it; asks first, with what it costs"),
    entry(Command::NextPane, TAB, "next part", "Go to the next part"),
    entry(Command::PreviousPane, BACK_TAB, "", "Go to the part before"),
    entry(Command::Up, UP, "", "Go up"),
    entry(Command::Down, DOWN, "row", "Go down"),
    entry(
        Command::Accept,
        ENTER,
        "open",
        "Open or close an area or group; show one resource or rule in full",
    ),
    entry(
        Command::Toggle,
        &[Key::char(' ')],
        "on or off",
        "Switch a group of firewall rules on or off",
    ),
    entry(
        Command::AddHost,
        &[Key::char('h')],
        "add host",
        "Let one more host through the firewall",
    ),
    entry(
        Command::RemoveHost,
        &[Key::char('x'), Key::of(Code::Delete)],
        "",
        "Take a host of your own out again",
    ),
    entry(
        Command::Preset,
        &[Key::char('p')],
        "preset",
        "Start from the next set of firewall rules",
    ),
    entry(
        Command::Why,
        &[Key::char('w')],
        "why",
        "Say why a resource or rule is there, and what it opens",
    ),
    entry(
        Command::Fold,
        &[Key::char('z')],
        "",
        "In the graph: show one area, everything, or the areas alone",
    ),
    entry(
        Command::Export,
        &[Key::char('e')],
        "export",
        "Write template, parameters and graph into a directory, deployable without this program",
    ),
    entry(Command::SavePlan, &[Key::char('S')], "", "Save these choices as a plan file"),
    entry(
        Command::CommandLine,
        &[Key::char('c')],
        "",
        "Show the command that makes the same without a question",
    ),
    entry(Command::Left, LEFT, "", "Close the area or group; in the graph, go left"),
    entry(Command::Right, RIGHT, "", "Open the area or group; in the graph, go right"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
    entry(Command::First, HOME, "", "Go to the first"),
    entry(Command::Last, END, "", "Go to the last"),
    entry(Command::Part(1), &[Key::char('1')], "", "Show the resources"),
    entry(Command::Part(2), &[Key::char('2')], "", "Show the graph"),
    entry(Command::Part(3), &[Key::char('3')], "", "Show the firewall's rules"),
    entry(Command::Part(4), &[Key::char('4')], "", "Show the network"),
    entry(Command::Part(5), &[Key::char('5')], "", "Show the cost"),
    entry(Command::Part(6), &[Key::char('6')], "", "Show the parameters"),
    entry(Command::Mouse, &[Key::char('m')], "", "Turn the mouse on or off"),
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(
        Command::Back,
        &[Key::of(Code::Escape), Key::char('b')],
        "back",
        "Go back to the form; nothing is lost",
    ),
    entry(Command::Quit, QUIT, "quit", "Leave the program; nothing has been made"),
];
