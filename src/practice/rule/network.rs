//! Virtual networks and their subnets: ranges inside the network, apart from each other, and large enough.
//!
//! Subnets live in their network's body, as in Azure; each can also be read by its own id.

use ipnetwork::IpNetwork;
use serde_json::{Value, json};

use super::{Proposed, address, child, name, peering};
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::Cloud;

const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets";

/// Longest prefix of any subnet of IPv4.
const LONGEST_PREFIX: u8 = 29;
/// The one length that a subnet of IPv6 may have
/// (<https://learn.microsoft.com/azure/virtual-network/ip-services/ipv6-overview>).
const IPV6_PREFIX: u8 = 64;

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<()> {
    let place = proposed.id.to_string();
    if proposed.is(NETWORK) {
        for prefix in space(proposed.body) {
            let network = address::parse(prefix, &place)?;
            let longest = if network.is_ipv4() { 29 } else { IPV6_PREFIX };
            if !(2..=longest).contains(&network.prefix()) {
                return Err(bad_request!(
                    "InvalidAddressPrefixLength",
                    "Address prefix {prefix} of {place} is not valid: the prefix length must be between 2 and \
                     {longest}."
                ));
            }
        }
        for subnet in proposed.items("/properties/subnets") {
            name::check_inline(SUBNET, subnet.text("/name"))?;
            subnet_syntax(subnet.get("properties").unwrap_or(&Value::Null), &place)?;
        }
    } else if proposed.is(SUBNET) {
        subnet_syntax(proposed.get("/properties").unwrap_or(&Value::Null), &place)?;
    }
    Ok(())
}

fn subnet_syntax(properties: &Value, place: &str) -> Result<()> {
    for prefix in address::subnet_prefixes(properties) {
        address::parse(prefix, place)?;
    }
    Ok(())
}

/// Address space of a network's body; values that are still expressions are left out.
fn space(body: &Value) -> Vec<&str> {
    body.items("/properties/addressSpace/addressPrefixes")
        .iter()
        .filter_map(Value::as_str)
        .filter(|prefix| !prefix.starts_with('['))
        .collect()
}

/// The address space of a network that exists or is being written.
pub(super) fn ranges(body: &Value) -> Vec<IpNetwork> {
    space(body).into_iter().filter_map(|prefix| prefix.parse().ok()).collect()
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is(NETWORK) {
        let subnets = proposed.items("/properties/subnets");
        subnets_fit(proposed.id, &ranges(proposed.body), subnets)?;
        peering::check_space(cloud, proposed)?;
        return no_used_subnet_is_dropped(cloud, proposed, subnets);
    }
    if !proposed.is(SUBNET) {
        return Ok(());
    }
    let Some(network) = proposed.id.parent().and_then(|network| cloud.resource(&network)) else {
        return Ok(());
    };
    let mut subnets = standing_subnets(cloud, &network.id);
    subnets.retain(|subnet| !is_named(subnet, proposed.id.name()));
    subnets.push(json!({
        "name": proposed.id.name(),
        "properties": proposed.get("/properties").cloned().unwrap_or_default()
    }));
    subnets_fit(&network.id, &ranges(&network.body), &subnets)
}

fn is_named(item: &Value, name: &str) -> bool {
    item.says("/name", name)
}

fn subnets_fit(network: &ResourceId, space: &[IpNetwork], subnets: &[Value]) -> Result<()> {
    let mut placed: Vec<(&str, IpNetwork)> = Vec::new();
    for subnet in subnets {
        let name = subnet.text("/name");
        let prefixes = address::subnet_prefixes(subnet.get("properties").unwrap_or(&Value::Null));
        if prefixes.is_empty() {
            return Err(bad_request!(
                "NetcfgInvalidSubnet",
                "Subnet '{name}' is not valid in virtual network '{}'.",
                network.name()
            ));
        }
        for prefix in prefixes {
            let range = address::parse(prefix, &network.to_string())?;
            subnet_fits(network, space, name, range)?;
            if let Some((other, _)) = placed
                .iter()
                .find(|(other, known)| *other != name && address::overlap(*known, range))
            {
                return Err(bad_request!(
                    "NetcfgSubnetRangesOverlap",
                    "Subnet '{name}' is not valid because its IP address range overlaps with that of an existing \
                     subnet in virtual network '{}': {other}.",
                    network.name()
                ));
            }
            placed.push((name, range));
        }
    }
    Ok(())
}

fn subnet_fits(
    network: &ResourceId,
    space: &[IpNetwork],
    name: &str,
    range: IpNetwork,
) -> Result<()> {
    if !space.iter().any(|outer| address::contains(*outer, range)) {
        return Err(bad_request!(
            "NetcfgSubnetRangeOutsideVnet",
            "Subnet '{name}' is not valid because its IP address range is outside the IP address range of virtual \
             network '{}'.",
            network.name()
        ));
    }
    if range.is_ipv6() {
        return whole_ipv6(network, name, range);
    }
    if range.prefix() <= LONGEST_PREFIX {
        return Ok(());
    }
    Err(bad_request!(
        "NetcfgInvalidSubnet",
        "Subnet '{name}' with prefix {range} in virtual network '{}' is too small: it must be /{LONGEST_PREFIX} or \
         larger.",
        network.name()
    ))
}

/// The code is unrecorded.
fn whole_ipv6(network: &ResourceId, name: &str, range: IpNetwork) -> Result<()> {
    if range.prefix() == IPV6_PREFIX {
        return Ok(());
    }
    Err(bad_request!(
        "NetcfgInvalidSubnet",
        "Subnet '{name}' with prefix {range} in virtual network '{}' is not valid: a subnet of IPv6 must be \
         /{IPV6_PREFIX}.",
        network.name()
    ))
}

/// A network written without one of its subnets loses it, which Azure refuses while the subnet is in use
/// (Azure/bicep#13267).
fn no_used_subnet_is_dropped(
    cloud: &Cloud,
    proposed: &Proposed<'_>,
    subnets: &[Value],
) -> Result<()> {
    for known in standing_subnets(cloud, proposed.id) {
        let name = known.text("/name");
        if subnets.iter().any(|subnet| is_named(subnet, name)) {
            continue;
        }
        let subnet = proposed.id.child("subnets", name);
        if let Some(user) = user_of(cloud, &subnet) {
            return Err(bad_request!(
                "InUseSubnetCannotBeDeleted",
                "Subnet {name} is in use by {user} and cannot be deleted. In order to delete the subnet, delete \
                 all the resources within the subnet."
            ));
        }
    }
    Ok(())
}

/// A resource that stands in the subnet.
fn user_of(cloud: &Cloud, subnet: &ResourceId) -> Option<ResourceId> {
    let key = subnet.key();
    let network = subnet.parent()?.key();
    cloud
        .resources_in(&subnet.scope())
        .filter(|resource| !resource.id.key().starts_with(&network))
        .find(|resource| super::written_ids(&resource.body).iter().any(|(_, id)| id.key() == key))
        .map(|resource| resource.id.clone())
}

/// Each subnet of the body becomes a resource of its own; those no longer named go.
pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let subnets = child::items(cloud, id, "/properties/subnets");
    let name = |subnet: &Value| id.child("subnets", subnet.text("/name"));
    let wanted: Vec<String> = subnets.iter().map(|subnet| name(subnet).key()).collect();
    let below = id.child("subnets", "").key();
    if let Some(group) = cloud.group_mut(&id.scope()) {
        let stays = |key: &str| {
            wanted.iter().any(|subnet| {
                let rest = key.strip_prefix(subnet.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        group.resources.retain(|key, _| !key.starts_with(&below) || stays(key));
    }
    let version = child::api_version(cloud, id);
    for subnet in &subnets {
        let body = json!({ "properties": subnet.copy("/properties") });
        let runtime = json!({ "properties": { "provisioningState": "Succeeded" } });
        child::make(cloud, &name(subnet), &version, body, runtime);
    }
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "enableDdosProtection": false,
        "subnets": child::with_ids(id, "subnets", &subnets),
    });
    peering::network_done(cloud, id);
}

/// A subnet written on its own takes its place in the network's body.
pub(super) fn subnet_done(cloud: &mut Cloud, id: &ResourceId) {
    refresh_network(cloud, id, None);
}

pub(super) fn subnet_going(cloud: &mut Cloud, id: &ResourceId) {
    refresh_network(cloud, id, Some(id.name()));
}

fn refresh_network(cloud: &mut Cloud, subnet: &ResourceId, except: Option<&str>) {
    let Some(network) = subnet.parent() else { return };
    let mut subnets = standing_subnets(cloud, &network);
    subnets.retain(|subnet| except.is_none_or(|name| !is_named(subnet, name)));
    let shown = child::with_ids(&network, "subnets", &subnets);
    if let Some(resource) = cloud.resource_mut(&network) {
        json::merge(&mut resource.body, json!({ "properties": { "subnets": subnets } }));
    }
    child::show(cloud, &network, json!({ "properties": { "subnets": shown } }));
}

/// The subnets that a network has now, in the form of its body.
fn standing_subnets(cloud: &Cloud, network: &ResourceId) -> Vec<Value> {
    cloud
        .children(network, "subnets")
        // What is set on a subnet, such as a role, stands below it and is none.
        .filter(|subnet| subnet.is(SUBNET))
        .map(|subnet| json!({ "name": subnet.name, "properties": subnet.body.copy("/properties") }))
        .collect()
}
