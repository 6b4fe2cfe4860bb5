//! Virtual network peerings: two halves that find each other, and address spaces that must not overlap.

use serde_json::json;

use super::{Proposed, address, child, network, peering_gateway};
use crate::practice::{
    identifier::ResourceId,
    reply::ArmError,
    state::{Cloud, StoredResource},
};

const PEERING: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
const REMOTE: &str = "/properties/remoteVirtualNetwork/id";

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<(), ArmError> {
    if !proposed.is(PEERING) {
        return Ok(());
    }
    let Some(own) = proposed.id.parent() else {
        return Ok(());
    };
    let remote_text = proposed.text(REMOTE);
    let (Some(remote), Some(network)) = (cloud.resource_at(remote_text), cloud.resource(&own))
    else {
        return Ok(());
    };
    no_overlap(cloud, network, remote, proposed)?;
    let other_half = half(cloud, &remote.id, &own);
    if other_half.is_some_and(|half| half.text("/properties/peeringState") == "Disconnected") {
        return Err(ArmError::new(
            400,
            "RemotePeeringIsDisconnected",
            format!(
                "Cannot create or update peering {}. Because remote peering {} referencing parent virtual network {own} is in Disconnected state, try again after deleting or re-creating the remote peering.",
                proposed.id,
                other_half.map_or_else(String::new, |half| half.id.to_string())
            ),
        ));
    }
    let others = halves(cloud, &own);
    peering_gateway::check(cloud, proposed, &own, &remote.id, other_half, others)
}

fn no_overlap(
    cloud: &Cloud,
    network: &StoredResource,
    remote: &StoredResource,
    proposed: &Proposed<'_>,
) -> Result<(), ArmError> {
    let own_ranges = network::ranges(&network.body);
    let overlaps = |other: &StoredResource| {
        network::ranges(&other.body).iter().any(|theirs| {
            own_ranges
                .iter()
                .any(|ours| address::overlap(*ours, *theirs))
        })
    };
    if overlaps(remote) {
        return Err(ArmError::new(
            400,
            "VnetAddressSpacesOverlap",
            format!(
                "Cannot create or update peering {} because the address spaces of virtual networks {} and {} overlap.",
                proposed.id, network.id, remote.id
            ),
        ));
    }
    // The other side's existing peers count too: Azure would not know where to send the traffic.
    for peer in halves(cloud, &remote.id) {
        let other = cloud.resource_at(peer.text(REMOTE));
        let Some(other) = other.filter(|other| other.id.key() != network.id.key()) else {
            continue;
        };
        if overlaps(other) {
            return Err(ArmError::new(
                400,
                "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
                format!(
                    "Address space of the virtual network {} overlaps with address space of {} which is already peered with {}.",
                    network.id, other.id, remote.id
                ),
            ));
        }
    }
    Ok(())
}

fn halves<'cloud>(
    cloud: &'cloud Cloud,
    network: &ResourceId,
) -> impl Iterator<Item = &'cloud StoredResource> {
    let below = format!("{}/", network.key());
    cloud
        .group(&network.scope())
        .into_iter()
        .flat_map(|group| group.resources.values())
        .filter(move |resource| resource.is(PEERING) && resource.id.key().starts_with(&below))
}

/// The half of a peering that stands in `network` and leads to `other`.
fn half<'cloud>(
    cloud: &'cloud Cloud,
    network: &ResourceId,
    other: &ResourceId,
) -> Option<&'cloud StoredResource> {
    let key = other.key();
    halves(cloud, network).find(|half| half.text(REMOTE).eq_ignore_ascii_case(&key))
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let Some(own) = id.parent() else {
        return;
    };
    let Some(remote) = ResourceId::parse(&child::text(cloud, id, REMOTE)) else {
        return;
    };
    let other = half(cloud, &remote, &own).map(|half| half.id.clone());
    let state = if other.is_some() {
        "Connected"
    } else {
        "Initiated"
    };
    show_state(cloud, id, &remote, state);
    if let Some(other) = other {
        show_state(cloud, &other, &own, state);
    }
}

fn show_state(cloud: &mut Cloud, half: &ResourceId, remote: &ResourceId, state: &str) {
    let remote_space = cloud
        .resource(remote)
        .and_then(|network| network.body.pointer("/properties/addressSpace").cloned())
        .unwrap_or_default();
    let sync = if state == "Connected" {
        "FullyInSync"
    } else {
        "RemoteNotInSync"
    };
    let shown = json!({ "properties": {
        "peeringState": state,
        "peeringSyncLevel": sync,
        "resourceGuid": child::identifier(cloud, half, "resource guid"),
        "remoteAddressSpace": remote_space,
        "remoteVirtualNetworkAddressSpace": remote_space,
    }});
    child::show(cloud, half, shown);
}

/// The other half stays behind, disconnected.
pub(super) fn going(cloud: &mut Cloud, id: &ResourceId) {
    let remote = ResourceId::parse(&child::text(cloud, id, REMOTE));
    if let (Some(own), Some(remote)) = (id.parent(), remote)
        && let Some(other) = half(cloud, &remote, &own).map(|half| half.id.clone())
    {
        let shown = json!({ "properties": {
            "peeringState": "Disconnected",
            "peeringSyncLevel": "RemoteNotInSync",
        }});
        child::show(cloud, &other, shown);
    }
}
