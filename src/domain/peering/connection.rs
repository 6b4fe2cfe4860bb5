//! How far an environment is connected to a hub: the guided steps, and what each of them lacks.

use serde::{Deserialize, Serialize};

use super::{Far, Half, Hub, Mistake, Names};

/// The guided steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Both halves of the peering.
    Link,
    /// Private names answered in the hub and on-premises.
    Names,
    /// Routes there and back, and what filters on the way.
    Routes,
    /// The test from on-premises.
    Test,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepStatus {
    /// Nothing is missing, as far as can be seen from Azure.
    Done,
    /// The account can do what is missing.
    ToDo,
    /// Somebody else must act; it is met again when they have.
    Waiting,
    /// Only a look from on-premises can tell.
    Outside,
}

/// Something that a step lacks, or that should be known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// The step of the twelve that it belongs to.
    pub mistake: Mistake,
    /// What was found, in one sentence.
    pub what: String,
    /// What to do, in one or two sentences.
    pub remedy: String,
    /// True where it is only to be known: it keeps nobody out, and nothing waits for it.
    #[serde(default)]
    pub note: bool,
}

impl Lack {
    /// Something that is missing.
    pub fn new(mistake: Mistake, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { mistake, what: what.into(), remedy: remedy.into(), note: false }
    }

    /// The same as something that is only to be known.
    pub fn only_to_know(self) -> Self {
        Self { note: true, ..self }
    }
}

/// A guided step as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// Which step.
    pub topic: Topic,
    /// How it stands.
    pub standing: StepStatus,
    /// In a few words, such as `1 of 2 sides, Initiated`.
    pub summary: String,
    /// What it lacks, most urgent first; can be told beside a step that is done too.
    pub lacks: Vec<Lack>,
}

/// What stands between an environment and a hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubConnection {
    /// Id of the environment's network.
    pub network_id: String,
    /// The hub.
    pub hub: Hub,
    /// Our half.
    pub near: Option<Half>,
    /// The hub's half.
    pub far: Far,
    /// The guided steps, in order.
    pub steps: Vec<Guide>,
    /// What is to be done so that private names are known in the hub.
    #[serde(default)]
    pub names: Names,
}

impl HubConnection {
    /// Whether somebody else must act before both sides are connected and names are known, as far as Azure can tell.
    pub fn waits(&self) -> bool {
        let own = |step: &&Guide| matches!(step.topic, Topic::Link | Topic::Names);
        !self
            .steps
            .iter()
            .filter(own)
            .all(|step| matches!(step.standing, StepStatus::Done | StepStatus::Outside))
    }
}
