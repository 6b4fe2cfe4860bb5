//! Names, ids, scopes, conditions and loops.

use serde_json::json;

use super::{GROUP, refused, resolved, resource, resources, scope, try_resolve};
use crate::template::{Template, Unknown, resolve};

#[test]
fn names_ids_and_descriptions() {
    let resolved = resolved(json!({
        "languageVersion": "2.0",
        "parameters": {"name": {"type": "string", "defaultValue": "test"}},
        "variables": {"full": "[concat(parameters('name'), '1234')]"},
        "resources": {
            "vnet": {
                "type": "Microsoft.Network/virtualNetworks",
                "apiVersion": "2024-05-01",
                "name": "[format('vnet-{0}', variables('full'))]",
                "metadata": {"area": "network", "description": "The network"}
            },
            "subnet": {
                "type": "Microsoft.Network/virtualNetworks/subnets",
                "apiVersion": "2024-05-01",
                "name": "[format('vnet-{0}/Shared', variables('full'))]"
            }
        }
    }));
    let vnet = resolved.resource("vnet").unwrap();
    assert_eq!(vnet.name, "vnet-test1234");
    assert_eq!(
        vnet.id,
        format!("{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-test1234")
    );
    assert_eq!((vnet.area.as_str(), vnet.description.as_str()), ("network", "The network"));
    let subnet = resolved.resource("subnet").unwrap();
    assert_eq!(subnet.id, format!("{}/subnets/Shared", vnet.id));
    assert_eq!(resolved.variables["full"], json!("test1234"));
    assert_eq!(resolved.parameters["name"], json!("test"));
}

/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/scope-extension-resources>
#[test]
fn scopes_of_extension_resources() {
    let resolved = resources(json!({
        "relative": resource("lock", json!({"scope": "Microsoft.Storage/storageAccounts/store"})),
        "absolute": resource("lock2", json!({"scope": "[resourceId('Microsoft.Storage/storageAccounts', 'store')]"})),
        "tenant": resource("lock3", json!({"scope": "/"})),
        "subscription": resource("lock4", json!({"scope": "[subscription().id]"})),
        "elsewhere": resource("lock5", json!({"existing": true, "subscriptionId": "sub-2", "resourceGroup": "hub"}))
    }));
    let id = |symbol: &str| resolved.resource(symbol).unwrap().id.clone();
    let store = format!("{GROUP}/providers/Microsoft.Storage/storageAccounts/store");
    assert_eq!(id("relative"), format!("{store}/providers/Contoso.Test/things/lock"));
    assert_eq!(id("absolute"), format!("{store}/providers/Contoso.Test/things/lock2"));
    assert_eq!(id("tenant"), "/providers/Contoso.Test/things/lock3");
    assert_eq!(id("subscription"), "/subscriptions/sub-1/providers/Contoso.Test/things/lock4");
    assert_eq!(
        id("elsewhere"),
        "/subscriptions/sub-2/resourceGroups/hub/providers/Contoso.Test/things/lock5"
    );
    assert_eq!(resolved.resource("relative").unwrap().scope.as_ref(), Some(&store));
}

#[test]
fn a_deployment_to_a_subscription() {
    let template = Template::from_json(json!({"resources": [{
        "type": "Microsoft.Resources/resourceGroups",
        "apiVersion": "2024-03-01",
        "name": "rg-test1234",
        "location": "[deployment().location]"
    }]}))
    .unwrap();
    let mut scope = scope();
    scope.resource_group = None;
    let resolved = resolve(&template, &serde_json::Map::new(), &scope).unwrap();
    let group = &resolved.resources[0];
    assert_eq!(group.id, GROUP);
    assert_eq!(resolved.body(&group.symbol, &Unknown).unwrap(), json!({"location": "westeurope"}));
}

#[test]
fn loops_make_instances_with_their_index() {
    let resolved = resources(json!({
        "disk": resource("[format('disk{0}', copyIndex(1))]", json!({
            "copy": {"name": "disks", "count": "[length(range(0, 3))]"},
            "condition": "[not(equals(copyIndex(), 1))]",
            "properties": {
                "index": "[copyIndex('disks')]",
                "copy": [{"name": "parts", "count": 2, "input": "[add(mul(copyIndex(), 10), copyIndex('parts'))]"}]
            }
        }))
    }));
    let names: Vec<_> = resolved
        .resources
        .iter()
        .map(|r| (r.symbol.as_str(), r.name.as_str(), r.condition, r.copy_index))
        .collect();
    assert_eq!(
        names,
        [
            ("disk[0]", "disk1", true, Some(0)),
            ("disk[1]", "disk2", false, Some(1)),
            ("disk[2]", "disk3", true, Some(2))
        ]
    );
    assert_eq!(
        resolved.body("disk[2]", &Unknown).unwrap(),
        json!({"properties": {"index": 2, "parts": [20, 21]}})
    );
}

#[test]
fn bodies_leave_out_what_steers_the_deployment() {
    let resolved = resources(json!({
        "a": resource("a", json!({
            "location": "[resourceGroup().location]",
            "tags": {"[concat('k', 'ey')]": "[[not an expression]"},
            "dependsOn": [],
            "condition": true,
            "metadata": {"description": "x"},
            "comments": "y",
            "identity": {"type": "None"},
            "properties": {"copy": "data of that name"}
        }))
    }));
    assert_eq!(
        resolved.body("a", &Unknown).unwrap(),
        json!({
            "location": "westeurope",
            "tags": {"key": "[not an expression]"},
            "identity": {"type": "None"},
            "properties": {"copy": "data of that name"}
        })
    );
    assert!(resolved.body("b", &Unknown).is_err());
}

#[test]
fn faults_name_their_place() {
    let one = |resource| json!({"languageVersion": "2.0", "resources": {"a": resource}});
    let none = || json!({});
    refused(
        one(resource("[parameters('p')]", json!({}))),
        none(),
        "resources.a.name",
        "'p' is not found",
    );
    refused(
        one(resource("a/b", json!({}))),
        none(),
        "resources.a.name",
        "incorrect segment lengths",
    );
    refused(one(resource("", json!({}))), none(), "resources.a.name", "empty");
    refused(
        one(resource("a", json!({"condition": "yes"}))),
        none(),
        "resources.a.condition",
        "boolean",
    );
    refused(
        one(resource("a", json!({"properties": {"list": [1, "[div(1, 0)]"]}}))),
        none(),
        "resources.a.properties.list[1]",
        "'div'",
    );
    refused(
        one(resource("a", json!({"copy": {"name": "c", "count": -1}}))),
        none(),
        "resources.a.copy.count",
        "from 0 to 800",
    );
    refused(
        json!({"resources": [resource("same", json!({})), resource("SAME", json!({}))]}),
        none(),
        "resources[1]",
        "defined multiple times",
    );
    let mut late = one(resource("[parameters('secret')]", json!({})));
    late["parameters"] = json!({"secret": {"type": "securestring"}});
    refused(late, none(), "resources.a.name", "known before the deployment starts");
}

#[test]
fn definitions_that_refer_to_themselves_are_named() {
    refused(
        json!({"variables": {"a": "[variables('b')]", "b": "[variables('a')]"}, "resources": []}),
        json!({}),
        "variables.a",
        "'variables.a' -> 'variables.b' -> 'variables.a'",
    );
}

#[test]
fn a_fault_stands_where_it_is_defined() {
    refused(
        json!({
            "variables": {"outer": {"x": "[variables('inner')]"}, "inner": ["[div(1, 0)]"]},
            "resources": [resource("a", json!({"properties": {"x": "[variables('outer')]"}}))]
        }),
        json!({}),
        "variables.inner[0]",
        "'div'",
    );
}

#[test]
fn a_long_chain_of_variables_is_refused_before_the_stack_ends() {
    let mut variables = serde_json::Map::new();
    for number in 0..1000 {
        let next = format!("[toLower(toLower(toLower(variables('v{}'))))]", number + 1);
        variables.insert(format!("v{number}"), json!({"a": [next]}));
    }
    variables.insert("v1000".into(), json!("end"));
    let mut template = json!({"resources": []});
    template["variables"] = variables.into();
    let error = try_resolve(template, json!({})).unwrap_err();
    assert!(error.message.contains("levels deep"), "{}", error.message);
}
