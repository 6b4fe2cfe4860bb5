//! The palette: every command of the place below and every screen that can be reached from there, found by typing,
//! each with its keys and, where it is off, the reason. Enter runs the chosen one.
//!
//! It is the help as well: what can be read here is what the keys do.

use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::command::{Command, CommandTable, KeyBinding, PAGES, arrows, row};
use super::effect::Effect;
use super::key::Key;
use super::place::PlaceRow;
use super::screen::Screen;
use super::update::{self, moved};
use super::{App, Tone, field};

/// The keys of the palette itself.
const TABLE: CommandTable = &[
    &arrows("choose"),
    PAGES,
    &[
        row("Enter", Command::Accept, "run it").does("Run the chosen command"),
        row("Ctrl-P F1", Command::Palette, "").does("Close the list of commands"),
        row("Esc", Command::Back, "close").does("Close the list of commands"),
    ],
];

/// What is reached from every screen, also from those that have no key for it.
const REACHED: &[KeyBinding] = &[
    row("", Command::Open(Screen::Status), "status").does("Open the status of the environment"),
    row("", Command::Open(Screen::Credentials), "credentials")
        .does("Open the credentials of the environment, and the way in"),
    row("", Command::Open(Screen::Audit), "audit")
        .does("Open the audit: is the environment still private?"),
    row("", Command::Open(Screen::Refused), "refused")
        .does("Open what the firewall of the environment refused"),
    row("", Command::Open(Screen::Peering), "peering")
        .does("Open the peering: the environment's connection to a hub"),
    row("", Command::Watch, "watch")
        .does("Watch what runs for the environment, or was started last"),
    row("", Command::Account, "account").does("Choose how to sign in, and to which tenant"),
    row("", Command::Subscription, "subscription").does("Choose the subscription"),
    row("", Command::Quit, "quit").does("Leave the program; what Azure does goes on"),
];

/// The palette among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { on_row, on_text: Some(on_text), on_paste, ..PlaceRow::new("Commands", TABLE, run) };

/// The palette while it is open.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Palette {
    /// What is typed to filter.
    pub filter: Input,
    /// The chosen row among those that fit.
    pub selected: usize,
}

/// One row of the palette.
#[derive(Debug, Clone)]
pub struct PaletteRow {
    /// The command's row in the table.
    pub entry: &'static KeyBinding,
    /// The reason why it is off.
    pub off: Option<String>,
}

/// All commands that stand in it.
fn entries(app: &App) -> impl Iterator<Item = &'static KeyBinding> {
    let place = app.place_below_palette();
    // What lies over a screen is answered or closed first.
    let reached = if app.dialog.is_none() { REACHED } else { &[] };
    let leads_here = Command::Open(app.screen);
    let reached = reached
        .iter()
        .filter(move |entry| entry.command != leads_here && !place.has(entry.command));
    let own = || place.entries().filter(|entry| entry.command != Command::Palette);
    // Nobody opens it to go up.
    let acting = own().filter(|entry| !entry.command.only_moves());
    acting.chain(reached).chain(own().filter(|entry| entry.command.only_moves()))
}

/// How many commands stand in it, whatever is typed.
pub(crate) fn commands(app: &App) -> usize {
    entries(app).count()
}

/// The rows that fit what is typed: each word must occur somewhere in the row.
pub fn rows(app: &App) -> Vec<PaletteRow> {
    let place = app.place_below_palette();
    let typed = app.palette.as_ref().map(|palette| palette.filter.value().to_lowercase());
    let typed = typed.unwrap_or_default();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let fits = |entry: &&KeyBinding| {
        let text = format!("{} {} {}", entry.keys, entry.label, entry.does).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    entries(app)
        .filter(fits)
        .map(|entry| PaletteRow { entry, off: place.availability(app, entry.command).err() })
        .collect()
}

/// Runs a command of the palette; the one that was chosen in it is run in the place below.
fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let rows = rows(app);
    let Some(palette) = &mut app.palette else { return Vec::new() };
    match command {
        Command::Accept => match rows.get(palette.selected) {
            Some(PaletteRow { off: Some(reason), .. }) => app.say(Tone::Warn, reason.clone()),
            Some(row) => {
                app.palette = None;
                return update::run(app, app.place(), row.entry.command);
            }
            None => app.say(Tone::Warn, NOTHING_FITS),
        },
        Command::Back | Command::Palette => app.palette = None,
        other => palette.selected = moved(palette.selected, rows.len(), other),
    }
    Vec::new()
}

/// Where no row fits what is typed.
pub(crate) const NOTHING_FITS: &str = "Nothing fits what is typed; Ctrl-U empties it.";

fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    if let Some(palette) = &mut app.palette
        && field::edit(&mut palette.filter, key)
    {
        palette.selected = 0;
    }
    Vec::new()
}

fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    if let Some(palette) = &mut app.palette {
        field::paste(&mut palette.filter, text);
        palette.selected = 0;
    }
    Vec::new()
}

/// A click chooses a row, and runs the one that is chosen.
fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    match &mut app.palette {
        Some(palette) if palette.selected == row => run(app, Command::Accept),
        Some(palette) => {
            palette.selected = row;
            Vec::new()
        }
        None => Vec::new(),
    }
}
