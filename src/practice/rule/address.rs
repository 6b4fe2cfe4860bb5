//! Address ranges, and which addresses of a subnet are free.
//!
//! Azure keeps the first four addresses of a subnet and its last one; the first that it gives away is therefore the
//! fifth, `.4` in a /24 (virtual network FAQ).

use std::{collections::BTreeSet, net::Ipv4Addr};

use ipnetwork::{IpNetwork, Ipv4Network};
use serde_json::Value;

use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource};

/// Addresses at the start of a subnet that Azure keeps for itself.
const KEPT_AT_START: u32 = 4;

/// Reads an address range of either family.
pub(super) fn parse(prefix: &str, place: &str) -> Result<IpNetwork> {
    let malformed = || {
        bad_request!(
            "InvalidAddressPrefixFormat",
            "Address prefix {prefix} of resource {place} is not formatted correctly. It should follow CIDR \
             notation, for example 10.0.0.0/24."
        )
    };
    if !prefix.contains('/') {
        return Err(malformed());
    }
    let network: IpNetwork = prefix.parse().map_err(|_| malformed())?;
    if network.ip() != network.network() {
        return Err(bad_request!(
            "InvalidCIDRNotation",
            "The address prefix {prefix} in resource {place} has an invalid CIDR notation. For the given prefix \
             length, the address prefix should be {}/{}.",
            network.network(),
            network.prefix()
        ));
    }
    Ok(network)
}

/// True when the first range contains the whole of the second.
pub(super) fn contains(outer: IpNetwork, inner: IpNetwork) -> bool {
    outer.is_ipv4() == inner.is_ipv4()
        && outer.prefix() <= inner.prefix()
        && outer.contains(inner.network())
}

/// True when the two ranges share an address.
pub(super) fn overlap(one: IpNetwork, other: IpNetwork) -> bool {
    contains(one, other) || contains(other, one)
}

/// The ranges of a subnet's body: `addressPrefix`, or the list `addressPrefixes`. An expression yields none.
pub(super) fn subnet_prefixes(properties: &Value) -> Vec<&str> {
    let single = properties.get("addressPrefix").into_iter();
    let all = single.chain(properties.items("/addressPrefixes")).filter_map(Value::as_str);
    all.filter(|prefix| !prefix.starts_with('[')).collect()
}

/// The range of a subnet that exists, from which addresses are given away: that of IPv4.
pub(super) fn range(cloud: &Cloud, subnet: &ResourceId) -> Option<Ipv4Network> {
    let body = cloud.resource(subnet)?.body.get("properties")?;
    subnet_prefixes(body).into_iter().find_map(|prefix| prefix.parse().ok())
}

/// Private addresses given away in a subnet, except those of one resource.
pub(super) fn taken(cloud: &Cloud, subnet: &ResourceId, except: &ResourceId) -> BTreeSet<Ipv4Addr> {
    let subnet_key = subnet.key();
    [subnet.scope(), except.scope()]
        .iter()
        .flat_map(|scope| cloud.resources_in(scope))
        .filter(|resource| resource.id.key() != except.key())
        .flat_map(|resource| addresses_in(resource, &subnet_key))
        .collect()
}

fn addresses_in(resource: &StoredResource, subnet_key: &str) -> Vec<Ipv4Addr> {
    let holds_addresses = resource.is("Microsoft.Network/networkInterfaces")
        || resource.is("Microsoft.Network/azureFirewalls");
    if !holds_addresses {
        return Vec::new();
    }
    resource
        .runtime
        .items("/properties/ipConfigurations")
        .iter()
        .filter(|configuration| configuration.says("/properties/subnet/id", subnet_key))
        .filter_map(|configuration| {
            configuration.pointer("/properties/privateIPAddress")?.as_str()?.parse().ok()
        })
        .collect()
}

/// Addresses of a range that may be given away, lowest first.
pub(super) fn usable(range: Ipv4Network) -> impl Iterator<Item = Ipv4Addr> {
    let first = u32::from(range.network()).saturating_add(KEPT_AT_START);
    let last = u32::from(range.broadcast());
    (first..last).map(Ipv4Addr::from)
}

/// The lowest free addresses of a subnet; fewer than asked for when it is full.
pub(super) fn free(
    cloud: &Cloud,
    subnet: &ResourceId,
    count: usize,
    holder: &ResourceId,
) -> Vec<Ipv4Addr> {
    let Some(range) = range(cloud, subnet) else { return Vec::new() };
    let taken = taken(cloud, subnet, holder);
    usable(range).filter(|address| !taken.contains(address)).take(count).collect()
}

/// Fails when a subnet has not the given number of free addresses.
pub(super) fn has_room(
    cloud: &Cloud,
    subnet: &ResourceId,
    count: usize,
    holder: &ResourceId,
) -> Result<()> {
    if cloud.resource(subnet).is_none() || free(cloud, subnet, count, holder).len() == count {
        return Ok(());
    }
    Err(bad_request!(
        "SubnetIsFull",
        "Subnet {} does not have enough capacity for {count} IP addresses.",
        subnet.name()
    )
    .about(subnet.to_string()))
}
