//! DNS Private Resolvers and their inbound endpoints, which answer private names to whoever reaches them.
//!
//! An inbound endpoint needs a subnet of its own, which Azure delegates to it when it is not delegated yet
//! (<https://learn.microsoft.com/azure/dns/dns-private-resolver-overview#virtual-network-restrictions>).

use serde_json::{Value, json};

use super::{Proposed, address, child, network};
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::Cloud;

const RESOLVER: &str = "Microsoft.Network/dnsResolvers";
const INBOUND: &str = "Microsoft.Network/dnsResolvers/inboundEndpoints";
/// Longest prefix of an endpoint's subnet.
const LONGEST_PREFIX: u8 = 28;
const CONFIGURATION: &str = "/properties/ipConfigurations/0/properties";

/// The subnet of an endpoint's first configuration. Unlike elsewhere, its members are not inside `properties`.
fn subnet_of(body: &Value) -> &str {
    body.pointer("/properties/ipConfigurations/0/subnet/id")
        .or_else(|| body.pointer(&format!("{CONFIGURATION}/subnet/id")))
        .and_then(Value::as_str)
        .unwrap_or("")
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is(RESOLVER) {
        return one_in_network(cloud, proposed);
    }
    if !proposed.is(INBOUND) {
        return Ok(());
    }
    let text = subnet_of(proposed.body);
    let Some(subnet) = ResourceId::parse(text) else {
        return Err(bad_request!(
            "InvalidParameter",
            "Inbound endpoint {} needs a subnet.",
            proposed.id
        ));
    };
    in_own_network(cloud, proposed, &subnet)?;
    let range = address::range(cloud, &subnet);
    if range.is_some_and(|range| range.prefix() > LONGEST_PREFIX) {
        return Err(bad_request!(
            "InvalidParameter",
            "Subnet {subnet} is too small: it must be /{LONGEST_PREFIX} or larger."
        ));
    }
    let other = cloud
        .resources(&proposed.id.subscription)
        .filter(|other| other.is(INBOUND) && other.id.key() != proposed.id.key())
        .find(|other| subnet_of(&other.body).eq_ignore_ascii_case(text));
    let Some(other) = other else { return Ok(()) };
    Err(bad_request!(
        "SubnetAlreadyInUse",
        "Subnet {subnet} is in use by {}. An endpoint needs a subnet of its own.",
        other.id
    ))
}

fn in_own_network(cloud: &Cloud, proposed: &Proposed<'_>, subnet: &ResourceId) -> Result<()> {
    let resolver = proposed.id.parent();
    let network = resolver
        .as_ref()
        .and_then(|resolver| cloud.resource(resolver))
        .map_or("", |resolver| resolver.text("/properties/virtualNetwork/id"));
    let is_own =
        subnet.parent().is_some_and(|parent| parent.to_string().eq_ignore_ascii_case(network));
    if network.is_empty() || is_own {
        return Ok(());
    }
    Err(bad_request!(
        "InvalidParameter",
        "Subnet {subnet} is not in the network of the resolver, {network}."
    ))
}

fn one_in_network(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let network = proposed.text("/properties/virtualNetwork/id");
    let other = cloud
        .resources(&proposed.id.subscription)
        .filter(|other| other.is(RESOLVER) && other.id.key() != proposed.id.key())
        .find(|other| other.says("/properties/virtualNetwork/id", network));
    let Some(other) = other else { return Ok(()) };
    Err(bad_request!(
        "VirtualNetworkAlreadyHasResolver",
        "Virtual network {network} has the resolver {} already.",
        other.id
    ))
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "dnsResolverState": "Connected",
    });
}

fn delegate(cloud: &mut Cloud, subnet: &ResourceId) {
    let mut delegations = child::items(cloud, subnet, "/properties/delegations");
    if delegations.iter().any(|each| each.says("/properties/serviceName", RESOLVER)) {
        return;
    }
    delegations.push(json!({
        "name": "Microsoft.Network.dnsResolvers",
        "properties": { "serviceName": RESOLVER },
    }));
    if let Some(found) = cloud.resource_mut(subnet) {
        let body = json!({ "properties": { "delegations": delegations } });
        json::merge(&mut found.body, body);
    }
    network::subnet_done(cloud, subnet);
}

/// An endpoint gets the lowest free address of its subnet.
pub(super) fn inbound_done(cloud: &mut Cloud, id: &ResourceId) {
    let standing = child::items(cloud, id, "/properties/ipConfigurations");
    let subnet = cloud
        .resource(id)
        .map(|endpoint| subnet_of(&endpoint.body).to_owned())
        .and_then(|subnet| ResourceId::parse(&subnet));
    let fixed = standing.first().and_then(|first| first.get("privateIpAddress")?.as_str());
    let fixed = fixed.map(str::to_owned);
    if let Some(subnet) = &subnet {
        delegate(cloud, subnet);
    }
    let free = subnet
        .and_then(|subnet| address::free(cloud, &subnet, 1, id).pop())
        .map(|address| address.to_string());
    let mut shown = standing;
    if let (Some(first), Some(address)) = (shown.first_mut(), fixed.or(free)) {
        json::merge(first, json!({ "privateIpAddress": address }));
    }
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "ipConfigurations": shown,
    });
}
