//! Validation: what can be told of a deployment before it starts.
//!
//! Each resource is judged by its type's own rules, with everything that is known by now; values that only the run will
//! know stay expressions and are judged when the resource is written.

use serde_json::Value;

use crate::practice::identifier::ResourceId;
use crate::practice::reply::Result;
use crate::practice::rule::{self, Proposed};
use crate::practice::state::Cloud;
use crate::practice::{provider, rights};

use super::known::CloudRuntime;
use super::record::{DeploymentResource, Progress};
use super::submission::Submission;
use super::{failure, nested};

/// Most resources that one deployment may have (resource limits of ARM templates).
const MOST_RESOURCES: usize = 800;

/// Judges a submission.
///
/// # Errors
/// `InvalidTemplateDeployment` with everything that was found.
pub fn check(cloud: &Cloud, submission: &Submission) -> Result<()> {
    if submission.level.eq_ignore_ascii_case("Template") {
        return Ok(());
    }
    let deployed = submission.resolved.resources.iter().filter(|resource| resource.is_deployed());
    if deployed.clone().count() > MOST_RESOURCES {
        return Err(bad_request!(
            "InvalidTemplate",
            "Deployment template validation failed: 'The number of template resources limit exceeded. Limit: \
             '{MOST_RESOURCES}'.'"
        ));
    }
    let mut found = Vec::new();
    let known = CloudRuntime::new(cloud, submission.secrets.clone());
    for resource in deployed {
        if nested::is_deployment(&resource.resource_type) {
            found.extend(nested::preflight(cloud, submission, resource).err());
            continue;
        }
        let Some(id) = ResourceId::parse(&resource.id) else { continue };
        match submission.resolved.body(&resource.symbol, &known) {
            Ok(body) => {
                let proposed = Proposed {
                    id: &id,
                    api_version: &resource.api_version,
                    body: &body,
                    existing: cloud.resource(&id),
                };
                found.extend(rule::preflight(cloud, proposed).err());
                found.extend(rights::check_write(cloud, &id, &body).err());
            }
            Err(error) => return Err(failure::of_template(&error)),
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(failure::of_validation(&submission.name, &cloud.new_guid(), found))
}

/// Registers what the resources of a deployment need.
pub fn register(cloud: &mut Cloud, submission: &Submission) {
    for resource in &submission.resolved.resources {
        let namespace = resource.resource_type.split('/').next().unwrap_or("");
        if resource.is_deployed() {
            let subscription = &submission.scope.subscription;
            provider::register_for_template(cloud, subscription, namespace);
        }
    }
}

/// The parts of an accepted deployment, each with its body where that is known already.
///
/// # Errors
/// What ARM answers when an expression is wrong.
pub fn parts(cloud: &Cloud, submission: &Submission) -> Result<Vec<DeploymentResource>> {
    let digests: Vec<(String, Value)> = submission
        .secrets
        .keys()
        .filter_map(|name| Some((name.clone(), submission.parameters.get(name)?.clone())))
        .collect();
    submission
        .resolved
        .resources
        .iter()
        .filter(|resource| resource.is_deployed())
        .map(|resource| {
            let known = CloudRuntime::new(cloud, digests.clone());
            let body = submission
                .resolved
                .body(&resource.symbol, &known)
                .map_err(|error| failure::of_template(&error))?;
            Ok(DeploymentResource {
                symbol: resource.symbol.clone(),
                id: nested::own_words(&resource.id),
                resource_type: nested::own_words(&resource.resource_type),
                name: resource.name.clone(),
                api_version: resource.api_version.clone(),
                depends_on: resource.depends_on.clone(),
                body: (!known.was_asked()).then_some(body),
                progress: Progress::Waiting,
                operation: String::new(),
                started: None,
                ended: None,
                status: 0,
                error: None,
            })
        })
        .collect()
}
