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
    /// One of the resources of an element of the map.
    MapMember,
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
    /// What to do instead, in a sentence.
    pub instead: String,
}

impl PickerItem {
    /// A row that can be chosen.
    pub fn new(id: &str, label: &str, detail: &str) -> Self {
        let [id, label, detail] = [id, label, detail].map(str::to_owned);
        Self { id, label, detail, off: None, instead: String::new() }
    }

    /// The same row, with the reason why it cannot be chosen.
    pub(crate) fn off(mut self, reason: impl Into<String>) -> Self {
        self.off = Some(reason.into());
        self
    }

    /// The same row, with what to do in place of choosing it.
    pub(crate) fn instead(mut self, next: &str) -> Self {
        next.clone_into(&mut self.instead);
        self
    }

    /// What is said when a row that is off is chosen all the same.
    fn refusal(&self) -> Option<String> {
        let reason = self.off.as_ref()?.trim_end_matches('.');
        Some(format!("{}: {reason}. {}", self.label, self.instead).trim_end().to_owned())
    }

    /// How well a name fits what is typed: 0 where it begins so, 1 where a word in it does, 2 anywhere else.
    fn rank(&self, typed: &str) -> u8 {
        let names = [self.label.to_lowercase(), self.id.to_lowercase()];
        let begins = |name: &String| name.starts_with(typed);
        let has_word =
            |name: &String| name.split([' ', '-', '_']).any(|word| word.starts_with(typed));
        match () {
            () if names.iter().any(begins) => 0,
            () if names.iter().any(has_word) => 1,
            () => 2,
        }
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

    /// Other rows in place of those that it has; the chosen one stays chosen where it is among them.
    pub(crate) fn replace(&mut self, items: Vec<PickerItem>) {
        let chosen = self.fitting().get(self.selected).map(|item| item.id.clone());
        self.items = items;
        let fitting = self.fitting();
        let at = fitting.iter().position(|item| Some(&item.id) == chosen.as_ref());
        self.selected = at.unwrap_or_default();
    }

    /// The rows that fit what is typed: each word must occur somewhere in the row. Those that can be chosen come
    /// first, and among them those whose name begins with what is typed.
    pub(crate) fn fitting(&self) -> Vec<&PickerItem> {
        let wanted = self.filter.value().trim().to_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let fits = |item: &&PickerItem| {
            let text = format!("{} {} {}", item.id, item.label, item.detail).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut fitting: Vec<&PickerItem> = self.items.iter().filter(fits).collect();
        if !wanted.is_empty() {
            let is_typed = |item: &PickerItem| item.detail == AS_TYPED;
            fitting.sort_by_cached_key(|item| {
                (is_typed(item), item.off.is_some(), item.rank(&wanted))
            });
        }
        fitting
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
            let refusal = chosen.as_ref().and_then(PickerItem::refusal);
            match chosen {
                _ if refusal.is_some() => {
                    app.say(Tone::Warn, refusal.unwrap_or_default());
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
        PickerPurpose::MapMember => crate::app::screen::map_member_picked(app, id),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::{app, press};

    fn regions() -> Vec<PickerItem> {
        vec![
            PickerItem::new("italynorth", "Italy North", "Europe"),
            PickerItem::new("northcentralus", "North Central US", "United States")
                .off("not offered to this subscription")
                .instead("Choose another region."),
            PickerItem::new("northeurope", "North Europe", "Europe"),
            PickerItem::new("norwayeast", "Norway East", "Europe, north"),
        ]
    }

    fn typed(text: &str) -> App {
        let mut app = app();
        let purpose = PickerPurpose::Basics(basics::Field::Region);
        app.dialog = Some(Dialog::Picker(Picker::new(purpose, "Region", regions())));
        for letter in text.chars() {
            press(&mut app, Key::char(letter));
        }
        app
    }

    fn picker(app: &App) -> &Picker {
        let Some(Dialog::Picker(picker)) = &app.dialog else { panic!("no list") };
        picker
    }

    fn ids(app: &App) -> Vec<&str> {
        picker(app).fitting().iter().map(|item| item.id.as_str()).collect()
    }

    #[test]
    fn names_that_begin_with_what_is_typed_come_first_and_what_cannot_be_chosen_last() {
        assert_eq!(
            ids(&typed("north")),
            ["northeurope", "italynorth", "norwayeast", "northcentralus"]
        );
        assert_eq!(ids(&typed("North ")), ids(&typed("north")));
        let untouched = ["italynorth", "northcentralus", "northeurope", "norwayeast"];
        assert_eq!(ids(&typed("")), untouched);
    }

    #[test]
    fn a_row_that_cannot_be_chosen_says_why_and_what_to_do_and_the_list_stays() {
        let mut app = typed("north c");
        assert!(press(&mut app, Key::of(crate::app::key::Code::Enter)).is_empty());
        assert_eq!(ids(&app), ["northcentralus"]);
        let said = app.line.as_ref().map(|line| line.text.as_str());
        let words = "North Central US: not offered to this subscription. Choose another region.";
        assert_eq!(said, Some(words));
    }

    #[test]
    fn rows_that_are_read_meanwhile_leave_the_chosen_one_chosen() {
        let mut app = typed("north");
        press(&mut app, Key::of(crate::app::key::Code::Down));
        let Some(Dialog::Picker(picker)) = &mut app.dialog else { panic!("no list") };
        let mut items = regions();
        items.remove(2);
        picker.replace(items);
        assert_eq!(picker.fitting()[picker.selected].id, "italynorth");
        assert_eq!(picker.selected, 0);
    }
}
