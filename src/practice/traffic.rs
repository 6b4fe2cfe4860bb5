//! Traffic through the practice firewall, and the logs that it leaves.
//!
//! Azure has no way to send a packet by request, so `POST /practice/traffic` is the practice cloud's own: its firewall
//! evaluates its policy and writes what it refuses into its log, which the log workspace then answers from, as far as
//! the firewall's diagnostic setting sends it there. A new jumpbox sends what its first day needs by itself. This module
//! must not decide about traffic; the policy does.

mod first_day;
mod query;

use ipnetwork::Ipv4Network;
use serde_json::{Value, json};

use super::identifier::ResourceId;
use super::reply::{ArmError, Reply, Result};
use super::request::Request;
use super::resource;
use super::state::{Cloud, StoredResource};
use crate::domain::egress::{
    Decision, Destination, Facts, FirewallOutcome, Odds, Policy, Query, rule_on,
};
use crate::domain::json::{self, HasJson as _};
use crate::domain::problem::Problem;

pub(super) use first_day::{begin, round};
pub(super) use query::query;

/// Rows that a group's log keeps; the oldest go first.
const MOST_ROWS: usize = 1000;
const FIREWALL: &str = "Microsoft.Network/azureFirewalls";
const GROUPS: &str = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";

/// Answers `POST /practice/traffic` with `{"firewall": id, "host" | "address", "port", "protocol"[, "source"]}`.
pub(super) fn send(cloud: &mut Cloud, request: &Request) -> Reply {
    sent(cloud, request).into()
}

fn sent(cloud: &mut Cloud, request: &Request) -> Result<Reply> {
    let body = &request.body;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("");
    let id = ResourceId::parse(text("firewall")).filter(|id| id.is(FIREWALL));
    let firewall = id
        .as_ref()
        .and_then(|id| cloud.resource(id))
        .ok_or_else(|| ArmError::new(404, "NoFirewall", "There is no firewall under this id."))?;
    if firewall
        .get("/properties/ipConfigurations")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty)
    {
        return Err(conflict!(
            "FirewallDeallocated",
            "The firewall is deallocated: nothing reaches it."
        ));
    }
    let id = firewall.id.clone();
    let question = question(body)?;
    let source: Ipv4Network = match text("source") {
        "" => shared_subnet(cloud, &id),
        given => {
            given.parse().map_err(|_| bad_request!("InvalidSource", "The source is no address."))?
        }
    };
    let (allows, decision) = pass(cloud, &id, &question, source)?;
    Ok(Reply::ok(json!({
        "action": if allows { "Allow" } else { "Deny" },
        "rule": decision.as_ref().map(|found| found.rule.clone()),
        "ruleCollection": decision.map(|found| found.collection),
    })))
}

/// Sends a packet through a firewall; what it refuses is written into its log.
fn pass(
    cloud: &mut Cloud,
    firewall: &ResourceId,
    question: &Query,
    source: Ipv4Network,
) -> Result<(bool, Option<Decision>)> {
    let policy_id = cloud
        .resource(firewall)
        .map(|stored| stored.text("/properties/firewallPolicy/id").to_owned())
        .unwrap_or_default();
    let policy = policy(cloud, firewall, &policy_id)
        .map_err(|problem| ArmError::new(400, &problem.code, problem.to_string()))?;
    let known = Facts::from(source);
    let (allows, decision) = decided(rule_on(&policy, question, &known).outcome);
    if !allows {
        let row = row(cloud, question, source, decision.as_ref(), firewall, &policy_id);
        if let Some(group) = cloud.group_mut(&firewall.scope()) {
            group.refused.push(row, MOST_ROWS);
        }
    }
    Ok((allows, decision))
}

/// The firewall that a machine's packets meet: one that runs in its group, where the subnet of the machines has a route
/// table, which leads there.
fn in_the_way(cloud: &Cloud, machine: &ResourceId) -> Option<ResourceId> {
    let stored: Vec<_> = cloud.resources_in(&machine.scope()).collect();
    let is_routed = stored.iter().any(|each| {
        each.is("Microsoft.Network/virtualNetworks/subnets")
            && each.name.eq_ignore_ascii_case("SharedSubnet")
            && !each.text("/properties/routeTable/id").is_empty()
    });
    let runs = |each: &&&StoredResource| {
        each.is(FIREWALL)
            && each.provisioning_state == "Succeeded"
            && !each.items("/properties/ipConfigurations").is_empty()
    };
    stored.iter().find(runs).filter(|_| is_routed).map(|each| each.id.clone())
}

/// A packet has an answer: an address is taken to be behind the tag that a rule names, and to be no other name's.
fn decided(outcome: FirewallOutcome) -> (bool, Option<Decision>) {
    match outcome {
        FirewallOutcome::Allowed { decision } => (true, Some(decision)),
        FirewallOutcome::Denied { by, .. } => (false, by),
        FirewallOutcome::Maybe { conditions, otherwise } => {
            match conditions.into_iter().find(|each| each.odds > Odds::Shared) {
                Some(first) => {
                    (first.then == crate::domain::egress::Action::Allow, Some(first.decision))
                }
                None => decided(*otherwise),
            }
        }
    }
}

fn question(body: &Value) -> Result<Query> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("");
    let place = match (text("host"), text("address")) {
        ("", "") => return Err(bad_request!("NoDestination", "A host or an address is needed.")),
        ("", address) => address,
        (host, _) => host,
    };
    let port = body.get("port").and_then(Value::as_u64).unwrap_or(443);
    let protocol = match text("protocol") {
        "" => "https",
        given => given,
    };
    format!("{}://{place}:{port}", protocol.to_ascii_lowercase())
        .parse()
        .map_err(|problem: Problem| ArmError::new(400, "InvalidDestination", problem.to_string()))
}

/// The subnet of the group's computes; everything when it has none.
fn shared_subnet(cloud: &Cloud, firewall: &ResourceId) -> Ipv4Network {
    let everything = Ipv4Network::from(std::net::Ipv4Addr::UNSPECIFIED);
    cloud
        .resources_in(&firewall.scope())
        .find(|resource| {
            resource.is("Microsoft.Network/virtualNetworks/subnets")
                && resource.name.eq_ignore_ascii_case("SharedSubnet")
        })
        .and_then(|subnet| subnet.text("/properties/addressPrefix").parse().ok())
        .unwrap_or(everything)
}

fn policy(cloud: &Cloud, firewall: &ResourceId, policy: &str) -> Result<Policy, Problem> {
    let body = |id: &str| cloud.resource_at(id).map(|stored| resource::render(cloud, stored));
    let Some(own) = body(policy) else {
        let classic = body(&firewall.to_string()).unwrap_or_default();
        return Policy::classic(&classic);
    };
    let base = own.text("/properties/basePolicy/id").to_owned();
    Policy::read(&own, &groups(cloud, policy), &groups(cloud, &base))
}

fn groups(cloud: &Cloud, policy: &str) -> Vec<Value> {
    let Some(id) = ResourceId::parse(policy) else { return Vec::new() };
    cloud
        .resources_in(&id.scope())
        .filter(|stored| {
            stored.is(GROUPS) && stored.id.parent().is_some_and(|parent| parent.key() == id.key())
        })
        .map(|stored| resource::render(cloud, stored))
        .collect()
}

/// One row of `AZFWApplicationRule` or `AZFWNetworkRule`, with the names that Azure gives its columns.
fn row(
    cloud: &Cloud,
    question: &Query,
    source: Ipv4Network,
    by: Option<&Decision>,
    firewall: &ResourceId,
    policy: &str,
) -> Value {
    let host = match &question.destination {
        Destination::Host(host) if question.protocol.has_name() => Some(host.clone()),
        _ => None,
    };
    let protocol = match (question.protocol, &host) {
        (protocol, Some(_)) => protocol.word().to_ascii_uppercase(),
        (protocol, None) => protocol.transport().to_owned(),
    };
    let of_rule = |part: fn(&Decision) -> &String| by.map_or("", |found| part(found)).to_owned();
    let mut row = json!({
        "Type": if host.is_some() { "AZFWApplicationRule" } else { "AZFWNetworkRule" },
        "TimeGenerated": cloud.now().to_string(),
        "Protocol": protocol,
        "SourceIp": source.nth(4).unwrap_or(source.ip()).to_string(),
        "SourcePort": 49_152,
        "DestinationPort": question.port,
        "Action": "Deny",
        "ActionReason": if by.is_some() { "" } else { "Default Action" },
        "Policy": if by.is_some() { policy.rsplit('/').next().unwrap_or("") } else { "" },
        "RuleCollectionGroup": of_rule(|found| &found.group),
        "RuleCollection": of_rule(|found| &found.collection),
        "Rule": of_rule(|found| &found.rule),
        "_ResourceId": firewall.to_string().to_ascii_lowercase(),
    });
    match host {
        Some(host) => json::set(&mut row, "Fqdn", host),
        // A log of packets has addresses only; that of a name is made up from a range kept for documentation.
        None => json::set(&mut row, "DestinationIp", address(question)),
    }
    row
}

fn address(question: &Query) -> String {
    match &question.destination {
        Destination::Address(address) => address.to_string(),
        Destination::Host(host) => {
            let sum = host.bytes().fold(0_u8, u8::wrapping_add);
            format!("198.51.100.{sum}")
        }
    }
}

#[cfg(test)]
mod tests;
