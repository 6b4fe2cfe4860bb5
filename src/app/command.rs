//! Commands: everything that a key can do, in one table for each place.
//!
//! Footer, palette, tests and the README's table are printed from these tables; nothing else assigns a key. Whether a
//! command can be run now, and why not, is the place's own business (`PlaceRow::availability`).

use crate::app::screen::Screen;
use serde::{Deserialize, Serialize};

/// Something a person can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    // Everywhere.
    Palette,
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
    Watch,
    Fix,
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
    Map,
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
    SupportBundle,
    Response,
    /// Back to the form, where nothing has been created yet.
    Form,
    // Credentials.
    Reveal,
    CopyPassword,
    CopyUserName,
    OpenBastion,
    CopyLink,
    Finish,
    NewPassword,
    /// The whole way in, step by step.
    Guide,
    /// The deployment of an environment that stands.
    Deployment,
    // Status.
    /// Shows another screen about the environment at hand.
    Open(Screen),
    Power,
    Pause,
    Mend,
    SaveReport,
    Allow,
    Try,
    // Peering.
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
    CopyText,
}

impl Command {
    /// Whether it only goes somewhere else on the same screen.
    pub(crate) fn only_moves(self) -> bool {
        use Command::{
            Down, First, Last, Left, NextPane, PageDown, PageUp, PreviousPane, Right, Up,
        };
        let moves = [Up, Down, Left, Right, PageUp, PageDown, First, Last, NextPane, PreviousPane];
        moves.contains(&self)
    }
}

/// One row of a table: a command, its keys, and what it does.
#[derive(Debug, Clone, Copy)]
pub struct KeyBinding {
    /// The command.
    pub command: Command,
    /// Its keys as people write them, with blanks between; the first one is shown.
    pub keys: &'static str,
    /// A word or two, for the footer; empty keeps it out of there.
    pub label: &'static str,
    /// A sentence, for the palette.
    pub does: &'static str,
}

/// The commands of a place in groups, those that matter most first; help and the way out stand last.
pub type CommandTable = &'static [&'static [KeyBinding]];

/// A row whose sentence follows.
pub(crate) const fn row(keys: &'static str, command: Command, label: &'static str) -> KeyBinding {
    KeyBinding { command, keys, label, does: "" }
}

impl KeyBinding {
    pub(crate) const fn does(self, does: &'static str) -> Self {
        Self { does, ..self }
    }

    /// Its keys, each as people write it.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.keys.split(' ')
    }

    /// The key that is shown.
    pub fn key(&self) -> &'static str {
        self.keys().next().unwrap_or_default()
    }
}

/// Going up and down by arrows, where letters are text.
pub(crate) const fn arrows(label: &'static str) -> [KeyBinding; 2] {
    [row("Up", Command::Up, "").does("Go up"), row("Down", Command::Down, label).does("Go down")]
}

/// Going up and down by arrows or letters.
pub(crate) const fn up_down(label: &'static str) -> [KeyBinding; 2] {
    let [up, down] = arrows(label);
    [KeyBinding { keys: "Up k", ..up }, KeyBinding { keys: "Down j", ..down }]
}

/// Going far.
pub(crate) const PAGES: &[KeyBinding] = &[
    row("PgUp", Command::PageUp, "").does("Go up a page"),
    row("PgDn", Command::PageDown, "").does("Go down a page"),
    row("Home", Command::First, "").does("Go to the first"),
    row("End", Command::Last, "").does("Go to the last"),
];

/// Looking on at what was begun for an environment.
pub(crate) const WATCH: &[KeyBinding] = &[row("W", Command::Watch, "watch")
    .does("Watch what runs for this environment, or was started last: its steps and what is told")];

/// All commands, where letters are no text.
pub(crate) const PALETTE: KeyBinding =
    row("? : Ctrl-P F1", Command::Palette, "help").does(SHOWS_ALL);
/// The same where letters are text. Some terminals keep F1 for themselves.
pub(crate) const PALETTE_BESIDE_TEXT: KeyBinding = KeyBinding { keys: "Ctrl-P F1", ..PALETTE };
const SHOWS_ALL: &str = "Show all commands; typing finds one, Enter runs it";

/// What every screen has before the ways out.
pub(crate) const MOUSE_AND_HELP: &[KeyBinding] =
    &[row("F8", Command::Mouse, "").does("Turn the mouse on or off"), PALETTE];
