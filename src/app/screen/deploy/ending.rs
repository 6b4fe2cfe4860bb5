//! How a deployment ended, and what exists then: plain data for the screen and for recordings.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{environment::Record, problem::Problem};

/// What exists of an environment, and what it costs to keep.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Kept {
    /// How many resources are in its group.
    pub resources: usize,
    /// US dollars a day, by list prices; `None` where nothing of it has a known price.
    pub daily: Option<f64>,
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
