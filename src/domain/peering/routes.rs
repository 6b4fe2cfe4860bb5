//! Ways between on-premises and the environment: what brings a question here, what takes the answer back, and what
//! stops either.
//!
//! Judged from what Azure tells of both networks. Routes on-premises cannot be seen from there: what must be set
//! there is said, and `verify` looks. This module must not read anything.

use ipnetwork::Ipv4Network;
use serde_json::Value;

use super::az::quote;
use super::{Guide, Hub, Known, Lack, Mistake, StepStatus, Topic};
use crate::domain::json::{is_on, items, text, told};

mod security;

use security::security;

const ANYWHERE: &str = "0.0.0.0/0";

/// What is known of the ways.
#[derive(Debug, Clone, Copy)]
pub struct Ways<'a> {
    /// The environment's ranges.
    pub ranges: &'a [String],
    /// The route table of `SharedSubnet`, as Azure tells it.
    pub route_table: Option<&'a Value>,
    /// `SharedSubnet` itself.
    pub subnet: Option<&'a Value>,
    /// The network security group of `SharedSubnet`.
    pub security_group: Option<&'a Value>,
    /// The hub.
    pub hub: &'a Hub,
    /// The route table of the hub's `GatewaySubnet`; `None` inside when it has none.
    pub gateway_table: &'a Known<Option<Value>>,
}

/// The guided step.
pub fn judge(ways: &Ways<'_>) -> Guide {
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    propagation(ways, &mut ours);
    detours(ways, &mut ours);
    security(ways, &mut ours);
    returns(ways, &mut theirs);
    // What only machines heed keeps nobody from the endpoints: it is told, and nothing needs to be done.
    let (notes, ours): (Vec<Lack>, Vec<Lack>) = ours.into_iter().partition(|lack| lack.note);
    let standing = match (ours.is_empty(), theirs.is_empty()) {
        (false, _) => StepStatus::ToDo,
        (true, false) => StepStatus::Waiting,
        (true, true) => StepStatus::Outside,
    };
    let summary = match ours.len() + theirs.len() {
        0 => "nothing in the way in Azure".to_owned(),
        1 => "1 thing in the way".to_owned(),
        number => format!("{number} things in the way"),
    };
    let mut lacks = ours;
    lacks.extend(theirs);
    lacks.extend(notes);
    lacks.push(on_premises(ways));
    Guide { topic: Topic::Routes, standing, summary, lacks }
}

fn routes(table: &Value) -> impl Iterator<Item = (&str, &str, &str, &str)> {
    items(table, "/properties/routes").iter().map(|route| {
        (
            text(route, "/name"),
            text(route, "/properties/addressPrefix"),
            text(route, "/properties/nextHopType"),
            text(route, "/properties/nextHopIpAddress"),
        )
    })
}

/// Whether both are ranges, and something is so of them.
fn of_ranges(one: &str, other: &str, test: fn(Ipv4Network, Ipv4Network) -> bool) -> bool {
    one.parse().is_ok_and(|one| other.parse().is_ok_and(|other| test(one, other)))
}

fn meets(one: &str, other: &str) -> bool {
    of_ranges(one, other, Ipv4Network::overlaps)
}

/// Whether a range lies whole within another one, which is not everything.
fn covers(wide: &str, narrow: &str) -> bool {
    of_ranges(wide, narrow, |wide, narrow| {
        wide.prefix() > 0 && wide.prefix() <= narrow.prefix() && wide.contains(narrow.network())
    })
}

fn offices<'a>(ways: &Ways<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let hub = ways.hub;
    let ranges = hub.on_premises.read().into_iter().flatten();
    let pools = hub.gateways.read().into_iter().flatten();
    ranges
        .map(|range| range.prefix.as_str())
        .chain(pools.flat_map(|gateway| gateway.client_pool.iter().map(String::as_str)))
}

/// Routes of the gateway must reach `SharedSubnet`; else answers go to our firewall, which has not seen the question.
fn propagation(ways: &Ways<'_>, lacks: &mut Vec<Lack>) {
    let Some(table) = ways.route_table else { return };
    if !is_on(table, "/properties/disableBgpRoutePropagation") || sent_to_hub(ways) {
        return;
    }
    let name = text(table, "/name");
    lacks.push(Lack::new(
        Mistake::Routes,
        format!(
            "The route table {name} blocks the gateway's routes (disableBgpRoutePropagation): answers to \
             on-premises go to this environment's firewall, which drops them."
        ),
        format!(
            "Run `privateaml mend`, or: az network route-table update --ids {} --disable-bgp-route-propagation false",
            quote(text(table, "/id"))
        ),
    ));
}

/// A route of somebody's own that takes answers to on-premises elsewhere.
fn detours(ways: &Ways<'_>, lacks: &mut Vec<Lack>) {
    let Some(table) = ways.route_table else { return };
    let firewall = hub_firewall(ways);
    for (name, prefix, kind, hop) in routes(table) {
        if prefix == ANYWHERE {
            continue;
        }
        let to_hub = kind.eq_ignore_ascii_case("VirtualAppliance") && firewall == Some(hop);
        let gateway = kind.eq_ignore_ascii_case("VirtualNetworkGateway");
        let Some(office) = offices(ways).find(|office| meets(prefix, office)) else { continue };
        if to_hub || gateway {
            continue;
        }
        let hop = if hop.is_empty() { kind } else { hop };
        lacks.push(Lack::new(
            Mistake::Routes,
            format!(
                "The route {name} ({prefix}) of {} takes answers to {office} to {hop}, past the gateway.",
                text(table, "/name")
            ),
            format!("Delete the route {name}, unless it is meant so."),
        ));
    }
}

fn hub_firewall<'a>(ways: &Ways<'a>) -> Option<&'a str> {
    ways.hub.firewall.read()?.as_deref()
}

/// Whether a route leads a whole range to a hop.
fn leads_to(table: &Value, to: &str, range: &str) -> bool {
    routes(table).any(|(_, prefix, _, hop)| hop == to && covers(prefix, range))
}

/// Whether answers to every range on-premises are led through the hub's firewall by our route table.
fn sent_to_hub(ways: &Ways<'_>) -> bool {
    let (Some(table), Some(firewall)) = (ways.route_table, hub_firewall(ways)) else {
        return false;
    };
    let is_led = |office| leads_to(table, firewall, office);
    offices(ways).next().is_some() && offices(ways).all(is_led)
}

/// Past a firewall of the hub the answer must go the way of the question.
fn returns(ways: &Ways<'_>, lacks: &mut Vec<Lack>) {
    let Some(firewall) = hub_firewall(ways) else {
        if let Known::Unread(why) = &ways.hub.firewall {
            lacks.push(Lack::new(
                Mistake::Return,
                format!("It is not known whether {} has a firewall: {why}", ways.hub.name),
                "Ask the hub's owner whether traffic from on-premises passes one; answers must pass it too.",
            ));
        }
        return;
    };
    let name = &ways.hub.name;
    let back = sent_to_hub(ways);
    let table = match ways.gateway_table {
        Known::Read(table) => table.as_ref(),
        Known::Unread(why) => {
            lacks.push(Lack::new(
                Mistake::Return,
                format!(
                    "{name} has the firewall {firewall}, and the routes of its GatewaySubnet could not be read: {why}"
                ),
                "Ask the hub's owner whether they lead our range to the firewall; answers must then pass it too.",
            ));
            return;
        }
    };
    let is_led = |range: &String| table.is_some_and(|table| leads_to(table, firewall, range));
    let there = ways.ranges.iter().all(is_led);
    let ranges = ways.ranges.join(", ");
    match (there, back) {
        (true, false) => lacks.push(Lack::new(
            Mistake::Return,
            format!(
                "The GatewaySubnet of {name} leads questions for {ranges} to the firewall {firewall}, and answers go \
                 to the gateway past it: the firewall drops the rest of each conversation."
            ),
            format!(
                "Either the hub's owner takes that route away, or our route table gets a route for each range \
                 on-premises to {firewall} ({}); for endpoints the firewall must translate addresses (SNAT).",
                offices(ways).collect::<Vec<_>>().join(", ")
            ),
        )),
        (false, true) => lacks.push(Lack::new(
            Mistake::Return,
            format!(
                "Answers go to the firewall {firewall} of {name}, and questions come past it: no route of its \
                 GatewaySubnet leads {ranges} there."
            ),
            format!(
                "The hub's owner adds a route for {ranges} to {firewall} to a route table of GatewaySubnet, or ours \
                 loses the routes to it."
            ),
        )),
        (true, true) => endpoint_routes(ways, firewall, lacks),
        (false, false) => {}
    }
}

/// Each endpoint brings a /32 route into every network that is linked to its own. It wins over a wider route, unless
/// the subnet's policies say otherwise
/// (<https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy>).
fn endpoint_routes(ways: &Ways<'_>, firewall: &str, lacks: &mut Vec<Lack>) {
    if policies(ways).is_some_and(|word| matches!(word, "Enabled" | "RouteTableEnabled")) {
        return;
    }
    lacks.push(Lack::new(
        Mistake::Return,
        format!(
            "Endpoints have routes of their own (/32), so questions to them pass the firewall {firewall} by, whatever \
             GatewaySubnet says, and their answers do not."
        ),
        "Let the firewall translate addresses (SNAT), or let on-premises reach endpoints without it. Policies of \
         SharedSubnet must stay Disabled for Azure Machine Learning's computes.",
    ));
}

fn policies<'a>(ways: &Ways<'a>) -> Option<&'a str> {
    told(ways.subnet?, "/properties/privateEndpointNetworkPolicies")
}

/// How the one thing ends that Azure does not show, so that nobody takes it for something that was read.
pub const UNSEEN: &str = "that cannot be seen from Azure.";

fn on_premises(ways: &Ways<'_>) -> Lack {
    let ranges = ways.ranges.join(", ");
    let gateways = ways.hub.gateways.read();
    let any = |test: fn(&super::hub::Gateway) -> bool| {
        gateways.is_some_and(|gateways| gateways.iter().any(test))
    };
    let (bgp, clients) = (any(|each| each.bgp), any(|each| !each.client_pool.is_empty()));
    let site = ways.hub.on_premises.read().is_none_or(|each| !each.is_empty());
    let mut remedies = Vec::new();
    if bgp {
        remedies.push(format!(
            "The gateway announces {ranges} by BGP; the device on-premises must accept it."
        ));
    } else if site || !clients {
        remedies.push(format!(
            "Add {ranges} to the networks behind the tunnel on the VPN device on-premises: without BGP nobody tells it."
        ));
    }
    if clients {
        remedies.push("People who dial in download their VPN profile again and reconnect.".into());
    }
    Lack::new(
        if clients && !bgp && !site { Mistake::Client } else { Mistake::Routes },
        format!("On-premises must send {ranges} into the tunnel; {UNSEEN}"),
        remedies.join(" "),
    )
}

#[cfg(test)]
mod tests;
