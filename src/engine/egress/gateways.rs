//! What the gateways that an environment uses have learned: its own, and those of hubs that lend theirs.
//!
//! Reads only. What cannot be read is kept as unread, for a route that nobody saw may lead past the firewall.

use ipnetwork::Ipv4Network;
use serde_json::Value;

use super::network_controls::{GATEWAY_SUBNET, subnet};
use super::text;
use crate::domain::egress::Learned;
use crate::domain::environment::Record;
use crate::domain::peering::hub::{Gateway, GatewayKind, Known, Range};
use crate::domain::problem::{Problem, Result};
use crate::engine::{Context, peering};

/// What the gateways of a network, and of those that lend it theirs, have learned.
pub(super) async fn learned(context: &Context, record: &Record, network: &Value) -> Learned {
    let mut found = Learned::default();
    for id in lenders(network) {
        match peering::hub(context, record, id).await {
            Ok(candidate) => {
                let hub = candidate.hub;
                of_sites(&mut found, hub.on_premises);
                of_gateways(context, &mut found, &hub.name, hub.gateways).await;
            }
            Err(problem) => unread(&mut found, &problem.what),
        }
    }
    found
}

/// Ids of the networks whose gateways the network uses.
fn lenders(network: &Value) -> Vec<&str> {
    let own = subnet(network, GATEWAY_SUBNET).and_then(|_| text(network, "/id"));
    let peerings = network.pointer("/properties/virtualNetworkPeerings");
    let peerings = peerings.and_then(Value::as_array).into_iter().flatten();
    let lent = peerings.filter(|peering| {
        let used = "/properties/useRemoteGateways";
        peering.pointer(used) == Some(&Value::Bool(true))
    });
    let lent = lent.filter_map(|peering| text(peering, "/properties/remoteVirtualNetwork/id"));
    own.into_iter().chain(lent).collect()
}

fn unread(found: &mut Learned, why: &str) {
    found.unread.get_or_insert(why.trim_end_matches('.').to_owned());
}

fn add(found: &mut Learned, prefix: &str, source: &str) {
    if let Ok(range) = prefix.parse::<Ipv4Network>() {
        found.ranges.push((range, source.to_owned()));
    }
}

fn of_sites(found: &mut Learned, sites: Known<Vec<Range>>) {
    match sites {
        Known::Read(ranges) => {
            for range in ranges {
                add(found, &range.prefix, &format!("the site {}", range.source));
            }
        }
        Known::Unread(why) => unread(found, &why),
    }
}

async fn of_gateways(
    context: &Context,
    found: &mut Learned,
    hub: &str,
    gateways: Known<Vec<Gateway>>,
) {
    let gateways = match gateways {
        Known::Read(gateways) => gateways,
        Known::Unread(why) => return unread(found, &why),
    };
    if gateways.is_empty() {
        unread(
            found,
            &format!(
                "no gateway is seen in {hub}, so the routes come from something that was not read"
            ),
        );
    }
    for gateway in gateways {
        for prefix in &gateway.client_pool {
            add(found, prefix, &format!("the VPN clients of {}", gateway.name));
        }
        if !gateway.bgp && gateway.kind == GatewayKind::Vpn {
            continue;
        }
        match routes(context, &gateway.id).await {
            Ok(prefixes) => {
                for prefix in prefixes {
                    add(found, &prefix, &format!("the gateway {}", gateway.name));
                }
            }
            Err(problem) => unread(
                found,
                &format!(
                    "the routes of the gateway {} were not read: {}",
                    gateway.name, problem.what
                ),
            ),
        }
    }
}

/// The prefixes that a gateway has learned
/// (<https://learn.microsoft.com/rest/api/network-gateway/virtual-network-gateways/get-learned-routes>).
async fn routes(context: &Context, gateway: &str) -> Result<Vec<String>> {
    let arm = &context.arm;
    let started = arm.act(gateway, "getLearnedRoutes", None, true).await?;
    let body = arm.finish(started, |_| {}).await?;
    let items = body.get("value").and_then(Value::as_array).ok_or_else(|| {
        Problem::new(
            "RoutesUnreadable",
            "Azure's answer has no list of routes",
            "Run the same command again.",
        )
    })?;
    let prefixes = items.iter().filter_map(|item| text(item, "/network"));
    Ok(prefixes.map(str::to_owned).collect())
}
