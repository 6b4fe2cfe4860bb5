//! Cancelling a deployment, and what one that did not reach its goal leaves: what exists, and what it costs to keep.

use super::{Context, event::Kept};
use crate::domain::{
    cost::{Prices, estimate_existing},
    plan::Plan,
    problem::Problem,
    progress::End,
};

/// Asks Azure to cancel a deployment. That it has ended meanwhile is no failure: its end is read next.
///
/// # Errors
/// When Azure refuses and the deployment goes on.
pub(super) async fn ask(context: &Context, group: &str, name: &str) -> Result<(), Problem> {
    let Err(problem) = context.arm.cancel(group, name).await else {
        return Ok(());
    };
    match context.arm.deployment(group, name).await? {
        Some(deployment) if End::of(&deployment.state).is_some() => Ok(()),
        _ => Err(problem),
    }
}

/// Reads what exists in a group. That it cannot be read is no further failure: then nothing is told.
pub(super) async fn kept(context: &Context, group: &str, plan: &Plan) -> Kept {
    let resources = context.arm.resources(group).await.unwrap_or_default();
    let known: Vec<_> = resources
        .iter()
        .filter_map(|resource| plan.resource_by_id(&resource.id))
        .map(|resource| (resource.resource_type.as_str(), &resource.body))
        .collect();
    let cost = (!known.is_empty()).then(|| estimate_existing(known, Prices::embedded()));
    Kept { resources, cost }
}
