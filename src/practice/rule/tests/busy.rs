//! Two writers at once.

use serde_json::json;

use super::{endpoint, id, make, make_network, put, regional, storage, virtual_network};
use crate::practice::testing::{Bench, in_group};

#[test]
fn endpoints_of_one_storage_account_come_one_by_one() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let account = "Microsoft.Storage/storageAccounts/stgtest1234";
    make(&mut bench, account, storage());
    let pe = |group: &str| format!("Microsoft.Network/privateEndpoints/pe-{group}");
    assert!(put(&mut bench, &pe("blob"), endpoint(account, "blob")).status < 300);
    let second = put(&mut bench, &pe("file"), endpoint(account, "file"));
    assert_eq!((second.status, Bench::code(&second)), (409, "StorageAccountOperationInProgress"));
    bench.pass(600);
    assert!(put(&mut bench, &pe("file"), endpoint(account, "file")).status < 300);
}

#[test]
fn writes_to_one_network_come_one_by_one() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let subnet = |name: &str| format!("Microsoft.Network/virtualNetworks/vnet/subnets/{name}");
    let body = |prefix: &str| json!({ "properties": { "addressPrefix": prefix } });
    assert!(put(&mut bench, &subnet("a"), body("10.1.3.0/26")).status < 300);
    let second = put(&mut bench, &subnet("b"), body("10.1.3.64/26"));
    assert_eq!((second.status, Bench::code(&second)), (429, "AnotherOperationInProgress"));
    bench.pass(600);
    assert!(put(&mut bench, &subnet("b"), body("10.1.3.64/26")).status < 300);
}

#[test]
fn rule_collection_groups_come_one_by_one_and_before_the_firewall() {
    let mut bench = Bench::with_group();
    let policy = "Microsoft.Network/firewallPolicies/fwp";
    make(&mut bench, policy, regional(json!({ "sku": { "tier": "Standard" } })));
    let rules = |name: &str| format!("{policy}/ruleCollectionGroups/{name}");
    let body = json!({ "properties": { "priority": 200, "ruleCollections": [] } });
    assert!(put(&mut bench, &rules("a"), body.clone()).status < 300);
    let second = put(&mut bench, &rules("b"), body);
    assert_eq!(Bench::code(&second), "AnotherOperationInProgress");
    assert!(second.body.to_string().contains("is in Updating state"));
    let firewall = regional(json!({ "sku": { "tier": "Standard" }, "firewallPolicy": id(policy) }));
    let early = put(&mut bench, "Microsoft.Network/azureFirewalls/f", firewall.clone());
    assert_eq!(early.status, 409);
    bench.pass(600);
    assert!(put(&mut bench, "Microsoft.Network/azureFirewalls/f", firewall).status < 300);
}

#[test]
fn scoped_resources_come_one_by_one_and_before_the_endpoint() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let scope = "Microsoft.Insights/privateLinkScopes/ampls";
    let modes = json!({ "ingestionAccessMode": "Open", "queryAccessMode": "Open" });
    make(
        &mut bench,
        scope,
        json!({ "location": "global", "properties": { "accessModeSettings": modes } }),
    );
    let logs = "Microsoft.OperationalInsights/workspaces/logs";
    make(&mut bench, logs, regional(json!({})));
    let scoped = |name: &str| format!("{scope}/scopedResources/{name}");
    let body = json!({ "properties": { "linkedResourceId": in_group(logs) } });
    assert!(put(&mut bench, &scoped("a"), body.clone()).status < 300);
    let second = put(&mut bench, &scoped("b"), body);
    assert_eq!((second.status, Bench::code(&second)), (409, "Conflict"));
    let early =
        put(&mut bench, "Microsoft.Network/privateEndpoints/pe", endpoint(scope, "azuremonitor"));
    assert_eq!((early.status, Bench::code(&early)), (409, "Conflict"));
    bench.pass(600);
    let made =
        make(&mut bench, "Microsoft.Network/privateEndpoints/pe", endpoint(scope, "azuremonitor"));
    let names = made["properties"]["customDnsConfigs"].as_array().unwrap();
    assert!(
        names
            .iter()
            .any(|name| { name["fqdn"].as_str().unwrap().ends_with(".ods.opinsights.azure.com") })
    );
}

#[test]
fn what_is_still_being_made_cannot_be_referred_to() {
    let mut bench = Bench::with_group();
    assert!(put(&mut bench, "Microsoft.Network/routeTables/rt", regional(json!({}))).status < 300);
    let subnets = json!([{ "name": "a", "properties": {
        "addressPrefix": "10.1.0.0/24", "routeTable": id("Microsoft.Network/routeTables/rt"),
    }}]);
    let early = put(
        &mut bench,
        "Microsoft.Network/virtualNetworks/vnet",
        virtual_network("10.1.0.0/22", &subnets),
    );
    assert_eq!((early.status, Bench::code(&early)), (429, "ReferencedResourceNotProvisioned"));
}
