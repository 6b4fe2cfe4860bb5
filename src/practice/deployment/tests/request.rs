//! Requests about deployments: what is refused, listed, exported, deleted.

use hyper::Method;
use serde_json::{Value, json};

use super::{asking, deploy, path, shown, template, three_chains};
use crate::practice::testing::{Bench, in_group};

#[test]
fn what_cannot_be_deployed_is_refused_at_once() {
    let with_parameter = |value: Value| {
        let mut asked = template(json!({}));
        asked["parameters"] = json!({ "p": { "type": "securestring", "minLength": 8 } });
        asking(&asked, &value)
    };
    let bare = |properties: Value| json!({ "properties": properties });
    let mut bench = Bench::with_group();
    for (body, code) in [
        (json!({}), "InvalidRequestContent"),
        (bare(json!({ "mode": "Incremental" })), "InvalidRequestContent"),
        (bare(json!({ "mode": "Other", "template": {} })), "InvalidRequestContent"),
        (
            bare(json!({ "mode": "Incremental", "templateLink": {"uri": "https://example.com"} })),
            "InvalidRequestContent",
        ),
        (asking(&template(json!({ "x": { "type": "A/b" } })), &json!({})), "InvalidTemplate"),
        (asking(&template(json!({})), &json!({ "unknown": 1 })), "InvalidTemplate"),
        (with_parameter(json!({})), "InvalidTemplate"),
        (with_parameter(json!({ "p": "short" })), "InvalidTemplate"),
    ] {
        let answer = bench.put(&path("d"), body.clone());
        assert_eq!((answer.status, Bench::code(&answer)), (400, code), "{body}");
        assert!(!answer.body.to_string().contains("short"));
    }
    let long = "x".repeat(65);
    let answer = deploy(&mut bench, &long, &three_chains());
    assert_eq!(Bench::code(&answer), "DeploymentNameLengthLimitExceeded");
}

#[test]
fn validation_lists_everything_it_finds() {
    let mut bench = Bench::with_group();
    let mut asked = three_chains();
    asked["resources"]["table"]["apiVersion"] = json!("newest");
    asked["resources"]["address"]["location"] = Value::Null;
    let answer = bench.post(&format!("{}/validate", path("d")), asking(&asked, &json!({})));
    let codes: Vec<&str> = answer.body["error"]["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|detail| detail["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["NoRegisteredProviderFound", "LocationRequired"]);
    let good = bench.post(&format!("{}/validate", path("d")), asking(&three_chains(), &json!({})));
    assert_eq!(good.status, 200);
    assert_eq!(good.body["properties"]["validatedResources"].as_array().unwrap().len(), 4);
    assert_eq!(bench.get(&path("d")).status, 404);
}

#[test]
fn deployments_are_listed_newest_first_filtered_and_deleted() {
    let mut bench = Bench::with_group();
    let mut broken = three_chains();
    broken["resources"]["net"]["dependsOn"] = json!([]);
    deploy(&mut bench, "broken", &broken);
    bench.pass(600);
    deploy(&mut bench, "good", &three_chains());
    bench.pass(600);
    let names = |bench: &mut Bench, query: &str| -> Vec<String> {
        let listed = bench.get(&in_group(&format!("Microsoft.Resources/deployments/{query}")));
        listed.body["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| super::text(item, "/name"))
            .collect()
    };
    assert_eq!(names(&mut bench, ""), ["good", "broken"]);
    assert_eq!(names(&mut bench, "?$top=1"), ["good"]);
    assert_eq!(names(&mut bench, "?$filter=provisioningState eq 'Failed'"), ["broken"]);
    assert_eq!(bench.ask(Method::HEAD, &path("good"), Value::Null).status, 204);
    assert_eq!(bench.ask(Method::HEAD, &path("none"), Value::Null).status, 404);
    let gone = bench.delete(&path("broken"));
    assert_eq!(gone.status, 202);
    let location = gone.get("location").unwrap().to_owned();
    assert!(bench.get(&location).status < 300);
    assert_eq!(names(&mut bench, ""), ["good"]);
    let missing = bench.get(&path("broken"));
    assert_eq!((missing.status, Bench::code(&missing)), (404, "DeploymentNotFound"));
}

#[test]
fn the_answer_has_the_graph_the_parameters_and_no_secret() {
    let mut bench = Bench::with_group();
    let mut asked = three_chains();
    asked["parameters"] = json!({
        "secret": { "type": "securestring", "defaultValue": "Example-1" },
        "plain": { "type": "int", "defaultValue": 3 },
    });
    deploy(&mut bench, "d", &asked);
    bench.pass(600);
    let view = shown(&mut bench, "d");
    assert_eq!(
        view["properties"]["parameters"],
        json!({ "secret": { "type": "SecureString" }, "plain": { "type": "Int", "value": 3 } })
    );
    let edges = view["properties"]["dependencies"].as_array().unwrap();
    let card = edges.iter().find(|edge| edge["resourceName"] == "nic").unwrap();
    assert_eq!(card["dependsOn"][0]["resourceName"], "vnet");
    let exported = bench.post(&format!("{}/exportTemplate", path("d")), Value::Null).body;
    assert_eq!(exported["template"]["resources"]["table"]["name"], "rt");
    assert!(!exported.to_string().contains("Example-1"));
    assert!(!view.to_string().contains("Example-1"));
}

#[test]
fn complete_mode_removes_what_the_template_does_not_name() {
    let mut bench = Bench::with_group();
    deploy(&mut bench, "d", &three_chains());
    bench.pass(600);
    let mut fewer = three_chains();
    fewer["resources"].as_object_mut().unwrap().retain(|name, _| name == "table" || name == "net");
    let mut body = asking(&fewer, &json!({}));
    body["properties"]["mode"] = json!("Complete");
    bench.put(&path("e"), body);
    bench.pass(600);
    assert_eq!(super::state(&mut bench, "e"), "Succeeded");
    assert_eq!(bench.get(&in_group("Microsoft.Network/networkInterfaces/nic")).status, 404);
    assert_eq!(bench.get(&in_group("Microsoft.Network/virtualNetworks/vnet")).status, 200);
}

#[test]
fn a_weak_password_is_found_by_validation_although_it_is_not_kept() {
    let mut bench = Bench::with_group();
    let mut asked = template(json!({ "machine": {
        "type": "Microsoft.Compute/virtualMachines",
        "apiVersion": "2025-04-01",
        "name": "vm-test1234",
        "location": "westeurope",
        "properties": {
            "hardwareProfile": { "vmSize": "Standard_D2s_v5" },
            "storageProfile": { "osDisk": { "createOption": "FromImage" } },
            "osProfile": { "adminUsername": "jumper", "adminPassword": "[parameters('secret')]", "windowsConfiguration": {} },
            "networkProfile": { "networkInterfaces": [] },
        },
    }}));
    asked["parameters"] = json!({ "secret": { "type": "securestring" } });
    let answer = bench.put(&path("d"), asking(&asked, &json!({ "secret": "alllowercase" })));
    let detail = &answer.body["error"]["details"][0];
    assert_eq!(
        (&detail["code"], &detail["target"]),
        (&json!("InvalidParameter"), &json!("adminPassword"))
    );
    assert!(!answer.body.to_string().contains("alllowercase"));
    let answer = bench.put(&path("d"), asking(&asked, &json!({ "secret": "Example-Pass-1" })));
    assert_eq!(answer.status, 201, "{:#}", answer.body);
}
