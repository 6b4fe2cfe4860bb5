//! Templates in the forms that Azure takes: nested ones of outer scope, types of their own, addresses of IPv6, and
//! resources that the practice cloud only keeps.

use serde_json::{Value, json};

use super::{asking, network, path, template, text};
use crate::practice::testing::{Bench, in_group};

fn deployed(bench: &mut Bench, template: &Value, parameters: &Value) -> Value {
    let answer = bench.put(&path("d"), asking(template, parameters));
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    bench.pass(7200);
    let view = bench.get(&path("d")).body;
    let state = text(&view, "/properties/provisioningState");
    assert_eq!(state, "Succeeded", "{view:#}");
    view
}

#[test]
fn a_nested_template_of_outer_scope_sees_what_is_around_it() {
    let mut bench = Bench::with_group();
    let inner_most = template(json!({
        "table": network("routeTables", "[parameters('name')]", json!({ "routes": [] }), &[]),
    }));
    let mut inner_most = json!({
        "type": "Microsoft.Resources/deployments", "apiVersion": "2025-04-01", "name": "deep",
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": { "scope": "inner" },
            "parameters": { "name": { "value": "[concat(variables('prefix'), 'deep')]" } },
            "template": inner_most,
        },
    });
    inner_most["properties"]["template"]["parameters"] = json!({ "name": { "type": "string" } });
    let mut asked = template(json!([
        network("routeTables", "[concat(variables('prefix'), 'first')]", json!({ "routes": [] }), &[]),
        {
            "type": "Microsoft.Resources/deployments", "apiVersion": "2025-04-01", "name": "outer",
            "dependsOn": ["[resourceId('Microsoft.Network/routeTables', 'rt-first')]"],
            "properties": {
                "mode": "Incremental",
                "template": {
                    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                    "contentVersion": "1.0.0.0",
                    "resources": [
                        network("routeTables", "[concat(variables('prefix'), parameters('last'))]", json!({
                            "routes": [],
                            "disableBgpRoutePropagation": "[equals(reference(resourceId('Microsoft.Network/\
                             routeTables', 'rt-first')).provisioningState, 'Succeeded')]",
                        }), &[]),
                        inner_most,
                    ],
                    "outputs": { "last": { "type": "string", "value": "[parameters('last')]" } },
                },
            },
        },
    ]));
    asked.as_object_mut().unwrap().remove("languageVersion");
    asked["variables"] = json!({ "prefix": "rt-" });
    asked["parameters"] = json!({ "last": { "type": "string" } });
    asked["outputs"] =
        json!({ "last": { "type": "string", "value": "[reference('outer').outputs.last.value]" } });
    let view = deployed(&mut bench, &asked, &json!({ "last": "second" }));
    assert_eq!(text(&view, "/properties/outputs/last/value"), "second");
    let made = bench.get(&in_group("Microsoft.Network/routeTables/rt-second")).body;
    assert_eq!(made["properties"]["disableBgpRoutePropagation"], true);
    assert_eq!(bench.get(&in_group("Microsoft.Network/routeTables/rt-deep")).status, 200);
    let exported = bench.post(&format!("{}/exportTemplate", path("d")), Value::Null).body;
    assert_eq!(exported["template"], asked);
}

#[test]
fn a_template_may_define_types() {
    let mut bench = Bench::with_group();
    let mut asked = template(json!({
        "table": network("routeTables", "[parameters('table').name]", json!({
            "routes": [{ "name": "out", "properties": {
                "addressPrefix": "[parameters('table').prefix]", "nextHopType": "Internet",
            }}],
        }), &[]),
    }));
    asked["definitions"] = json!({
        "prefix": { "type": "string", "minLength": 9 },
        "table": { "type": "object", "additionalProperties": false, "properties": {
            "name": { "type": "string" },
            "prefix": { "$ref": "#/definitions/prefix" },
        }},
    });
    asked["parameters"] = json!({ "table": { "$ref": "#/definitions/table" } });
    asked["outputs"] =
        json!({ "table": { "$ref": "#/definitions/table", "value": "[parameters('table')]" } });
    let table = json!({ "name": "rt", "prefix": "10.0.0.0/8" });
    let view = deployed(&mut bench, &asked, &json!({ "table": table }));
    assert_eq!(view["properties"]["outputs"]["table"]["value"], table);
    let wrong = json!({ "table": { "name": "rt", "prefix": "all" } });
    let answer = bench.put(&path("e"), asking(&asked, &wrong));
    assert_eq!((answer.status, Bench::code(&answer)), (400, "InvalidTemplate"));
    assert!(answer.body.to_string().contains("'prefix'"), "{}", answer.body);
}

#[test]
fn networks_have_addresses_of_both_families() {
    let mut bench = Bench::with_group();
    let asked = |subnet: &str| {
        template(json!({ "net": network("virtualNetworks", "vnet", json!({
            "addressSpace": { "addressPrefixes": ["10.70.0.0/16", "fd00:db8:deca::/48"] },
            "subnets": [{ "name": "both", "properties": { "addressPrefixes": ["10.70.0.0/24", subnet] } }],
        }), &[])}))
    };
    deployed(&mut bench, &asked("fd00:db8:deca::/64"), &json!({}));
    let card = json!({ "location": "westeurope", "properties": { "ipConfigurations": [{
        "name": "main",
        "properties": { "subnet": { "id": in_group("Microsoft.Network/virtualNetworks/vnet/subnets/both") } },
    }]}});
    let card = bench.make(&in_group("Microsoft.Network/networkInterfaces/nic"), card);
    let configuration = &card["properties"]["ipConfigurations"][0]["properties"];
    assert_eq!(configuration["privateIPAddress"], "10.70.0.4");
    for (subnet, code) in [
        ("fd00:db8:deca::/80", "NetcfgInvalidSubnet"),
        ("fd00:db8:dead::/64", "NetcfgSubnetRangeOutsideVnet"),
        ("fd00:db8:deca::1/64", "InvalidCIDRNotation"),
    ] {
        bench.put(&path("d"), asking(&asked(subnet), &json!({})));
        bench.pass(600);
        let view = bench.get(&path("d")).body;
        let answer = bench.put(&path("e"), asking(&asked(subnet), &json!({})));
        let found = format!("{} {}", view, answer.body);
        assert!(found.contains(code), "{subnet}: {found}");
    }
}

#[test]
fn what_the_practice_cloud_does_not_act_out_is_kept_as_it_is_written() {
    let mut bench = Bench::with_group();
    let asked = template(json!({
        "site": {
            "type": "Microsoft.Web/sites", "apiVersion": "2099-01-01", "name": "site-test", "location": "westeurope",
            "kind": "app", "properties": { "httpsOnly": true },
        },
        "settings": {
            "type": "Microsoft.Web/sites/config", "apiVersion": "2099-01-01", "name": "site-test/web",
            "dependsOn": ["site"], "properties": { "ftpsState": "Disabled" },
        },
        "balancer": network("loadBalancers", "lb", json!({ "frontendIPConfigurations": [] }), &[]),
    }));
    deployed(&mut bench, &asked, &json!({}));
    let path = in_group("Microsoft.Web/sites/site-test");
    let site = bench.get(&path).body;
    assert_eq!(site["properties"]["httpsOnly"], true);
    assert_eq!(site["properties"]["provisioningState"], "Succeeded");
    assert_eq!(site["type"], "Microsoft.Web/sites");
    let listed = bench.get(&in_group("Microsoft.Web/sites")).body;
    assert_eq!(listed["value"].as_array().unwrap().len(), 1);
    let listed = bench.get(&in_group("").replace("/providers/", "/resources")).body;
    let kinds: Vec<&str> = listed["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Microsoft.Web/sites", "Microsoft.Network/loadBalancers"]);
    let changed = json!({ "location": "westeurope", "properties": { "httpsOnly": false } });
    assert_eq!(bench.put(&path, changed).status, 200);
    assert_eq!(bench.delete(&path).status, 200);
    assert_eq!(bench.get(&path).status, 404);
}

#[test]
fn a_change_inside_a_list_stands_below_its_index() {
    let mut bench = Bench::with_group();
    let rule = |priority: u16| {
        json!({ "name": "in", "properties": {
            "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "priority": priority,
            "sourceAddressPrefix": "*", "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRanges": ["22", "443"],
        }})
    };
    let asked = |rules: Value| {
        template(
            json!({ "nsg": network("networkSecurityGroups", "nsg", json!({ "securityRules": rules }), &[]) }),
        )
    };
    deployed(&mut bench, &asked(json!([rule(100)])), &json!({}));
    let mut changed = rule(110);
    changed["properties"]["destinationPortRanges"] = json!(["22", "8443"]);
    let mut further = rule(120);
    further["name"] = json!("more");
    let begun = bench.post(
        &format!("{}/whatIf", path("d")),
        asking(&asked(json!([changed, further.clone()])), &json!({})),
    );
    bench.pass(60);
    let answer = bench.get(begun.get("location").unwrap()).body;
    let delta = &answer["properties"]["changes"][0]["delta"];
    assert_eq!(
        delta,
        &json!([{
            "path": "properties.securityRules",
            "propertyChangeType": "Array",
            "children": [
                { "path": "0", "propertyChangeType": "Modify", "children": [
                    { "path": "properties.priority", "propertyChangeType": "Modify", "before": 100, "after": 110 },
                    { "path": "properties.destinationPortRanges", "propertyChangeType": "Array", "children": [
                        { "path": "1", "propertyChangeType": "Modify", "before": "443", "after": "8443" },
                    ]},
                ]},
                { "path": "1", "propertyChangeType": "Create", "after": further },
            ],
        }])
    );
}

#[test]
fn a_groups_tag_from_a_secure_parameter_is_a_text() {
    let mut bench = Bench::with_group();
    let mut asked = template(json!({ "group": {
        "type": "Microsoft.Resources/resourceGroups", "apiVersion": "2025-04-01", "name": "rg-new",
        "location": "westeurope", "tags": { "key": "[parameters('key')]", "count": "[parameters('count')]" },
    }}));
    asked["parameters"] = json!({ "key": { "type": "securestring" }, "count": { "type": "int" } });
    let mut body = asking(&asked, &json!({ "key": "Example-1", "count": 3 }));
    body["location"] = json!("westeurope");
    let path = crate::practice::testing::subscription();
    let at = format!("{path}/providers/Microsoft.Resources/deployments/d");
    assert_eq!(bench.put(&at, body).status, 201);
    bench.pass(60);
    let groups = bench.get(&format!("{path}/resourcegroups")).body;
    assert!(!groups.to_string().contains("Example-1"));
    let new =
        groups["value"].as_array().unwrap().iter().find(|group| group["name"] == "rg-new").unwrap();
    assert_eq!(new["tags"], json!({ "key": "(secure)", "count": "3" }));
}
