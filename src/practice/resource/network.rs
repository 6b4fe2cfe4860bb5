//! Virtual networks: subnets and peerings are part of the network's body and resources of their own at the same time.
//!
//! The children are the truth; a network's own answer is filled from them. A peering is connected when both sides point
//! at each other, and disconnected when one side has gone.

use serde_json::{Value, json};

use super::view;
use crate::practice::{
    identifier::ResourceId,
    state::{Cloud, StoredResource},
};

const NETWORKS: &str = "Microsoft.Network/virtualNetworks";
const PEERINGS: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
const CHILDREN: [(&str, &str); 2] = [
    ("subnets", "subnets"),
    ("virtualNetworkPeerings", "virtualNetworkPeerings"),
];

/// Puts the children into a network's answer.
pub(super) fn fill(cloud: &Cloud, stored: &StoredResource, content: &mut Value) {
    if !stored.is(NETWORKS) {
        return;
    }
    for (property, type_segment) in CHILDREN {
        let prefix = format!("{}/{}/", stored.id.key(), type_segment.to_ascii_lowercase());
        let children: Vec<Value> = cloud
            .group(&stored.id.scope())
            .into_iter()
            .flat_map(|group| group.resources.iter())
            .filter(|(key, child)| {
                key.strip_prefix(&prefix)
                    .is_some_and(|rest| !rest.contains('/'))
                    && child.id.parent().is_some()
            })
            .map(|(_, child)| view::render(cloud, child))
            .collect();
        view::merge(content, &json!({ "properties": { property: children } }));
    }
}

/// After a network was written: its subnets become resources, and those no longer named go.
pub(super) fn take_in_children(cloud: &mut Cloud, id: &ResourceId) {
    if !id.is(NETWORKS) {
        return;
    }
    let Some(network) = cloud.resource(id).cloned() else {
        return;
    };
    let items = |property: &str| -> Vec<Value> {
        network
            .body
            .pointer(&format!("/properties/{property}"))
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let mut named = Vec::new();
    for (property, type_segment) in CHILDREN {
        for item in items(property) {
            let Some(name) = item.get("name").and_then(Value::as_str) else {
                continue;
            };
            let child = id.child(type_segment, name);
            named.push(child.key());
            take_in(cloud, &network, child, &item);
        }
    }
    let subnets = format!("{}/subnets/", id.key());
    if let Some(group) = cloud.group_mut(&id.scope()) {
        group
            .resources
            .retain(|key, _| !key.starts_with(&subnets) || is_or_is_below(key, &named));
    }
}

fn is_or_is_below(key: &str, named: &[String]) -> bool {
    named.iter().any(|name| {
        key.strip_prefix(name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn take_in(cloud: &mut Cloud, network: &StoredResource, child: ResourceId, item: &Value) {
    let body =
        json!({ "properties": item.get("properties").cloned().unwrap_or_else(|| json!({})) });
    let mut stored = cloud
        .resource(&child)
        .cloned()
        .unwrap_or_else(|| StoredResource {
            resource_type: child.resource_type(),
            name: child.name().to_owned(),
            runtime: json!({}),
            created: network.changed,
            id: child,
            ..network.clone()
        });
    stored.body = body;
    stored.changed = network.changed;
    stored.etag.clone_from(&network.etag);
    stored.api_version.clone_from(&network.api_version);
    "Succeeded".clone_into(&mut stored.provisioning_state);
    cloud.put_resource(stored);
}

/// After a peering was written: its state follows from the other side, and the other side's from it.
pub(super) fn connect(cloud: &mut Cloud, id: &ResourceId) {
    let Some((remote, back)) = ends(cloud, id) else {
        return;
    };
    let state = if back.is_some() {
        "Connected"
    } else {
        "Initiated"
    };
    let prefixes = cloud
        .resource(&remote)
        .and_then(|network| network.get("/properties/addressSpace"))
        .cloned()
        .unwrap_or_else(|| json!({ "addressPrefixes": [] }));
    let added = json!({ "properties": {
        "peeringState": state,
        "peeringSyncLevel": if back.is_some() { "FullyInSync" } else { "RemoteNotInSync" },
        "remoteAddressSpace": prefixes,
        "remoteVirtualNetworkAddressSpace": prefixes,
        "resourceGuid": uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, id.key().as_bytes()).to_string(),
    }});
    set(cloud, id, &added);
    if let Some(back) = back {
        set(
            cloud,
            &back,
            &json!({ "properties": { "peeringState": "Connected", "peeringSyncLevel": "FullyInSync" } }),
        );
    }
}

/// Before a peering goes: the other side is left alone.
pub(super) fn disconnect(cloud: &mut Cloud, id: &ResourceId) {
    if let Some((_, Some(back))) = ends(cloud, id) {
        set(
            cloud,
            &back,
            &json!({ "properties": { "peeringState": "Disconnected", "peeringSyncLevel": "RemoteNotInSync" } }),
        );
    }
}

/// The remote network of a peering, and the peering that points back from it.
fn ends(cloud: &Cloud, id: &ResourceId) -> Option<(ResourceId, Option<ResourceId>)> {
    if !id.is(PEERINGS) {
        return None;
    }
    let here = id.parent()?;
    let remote = ResourceId::parse(
        cloud
            .resource(id)?
            .text("/properties/remoteVirtualNetwork/id"),
    )?;
    let prefix = format!("{}/virtualnetworkpeerings/", remote.key());
    let back = cloud
        .group(&remote.scope())
        .into_iter()
        .flat_map(|group| group.resources.iter())
        .find(|(key, peering)| {
            key.starts_with(&prefix)
                && peering
                    .text("/properties/remoteVirtualNetwork/id")
                    .eq_ignore_ascii_case(&here.to_string())
        })
        .map(|(_, peering)| peering.id.clone());
    Some((remote, back))
}

fn set(cloud: &mut Cloud, id: &ResourceId, added: &Value) {
    if let Some(peering) = cloud.resource_mut(id) {
        view::merge(&mut peering.runtime, added);
    }
}
