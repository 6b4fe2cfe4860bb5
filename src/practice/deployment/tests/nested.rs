//! Deployments at subscription scope: groups as resources, and deployments into them.

use serde_json::{Value, json};

use super::{network, template, text};
use crate::practice::fault::Fault;
use crate::practice::testing::{Bench, subscription};

fn at_subscription(name: &str) -> String {
    format!("{}/providers/Microsoft.Resources/deployments/{name}", subscription())
}

fn asking(hop: &str) -> Value {
    let mut inner = template(json!({
        "table": network("routeTables", "[parameters('name')]", json!({ "routes": [{ "name": "r", "properties": {
            "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": hop,
        }}]}), &[]),
    }));
    inner["parameters"] = json!({ "name": { "type": "string" } });
    inner["outputs"] = json!({ "table": { "type": "string", "value": "[parameters('name')]" } });
    let mut outer = template(json!({
        "group": {
            "type": "Microsoft.Resources/resourceGroups",
            "apiVersion": "2025-04-01",
            "name": "rg-new",
            "location": "westeurope",
            "tags": { "made": "by template" },
        },
        "inside": {
            "type": "Microsoft.Resources/deployments",
            "apiVersion": "2025-04-01",
            "name": "inside",
            "resourceGroup": "rg-new",
            "dependsOn": ["group"],
            "properties": {
                "mode": "Incremental",
                "expressionEvaluationOptions": { "scope": "inner" },
                "parameters": { "name": { "value": "[format('rt-{0}', 'new')]" } },
                "template": inner,
            },
        },
    }));
    outer["outputs"] = json!({ "table": { "type": "string", "value": "[reference('inside').outputs.table.value]" } });
    json!({ "location": "westeurope", "properties": { "mode": "Incremental", "template": outer, "parameters": {} } })
}

#[test]
fn a_group_is_made_and_deployed_into() {
    let mut bench = Bench::with_group();
    let answer = bench.put(&at_subscription("d"), asking("10.1.1.4"));
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    bench.pass(60);
    let view = bench.get(&at_subscription("d")).body;
    assert_eq!(view["properties"]["provisioningState"], "Succeeded", "{view:#}");
    assert_eq!(view["location"], "westeurope");
    assert_eq!(view["properties"]["outputs"]["table"]["value"], "rt-new");
    // 3 s for the group and 3 s for the table.
    assert_eq!(view["properties"]["duration"], "PT6S");
    let group = bench.get(&format!("{}/resourcegroups/rg-new", subscription())).body;
    assert_eq!(group["tags"]["made"], "by template");
    let path = format!("{}/resourceGroups/rg-new/providers", subscription());
    assert_eq!(bench.get(&format!("{path}/Microsoft.Network/routeTables/rt-new")).status, 200);
    let inside = bench.get(&format!("{path}/Microsoft.Resources/deployments/inside")).body;
    assert_eq!(inside["properties"]["provisioningState"], "Succeeded");
    let listed = bench.get(&format!("{}/operations", at_subscription("d"))).body;
    let kinds: Vec<String> = listed["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| text(item, "/properties/targetResource/resourceType"))
        .collect();
    assert!(kinds.contains(&"Microsoft.Resources/deployments".to_owned()));
    let exported =
        bench.post(&format!("{}/exportTemplate", at_subscription("d")), Value::Null).body;
    assert_eq!(
        exported["template"]["resources"]["inside"]["type"],
        "Microsoft.Resources/deployments"
    );
    assert!(
        exported["template"]["resources"]["inside"]["properties"]["template"]["resources"]["table"]
            .is_object()
    );
}

#[test]
fn a_failure_inside_reaches_the_outer_deployment() {
    let mut bench = Bench::with_group();
    bench.faults(&[Fault::RegionOutage]);
    let answer = bench.put(&at_subscription("d"), asking("10.1.1.4"));
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    bench.pass(60);
    let view = bench.get(&at_subscription("d")).body;
    assert_eq!(view["properties"]["provisioningState"], "Failed");
    let error = view["properties"]["error"].to_string();
    assert!(error.contains("RegionDoesNotAllowProvisioning"), "{error}");
}

/// A group that the outer deployment is about to create is no reason not to judge what is inside.
#[test]
fn what_is_wrong_inside_is_found_before_anything_begins() {
    let mut bench = Bench::with_group();
    for answer in [
        bench.put(&at_subscription("d"), asking("")),
        bench.post(&format!("{}/validate", at_subscription("d")), asking("")),
    ] {
        assert_eq!(answer.status, 400);
        let error = answer.body["error"].to_string();
        assert!(error.contains("NextHopIpAddressMissing"), "{error}");
    }
    assert_eq!(bench.get(&at_subscription("d")).status, 404);
    let good = bench.post(&format!("{}/validate", at_subscription("d")), asking("10.1.1.4"));
    let validated = good.body["properties"]["validatedResources"].to_string();
    assert!(validated.contains("/routeTables/rt-new"), "{validated}");
}

#[test]
fn a_region_is_needed_and_kept() {
    let mut bench = Bench::with_group();
    let mut body = asking("10.1.1.4");
    body["location"] = json!("");
    let answer = bench.put(&at_subscription("d"), body.clone());
    assert_eq!((answer.status, Bench::code(&answer)), (400, "LocationRequired"));
    body["location"] = json!("westeurope");
    assert_eq!(bench.put(&at_subscription("d"), body.clone()).status, 201);
    bench.pass(60);
    body["location"] = json!("northeurope");
    let answer = bench.put(&at_subscription("d"), body);
    assert_eq!((answer.status, Bench::code(&answer)), (409, "InvalidDeploymentLocation"));
}
