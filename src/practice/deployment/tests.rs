//! Tests of deployments over the whole handler, with a clock of their own.

mod choice;
mod course;
mod environment;
mod fault;
mod form;
mod history;
mod nested;
mod request;

use serde_json::{Value, json};

use crate::practice::reply::Reply;
use crate::practice::testing::{Bench, in_group};

/// The path of a deployment in group `rg-test`.
fn path(name: &str) -> String {
    in_group(&format!("Microsoft.Resources/deployments/{name}"))
}

/// The body of a request for a template with parameter values.
fn asking(template: &Value, parameters: &Value) -> Value {
    let wrapped: serde_json::Map<String, Value> = parameters
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), json!({ "value": value })))
        .collect();
    json!({ "properties": { "mode": "Incremental", "template": template, "parameters": wrapped } })
}

fn template(resources: Value) -> Value {
    let mut template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
    });
    template["resources"] = resources;
    template
}

/// A resource of Microsoft.Network.
fn network(kind: &str, name: &str, properties: Value, depends_on: &[&str]) -> Value {
    let mut resource = json!({
        "type": format!("Microsoft.Network/{kind}"),
        "apiVersion": "2025-05-01",
        "name": name,
        "location": "westeurope",
        "dependsOn": depends_on,
    });
    resource["properties"] = properties;
    resource
}

fn deploy(bench: &mut Bench, name: &str, template: &Value) -> Reply {
    bench.put(&path(name), asking(template, &json!({})))
}

fn shown(bench: &mut Bench, name: &str) -> Value {
    bench.get(&path(name)).body
}

fn state(bench: &mut Bench, name: &str) -> String {
    text(&shown(bench, name), "/properties/provisioningState")
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("").to_owned()
}

fn operations(bench: &mut Bench, name: &str) -> Vec<Value> {
    let listed = bench.get(&format!("{}/operations", path(name)));
    assert_eq!(listed.status, 200, "{}", listed.body);
    listed.body["value"].as_array().unwrap().clone()
}

/// Seconds between the begin and the end of an operation, and the moment of its end.
fn operation_of<'list>(list: &'list [Value], name: &str) -> Option<&'list Value> {
    list.iter().find(|item| {
        item.pointer("/properties/targetResource/resourceName").and_then(Value::as_str)
            == Some(name)
    })
}

/// A network with a subnet, and what hangs on it: three chains of different length.
fn three_chains() -> Value {
    template(json!({
        "table": network("routeTables", "rt", json!({ "routes": [] }), &[]),
        "net": network("virtualNetworks", "vnet", json!({
            "addressSpace": { "addressPrefixes": ["10.1.0.0/22"] },
            "subnets": [{ "name": "AzureBastionSubnet", "properties": {
                "addressPrefix": "10.1.2.0/26",
                "routeTable": { "id": "[resourceId('Microsoft.Network/routeTables', 'rt')]" },
            }}],
        }), &["table"]),
        "address": network("publicIPAddresses", "pip", json!({ "publicIPAllocationMethod": "Static" }), &[])
            .as_object()
            .map(|resource| {
                let mut resource = resource.clone();
                resource.insert("sku".to_owned(), json!({ "name": "Standard" }));
                resource
            }),
        "card": network("networkInterfaces", "nic", json!({ "ipConfigurations": [{
            "name": "main",
            "properties": { "subnet": {
                "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet', 'AzureBastionSubnet')]",
            }},
        }]}), &["net"]),
    }))
}
