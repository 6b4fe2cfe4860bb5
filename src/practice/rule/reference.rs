//! Whether the resources that a body names exist, and are ready, when it is written.
//!
//! One scan over every id in the body serves all types: a wrong dependency in a template shows itself here, as it does
//! in Azure. What a referenced resource must be like is judged by the module of the type that refers to it.

use serde_json::Value;

use super::Proposed;
use crate::practice::identifier::ResourceId;
use crate::practice::reply::{ArmError, Result};
use crate::practice::state::Cloud;

/// Properties whose ids need not exist: definitions that Azure itself has, and lists that only name what may come.
const NOT_FOLLOWED: [&str; 7] = [
    "roledefinitionid",
    "policydefinitionid",
    "serviceresources",
    "resourceaccessrules",
    "scope",
    "previousid",
    // Where a public address is in use; read-only.
    "ipconfiguration",
];

/// Every id of a resource that a body's properties and identity name, with the name of the property.
pub fn written_ids(body: &Value) -> Vec<(String, ResourceId)> {
    let mut found = Vec::new();
    for member in ["properties", "identity"] {
        if let Some(value) = body.get(member) {
            collect(member, value, &mut found);
        }
    }
    found
}

fn collect(property: &str, value: &Value, found: &mut Vec<(String, ResourceId)>) {
    if NOT_FOLLOWED.contains(&property.to_ascii_lowercase().as_str()) {
        return;
    }
    match value {
        Value::String(text) if text.starts_with("/subscriptions/") => {
            if let Some(id) = ResourceId::parse(text) {
                found.push((property.to_owned(), id));
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(property, item, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if property == "userAssignedIdentities" {
                    found.extend(ResourceId::parse(name).map(|id| (property.to_owned(), id)));
                }
                collect(name, member, found);
            }
        }
        _ => {}
    }
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if let Some(parent) = proposed.id.parent() {
        parent_exists(cloud, &parent)?;
    }
    if let Some(target) = proposed.id.target() {
        exists_for(cloud, proposed, &target)?;
    }
    let own = proposed.id.key();
    for (_, id) in written_ids(proposed.body) {
        let key = id.key();
        let is_own = key == own || key.starts_with(&format!("{own}/"));
        let elsewhere = cloud.group(&id.scope()).is_none()
            && !id.subscription.eq_ignore_ascii_case(&proposed.id.subscription);
        if !is_own && !elsewhere {
            exists_for(cloud, proposed, &id)?;
        }
    }
    Ok(())
}

fn parent_exists(cloud: &Cloud, parent: &ResourceId) -> Result<()> {
    let busy = |state: &str| state == "Creating";
    match cloud.resource(parent) {
        Some(found) if !busy(&found.provisioning_state) => Ok(()),
        Some(found) => Err(not_ready(parent, &found.provisioning_state)),
        None => Err(arm_error!(
            404,
            "ParentResourceNotFound",
            "Failed to perform 'write' on a resource of type below '{}', because the parent resource '{parent}' \
             could not be found.",
            parent.resource_type()
        )),
    }
}

fn exists_for(cloud: &Cloud, proposed: &Proposed<'_>, id: &ResourceId) -> Result<()> {
    let found = cloud.resource(id);
    let parent_state = id
        .parent()
        .and_then(|parent| cloud.resource(&parent))
        .map(|parent| parent.provisioning_state.clone());
    let is_network = proposed.id.namespace().eq_ignore_ascii_case("Microsoft.Network");
    match (found, parent_state.as_deref()) {
        (Some(found), _) if found.provisioning_state == "Creating" => {
            Err(not_ready(id, &found.provisioning_state))
        }
        (_, Some("Creating")) => Err(not_ready(id, "Creating")),
        (Some(_), _) => Ok(()),
        (None, _) if is_network => Err(bad_request!(
            "InvalidResourceReference",
            "Resource {id} referenced by resource {} was not found. Please make sure that the referenced resource \
             exists, and that both resources are in the same region.",
            proposed.id
        )),
        (None, _) => Err(not_found(id)),
    }
}

/// The error for a resource that is not there.
pub fn not_found(id: &ResourceId) -> ArmError {
    arm_error!(
        404,
        "ResourceNotFound",
        "The Resource '{}/{}' under resource group '{}' was not found. For more details please go to \
         https://aka.ms/ARMResourceNotFoundFix",
        id.resource_type(),
        id.full_name(),
        id.group
    )
}

fn not_ready(id: &ResourceId, state: &str) -> ArmError {
    arm_error!(
        429,
        "ReferencedResourceNotProvisioned",
        "Cannot proceed with operation because resource {id} is not in Succeeded state. Resource is in {state} \
         state and the last operation that updated/is updating the resource is PutOperation."
    )
}
