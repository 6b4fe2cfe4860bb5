//! Network security groups and route tables: priorities, duplicates, next hops, and the rules that Azure adds itself.

use ipnetwork::IpNetwork;
use serde_json::{Value, json};

use super::{Proposed, child};
use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::{ArmError, Result};
use crate::practice::state::Cloud;

const RULE: &str = "Microsoft.Network/networkSecurityGroups/securityRules";

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is("Microsoft.Network/networkSecurityGroups") {
        rules(proposed)?;
    } else if proposed.is(RULE) {
        rule(proposed.id.name(), proposed.body)?;
    } else if proposed.is("Microsoft.Network/routeTables") {
        routes(proposed)?;
    }
    Ok(())
}

/// A rule of its own is judged beside those that its group has.
pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let (true, Some(group)) = (proposed.is(RULE), proposed.id.parent()) else { return Ok(()) };
    let written = cloud.children(&group, "securityRules");
    let written = written.map(|each| (each.name.clone(), each.body.clone()));
    let inline = child::items(cloud, &group, "/properties/securityRules");
    let inline = inline.into_iter().map(|each| (each.text("/name").to_owned(), each));
    let name = proposed.id.name();
    let own = way(proposed.body);
    let other = written
        .chain(inline)
        .find(|(other, body)| !other.eq_ignore_ascii_case(name) && way(body) == own);
    other.map_or(Ok(()), |(other, _)| Err(conflict(name, &other)))
}

/// What two rules of a group cannot have in common.
fn way(rule: &Value) -> (Option<i64>, String) {
    let priority = rule.pointer("/properties/priority").and_then(Value::as_i64);
    (priority, rule.text("/properties/direction").to_ascii_lowercase())
}

/// The words are recorded (hashicorp/terraform-provider-azurerm#11137).
fn conflict(name: &str, other: &str) -> ArmError {
    bad_request!(
        "SecurityRuleConflict",
        "Security rule {name} conflicts with rule {other}. Rules cannot have the same Priority and Direction. To \
         learn more, see aka.ms/nsgrules."
    )
}

fn rules(proposed: &Proposed<'_>) -> Result<()> {
    let mut seen: Vec<(&str, &Value)> = Vec::new();
    for each in proposed.items("/properties/securityRules") {
        let name = each.text("/name");
        rule(name, each)?;
        if let Some((other, _)) = seen.iter().find(|(_, other)| way(other) == way(each)) {
            return Err(conflict(name, other));
        }
        if seen.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            return Err(bad_request!(
                "DuplicateResourceName",
                "The security rule name '{name}' is used twice in {}.",
                proposed.id
            ));
        }
        seen.push((name, each));
    }
    Ok(())
}

/// What a rule must be by itself.
fn rule(name: &str, body: &Value) -> Result<()> {
    for required in ["access", "direction", "protocol"] {
        if body.text(&format!("/properties/{required}")).is_empty() {
            return Err(bad_request!(
                "SecurityRuleParameterMissing",
                "Security rule '{name}' has no {required}."
            ));
        }
    }
    let (priority, _) = way(body);
    if !priority.is_some_and(|given| (100..=4096).contains(&given)) {
        return Err(bad_request!(
            "SecurityRuleInvalidPriority",
            "Security rule '{name}' has an invalid priority. It must be between 100 and 4096."
        ));
    }
    for side in ["source", "destination"] {
        for range in texts(body, &format!("{side}PortRange")) {
            if !is_port_range(range) {
                return Err(bad_request!(
                    "SecurityRuleInvalidPortRange",
                    "Security rule {name} has invalid Port range. Value provided: {range}. Value should be an \
                     integer OR integer range with '-' delimiter. Valid range 0-65535."
                ));
            }
        }
        for prefix in texts(body, &format!("{side}AddressPrefix")) {
            if !is_prefix(prefix) {
                return Err(bad_request!(
                    "SecurityRuleInvalidAddressPrefix",
                    "Security rule {name} has invalid Address prefix. Value provided: {prefix}"
                ));
            }
        }
    }
    Ok(())
}

/// The value of a property, and those of the list that can stand in its place.
fn texts<'body>(rule: &'body Value, name: &str) -> Vec<&'body str> {
    let plural = format!("{name}{}", if name.ends_with("Prefix") { "es" } else { "s" });
    let one = rule.pointer(&format!("/properties/{name}"));
    let list = rule.items(&format!("/properties/{plural}"));
    let all = one.into_iter().chain(list).filter_map(Value::as_str);
    all.filter(|text| !text.is_empty()).collect()
}

fn is_port_range(text: &str) -> bool {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) => first <= last,
        _ => text == "*",
    }
}

/// An address, a range, a tag's name or everything.
fn is_prefix(text: &str) -> bool {
    let address = text.split('/').next().unwrap_or(text);
    let looks_like_address =
        text.contains(['/', ':']) || address.starts_with(|first: char| first.is_ascii_digit());
    !looks_like_address || text.parse::<IpNetwork>().is_ok()
}

fn routes(proposed: &Proposed<'_>) -> Result<()> {
    let mut seen: Vec<&str> = Vec::new();
    for route in proposed.items("/properties/routes") {
        let name = route.text("/name");
        let kind = route.text("/properties/nextHopType");
        let is_appliance = kind.eq_ignore_ascii_case("VirtualAppliance");
        if is_appliance && route.text("/properties/nextHopIpAddress").is_empty() {
            return Err(bad_request!(
                "NextHopIpAddressMissing",
                "Route '{name}' leads to a virtual appliance and needs nextHopIpAddress."
            ));
        }
        let prefix = route.text("/properties/addressPrefix");
        if seen.contains(&prefix) {
            return Err(bad_request!(
                "RouteConflict",
                "Route '{name}' conflicts with another route in the table for address prefix {prefix}."
            ));
        }
        seen.push(prefix);
    }
    Ok(())
}

/// What Azure always adds, at the end of the list (network security group documentation).
#[rustfmt::skip]
const DEFAULT_RULES: [(&str, &str, i64, &str, &str, &str, &str); 6] = [
    ("AllowVnetInBound", "Inbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork",
        "Allow inbound traffic from all VMs in VNET"),
    ("AllowAzureLoadBalancerInBound", "Inbound", 65001, "Allow", "AzureLoadBalancer", "*",
        "Allow inbound traffic from azure load balancer"),
    ("DenyAllInBound", "Inbound", 65500, "Deny", "*", "*", "Deny all inbound traffic"),
    ("AllowVnetOutBound", "Outbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork",
        "Allow outbound traffic from all VMs to all VMs in VNET"),
    ("AllowInternetOutBound", "Outbound", 65001, "Allow", "*", "Internet",
        "Allow outbound traffic from all VMs to Internet"),
    ("DenyAllOutBound", "Outbound", 65500, "Deny", "*", "*", "Deny all outbound traffic"),
];

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let rules = child::items(cloud, id, "/properties/securityRules");
    let defaults: Vec<Value> = DEFAULT_RULES
        .iter()
        .map(|(name, direction, priority, access, source, destination, description)| {
            json!({ "name": name, "properties": {
                "description": description,
                "protocol": "*",
                "sourcePortRange": "*",
                "destinationPortRange": "*",
                "sourceAddressPrefix": source,
                "destinationAddressPrefix": destination,
                "access": access,
                "priority": priority,
                "direction": direction,
            }})
        })
        .collect();
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "securityRules": child::with_ids(id, "securityRules", &rules),
        "defaultSecurityRules": child::with_ids(id, "defaultSecurityRules", &defaults),
    });
}

pub(super) fn routes_done(cloud: &mut Cloud, id: &ResourceId) {
    let routes = child::items(cloud, id, "/properties/routes");
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "routes": child::with_ids(id, "routes", &routes),
    });
}
