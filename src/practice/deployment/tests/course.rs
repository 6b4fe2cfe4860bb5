//! The course of a deployment: order, failure, cancellation, names in use.

use serde_json::{Value, json};

use super::{
    deploy, network, operation_of, operations, path, shown, state, template, text, three_chains,
};
use crate::practice::testing::{Bench, in_group};

#[test]
fn operations_appear_when_they_begin_and_end_at_their_time() {
    let mut bench = Bench::with_group();
    let answer = deploy(&mut bench, "d", &three_chains());
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    assert_eq!(answer.body["properties"]["provisioningState"], "Accepted");
    // The route table takes 3 s, the network 6 s, the card 11 s; the address 5 s.
    let begun = operations(&mut bench, "d");
    assert_eq!(begun.len(), 2);
    bench.pass(4);
    let begun = operations(&mut bench, "d");
    let table = operation_of(&begun, "rt").unwrap();
    assert_eq!(table["properties"]["provisioningState"], "Succeeded");
    assert_eq!(table["properties"]["duration"], "PT3S");
    assert_eq!(table["properties"]["statusCode"], "Created");
    let net = operation_of(&begun, "vnet").unwrap();
    assert_eq!(net["properties"]["provisioningState"], "Running");
    assert_eq!(net["properties"]["duration"], "PT1S");
    assert!(operation_of(&begun, "nic").is_none());
    bench.pass(600);
    let view = shown(&mut bench, "d");
    assert_eq!(view["properties"]["provisioningState"], "Succeeded");
    assert_eq!(view["properties"]["duration"], "PT20S");
    assert_eq!(text(&view, "/properties/timestamp"), "2026-01-01T00:00:20Z");
    let single = text(&begun[0], "/operationId");
    let found = bench.get(&format!("{}/operations/{single}", path("d")));
    assert_eq!(found.body["operationId"], single.as_str());
}

#[test]
fn the_status_url_follows_to_the_end() {
    let mut bench = Bench::with_group();
    let answer = deploy(&mut bench, "d", &three_chains());
    let url = answer.get("azure-asyncoperation").unwrap().to_owned();
    let polled = bench.get(&url);
    assert_eq!(polled.body["status"], "Running");
    assert!(polled.get("retry-after").is_some());
    bench.restart();
    bench.pass(600);
    assert_eq!(bench.get(&url).body["status"], "Succeeded");
}

#[test]
fn a_failure_stops_what_depends_on_it_and_nothing_else() {
    let mut bench = Bench::with_group();
    let mut asked = three_chains();
    // The table is not waited for, so it is not there yet when the network begins.
    asked["resources"]["net"]["dependsOn"] = json!([]);
    deploy(&mut bench, "d", &asked);
    bench.pass(600);
    let view = shown(&mut bench, "d");
    assert_eq!(view["properties"]["provisioningState"], "Failed");
    let error = &view["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed");
    assert_eq!(error["details"][0]["code"], "ReferencedResourceNotProvisioned");
    assert!(text(error, "/details/0/target").ends_with("/virtualNetworks/vnet"));
    let begun = operations(&mut bench, "d");
    assert!(operation_of(&begun, "nic").is_none());
    let address = operation_of(&begun, "pip").unwrap();
    assert_eq!(address["properties"]["provisioningState"], "Succeeded");
    let net = operation_of(&begun, "vnet").unwrap();
    assert_eq!(net["properties"]["statusCode"], "TooManyRequests");
    assert_eq!(
        net["properties"]["statusMessage"]["error"]["code"],
        "ReferencedResourceNotProvisioned"
    );
    assert!(view["properties"].get("outputs").is_none());
}

#[test]
fn a_dependency_that_never_comes_is_a_missing_reference() {
    let mut bench = Bench::with_group();
    let mut asked = three_chains();
    asked["resources"].as_object_mut().unwrap().remove("table");
    asked["resources"]["net"]["dependsOn"] = json!([]);
    deploy(&mut bench, "d", &asked);
    bench.pass(600);
    let view = shown(&mut bench, "d");
    assert_eq!(view["properties"]["error"]["details"][0]["code"], "InvalidResourceReference");
}

#[test]
fn a_cancelled_deployment_finishes_what_has_begun_and_begins_nothing_more() {
    let mut bench = Bench::with_group();
    deploy(&mut bench, "d", &three_chains());
    bench.pass(4);
    let cancelled = bench.post(&format!("{}/cancel", path("d")), Value::Null);
    assert_eq!((cancelled.status, &cancelled.body), (204, &Value::Null));
    assert_eq!(state(&mut bench, "d"), "Running");
    bench.pass(600);
    let view = shown(&mut bench, "d");
    assert_eq!(view["properties"]["provisioningState"], "Canceled");
    assert_eq!(text(&view, "/properties/timestamp"), "2026-01-01T00:00:09Z");
    assert_eq!(bench.get(&in_group("Microsoft.Network/virtualNetworks/vnet")).status, 200);
    assert_eq!(bench.get(&in_group("Microsoft.Network/networkInterfaces/nic")).status, 404);
    let again = bench.post(&format!("{}/cancel", path("d")), Value::Null);
    assert_eq!((again.status, Bench::code(&again)), (409, "DeploymentCannotBeCancelled"));
    deploy(&mut bench, "e", &three_chains());
    bench.pass(600);
    assert_eq!(state(&mut bench, "e"), "Succeeded");
}

#[test]
fn a_running_name_cannot_be_used_again_and_a_second_writer_is_refused() {
    let mut bench = Bench::with_group();
    deploy(&mut bench, "d", &three_chains());
    let same = deploy(&mut bench, "d", &three_chains());
    assert_eq!((same.status, Bench::code(&same)), (409, "DeploymentActive"));
    let gone = bench.delete(&path("d"));
    assert_eq!((gone.status, Bench::code(&gone)), (409, "DeploymentActive"));
    deploy(&mut bench, "other", &three_chains());
    bench.pass(600);
    assert_eq!(state(&mut bench, "d"), "Succeeded");
    let other = shown(&mut bench, "other");
    assert_eq!(other["properties"]["provisioningState"], "Failed");
    assert_eq!(other["properties"]["error"]["details"][0]["code"], "AnotherOperationInProgress");
    assert_eq!(deploy(&mut bench, "d", &three_chains()).status, 200);
}

#[test]
fn conditions_loops_and_references_are_honoured() {
    let mut bench = Bench::with_group();
    let mut asked = template(json!({
        "never": network("routeTables", "never", json!({ "routes": [] }), &[]),
        "tables": network("routeTables", "[format('rt-{0}', copyIndex())]", json!({ "routes": [] }), &["never"]),
        "late": network("routeTables", "late", json!({ "routes": [{ "name": "r", "properties": {
            "addressPrefix": "0.0.0.0/0",
            "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "[reference('address').ipAddress]",
        }}]}), &[]),
        "address": three_chains()["resources"]["address"],
    }));
    asked["resources"]["never"]["condition"] = json!(false);
    asked["resources"]["tables"]["copy"] = json!({ "name": "loop", "count": 3 });
    asked["outputs"] = json!({ "hop": { "type": "string", "value": "[reference('late').routes[0].properties.nextHopIpAddress]" } });
    deploy(&mut bench, "d", &asked);
    bench.pass(600);
    let view = shown(&mut bench, "d");
    assert_eq!(view["properties"]["provisioningState"], "Succeeded", "{view:#}");
    assert_eq!(view["properties"]["outputs"]["hop"]["value"], "203.0.113.10");
    // The late one waits for the address it refers to: 5 s and 3 s.
    assert_eq!(view["properties"]["duration"], "PT8S");
    assert_eq!(view["properties"]["outputResources"].as_array().unwrap().len(), 5);
    assert_eq!(bench.get(&in_group("Microsoft.Network/routeTables/never")).status, 404);
    assert_eq!(bench.get(&in_group("Microsoft.Network/routeTables/rt-2")).status, 200);
}
