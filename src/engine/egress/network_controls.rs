//! The controls of the shared subnet as Azure has them now: security group, routes, endpoints, connected networks.
//!
//! Reads only. A group or a table that is there but cannot be read is kept as unread, with the reason.

use ipnetwork::Ipv4Network;
use serde_json::Value;

use super::{gateways, shared_subnet, text, texts};
use crate::domain::default_route::firewall_address;
use crate::domain::egress::NetworkControls;
use crate::domain::environment::Record;
use crate::domain::problem::Result;
use crate::engine::Context;

/// The subnets that Azure finds by these names.
const FIREWALL_SUBNET: &str = "AzureFirewallSubnet";
pub(super) const GATEWAY_SUBNET: &str = "GatewaySubnet";

/// The range of a subnet.
pub(super) fn range(subnet: &Value) -> Option<Ipv4Network> {
    text(subnet, "/properties/addressPrefix")
        .or_else(|| text(subnet, "/properties/addressPrefixes/0"))?
        .parse()
        .ok()
}

fn ranges(body: &Value, pointer: &str) -> Vec<Ipv4Network> {
    let prefixes = texts(body, pointer);
    prefixes.iter().filter_map(|prefix| prefix.parse().ok()).collect()
}

fn items<'body>(body: &'body Value, pointer: &str) -> &'body [Value] {
    let items = body.pointer(pointer).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

/// The subnet that has a name.
pub(super) fn subnet<'body>(network: &'body Value, wanted: &str) -> Option<&'body Value> {
    items(network, "/properties/subnets")
        .iter()
        .find(|each| text(each, "/name").is_some_and(|name| name.eq_ignore_ascii_case(wanted)))
}

/// Reads the controls.
///
/// # Errors
/// When the names of the private endpoints cannot be read: without them every answer about a host could be wrong.
pub(super) async fn read(
    context: &Context,
    record: &Record,
    firewall: &Value,
    network: &Value,
) -> Result<NetworkControls> {
    let shared = shared_subnet(network)?;
    let firewall_subnet = subnet(network, FIREWALL_SUBNET);
    let mut controls = described(firewall, network, shared);
    controls.inside = context.arm.private_names(&record.resource_group).await?;
    controls.learned = gateways::learned(context, record, network).await;
    controls = match attached(context, shared, "networkSecurityGroup").await {
        Ok(Some(body)) => controls.with_security_group(&body),
        Ok(None) => controls.without_security_group(None),
        Err(why) => controls.without_security_group(Some(&why)),
    };
    // A subnet without a table has Azure's own routes only, and the default one leads past the firewall.
    controls = match attached(context, shared, "routeTable").await {
        Ok(table) => controls.with_routes(&table.unwrap_or_default()),
        Err(why) => controls.without_routes(&format!("the route table could not be read ({why})")),
    };
    let behind = match firewall_subnet {
        Some(subnet) => attached(context, subnet, "routeTable").await,
        None => Ok(None),
    };
    Ok(match behind {
        Ok(table) => controls.with_routes_behind(&table.unwrap_or_default()),
        Err(_) => controls,
    })
}

/// What the bodies of firewall, network and subnet tell by themselves.
fn described(firewall: &Value, network: &Value, shared: &Value) -> NetworkControls {
    let mut controls = NetworkControls::default();
    controls.own = ranges(network, "/properties/addressSpace/addressPrefixes");
    let connected = |peering: &&Value| {
        let access = "/properties/allowVirtualNetworkAccess";
        text(peering, "/properties/peeringState") == Some("Connected")
            && peering.pointer(access) != Some(&Value::Bool(false))
    };
    let peerings = items(network, "/properties/virtualNetworkPeerings").iter();
    for peering in peerings.filter(connected) {
        let space = "/properties/remoteAddressSpace/addressPrefixes";
        controls.connected.extend(ranges(peering, space));
    }
    text(network, "/location").unwrap_or_default().clone_into(&mut controls.region);
    let servers = texts(network, "/properties/dhcpOptions/dnsServers");
    controls.dns_servers = servers.iter().filter_map(|each| each.parse().ok()).collect();
    controls.service_endpoints = items(shared, "/properties/serviceEndpoints")
        .iter()
        .filter_map(|each| text(each, "/service").map(str::to_owned))
        .collect();
    controls.endpoint_policy = !items(shared, "/properties/serviceEndpointPolicies").is_empty();
    controls.endpoints_follow_table = text(shared, "/properties/privateEndpointNetworkPolicies")
        .is_some_and(|kind| {
            let kinds = ["Enabled", "RouteTableEnabled"];
            kinds.iter().any(|each| kind.eq_ignore_ascii_case(each))
        });
    controls.nat_gateway = text(shared, "/properties/natGateway/id")
        .map(|id| id.rsplit('/').next().unwrap_or(id).to_owned());
    let default_outbound = shared.pointer("/properties/defaultOutboundAccess");
    controls.default_outbound = default_outbound != Some(&Value::Bool(false));
    controls.firewall = firewall_address(firewall).and_then(|address| address.parse().ok());
    controls.firewall_subnet = subnet(network, FIREWALL_SUBNET).and_then(range);
    controls
}

/// What a subnet names, read; `None` when it names none.
async fn attached(context: &Context, subnet: &Value, what: &str) -> Result<Option<Value>, String> {
    let Some(id) = text(subnet, &format!("/properties/{what}/id")) else { return Ok(None) };
    match context.arm.resource(id).await {
        Ok(Some(body)) => Ok(Some(body)),
        Ok(None) => Err(format!("Azure does not show {id}")),
        Err(problem) => Err(problem.what),
    }
}
