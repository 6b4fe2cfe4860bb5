//! Writes that Azure's networking refuses.

use serde_json::{Value, json};

use super::{
    at, card, id, in_subnet, make, make_network, refuses, regional, subnet, virtual_network,
};
use crate::practice::testing::Bench;

#[test]
fn address_ranges_and_subnets() {
    let mut bench = Bench::with_group();
    let vnet = "Microsoft.Network/virtualNetworks/vnet";
    let with = |subnets: Value| virtual_network("10.1.0.0/22", &subnets);
    refuses(
        &mut bench,
        &[
            (vnet, virtual_network("10.1.0.1/22", &json!([])), "InvalidCIDRNotation"),
            (vnet, virtual_network("10.1.0.0", &json!([])), "InvalidAddressPrefixFormat"),
            (vnet, virtual_network("10.1.0.0/30", &json!([])), "InvalidAddressPrefixLength"),
            (vnet, with(json!([subnet("a", "10.2.0.0/24")])), "NetcfgSubnetRangeOutsideVnet"),
            (
                vnet,
                with(json!([subnet("a", "10.1.0.0/24"), subnet("b", "10.1.0.128/25")])),
                "NetcfgSubnetRangesOverlap",
            ),
            (vnet, with(json!([subnet("a", "10.1.0.0/30")])), "NetcfgInvalidSubnet"),
            (vnet, with(json!([{ "name": "a", "properties": {} }])), "NetcfgInvalidSubnet"),
        ],
    );
}

#[test]
fn subnets_of_a_network_that_stands() {
    let mut bench = Bench::with_group();
    let vnet = "Microsoft.Network/virtualNetworks/vnet";
    let with = |subnets: Value| virtual_network("10.1.0.0/22", &subnets);
    make_network(&mut bench);
    refuses(
        &mut bench,
        &[
            (
                "Microsoft.Network/virtualNetworks/vnet/subnets/x",
                json!({ "properties": { "addressPrefix": "10.1.2.0/27" } }),
                "NetcfgSubnetRangesOverlap",
            ),
            (
                "Microsoft.Network/virtualNetworks/other/subnets/x",
                json!({ "properties": { "addressPrefix": "10.1.3.0/27" } }),
                "ParentResourceNotFound",
            ),
        ],
    );
    make(&mut bench, "Microsoft.Network/networkInterfaces/nic", card("SharedSubnet"));
    refuses(
        &mut bench,
        &[(vnet, with(json!([subnet("a", "10.1.3.0/24")])), "InUseSubnetCannotBeDeleted")],
    );
}

#[test]
fn bastion_and_firewall_insist_on_their_subnets() {
    let mut bench = Bench::with_group();
    let small = json!([
        subnet("AzureBastionSubnet", "10.1.2.0/27"),
        subnet("AzureFirewallSubnet", "10.1.1.0/27"),
        subnet("Other", "10.1.0.0/24")
    ]);
    make(
        &mut bench,
        "Microsoft.Network/virtualNetworks/vnet",
        virtual_network("10.1.0.0/22", &small),
    );
    let placed = |name: &str| json!([{ "name": "c", "properties": { "subnet": in_subnet(name) } }]);
    let bastion = |sku: &str, properties: Value| json!({ "location": "westeurope", "sku": { "name": sku }, "properties": properties });
    let firewall = |name: &str| {
        let sku = json!({ "name": "AZFW_VNet", "tier": "Standard" });
        regional(json!({ "sku": sku, "ipConfigurations": placed(name) }))
    };
    let (b, f) = ("Microsoft.Network/bastionHosts/b", "Microsoft.Network/azureFirewalls/f");
    let own = json!({ "ipConfigurations": placed("AzureBastionSubnet") });
    let other = json!({ "ipConfigurations": placed("Other") });
    let mut tunnel = own.clone();
    tunnel["enableTunneling"] = json!(true);
    refuses(
        &mut bench,
        &[
            (b, bastion("Basic", own.clone()), "BadRequest"),
            (b, bastion("Basic", other), "SubnetNameNotValid"),
            (b, bastion("Basic", json!({})), "InvalidRequestFormat"),
            (b, bastion("Developer", own), "InvalidRequestFormat"),
            (b, bastion("Basic", tunnel), "BastionHostFeatureNotSupportedInSku"),
            (f, firewall("AzureFirewallSubnet"), "BadRequest"),
            (f, firewall("Other"), "SubnetNameNotValid"),
        ],
    );
}

#[test]
fn firewall_policies_and_their_rules() {
    let mut bench = Bench::with_group();
    let policy = "Microsoft.Network/firewallPolicies/fwp";
    let group = "Microsoft.Network/firewallPolicies/fwp/ruleCollectionGroups/g";
    let collections =
        |list: Value| json!({ "properties": { "priority": 200, "ruleCollections": list } });
    let one = |priority: i64, kinds: [&str; 2]| json!({ "name": "c", "priority": priority, "rules": [{ "ruleType": kinds[0] }, { "ruleType": kinds[1] }] });
    let same = ["NetworkRule", "NetworkRule"];
    refuses(&mut bench, &[(group, collections(json!([])), "ParentResourceNotFound")]);
    make(&mut bench, policy, regional(json!({ "sku": { "tier": "Standard" } })));
    make_network(&mut bench);
    let firewall = regional(json!({
        "sku": { "name": "AZFW_VNet", "tier": "Premium" },
        "firewallPolicy": id(policy),
    }));
    let both = regional(json!({
        "sku": { "name": "AZFW_VNet", "tier": "Standard" },
        "firewallPolicy": id(policy),
        "networkRuleCollections": [{}],
    }));
    refuses(
        &mut bench,
        &[
            (
                group,
                json!({ "properties": { "priority": 5 } }),
                "FirewallPolicyRuleCollectionGroupInvalidPriorityValueRange",
            ),
            (
                group,
                collections(json!([one(100, same), one(100, same)])),
                "FirewallPolicyRuleCollectionGroupInvalidPriorityValueRange",
            ),
            (
                group,
                collections(json!([one(100, ["NetworkRule", "ApplicationRule"])])),
                "FirewallPolicyMixedRuleTypes",
            ),
            (
                "Microsoft.Network/azureFirewalls/f",
                firewall,
                "AzureFirewallPolicyAndAzureFirewallTierMismatch",
            ),
            (
                "Microsoft.Network/azureFirewalls/f",
                both,
                "AzureFirewallRuleCollectionsNotAllowedWithFirewallPolicy",
            ),
        ],
    );
}

#[test]
fn security_rules_and_routes() {
    let mut bench = Bench::with_group();
    let rule = |name: &str, priority: i64| json!({ "name": name, "properties": { "access": "Allow", "direction": "Inbound", "protocol": "*", "priority": priority } });
    let group = |rules: Value| regional(json!({ "securityRules": rules }));
    let route = |name: &str, hop: &str| json!({ "name": name, "properties": { "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": hop } });
    let nsg = "Microsoft.Network/networkSecurityGroups/nsg";
    let table = "Microsoft.Network/routeTables/rt";
    refuses(
        &mut bench,
        &[
            (nsg, group(json!([rule("a", 99)])), "SecurityRuleInvalidPriority"),
            (nsg, group(json!([rule("a", 4097)])), "SecurityRuleInvalidPriority"),
            (nsg, group(json!([rule("a", 100), rule("b", 100)])), "SecurityRuleConflict"),
            (nsg, group(json!([rule("a", 100), rule("A", 101)])), "DuplicateResourceName"),
            (
                nsg,
                group(json!([{ "name": "a", "properties": { "priority": 100 } }])),
                "SecurityRuleParameterMissing",
            ),
            (table, regional(json!({ "routes": [route("a", "")] })), "NextHopIpAddressMissing"),
            (
                table,
                regional(json!({ "routes": [route("a", "10.1.1.4"), route("b", "10.1.1.5")] })),
                "RouteConflict",
            ),
        ],
    );
}

#[test]
fn addresses_that_cannot_be_given() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let fixed = |address: &str| {
        regional(json!({ "ipConfigurations": [{ "name": "main", "properties": {
            "subnet": in_subnet("SharedSubnet"), "privateIPAllocationMethod": "Static", "privateIPAddress": address,
        }}]}))
    };
    let nic = |number: u8| format!("Microsoft.Network/networkInterfaces/nic{number}");
    make(&mut bench, &nic(0), fixed("10.1.2.140"));
    // A /29 has three addresses to give.
    for number in 1..=3 {
        make(&mut bench, &nic(number), card("Small"));
    }
    refuses(
        &mut bench,
        &[
            (&nic(9), fixed("10.1.2.140"), "PrivateIPAddressInUse"),
            (&nic(9), fixed("10.1.2.129"), "PrivateIPAddressInReservedRange"),
            (&nic(9), fixed("10.1.2.255"), "PrivateIPAddressInReservedRange"),
            (&nic(9), fixed("10.1.2.2"), "PrivateIPAddressNotInSubnet"),
            (&nic(9), fixed("nonsense"), "InvalidIPAddressFormat"),
            (&nic(9), card("Small"), "SubnetIsFull"),
            (&nic(9), card("Missing"), "InvalidResourceReference"),
        ],
    );
}

#[test]
fn peerings() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    make(
        &mut bench,
        "Microsoft.Network/virtualNetworks/hub",
        virtual_network("10.0.0.0/16", &json!([])),
    );
    make(
        &mut bench,
        "Microsoft.Network/virtualNetworks/spoke",
        virtual_network("10.1.2.0/24", &json!([])),
    );
    let peer = |remote: &str, gateway: bool| {
        json!({ "properties": {
            "remoteVirtualNetwork": id(&format!("Microsoft.Network/virtualNetworks/{remote}")),
            "useRemoteGateways": gateway,
        }})
    };
    let half = |from: &str, name: &str| {
        format!("Microsoft.Network/virtualNetworks/{from}/virtualNetworkPeerings/{name}")
    };
    make(&mut bench, &half("hub", "to-spoke"), peer("spoke", false));
    refuses(
        &mut bench,
        &[
            (&half("vnet", "p"), peer("spoke", false), "VnetAddressSpacesOverlap"),
            (
                &half("vnet", "p"),
                peer("hub", false),
                "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
            ),
            (&half("spoke", "p"), peer("hub", true), "RemoteVnetHasNoGateways"),
        ],
    );
    make(&mut bench, &half("spoke", "to-hub"), peer("hub", false));
    bench.delete(&at(&half("hub", "to-spoke")));
    bench.pass(7200);
    refuses(
        &mut bench,
        &[(&half("hub", "again"), peer("spoke", false), "RemotePeeringIsDisconnected")],
    );
}
