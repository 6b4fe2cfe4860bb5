//! A plain PUT or PATCH of a resource, answered in the way of its type.

use serde_json::{Value, json};

use super::write::{self, WriteOutcome};
use super::{lock, pace, view};
use crate::practice::asynchronous::{self, RESULT, STATUS};
use crate::practice::catalog;
use crate::practice::catalog::kind::{ResourceType, Writing};
use crate::practice::clock::later;
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::{Reply, Result};
use crate::practice::request::Request;
use crate::practice::state::{Cloud, What};
use crate::practice::{provider, rights, rule};

/// What must hold before a resource of this type can be written at all.
fn admit(cloud: &Cloud, request: &Request, id: &ResourceId) -> Result<&'static ResourceType> {
    provider::require(cloud, &id.subscription, id.namespace())?;
    let kind = rule::kind_of(id, request.api_version())?;
    if id.is("Microsoft.Authorization/roleAssignments") && !catalog::may_assign_roles(cloud) {
        return Err(arm_error!(
            403,
            "AuthorizationFailed",
            "The client '{}' does not have authorization to perform action \
             'Microsoft.Authorization/roleAssignments/write' over scope '{id}'.",
            crate::practice::token::USER_NAME
        ));
    }
    lock::write_lock(cloud, id)?;
    rights::check_linked(cloud, id, &request.body)?;
    Ok(kind)
}

/// Answers a PUT.
pub(super) fn put(cloud: &mut Cloud, request: &Request, id: &ResourceId) -> Result<Reply> {
    if !request.body.is_object() {
        return Err(bad_request!(
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized."
        ));
    }
    let kind = admit(cloud, request, id)?;
    let wanted = request.body.text("/location");
    if kind.regional && wanted.is_empty() {
        return Err(bad_request!(
            "LocationRequired",
            "The location property is required for this definition."
        ));
    }
    rule::check_location(id, wanted, cloud.resource(id))?;
    let before = cloud.resource(id).map(|stored| stored.body.clone());
    let change = write::begin(cloud, id, request.api_version(), &request.body)?;
    let unchanged =
        before.is_some() && cloud.resource(id).map(|stored| &stored.body) == before.as_ref();
    let syncing = request
        .query("syncremoteaddressspace")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if syncing && id.is("Microsoft.Network/virtualNetworks/virtualNetworkPeerings") {
        rule::note_sync(cloud, id);
    }
    if matches!(kind.writing, Writing::AtOnce | Writing::AtOnceCreated) {
        write::finish(cloud, id);
        let status = if kind.writing == Writing::AtOnce { 200 } else { change.status() };
        let reply = Reply::of(status, shown(cloud, id));
        let is_identity = id.is("Microsoft.ManagedIdentity/userAssignedIdentities");
        return Ok(match change {
            // Relative, and without a version (recorded: `microsoft.managedidentity_userassignedidentities.jsonl#0`).
            WriteOutcome::Created if is_identity => {
                let path = id.to_string().replace("/resourceGroups/", "/resourcegroups/");
                reply.header("location", format!("{path}?api-version="))
            }
            _ => reply,
        });
    }
    if change == WriteOutcome::Updated && changes_at_once(kind) {
        write::finish(cloud, id);
        return Ok(Reply::ok(shown(cloud, id)));
    }
    if unchanged && kind.namespace == "Microsoft.Network" && kind.writing == Writing::StatusUrl {
        write::finish(cloud, id);
        let operation = asynchronous::begin_ended(cloud, Some(id.to_string()));
        return Ok(begun(cloud, request, id, kind, 200, &operation));
    }
    let due = later(cloud.now(), pace::span(cloud, id, &request.body));
    let operation = asynchronous::begin(cloud, due, Some(id.to_string()));
    cloud.schedule(due, What::ResourceDone { id: id.clone(), operation: Some(operation.clone()) });
    if kind.writing == Writing::State {
        return Ok(Reply::ok(shown(cloud, id)));
    }
    Ok(begun(cloud, request, id, kind, change.status(), &operation))
}

/// The answer to a write that goes on.
fn begun(
    cloud: &Cloud,
    request: &Request,
    id: &ResourceId,
    kind: &ResourceType,
    status: u16,
    operation: &str,
) -> Reply {
    let reply = match kind.writing {
        // Names are answered with an empty object, everything else with nothing (recorded:
        // `microsoft.network_privatednszones.jsonl#1`, `microsoft.storage_storageaccounts.jsonl#2`).
        Writing::Location if kind.name.to_ascii_lowercase().contains("dns") => {
            Reply::of(202, json!({}))
        }
        Writing::Location if kind.name == "disks" => Reply::of(202, shown(cloud, id)),
        Writing::Location => Reply::empty(202),
        _ => Reply::of(status, shown(cloud, id)),
    };
    // Recorded: `microsoft.storage_storageaccounts.jsonl#2`, `microsoft.operationalinsights_workspaces.jsonl#1`.
    let headers: &[&str] = match (kind.namespace, kind.writing) {
        ("Microsoft.Storage", _) => &[RESULT],
        ("Microsoft.OperationalInsights", _) | (_, Writing::Location) => &[STATUS, RESULT],
        _ => &[STATUS],
    };
    asynchronous::told(reply, cloud, request, id.namespace(), operation, headers)
}

/// Answers a PATCH. Its effect is there at once, for what is patched in practice (tags, a few switches) takes effect
/// at once; zones say so later.
pub(super) fn patch(cloud: &mut Cloud, request: &Request, id: &ResourceId) -> Result<Reply> {
    let kind = admit(cloud, request, id)?;
    let Some(stored) = cloud.resource(id) else { return Err(super::handle::missing(id)) };
    let mut body = stored.body.clone();
    let mut changes = request.body.clone();
    if let Some(tags) = changes.as_object_mut().and_then(|members| members.shift_remove("tags")) {
        // Tags are replaced as a whole, unlike everything else.
        json::set(&mut body, "tags", tags);
    }
    json::merge(&mut body, changes);
    write::begin(cloud, id, request.api_version(), &body)?;
    write::finish(cloud, id);
    let is_zone = kind.name.starts_with("privateDnsZones") && kind.writing == Writing::Location;
    if !is_zone {
        return Ok(Reply::ok(shown(cloud, id)));
    }
    // Recorded: `microsoft.network_privatednszones.jsonl#4`.
    let operation = asynchronous::begin_ended(cloud, Some(id.to_string()));
    Ok(begun(cloud, request, id, kind, 200, &operation))
}

/// Whether a change of what exists is done when it is answered (recorded: `microsoft.keyvault_vaults.jsonl`,
/// `microsoft.storage_storageaccounts.jsonl#1`, `microsoft.containerregistry_registries.jsonl#0`).
fn changes_at_once(kind: &ResourceType) -> bool {
    kind.writing == Writing::State
        || matches!(
            kind.full_name().as_str(),
            "Microsoft.Storage/storageAccounts" | "Microsoft.ContainerRegistry/registries"
        )
}

fn shown(cloud: &Cloud, id: &ResourceId) -> Value {
    cloud.resource(id).map_or_else(|| json!({}), |stored| view::render(cloud, stored))
}
