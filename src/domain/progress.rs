//! Progress of a deployment: one fold over the operations that Azure Resource Manager lists.
//!
//! Live, resumed, replayed and tested runs use the same fold. This module must not ask Azure or a clock: times come in
//! with the operations.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// The resource that an operation works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Full resource id.
    pub id: String,
    /// Resource type.
    pub resource_type: String,
    /// Resource name, parents included.
    pub name: String,
}

/// One operation of a deployment, as Azure Resource Manager lists it. Operations appear only when they start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The operation's id, unique within the deployment.
    pub id: String,
    /// The resource it works on; absent for clean-up and output evaluation.
    pub target: Option<Target>,
    /// `Create`, `Read`, `EvaluateDeploymentOutput`, `DeploymentCleanup` and others.
    pub provisioning_operation: String,
    /// `Running`, `Succeeded`, `Failed`, `Canceled` and others.
    pub state: String,
    /// Time of the last change, by Azure's clock.
    pub timestamp: jiff::Timestamp,
    /// How long it has run up to `timestamp`.
    pub duration: Duration,
    /// Azure's status code, such as `OK` or `Conflict`.
    pub status_code: Option<String>,
    /// Why it failed.
    pub problem: Option<Problem>,
}
