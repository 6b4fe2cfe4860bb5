//! A list to choose from, filtered by typing.

use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::Dialog;
use crate::app::command::{Command, CommandTable, PAGES, PALETTE_BESIDE_TEXT, arrows, row};
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::place::PlaceRow;
use crate::app::screen::basics;
use crate::app::update::moved;
use crate::app::{App, Tone, field, remedy};
use crate::domain::action::Action;

/// The keys of a list.
const TABLE: CommandTable = &[
    &arrows("choose"),
    PAGES,
    &[
        row("Enter", Command::Accept, "take it").does("Take the chosen row"),
        PALETTE_BESIDE_TEXT,
        row("Esc", Command::Back, "back").does("Close the list and change nothing"),
    ],
];

/// The dialog among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow {
    on_row,
    on_text: Some(on_text),
    on_paste,
    ..PlaceRow::new("Choosing from a list", TABLE, run)
};

/// Beside the row that takes what is typed.
const AS_TYPED: &str = "as it is typed";

/// What a list was opened for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PickerPurpose {
    /// How to sign in, and to which tenant.
    Account,
    /// Which subscription to work in.
    Subscription,
    /// One of the form's choices, by its field.
    Basics(basics::Field),
    /// One of the actions that help.
    Remedy(Vec<Action>),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickerItem {
    /// What the choice is called in the program.
    pub id: String,
    /// What it is called on the screen.
    pub label: String,
    /// More about it, quietly.
    pub detail: String,
    /// Why it cannot be chosen.
    pub off: Option<String>,
}

impl PickerItem {
    /// A row that can be chosen.
    pub fn new(id: &str, label: &str, detail: &str) -> Self {
        Self { id: id.to_owned(), label: label.to_owned(), detail: detail.to_owned(), off: None }
    }

    /// The same row, with the reason why it cannot be chosen.
    pub(crate) fn off(mut self, reason: impl Into<String>) -> Self {
        self.off = Some(reason.into());
        self
    }
}

/// A list while it is open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Picker {
    /// What it was opened for.
    pub purpose: PickerPurpose,
    /// Its title.
    pub title: String,
    /// All rows.
    pub items: Vec<PickerItem>,
    /// What is typed to filter.
    pub filter: Input,
    /// The chosen row among those that fit.
    pub selected: usize,
    /// Whether what is typed may be taken as it stands: then it is the last row.
    pub typed: bool,
}

impl Picker {
    /// A list with its first row chosen.
    pub fn new(purpose: PickerPurpose, title: &str, items: Vec<PickerItem>) -> Self {
        Self {
            purpose,
            title: title.to_owned(),
            items,
            filter: Input::default(),
            selected: 0,
            typed: false,
        }
    }

    /// The same list, from which what is typed may be taken as it stands.
    pub(crate) fn or_typed(mut self) -> Self {
        self.typed = true;
        self
    }

    /// The same list with another row chosen.
    pub fn at(mut self, selected: usize) -> Self {
        self.selected = selected.min(self.items.len().saturating_sub(1));
        self
    }

    /// The rows that fit what is typed: each word must occur somewhere in the row.
    pub(crate) fn fitting(&self) -> Vec<&PickerItem> {
        let wanted = self.filter.value().to_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        self.items
            .iter()
            .filter(|item| {
                let text = format!("{} {} {}", item.id, item.label, item.detail).to_lowercase();
                words.iter().all(|word| text.contains(word))
            })
            .collect()
    }

    fn on_text(&mut self, key: Key) {
        if field::edit(&mut self.filter, key) {
            self.filtered();
        }
    }

    fn on_paste(&mut self, text: &str) {
        field::paste(&mut self.filter, text);
        self.filtered();
    }

    fn filtered(&mut self) {
        self.selected = 0;
        if !self.typed {
            return;
        }
        self.items.retain(|item| item.detail != AS_TYPED);
        let typed = self.filter.value().trim().to_owned();
        let known = |item: &PickerItem| item.id == typed;
        if !typed.is_empty() && !self.items.iter().any(known) {
            self.items.push(PickerItem::new(&typed, &typed, AS_TYPED));
        }
    }
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Picker(picker)) = &mut app.dialog else { return Vec::new() };
    match command {
        Command::Accept => {
            let chosen = picker.fitting().get(picker.selected).map(|item| (*item).clone());
            let purpose = picker.purpose.clone();
            match chosen {
                Some(PickerItem { off: Some(reason), .. }) => {
                    app.say(Tone::Warn, reason);
                    Vec::new()
                }
                Some(item) => {
                    app.dialog = None;
                    picked(app, &purpose, &item.id)
                }
                None => {
                    app.say(Tone::Warn, "Nothing fits what is typed; Ctrl-U empties it.");
                    Vec::new()
                }
            }
        }
        Command::Back => {
            app.dialog = None;
            Vec::new()
        }
        other => {
            let rows = picker.fitting().len();
            picker.selected = moved(picker.selected, rows, other);
            Vec::new()
        }
    }
}

fn picked(app: &mut App, purpose: &PickerPurpose, id: &str) -> Vec<Effect> {
    match purpose {
        PickerPurpose::Account => app.account_picked(id),
        PickerPurpose::Subscription => app.subscription_picked(id),
        PickerPurpose::Basics(field) => basics::picked(app, *field, id),
        PickerPurpose::Remedy(actions) => remedy::picked(app, actions, id),
    }
}

pub(in crate::app) fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    if let Some(Dialog::Picker(picker)) = &mut app.dialog {
        picker.on_text(key);
    }
    Vec::new()
}

pub(in crate::app) fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    if let Some(Dialog::Picker(picker)) = &mut app.dialog {
        picker.on_paste(text);
    }
    Vec::new()
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    match &mut app.dialog {
        Some(Dialog::Picker(picker)) if picker.selected == row => run(app, Command::Accept),
        Some(Dialog::Picker(picker)) => {
            picker.selected = row;
            Vec::new()
        }
        _ => Vec::new(),
    }
}
