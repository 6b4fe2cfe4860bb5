//! The environment's own template, deployed whole.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{asking, operations, path, shown, state, text};
use crate::practice::fault::Fault;
use crate::practice::testing::{Bench, in_group};
use crate::template::{self, Template, duration, graph};

const PASSWORD: &str = "Example-Pass-1234";

fn environment() -> Value {
    Template::embedded().to_json().clone()
}

fn parameters() -> Value {
    json!({
        "name": "test",
        "suffix": "1234",
        "location": "westeurope",
        "addressSpace": "10.1.0.0/22",
        "adminUsername": "jumper",
        "adminPassword": PASSWORD,
        "firewallRuleCollections": [],
    })
}

/// Seconds of the longest chain, from the template alone.
fn critical_seconds() -> u32 {
    let scope = template::Scope {
        subscription_id: crate::practice::state::SUBSCRIPTION.to_owned(),
        resource_group: Some("rg-test".to_owned()),
        location: "westeurope".to_owned(),
        ..template::Scope::default()
    };
    let parsed = Template::from_json(environment()).unwrap();
    let resolved = template::resolve(&parsed, parameters().as_object().unwrap(), &scope).unwrap();
    let nodes: Vec<(String, u32, Vec<String>)> = resolved
        .resources
        .iter()
        .filter(|resource| resource.is_deployed())
        .map(|resource| {
            let body = resolved.body(&resource.symbol, &template::Unknown).unwrap();
            let times =
                duration::Durations::embedded().of(&resource.resource_type, duration::kind(&body));
            (resource.symbol.clone(), times.create.typical, resource.depends_on.clone())
        })
        .collect();
    graph::critical_path(&nodes).1
}

fn deployed() -> Bench {
    let mut bench = Bench::with_group();
    let answer = bench.put(&path("env"), asking(&environment(), &parameters()));
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    bench.pass(7200);
    let view = shown(&mut bench, "env");
    assert_eq!(
        view["properties"]["provisioningState"], "Succeeded",
        "{:#}",
        view["properties"]["error"]
    );
    bench
}

#[test]
fn it_takes_exactly_as_long_as_its_critical_path() {
    let mut bench = deployed();
    let seconds = i64::from(critical_seconds());
    let span = jiff::SignedDuration::from_secs(seconds);
    let view = shown(&mut bench, "env");
    assert_eq!(view["properties"]["duration"], super::super::answer::iso(span));
    let ended: jiff::Timestamp = text(&view, "/properties/timestamp").parse().unwrap();
    let started: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(ended.duration_since(started), span);
}

#[test]
fn its_outputs_tell_of_what_was_made() {
    let mut bench = deployed();
    let view = shown(&mut bench, "env");
    let output = |name: &str| view["properties"]["outputs"][name]["value"].clone();
    assert_eq!(output("firewallPrivateIp"), "10.1.1.4");
    assert_eq!(output("routeMatchesFirewall"), true);
    assert_eq!(output("workspaceEndpointStatus"), "Approved");
    assert!(text(&output("firewallPublicIp"), "").starts_with("203.0.113."));
    assert!(view["properties"]["outputResources"].as_array().unwrap().len() > 60);
    let listed = operations(&mut bench, "env");
    let evaluations = listed
        .iter()
        .filter(|item| item["properties"]["provisioningOperation"] == "EvaluateDeploymentOutput")
        .count();
    assert_eq!(evaluations, 1);
    assert_eq!(listed.len() - 1, view["properties"]["outputResources"].as_array().unwrap().len());
}

#[test]
fn every_endpoint_has_addresses_of_its_own_and_names_in_the_zones() {
    let mut bench = deployed();
    let mut seen = BTreeSet::new();
    for (card, addresses) in [
        ("nic-vm-test1234", 1),
        ("nic-pe-blob-test1234", 1),
        ("nic-pe-file-test1234", 1),
        ("nic-pe-vault-test1234", 1),
        ("nic-pe-registry-test1234", 2),
        ("nic-pe-workspace-test1234", 3),
    ] {
        let view =
            bench.get(&in_group(&format!("Microsoft.Network/networkInterfaces/{card}"))).body;
        let given = view["properties"]["ipConfigurations"].as_array().unwrap();
        assert_eq!(given.len(), addresses, "{card}");
        for item in given {
            let address = text(item, "/properties/privateIPAddress");
            let last: u8 = address.rsplit('.').next().unwrap().parse().unwrap();
            // 10.1.2.128/25 without the addresses that Azure keeps.
            assert!(address.starts_with("10.1.2.") && (132..255).contains(&last), "{address}");
            assert!(seen.insert(address));
        }
    }
    names_lead_to_the_addresses(&mut bench, &seen);
}

fn names_lead_to_the_addresses(bench: &mut Bench, seen: &BTreeSet<String>) {
    let workspace =
        bench.get(&in_group("Microsoft.MachineLearningServices/workspaces/ml-test1234")).body;
    let id = text(&workspace, "/properties/workspaceId");
    assert_eq!(
        workspace["properties"]["privateEndpointConnections"][0]["properties"]["privateLinkServiceConnectionState"]
            ["status"],
        "Approved"
    );
    for (zone, record) in [
        ("privatelink.blob.core.windows.net", "stgtest1234".to_owned()),
        ("privatelink.vaultcore.azure.net", "kv-test1234".to_owned()),
        ("privatelink.azurecr.io", "acrtest1234.westeurope.data".to_owned()),
        ("privatelink.api.azureml.ms", format!("{id}.workspace.westeurope")),
        ("privatelink.notebooks.azure.net", format!("ml-ml-test1234-westeurope-{id}.westeurope")),
    ] {
        let path = format!("Microsoft.Network/privateDnsZones/{zone}");
        let found = bench.get(&in_group(&format!("{path}/A/{record}")));
        assert_eq!(found.status, 200, "{zone} {record}: {}", found.body);
        assert!(seen.contains(&text(&found.body, "/properties/aRecords/0/ipv4Address")));
        let zone = bench.get(&in_group(&path)).body;
        assert_eq!(zone["properties"]["numberOfVirtualNetworkLinks"], 1);
    }
}

#[test]
fn the_password_is_nowhere_in_the_state_or_in_an_answer() {
    let mut bench = deployed();
    let whole = [
        shown(&mut bench, "env"),
        json!(operations(&mut bench, "env")),
        bench.post(&format!("{}/exportTemplate", path("env")), Value::Null).body,
        bench.get(&in_group("Microsoft.Compute/virtualMachines/vm-test1234")).body,
    ];
    for answer in whole {
        assert!(!answer.to_string().contains(PASSWORD));
        assert!(!answer.to_string().contains("$secure"));
    }
    let mut files = 0;
    let groups = bench.directory.path().join("groups");
    for file in std::fs::read_dir(groups).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(PASSWORD));
        files += 1;
    }
    assert!(files > 0);
    let root = std::fs::read_to_string(bench.directory.path().join("cloud.jsonl")).unwrap();
    assert!(!root.contains(PASSWORD));
    let machine = in_group("Microsoft.Compute/virtualMachines/vm-test1234");
    let kept = bench.on(|cloud| {
        cloud
            .resource_at(&machine)
            .unwrap()
            .body
            .pointer("/properties/osProfile/adminPassword")
            .cloned()
    });
    assert!(crate::practice::secure::matches(&kept.unwrap(), &json!(PASSWORD)));
}

#[test]
fn a_second_deployment_of_the_same_changes_nothing_and_is_quick() {
    let mut bench = deployed();
    let answer = bench.put(&path("again"), asking(&environment(), &parameters()));
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    bench.pass(60);
    assert_eq!(state(&mut bench, "again"), "Succeeded");
}

#[test]
fn what_if_says_create_at_first_and_nothing_afterwards() {
    let mut bench = Bench::with_group();
    let kinds = |bench: &mut Bench, parameters: &Value| -> BTreeSet<String> {
        let begun =
            bench.post(&format!("{}/whatIf", path("env")), asking(&environment(), parameters));
        assert_eq!(begun.status, 202, "{:#}", begun.body);
        let location = begun.get("location").unwrap().to_owned();
        bench.pass(30);
        let done = bench.get(&location);
        assert_eq!(done.body["status"], "Succeeded", "{:#}", done.body);
        let changes = done.body["properties"]["changes"].as_array().unwrap();
        changes.iter().map(|change| text(change, "/changeType")).collect()
    };
    let only = |kind: &str| BTreeSet::from([kind.to_owned()]);
    assert_eq!(kinds(&mut bench, &parameters()), only("Create"));
    let mut bench = deployed();
    let mut after = kinds(&mut bench, &parameters());
    // The machine's disk and the endpoint's cards are not in the template.
    after.remove("Ignore");
    assert_eq!(after, only("NoChange"));
    let mut changed = parameters();
    changed["logRetentionDays"] = json!(60);
    let mut after = kinds(&mut bench, &changed);
    after.remove("Ignore");
    assert_eq!(after, BTreeSet::from(["Modify".to_owned(), "NoChange".to_owned()]));
}

#[test]
fn a_retry_after_a_failure_makes_only_what_is_missing() {
    let mut bench = Bench::with_group();
    bench.faults(&[Fault::FirewallError]);
    bench.put(&path("first"), asking(&environment(), &parameters()));
    bench.pass(7200);
    assert_eq!(state(&mut bench, "first"), "Failed");
    let error = &shown(&mut bench, "first")["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed");
    // What went wrong while it was made arrives as text, as in Azure.
    let message = text(error, "/details/0/message");
    let inner: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(inner["error"]["details"][0]["code"], "InternalServerError");
    let begun = operations(&mut bench, "first");
    let name = |item: &Value| text(item, "/properties/targetResource/resourceName");
    assert!(begun.iter().any(|item| name(item) == "bas-test1234"));
    assert!(!begun.iter().any(|item| name(item) == "ml-test1234/image-build"));
    bench.put(&path("second"), asking(&environment(), &parameters()));
    bench.pass(7200);
    assert_eq!(state(&mut bench, "second"), "Succeeded");
    for item in operations(&mut bench, "second") {
        let made_now = text(&item, "/properties/statusCode") == "Created";
        let was_there = begun.iter().any(|before| {
            name(before) == name(&item)
                && before["properties"]["targetResource"]["id"]
                    == item["properties"]["targetResource"]["id"]
        });
        assert_eq!(made_now, !was_there && !name(&item).is_empty(), "{}", name(&item));
        if was_there && name(&item) != "fw-test1234" {
            assert_eq!(text(&item, "/properties/duration"), "PT2S", "{}", name(&item));
        }
    }
}

#[test]
fn a_seed_spreads_the_durations_and_repeats_itself() {
    let run = |seed: u64| {
        let mut bench = Bench::with_group();
        bench.on(|cloud| cloud.root.vary = Some(seed));
        bench.put(&path("env"), asking(&environment(), &parameters()));
        bench.pass(14_400);
        text(&shown(&mut bench, "env"), "/properties/duration")
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}
