//! Parameter values: <https://learn.microsoft.com/azure/azure-resource-manager/templates/parameters>.

use serde_json::{Value as Json, json};

use super::{map, refused, scope, try_resolve};
use crate::template::{Runtime, Template, Unknown, resolve_with};

fn with(parameters: Json) -> Json {
    let mut template = map(json!({"resources": []}));
    template.insert("parameters".into(), parameters);
    Json::Object(template)
}

fn one(declaration: Json) -> Json {
    with(Json::Object([("p".to_owned(), declaration)].into_iter().collect()))
}

#[test]
fn missing_unknown_and_wrong_values_are_refused() {
    for (declaration, given, part) in [
        (
            json!({"type": "string"}),
            json!({}),
            "The value for the template parameter 'p' is not provided",
        ),
        (
            json!({"type": "string"}),
            json!({"p": 1}),
            "Expected a value of type 'String', but received a value of type 'Integer'",
        ),
        (json!({"type": "int"}), json!({"p": "1"}), "type 'Int'"),
        (json!({"type": "bool"}), json!({"p": "true"}), "type 'Bool'"),
        (json!({"type": "array"}), json!({"p": {}}), "type 'Array'"),
        (json!({"type": "object"}), json!({"p": null}), "received a value of type 'Null'"),
    ] {
        refused(one(declaration), given, "parameters.p", part);
    }
    refused(
        with(json!({"p": {"type": "string"}})),
        json!({"q": 1}),
        "parameters",
        "'q'. The parameters defined in the template are: 'p'",
    );
}

#[test]
fn values_outside_their_bounds_are_refused() {
    for (declaration, given, part) in [
        (
            json!({"type": "string", "allowedValues": ["a", "b"]}),
            json!({"p": "c"}),
            "not part of the allowed value(s): 'a,b'",
        ),
        (
            json!({"type": "array", "allowedValues": ["a", "b"]}),
            json!({"p": ["a", "c"]}),
            "allowed",
        ),
        (json!({"type": "int", "minValue": 2}), json!({"p": 1}), "minimum value of '2'"),
        (json!({"type": "int", "maxValue": 2}), json!({"p": 3}), "maximum value of '2'"),
        (
            json!({"type": "string", "minLength": 2}),
            json!({"p": "a"}),
            "greater than or equal to '2'",
        ),
        (
            json!({"type": "array", "maxLength": 1}),
            json!({"p": [1, 2]}),
            "less than or equal to '1'",
        ),
        (json!({"type": "int", "defaultValue": "one"}), json!({}), "type 'Int'"),
    ] {
        refused(one(declaration), given, "parameters.p", part);
    }
}

#[test]
fn given_values_are_data_and_names_are_case_insensitive() {
    let template = with(json!({
        "p": {"type": "string", "allowedValues": ["[a]", "b"]},
        "list": {"type": "array", "allowedValues": ["x", "y"], "defaultValue": ["y"]},
        "none": {"type": "string", "nullable": true}
    }));
    let resolved = try_resolve(template, json!({"P": "[a]"})).unwrap();
    assert_eq!(json!(resolved.parameters), json!({"p": "[a]", "list": ["y"], "none": null}));
}

#[test]
fn secure_values_are_checked_and_not_kept() {
    let template = json!({
        "parameters": {
            "adminPassword": {"type": "securestring", "minLength": 12},
            "other": {"type": "secureObject"},
            "open": {"type": "securestring", "defaultValue": ""}
        },
        "variables": {"v": "[parameters('adminPassword')]"},
        "resources": []
    });
    let secret = "correct horse battery";
    let resolved = try_resolve(template.clone(), json!({"adminPassword": secret})).unwrap();
    assert!(!format!("{resolved:?}").contains(secret));
    assert_eq!(resolved.variables["v"], json!("[parameters('adminPassword')]"));
    assert_eq!(resolved.missing_secure, ["other"]);
    assert!(resolved.parameters.is_empty());

    // A mark in place of the value stands for one that is kept elsewhere.
    let marked = json!({"adminPassword": {"$secure": {"salt": "s"}}, "other": {"$secure": {}}});
    assert!(try_resolve(template.clone(), marked).unwrap().missing_secure.is_empty());

    let error = try_resolve(template, json!({"adminPassword": "too short"})).unwrap_err();
    assert!(!error.to_string().contains("too short"), "{error}");
    assert!(error.message.contains("'12'"), "{error}");
}

struct Start;

impl Runtime for Start {
    fn reference(&self, _: &str, _: Option<&str>, _: bool) -> Option<Json> {
        panic!("nothing is asked before the start")
    }
    fn list(&self, _: &str, _: &str, _: &str, _: Option<&Json>) -> Option<Json> {
        panic!("nothing is asked before the start")
    }
    fn utc_now(&self) -> Option<String> {
        Some("2026-11-24T03:08:09Z".into())
    }
    fn new_guid(&self) -> Option<String> {
        Some("b76a51fc-bd72-4a77-b9a2-3c29e7d2e551".into())
    }
}

#[test]
fn the_clock_of_the_start_is_kept_for_the_run() {
    let template = Template::from_json(json!({
        "parameters": {"now": {"type": "string", "defaultValue": "[utcNow('d')]"}},
        "resources": [],
        "outputs": {"now": {"type": "string", "value": "[parameters('now')]"}}
    }))
    .unwrap();
    let resolved = resolve_with(&template, &map(json!({})), &scope(), &Start).unwrap();
    assert_eq!(resolved.parameters["now"], json!("11/24/2026"));
    assert_eq!(
        resolved.outputs(&Unknown).unwrap()["now"],
        json!({"type": "String", "value": "11/24/2026"})
    );
    let early = resolve_with(&template, &map(json!({})), &scope(), &Unknown).unwrap();
    assert_eq!(early.parameters["now"], json!("[utcNow('d')]"));
}
