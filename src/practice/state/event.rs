//! What will happen later in simulated time. An event is a plain note; `advance` carries it out when it is due.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::practice::identifier::{ResourceId, Scope};

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When, in simulated time.
    pub due: Timestamp,
    /// Order among events due at the same time.
    pub sequence: u64,
    /// What.
    pub what: What,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum What {
    /// A deployment goes on; what `step` means is the deployment's own business.
    DeploymentStep { scope: Scope, deployment: String, step: String },
    /// A resource that was being written is ready.
    ResourceDone { id: ResourceId, operation: Option<String> },
    /// A resource that was being deleted is gone.
    ResourceGone { id: ResourceId, operation: Option<String> },
    /// An action upon a resource has taken effect.
    ActionDone {
        /// The resource.
        id: ResourceId,
        /// The action, such as `start`, in lower case.
        action: String,
        /// The operation that reports it.
        operation: Option<String>,
    },
    /// A group that was being deleted is empty and goes.
    GroupGone { scope: Scope, operation: Option<String> },
    /// A resource provider is registered.
    ProviderRegistered {
        /// Subscription id, in lower case.
        subscription: String,
        /// Namespace, in lower case.
        namespace: String,
    },
    /// A machine sends what it sends in a round of its first day.
    Traffic {
        /// The machine.
        machine: ResourceId,
        /// Which round, from 0.
        round: usize,
    },
    /// An operation whose result is known already is reported as done.
    OperationDone { operation: String },
}
