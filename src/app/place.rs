//! Where keys go: a screen, or what lies over it; each place has one row that says what it makes of them.
//!
//! A row only names what the screens, the dialogs and the palette do themselves; nothing is decided here.

use crate::domain::environment::Record;
use jiff::Timestamp;

use super::command::{Command, CommandTable, KeyBinding};
use super::effect::Effect;
use super::key::Key;
use super::screen::{Screen, environments};
use super::{App, Tone, dialog, palette};

/// Where keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing has been made from here yet.
    Welcome,
    /// A screen.
    Screen(Screen),
    /// The filter of the list of environments is typed.
    Filter,
    /// Stop watching, or stop the deployment?
    Leave,
    /// A yes that spends.
    Confirm,
    /// A list to choose from, over a screen.
    Picker,
    /// A line to type, over a screen.
    Prompt,
    /// A text to read, over a screen.
    Viewer,
    /// A code to type elsewhere.
    Code,
    /// All commands, to be found by typing.
    Palette,
}

impl Place {
    /// All places, in the order in which a person meets them.
    pub fn all() -> impl Iterator<Item = Self> {
        let over = [
            Self::Leave,
            Self::Confirm,
            Self::Picker,
            Self::Prompt,
            Self::Viewer,
            Self::Code,
            Self::Palette,
        ];
        let [list, others @ ..] = Screen::ALL.map(Self::Screen);
        [Self::Welcome, list, Self::Filter].into_iter().chain(others).chain(over)
    }

    /// What it makes of keys, clicks and time.
    pub fn row(self) -> &'static PlaceRow {
        match self {
            Self::Welcome => &environments::WELCOME,
            Self::Screen(screen) => screen.row(),
            Self::Filter => &environments::FILTER,
            Self::Leave => &dialog::leave::PLACE,
            Self::Confirm => &dialog::confirm::PLACE,
            Self::Picker => &dialog::picker::PLACE,
            Self::Prompt => &dialog::prompt::PLACE,
            Self::Viewer => &dialog::viewer::PLACE,
            Self::Code => &dialog::code::PLACE,
            Self::Palette => &palette::PLACE,
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// Its commands.
    pub fn entries(self) -> impl DoubleEndedIterator<Item = &'static KeyBinding> {
        self.row().table.iter().copied().flatten()
    }

    /// Whether a command can be asked for here.
    pub fn has(self, command: Command) -> bool {
        self.entries().any(|entry| entry.command == command)
    }

    /// The key of a command here, for a sentence that names it.
    pub fn key_of(self, command: Command) -> &'static str {
        self.entries().find(|entry| entry.command == command).map_or("", KeyBinding::key)
    }

    /// The command that a key stands for here.
    pub fn find(self, key: Key) -> Option<Command> {
        let name = key.to_string();
        let entry = self.entries().find(|entry| entry.keys().any(|each| each == name))?;
        Some(entry.command)
    }

    /// Whether a command can be run now.
    ///
    /// # Errors
    /// The reason why not, as a sentence for the person who pressed the key.
    pub fn availability(self, app: &App, command: Command) -> Result<(), String> {
        match command {
            Command::Watch => app.watch_at_hand().map(drop),
            Command::Open(_) if app.at_hand().is_none() => {
                Err("No environment is chosen here.".into())
            }
            _ => (self.row().availability)(app, command),
        }
    }
}

impl Place {
    /// The commands with a word for the footer, in the order in which they matter now: what cannot be run comes last.
    pub(crate) fn hints(self, app: &App) -> Vec<(&'static KeyBinding, bool)> {
        let first = (self.row().first)(app);
        let rank = |command| first.iter().position(|each| *each == command).unwrap_or(first.len());
        let mut hints: Vec<(&KeyBinding, bool)> = self
            .entries()
            .filter(|entry| !entry.label.is_empty())
            .map(|entry| (entry, self.availability(app, entry.command).is_err()))
            .collect();
        hints.sort_by_key(|(entry, off)| (*off, rank(entry.command)));
        hints
    }
}

/// What a place makes of keys, clicks and time.
pub struct PlaceRow {
    pub(in crate::app) title: &'static str,
    /// Its name where there is little room.
    pub(in crate::app) name: &'static str,
    pub(in crate::app) table: CommandTable,
    /// Shows the screen about an environment.
    pub(in crate::app) open: fn(&mut App, &Record) -> Vec<Effect>,
    /// The environment that it is about.
    pub(in crate::app) record: fn(&App) -> Option<&Record>,
    pub(in crate::app) availability: fn(&App, Command) -> Result<(), String>,
    /// What matters most at this moment, first: the footer begins with it.
    pub(in crate::app) first: fn(&App) -> &'static [Command],
    pub(in crate::app) run: fn(&mut App, Command) -> Vec<Effect>,
    pub(in crate::app) on_row: fn(&mut App, usize) -> Vec<Effect>,
    pub(in crate::app) on_pane: fn(&mut App, usize) -> Vec<Effect>,
    /// `None` where letters are no text.
    pub(in crate::app) on_text: Option<fn(&mut App, Key) -> Vec<Effect>>,
    pub(in crate::app) on_paste: fn(&mut App, &str) -> Vec<Effect>,
    pub(in crate::app) on_tick: fn(&mut App) -> Vec<Effect>,
    /// When something changes by itself.
    pub(in crate::app) next_tick: fn(&App) -> Option<Timestamp>,
}

impl PlaceRow {
    /// A place that has nothing to click, to type into or to wait for, and whose commands can always be run.
    pub(in crate::app) const fn new(
        name: &'static str,
        table: CommandTable,
        run: fn(&mut App, Command) -> Vec<Effect>,
    ) -> Self {
        Self {
            title: name,
            name,
            table,
            open: |_, _| Vec::new(),
            record: |_| None,
            availability: |_, _| Ok(()),
            first: |_| &[],
            run,
            on_row: |_, _| Vec::new(),
            on_pane: |_, _| Vec::new(),
            on_text: None,
            on_paste: |app, _| {
                app.say(Tone::Plain, "Nothing to paste into here.");
                Vec::new()
            },
            on_tick: |_| Vec::new(),
            next_tick: |_| None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::app::key::Code;

    #[test]
    fn no_key_stands_for_two_commands_of_one_place() {
        for place in Place::all() {
            let mut seen = BTreeSet::new();
            for key in place.entries().flat_map(KeyBinding::keys) {
                assert!(seen.insert(key), "{place:?}: {key}");
            }
        }
    }

    /// Every key that a terminal can tell of, by its name.
    fn known() -> BTreeSet<String> {
        use Code::{BackTab, Backspace, Delete, Down, End, Enter, Escape, Home, Left};
        use Code::{PageDown, PageUp, Right, Tab, Up};
        let mut keys: Vec<Key> = [
            Backspace, BackTab, Delete, Down, End, Enter, Escape, Home, Left, PageDown, PageUp,
            Right, Tab, Up,
        ]
        .map(Key::of)
        .into();
        keys.extend((1..=12).map(|number| Key::of(Code::Function(number))));
        keys.extend((' '..='~').map(Key::char));
        keys.extend(('a'..='z').map(Key::control));
        keys.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_row_names_keys_that_exist_and_says_what_it_does() {
        let known = known();
        for place in Place::all() {
            for entry in place.entries() {
                assert!(entry.keys().all(|key| known.contains(key)), "{place:?}: {entry:?}");
                assert!(!entry.does.is_empty(), "{place:?}: {entry:?}");
            }
        }
    }

    #[test]
    fn every_place_has_a_way_out() {
        for place in Place::all() {
            assert!(place.has(Command::Back) || place.has(Command::Quit), "{place:?}");
        }
    }

    #[test]
    fn letters_are_text_where_text_is_typed() {
        for place in Place::all().filter(|place| place.row().on_text.is_some()) {
            for key in place.entries().flat_map(KeyBinding::keys) {
                assert!(key.chars().count() > 1 && key != "Space", "{place:?}: {key}");
            }
        }
    }

    /// Commands that are one and the same to people, whatever each place does for them.
    const ALIKE: [(&str, &[Command]); 11] = [
        ("new", &[Command::New, Command::NewHub]),
        ("leave the program", &[Command::Quit, Command::LeaveRunning]),
        ("back to the form", &[Command::Back, Command::Form]),
        ("why", &[Command::Why, Command::Response]),
        ("open in the browser", &[Command::OpenPortal, Command::OpenBastion]),
        ("copy its id or address", &[Command::CopyId, Command::CopyLink]),
        ("save to a file", &[Command::SavePlan, Command::SaveReport, Command::SaveScript]),
        ("let a host through", &[Command::AddHost, Command::Allow]),
        ("test", &[Command::Try, Command::Verify]),
        ("switch what is shown on or off", &[Command::Toggle, Command::Freeze]),
        (
            "copy what is before you",
            &[Command::CopyPassword, Command::CopySummary, Command::CopyCode, Command::CopyText],
        ),
    ];

    /// What a command means to people.
    fn meaning(command: Command) -> String {
        let alike = ALIKE.iter().find(|(_, commands)| commands.contains(&command));
        alike.map_or_else(|| format!("{command:?}"), |(meaning, _)| (*meaning).to_owned())
    }

    #[test]
    fn a_letter_means_the_same_on_every_screen() {
        let mut means: BTreeMap<&str, (String, Place)> = BTreeMap::new();
        for place in Place::all() {
            for entry in place.entries() {
                for key in entry.keys().filter(|key| key.chars().count() == 1 || *key == "Space") {
                    let now = meaning(entry.command);
                    let (known, first) = means.entry(key).or_insert_with(|| (now.clone(), place));
                    assert_eq!(*known, now, "{key} in {first:?} and in {place:?}");
                }
            }
        }
        assert!(means.len() > 30, "{means:?}");
    }

    #[test]
    fn a_command_has_the_same_letter_on_every_screen() {
        let mut letters: BTreeMap<String, (&str, Place)> = BTreeMap::new();
        for place in Place::all().filter(|place| place.row().on_text.is_none()) {
            for entry in place.entries().filter(|entry| entry.key().chars().count() == 1) {
                let command = format!("{:?}", entry.command);
                let (known, first) = letters.entry(command).or_insert((entry.key(), place));
                assert_eq!(*known, entry.key(), "{:?} in {first:?} and {place:?}", entry.command);
            }
        }
    }

    #[test]
    fn enter_spends_and_destroys_nothing() {
        let dangerous = [
            Command::Deploy,
            Command::Delete,
            Command::CancelNow,
            Command::Yes,
            Command::Retry,
            Command::Power,
            Command::Pause,
            Command::Mend,
            Command::NewPassword,
            Command::Allow,
            Command::Link,
            Command::Unlink,
        ];
        for place in Place::all() {
            let on_enter = place.find(Key::of(Code::Enter));
            assert!(on_enter.is_none_or(|command| !dangerous.contains(&command)), "{place:?}");
        }
    }
}
