//! What the network security group of the shared subnet lets in from on-premises.

use serde_json::Value;

use super::{ANYWHERE, Ways, covers, meets, offices, policies, text};
use crate::domain::peering::{connection::Lack, mistake::Mistake};

/// Ports that on-premises uses: services, and the file share.
const PORTS: [u16; 2] = [443, 445];

/// The first rule that fits decides; an explicit denial before any admission is in the way.
pub(super) fn security(ways: &Ways<'_>, lacks: &mut Vec<Lack>) {
    let Some(group) = ways.security_group else {
        return;
    };
    let listed = group.pointer("/properties/securityRules").and_then(Value::as_array);
    let mut rules: Vec<&Value> = listed
        .into_iter()
        .flatten()
        .filter(|rule| text(rule, "/properties/direction").eq_ignore_ascii_case("Inbound"))
        .collect();
    rules.sort_by_key(|rule| {
        let priority = rule.pointer("/properties/priority").and_then(Value::as_u64);
        priority.unwrap_or(u64::MAX)
    });
    let mut told: Vec<&str> = Vec::new();
    for office in offices(ways) {
        for port in PORTS {
            let first = rules.iter().find(|rule| fits(rule, office, port, ways.ranges));
            let Some(rule) = first else {
                continue;
            };
            let name = text(rule, "/name");
            let denied = text(rule, "/properties/access").eq_ignore_ascii_case("Deny");
            if denied && !told.contains(&name) {
                told.push(name);
                lacks.push(denial(ways, group, name, office, port));
            }
        }
    }
}

fn denial(ways: &Ways<'_>, group: &Value, rule: &str, office: &str, port: u16) -> Lack {
    let named = text(group, "/name");
    let what = format!("The rule {rule} of {named} denies {office} port {port}.");
    let remedy = format!(
        "Add a rule to {named} with a lower number than {rule} that allows TCP 443 and 445 from {office}."
    );
    if matches!(policies(ways), Some("Enabled" | "NetworkSecurityGroupEnabled")) {
        return Lack::new(Mistake::SecurityGroup, what, remedy);
    }
    // It loses nobody's packets to an endpoint.
    let what = format!(
        "{what} It holds for machines; endpoints heed it only where the subnet's policies say so."
    );
    Lack::new(Mistake::SecurityGroup, what, remedy).only_to_know()
}

/// Values of a rule, which Azure tells in the singular or in the plural.
fn values<'a>(rule: &'a Value, one: &str, many: &str) -> Vec<&'a str> {
    let single = text(rule, &format!("/properties/{one}"));
    let list = rule.pointer(&format!("/properties/{many}")).and_then(Value::as_array);
    let mut values: Vec<&str> = list.into_iter().flatten().filter_map(Value::as_str).collect();
    if !single.is_empty() {
        values.push(single);
    }
    values
}

/// Whether a rule fits TCP from an office to a port of ours. `VirtualNetwork` has what is linked or on-premises in it
/// (<https://learn.microsoft.com/azure/virtual-network/service-tags-overview>).
fn fits(rule: &Value, office: &str, port: u16, ranges: &[String]) -> bool {
    let protocol = text(rule, "/properties/protocol");
    let everybody = |value: &str| {
        matches!(value, "*" | ANYWHERE) || value.eq_ignore_ascii_case("VirtualNetwork")
    };
    let from = values(rule, "sourceAddressPrefix", "sourceAddressPrefixes");
    let to = values(rule, "destinationAddressPrefix", "destinationAddressPrefixes");
    let ports = values(rule, "destinationPortRange", "destinationPortRanges");
    let here = |value: &str| ranges.iter().any(|range| meets(value, range));
    (protocol == "*" || protocol.eq_ignore_ascii_case("Tcp"))
        && from.iter().any(|value| everybody(value) || covers(value, office))
        && to.iter().any(|value| everybody(value) || here(value))
        && ports.iter().any(|value| has_port(value, port))
}

fn has_port(value: &str, port: u16) -> bool {
    let number = |text: &str| text.trim().parse::<u16>().ok();
    match value.split_once('-') {
        _ if value == "*" => true,
        Some((low, high)) => match (number(low), number(high)) {
            (Some(low), Some(high)) => (low..=high).contains(&port),
            _ => false,
        },
        None => number(value) == Some(port),
    }
}
