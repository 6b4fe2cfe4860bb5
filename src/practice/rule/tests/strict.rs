//! Writes that a lenient cloud would take and Azure refuses, what it says of things that are not there, and
//! what it does by itself.

use serde_json::{Value, json};

use super::{at, card, machine, make, make_network, put, refuses, regional, storage, vault};
use crate::practice::testing::{Bench, in_group};

const GROUP: &str = "Microsoft.Network/networkSecurityGroups/nsg";

fn rule(priority: i64, change: &[(&str, Value)]) -> Value {
    let mut rule = json!({
        "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "priority": priority,
        "sourceAddressPrefix": "10.1.0.0/22", "sourcePortRange": "*",
        "destinationAddressPrefix": "VirtualNetwork", "destinationPortRange": "22-443",
    });
    for (name, value) in change {
        rule[*name] = value.clone();
    }
    json!({ "properties": rule })
}

#[test]
fn security_rules_are_judged_inline_and_by_themselves() {
    let mut bench = Bench::with_group();
    let mut first = rule(100, &[]);
    first["name"] = json!("first");
    make(&mut bench, GROUP, regional(json!({ "securityRules": [first] })));
    let own = |name: &str| format!("{GROUP}/securityRules/{name}");
    make(&mut bench, &own("second"), rule(110, &[]));
    for (priority, change, code) in [
        (100, vec![], "SecurityRuleConflict"),
        (110, vec![], "SecurityRuleConflict"),
        (99, vec![], "SecurityRuleInvalidPriority"),
        (4097, vec![], "SecurityRuleInvalidPriority"),
        (120, vec![("destinationPortRange", json!("99999"))], "SecurityRuleInvalidPortRange"),
        (120, vec![("sourcePortRanges", json!(["22", "443-80"]))], "SecurityRuleInvalidPortRange"),
        (
            120,
            vec![("sourceAddressPrefix", json!("999.1.1.1"))],
            "SecurityRuleInvalidAddressPrefix",
        ),
        (
            120,
            vec![("destinationAddressPrefixes", json!(["10.0.0.0/33"]))],
            "SecurityRuleInvalidAddressPrefix",
        ),
    ] {
        refuses(&mut bench, &[(&own("third"), rule(priority, &change), code)]);
        if code != "SecurityRuleConflict" {
            let mut inline = rule(priority, &change);
            inline["name"] = json!("third");
            let group = regional(json!({ "securityRules": [inline] }));
            refuses(&mut bench, &[(GROUP, group, code)]);
        }
    }
    for change in [
        vec![("direction", json!("Outbound"))],
        vec![("priority", json!(130)), ("sourceAddressPrefix", json!("2001:db8::/64"))],
        vec![("priority", json!(131)), ("sourceAddressPrefix", json!("Storage.westeurope"))],
    ] {
        make(&mut bench, &own("third"), rule(100, &change));
    }
}

#[test]
fn words_that_are_reserved_and_sizes_that_are_none() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    make(&mut bench, "Microsoft.Network/networkInterfaces/nic", card("SharedSubnet"));
    let mut none = machine("vm", "someone", super::PASSWORD);
    none["properties"]["hardwareProfile"]["vmSize"] = json!("Standard_Nope");
    refuses(
        &mut bench,
        &[
            ("Microsoft.Storage/storageAccounts/stgwindows1", storage(), "ReservedResourceName"),
            ("Microsoft.KeyVault/vaults/kv-microsoft", vault(), "ReservedResourceName"),
            ("Microsoft.KeyVault/vaults/login-kv", vault(), "ReservedResourceName"),
            ("Microsoft.Compute/virtualMachines/vm", none, "InvalidParameter"),
        ],
    );
    make(&mut bench, "Microsoft.KeyVault/vaults/kv-login", vault());
    let zone = "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net";
    make(&mut bench, zone, json!({ "location": "global" }));
}

#[test]
fn a_network_rule_by_name_needs_the_proxy() {
    let mut bench = Bench::with_group();
    let policy = "Microsoft.Network/firewallPolicies/fwp";
    let rules = json!({ "properties": { "priority": 100, "ruleCollections": [{
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "net", "priority": 100,
        "action": { "type": "Allow" },
        "rules": [{ "name": "kms", "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": ["*"],
            "destinationFqdns": ["kms.core.windows.net"], "destinationPorts": ["1688"] }],
    }]}});
    let group = format!("{policy}/ruleCollectionGroups/all");
    make(&mut bench, policy, regional(json!({ "sku": { "tier": "Standard" } })));
    let refused = put(&mut bench, &group, rules.clone());
    assert_eq!(refused.status, 400);
    assert!(refused.body.to_string().contains("DNS Proxy must be enabled"));
    let proxy = json!({ "sku": { "tier": "Standard" }, "dnsSettings": { "enableProxy": true } });
    make(&mut bench, policy, regional(proxy));
    make(&mut bench, &group, rules);
}

#[test]
fn a_principal_must_be_in_the_directory_unless_its_type_is_told() {
    let mut bench = Bench::with_group();
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtest1234", storage());
    let on = |name: &str| {
        format!(
            "Microsoft.Storage/storageAccounts/stgtest1234/providers/Microsoft.Authorization/roleAssignments/\
             00000000-0000-4000-8000-00000000000{name}"
        )
    };
    let role = |principal: &str| {
        json!({ "properties": {
            "roleDefinitionId": "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/\
             acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "principalId": principal,
        }})
    };
    let nobody = "00000000-0000-4000-8000-00000000dead";
    refuses(&mut bench, &[(&on("1"), role(nobody), "PrincipalNotFound")]);
    make(&mut bench, &on("2"), role(crate::practice::token::OBJECT_ID));
    let mut told = role(nobody);
    told["properties"]["principalType"] = json!("ServicePrincipal");
    make(&mut bench, &on("3"), told);
    let gone = bench.get(&at(&on("4")));
    assert_eq!((gone.status, Bench::code(&gone)), (404, "RoleAssignmentNotFound"));
}

#[test]
fn what_is_not_there_is_told_by_what_it_would_be_in() {
    let mut bench = Bench::with_group();
    make(&mut bench, "Microsoft.KeyVault/vaults/kv-test1234", vault());
    make_network(&mut bench);
    let assignment =
        "providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000001";
    for (rest, code) in [
        ("Microsoft.KeyVault/vaults/kv-test1234/secrets/none".to_owned(), "ResourceNotFound"),
        ("Microsoft.Network/virtualNetworks/vnet/subnets/none".to_owned(), "NotFound"),
        ("Microsoft.Network/virtualNetworks/none/subnets/none".to_owned(), "ResourceNotFound"),
        ("Microsoft.KeyVault/vaults/kv-none/secrets/none".to_owned(), "ResourceNotFound"),
        (format!("Microsoft.KeyVault/vaults/kv-none/{assignment}"), "ResourceNotFound"),
        (format!("Microsoft.KeyVault/vaults/kv-test1234/{assignment}"), "RoleAssignmentNotFound"),
    ] {
        let answer = bench.get(&at(&rest));
        assert_eq!((answer.status, Bench::code(&answer)), (404, code), "{rest}");
        let answer = bench.delete(&at(&rest));
        if rest.contains("none/") {
            assert_eq!((answer.status, Bench::code(&answer)), (404, code), "{rest}");
        } else {
            assert_eq!(answer.status, 204, "{rest}");
        }
    }
}

#[test]
fn a_workspace_lets_itself_into_a_vault_that_goes_by_access_policies() {
    let mut bench = Bench::with_group();
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtest1234", storage());
    let kv = "Microsoft.KeyVault/vaults/kv-test1234";
    for by_roles in [true, false] {
        let mut body = vault();
        body["properties"]["enableRbacAuthorization"] = json!(by_roles);
        make(&mut bench, kv, body);
        let workspace = make(
            &mut bench,
            "Microsoft.MachineLearningServices/workspaces/ml-test1234",
            json!({
                "location": "westeurope", "identity": { "type": "SystemAssigned" },
                "properties": {
                    "storageAccount": in_group("Microsoft.Storage/storageAccounts/stgtest1234"),
                    "keyVault": in_group(kv),
                },
            }),
        );
        let shown = bench.get(&at(kv)).body;
        let policies = shown["properties"]["accessPolicies"].as_array();
        let who = policies.map(|all| all.iter().map(|each| each["objectId"].clone()).collect());
        let own = vec![workspace["identity"]["principalId"].clone()];
        assert_eq!(who, Some(if by_roles { Vec::new() } else { own }));
    }
}

#[test]
fn a_deallocated_machine_does_not_tell_of_its_disk() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let nic = "Microsoft.Network/networkInterfaces/nic";
    make(&mut bench, nic, card("SharedSubnet"));
    let vm = "Microsoft.Compute/virtualMachines/vm";
    let mut body = machine("vm", "someone", "Example-1-long");
    body["properties"]["storageProfile"]["osDisk"] = json!({
        "createOption": "FromImage", "diskSizeGB": 127, "managedDisk": { "storageAccountType": "StandardSSD_LRS" },
    });
    make(&mut bench, vm, body);
    let disk = |bench: &mut Bench| {
        let shown = bench.get(&at(vm)).body;
        let disk = shown["properties"]["storageProfile"]["osDisk"].clone();
        assert!(disk["managedDisk"]["id"].is_string());
        (disk["diskSizeGB"].clone(), disk["managedDisk"]["storageAccountType"].clone())
    };
    let told = (json!(127), json!("StandardSSD_LRS"));
    assert_eq!(disk(&mut bench), told);
    for (action, expected) in [("deallocate", (Value::Null, Value::Null)), ("start", told)] {
        bench.post(&at(&format!("{vm}/{action}")), Value::Null);
        bench.pass(600);
        assert_eq!(disk(&mut bench), expected, "{action}");
    }
}
