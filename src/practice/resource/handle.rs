//! Decides what a request about a resource is: one resource, a list, or an action.

use serde_json::Value;

use super::{action, connection, delete, dependencies, list, occupant, put, record_set, view};
use crate::practice::identifier::ResourceId;
use crate::practice::reply::{ArmError, Reply};
use crate::practice::request::Request;
use crate::practice::rule;
use crate::practice::state::Cloud;

/// Answers a request below `/subscriptions/{id}[/resourceGroups/{group}]/providers/…`, whose group is known to exist.
pub fn handle(cloud: &mut Cloud, request: &Request) -> Reply {
    if let Some(reply) = connection::handle(cloud, request) {
        return reply;
    }
    let last =
        request.segments.last().map_or_else(String::new, |segment| segment.to_ascii_lowercase());
    if last == "instanceview"
        && let Some(id) = without_last(request)
    {
        return cloud
            .resource(&id)
            .map_or_else(|| not_found(&id), |stored| Reply::ok(action::instance_view(stored)));
    }
    if let Some(id) = ResourceId::from_segments(&request.segments) {
        return one(cloud, request, &id);
    }
    let method = request.method.as_str();
    if method == "POST"
        && let Some(id) = without_last(request)
    {
        return action::handle(cloud, request, &id, &last);
    }
    if method == "GET"
        && last == "outboundnetworkdependenciesendpoints"
        && let Some(id) = without_last(request)
    {
        return dependencies::list(cloud, &id);
    }
    if method == "GET"
        && let Some(reply) = record_set::list(cloud, &last, without_last(request))
    {
        return reply;
    }
    let mut pattern = request.segments.clone();
    pattern.push("*".to_owned());
    match ResourceId::from_segments(&pattern) {
        Some(pattern) if method == "GET" => listed(cloud, request, &pattern),
        _ => {
            fault!(404, "InvalidResourcePath", "The path '{}' is not known.", request.path)
        }
    }
}

fn without_last(request: &Request) -> Option<ResourceId> {
    let (_, before) = request.segments.split_last()?;
    ResourceId::from_segments(before)
}

fn listed(cloud: &Cloud, request: &Request, pattern: &ResourceId) -> Reply {
    if let Err(error) = rule::kind_of(pattern, request.api_version()) {
        return error.into();
    }
    if let Some(parent) = pattern.parent()
        && cloud.resource(&parent).is_none()
    {
        return not_found(&parent);
    }
    list::of_type(cloud, pattern, principal_of(request))
}

/// The principal whose role assignments are asked for: `principalId eq '…'` or `assignedTo('…')`
/// (<https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest>).
fn principal_of(request: &Request) -> Option<&str> {
    let filter = request.query("$filter")?;
    let named = ["principalid", "assignedto"];
    let lowered = filter.to_ascii_lowercase();
    let asked = named.iter().any(|name| lowered.contains(name));
    asked.then(|| filter.split('\'').nth(1)).flatten()
}

/// Access policies are changed here and read in their vault: there is nothing but a PUT (Azure/azure-cli#10958).
const WRITTEN_ONLY: &str = "Microsoft.KeyVault/vaults/accessPolicies";

fn one(cloud: &mut Cloud, request: &Request, id: &ResourceId) -> Reply {
    let method = request.method.as_str();
    if id.is(WRITTEN_ONLY) && method != "PUT" {
        return fault!(
            405,
            "MethodNotAllowed",
            "The requested resource does not support http method '{method}'."
        );
    }
    match method {
        "GET" => get(cloud, request, id),
        "HEAD" => Reply::empty(if cloud.resource(id).is_some() { 204 } else { 404 }),
        "PUT" => put::put(cloud, request, id).into(),
        "PATCH" => put::patch(cloud, request, id).into(),
        "DELETE" => delete::delete(cloud, request, id).into(),
        "POST" => {
            // An action upon an extension resource or a type of even length looks like a resource.
            let (last, id) = (id.name().to_ascii_lowercase(), id.clone());
            action::handle(cloud, request, &id, &last)
        }
        _ => {
            fault!(405, "MethodNotAllowed", "The method '{}' is not allowed here.", request.method)
        }
    }
}

fn get(cloud: &Cloud, request: &Request, id: &ResourceId) -> Reply {
    let Some(stored) = cloud.resource(id) else { return not_found(&first_missing(cloud, id)) };
    let mut shown = view::render(cloud, stored);
    occupant::show(cloud, stored, &mut shown);
    let wanted = request
        .query("$expand")
        .is_some_and(|expand| expand.to_ascii_lowercase().contains("instanceview"));
    if stored.is("Microsoft.Compute/virtualMachines")
        && let Some(properties) = shown.get_mut("properties").and_then(Value::as_object_mut)
    {
        properties.shift_remove("instanceView");
        if wanted {
            properties.insert("instanceView".to_owned(), action::instance_view(stored));
        }
    }
    Reply::ok(shown)
}

/// The error for a resource that is not there.
pub(super) fn missing(id: &ResourceId) -> ArmError {
    if id.is("Microsoft.Authorization/roleAssignments") {
        let message = format!("The role assignment '{}' is not found.", id.name());
        return ArmError::new(404, "RoleAssignmentNotFound", message);
    }
    // Recorded for children: `microsoft.network_virtualnetworks_virtualnetworkpeerings.jsonl#14`; private zones are
    // another provider: `microsoft.network_privatednszones_virtualnetworklinks.jsonl#6`.
    let by_network = id.namespace().eq_ignore_ascii_case("Microsoft.Network")
        && id.parent().is_some()
        && !id
            .resource_type()
            .to_ascii_lowercase()
            .starts_with("microsoft.network/privatednszones");
    if by_network {
        return arm_error!(404, "NotFound", "Resource {id} not found.");
    }
    rule::not_found(id)
}

/// What an answer about a resource that is not there speaks of: the resource that it is upon or in, when that is not
/// there either (recorded: Azure/azure-service-operator, role assignments upon a storage account that is gone).
pub(super) fn first_missing(cloud: &Cloud, id: &ResourceId) -> ResourceId {
    let above = id.target().or_else(|| id.parent());
    let above = above.filter(|above| cloud.resource(above).is_none());
    above.map_or_else(|| id.clone(), |above| first_missing(cloud, &above))
}

/// [`missing`] as an answer.
pub(super) fn not_found(id: &ResourceId) -> Reply {
    missing(id).into()
}
