//! What the network security group of the shared subnet lets in from on-premises.

use serde_json::Value;

use super::{ANYWHERE, Ways, covers, meets, offices, policies};
use crate::domain::egress::in_ports;
use crate::domain::json::{items, one_or_many, text};
use crate::domain::peering::{Lack, Mistake};

/// Ports that on-premises uses: services, and the file share.
const PORTS: [u16; 2] = [443, 445];

/// The first rule that fits decides; an explicit denial before any admission is in the way.
pub(super) fn security(ways: &Ways<'_>, lacks: &mut Vec<Lack>) {
    let Some(group) = ways.security_group else { return };
    let inbound =
        |rule: &&Value| text(rule, "/properties/direction").eq_ignore_ascii_case("Inbound");
    let listed = items(group, "/properties/securityRules").iter();
    let mut rules: Vec<&Value> = listed.filter(inbound).collect();
    rules.sort_by_key(|rule| {
        let priority = rule.pointer("/properties/priority").and_then(Value::as_u64);
        priority.unwrap_or(u64::MAX)
    });
    let mut told: Vec<&str> = Vec::new();
    for office in offices(ways) {
        for port in PORTS {
            let first = rules.iter().find(|rule| fits(rule, office, port, ways.ranges));
            let Some(rule) = first else { continue };
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

/// Whether a rule fits TCP from an office to a port of ours. `VirtualNetwork` has what is linked or on-premises in it
/// (<https://learn.microsoft.com/azure/virtual-network/service-tags-overview>).
fn fits(rule: &Value, office: &str, port: u16, ranges: &[String]) -> bool {
    let protocol = text(rule, "/properties/protocol");
    let everybody = |value: &str| {
        matches!(value, "*" | ANYWHERE) || value.eq_ignore_ascii_case("VirtualNetwork")
    };
    let values = |one: &str| {
        let many = if one.ends_with('x') { format!("{one}es") } else { format!("{one}s") };
        one_or_many(rule, &format!("/properties/{one}"), &format!("/properties/{many}"))
    };
    let from = values("sourceAddressPrefix");
    let to = values("destinationAddressPrefix");
    let ports = values("destinationPortRange");
    let here = |value: &str| ranges.iter().any(|range| meets(value, range));
    (protocol == "*" || protocol.eq_ignore_ascii_case("Tcp"))
        && from.iter().any(|value| everybody(value) || covers(value, office))
        && to.iter().any(|value| everybody(value) || here(value))
        && ports.iter().any(|value| in_ports(value, port))
}
