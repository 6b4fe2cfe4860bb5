//! What is being changed while an exchange happens, by what Azure said.

use serde_json::Value;

use super::exchange::{Exchange, code};
use super::presupposed::owner_of_action;
use crate::practice::identifier::ResourceId;
use crate::practice::state::Cloud;

/// Codes with which Azure says that something is still under way.
const BUSY: [&str; 4] = [
    "StorageAccountIsNotProvisioned",
    "AnotherOperationInProgress",
    "RetryableErrorDueToAnotherOperation",
    "ReferencedResourceNotProvisioned",
];

/// Whether a refusal says that something is still under way.
pub fn is_busy(body: &Value) -> bool {
    let text = body.to_string();
    code(body) == "RetryableError" || BUSY.iter().any(|code| text.contains(code))
}

/// What a refusal names is being changed: the resource itself, what it lies in, or what it refers to.
pub(super) fn occupy(cloud: &mut Cloud, exchange: &Exchange) -> Vec<ResourceId> {
    let said = exchange.body.to_string().to_ascii_lowercase();
    let Some(own) = exchange.resource().or_else(|| owner_of_action(&exchange.segments())) else {
        return Vec::new();
    };
    let mut top = own.clone();
    while let Some(parent) = top.parent() {
        top = parent;
    }
    let referred = said.contains("referencedresourcenotprovisioned");
    let known = cloud.group(&own.scope()).map(|group| &group.resources);
    let is_concerned = |key: &str| {
        if referred { said.contains(key) && key != own.key() } else { key == top.key() }
    };
    let all = known.into_iter().flat_map(|resources| resources.values());
    let concerned: Vec<ResourceId> = all
        .filter(|stored| is_concerned(&stored.id.key()))
        .map(|stored| stored.id.clone())
        .collect();
    for id in &concerned {
        set_state(cloud, id, "Updating");
    }
    concerned
}

pub(super) fn set_state(cloud: &mut Cloud, id: &ResourceId, state: &str) {
    if let Some(stored) = cloud.resource_mut(id) {
        state.clone_into(&mut stored.provisioning_state);
    }
}

/// What was being changed only because a recording said so is done.
pub(super) fn release(cloud: &mut Cloud, occupied: &[ResourceId]) {
    for id in occupied {
        set_state(cloud, id, "Succeeded");
    }
}
