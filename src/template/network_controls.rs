//! The controls of an environment, read from resolved resources: subnets, filter rules and routes.
//!
//! It works for an adapted template too, since it looks at resource types and not at our symbols. This module must not
//! judge what it reads.

use ipnetwork::Ipv4Network;
use serde_json::Value;

use crate::domain::json::HasJson as _;
use crate::domain::plan::{PlannedNsgRule, PlannedResource, PlannedRoute, PlannedSubnet};
use crate::domain::resource;

/// Addresses that Azure keeps of each subnet
/// (<https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq>).
const KEPT_ADDRESSES: u64 = 5;

/// The subnets of all virtual networks, in the template's order.
pub fn subnets(resources: &[PlannedResource]) -> Vec<PlannedSubnet> {
    entries(resources, resource::VIRTUAL_NETWORK, "/properties/subnets")
        .filter_map(|subnet| {
            let prefix: Ipv4Network = text(subnet, "/properties/addressPrefix")?.parse().ok()?;
            let size = 1_u64 << (32 - u32::from(prefix.prefix()));
            Some(PlannedSubnet {
                name: text(subnet, "/name")?.to_owned(),
                prefix,
                usable: size.saturating_sub(KEPT_ADDRESSES),
            })
        })
        .collect()
}

/// The routes of all route tables.
pub fn routes(resources: &[PlannedResource]) -> Vec<PlannedRoute> {
    entries(resources, resource::ROUTE_TABLE, "/properties/routes")
        .filter_map(|route| {
            let next_hop = text(route, "/properties/nextHopIpAddress")
                .or_else(|| text(route, "/properties/nextHopType"))?;
            Some(PlannedRoute {
                name: text(route, "/name")?.to_owned(),
                prefix: text(route, "/properties/addressPrefix")?.to_owned(),
                next_hop: next_hop.to_owned(),
            })
        })
        .collect()
}

/// The rules of all network security groups, each group's own by direction and priority, then Azure's defaults.
pub fn nsg_rules(resources: &[PlannedResource]) -> Vec<PlannedNsgRule> {
    let groups = of_type(resources, resource::SECURITY_GROUP);
    groups
        .flat_map(|group| {
            let own = group.body.items("/properties/securityRules").iter();
            let mut rules: Vec<PlannedNsgRule> = own
                .filter_map(|rule| nsg_rule(&group.name, rule))
                .chain(default_rules(&group.name))
                .collect();
            rules.sort_by(|one, other| {
                (&one.direction, one.priority).cmp(&(&other.direction, other.priority))
            });
            rules
        })
        .collect()
}

fn nsg_rule(group: &str, rule: &Value) -> Option<PlannedNsgRule> {
    let properties = rule.get("properties")?;
    let one_or_many = |one: &str, many: &str| {
        let several: Vec<&str> = properties.items(many).iter().filter_map(Value::as_str).collect();
        if several.is_empty() {
            text(properties, one).unwrap_or("*").to_owned()
        } else {
            several.join(",")
        }
    };
    Some(PlannedNsgRule {
        group: group.to_owned(),
        name: text(rule, "/name")?.to_owned(),
        direction: text(properties, "/direction")?.to_owned(),
        access: text(properties, "/access")?.to_owned(),
        priority: u32::try_from(properties.get("priority")?.as_u64()?).ok()?,
        protocol: text(properties, "/protocol")?.to_owned(),
        source: one_or_many("/sourceAddressPrefix", "/sourceAddressPrefixes"),
        destination: one_or_many("/destinationAddressPrefix", "/destinationAddressPrefixes"),
        ports: one_or_many("/destinationPortRange", "/destinationPortRanges"),
        default: false,
    })
}

/// The rules that every network security group has
/// (<https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules>).
fn default_rules(group: &str) -> impl Iterator<Item = PlannedNsgRule> {
    [
        ("AllowVnetInBound", "Inbound", "Allow", 65_000, "VirtualNetwork", "VirtualNetwork"),
        ("AllowAzureLoadBalancerInBound", "Inbound", "Allow", 65_001, "AzureLoadBalancer", "*"),
        ("DenyAllInBound", "Inbound", "Deny", 65_500, "*", "*"),
        ("AllowVnetOutBound", "Outbound", "Allow", 65_000, "VirtualNetwork", "VirtualNetwork"),
        ("AllowInternetOutBound", "Outbound", "Allow", 65_001, "*", "Internet"),
        ("DenyAllOutBound", "Outbound", "Deny", 65_500, "*", "*"),
    ]
    .into_iter()
    .map(|(name, direction, access, priority, source, destination)| PlannedNsgRule {
        group: group.to_owned(),
        name: name.to_owned(),
        direction: direction.to_owned(),
        access: access.to_owned(),
        priority,
        protocol: "*".to_owned(),
        source: source.to_owned(),
        destination: destination.to_owned(),
        ports: "*".to_owned(),
        default: true,
    })
}

fn of_type<'plan>(
    resources: &'plan [PlannedResource],
    resource_type: &'plan str,
) -> impl Iterator<Item = &'plan PlannedResource> {
    resources
        .iter()
        .filter(move |resource| resource.resource_type.eq_ignore_ascii_case(resource_type))
}

fn entries<'plan>(
    resources: &'plan [PlannedResource],
    resource_type: &'plan str,
    pointer: &'plan str,
) -> impl Iterator<Item = &'plan Value> {
    of_type(resources, resource_type).flat_map(move |resource| resource.body.items(pointer))
}

fn text<'value>(value: &'value Value, pointer: &str) -> Option<&'value str> {
    value.pointer(pointer)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resource(resource_type: &str, name: &str, properties: &Value) -> PlannedResource {
        PlannedResource {
            symbol: name.into(),
            resource_type: resource_type.into(),
            name: name.into(),
            id: format!("/{name}"),
            area: "network".into(),
            description: String::new(),
            depends_on: Vec::new(),
            seconds: 1,
            slow_seconds: 1,
            api_version: "2025-05-01".into(),
            body: json!({ "properties": properties }),
        }
    }

    #[test]
    fn subnets_have_five_addresses_less_than_their_range() {
        let network = resource(
            "microsoft.network/virtualnetworks",
            "vnet-test4821",
            &json!({"subnets": [
                {"name": "SharedSubnet", "properties": {"addressPrefix": "10.1.2.128/25"}},
                {"name": "Tiny", "properties": {"addressPrefix": "10.1.3.0/32"}},
                {"name": "Unknown", "properties": {"addressPrefix": "[reference('x').y]"}},
            ]}),
        );
        let found = subnets(&[network]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name.as_str(), found[0].usable), ("SharedSubnet", 123));
        assert_eq!(found[1].usable, 0);
    }

    #[test]
    fn a_route_leads_to_an_address_or_to_a_type_of_hop() {
        let table = resource(
            "Microsoft.Network/routeTables",
            "rt-test4821",
            &json!({"routes": [
                {"name": "out", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.1.1.4"}},
                {"name": "sink", "properties": {"addressPrefix": "10.9.0.0/16", "nextHopType": "None"}},
            ]}),
        );
        let found = routes(&[table]);
        assert_eq!(found[0].next_hop, "10.1.1.4");
        assert_eq!(found[1].next_hop, "None");
    }

    #[test]
    fn own_rules_come_before_the_defaults_of_their_direction() {
        let group = resource(
            "Microsoft.Network/networkSecurityGroups",
            "nsg-shared",
            &json!({"securityRules": [
                {"name": "Out", "properties": {"direction": "Outbound", "access": "Deny", "priority": 4096, "protocol": "*", "sourceAddressPrefix": "*", "destinationAddressPrefix": "Internet", "destinationPortRange": "*"}},
                {"name": "In", "properties": {"direction": "Inbound", "access": "Allow", "priority": 200, "protocol": "Tcp", "sourceAddressPrefix": "BatchNodeManagement", "destinationAddressPrefix": "VirtualNetwork", "destinationPortRanges": ["29876", "29877"]}},
            ]}),
        );
        let rules = nsg_rules(&[group]);
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "In",
                "AllowVnetInBound",
                "AllowAzureLoadBalancerInBound",
                "DenyAllInBound",
                "Out",
                "AllowVnetOutBound",
                "AllowInternetOutBound",
                "DenyAllOutBound"
            ]
        );
        assert_eq!(rules[0].ports, "29876,29877");
        assert_eq!(rules.iter().filter(|rule| rule.default).count(), 6);
    }
}
