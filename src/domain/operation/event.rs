//! What is told of an operation while it goes on. Plain data, which can be recorded and played back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::OperationStep;
use crate::domain::environment::Record;
use crate::domain::peering::NewHub;
use crate::domain::plan::Plan;
use crate::domain::problem::Problem;
use crate::domain::progress::Step;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A stage begins.
    Stage(Stage),
    /// What will be created, or is being created.
    Planned(Box<Plan>),
    /// A secret was written and read back; the place is told in a few words.
    SecretKept { secret: SecretKind, place: String },
    /// Azure has accepted a deployment; `found` when it ran already.
    Started { of: Subject, deployment: String, found: bool },
    /// Azure has been read.
    Steps {
        /// The steps that are not as they were told before.
        changed: Vec<Step>,
        /// Symbols of those among them whose state is another, in the plan's order. What an earlier attempt created
        /// is not among them.
        turned: Vec<String>,
        /// Since the first attempt's begin, by Azure's clock, pauses included.
        elapsed: Duration,
        /// The attempt that this is.
        #[serde(default)]
        attempt: Attempt,
    },
    /// A temporary failure; it is sent again after a pause in Azure's time. `attempt` is the
    /// number of the automatic repetition, from 1.
    Retrying { attempt: u32, wait: Duration, because: Vec<Problem> },
    /// A step that is no deployment begins. Numbers count from 1; steps that have nothing to do are left out.
    Act { act: OperationStep, number: usize, of: usize },
    /// How far the step is that goes on, in words.
    Detail(String),
    /// The resource group is being removed; so many resources are still listed.
    Deleting { left: usize },
    /// Something to know that is no failure.
    Notice(Notice),
}

/// One of the deployments that are sent until nothing is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Counts from 1; further ones are automatic.
    pub number: u32,
    /// Since its own begin, by Azure's clock.
    pub elapsed: Duration,
}

impl Default for Attempt {
    fn default() -> Self {
        Self { number: 1, elapsed: Duration::ZERO }
    }
}

/// What a deployment is of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    Environment(Box<Record>),
    Hub(Box<NewHub>),
}

/// A secret that an operation keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// User name and password of the jumpbox.
    Credentials,
    /// The shared key of a hub's tunnel.
    SharedKey,
}

/// What the engine is busy with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Trying whether the store of credentials keeps what it is given.
    TryingStore,
    /// Reading what exists in Azure.
    Looking,
    /// Registering the subscription for services that it has not used yet.
    Registering(Vec<String>),
    /// Creating the resource group.
    MakingGroup(String),
    /// Having Azure check the deployment.
    Validating,
    /// Writing the credentials and reading them back.
    KeepingCredentials,
    /// Writing the shared key of a hub and reading it back.
    KeepingKey,
    /// Sending the deployment.
    Submitting,
    /// Waiting for the end of what was cancelled.
    Cancelling,
    /// Comparing what was created with what must be.
    Checking,
    /// Asking Azure what a further deployment would change.
    Previewing,
    /// Deleting the resource group.
    Deleting(String),
}

/// Something to know that is no failure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// Azure asked to slow down.
    Throttled { wait: Duration },
    /// A request failed in a way that passes and is sent again; the first repetition is attempt 2.
    Repeating { attempt: u32, why: String, wait: Duration },
    /// Azure cannot be reached; still trying, and what Azure works on continues.
    StillTrying(Box<Problem>),
    /// Azure is reached again.
    Reconnected,
    /// Another window of this program prepares the same environment; it is waited for.
    AnotherWindow,
    /// The record knows an environment that Azure no longer has: it is created again.
    Vanished,
    /// The running deployment keeps its own settings; those given now are not used.
    SettingsKept,
    /// The resource group was empty and in another region: it was removed and created anew.
    GroupMoved,
    /// The jumpbox exists and keeps its password, which is not known here.
    PasswordUntouched,
    /// Another change stands in the way for the moment; it is waited for.
    Waiting(Box<Problem>),
    /// Something that does not keep the work from going on.
    Minor(Box<Problem>),
}
