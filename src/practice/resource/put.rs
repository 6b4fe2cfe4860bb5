//! A plain PUT or PATCH of a resource, answered in the way of its type.

use serde_json::{Value, json};

use super::{
    lock, pace, view,
    write::{self, Change},
};
use crate::practice::{
    asynchronous,
    catalog::{
        self,
        kind::{Kind, Writing},
        location::Location,
    },
    clock::later,
    identifier::ResourceId,
    provider,
    reply::{ArmError, Reply},
    request::Request,
    rights, rule,
    state::{Cloud, OperationStatus, What},
};

/// What must hold before a resource of this type can be written at all.
fn admit(cloud: &Cloud, request: &Request, id: &ResourceId) -> Result<&'static Kind, ArmError> {
    provider::require(cloud, &id.subscription, id.namespace())?;
    let kind = rule::kind_of(id, request.api_version())?;
    if id.is("Microsoft.Authorization/roleAssignments") && !catalog::may_assign_roles(cloud) {
        return Err(ArmError::new(
            403,
            "AuthorizationFailed",
            format!(
                "The client '{}' does not have authorization to perform action \
                 'Microsoft.Authorization/roleAssignments/write' over scope '{id}'.",
                crate::practice::token::USER_NAME
            ),
        ));
    }
    lock::write_lock(cloud, id)?;
    rights::check_linked(cloud, id, &request.body)?;
    Ok(kind)
}

/// A resource of a region must say which, and cannot move.
fn check_location(
    cloud: &Cloud,
    kind: &Kind,
    id: &ResourceId,
    body: &Value,
) -> Result<(), ArmError> {
    let wanted = body.get("location").and_then(Value::as_str).unwrap_or("");
    if !kind.regional {
        return Ok(());
    }
    if wanted.is_empty() {
        return Err(ArmError::new(
            400,
            "LocationRequired",
            "The location property is required for this definition.",
        ));
    }
    let Some(place) = Location::of(wanted) else {
        return Err(ArmError::new(
            400,
            "LocationNotAvailableForResourceType",
            format!(
                "The provided location '{wanted}' is not available for resource type '{}'.",
                kind.full_name()
            ),
        ));
    };
    let existing = cloud.resource(id).map_or("", |stored| stored.text("/location"));
    if !existing.is_empty() && Location::of(existing) != Some(place) {
        return Err(ArmError::new(
            409,
            "InvalidResourceLocation",
            format!(
                "The resource '{}' already exists in location '{existing}' in resource group '{}'. A \
                 resource with the same name cannot be created in location '{wanted}'.",
                id.name(),
                id.group
            ),
        ));
    }
    Ok(())
}

/// Answers a PUT.
pub(super) fn put(
    cloud: &mut Cloud,
    request: &Request,
    id: &ResourceId,
) -> Result<Reply, ArmError> {
    if !request.body.is_object() {
        return Err(ArmError::new(
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized.",
        ));
    }
    let kind = admit(cloud, request, id)?;
    check_location(cloud, kind, id, &request.body)?;
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
        let status = match (kind.writing, change) {
            (Writing::AtOnceCreated, Change::Created) => 201,
            _ => 200,
        };
        let reply = Reply::of(status, shown(cloud, id));
        let is_identity = id.is("Microsoft.ManagedIdentity/userAssignedIdentities");
        return Ok(match change {
            // Relative, and without a version (recorded: `microsoft.managedidentity_userassignedidentities.jsonl#0`).
            Change::Created if is_identity => {
                let path = id.to_string().replace("/resourceGroups/", "/resourcegroups/");
                reply.header("location", format!("{path}?api-version="))
            }
            _ => reply,
        });
    }
    if change == Change::Updated && changes_at_once(kind) {
        write::finish(cloud, id);
        return Ok(Reply::ok(shown(cloud, id)));
    }
    if unchanged && kind.namespace == "Microsoft.Network" && kind.writing == Writing::StatusUrl {
        write::finish(cloud, id);
        let operation = ended(cloud, id);
        return Ok(begun(cloud, request, id, kind, 200, &operation));
    }
    let due = later(cloud.now(), pace::span(cloud, id, &request.body));
    let operation = asynchronous::begin(cloud, due, Some(id.to_string()));
    cloud.schedule(due, What::ResourceDone { id: id.clone(), operation: Some(operation.clone()) });
    if kind.writing == Writing::State {
        return Ok(Reply::ok(shown(cloud, id)));
    }
    let status = match change {
        Change::Created => 201,
        Change::Updated => 200,
    };
    Ok(begun(cloud, request, id, kind, status, &operation))
}

/// The answer to a write that goes on.
fn begun(
    cloud: &Cloud,
    request: &Request,
    id: &ResourceId,
    kind: &Kind,
    status: u16,
    operation: &str,
) -> Reply {
    let scope = format!("/subscriptions/{}", id.subscription);
    let status_url = asynchronous::status_url(request, &scope, id.namespace(), operation);
    let reply = match kind.writing {
        Writing::Location => {
            // Names are answered with an empty object, everything else with nothing (recorded:
            // `microsoft.network_privatednszones.jsonl#1`, `microsoft.storage_storageaccounts.jsonl#2`).
            let body = match kind.name.to_ascii_lowercase() {
                name if name.contains("dns") => json!({}),
                name if name == "disks" => shown(cloud, id),
                _ => Value::Null,
            };
            Reply::of(202, body).header(
                "location",
                asynchronous::location_url(request, &scope, id.namespace(), operation),
            )
        }
        _ => Reply::of(status, shown(cloud, id)),
    };
    // Recorded: `microsoft.storage_storageaccounts.jsonl#2`, `microsoft.operationalinsights_workspaces.jsonl#1`.
    let reply = match kind.namespace {
        "Microsoft.Storage" => reply,
        "Microsoft.OperationalInsights" => {
            let place = asynchronous::location_url(request, &scope, id.namespace(), operation);
            reply.header("azure-asyncoperation", status_url).header("location", place)
        }
        _ => reply.header("azure-asyncoperation", status_url),
    };
    asynchronous::with_pause(reply, cloud, asynchronous::POLL_PAUSE)
}

/// Answers a PATCH. Its effect is there at once, for what is patched in practice (tags, a few switches) takes effect
/// at once; zones say so later.
pub(super) fn patch(
    cloud: &mut Cloud,
    request: &Request,
    id: &ResourceId,
) -> Result<Reply, ArmError> {
    let kind = admit(cloud, request, id)?;
    let Some(stored) = cloud.resource(id) else {
        return Err(super::handle::missing(id));
    };
    let mut body = stored.body.clone();
    let mut changes = request.body.clone();
    if let Some(tags) = changes.as_object_mut().and_then(|members| members.shift_remove("tags")) {
        // Tags are replaced as a whole, unlike everything else.
        replace(&mut body, "tags", tags);
    }
    view::merge(&mut body, &changes);
    write::begin(cloud, id, request.api_version(), &body)?;
    write::finish(cloud, id);
    let is_zone = kind.name.starts_with("privateDnsZones") && kind.writing == Writing::Location;
    if !is_zone {
        return Ok(Reply::ok(shown(cloud, id)));
    }
    // Recorded: `microsoft.network_privatednszones.jsonl#4`.
    let operation = ended(cloud, id);
    Ok(begun(cloud, request, id, kind, 200, &operation))
}

/// An operation upon a resource that has ended already.
fn ended(cloud: &mut Cloud, id: &ResourceId) -> String {
    let now = cloud.now();
    let operation = asynchronous::begin(cloud, now, Some(id.to_string()));
    asynchronous::end(cloud, &operation, OperationStatus::Succeeded, None);
    operation
}

/// Whether a change of what exists is done when it is answered (recorded: `microsoft.keyvault_vaults.jsonl`,
/// `microsoft.storage_storageaccounts.jsonl#1`, `microsoft.containerregistry_registries.jsonl#0`).
fn changes_at_once(kind: &Kind) -> bool {
    kind.writing == Writing::State
        || matches!(
            kind.full_name().as_str(),
            "Microsoft.Storage/storageAccounts" | "Microsoft.ContainerRegistry/registries"
        )
}

fn replace(body: &mut Value, name: &str, value: Value) {
    if let Some(members) = body.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

fn shown(cloud: &Cloud, id: &ResourceId) -> Value {
    cloud.resource(id).map_or_else(|| json!({}), |stored| view::render(cloud, stored))
}
