//! Help: the commands of the place below, filtered by typing, each with the reason why it is off. Enter runs one.

use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::command::{Command, CommandTable, KeyBinding, PAGES, arrows, row};
use super::effect::Effect;
use super::key::Key;
use super::place::PlaceRow;
use super::update::{self, moved};
use super::{App, Tone, field};

/// The keys of help itself.
const TABLE: CommandTable = &[
    &arrows(""),
    PAGES,
    &[
        row("Enter", Command::Accept, "run it").does("Run the chosen command"),
        row("F1", Command::Help, "").does("Close help"),
        row("Esc", Command::Back, "close").does("Close help"),
    ],
];

/// Help among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { on_row, on_text: Some(on_text), on_paste, ..PlaceRow::new("Help", TABLE, run) };

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
    pub entry: &'static KeyBinding,
    /// The reason why it is off.
    pub off: Option<String>,
}

/// The rows of help: the commands of the place below that fit the filter.
pub fn rows(app: &App) -> Vec<HelpRow> {
    let place = app.place_below_help();
    let wanted =
        app.help.as_ref().map(|help| help.filter.value().to_lowercase()).unwrap_or_default();
    let fits = |entry: &&KeyBinding| {
        let text = format!("{} {} {}", entry.keys, entry.label, entry.does);
        text.to_lowercase().contains(&wanted)
    };
    let entries = place.entries().filter(|entry| entry.command != Command::Help).filter(fits);
    entries
        .map(|entry| HelpRow { entry, off: place.availability(app, entry.command).err() })
        .collect()
}

/// Runs a command of help; the one that was chosen in it is run in the place below.
fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let rows = rows(app);
    let Some(help) = &mut app.help else { return Vec::new() };
    match command {
        Command::Accept => match rows.get(help.selected) {
            Some(HelpRow { off: Some(reason), .. }) => app.say(Tone::Warn, reason.clone()),
            Some(row) => {
                app.help = None;
                return update::run(app, app.place(), row.entry.command);
            }
            None => {}
        },
        Command::Back | Command::Help => app.help = None,
        other => help.selected = moved(help.selected, rows.len(), other),
    }
    Vec::new()
}

fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    if let Some(help) = &mut app.help
        && field::edit(&mut help.filter, key)
    {
        help.selected = 0;
    }
    Vec::new()
}

fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    if let Some(help) = &mut app.help {
        field::paste(&mut help.filter, text);
        help.selected = 0;
    }
    Vec::new()
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if let Some(help) = &mut app.help {
        help.selected = row;
    }
    Vec::new()
}
