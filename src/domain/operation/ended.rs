//! How an operation ended.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::cost::Estimate;
use crate::domain::environment::Record;
use crate::domain::environment::remains::Remain;
use crate::domain::forecast::Forecast;
use crate::domain::peering::new_hub::{self, DeviceSetting};
use crate::domain::peering::{HubConnection, NewHub};
use crate::domain::problem::Problem;
use crate::domain::progress::{Counts, NotAttempted};
use crate::domain::registration::Elsewhere;
use crate::domain::sentences::cost_sentence;

/// How an operation ended that could be begun. A `Problem` in its place means that nothing was sent, or that what was
/// sent cannot be followed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended<T> {
    /// It has reached its end.
    Done(T),
    /// The person left before that. What Azure was asked for goes on, and the same command goes on from there; the
    /// deployment is `None` when none was sent.
    Left { deployment: Option<String> },
    /// A deployment failed or was cancelled.
    Stopped(Box<Stopped>),
}

impl<T> Ended<T> {
    /// The same with another result.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Ended<U> {
        match self {
            Self::Done(done) => Ended::Done(change(done)),
            Self::Left { deployment } => Ended::Left { deployment },
            Self::Stopped(stopped) => Ended::Stopped(stopped),
        }
    }
}

impl Ended<Finished> {
    /// The environment, where one is deployed now.
    pub fn environment(&self) -> Option<&DeployedEnvironment> {
        match self {
            Self::Done(Finished::Environment(deployed)) => Some(deployed),
            _ => None,
        }
    }

    /// The environment's record, as it is then.
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Stopped(stopped) => stopped.record.as_deref(),
            other => other.environment().map(|deployed| &deployed.record),
        }
    }

    /// How long it took by Azure's clock, where a deployment ran.
    pub fn took(&self) -> Option<Duration> {
        match self {
            Self::Done(Finished::Environment(deployed)) => deployed.took,
            Self::Done(Finished::Hub(hub)) => hub.took,
            Self::Stopped(stopped) => Some(stopped.took),
            Self::Done(_) | Self::Left { .. } => None,
        }
    }

    /// Why it did not reach its goal, most telling first.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Stopped(stopped) => &stopped.problems,
            other => other.environment().map_or(&[], |deployed| &deployed.problems),
        }
    }

    /// True once an environment was deployed by it.
    pub fn is_ready(&self) -> bool {
        self.environment().is_some_and(|deployed| deployed.took.is_some())
    }
}

/// A deployment that ended before its goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stopped {
    /// Whether somebody cancelled it; else it failed.
    pub cancelled: bool,
    /// The environment's record; `None` for a hub.
    pub record: Option<Box<Record>>,
    /// `None` when none was sent.
    pub deployment: Option<String>,
    /// By Azure's clock.
    pub took: Duration,
    /// Why, most telling first; empty when it was cancelled.
    pub problems: Vec<Problem>,
    /// How far its steps came; all zero where none was seen.
    #[serde(default)]
    pub counts: Counts,
    /// What was not attempted, and why.
    #[serde(default)]
    pub not_attempted: Vec<NotAttempted>,
    /// What exists now.
    pub kept: KeptResources,
}

impl Stopped {
    /// How it ended, in a word.
    pub fn word(&self) -> &'static str {
        if self.cancelled { "cancelled" } else { "failed" }
    }
}

/// What exists, and what it costs to keep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptResources {
    /// How many resources exist, or why they could not be read.
    pub resources: Result<usize, Box<Problem>>,
    /// Their cost; `None` when nothing of them is in the plan.
    pub cost: Option<Estimate>,
}

impl KeptResources {
    /// How many resources exist; `None` when that could not be read.
    pub fn count(&self) -> Option<usize> {
        self.resources.as_ref().ok().copied()
    }

    /// What it costs to keep what exists, in a sentence. How many there are is told by the steps alone: Azure lists no
    /// subnets, role assignments and settings among the resources of a group, and lists cards and disks that nobody
    /// planned.
    pub fn sentence(&self) -> String {
        match &self.resources {
            Ok(0) => return "Nothing exists, so nothing costs anything.".into(),
            Ok(_) => {}
            Err(problem) => {
                return format!(
                    "What exists could not be read, so it is not known what it costs. {} {}",
                    problem.what, problem.advice
                );
            }
        }
        self.cost.as_ref().map_or_else(
            || "What exists has no price of its own.".into(),
            |estimate| format!("What exists costs on. {}", cost_sentence(estimate)),
        )
    }
}

/// An environment that was deployed and compared with what must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeployedEnvironment {
    pub record: Record,
    pub deployment: String,
    /// By Azure's clock; `None` when the environment was deployed already and nothing was changed.
    pub took: Option<Duration>,
    /// By name; secret ones are left out.
    pub outputs: Map<String, Value>,
    /// What a further deployment would change, where the environment was deployed already.
    #[serde(flatten)]
    pub forecast: Forecast,
    /// What is not as it must be, where the environment was deployed already.
    pub problems: Vec<Problem>,
    /// Where the credentials are; `None` when they are kept nowhere.
    pub credentials: Option<String>,
    /// What has to be registered, where its private DNS zones exist elsewhere.
    pub elsewhere: Option<Elsewhere>,
}

impl DeployedEnvironment {
    /// The studio's address, where it was told.
    pub fn studio(&self) -> Option<&str> {
        self.outputs.get("studioUrl").and_then(Value::as_str)
    }
}

/// A hub that was deployed, as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeployedHub {
    /// What it was made with.
    pub hub: NewHub,
    /// Its resource group.
    pub resource_group: String,
    /// The deployment that made it; `None` when it was not looked for.
    pub deployment: Option<String>,
    /// How long that took, by Azure's clock; `None` when it existed already.
    #[serde(skip_serializing, default)]
    pub took: Option<Duration>,
    /// Id of its network, to which environments are connected.
    pub network_id: String,
    /// Public address of its gateway; `None` while it has none.
    pub gateway_address: Option<String>,
    /// Address of its DNS resolver.
    pub resolver_address: Option<String>,
    /// State of the tunnel as Azure tells it, such as `Connected`; `None` when it does not.
    pub tunnel: Option<String>,
    /// Ranges of the networks that are connected to it.
    pub connected: Vec<String>,
    /// Where its shared key is kept; `None` when it is not kept here.
    pub key: Option<String>,
}

impl DeployedHub {
    /// What to set on the VPN device on-premises.
    pub fn device(&self) -> Vec<DeviceSetting> {
        let gateway = self.gateway_address.as_deref().unwrap_or("not known yet");
        new_hub::device(&self.hub, gateway, &self.connected)
    }

    /// Where the shared key is, in a sentence.
    pub fn key_sentence(&self) -> String {
        match &self.key {
            Some(place) => format!("The shared key is in {place}."),
            None => "The shared key is not saved on this machine.".into(),
        }
    }
}

/// What there is once an operation is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finished {
    /// What was asked for, and no more to tell.
    AsAsked,
    Environment(Box<DeployedEnvironment>),
    Hub(Box<DeployedHub>),
    Connected(Box<HubConnection>),
    /// What remains in Azure, or is left to others.
    Remains(Vec<Remain>),
}
