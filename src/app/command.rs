//! Commands: everything that a key can do, in one table for each place.
//!
//! Footer, help, tests and the README's table are printed from these tables; nothing else assigns a key. Whether a
//! command can be run now, and why not, is the place's own business (`availability`).

use serde::{Deserialize, Serialize};

use super::{
    App, dialog,
    key::{Code, Key},
    screen,
};

/// Something a person can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "each is described by the `does` of its rows in the tables, which people read"
)]
pub enum Command {
    // Everywhere.
    Help,
    Quit,
    Back,
    Mouse,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    First,
    Last,
    NextPane,
    PreviousPane,
    Accept,
    // Account.
    Account,
    Subscription,
    // Environments.
    New,
    Refresh,
    Filter,
    Delete,
    OpenPortal,
    CopyId,
    LoadPlan,
    // Basics.
    NewSuffix,
    TakeSuggestion,
    More,
    Details,
    Continue,
    // Preview.
    Part(u8),
    Preset,
    CommandLine,
    Toggle,
    Why,
    AddHost,
    RemoveHost,
    Fold,
    Export,
    SavePlan,
    Deploy,
    // Deployment.
    Log,
    Graph,
    Freeze,
    Cancel,
    Retry,
    CopySummary,
    Response,
    // Credentials.
    Reveal,
    CopyPassword,
    CopyUserName,
    OpenBastion,
    CopyLink,
    Finish,
    NewPassword,
    // Status.
    Isolation,
    Credentials,
    Power,
    Pause,
    Mend,
    SaveReport,
    Refused,
    Allow,
    Try,
    // Peering.
    Peering,
    Link,
    Unlink,
    HubId,
    NewHub,
    HandOver,
    Forward,
    Verify,
    SaveScript,
    // Dialogs.
    Yes,
    LeaveRunning,
    CancelNow,
    CopyCode,
}

/// Where keys go: a screen, or what lies over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Nothing has been made from here yet.
    Welcome,
    /// The list of environments.
    Environments,
    /// Its filter is typed.
    Filter,
    /// The form.
    Basics,
    /// What would be made.
    Preview,
    /// What is being made, or was.
    Deploy,
    /// The credentials, and how to get in.
    Credentials,
    /// How an environment is that stands.
    Status,
    /// Whether it is still private.
    Audit,
    /// What its firewall refused.
    Blocked,
    /// How it is connected to a hub.
    Peering,
    /// A list to choose from, over a screen.
    Picker,
    /// A line to type, over a screen.
    Prompt,
    /// Stop watching, or stop the deployment?
    Leave,
    /// A yes that spends.
    Confirm,
    /// A text to read, over a screen.
    Viewer,
    /// A code to type elsewhere.
    Code,
    /// The commands of the place below.
    Help,
}

impl Place {
    /// All places, in the order in which a person meets them.
    pub const ALL: [Self; 18] = [
        Self::Welcome,
        Self::Environments,
        Self::Filter,
        Self::Basics,
        Self::Preview,
        Self::Deploy,
        Self::Credentials,
        Self::Status,
        Self::Audit,
        Self::Blocked,
        Self::Peering,
        Self::Leave,
        Self::Confirm,
        Self::Picker,
        Self::Prompt,
        Self::Viewer,
        Self::Code,
        Self::Help,
    ];

    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Welcome => "Welcome",
            Self::Environments => "Environments",
            Self::Filter => "Filter",
            Self::Basics => "Basics",
            Self::Preview => "Preview",
            Self::Deploy => "Deploy",
            Self::Credentials => "Credentials",
            Self::Status => "Status",
            Self::Audit => "Audit",
            Self::Blocked => "Refused by the firewall",
            Self::Peering => "Peering with a hub",
            Self::Picker => "Choosing from a list",
            Self::Prompt => "Typing an answer",
            Self::Leave => "Leave or cancel",
            Self::Confirm => "Agree to something",
            Self::Viewer => "Reading a text",
            Self::Code => "Signing in with a code",
            Self::Help => "Help",
        }
    }

    /// Whether letters are text here, so that no command may take one.
    #[must_use]
    pub const fn takes_text(self) -> bool {
        matches!(self, Self::Filter | Self::Basics | Self::Picker | Self::Prompt | Self::Help)
    }
}

/// One row of a table: a command, its keys, and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Its keys; the first one is shown.
    pub keys: &'static [Key],
    /// A word or two, for the footer; empty keeps it out of there.
    pub label: &'static str,
    /// A sentence, for help.
    pub does: &'static str,
}

/// Shorthand for the rows of tables.
#[must_use]
pub const fn entry(
    command: Command,
    keys: &'static [Key],
    label: &'static str,
    does: &'static str,
) -> Entry {
    Entry { command, keys, label, does }
}

pub(crate) const UP: &[Key] = &[Key::of(Code::Up), Key::char('k')];
pub(crate) const DOWN: &[Key] = &[Key::of(Code::Down), Key::char('j')];
pub(crate) const ARROW_UP: &[Key] = &[Key::of(Code::Up)];
pub(crate) const ARROW_DOWN: &[Key] = &[Key::of(Code::Down)];
pub(crate) const LEFT: &[Key] = &[Key::of(Code::Left)];
pub(crate) const RIGHT: &[Key] = &[Key::of(Code::Right)];
pub(crate) const PAGE_UP: &[Key] = &[Key::of(Code::PageUp)];
pub(crate) const PAGE_DOWN: &[Key] = &[Key::of(Code::PageDown)];
pub(crate) const HOME: &[Key] = &[Key::of(Code::Home)];
pub(crate) const END: &[Key] = &[Key::of(Code::End)];
pub(crate) const ENTER: &[Key] = &[Key::of(Code::Enter)];
pub(crate) const ESCAPE: &[Key] = &[Key::of(Code::Escape)];
pub(crate) const TAB: &[Key] = &[Key::of(Code::Tab)];
pub(crate) const BACK_TAB: &[Key] = &[Key::of(Code::BackTab)];
pub(crate) const HELP: &[Key] = &[Key::char('?'), Key::of(Code::Function(1))];
pub(crate) const HELP_FORM: &[Key] = &[Key::of(Code::Function(1))];
pub(crate) const QUIT: &[Key] = &[Key::char('q')];

/// The commands of a place, those that matter most first; help and the way out stand last.
#[must_use]
pub fn table(place: Place) -> &'static [Entry] {
    match place {
        Place::Welcome => screen::environments::WELCOME,
        Place::Environments => screen::environments::LIST,
        Place::Filter => screen::environments::FILTER,
        Place::Basics => screen::basics::TABLE,
        Place::Preview => screen::preview::TABLE,
        Place::Deploy => screen::deploy::TABLE,
        Place::Credentials => screen::credentials::TABLE,
        Place::Status => screen::status::TABLE,
        Place::Audit => screen::audit::TABLE,
        Place::Blocked => screen::blocked::TABLE,
        Place::Peering => screen::peering::TABLE,
        Place::Picker => dialog::picker::TABLE,
        Place::Prompt => dialog::prompt::TABLE,
        Place::Leave => dialog::leave::TABLE,
        Place::Confirm => dialog::confirm::TABLE,
        Place::Viewer => dialog::viewer::TABLE,
        Place::Code => dialog::code::TABLE,
        Place::Help => super::help::TABLE,
    }
}

/// The row that a key stands for in a place.
#[must_use]
pub fn find(place: Place, key: Key) -> Option<&'static Entry> {
    table(place).iter().find(|entry| entry.keys.contains(&key))
}

/// Whether a command can be run now.
///
/// # Errors
/// The reason why not, as a sentence for the person who pressed the key.
pub fn availability(app: &App, place: Place, command: Command) -> Result<(), String> {
    match place {
        Place::Welcome | Place::Environments | Place::Filter => {
            screen::environments::availability(app, command)
        }
        Place::Basics => screen::basics::availability(app, command),
        Place::Preview => screen::preview::availability(app, command),
        Place::Deploy => screen::deploy::availability(app, command),
        Place::Credentials => screen::credentials::availability(app, command),
        Place::Status => screen::status::availability(app, command),
        Place::Audit => screen::audit::availability(app, command),
        Place::Blocked => screen::blocked::availability(app, command),
        Place::Peering => screen::peering::availability(app, command),
        Place::Picker
        | Place::Prompt
        | Place::Leave
        | Place::Confirm
        | Place::Viewer
        | Place::Code
        | Place::Help => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_key_stands_for_two_commands_of_one_place() {
        for place in Place::ALL {
            let mut seen = BTreeSet::new();
            for key in table(place).iter().flat_map(|entry| entry.keys) {
                assert!(seen.insert(key.to_string()), "{place:?}: {key}");
            }
        }
    }

    #[test]
    fn every_place_has_help_or_is_small_and_a_way_out() {
        for place in Place::ALL {
            let has = |command| table(place).iter().any(|entry| entry.command == command);
            assert!(has(Command::Back) || has(Command::Quit), "{place:?}");
        }
    }

    #[test]
    fn letters_are_text_where_text_is_typed() {
        for place in Place::ALL.into_iter().filter(|place| place.takes_text()) {
            for entry in table(place) {
                for key in entry.keys {
                    assert_eq!(key.typed(), None, "{place:?}: {key}");
                }
            }
        }
    }

    #[test]
    fn enter_spends_and_destroys_nothing() {
        for place in Place::ALL {
            let on_enter = find(place, Key::of(Code::Enter));
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
            assert!(on_enter.is_none_or(|entry| !dangerous.contains(&entry.command)), "{place:?}");
        }
    }
}
