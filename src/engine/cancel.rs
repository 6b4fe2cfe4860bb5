//! After a deployment that did not reach its goal: what exists, and what it costs to keep.

use super::{Context, event::Kept};
use crate::domain::{
    cost::{Prices, estimate_existing},
    plan::Plan,
};

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
