//! VPN and `ExpressRoute` gateways of a network, the sites on-premises that they lead to, and the connections between.
//!
//! What Azure demands: <https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings>.
//! Whether a tunnel comes up is decided here too: it does when the practice office answers at its other end.

use serde_json::{Value, json};

use super::{Proposed, address, child};
use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource, What};

pub(super) const GATEWAY: &str = "Microsoft.Network/virtualNetworkGateways";
const SITE: &str = "Microsoft.Network/localNetworkGateways";
const CONNECTION: &str = "Microsoft.Network/connections";
const PUBLIC_ADDRESS: &str = "Microsoft.Network/publicIPAddresses";
const SUBNET: &str = "GatewaySubnet";

/// Public address of the VPN device of the practice office (RFC 5737). A tunnel to any other address stays down.
pub const SITE_DEVICE: &str = "203.0.113.7";
/// Addresses of the practice office.
pub const SITE_RANGE: &str = "192.168.0.0/16";

/// Tiers with which a VPN gateway can be made; those without zones are retired
/// (<https://learn.microsoft.com/azure/vpn-gateway/gateway-sku-consolidation>).
const VPN_TIERS: [&str; 6] = ["Basic", "VpnGw1AZ", "VpnGw2AZ", "VpnGw3AZ", "VpnGw4AZ", "VpnGw5AZ"];
/// Seconds from a connection being made to its tunnel being up or given up.
const NEGOTIATION: i64 = 45;
/// The action that ends a negotiation, in the queue of what is due.
pub const NEGOTIATED: &str = "negotiated";

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is(GATEWAY) {
        gateway_form(proposed)
    } else if proposed.is(SITE) {
        for prefix in proposed.items("/properties/localNetworkAddressSpace/addressPrefixes") {
            let prefix = prefix.as_str().filter(|text| !text.starts_with('['));
            prefix.map_or(Ok(()), |prefix| {
                address::parse(prefix, &proposed.id.to_string()).map(drop)
            })?;
        }
        Ok(())
    } else if proposed.is(CONNECTION) {
        connection_form(proposed)
    } else {
        Ok(())
    }
}

fn gateway_form(proposed: &Proposed<'_>) -> Result<()> {
    let tier = proposed.text("/properties/sku/name");
    let is_vpn = proposed.says("/properties/gatewayType", "Vpn");
    let known = VPN_TIERS.iter().any(|each| each.eq_ignore_ascii_case(tier));
    // One that stands already keeps its tier.
    if is_vpn && !known && !tier.starts_with('[') && proposed.existing.is_none() {
        return Err(bad_request!(
            "NonAzSkusNotAllowedForVPNGateway",
            "VPN gateway {} cannot be created with the SKU '{tier}'. Please choose one of: {}.",
            proposed.id,
            VPN_TIERS.join(", ")
        ));
    }
    for configuration in proposed.items("/properties/ipConfigurations") {
        let subnet = configuration.text("/properties/subnet/id");
        let name = subnet.rsplit('/').next().unwrap_or("");
        if !subnet.starts_with('[') && !name.eq_ignore_ascii_case(SUBNET) {
            return Err(bad_request!(
                "SubnetNameNotValid",
                "Virtual network gateway {} must reference a subnet with the name '{SUBNET}', not '{name}'.",
                proposed.id
            ));
        }
    }
    Ok(())
}

/// A connection by `IPsec` leads from a gateway to a site, and both sides have the same key.
fn connection_form(proposed: &Proposed<'_>) -> Result<()> {
    let is_site = proposed.says("/properties/connectionType", "IPsec");
    let has = |pointer: &str| proposed.get(pointer).is_some();
    let kept = proposed
        .existing
        .is_some_and(|standing| standing.body.pointer("/properties/sharedKey").is_some());
    let missing =
        match (has("/properties/localNetworkGateway2/id"), has("/properties/sharedKey") || kept) {
            _ if !is_site => None,
            (false, _) => Some("localNetworkGateway2"),
            (true, false) => Some("sharedKey"),
            (true, true) => None,
        };
    let Some(property) = missing else { return Ok(()) };
    Err(bad_request!(
        "MissingRequiredProperty",
        "Required property '{property}' of the IPsec connection {} is missing.",
        proposed.id
    )
    .about(property))
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is(GATEWAY) {
        for configuration in proposed.items("/properties/ipConfigurations") {
            alone_in_network(cloud, proposed, configuration)?;
            public_address(cloud, proposed, configuration)?;
        }
        return Ok(());
    }
    if !proposed.is(CONNECTION) {
        return Ok(());
    }
    let gateway = cloud.resource_at(proposed.text("/properties/virtualNetworkGateway1/id"));
    match gateway.filter(|gateway| gateway.provisioning_state != "Succeeded") {
        None => Ok(()),
        Some(gateway) => Err(arm_error!(
            429,
            "ReferencedResourceNotProvisioned",
            "Cannot proceed with operation because resource {} used by resource {} is not in Succeeded state. \
             Resource is in {} state.",
            gateway.id,
            proposed.id,
            gateway.provisioning_state
        )),
    }
}

/// A network has one VPN gateway and one for `ExpressRoute` at most.
fn alone_in_network(cloud: &Cloud, proposed: &Proposed<'_>, configuration: &Value) -> Result<()> {
    let kind = proposed.text("/properties/gatewayType");
    let subnet = configuration.text("/properties/subnet/id");
    let other = cloud
        .resources(&proposed.id.subscription)
        .filter(|other| other.is(GATEWAY) && other.id.key() != proposed.id.key())
        .filter(|other| other.says("/properties/gatewayType", kind))
        .find(|other| stands_in(other, subnet));
    let Some(other) = other else { return Ok(()) };
    Err(bad_request!(
        "VirtualNetworkAlreadyHasGateway",
        "A virtual network can't be associated with more than one gateway of type '{kind}': {} is in use by \
             {}.",
        subnet,
        other.id
    ))
}

/// Gateways with zones take a Standard address; one that is not fixed is refused when the address is made.
fn public_address(cloud: &Cloud, proposed: &Proposed<'_>, configuration: &Value) -> Result<()> {
    let address = configuration.text("/properties/publicIPAddress/id");
    if address.is_empty() {
        return Err(bad_request!(
            "MissingRequiredProperty",
            "Virtual network gateway {} needs a public IP address in its IP configuration.",
            proposed.id
        ));
    }
    let found = cloud.resource_at(address).filter(|found| found.is(PUBLIC_ADDRESS));
    let holder = found.map_or("", |found| found.text("/properties/ipConfiguration/id"));
    let own = format!("{}/", proposed.id.key());
    if holder.is_empty() || holder.to_ascii_lowercase().starts_with(&own) {
        return Ok(());
    }
    Err(bad_request!(
        "PublicIPAddressInUse",
        "Resource {} is referencing public IP address {address} that is already allocated to resource {holder}.",
        proposed.id
    ))
}

fn stands_in(gateway: &StoredResource, subnet: &str) -> bool {
    let mut configurations = gateway.body.items("/properties/ipConfigurations").iter();
    configurations.any(|each| each.says("/properties/subnet/id", subnet))
}

/// The gateways that stand in a network, whatever their state.
pub(super) fn of_network<'cloud>(
    cloud: &'cloud Cloud,
    network: &ResourceId,
) -> impl Iterator<Item = &'cloud StoredResource> {
    let subnet = network.child("subnets", SUBNET).key();
    cloud
        .resources(&network.subscription)
        .filter(|gateway| gateway.is(GATEWAY))
        .filter(move |gateway| stands_in(gateway, &subnet))
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let configurations = child::items(cloud, id, "/properties/ipConfigurations");
    let shown = child::with_ids(id, "ipConfigurations", &configurations);
    for configuration in &shown {
        if let Some(address) = configuration.id_at("/properties/publicIPAddress/id") {
            let holder = json!({ "id": configuration.text("/id") });
            child::show(cloud, &address, json!({ "properties": { "ipConfiguration": holder } }));
        }
    }
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "ipConfigurations": shown,
        "enablePrivateIpAddress": false,
        "bgpSettings": { "asn": 65515, "peerWeight": 0 },
    });
}

pub(super) fn site_done(cloud: &mut Cloud, id: &ResourceId) {
    child::show(
        cloud,
        id,
        json!({ "properties": { "resourceGuid": child::identifier(cloud, id, "resource guid") } }),
    );
}

/// A connection begins to negotiate as soon as it is made.
pub(super) fn connection_done(cloud: &mut Cloud, id: &ResourceId) {
    let status = match child::text(cloud, id, "/properties/connectionStatus").as_str() {
        "" | "Unknown" => "Connecting".to_owned(),
        standing => standing.to_owned(),
    };
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "connectionStatus": status,
        "ingressBytesTransferred": 0,
        "egressBytesTransferred": 0,
    });
    let end = What::ActionDone { id: id.clone(), action: NEGOTIATED.to_owned(), operation: None };
    cloud.schedule_in(jiff::SignedDuration::from_secs(NEGOTIATION), end);
}

/// While it is being made nobody knows.
pub(super) fn connection_begun(cloud: &mut Cloud, id: &ResourceId) {
    if child::text(cloud, id, "/properties/connectionStatus").is_empty() {
        child::show(cloud, id, json!({ "properties": { "connectionStatus": "Unknown" } }));
    }
}

/// The negotiation has ended: the tunnel is up when the practice office is at its other end.
pub fn negotiated(cloud: &mut Cloud, id: &ResourceId) {
    let site = child::text(cloud, id, "/properties/localNetworkGateway2/id");
    let gateway = child::text(cloud, id, "/properties/virtualNetworkGateway1/id");
    let answers = cloud
        .resource_at(&site)
        .is_some_and(|site| site.text("/properties/gatewayIpAddress") == SITE_DEVICE);
    let works = cloud
        .resource_at(&gateway)
        .is_some_and(|gateway| gateway.provisioning_state == "Succeeded");
    let status = if answers && works { "Connected" } else { "NotConnected" };
    child::show(cloud, id, json!({ "properties": { "connectionStatus": status } }));
}
