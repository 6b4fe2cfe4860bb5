//! The life of a resource: a write begins, goes on for a while, and ends; a resource goes.
//!
//! Both a plain PUT and a deployment come through here, so that neither can do what the other may not. How long it
//! takes is the caller's business.

use serde_json::{Map, Value};

use crate::practice::identifier::ResourceId;
use crate::practice::reply::{ArmError, Result};
use crate::practice::rule::{self, Moment, Proposed};
use crate::practice::state::{Cloud, StoredResource};
use crate::practice::{group, json, secure, traffic};

/// What a write does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The resource is new.
    Created,
    /// It was there and is changed.
    Updated,
}

impl WriteOutcome {
    /// The status with which it is answered.
    pub fn status(self) -> u16 {
        if self == Self::Created { 201 } else { 200 }
    }
}

/// Checks a write and begins it: the resource is `Creating` or `Updating` from now on, until [`finish`] or [`fail`].
///
/// `body` is the whole resource as it shall be (`location`, `tags`, `sku`, `properties`, …); secrets in it are replaced
/// by digests before it is kept.
///
/// # Errors
/// What Azure would answer: an unknown group or parent, a write going on already, or a rule of the type.
pub fn begin(
    cloud: &mut Cloud,
    id: &ResourceId,
    version: &str,
    body: &Value,
) -> Result<WriteOutcome> {
    let existing = cloud.resource(id);
    admit(cloud, id, existing)?;
    let mut kept = body.clone();
    without_read_only(&mut kept);
    rule::check(cloud, Proposed { id, api_version: version, body: &kept, existing })?;
    let now = cloud.now();
    let change = if existing.is_some() { WriteOutcome::Updated } else { WriteOutcome::Created };
    rule::policy_tags(cloud, id, &mut kept);
    secure::conceal(&id.resource_type(), &mut kept);
    if let Some(before) = existing {
        secure::carry_over(&before.body, &mut kept);
    }
    let etag = cloud.new_guid();
    let mut stored = existing.cloned().unwrap_or_else(|| StoredResource::new(id, now));
    version.clone_into(&mut stored.api_version);
    stored.body = kept;
    stored.changed = now;
    stored.etag = etag;
    let state = if change == WriteOutcome::Created { "Creating" } else { "Updating" };
    state.clone_into(&mut stored.provisioning_state);
    cloud.put_resource(stored);
    rule::runtime(cloud, id, Moment::Begun);
    Ok(change)
}

/// What holds for every type: the group stands, the parent stands, and no other write is going on.
fn admit(cloud: &Cloud, id: &ResourceId, existing: Option<&StoredResource>) -> Result<()> {
    let scope = id.scope();
    let Some(group) = cloud.group(&scope) else { return Err(group::unknown(&id.group)) };
    if group.is_being_deleted() {
        return Err(group::being_deleted(&group.name));
    }
    if let Some(parent) = id.parent()
        && cloud.resource(&parent).is_none()
    {
        return Err(arm_error!(
            404,
            "ParentResourceNotFound",
            "Failed to perform 'write' on resource(s) of type '{}', because the parent resource '{parent}' could \
             not be found.",
            id.resource_type()
        ));
    }
    if let Some(existing) = existing
        && existing.is_busy()
    {
        return Err(busy(id, &existing.provisioning_state));
    }
    Ok(())
}

pub(super) fn busy(id: &ResourceId, state: &str) -> ArmError {
    conflict!(
        "AnotherOperationInProgress",
        "Another operation on this or dependent resource is in progress. The resource '{id}' is in state '{state}'."
    )
}

/// What ARM itself says about a resource is not part of what was asked for; tags that are null are none.
fn without_read_only(body: &mut Value) {
    if let Some(members) = body.as_object_mut() {
        if let Some(tags @ Value::Null) = members.get_mut("tags") {
            *tags = Value::Object(Map::new());
        }
        for name in ["id", "name", "type", "etag", "apiVersion", "systemData"] {
            members.shift_remove(name);
        }
    }
    if let Some(properties) = json::members(body, "/properties") {
        properties.shift_remove("provisioningState");
        // Where a public address is in use: told by the address, decided by what uses it.
        properties.shift_remove("ipConfiguration");
        // What is in a subnet: told by the network, decided by what is there.
        let subnets = properties.get_mut("subnets").and_then(Value::as_array_mut);
        for subnet in subnets.into_iter().flatten() {
            if let Some(subnet) = json::members(subnet, "/properties") {
                subnet.shift_remove("ipConfigurations");
                subnet.shift_remove("privateEndpoints");
            }
        }
    }
}

/// Ends a write well: the resource is `Succeeded`, with what its provider adds.
pub fn finish(cloud: &mut Cloud, id: &ResourceId) {
    set_state(cloud, id, "Succeeded");
    rule::runtime(cloud, id, Moment::Done);
    traffic::begin(cloud, id);
}

/// Ends a write badly: the resource stays, `Failed`.
pub fn fail(cloud: &mut Cloud, id: &ResourceId) {
    set_state(cloud, id, "Failed");
}

fn set_state(cloud: &mut Cloud, id: &ResourceId, state: &str) {
    let now = cloud.now();
    if let Some(stored) = cloud.resource_mut(id) {
        state.clone_into(&mut stored.provisioning_state);
        stored.changed = now;
    }
}

/// Takes a resource away with its children and the extension resources upon it, the innermost first.
pub fn remove(cloud: &mut Cloud, id: &ResourceId) {
    let mut going: Vec<ResourceId> = cloud.below(id).map(|child| child.id.clone()).collect();
    going.sort_by_key(|child| std::cmp::Reverse(child.key().len()));
    going.push(id.clone());
    for id in going {
        rule::runtime(cloud, &id, Moment::Going);
        cloud.remove_resource(&id);
    }
}
