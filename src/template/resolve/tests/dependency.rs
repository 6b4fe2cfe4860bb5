//! Edges: <https://learn.microsoft.com/azure/azure-resource-manager/templates/resource-dependency>.

use serde_json::{Value as Json, json};

use super::{edges, refused, resolved, resource, resources};

fn on(word: &str) -> Json {
    json!({ "dependsOn": [word] })
}

#[test]
fn depends_on_by_symbol_name_id_path_and_loop() {
    let resolved = resources(json!({
        "a": resource("alpha", json!({})),
        "many": resource("[format('m{0}', copyIndex())]", json!({"copy": {"name": "loop", "count": 2}})),
        "symbol": resource("1", on("A")),
        "name": resource("2", on("alpha")),
        "id": resource("3", on("[resourceId('Contoso.Test/things', 'ALPHA')]")),
        "path": resource("4", on("[concat('Contoso.Test/things/', 'alpha')]")),
        "all": resource("5", on("many")),
        "whole": resource("6", on("LOOP")),
        "one": resource("7", on("[format('many[{0}]', 1)]"))
    }));
    for symbol in ["symbol", "name", "id", "path"] {
        assert_eq!(edges(&resolved, symbol), ["a"], "{symbol}");
    }
    assert_eq!(edges(&resolved, "all"), ["many[0]", "many[1]"]);
    assert_eq!(edges(&resolved, "whole"), ["many[0]", "many[1]"]);
    assert_eq!(edges(&resolved, "one"), ["many[1]"]);
}

#[test]
fn references_in_bodies_are_edges() {
    let id = "resourceId('Contoso.Test/things', 'alpha')";
    let with = |expression: &str| json!({"properties": {"x": format!("[{expression}]")}});
    let resolved = resources(json!({
        "a": resource("alpha", json!({})),
        "many": resource("[format('m{0}', copyIndex())]", json!({"copy": {"name": "loop", "count": 2}})),
        "symbol": resource("1", with("reference('a').x")),
        "versioned": resource("2", with("reference('alpha', '2024-01-01', 'Full').x")),
        "id": resource("3", with(&format!("reference({id}).x"))),
        "foreign": resource("4", with(&format!("reference({id}, '2024-01-01').x"))),
        "keys": resource("5", with("listKeys('a', '2024-01-01').keys[0].value")),
        "branch": resource("6", with("if(true(), 'x', reference('a').x)")),
        "all": resource("7", with("references('many')")),
        "info": resource("8", with("resourceInfo('a').id"))
    }));
    for symbol in ["symbol", "versioned", "id", "keys"] {
        assert_eq!(edges(&resolved, symbol), ["a"], "{symbol}");
    }
    // By id with an API version it may be any resource, so nothing is implied, as documented; an unused branch
    // implies nothing.
    for symbol in ["foreign", "branch", "info"] {
        assert!(edges(&resolved, symbol).is_empty(), "{symbol}");
    }
    assert_eq!(edges(&resolved, "all"), ["many[0]", "many[1]"]);
}

#[test]
fn edges_to_what_is_not_deployed_are_dropped() {
    let resolved = resources(json!({
        "there": resource("there", json!({"existing": true})),
        "not": resource("not", json!({"condition": false, "properties": {"x": "[div(1, 0)]"}})),
        "a": resource("a", json!({
            "dependsOn": ["there", "not"],
            "properties": {"x": "[reference('there').x]"}
        }))
    }));
    assert!(edges(&resolved, "a").is_empty());
    let not = resolved.resource("not").unwrap();
    assert!(!not.condition && !not.is_deployed());
    assert!(resolved.resource("there").unwrap().existing);
}

/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-resources#serial-or-parallel>
#[test]
fn serial_loops_wait_for_the_batch_before() {
    let resolved = resources(json!({
        "s": resource("[format('s{0}', copyIndex())]", json!({
            "copy": {"name": "loop", "count": 4, "mode": "serial", "batchSize": 2}
        }))
    }));
    assert!(edges(&resolved, "s[1]").is_empty());
    assert_eq!(edges(&resolved, "s[2]"), ["s[0]", "s[1]"]);
    assert_eq!(edges(&resolved, "s[3]"), ["s[0]", "s[1]"]);
}

#[test]
fn classic_templates_use_names() {
    let resolved = resolved(json!({"resources": [
        resource("one", json!({"dependsOn": ["two"]})),
        resource("two", json!({"properties": {"x": "[reference('three').x]"}})),
        resource("three", json!({}))
    ]}));
    assert_eq!(edges(&resolved, "resources[0]"), ["resources[1]"]);
    assert_eq!(edges(&resolved, "resources[1]"), ["resources[2]"]);
}

#[test]
fn a_cycle_and_a_stranger_are_named() {
    refused(
        json!({"languageVersion": "2.0", "resources": {
            "a": resource("a", on("b")),
            "b": resource("b", json!({"properties": {"x": "[reference('a').x]"}}))
        }}),
        json!({}),
        "resources",
        "'a' -> 'b' -> 'a'",
    );
    refused(
        json!({"languageVersion": "2.0", "resources": {"a": resource("a", on("a"))}}),
        json!({}),
        "resources",
        "'a' -> 'a'",
    );
    refused(
        json!({"languageVersion": "2.0", "resources": {"a": resource("a", on("nobody"))}}),
        json!({}),
        "resources.a.dependsOn[0]",
        "'nobody' is not defined in the template",
    );
}
