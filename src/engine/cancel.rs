//! Cancelling a deployment, and what one that did not reach its goal leaves: what exists, and what it costs to keep.

use super::{Context, cost};
use crate::domain::operation::KeptResources;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::progress::DeploymentEnd;

/// Asks Azure to cancel a deployment. That it has ended meanwhile is no failure: its end is read next.
///
/// # Errors
/// When Azure refuses and the deployment goes on.
pub(super) async fn ask(context: &Context, group: &str, name: &str) -> Result<()> {
    let Err(problem) = context.arm.cancel(group, name).await else { return Ok(()) };
    // A second failure says no more than the first one.
    match context.arm.deployment(group, name).await.ok().flatten() {
        Some(deployment) if DeploymentEnd::of(&deployment.state).is_some() => Ok(()),
        _ => Err(Problem {
            what: format!(
                "{} As far as is known the deployment was not cancelled: it goes on, and costs.",
                problem.what
            ),
            ..problem
        }),
    }
}

/// Reads what exists in a group; in one that is not there, nothing does. That it cannot be read is no further
/// failure, and is told as what is not known.
pub(super) async fn kept(context: &Context, group: &str, plan: &Plan) -> KeptResources {
    let resources = context.arm.resources_if_there(group).await;
    let resources = resources.map(Option::unwrap_or_default);
    let known: Vec<_> = resources
        .iter()
        .flatten()
        .filter_map(|resource| plan.resource_by_id(&resource.id))
        .map(|resource| (resource.resource_type.as_str(), &resource.body))
        .collect();
    let cost = if known.is_empty() {
        None
    } else {
        Some(cost::of_existing(context, &plan.region, known).await)
    };
    KeptResources { resources: resources.map(|all| all.len()).map_err(Box::new), cost }
}
