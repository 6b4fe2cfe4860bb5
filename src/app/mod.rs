//! The wizard without its screen: what is known, what is chosen, and what follows from each message.
//!
//! State is plain data; `update` is a pure function of state, time and message, and answers with effects. Nothing
//! here may draw, wait, ask a clock or touch the outside world, so that a run can be tested in microseconds and
//! played back.

pub mod account;
pub mod command;
pub mod costs;
pub mod dialog;
pub mod effect;
pub mod field;
pub mod graph;
pub mod hidden;
pub mod key;
pub mod map;
pub mod message;
pub mod operations;
pub mod palette;
pub mod place;
pub mod recording;
pub(crate) mod remedy;
pub mod screen;
mod time;
mod update;
pub mod watch;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::account::Account;
use self::costs::Costs;
use self::dialog::Dialog;
use self::effect::Effect;
use self::message::Message;
use self::palette::Palette;
use self::place::Place;
use self::screen::Screen;
use self::screen::audit::AuditScreen;
use self::screen::basics::Basics;
use self::screen::credentials::CredentialsScreen;
use self::screen::deploy::Deploy;
use self::screen::environments::Environments;
use self::screen::peering::Peering;
use self::screen::preview::Preview;
use self::screen::refused::RefusedScreen;
use self::screen::status::Status;
use self::watch::Watch;
use crate::domain::settings::{Cloud, Draft};

/// How the program was started: what does not change while it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartOptions {
    /// The program's version.
    pub version: String,
    /// True when everything happens on the practice cloud.
    pub practice: bool,
    /// Simulated seconds per real second; 1 on Azure.
    pub speed: f64,
    /// Seconds east of Greenwich of this machine's clock, for times on the screen.
    pub utc_offset: i32,
    /// Which Azure.
    pub cloud: Cloud,
    /// The subscription that was asked for, by id or name.
    pub subscription: Option<String>,
    /// Answers that were given on the command line.
    pub draft: Draft,
}

/// How something that is told is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Just so that one knows.
    Plain,
    /// It went well.
    Good,
    /// Worth a thought.
    Warn,
    /// It did not go well.
    Bad,
}

impl Tone {
    /// Words that are meant so.
    pub fn says(self, words: impl Into<String>) -> (Self, String) {
        (self, words.into())
    }
}

/// The sentence above the keys: what just happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusLine {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// When it was said.
    pub since: Timestamp,
}

/// Columns of a screen that nothing was told of.
const USUAL_COLUMNS: u16 = 100;

/// Everything the program knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct App {
    /// How it was started.
    pub start: StartOptions,
    /// The time of the last message, by this machine's clock.
    pub now: Timestamp,
    /// What is on the screen.
    pub screen: Screen,
    /// Who is signed in.
    pub account: Account,
    /// What exists.
    pub environments: Environments,
    /// The form.
    pub basics: Basics,
    /// What would be made.
    pub preview: Preview,
    /// What the live pane shows.
    pub deploy: Deploy,
    /// The credentials and the way in.
    pub credentials: CredentialsScreen,
    /// An environment that stands.
    pub status: Status,
    /// Whether it is still private.
    pub audit: AuditScreen,
    /// What its firewall refused.
    pub refused: RefusedScreen,
    /// How it is connected to a hub.
    pub peering: Peering,
    /// The prices of regions, and what environments cost.
    pub costs: Costs,
    /// What was begun from here, by its number; what has ended stays until something else is begun of the same name.
    pub operations: BTreeMap<u64, Watch>,
    /// How many operations were begun.
    pub begun: u64,
    /// What lies over the screen.
    pub dialog: Option<Dialog>,
    /// The commands of what lies below, while they are shown.
    pub palette: Option<Palette>,
    /// What just happened.
    pub line: Option<StatusLine>,
    /// Columns of the screen, as far as was told: they decide what lies beside what.
    #[serde(default)]
    pub columns: u16,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// True once the program is to end.
    pub quitting: bool,
}

impl App {
    /// The state before anything has happened, and what to ask of the world first.
    pub fn new(start: StartOptions, now: Timestamp) -> (Self, Vec<Effect>) {
        let basics = Basics::new(&start);
        let app = Self {
            screen: Screen::Environments,
            account: Account::default(),
            environments: Environments::default(),
            basics,
            preview: Preview::default(),
            deploy: Deploy::default(),
            credentials: CredentialsScreen::default(),
            status: Status::default(),
            audit: AuditScreen::default(),
            refused: RefusedScreen::default(),
            peering: Peering::default(),
            costs: Costs::default(),
            operations: BTreeMap::new(),
            begun: 0,
            dialog: None,
            palette: None,
            line: None,
            columns: USUAL_COLUMNS,
            mouse: false,
            quitting: false,
            start,
            now,
        };
        let effects = vec![
            Effect::ReadRecords,
            Effect::SignIn { tenant: None, way: effect::SignInMethod::Found },
        ];
        (app, effects)
    }

    /// Takes in a message that came at a time, and answers what is to be done.
    pub fn update(&mut self, at: Timestamp, message: Message) -> Vec<Effect> {
        // A clock that was set back must not make anything last longer.
        self.now = self.now.max(at);
        update::update(self, message)
    }

    /// Where keys go now.
    pub fn place(&self) -> Place {
        if self.palette.is_some() {
            return Place::Palette;
        }
        self.place_below_palette()
    }

    /// Where keys go once the palette is closed.
    pub(crate) fn place_below_palette(&self) -> Place {
        match &self.dialog {
            Some(dialog) => dialog.place(),
            None => self.screen_place(),
        }
    }

    /// The place of the screen, whatever lies over it.
    pub(crate) fn screen_place(&self) -> Place {
        match self.screen {
            Screen::Environments if self.environments.filtering => Place::Filter,
            Screen::Environments if self.environments.is_first_run() => Place::Welcome,
            other => Place::Screen(other),
        }
    }

    /// Says what just happened.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.line = Some(StatusLine { tone, text: text.into(), since: self.now });
    }
}

#[cfg(test)]
pub(crate) mod tests;
