//! One operation of a deployment, and which of two forms of it is the newer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::NESTED;
use crate::domain::problem::Problem;

/// The resource that an operation works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetResource {
    /// Full resource id.
    pub id: String,
    /// Resource type.
    pub resource_type: String,
    /// Resource name, parents included.
    pub name: String,
}

/// One operation of a deployment, as Azure Resource Manager lists it. Operations appear only when they start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentOperation {
    /// The operation's id, unique within the deployment.
    pub id: String,
    /// The resource it works on; absent for clean-up and output evaluation.
    pub target: Option<TargetResource>,
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

impl DeploymentOperation {
    /// True when it will not change any more.
    pub fn is_finished(&self) -> bool {
        matches!(self.state.as_str(), "Succeeded" | "Failed" | "Canceled")
    }

    /// True when it makes or changes something, false when it only reads, groups or tidies up.
    pub fn writes(&self) -> bool {
        !matches!(
            self.provisioning_operation.as_str(),
            "Read" | "EvaluateDeploymentOutput" | "DeploymentCleanup" | "Delete"
        )
    }

    /// True when it works on a deployment nested in this one, whose own operations count instead.
    pub fn is_nested_deployment(&self) -> bool {
        self.target.as_ref().is_some_and(|target| target.resource_type.eq_ignore_ascii_case(NESTED))
    }

    /// A total order over forms of operations, so that the newest one is the same whatever the order they come in.
    pub(super) fn order(&self) -> impl Ord + use<> {
        let problem = self.problem.as_ref();
        (
            self.timestamp,
            self.is_finished(),
            self.duration,
            self.state.clone(),
            problem.map(|problem| (problem.code.clone(), problem.what.clone())),
            self.id.clone(),
        )
    }

    /// Why it failed; where Azure gave no reason, this says so.
    pub(super) fn failure(&self) -> Problem {
        self.problem.clone().unwrap_or_else(|| {
            let code = self.status_code.clone();
            let problem = Problem::new(
                code.unwrap_or_else(|| "Failed".into()),
                "A step failed, and Azure gives no reason.",
                "Run the same command again; what has been created stays.",
            );
            match &self.target {
                Some(target) => problem.at(target.name.clone()),
                None => problem,
            }
        })
    }
}
