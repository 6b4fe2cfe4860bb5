//! Export, and templates that somebody has changed since.

use serde_json::{Map, Value, json};

use super::plan::{PLACEHOLDER_ID, PlanScope, plan};
use super::plan_tests::{planned, settings, symbol};
use super::{Template, export};

fn adapted(change: fn(&mut Value)) -> Template {
    let mut document = Template::embedded().to_json().clone();
    change(&mut document);
    Template::from_json(document).unwrap()
}

#[test]
fn an_adapted_template_may_lack_our_parameters_and_have_its_own() {
    let template = adapted(|document| {
        document["parameters"].as_object_mut().unwrap().shift_remove("logRetentionDays");
        document["resources"]["logAnalytics"]["properties"]["retentionInDays"] =
            json!("[parameters('keep')]");
        document["parameters"]["keep"] = json!({"type": "int"});
    });
    let problem = plan(&settings(), &template, &PlanScope::default()).unwrap_err();
    assert_eq!(problem.code, "MissingParameter");
    assert!(problem.what.contains("keep"), "{problem}");

    let scope = PlanScope {
        further_parameters: Map::from_iter([("keep".to_owned(), json!(90))]),
        ..PlanScope::default()
    };
    let plan = plan(&settings(), &template, &scope).unwrap();
    assert!(!plan.parameters.contains_key("logRetentionDays"));
    let store = &symbol(&plan, "logAnalytics").unwrap().body;
    assert_eq!(store.pointer("/properties/retentionInDays"), Some(&json!(90)));
}

#[test]
fn a_secret_we_do_not_have_is_named() {
    let template = adapted(|document| {
        document["parameters"]["licenceKey"] = json!({"type": "secureString"});
    });
    let problem = plan(&settings(), &template, &PlanScope::default()).unwrap_err();
    assert_eq!(problem.code, "UnknownSecureParameter");
    assert!(problem.what.contains("licenceKey"), "{problem}");
}

#[test]
fn an_exported_copy_gives_the_same_plan() {
    let first = planned(&settings());
    let files = export::files(&settings(), Template::embedded(), &first).unwrap();
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "main.json",
            "main.parameters.json",
            "README.md",
            "map.svg",
            "graph.svg",
            "graph.dot",
            "graph.mmd"
        ]
    );
    assert!(!files[1].1.contains(PLACEHOLDER_ID));
    assert!(!files[1].1.contains("adminPassword"));
    assert!(files[2].1.contains("az deployment group create"));

    let copy = export::read(&files[0].1, Some(&files[1].1)).unwrap();
    let scope = PlanScope { further_parameters: copy.parameters, ..PlanScope::default() };
    let again = plan(&settings(), &copy.template, &scope).unwrap();
    assert_eq!(again, first);
}

#[test]
fn a_broken_copy_names_the_place() {
    let problem = export::read("{\n  \"resources\": {,\n}", None).unwrap_err();
    assert_eq!(problem.code, "InvalidTemplate");
    assert!(problem.place.unwrap().contains("line 2"));
}
