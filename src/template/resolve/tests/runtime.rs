//! What the run tells later: references, lists, secure parameters and outputs.

use serde_json::{Map, Value as Json, json};

use super::{GROUP, resolved, resource};
use crate::template::{Resolved, Runtime, Unknown};

/// A run in which all but `late` is deployed.
struct Run;

impl Runtime for Run {
    fn reference(&self, id: &str, api_version: Option<&str>, full: bool) -> Option<Json> {
        if id.ends_with("/late") {
            return None;
        }
        let properties = json!({"id": id, "version": api_version, "ip": "10.1.0.68", "odd": "[x]"});
        Some(if full {
            json!({"location": "westeurope", "properties": properties})
        } else {
            properties
        })
    }
    fn list(&self, function: &str, id: &str, version: &str, body: Option<&Json>) -> Option<Json> {
        Some(json!({"function": function, "id": id, "version": version, "body": body}))
    }
    fn secure(&self, parameter: &str) -> Option<Json> {
        (parameter == "adminPassword").then(|| json!("from the run"))
    }
    fn utc_now(&self) -> Option<String> {
        None
    }
    fn new_guid(&self) -> Option<String> {
        None
    }
}

fn template() -> Resolved {
    resolved(json!({
        "languageVersion": "2.0",
        "parameters": {"adminPassword": {"type": "securestring"}},
        "resources": {
            "firewall": resource("fw", json!({})),
            "late": resource("late", json!({})),
            "route": resource("route", json!({"properties": {
                "address": "[reference('firewall').ip]",
                "id": "[reference('firewall').id]",
                "version": "[reference('firewall').version]",
                "newer": "[reference('firewall', '2025-01-01').version]",
                "full": "[reference('firewall', '2025-01-01', 'Full').location]",
                "odd": "[reference('firewall').odd]",
                "keys": "[listKeys('firewall', '2024-02-02', createObject('a', 1))]",
                "late": "[concat('x', reference('late').y)]",
                "password": "[parameters('adminPassword')]"
            }}))
        },
        "outputs": {
            "address": {"type": "string", "value": "[reference('firewall').ip]"},
            "late": {"type": "string", "value": "[reference('late').y]"},
            "secret": {"type": "securestring", "value": "[parameters('adminPassword')]"},
            "dropped": {"type": "string", "condition": "[equals(1, 2)]", "value": "[reference('nobody').x]"},
            "wrong": {"type": "int", "condition": "[empty(reference('late').y)]", "value": 1}
        }
    }))
}

#[test]
fn the_run_is_asked_by_id() {
    let body = template().body("route", &Run).unwrap();
    let id = format!("{GROUP}/providers/Contoso.Test/things/fw");
    assert_eq!(
        body["properties"],
        json!({
            "address": "10.1.0.68",
            "id": id,
            "version": "2024-01-01",
            "newer": "2025-01-01",
            "full": "westeurope",
            "odd": "[x]",
            "keys": {"function": "listKeys", "id": id, "version": "2024-02-02", "body": {"a": 1}},
            "late": "[concat('x', reference('late').y)]",
            "password": "from the run"
        })
    );
}

#[test]
fn without_a_run_late_values_stay_expressions() {
    let body = template().body("route", &Unknown).unwrap();
    assert_eq!(body["properties"]["address"], json!("[reference('firewall').ip]"));
    assert_eq!(body["properties"]["password"], json!("[parameters('adminPassword')]"));
    assert_eq!(
        body["properties"]["keys"],
        json!("[listKeys('firewall', '2024-02-02', createObject('a', 1))]")
    );
}

#[test]
fn outputs_have_their_type_and_no_secret() {
    let outputs = template().outputs(&Run).unwrap();
    assert_eq!(
        json!(outputs),
        json!({
            "address": {"type": "String", "value": "10.1.0.68"},
            "late": {"type": "String", "value": "[reference('late').y]"},
            "secret": {"type": "SecureString"},
            "wrong": {"type": "Int", "value": 1}
        })
    );
}

#[test]
fn an_output_of_the_wrong_type_is_refused() {
    let resolved = resolved(json!({
        "resources": [],
        "outputs": {"o": {"type": "int", "value": "text"}}
    }));
    let error = resolved.outputs(&Unknown).unwrap_err();
    assert_eq!((error.code, error.place.as_str()), ("InvalidTemplateDeployment", "outputs.o"));
}

#[test]
fn references_over_a_loop_leave_out_what_is_not_deployed() {
    let resolved = resolved(json!({
        "languageVersion": "2.0",
        "resources": {
            "worker": resource("[format('worker-{0}', copyIndex())]", json!({
                "copy": {"name": "workers", "count": 3},
                "condition": "[not(equals(copyIndex(), 1))]"
            }))
        },
        "outputs": {
            "ids": {"type": "string", "value": "[join(map(references('worker', 'full'), lambda('w', \
             last(split(lambdaVariables('w').properties.id, '/')))), ',')]"}
        }
    }));
    assert_eq!(resolved.outputs(&Run).unwrap()["ids"]["value"], json!("worker-0,worker-2"));
    let early = resolved.outputs(&Unknown).unwrap();
    assert!(
        early["ids"]["value"]
            .as_str()
            .unwrap()
            .contains("reference('worker[2]', '2024-01-01', 'Full').properties.id"),
        "{early:?}"
    );
}

#[test]
fn a_secret_does_not_stand_in_a_fault() {
    let resolved = resolved(json!({
        "parameters": {"adminPassword": {"type": "securestring"}},
        "resources": [resource("a", json!({"properties": {"x": "[int(parameters('adminPassword'))]"}}))],
        "outputs": {"o": {"type": "object", "value": "[parseCidr(parameters('adminPassword'))]"}}
    }));
    for error in
        [resolved.body("resources[0]", &Run).unwrap_err(), resolved.outputs(&Run).unwrap_err()]
    {
        assert!(error.message.contains("'(hidden)'"), "{error}");
        assert!(!error.to_string().contains("from the run"), "{error}");
    }
}

#[test]
fn deployment_shows_no_secret() {
    let resolved = super::try_resolve(
        json!({
            "parameters": {"adminPassword": {"type": "securestring"}, "name": {"type": "string"}},
            "resources": [],
            "outputs": {"all": {"type": "object", "value": "[deployment().properties.parameters]"}}
        }),
        json!({"adminPassword": "correct horse", "name": "test"}),
    )
    .unwrap();
    let outputs: Map<String, Json> = resolved.outputs(&Unknown).unwrap();
    assert_eq!(outputs["all"]["value"], json!({"adminPassword": {}, "name": {"value": "test"}}));
}
