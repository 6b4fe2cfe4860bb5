//! Template deployments. Owned by the deployment side.

use super::{
    identifier::Scope,
    reply::{Reply, fault},
    request::Request,
    state::Cloud,
};

/// Where a request about deployments is aimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Group or subscription.
    pub scope: Scope,
    /// Name of the deployment; `None` for the list.
    pub name: Option<String>,
    /// What follows the name, in lower case: `validate`, `whatif`, `cancel`, `exporttemplate`, `operations`,
    /// `operations/{id}`, `operationstatuses/{id}`; empty for the deployment itself.
    pub action: String,
}

/// Answers every request about deployments. The group or subscription is known to exist.
pub fn handle(_cloud: &mut Cloud, _request: &Request, target: &Target) -> Reply {
    fault(
        404,
        "DeploymentNotFound",
        format!(
            "Deployment '{}' could not be found.",
            target.name.as_deref().unwrap_or("")
        ),
    )
}

/// Carries a deployment's step out when it is due.
pub fn step(_cloud: &mut Cloud, _scope: &Scope, _deployment: &str, _step: &str) {}
