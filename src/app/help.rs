//! Help: the commands of the place below, filtered by typing, each with the reason why it is off. Enter runs one.

use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::{
    App, Tone,
    command::{
        ARROW_DOWN, ARROW_UP, Command, END, ENTER, ESCAPE, Entry, HELP_FORM, HOME, PAGE_DOWN,
        PAGE_UP, availability, entry, table,
    },
    effect::Effect,
    field,
    key::Key,
    update::moved,
};

/// The keys of help itself.
pub const TABLE: &[Entry] = &[
    entry(Command::Up, ARROW_UP, "", "Go up"),
    entry(Command::Down, ARROW_DOWN, "", "Go down"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
    entry(Command::First, HOME, "", "Go to the first"),
    entry(Command::Last, END, "", "Go to the last"),
    entry(Command::Accept, ENTER, "run it", "Run the chosen command"),
    entry(Command::Help, HELP_FORM, "", "Close help"),
    entry(Command::Back, ESCAPE, "close", "Close help"),
];

/// Help while it is open.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Help {
    /// What is typed to filter.
    pub filter: Input,
    /// The chosen row among those that fit.
    pub selected: usize,
}

/// One row of help.
#[derive(Debug, Clone)]
pub struct HelpRow {
    /// The command's row in the table.
    pub entry: &'static Entry,
    /// The reason why it is off.
    pub off: Option<String>,
}

/// The rows of help: the commands of the place below that fit the filter.
#[must_use]
pub fn rows(app: &App) -> Vec<HelpRow> {
    let place = app.place_below_help();
    let wanted =
        app.help.as_ref().map(|help| help.filter.value().to_lowercase()).unwrap_or_default();
    table(place)
        .iter()
        .filter(|entry| entry.command != Command::Help)
        .filter(|entry| {
            let keys: Vec<String> = entry.keys.iter().map(ToString::to_string).collect();
            let text = format!("{} {} {}", keys.join(" "), entry.label, entry.does);
            text.to_lowercase().contains(&wanted)
        })
        .map(|entry| HelpRow { entry, off: availability(app, place, entry.command).err() })
        .collect()
}

/// Runs a command of help; answers the command of the place below that is to be run.
pub(super) fn run(app: &mut App, command: Command) -> Option<Command> {
    let rows = rows(app);
    let help = app.help.as_mut()?;
    match command {
        Command::Accept => {
            let row = rows.get(help.selected)?;
            if let Some(reason) = &row.off {
                app.say(Tone::Warn, reason.clone());
                return None;
            }
            return Some(row.entry.command);
        }
        Command::Back | Command::Help => app.help = None,
        other => help.selected = moved(help.selected, rows.len(), other),
    }
    None
}

pub(super) fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    if let Some(help) = &mut app.help
        && field::edit(&mut help.filter, key)
    {
        help.selected = 0;
    }
    Vec::new()
}

pub(super) fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    if let Some(help) = &mut app.help {
        field::paste(&mut help.filter, text);
        help.selected = 0;
    }
    Vec::new()
}

pub(super) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if let Some(help) = &mut app.help {
        help.selected = row;
    }
    Vec::new()
}
