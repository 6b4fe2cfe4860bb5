//! Network security groups and route tables: priorities, duplicates, next hops, and the rules that Azure adds itself.

use serde_json::{Value, json};

use super::{Proposed, child};
use crate::practice::{identifier::ResourceId, reply::ArmError, state::Cloud};

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<(), ArmError> {
    if proposed.is("Microsoft.Network/networkSecurityGroups") {
        rules(proposed)?;
    } else if proposed.is("Microsoft.Network/routeTables") {
        routes(proposed)?;
    }
    Ok(())
}

fn rules(proposed: &Proposed<'_>) -> Result<(), ArmError> {
    let mut seen: Vec<(String, i64, String)> = Vec::new();
    for rule in proposed.items("/properties/securityRules") {
        let name = rule.get("name").and_then(Value::as_str).unwrap_or("");
        let text = |pointer: &str| rule.pointer(pointer).and_then(Value::as_str).unwrap_or("");
        for required in ["access", "direction", "protocol"] {
            if text(&format!("/properties/{required}")).is_empty() {
                return Err(parameter(
                    "SecurityRuleParameterMissing",
                    format!("Security rule '{name}' has no {required}."),
                ));
            }
        }
        let priority = rule.pointer("/properties/priority").and_then(Value::as_i64);
        let Some(priority) = priority.filter(|given| (100..=4096).contains(given)) else {
            return Err(parameter(
                "SecurityRuleInvalidPriority",
                format!(
                    "Security rule '{name}' has an invalid priority. It must be between 100 and 4096."
                ),
            ));
        };
        let direction = text("/properties/direction").to_owned();
        if let Some((_, _, other)) = seen
            .iter()
            .find(|(way, known, _)| *known == priority && way.eq_ignore_ascii_case(&direction))
        {
            return Err(parameter(
                "SecurityRuleConflict",
                format!(
                    "Security rule {name} conflicts with rule {other}. Rules cannot have the same Priority and Direction."
                ),
            ));
        }
        if seen
            .iter()
            .any(|(_, _, other)| other.eq_ignore_ascii_case(name))
        {
            return Err(parameter(
                "DuplicateResourceName",
                format!(
                    "The security rule name '{name}' is used twice in {}.",
                    proposed.id
                ),
            ));
        }
        seen.push((direction, priority, name.to_owned()));
    }
    Ok(())
}

fn routes(proposed: &Proposed<'_>) -> Result<(), ArmError> {
    let mut seen: Vec<&str> = Vec::new();
    for route in proposed.items("/properties/routes") {
        let name = route.get("name").and_then(Value::as_str).unwrap_or("");
        let text = |pointer: &str| route.pointer(pointer).and_then(Value::as_str).unwrap_or("");
        let hop = text("/properties/nextHopIpAddress");
        let is_appliance = text("/properties/nextHopType").eq_ignore_ascii_case("VirtualAppliance");
        if is_appliance && hop.is_empty() {
            return Err(parameter(
                "NextHopIpAddressMissing",
                format!("Route '{name}' leads to a virtual appliance and needs nextHopIpAddress."),
            ));
        }
        let prefix = text("/properties/addressPrefix");
        if seen.contains(&prefix) {
            return Err(parameter(
                "RouteConflict",
                format!(
                    "Route '{name}' conflicts with another route in the table for address prefix {prefix}."
                ),
            ));
        }
        seen.push(prefix);
    }
    Ok(())
}

fn parameter(code: &str, message: String) -> ArmError {
    ArmError::new(400, code, message)
}

/// What Azure always adds, at the end of the list (network security group documentation).
const DEFAULT_RULES: [(&str, &str, i64, &str, &str, &str, &str); 6] = [
    (
        "AllowVnetInBound",
        "Inbound",
        65000,
        "Allow",
        "VirtualNetwork",
        "VirtualNetwork",
        "Allow inbound traffic from all VMs in VNET",
    ),
    (
        "AllowAzureLoadBalancerInBound",
        "Inbound",
        65001,
        "Allow",
        "AzureLoadBalancer",
        "*",
        "Allow inbound traffic from azure load balancer",
    ),
    (
        "DenyAllInBound",
        "Inbound",
        65500,
        "Deny",
        "*",
        "*",
        "Deny all inbound traffic",
    ),
    (
        "AllowVnetOutBound",
        "Outbound",
        65000,
        "Allow",
        "VirtualNetwork",
        "VirtualNetwork",
        "Allow outbound traffic from all VMs to all VMs in VNET",
    ),
    (
        "AllowInternetOutBound",
        "Outbound",
        65001,
        "Allow",
        "*",
        "Internet",
        "Allow outbound traffic from all VMs to Internet",
    ),
    (
        "DenyAllOutBound",
        "Outbound",
        65500,
        "Deny",
        "*",
        "*",
        "Deny all outbound traffic",
    ),
];

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let rules = child::items(cloud, id, "/properties/securityRules");
    let defaults: Vec<Value> = DEFAULT_RULES
        .iter()
        .map(
            |(name, direction, priority, access, source, destination, description)| {
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
            },
        )
        .collect();
    let guid = child::identifier(cloud, id, "resource guid");
    let shown = json!({ "properties": {
        "resourceGuid": guid,
        "securityRules": child::with_ids(id, "securityRules", &rules),
        "defaultSecurityRules": child::with_ids(id, "defaultSecurityRules", &defaults),
    }});
    child::show(cloud, id, shown);
}

pub(super) fn routes_done(cloud: &mut Cloud, id: &ResourceId) {
    let routes = child::items(cloud, id, "/properties/routes");
    let guid = child::identifier(cloud, id, "resource guid");
    let shown = json!({ "properties": {
        "resourceGuid": guid,
        "routes": child::with_ids(id, "routes", &routes),
    }});
    child::show(cloud, id, shown);
}
