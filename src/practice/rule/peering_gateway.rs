//! What a peering may say about gateways: who may use whose, and in which order the two halves are told.
//!
//! <https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit>. States and address ranges of
//! halves are `peering`'s business.

use super::{Proposed, gateway};
use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource};

const REMOTE: &str = "/properties/remoteVirtualNetwork/id";
const USES: &str = "/properties/useRemoteGateways";
const LETS: &str = "/properties/allowGatewayTransit";

/// Judges a half in `own` that leads to `remote`, whose half back is `back` where it exists, beside the other halves of
/// `own`.
pub(super) fn check<'cloud>(
    cloud: &'cloud Cloud,
    proposed: &Proposed<'_>,
    own: &ResourceId,
    remote: &ResourceId,
    back: Option<&StoredResource>,
    mut others: impl Iterator<Item = &'cloud StoredResource>,
) -> Result<()> {
    let id = proposed.id;
    if !proposed.flag(USES) {
        return Ok(());
    }
    if let Some(gateway) = gateway::of_network(cloud, own).next() {
        return Err(bad_request!(
            "VnetHasGatewayConfigured",
            "Peering {id} cannot have UseRemoteGateways flag set to true, because the parent virtual \
                 network {own} has the gateway {} configured.",
            gateway.id
        ));
    }
    if proposed.flag(LETS) {
        return Err(bad_request!(
            "AllowGatewayTransitCannotBeSetWithUseRemoteGateways",
            "Peering {id} cannot have both UseRemoteGateways and AllowGatewayTransit flags set to true."
        ));
    }
    let other = others.find(|other| {
        other.id.key() != id.key() && other.body.flag(USES) && !other.says(REMOTE, &remote.key())
    });
    if let Some(other) = other {
        return Err(bad_request!(
            "OnlyOnePeeringCanUseRemoteGateways",
            "Peering {id} cannot have UseRemoteGateways flag set to true, because another peering {} \
                 already has UseRemoteGateways flag set to true.",
            other.id
        ));
    }
    if !works(cloud, remote) {
        return Err(bad_request!(
            "RemoteVnetHasNoGateways",
            "Peering {id} cannot have UseRemoteGateway flag set to true because remote virtual network \
                 {remote} referenced by the peering does not have any gateways."
        ));
    }
    if back.is_some_and(|back| !back.body.flag(LETS)) {
        return Err(bad_request!(
            "RemotePeeringDoesNotAllowGatewayTransit",
            "{} cannot have UseRemoteGateways flag set to true, because corresponding remote peering \
                 has AllowGatewayTransit flag set to false.",
            id.name()
        ));
    }
    Ok(())
}

/// A gateway that is still being made counts as none.
fn works(cloud: &Cloud, network: &ResourceId) -> bool {
    gateway::of_network(cloud, network).any(|gateway| gateway.provisioning_state == "Succeeded")
}
