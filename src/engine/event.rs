//! What the engine tells while it works, and how it ends. Plain data: a face makes words, lines or screens of it.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;

use super::act::Act;
use crate::{
    azure::{
        arm::{ResourceSummary, WhatIf},
        http,
    },
    domain::{
        cost::Estimate,
        environment::Record,
        peering::NewHub,
        plan::Plan,
        problem::Problem,
        progress::{Change, Counts, Progress, Step},
        registration::Elsewhere,
    },
};

/// Where events go. Nobody needs to listen.
pub type Events = UnboundedSender<Event>;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A stage begins.
    Stage(Stage),
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
        /// True when it ran already.
        found: bool,
    },
    /// The shared key of a hub was written and read back.
    KeyKept {
        /// Where, in a few words.
        place: String,
    },
    /// Azure has accepted the deployment of a hub, or a running one was found.
    HubStarted {
        /// The hub.
        hub: Box<NewHub>,
        /// The deployment's name.
        deployment: String,
        /// True when it ran already.
        found: bool,
    },
    /// Steps have changed, or time has passed.
    Steps {
        /// The steps that changed, in the plan's order.
        changes: Vec<Change>,
        /// How things stand.
        snapshot: Snapshot,
    },
    /// The deployment failed of something that passes by itself, and is sent again after a pause.
    Retrying {
        /// Number of the automatic repetition, from 1.
        attempt: u32,
        /// The pause, in Azure's time.
        wait: Duration,
        /// Why it failed.
        because: Vec<Problem>,
    },
    /// A step of an act that is no deployment begins.
    Act {
        /// The step.
        act: Act,
        /// Its number, from 1. Steps that have nothing to do are left out.
        number: usize,
        /// How many steps the act can have.
        of: usize,
    },
    /// How far the step is that goes on, in words.
    Detail(String),
    /// The resource group is being removed.
    Deleting {
        /// Resources that are still listed.
        left: usize,
    },
    /// Something a person may want to know.
    Notice(Notice),
}

/// What the engine is busy with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Trying whether the store of credentials keeps what it is given.
    TryingStore,
    /// Reading what exists in Azure.
    Looking,
    /// Registering the subscription for services that it has not used yet.
    Registering(Vec<String>),
    /// Asking what the account may do.
    CheckingRights,
    /// Making the resource group.
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
    /// Comparing what was made with what must be.
    Checking,
    /// Asking Azure what a further deployment would change.
    Previewing,
    /// Removing the resource group.
    Deleting(String),
}

/// Something to know that is no failure.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Told by the HTTP layer: throttling, repetitions, a renewed token.
    Http(http::Notice),
    /// Azure cannot be reached; it is tried on, and the deployment goes on meanwhile.
    StillTrying(Box<Problem>),
    /// Azure is reached again.
    Reconnected,
    /// Another window of this program prepares the same environment; it is waited for.
    AnotherWindow,
    /// The record knows an environment that Azure no longer has: it is made anew.
    Vanished,
    /// The running deployment keeps its own settings; those given now are not used.
    SettingsKept,
    /// The account cannot assign roles: data is reached by the storage account's key.
    KeyBased,
    /// The rights could not be read, or seem not to suffice; Azure decides.
    RightsUnclear(Vec<String>),
    /// The jumpbox exists and keeps its password, which is not known here.
    PasswordUntouched,
    /// Another change stands in the way for the moment; it is waited for.
    Waiting(Box<Problem>),
    /// Something that does not keep the work from going on.
    Minor(Box<Problem>),
}

/// How a deployment stands at a moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// How many steps are in which state.
    pub counts: Counts,
    /// Since the deployment's begin, by Azure's clock.
    pub elapsed: Duration,
    /// What is left by usual durations.
    pub remaining: Duration,
    /// The steps that run, longest first.
    pub running: Vec<Step>,
    /// All steps.
    pub progress: Arc<Progress>,
}

impl Snapshot {
    pub(super) fn of(progress: &Progress, elapsed: Duration) -> Self {
        Self {
            counts: progress.counts(),
            elapsed,
            remaining: progress.remaining(),
            running: progress.running().into_iter().cloned().collect(),
            progress: Arc::new(progress.clone()),
        }
    }
}

/// How `deploy` or `follow` ended.
#[derive(Debug)]
pub enum Outcome {
    /// The environment stands and has been checked.
    Ready(Box<Ready>),
    /// It stood already; nothing was changed.
    Stands(Box<Stands>),
    /// It failed.
    Failed(Box<Stopped>),
    /// It was cancelled.
    Cancelled(Box<Stopped>),
    /// The watching ended before the deployment did.
    Left(Box<Left>),
}

/// An environment that has just been finished.
#[derive(Debug)]
pub struct Ready {
    /// Its record.
    pub record: Record,
    /// The deployment that finished it.
    pub deployment: String,
    /// How long that took, by Azure's clock.
    pub took: Duration,
    /// Its outputs, by name; secret ones are left out.
    pub outputs: Map<String, Value>,
    /// Where the credentials are; `None` when they are kept nowhere.
    pub credentials: Option<String>,
    /// What has to be registered, where its private DNS zones exist elsewhere.
    pub elsewhere: Option<Elsewhere>,
}

/// An environment that stood already.
#[derive(Debug)]
pub struct Stands {
    /// Its record.
    pub record: Record,
    /// The deployment that made it.
    pub deployment: String,
    /// Outputs of that deployment, by name; secret ones are left out.
    pub outputs: Map<String, Value>,
    /// What a further deployment would change.
    pub changes: WhatIf,
    /// What is not as it must be.
    pub problems: Vec<Problem>,
    /// Where the credentials are; `None` when they are kept nowhere.
    pub credentials: Option<String>,
    /// What has to be registered, where its private DNS zones exist elsewhere.
    pub elsewhere: Option<Elsewhere>,
}

/// A deployment that ended before its goal.
#[derive(Debug)]
pub struct Stopped {
    /// The environment's record.
    pub record: Record,
    /// The deployment; `None` when none was sent.
    pub deployment: Option<String>,
    /// How long it took, by Azure's clock.
    pub took: Duration,
    /// Why; empty when it was cancelled.
    pub problems: Vec<Problem>,
    /// What exists now.
    pub kept: Kept,
}

/// What exists of an environment, and what it costs to keep.
#[derive(Debug)]
pub struct Kept {
    /// The resources in its group, or why they could not be read.
    pub resources: Result<Vec<ResourceSummary>, Problem>,
    /// Their cost; `None` when nothing of them is in the plan.
    pub cost: Option<Estimate>,
}

impl Kept {
    /// How many resources exist; `None` when that could not be read.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        self.resources.as_ref().ok().map(Vec::len)
    }
}

/// A deployment that was left running.
#[derive(Debug)]
pub struct Left {
    /// The environment's name, such as `test4821`.
    pub full_name: String,
    /// The deployment; `None` when none had been sent yet.
    pub deployment: Option<String>,
}

/// A hook for the HTTP layer whose notices become events.
#[must_use]
pub fn hook(events: Events) -> http::Hook {
    Arc::new(move |notice| tell(&events, Event::Notice(Notice::Http(notice.clone()))))
}

/// Sends an event. That nobody listens is no failure.
pub(super) fn tell(events: &Events, event: Event) {
    let _ = events.send(event);
}

pub(super) fn stage(events: &Events, stage: Stage) {
    tell(events, Event::Stage(stage));
}

pub(super) fn notice(events: &Events, notice: Notice) {
    tell(events, Event::Notice(notice));
}
