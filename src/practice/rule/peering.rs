//! Virtual network peerings: address spaces that must not overlap, gateways that must exist.
//!
//! How the two halves of a peering find each other is the resource side's business.

use serde_json::Value;

use super::{Proposed, address, network};
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
    let uses_gateway = proposed
        .get("/properties/useRemoteGateways")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    if uses_gateway && !has_gateway(cloud, &remote.id) {
        return Err(ArmError::new(
            400,
            "RemoteVnetHasNoGateways",
            format!(
                "Peering {} cannot have UseRemoteGateway flag set to true because remote virtual network {} referenced by the peering does not have any gateways.",
                proposed.id, remote.id
            ),
        ));
    }
    Ok(())
}

fn no_overlap(
    cloud: &Cloud,
    network: &StoredResource,
    remote: &StoredResource,
    proposed: &Proposed<'_>,
) -> Result<(), ArmError> {
    let own_ranges = network::ranges(&network.body);
    let overlaps = |other: &StoredResource| {
        network::ranges(&other.body)
            .iter()
            .any(|theirs| own_ranges.iter().any(|ours| address::overlap(*ours, *theirs)))
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

/// A gateway stands in its own subnet of the network.
fn has_gateway(cloud: &Cloud, network: &ResourceId) -> bool {
    let subnet = network.child("subnets", "GatewaySubnet").key();
    cloud
        .group(&network.scope())
        .into_iter()
        .flat_map(|group| group.resources.values())
        .filter(|resource| {
            resource.is("Microsoft.Network/virtualNetworkGateways")
                && resource.provisioning_state == "Succeeded"
        })
        .any(|gateway| {
            super::written_ids(&gateway.body)
                .iter()
                .any(|(_, id)| id.key() == subnet)
        })
}
