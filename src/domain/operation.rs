//! Operations: what is started, goes on for a while, can be left and met again, and ends.
//!
//! One vocabulary for all of them, from a deployment to a new password: what is told, how it ends, and the sentences.
//! The engine carries them out; each face shows them its own way.

mod act;
mod ended;
mod event;
pub mod words;

pub use act::OperationStep;
pub use ended::{DeployedEnvironment, DeployedHub, Ended, Finished, KeptResources, Stopped};
pub use event::{Attempt, Event, Notice, SecretKind, Stage, Subject};

use serde::{Deserialize, Serialize};

use super::allowlist::OwnHost;
use super::environment::{Keeping, Record};
use super::peering::NewHub;
use super::progress::Step;
use super::settings::Settings;

/// What is to be done. It holds no secret and can be recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    Deploy(Box<Order>),
    /// Watches the newest deployment to its end, and sends none.
    Follow(Box<Record>),
    Delete(Box<Record>),
    /// Starts the jumpbox.
    Start(Box<Record>),
    /// Stops the jumpbox so that only its disk costs.
    Stop(Box<Record>),
    /// Switches off what costs by the hour.
    Pause(Box<Record>),
    Resume(Box<Record>),
    /// Sets a new password on the jumpbox.
    Reset(Box<Record>),
    /// Lets a host through the firewall.
    Allow {
        record: Box<Record>,
        host: OwnHost,
    },
    /// Connects an environment to the hub of an id.
    Link {
        record: Box<Record>,
        hub: String,
    },
    Unlink(Box<Record>),
    /// Creates a hub in the subscription of an environment, its key where the environment's credentials are.
    MakeHub {
        hub: Box<NewHub>,
        beside: Box<Record>,
    },
}

/// What is to be deployed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub settings: Settings,
    /// Where the credentials are to be kept.
    pub keeping: Keeping,
    /// The record of an environment that exists, whose group and template are used again.
    pub existing: Option<Box<Record>>,
    /// Whether to deploy again over an environment that exists.
    pub mend: bool,
}

impl Operation {
    /// The environment that it is about, where it exists already.
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Deploy(order) => order.existing.as_deref(),
            Self::Follow(record)
            | Self::Delete(record)
            | Self::Start(record)
            | Self::Stop(record)
            | Self::Pause(record)
            | Self::Resume(record)
            | Self::Reset(record)
            | Self::Unlink(record)
            | Self::Allow { record, .. }
            | Self::Link { record, .. }
            | Self::MakeHub { beside: record, .. } => Some(record),
        }
    }

    /// What is done, in the word that commands and tables use for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Deploy(_) | Self::Follow(_) => "deploy",
            Self::Delete(_) => "delete",
            Self::Start(_) => "start",
            Self::Stop(_) => "stop",
            Self::Pause(_) => "pause",
            Self::Resume(_) => "resume",
            Self::Reset(_) => "reset",
            Self::Allow { .. } => "allow",
            Self::Link { .. } => "link",
            Self::Unlink(_) => "unlink",
            Self::MakeHub { .. } => "hub",
        }
    }

    /// The name of the environment, or of the hub.
    pub fn name(&self) -> String {
        match self {
            Self::Deploy(order) => order.settings.full_name(),
            Self::MakeHub { hub, .. } => hub.name.to_string(),
            other => other.record().map(|record| record.full_name.clone()).unwrap_or_default(),
        }
    }

    /// Whether it changes an environment that exists by itself: not by a deployment, and not as its end.
    pub fn is_change(&self) -> bool {
        !self.is_deployment() && !matches!(self, Self::Delete(_))
    }

    /// Whether Azure deploys a template meanwhile, which can be cancelled: that of an environment or that of a hub.
    pub fn is_deployment(&self) -> bool {
        self.deploys_environment() || self.is_hub()
    }

    /// Whether it is about a hub.
    pub fn is_hub(&self) -> bool {
        matches!(self, Self::MakeHub { .. })
    }

    /// Whether an environment is deployed.
    pub fn deploys_environment(&self) -> bool {
        matches!(self, Self::Deploy(_) | Self::Follow(_))
    }

    /// Whether a template is deployed once more over an environment that exists.
    pub fn is_mend(&self) -> bool {
        matches!(self, Self::Deploy(order) if order.mend)
    }

    /// Whether it is about an environment, or about a hub beside it.
    pub fn concerns(&self, full_name: &str) -> bool {
        self.name() == full_name
            || self.record().is_some_and(|record| record.full_name == full_name)
    }
}

/// Puts steps that have changed in the place of what was told of them before; what the plan does not know comes last.
pub fn take_steps(known: &mut Vec<Step>, changed: Vec<Step>) {
    for step in changed {
        match known.iter_mut().find(|each| each.id == step.id) {
            Some(before) => *before = step,
            None => known.push(step),
        }
    }
}
