//! Whether a packet from the office reaches an address, and whether the answer comes back.
//!
//! It goes by what stands in the practice networks: halves of peerings with their flags, gateways, route tables,
//! security groups, firewalls. Sources:
//! <https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit>,
//! <https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy>.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use serde_json::Value;

use super::Switches;
use crate::practice::json::HasJson as _;
use crate::practice::state::{Cloud, StoredResource};

const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const PEERING: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
const GATEWAY: &str = "Microsoft.Network/virtualNetworkGateways";
const OFFICE_RANGE: Ipv4Addr = Ipv4Addr::new(192, 168, 10, 20);
/// Addresses of everything public in the practice cloud, kept for documentation (RFC 5737).
const PUBLIC: (Ipv4Addr, u8) = (Ipv4Addr::new(203, 0, 113, 0), 24);

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It reaches a private endpoint.
    Private,
    /// It reaches a service by its public address.
    Public,
    /// Somebody refuses.
    Refused,
    /// Nobody answers.
    Silent,
}

/// True for an address that stands for a public one.
pub(super) fn is_public(address: Ipv4Addr) -> bool {
    Ipv4Network::new(PUBLIC.0, PUBLIC.1).is_ok_and(|range| range.contains(address))
}

/// What becomes of a connection from the office to an address and port.
pub(super) fn reach(cloud: &Cloud, address: Ipv4Addr, port: u16) -> Outcome {
    let switches = Switches::of(cloud);
    if is_public(address) {
        return if switches.public_blocked { Outcome::Silent } else { Outcome::Public };
    }
    if is_in_office(cloud, address) {
        // Another machine of the office has this address, and nothing listens there.
        return Outcome::Refused;
    }
    let Some(network) = network_of_endpoint(cloud, address) else { return Outcome::Silent };
    let lost = switches.no_route || switches.returns_dropped;
    let hubs =
        hubs(cloud).filter(|hub| hub.id.key() == network.id.key() || joined(cloud, network, hub));
    let open = hubs.into_iter().any(|hub| comes_back(cloud, network, hub, address))
        && security_group_admits(cloud, network, address, port);
    if lost || !open {
        return Outcome::Silent;
    }
    if switches.transparent_proxy { Outcome::Public } else { Outcome::Private }
}

fn prefixes(found: &StoredResource, pointer: &str) -> Vec<Ipv4Network> {
    found.items(pointer).iter().filter_map(|each| each.as_str()?.parse().ok()).collect()
}

/// Whether an address lies in a range that is said to be on-premises.
fn is_in_office(cloud: &Cloud, address: Ipv4Addr) -> bool {
    cloud
        .all_resources()
        .filter(|each| each.is("Microsoft.Network/localNetworkGateways"))
        .flat_map(|each| prefixes(each, "/properties/localNetworkAddressSpace/addressPrefixes"))
        .any(|range| range.contains(address))
}

/// The network in which a private endpoint has this address. Where ranges overlap, the one that is joined to a hub.
fn network_of_endpoint(cloud: &Cloud, address: Ipv4Addr) -> Option<&StoredResource> {
    let has = |card: &&StoredResource| {
        let mut own = card.items("/properties/ipConfigurations").iter();
        card.get("/properties/privateEndpoint/id").is_some()
            && own.any(|each| each.text("/properties/privateIPAddress") == address.to_string())
    };
    let mut networks: Vec<&StoredResource> = cloud
        .all_resources()
        .filter(|each| each.is("Microsoft.Network/networkInterfaces"))
        .filter(has)
        .filter_map(|card| {
            let subnet = card.id_at("/properties/ipConfigurations/0/properties/subnet/id")?;
            cloud.resource(&subnet.parent()?)
        })
        .collect();
    networks.sort_by_key(|network| !hubs(cloud).any(|hub| joined(cloud, network, hub)));
    networks.into_iter().next()
}

/// Networks in which a gateway is up.
pub(super) fn hubs(cloud: &Cloud) -> impl Iterator<Item = &StoredResource> {
    let gateways: Vec<String> = cloud
        .all_resources()
        .filter(|each| each.is(GATEWAY) && each.provisioning_state == "Succeeded")
        .filter_map(|gateway| {
            let subnet = gateway.id_at("/properties/ipConfigurations/0/properties/subnet/id")?;
            Some(subnet.parent()?.key())
        })
        .collect();
    cloud.all_resources().filter(move |each| each.is(NETWORK) && gateways.contains(&each.id.key()))
}

/// The half of a peering that stands in one network and leads to the other.
pub(super) fn half<'cloud>(
    cloud: &'cloud Cloud,
    network: &StoredResource,
    other: &StoredResource,
) -> Option<&'cloud StoredResource> {
    let other = other.id.to_string();
    cloud.below(&network.id).find(|each| {
        let remote = each.text("/properties/remoteVirtualNetwork/id");
        each.is(PEERING) && remote.eq_ignore_ascii_case(&other)
    })
}

fn flag(resource: &StoredResource, name: &str) -> bool {
    resource.flag(&format!("/properties/{name}"))
}

/// Whether both sides stand and let the hub's gateway through.
fn joined(cloud: &Cloud, network: &StoredResource, hub: &StoredResource) -> bool {
    let (Some(near), Some(far)) = (half(cloud, network, hub), half(cloud, hub, network)) else {
        return false;
    };
    let stands = |half: &StoredResource| {
        half.text("/properties/peeringState") == "Connected"
            && half.get("/properties/allowVirtualNetworkAccess") != Some(&Value::Bool(false))
    };
    // A range that the other side has not learned yet is not announced by its gateway.
    let current = "/properties/remoteVirtualNetworkAddressSpace/addressPrefixes";
    let known = match far.get(current) {
        Some(_) => prefixes(far, current),
        None => prefixes(far, "/properties/remoteAddressSpace/addressPrefixes"),
    };
    stands(near)
        && stands(far)
        && flag(near, "useRemoteGateways")
        && flag(far, "allowGatewayTransit")
        && prefixes(network, "/properties/addressSpace/addressPrefixes")
            .iter()
            .all(|range| known.contains(range))
}

/// The subnet of a network in which an address lies, as the network lists it.
fn subnet_of(network: &StoredResource, address: Ipv4Addr) -> Option<&Value> {
    network.items("/properties/subnets").iter().find(|subnet| {
        let prefix = subnet.text("/properties/addressPrefix").parse::<Ipv4Network>();
        prefix.is_ok_and(|prefix| prefix.contains(address))
    })
}

fn table<'cloud>(cloud: &'cloud Cloud, subnet: &Value) -> Option<&'cloud StoredResource> {
    cloud.resource_at(subnet.text("/properties/routeTable/id"))
}

/// The appliance that a table's longest fitting route leads to; the default route counts only where it is asked for.
fn appliance(table: &StoredResource, address: Ipv4Addr, default: bool) -> Option<String> {
    let fitting = table.items("/properties/routes").iter().filter_map(|route| {
        let prefix: Ipv4Network = route.text("/properties/addressPrefix").parse().ok()?;
        let fits = prefix.contains(address) && (default || prefix.prefix() > 0);
        fits.then_some((prefix.prefix(), route))
    });
    let (_, longest) = fitting.max_by_key(|(length, _)| *length)?;
    let hop = longest.pointer("/properties/nextHopIpAddress")?.as_str()?;
    Some(hop.to_owned())
}

/// Whether network policies of a kind hold for private endpoints of a subnet.
fn policies(subnet: &Value, kind: &str) -> bool {
    let set = subnet.text("/properties/privateEndpointNetworkPolicies");
    set.eq_ignore_ascii_case("Enabled") || set.eq_ignore_ascii_case(kind)
}

/// Whether the answer takes the way of the question: through the hub's firewall or past it, both times.
fn comes_back(
    cloud: &Cloud,
    network: &StoredResource,
    hub: &StoredResource,
    address: Ipv4Addr,
) -> bool {
    let Some(subnet) = subnet_of(network, address) else { return false };
    let mut subnets = hub.items("/properties/subnets").iter();
    let gateway = subnets.find(|each| each.says("/name", "GatewaySubnet"));
    // Endpoints put a route of their own to each address, which goes before a wider one unless policies are on.
    let there = gateway
        .filter(|_| policies(subnet, "RouteTableEnabled"))
        .and_then(|gateway| table(cloud, gateway))
        .and_then(|table| appliance(table, address, false));
    let own = table(cloud, subnet);
    let back = own.and_then(|table| appliance(table, OFFICE_RANGE, false));
    let learns = own.is_none_or(|table| !flag(table, "disableBgpRoutePropagation"));
    match (there, back) {
        (None, None) => learns,
        (Some(there), Some(back)) => there == back,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Whether the subnet's security group lets the office in; without network policies it is not asked.
fn security_group_admits(
    cloud: &Cloud,
    network: &StoredResource,
    address: Ipv4Addr,
    port: u16,
) -> bool {
    let Some(subnet) = subnet_of(network, address) else { return false };
    if !policies(subnet, "NetworkSecurityGroupEnabled") {
        return true;
    }
    let group = cloud.resource_at(subnet.text("/properties/networkSecurityGroup/id"));
    let rules = group.map_or(&[][..], |group| group.items("/properties/securityRules"));
    let rules = rules.iter().filter_map(|rule| rule.get("properties"));
    let mut rules: Vec<&Value> =
        rules.filter(|rule| rule.text("/direction") == "Inbound").collect();
    rules.sort_by_key(|rule| rule.get("priority").and_then(Value::as_u64));
    rules
        .into_iter()
        .find(|rule| fits(rule, address, port))
        // Without a rule the default admits what comes from the network, which on-premises belongs to.
        .is_none_or(|rule| rule.text("/access") == "Allow")
}

fn texts<'rule>(rule: &'rule Value, one: &str, many: &str) -> Vec<&'rule str> {
    let all = rule.get(one).into_iter().chain(rule.items(&format!("/{many}")));
    all.filter_map(Value::as_str).filter(|text| !text.is_empty()).collect()
}

fn fits(rule: &Value, address: Ipv4Addr, port: u16) -> bool {
    let protocol = rule.get("protocol").and_then(Value::as_str).unwrap_or("*");
    let place = |texts: Vec<&str>, address: Ipv4Addr| {
        texts.into_iter().any(|text| {
            let range = text.parse::<Ipv4Network>();
            text == "*"
                || text == "VirtualNetwork"
                || range.is_ok_and(|range| range.contains(address))
        })
    };
    let ports = texts(rule, "destinationPortRange", "destinationPortRanges");
    let port = ports.into_iter().any(|text| match text.split_once('-') {
        _ if text == "*" => true,
        Some((from, to)) => {
            matches!((from.parse(), to.parse()), (Ok(from), Ok(to)) if (from..=to).contains(&port))
        }
        None => text.parse() == Ok(port),
    });
    let source = texts(rule, "sourceAddressPrefix", "sourceAddressPrefixes");
    let target = texts(rule, "destinationAddressPrefix", "destinationAddressPrefixes");
    (protocol == "*" || protocol.eq_ignore_ascii_case("tcp"))
        && port
        && place(source, OFFICE_RANGE)
        && place(target, address)
}
