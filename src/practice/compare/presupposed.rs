//! What must exist beside the thing that an exchange is about: its group, what it lies in, and what it refers to.

use serde_json::{Value, json};

use super::busy::is_busy;
use super::exchange::Exchange;
use crate::practice::catalog::kind::ResourceType;
use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::json::HasJson as _;
use crate::practice::state::{Cloud, SUBSCRIPTION, StoredGroup, StoredResource, TENANT};

/// The region of what no region is known of.
pub(super) const REGION: &str = "westeurope";
/// The version of what exists only because something refers to it.
pub(super) const STUB: &str = "none";

/// The resource that an action is done to: `…/virtualMachines/v/start`.
pub(super) fn owner_of_action(segments: &[String]) -> Option<ResourceId> {
    let (_, owner) = segments.split_last()?;
    ResourceId::from_segments(owner)
}

pub(super) fn groups(cloud: &mut Cloud, exchange: &Exchange, segments: &[String]) {
    let group = segments.get(2).filter(|word| word.eq_ignore_ascii_case("resourceGroups"));
    let (Some(_), Some(name)) = (group, segments.get(3)) else { return };
    let scope = Scope::group(SUBSCRIPTION, name);
    let itself = segments.len() == 4;
    let absent = exchange.code() == "ResourceGroupNotFound" || (itself && exchange.status == 404);
    if absent {
        cloud.remove_group(&scope);
    } else if !(itself && exchange.method == "PUT") {
        if cloud.group(&scope).is_none() {
            let location = exchange.body.get("location").and_then(Value::as_str).unwrap_or(REGION);
            let now = cloud.now();
            cloud.put_group(StoredGroup::new(SUBSCRIPTION, name, location, now));
        }
        let deleting = exchange.body.text("/properties/provisioningState") == "Deleting";
        if let (true, true, Some(group)) = (itself, deleting, cloud.group_mut(&scope)) {
            "Deleting".clone_into(&mut group.provisioning_state);
        }
    }
}

/// What the path lies below, and what the request's body refers to.
pub(super) fn neighbours(cloud: &mut Cloud, exchange: &Exchange, segments: &[String]) {
    if exchange.code() == "ResourceGroupNotFound" {
        return;
    }
    let id = ResourceId::from_segments(segments).or_else(|| owner_of_action(segments));
    let Some(id) = id else { return };
    let said = exchange.body.to_string().to_ascii_lowercase();
    // Azure names a parent that it misses by type and name, or by its path.
    let missed = |id: &ResourceId| {
        let name = id.name().to_ascii_lowercase();
        exchange.status == 404
            && (said.contains(&format!("/{name}'")) || said.contains(&format!("/{name} ")))
    };
    let above = id.parent().or_else(|| id.target());
    if let Some(above) = above {
        if exchange.code().contains("ParentResource") || missed(&above) {
            cloud.remove_resource(&above);
        } else {
            ensure(cloud, &above);
        }
    }
    let refused =
        if exchange.succeeded() || is_busy(&exchange.body) { String::new() } else { said };
    ensure_network(cloud, exchange, &id);
    ensure_referenced(cloud, &exchange.request_body, &id, &refused);
}

/// The network of a subnet that is written holds its range; a network whose gateway a peering uses has one.
fn ensure_network(cloud: &mut Cloud, exchange: &Exchange, id: &ResourceId) {
    let prefix = exchange.request_body.pointer("/properties/addressPrefix").and_then(Value::as_str);
    if let (true, Some(network), Some(prefix)) =
        (id.is("Microsoft.Network/virtualNetworks/subnets"), id.parent(), prefix)
        && cloud.resource(&network).is_some_and(|stored| {
            stored.text("/properties/addressSpace/addressPrefixes/0").starts_with("100.")
        })
    {
        let wide = json!({ "location": REGION, "properties": { "addressSpace": { "addressPrefixes": [prefix] } } });
        put(cloud, &network, wide);
    }
    let uses = exchange.request_body.pointer("/properties/useRemoteGateways") == Some(&json!(true));
    let remote = exchange
        .request_body
        .pointer("/properties/remoteVirtualNetwork/id")
        .and_then(Value::as_str);
    if let (true, Some(remote)) = (uses, remote.and_then(ResourceId::parse)) {
        let subnet = remote.child("subnets", "GatewaySubnet");
        ensure(cloud, &subnet);
        let gateway = remote.sibling("Microsoft.Network", "virtualNetworkGateways", "gateway");
        let held = json!({ "properties": { "subnet": { "id": subnet.to_string() } } });
        let body = json!({ "location": REGION, "properties": { "gatewayType": "Vpn", "ipConfigurations": [held] } });
        put(cloud, &gateway, body);
    }
}

pub(super) fn ensure_group(cloud: &mut Cloud, subscription: &str, name: &str) {
    let scope = Scope::group(subscription, name);
    if scope.is_group() && cloud.group(&scope).is_none() {
        let now = cloud.now();
        cloud.put_group(StoredGroup::new(subscription, name, REGION, now));
    }
}

pub(super) fn ensure_parents(cloud: &mut Cloud, id: &ResourceId) {
    for above in [id.parent(), id.target()].into_iter().flatten() {
        ensure(cloud, &above);
    }
}

/// Every resource that a body refers to, but for the one that it is the body of, and those that a refusal names.
pub(super) fn ensure_referenced(cloud: &mut Cloud, body: &Value, own: &ResourceId, refused: &str) {
    match body {
        Value::String(text) => {
            if let Some(id) = ResourceId::parse(text)
                && !id.key().starts_with(&own.key())
                && !refused.contains(&id.key())
                && !id.namespace().eq_ignore_ascii_case("Microsoft.Authorization")
            {
                ensure(cloud, &id);
            }
        }
        Value::Array(items) => {
            for item in items {
                ensure_referenced(cloud, item, own, refused);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if let Some(id) = ResourceId::parse(name) {
                    ensure(cloud, &id);
                }
                ensure_referenced(cloud, member, own, refused);
            }
        }
        _ => {}
    }
}

/// A resource exists from now on, with what others need of it.
pub(super) fn ensure(cloud: &mut Cloud, id: &ResourceId) {
    if cloud.resource(id).is_some() {
        return;
    }
    ensure_group(cloud, &id.subscription, &id.group);
    ensure_parents(cloud, id);
    let body = usual(id);
    put(cloud, id, body);
}

pub(super) fn put(cloud: &mut Cloud, id: &ResourceId, body: Value) {
    let fresh = StoredResource::new(id, cloud.now());
    cloud.put_resource(StoredResource {
        resource_type: ResourceType::of(&fresh.resource_type)
            .map_or(fresh.resource_type, ResourceType::full_name),
        api_version: STUB.to_owned(),
        body,
        etag: "00000000-0000-0000-0000-000000000000".to_owned(),
        ..fresh
    });
}

/// What exists is no more than a stand-in: a better one may take its place.
pub(super) fn mark(cloud: &mut Cloud, id: &ResourceId) {
    if let Some(stored) = cloud.resource_mut(id) {
        STUB.clone_into(&mut stored.api_version);
    }
}

/// The properties that others of its type need.
fn usual(id: &ResourceId) -> Value {
    let kind = id.resource_type().to_ascii_lowercase();
    let properties = match kind.as_str() {
        "microsoft.network/virtualnetworks" => {
            json!({ "addressSpace": { "addressPrefixes": [format!("{}.0.0/16", range(id))] } })
        }
        "microsoft.network/virtualnetworks/subnets" => {
            let network = id.parent().unwrap_or_else(|| id.clone());
            json!({ "addressPrefix": format!("{}.0.0/20", range(&network)) })
        }
        "microsoft.network/publicipaddresses" => {
            json!({ "publicIPAllocationMethod": "Static", "ipAddress": "203.0.113.1" })
        }
        "microsoft.storage/storageaccounts" => json!({ "allowSharedKeyAccess": true }),
        "microsoft.managedidentity/userassignedidentities" => json!({
            "principalId": "00000000-0000-0000-0000-000000000000",
            "clientId": "00000000-0000-0000-0000-000000000000",
            "tenantId": TENANT,
        }),
        _ => json!({}),
    };
    json!({ "sku": { "name": "Standard" }, "properties": properties })
}

/// The first half of a network's addresses: another one for each name, and none that recordings use.
fn range(id: &ResourceId) -> String {
    let sum: u32 = id.key().bytes().map(u32::from).sum();
    format!("100.{}", 64 + sum % 64)
}
