//! What is written for whoever is to help: enough to find out what went wrong, and no secret.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, path::Path};

use crate::support::Machine;
use serde_json::Value;

const SUBSCRIPTION: &str = privateaml::practice::SUBSCRIPTION;
const TENANT: &str = privateaml::practice::TENANT;

fn bundle(machine: &Machine, directory: &Path, flags: &[&str]) -> BTreeMap<String, String> {
    let directory = directory.to_str().unwrap();
    let write = ["support", "test4821", "--practice", "--output", directory, "--json"];
    let told = machine.run(&[&write, flags].concat()).expect(0).event("support");
    let names = told["files"].as_array().unwrap();
    let read = |name: &Value| {
        let name = name.as_str().unwrap().to_owned();
        let text = std::fs::read_to_string(Path::new(directory).join(&name)).unwrap();
        (name, text)
    };
    names.iter().map(read).collect()
}

fn json(files: &BTreeMap<String, String>, begin: &str) -> Value {
    let (_, text) = files.iter().find(|(name, _)| name.starts_with(begin)).unwrap();
    serde_json::from_str(text).unwrap()
}

#[test]
fn no_secret_and_no_id_is_in_it_unless_ids_are_asked_for() {
    let machine = Machine::new();
    machine.deploy(&["--log", "debug"]).expect(0);
    let password = machine.password();
    let home = tempfile::tempdir().unwrap();
    let files = bundle(&machine, &home.path().join("one"), &["--log", "debug"]);
    let endings = |end: &str| files.keys().filter(|name| name.ends_with(end)).count();
    assert!(endings(".log") > 0 && endings(".json") > 5, "{:?}", files.keys());
    for (name, text) in &files {
        for secret in [password.as_str(), "Bearer ", "eyJ", SUBSCRIPTION, TENANT] {
            assert!(!text.contains(secret), "{secret} is in {name}");
        }
    }
    let parameters = json(&files, "parameters-");
    assert_eq!(parameters["name"]["value"], "test");
    let secure: Vec<&Value> = parameters
        .as_object()
        .unwrap()
        .values()
        .filter(|each| each["type"].as_str().unwrap().eq_ignore_ascii_case("secureString"))
        .collect();
    assert!(!secure.is_empty());
    assert!(secure.iter().all(|each| each["value"].is_null() || each["value"] == "(hidden)"));
    let operations = json(&files, "operations-");
    let operations = operations.as_array().unwrap();
    assert!(operations.len() > 80, "{}", operations.len());
    assert!(json(&files, "template-")["resources"].is_object());
    let summary = json(&files, "summary");
    assert_eq!(summary["privateaml"], env!("CARGO_PKG_VERSION"));
    assert_eq!(summary["environment"]["full_name"], "test4821");
    assert_eq!(summary["environment"]["subscription_id"], "id-1");
    assert_eq!(summary["could_not_be_read"], serde_json::json!([]));
    let told = bundle(&machine, &home.path().join("two"), &["--with-ids"]);
    assert_eq!(json(&told, "summary")["environment"]["subscription_id"], SUBSCRIPTION);
    assert!(told.values().all(|text| !text.contains(&password)));
}

#[test]
fn what_failed_is_in_it_with_the_id_by_which_azure_finds_it() {
    let machine = Machine::new();
    // It is sent again by itself, and the attempt that failed stays in Azure's history.
    let deployed = machine.deploy(&["--fault", "firewall-error", "--json"]).expect(0);
    let because = deployed.event("retry")["because"][0].clone();
    let id = because["correlation_id"].as_str().unwrap();
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("bundle");
    let files = bundle(&machine, &directory, &[]);
    let deployments = json(&files, "deployments");
    let failed = deployments.as_array().unwrap().iter().find(|each| each["state"] == "Failed");
    let failed = failed.unwrap();
    assert_eq!(failed["correlation_id"], id);
    let operations = json(&files, &format!("operations-{}", failed["name"].as_str().unwrap()));
    let problem = operations.as_array().unwrap().iter().find(|each| each["state"] == "Failed");
    assert_eq!(problem.unwrap()["problem"]["code"], because["code"]);
    let again = machine.run(&[
        "support",
        "test4821",
        "--practice",
        "--output",
        directory.to_str().unwrap(),
    ]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("already there"), "{}", again.err);
}
