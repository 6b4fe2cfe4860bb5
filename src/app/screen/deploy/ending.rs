//! How a deployment ended, and what exists then: plain data for the screen and for recordings.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{environment::Record, problem::Problem, words};

/// What exists of an environment, and what it costs to keep.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Kept {
    /// How many resources are in its group; `None` when that could not be read.
    pub resources: Option<usize>,
    /// US dollars a day, by list prices; `None` where nothing of it has a known price.
    pub daily: Option<f64>,
}

impl Kept {
    /// What exists and what it costs, in a sentence.
    #[must_use]
    pub fn words(&self, practice: bool) -> String {
        let exist = match self.resources {
            None => {
                return "What exists could not be read, so it is not known what it costs."
                    .to_owned();
            }
            Some(0) => return "Nothing exists, so nothing costs anything.".to_owned(),
            Some(1) => "1 resource exists".to_owned(),
            Some(more) => format!("{more} resources exist"),
        };
        match self.daily {
            _ if practice => format!("{exist}; on the practice cloud that costs nothing."),
            Some(daily) => {
                format!("You are paying for what exists: {exist}, about ${daily:.0} a day.")
            }
            None => format!("{exist}; none of them has a price of its own."),
        }
    }
}

/// How a deployment ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The environment stands and has been checked.
    Ready {
        /// Its record.
        record: Box<Record>,
        /// How long it took, by Azure's clock.
        took: Duration,
        /// Where the credentials are; `None` when they are kept nowhere.
        credentials: Option<String>,
        /// The studio's address, where it was told.
        studio: Option<String>,
    },
    /// It stood already; nothing was changed.
    Stands {
        /// Its record.
        record: Box<Record>,
        /// Resources that a further deployment would change, with how.
        changes: Vec<(String, String)>,
        /// What is not as it must be.
        problems: Vec<Problem>,
        /// Where the credentials are; `None` when they are kept nowhere.
        credentials: Option<String>,
        /// The studio's address, where it was told.
        studio: Option<String>,
    },
    /// It failed.
    Failed {
        /// Its record.
        record: Box<Record>,
        /// How long it took, by Azure's clock.
        took: Duration,
        /// Why, most telling first.
        problems: Vec<Problem>,
        /// What exists now.
        kept: Kept,
    },
    /// It was cancelled.
    Cancelled {
        /// Its record.
        record: Box<Record>,
        /// How long it took, by Azure's clock.
        took: Duration,
        /// What exists now.
        kept: Kept,
    },
    /// The watching ended before the deployment did.
    Left {
        /// The environment.
        full_name: String,
        /// True when Azure goes on with it.
        running: bool,
    },
}

impl Ending {
    /// The environment's record, as it stands then.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Ready { record, .. }
            | Self::Stands { record, .. }
            | Self::Failed { record, .. }
            | Self::Cancelled { record, .. } => Some(record),
            Self::Left { .. } => None,
        }
    }

    /// How long it took, where something ran.
    #[must_use]
    pub fn took(&self) -> Option<Duration> {
        match self {
            Self::Ready { took, .. } | Self::Failed { took, .. } | Self::Cancelled { took, .. } => {
                Some(*took)
            }
            Self::Stands { .. } | Self::Left { .. } => None,
        }
    }

    /// Why it did not reach its goal, most telling first.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Failed { problems, .. } | Self::Stands { problems, .. } => problems,
            _ => &[],
        }
    }

    /// The end in a sentence.
    #[must_use]
    pub fn words(&self, took: Duration) -> String {
        let took = words::duration(took);
        match self {
            Self::Ready { .. } => format!("Ready after {took}."),
            Self::Stands { .. } => "It stands already; nothing was changed.".to_owned(),
            Self::Failed { .. } => format!("Failed after {took}."),
            Self::Cancelled { .. } => format!("Cancelled after {took}."),
            Self::Left { running: true, .. } => "Left running; Azure carries on.".to_owned(),
            Self::Left { .. } => "Nothing was sent.".to_owned(),
        }
    }
}
