//! What is being made, or was: one fold over the news of a deployment, live, resumed or played back.
//!
//! Azure's word alone counts: what has not been told is waiting, and times are Azure's. The only time taken from here is
//! how long ago Azure was read.

mod ending;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Screen, preview};
use crate::{
    app::{
        App,
        command::{Command, ESCAPE, Entry, HELP, QUIT, entry},
        effect::{Effect, Order},
        key::Key,
        message::News,
    },
    domain::{environment::Record, plan::Plan, problem::Problem, progress::Step},
};

pub use ending::{Ending, Kept};

/// The keys of the deployment.
pub const TABLE: &[Entry] = &[
    entry(
        Command::Cancel,
        &[Key::char('x')],
        "cancel…",
        "Stop the deployment in Azure; asks first",
    ),
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(
        Command::Back,
        ESCAPE,
        "list",
        "Go back to the environments; the deployment goes on",
    ),
    entry(
        Command::Quit,
        QUIT,
        "leave it running",
        "Leave the program; the deployment goes on",
    ),
];

/// Whether a deployment was sent from here now, or ran already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// It was sent now.
    Sent,
    /// It was there already.
    Running,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Course {
    /// Nothing is watched.
    #[default]
    None,
    /// It is prepared, or looked for.
    Preparing,
    /// Azure works on it.
    Running,
    /// It has been asked to stop; what has begun ends first.
    Cancelling,
    /// It has ended.
    Ended(Box<Ending>),
    /// It could not be sent or followed.
    Refused(Box<Problem>),
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When it was heard, by this machine's clock.
    pub at: Timestamp,
    /// What happened.
    pub text: String,
}

/// What is being made, or was.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Deploy {
    /// Number of the run; news of older ones are dropped.
    pub run: u64,
    /// How far it has come.
    pub course: Course,
    /// The environment, once it is known.
    pub record: Option<Box<Record>>,
    /// The deployment's name, once it was sent.
    pub deployment: Option<String>,
    /// What is to be deployed, for a further attempt; `None` where it was only followed.
    #[serde(skip)]
    pub order: Option<Box<Order>>,
    /// What will be made.
    pub plan: Option<Box<Plan>>,
    /// The steps, in the plan's order; those that the plan does not know stand last.
    pub steps: Vec<Step>,
    /// Since the deployment's begin, by Azure's clock, when it was last read.
    pub elapsed: Duration,
    /// What is left by usual durations.
    pub remaining: Duration,
    /// When Azure last answered, by this machine's clock.
    pub read_at: Option<Timestamp>,
    /// Why Azure cannot be reached at the moment.
    pub lost: Option<Box<Problem>>,
    /// What happened, oldest first.
    pub log: Vec<LogLine>,
}

impl Deploy {
    /// True while Azure works on it, or it is being prepared.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(
            self.course,
            Course::Preparing | Course::Running | Course::Cancelling
        )
    }

    /// True when it is about that environment.
    #[must_use]
    pub fn is_of(&self, full_name: &str) -> bool {
        self.record
            .as_ref()
            .is_some_and(|record| record.full_name == full_name)
    }
}

/// Whether a command can be run now.
pub(in crate::app) fn availability(app: &App, command: Command) -> Result<(), String> {
    match command {
        Command::Cancel if !app.deploy.is_running() => Err("Nothing is running.".into()),
        _ => Ok(()),
    }
}

/// Opens an environment's deployment; one that is watched already is only shown.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    app.go(Screen::Deploy);
    if app.deploy.is_of(&record.full_name) && app.deploy.is_running() {
        return Vec::new();
    }
    let run = app.deploy.run + 1;
    app.deploy = Deploy {
        run,
        course: Course::Preparing,
        record: Some(Box::new(record.clone())),
        ..Deploy::default()
    };
    vec![
        Effect::Leave,
        Effect::Follow {
            run,
            record: Box::new(record.clone()),
        },
    ]
}

/// Sends what form and preview say.
pub(in crate::app) fn begin(app: &mut App) -> Vec<Effect> {
    let Some(order) = preview::order(app) else {
        return Vec::new();
    };
    let run = app.deploy.run + 1;
    app.deploy = Deploy {
        run,
        course: Course::Preparing,
        order: Some(Box::new(order.clone())),
        ..Deploy::default()
    };
    app.go(Screen::Deploy);
    vec![
        Effect::Leave,
        Effect::Deploy {
            run,
            order: Box::new(order),
        },
    ]
}

/// Asks Azure to cancel.
pub(in crate::app) fn cancel(_app: &mut App) -> Vec<Effect> {
    vec![Effect::Cancel]
}

pub(in crate::app) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => app.go(Screen::Environments),
        Command::Quit => return crate::app::update::quit(app),
        _ => {}
    }
    Vec::new()
}

pub(in crate::app) fn on_row(_app: &mut App, _row: usize) -> Vec<Effect> {
    Vec::new()
}

pub(in crate::app) fn on_pane(_app: &mut App, _pane: usize) -> Vec<Effect> {
    Vec::new()
}

/// Takes in news of a run; of an older one they are dropped.
pub(in crate::app) fn on_news(app: &mut App, run: u64, _news: News) -> Vec<Effect> {
    if run != app.deploy.run {
        return Vec::new();
    }
    Vec::new()
}

/// When something on the screen changes by itself.
pub(in crate::app) fn next_tick(_app: &App) -> Option<Timestamp> {
    None
}

pub(in crate::app) fn on_tick(_app: &mut App) -> Vec<Effect> {
    Vec::new()
}
