//! News: what a deployment, a removal or another act on an environment tells while it lasts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    app::screen::deploy::{Ending, Found},
    domain::{environment::Record, plan::Plan, problem::Problem, progress::Step},
};

/// News of a removal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Removal {
    /// A step begins.
    Step {
        /// What is done, in words.
        words: String,
        /// Its number, from 1.
        number: usize,
        /// How many steps there can be.
        of: usize,
    },
    /// So many resources are still listed.
    Left(usize),
    /// Everything is gone; what remains, a sentence each.
    Done(Vec<String>),
    /// It did not work.
    Failed(Problem),
}

/// News of what is being done to an environment that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acting {
    /// A step begins, in words.
    Step(String),
    /// It is done.
    Done,
    /// It did not work.
    Failed(Problem),
}

/// News of a deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum News {
    /// A stage begins, in words.
    Stage(String),
    /// What will be made, or is being made.
    Planned(Box<Plan>),
    /// The credentials were written and read back.
    CredentialsKept {
        /// Where, in a few words.
        place: String,
    },
    /// Azure has accepted a deployment, or a running one was found.
    Started {
        /// The environment.
        record: Box<Record>,
        /// The deployment's name.
        deployment: String,
        /// Whether it was there already.
        found: Found,
    },
    /// Azure has been read.
    Steps {
        /// The steps that are not as they were told before.
        changed: Vec<Step>,
        /// Since the deployment's begin, by Azure's clock.
        elapsed: Duration,
        /// What is left by usual durations.
        remaining: Duration,
    },
    /// It failed of something that passes by itself, and is sent again after a pause.
    Retrying {
        /// Number of the automatic repetition, from 1.
        attempt: u32,
        /// The pause, in Azure's time.
        wait: Duration,
        /// Why it failed.
        because: Vec<Problem>,
    },
    /// Azure was asked to cancel; what has begun ends first.
    Cancelling,
    /// Azure cannot be reached; it is tried on.
    Lost(Problem),
    /// Azure is reached again.
    Reconnected,
    /// Something to know that is no failure, in words.
    Notice(String),
    /// It has ended.
    Ended(Box<Ending>),
    /// It could not be sent or followed.
    Refused(Problem),
}
