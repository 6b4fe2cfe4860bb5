//! Virtual network peerings: two halves that find each other, and address spaces that must not overlap.
//!
//! States and sync levels follow
//! <https://learn.microsoft.com/azure/virtual-network/virtual-network-troubleshoot-peering-issues> and
//! <https://learn.microsoft.com/azure/virtual-network/update-virtual-network-peering-address-space>. Gateways are
//! another module's.

use serde_json::{Value, json};

use super::{Proposed, address, child, network, peering_gateway};
use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::json::HasJson as _;
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource};

const PEERING: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
const REMOTE: &str = "/properties/remoteVirtualNetwork/id";
const STATE: &str = "/properties/peeringState";
/// What a half knows of the other network's address space.
const KNOWN_SPACE: &str = "/properties/remoteAddressSpace";
/// Mark of a write that was sent with `syncRemoteAddressSpace=true`, while it goes on.
const SYNCING: &str = "syncing";

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(PEERING) {
        return Ok(());
    }
    let Some(own) = proposed.id.parent() else { return Ok(()) };
    let remote_text = proposed.text(REMOTE);
    leads_where_it_led(proposed, remote_text)?;
    is_the_only_one(cloud, proposed, &own, remote_text)?;
    let (Some(remote), Some(network)) = (cloud.resource_at(remote_text), cloud.resource(&own))
    else {
        return Ok(());
    };
    no_overlap(cloud, network, &network.body, remote, proposed.id)?;
    let other_half = half(cloud, &remote.id, &own);
    if other_half.is_some_and(|half| half.text(STATE) == "Disconnected") {
        return Err(bad_request!(
            "RemotePeeringIsDisconnected",
            "Cannot create or update peering {}. Because remote peering {} referencing parent virtual network \
             {own} is in Disconnected state, try again after deleting or re-creating the remote peering.",
            proposed.id,
            other_half.map_or_else(String::new, |half| half.id.to_string())
        ));
    }
    let others = halves(cloud, &own);
    peering_gateway::check(cloud, proposed, &own, &remote.id, other_half, others)
}

/// A half leads to one network for its life. Azure documents no code for it; clients make a new half instead.
fn leads_where_it_led(proposed: &Proposed<'_>, remote: &str) -> Result<()> {
    let before = proposed.existing.map_or("", |half| half.text(REMOTE));
    if before.is_empty() || before.eq_ignore_ascii_case(remote) {
        return Ok(());
    }
    Err(bad_request!(
        "RemoteVirtualNetworkCannotBeChanged",
        "Peering {} references remote virtual network {before}, which cannot be changed. Delete the peering and \
         create another one.",
        proposed.id
    ))
}

/// Two networks have one half each (Azure/bicep-registry-modules#3386).
fn is_the_only_one(
    cloud: &Cloud,
    proposed: &Proposed<'_>,
    own: &ResourceId,
    remote: &str,
) -> Result<()> {
    let another = halves(cloud, own)
        .find(|half| half.id.key() != proposed.id.key() && half.says(REMOTE, remote));
    let Some(another) = another else { return Ok(()) };
    Err(bad_request!(
        "AnotherPeeringAlreadyReferencesRemoteVnet",
        "Peering {} already references remote virtual network {remote}. Cannot add another peering {} \
             referencing the same remote virtual network.",
        another.id,
        proposed.id
    ))
}

/// A network that is connected already must not grow into another one's range.
pub(super) fn check_space(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let Some(network) = proposed.existing else { return Ok(()) };
    if network::ranges(&network.body) == network::ranges(proposed.body) {
        return Ok(());
    }
    for half in halves(cloud, proposed.id) {
        if let Some(remote) = cloud.resource_at(half.text(REMOTE)) {
            no_overlap(cloud, network, proposed.body, remote, &half.id)?;
        }
    }
    Ok(())
}

fn no_overlap(
    cloud: &Cloud,
    network: &StoredResource,
    body: &Value,
    remote: &StoredResource,
    peering: &ResourceId,
) -> Result<()> {
    let own_ranges = network::ranges(body);
    let overlaps = |other: &StoredResource| {
        network::ranges(&other.body)
            .iter()
            .any(|theirs| own_ranges.iter().any(|ours| address::overlap(*ours, *theirs)))
    };
    if overlaps(remote) {
        return Err(bad_request!(
            "VnetAddressSpacesOverlap",
            "Cannot create or update peering {peering} because the address spaces of virtual networks {} and {} \
             overlap.",
            network.id,
            remote.id
        ));
    }
    // The other side's existing peers count too: Azure would not know where to send the traffic.
    for peer in halves(cloud, &remote.id) {
        let other = cloud.resource_at(peer.text(REMOTE));
        let Some(other) = other.filter(|other| other.id.key() != network.id.key()) else {
            continue;
        };
        if overlaps(other) {
            return Err(bad_request!(
                "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
                "Address space of the virtual network {} overlaps with address space of {} which is already peered \
                 with {}.",
                network.id,
                other.id,
                remote.id
            ));
        }
    }
    Ok(())
}

fn halves<'cloud>(
    cloud: &'cloud Cloud,
    network: &ResourceId,
) -> impl Iterator<Item = &'cloud StoredResource> {
    cloud.below(network).filter(|resource| resource.is(PEERING))
}

/// The half of a peering that stands in `network` and leads to `other`.
fn half<'cloud>(
    cloud: &'cloud Cloud,
    network: &ResourceId,
    other: &ResourceId,
) -> Option<&'cloud StoredResource> {
    let key = other.key();
    halves(cloud, network).find(|half| half.says(REMOTE, &key))
}

/// Notes that a write shall learn the other network's address space anew.
pub fn note_sync(cloud: &mut Cloud, id: &ResourceId) {
    child::show(cloud, id, json!({ SYNCING: true }));
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let Some(own) = id.parent() else { return };
    let Some(remote) = child::id_at(cloud, id, REMOTE) else { return };
    let before = child::text(cloud, id, STATE);
    let syncing = forget_sync(cloud, id);
    // A half that was left behind stays so until it is deleted, whatever is written to it.
    if before != "Disconnected" {
        let other = half(cloud, &remote, &own).map(|half| half.id.clone());
        let state = if other.is_some() { "Connected" } else { "Initiated" };
        if before != state || syncing {
            learn(cloud, id, &remote);
        }
        show_state(cloud, id, state);
        if let Some(other) = &other
            && child::text(cloud, other, STATE) != "Disconnected"
        {
            if child::text(cloud, other, STATE) != state {
                learn(cloud, other, &own);
            }
            show_state(cloud, other, state);
        }
    }
    show_sync(cloud, id);
    if let Some(other) = half(cloud, &remote, &own).map(|half| half.id.clone()) {
        show_sync(cloud, &other);
    }
}

/// A network was written: its halves and those that lead to it may have lost sync.
pub(super) fn network_done(cloud: &mut Cloud, network: &ResourceId) {
    let near: Vec<(ResourceId, String)> = halves(cloud, network)
        .map(|half| (half.id.clone(), half.text(REMOTE).to_owned()))
        .collect();
    for (id, remote) in near {
        show_sync(cloud, &id);
        let other = ResourceId::parse(&remote).and_then(|remote| half(cloud, &remote, network));
        if let Some(other) = other.map(|half| half.id.clone()) {
            show_sync(cloud, &other);
        }
    }
}

fn forget_sync(cloud: &mut Cloud, id: &ResourceId) -> bool {
    cloud
        .resource_mut(id)
        .and_then(|half| half.runtime.as_object_mut())
        .is_some_and(|runtime| runtime.shift_remove(SYNCING).is_some())
}

fn space(cloud: &Cloud, network: &ResourceId) -> Value {
    let network = cloud.resource(network);
    network.map_or(Value::Null, |network| network.body.copy("/properties/addressSpace"))
}

/// The half takes note of the other network's address space.
fn learn(cloud: &mut Cloud, id: &ResourceId, remote: &ResourceId) {
    child::show_properties!(cloud, id, { "remoteAddressSpace": space(cloud, remote) });
}

fn show_state(cloud: &mut Cloud, id: &ResourceId, state: &str) {
    child::show_properties!(cloud, id, {
        "peeringState": state,
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
    });
}

/// Shows whether a half knows the other network as it is, and is known by it as its own network is.
fn show_sync(cloud: &mut Cloud, id: &ResourceId) {
    let (Some(own), Some(remote)) = (id.parent(), child::id_at(cloud, id, REMOTE)) else { return };
    let knows = |half: &StoredResource, network: &ResourceId| {
        half.get(KNOWN_SPACE) == Some(&space(cloud, network))
    };
    let other = half(cloud, &remote, &own);
    let connected = child::text(cloud, id, STATE) == "Connected";
    let local = other.is_none_or(|other| knows(other, &own));
    let far = cloud.resource(id).is_some_and(|half| knows(half, &remote));
    let level = match (connected, local, far) {
        (false, _, _) | (true, true, false) => "RemoteNotInSync",
        (true, true, true) => "FullyInSync",
        (true, false, true) => "LocalNotInSync",
        (true, false, false) => "LocalAndRemoteNotInSync",
    };
    let current = space(cloud, &remote);
    child::show_properties!(cloud, id, {
        "peeringSyncLevel": level,
        "remoteVirtualNetworkAddressSpace": current,
    });
}

/// The other half stays behind, disconnected.
pub(super) fn going(cloud: &mut Cloud, id: &ResourceId) {
    let remote = child::id_at(cloud, id, REMOTE);
    if let (Some(own), Some(remote)) = (id.parent(), remote)
        && let Some(other) = half(cloud, &remote, &own).map(|half| half.id.clone())
    {
        let shown =
            json!({ "peeringState": "Disconnected", "peeringSyncLevel": "RemoteNotInSync" });
        child::show(cloud, &other, json!({ "properties": shown }));
    }
}

/// A group goes with everything in it: the halves elsewhere that lead into it stay behind, disconnected.
pub(super) fn group_going(cloud: &mut Cloud, scope: &Scope) {
    let halves = cloud.resources_in(scope).filter(|resource| resource.is(PEERING));
    for half in halves.map(|half| half.id.clone()).collect::<Vec<_>>() {
        going(cloud, &half);
    }
}
