//! Azure Firewall, its policy and rules, public addresses, and Bastion.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::shown::DEFAULT_TIER;
use super::{Proposed, address, child};
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::Cloud;

const FIREWALL: &str = "Microsoft.Network/azureFirewalls";
const RULES: &str = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";
const BASTION: &str = "Microsoft.Network/bastionHosts";
const PUBLIC_ADDRESS: &str = "Microsoft.Network/publicIPAddresses";

/// Longest prefix of the subnets of Firewall and Bastion.
const LONGEST_PREFIX: u8 = 26;

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is(RULES) {
        rule_collections(proposed)
    } else if proposed.is(BASTION) {
        bastion(proposed)
    } else if proposed.is(FIREWALL) {
        let classic =
            ["applicationRuleCollections", "networkRuleCollections", "natRuleCollections"]
                .iter()
                .any(|list| !proposed.items(&format!("/properties/{list}")).is_empty());
        if classic && proposed.get("/properties/firewallPolicy/id").is_some() {
            return Err(bad_request!(
                "AzureFirewallRuleCollectionsNotAllowedWithFirewallPolicy",
                "{} has rule collections of its own and a firewall policy. It can have only one of both.",
                proposed.id
            ));
        }
        Ok(())
    } else if proposed.is(PUBLIC_ADDRESS) {
        let is_standard = proposed.says("/sku/name", "Standard");
        let is_dynamic = proposed.says("/properties/publicIPAllocationMethod", "Dynamic");
        if is_standard && is_dynamic {
            return Err(bad_request!(
                "StandardSkuPublicIPAddressesMustBeStatic",
                "Standard sku publicIp {} must have AllocationMethod set to Static.",
                proposed.id
            ));
        }
        if !is_standard && proposed.text("/sku/name") != "StandardV2" {
            return Err(bad_request!(
                "IPv4BasicSkuPublicIpCountLimitReached",
                "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this \
                 region."
            ));
        }
        Ok(())
    } else {
        Ok(())
    }
}

fn rule_collections(proposed: &Proposed<'_>) -> Result<()> {
    let group = proposed.id.name();
    priority(
        proposed.get("/properties/priority").and_then(Value::as_i64),
        &format!("rule collection group {group}"),
    )?;
    let mut priorities = Vec::new();
    for collection in proposed.items("/properties/ruleCollections") {
        let name = collection.text("/name");
        let given = collection.get("priority").and_then(Value::as_i64);
        priority(given, &format!("rule collection {name}"))?;
        if priorities.contains(&given) {
            return Err(bad_request!(
                "FirewallPolicyRuleCollectionGroupInvalidPriorityValueRange",
                "Rule collection '{name}' in group '{group}' has the priority of another collection of the group."
            ));
        }
        priorities.push(given);
        let rules = collection.items("/rules").iter();
        let kinds: Vec<&str> = rules.filter_map(|rule| rule.get("ruleType")?.as_str()).collect();
        if kinds.iter().any(|kind| Some(kind) != kinds.first()) {
            return Err(bad_request!(
                "FirewallPolicyMixedRuleTypes",
                "Rule collection '{name}' in group '{group}' holds rules of different kinds. A collection has \
                 either application rules or network rules."
            ));
        }
    }
    Ok(())
}

fn priority(given: Option<i64>, place: &str) -> Result<()> {
    if given.is_some_and(|value| (100..=65000).contains(&value)) {
        return Ok(());
    }
    Err(bad_request!(
        "FirewallPolicyRuleCollectionGroupInvalidPriorityValueRange",
        "Invalid priority value of {place}. It must be between 100 and 65000."
    ))
}

fn bastion(proposed: &Proposed<'_>) -> Result<()> {
    let is_developer = proposed.says("/sku/name", "Developer");
    let configurations = proposed.items("/properties/ipConfigurations");
    let network = proposed.get("/properties/virtualNetwork/id");
    let complaint = match (is_developer, configurations.len(), network) {
        (true, 1.., _) => "IP configurations are not allowed for the Developer SKU",
        (true, 0, None) => "the Developer SKU needs properties.virtualNetwork.id",
        (false, 0, _) => "an IP configuration is required for this SKU",
        _ => return bastion_features(proposed),
    };
    Err(bad_request!(
        "InvalidRequestFormat",
        "Bastion host {} is not valid: {complaint}.",
        proposed.id
    ))
}

/// Features that only Standard and Premium have (Bastion SKU comparison).
fn bastion_features(proposed: &Proposed<'_>) -> Result<()> {
    let sku = proposed.text("/sku/name");
    let has_features = ["Standard", "Premium"].iter().any(|known| known.eq_ignore_ascii_case(sku));
    let asked = [
        "enableTunneling",
        "enableFileCopy",
        "enableIpConnect",
        "enableShareableLink",
        "disableCopyPaste",
    ]
    .iter()
    .find(|feature| proposed.flag(&format!("/properties/{feature}")));
    match asked {
        Some(feature) if !has_features => Err(bad_request!(
            "BastionHostFeatureNotSupportedInSku",
            "Bastion host {}: {feature} is not supported with the SKU '{sku}'.",
            proposed.id
        )),
        _ => Ok(()),
    }
}

/// A network rule by name is judged by the addresses that the firewall itself resolves, so it must be the one that is
/// asked for names; the words are recorded (Azure/azure-sdk-for-go#11094), the code is not.
fn names_need_proxy(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let policy = proposed.id.parent().and_then(|id| cloud.resource(&id));
    if policy.is_some_and(|policy| policy.flag("/properties/dnsSettings/enableProxy")) {
        return Ok(());
    }
    for collection in proposed.items("/properties/ruleCollections") {
        let mut rules = collection.items("/rules").iter();
        if let Some(rule) = rules.find(|rule| !rule.items("/destinationFqdns").is_empty()) {
            return Err(bad_request!(
                "BadRequest",
                "In order to use DestinationFqdns in Network Rules, DNS Proxy must be enabled, or \
                 RequireProxyForNetworkRules must be set to 'false'. See rule {} in network rule collection {}",
                rule.text("/name"),
                collection.text("/name")
            ));
        }
    }
    Ok(())
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is(RULES) {
        names_need_proxy(cloud, proposed)
    } else if proposed.is(BASTION) {
        in_subnet(cloud, proposed, "AzureBastionSubnet")
    } else if proposed.is(FIREWALL) {
        in_subnet(cloud, proposed, "AzureFirewallSubnet")?;
        let policy = cloud.resource_at(proposed.text("/properties/firewallPolicy/id"));
        let Some(policy) = policy else { return Ok(()) };
        let tier = |given| if str::is_empty(given) { DEFAULT_TIER } else { given };
        let of_policy = tier(policy.text("/properties/sku/tier"));
        let of_firewall = tier(proposed.text("/properties/sku/tier"));
        if of_firewall.eq_ignore_ascii_case(of_policy) {
            return Ok(());
        }
        Err(bad_request!(
            "AzureFirewallPolicyAndAzureFirewallTierMismatch",
            "Azure Firewall {} has tier '{of_firewall}', and its policy {} has tier '{of_policy}'. They must be \
             the same.",
            proposed.id.name(),
            policy.name
        ))
    } else {
        Ok(())
    }
}

/// Both services insist on a subnet of their own, of /26 or larger (Bastion and Firewall documentation).
fn in_subnet(cloud: &Cloud, proposed: &Proposed<'_>, wanted: &str) -> Result<()> {
    for configuration in proposed.items("/properties/ipConfigurations") {
        let subnet = configuration.text("/properties/subnet/id");
        let name = subnet.rsplit('/').next().unwrap_or("");
        if !subnet.is_empty() && !name.eq_ignore_ascii_case(wanted) {
            return Err(bad_request!(
                "SubnetNameNotValid",
                "{} must stand in a subnet with the name '{wanted}', not '{name}'.",
                proposed.id
            ));
        }
        let range = ResourceId::parse(subnet).and_then(|subnet| address::range(cloud, &subnet));
        if let Some(range) = range.filter(|range| range.prefix() > LONGEST_PREFIX) {
            return Err(bad_request!(
                "BadRequest",
                "Subnet '{name}' with prefix {range} is too small for {}: it must be /{LONGEST_PREFIX} or larger.",
                proposed.id
            ));
        }
    }
    Ok(())
}

/// Public addresses come from ranges kept for documentation (RFC 5737), so that none of them is anybody's.
pub(super) fn public_address_done(cloud: &mut Cloud, id: &ResourceId) {
    if child::text(cloud, id, "/properties/ipAddress").is_empty() {
        let taken: Vec<String> = cloud
            .resources(&id.subscription)
            .filter(|resource| resource.is(PUBLIC_ADDRESS))
            .map(|resource| resource.text("/properties/ipAddress").to_owned())
            .collect();
        let free = [[203, 0, 113], [198, 51, 100]]
            .iter()
            .flat_map(|[a, b, c]| (10..=250).map(move |d| Ipv4Addr::new(*a, *b, *c, d).to_string()))
            .find(|candidate| !taken.contains(candidate))
            .unwrap_or_else(|| "192.0.2.1".to_owned());
        child::show(cloud, id, json!({ "properties": { "ipAddress": free } }));
    }
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "ipTags": [],
    });
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let configurations = child::items(cloud, id, "/properties/ipConfigurations");
    let moves = cloud.fault("firewall-moves").is_some() && was_deallocated(cloud, id);
    let mut shown = child::with_ids(id, "azureFirewallIpConfigurations", &configurations);
    for configuration in &mut shown {
        let subnet = configuration.id_at("/properties/subnet/id");
        let nth = if moves { 2 } else { 1 };
        let address = subnet.and_then(|subnet| address::free(cloud, &subnet, nth, id).pop());
        if let Some(address) = address {
            let shown = json!({ "privateIPAddress": address.to_string(), "privateIPAllocationMethod": "Dynamic" });
            json::merge(configuration, json!({ "properties": shown }));
        }
    }
    release_public_addresses(cloud, id);
    attach_public_addresses(cloud, id, "azureFirewallIpConfigurations");
    child::show(cloud, id, json!({ "properties": { "ipConfigurations": shown } }));
    if let Some(policy) = child::id_at(cloud, id, "/properties/firewallPolicy/id") {
        let firewalls = json!({ "properties": { "firewalls": [{ "id": id.to_string() }] } });
        child::show(cloud, &policy, firewalls);
    }
}

/// A firewall without IP configurations is deallocated: it exists, costs nothing and lets nothing through
/// (<https://learn.microsoft.com/azure/firewall/firewall-faq#how-can-i-stop-and-start-azure-firewall>).
fn was_deallocated(cloud: &Cloud, id: &ResourceId) -> bool {
    cloud
        .resource(id)
        .and_then(|firewall| firewall.runtime.pointer("/properties/ipConfigurations"))
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty)
}

/// Public addresses that a resource no longer uses are free again.
pub(super) fn release_public_addresses(cloud: &mut Cloud, id: &ResourceId) {
    let below = format!("{}/", id.key());
    let held: Vec<ResourceId> = cloud
        .resources(&id.subscription)
        .filter(|resource| resource.is(PUBLIC_ADDRESS))
        .filter(|resource| {
            let holder = resource.text("/properties/ipConfiguration/id");
            holder.to_ascii_lowercase().starts_with(&below)
        })
        .map(|resource| resource.id.clone())
        .collect();
    for address in held {
        let address = cloud.resource_mut(&address).map(|address| &mut address.runtime);
        if let Some(shown) = address.and_then(|shown| json::members(shown, "/properties")) {
            shown.shift_remove("ipConfiguration");
        }
    }
}

/// The policy lists its rule collection groups.
pub(super) fn rules_done(cloud: &mut Cloud, id: &ResourceId) {
    let Some(policy) = id.parent() else { return };
    let groups: Vec<Value> = cloud
        .children(&policy, "ruleCollectionGroups")
        .map(|resource| json!({ "id": resource.id.to_string() }))
        .collect();
    child::show(cloud, &policy, json!({ "properties": { "ruleCollectionGroups": groups } }));
}

pub(super) fn bastion_done(cloud: &mut Cloud, id: &ResourceId) {
    let configurations = child::items(cloud, id, "/properties/ipConfigurations");
    let shown = child::with_ids(id, "bastionHostIpConfigurations", &configurations);
    let host = child::identifier(cloud, id, "dns name");
    attach_public_addresses(cloud, id, "bastionHostIpConfigurations");
    child::show_properties!(cloud, id, {
        "dnsName": format!("bst-{host}.bastion.azure.com"),
        "ipConfigurations": shown,
    });
}

/// A public address tells what it is attached to.
fn attach_public_addresses(cloud: &mut Cloud, id: &ResourceId, segment: &str) {
    for configuration in child::items(cloud, id, "/properties/ipConfigurations") {
        let name = configuration.text("/name");
        let address = configuration.id_at("/properties/publicIPAddress/id");
        if let Some(address) = address {
            let holder = id.child(segment, name).to_string();
            child::show_properties!(cloud, &address, { "ipConfiguration": { "id": holder } });
        }
    }
}
