//! Tests of the rules over the whole handler: what is refused with which code, and what is added on reading.

mod accepted;
mod added;
mod busy;
mod form;
mod gateway;
mod network;
mod peering;
mod platform;
mod refused;
mod strict;

use serde_json::{Value, json};

use crate::practice::reply::Reply;
use crate::practice::testing::{Bench, in_group};

/// Path with the newest API version of its type.
fn at(rest: &str) -> String {
    let path = in_group(rest);
    let version = crate::practice::identifier::ResourceId::parse(&path)
        .and_then(|id| crate::practice::catalog::kind::ResourceType::of(&id.resource_type()))
        .and_then(|kind| kind.api_versions.first())
        .copied()
        .unwrap_or("2025-05-01");
    format!("{path}?api-version={version}")
}

fn put(bench: &mut Bench, rest: &str, body: Value) -> Reply {
    bench.put(&at(rest), body)
}

/// Writes a resource, waits until it is done, and reads it.
fn make(bench: &mut Bench, rest: &str, body: Value) -> Value {
    let begun = put(bench, rest, body);
    assert!(begun.status < 300, "{rest}: {:#}", begun.body);
    bench.pass(7200);
    let view = bench.get(&at(rest));
    assert_eq!(view.status, 200, "{rest}: {}", view.body);
    view.body
}

fn regional(properties: Value) -> Value {
    let mut body = json!({ "location": "westeurope" });
    body["properties"] = properties;
    body
}

fn id(rest: &str) -> Value {
    json!({ "id": in_group(rest) })
}

fn subnet(name: &str, prefix: &str) -> Value {
    json!({ "name": name, "properties": {
        "addressPrefix": prefix,
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Disabled",
    }})
}

fn virtual_network(prefix: &str, subnets: &Value) -> Value {
    regional(json!({ "addressSpace": { "addressPrefixes": [prefix] }, "subnets": subnets }))
}

/// The network of the environment, with its three subnets.
fn make_network(bench: &mut Bench) {
    let subnets = json!([
        subnet("AzureFirewallSubnet", "10.1.1.0/24"),
        subnet("AzureBastionSubnet", "10.1.2.0/26"),
        subnet("SharedSubnet", "10.1.2.128/25"),
        subnet("Small", "10.1.0.0/29"),
    ]);
    make(bench, "Microsoft.Network/virtualNetworks/vnet", virtual_network("10.1.0.0/22", &subnets));
}

fn in_subnet(name: &str) -> Value {
    id(&format!("Microsoft.Network/virtualNetworks/vnet/subnets/{name}"))
}

fn card(subnet: &str) -> Value {
    regional(
        json!({ "ipConfigurations": [{ "name": "main", "properties": { "subnet": in_subnet(subnet) } }] }),
    )
}

fn storage() -> Value {
    json!({ "location": "westeurope", "kind": "StorageV2", "sku": { "name": "Standard_LRS" }, "properties": {} })
}

fn vault() -> Value {
    regional(json!({
        "tenantId": "00000000-0000-4000-8000-00000000a111",
        "sku": { "family": "A", "name": "standard" },
        "enableRbacAuthorization": true,
    }))
}

fn endpoint(target: &str, group: &str) -> Value {
    regional(json!({
        "subnet": in_subnet("SharedSubnet"),
        "privateLinkServiceConnections": [{ "name": "it", "properties": {
            "privateLinkServiceId": in_group(target),
            "groupIds": [group],
        }}],
    }))
}

fn machine(name: &str, user: &str, password: &str) -> Value {
    regional(json!({
        "hardwareProfile": { "vmSize": "Standard_D2s_v5" },
        "storageProfile": { "osDisk": { "name": "disk", "createOption": "FromImage", "deleteOption": "Delete" } },
        "osProfile": {
            "computerName": name,
            "adminUsername": user,
            "adminPassword": password,
            "windowsConfiguration": { "provisionVMAgent": true },
        },
        "networkProfile": { "networkInterfaces": [{
            "id": in_group("Microsoft.Network/networkInterfaces/nic"),
            "properties": { "deleteOption": "Delete" },
        }]},
        "securityProfile": { "securityType": "TrustedLaunch" },
    }))
}

const PASSWORD: &str = "Example-Pass-1234";

/// Each write is refused with the code named.
fn refuses(bench: &mut Bench, cases: &[(&str, Value, &str)]) {
    for (rest, body, code) in cases {
        let answer = put(bench, rest, body.clone());
        assert!(answer.status >= 400, "{rest} {body}: {}", answer.body);
        assert_eq!(Bench::code(&answer), *code, "{rest} {body}: {}", answer.body);
    }
}
