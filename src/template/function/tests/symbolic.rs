//! Functions over what is not known yet: a secure parameter stands for any late value.

use serde_json::{Map, Value as Json, json};

use super::scope;
use crate::template::{Template, Unknown, resolve};

fn late(expression: &str) -> Json {
    let template = Template::from_json(json!({
        "parameters": {"late": {"type": "securestring"}, "early": {"type": "string"}},
        "variables": {"value": format!("[{}]", expression.replace('@', "parameters('late')"))},
        "resources": []
    }))
    .unwrap();
    let mut parameters = Map::new();
    parameters.insert("early".into(), json!("it's"));
    let resolved = resolve(&template, &parameters, &scope()).unwrap();
    assert!(resolved.outputs(&Unknown).unwrap().is_empty());
    resolved.variables["value"].clone()
}

#[test]
fn calls_stay_with_their_known_arguments_in_place() {
    for (expression, expected) in [
        ("@", "[parameters('late')]"),
        ("concat(parameters('early'), @)", "[concat('it''s', parameters('late'))]"),
        ("@.a.?b[0]['c']", "[parameters('late').a.?b[0]['c']]"),
        ("toLower(@).x", "[toLower(parameters('late')).x]"),
        (
            "equals(createArray(1, true(), null()), @)",
            "[equals(createArray(1, true(), null()), parameters('late'))]",
        ),
        ("if(@, 'a', 'b')", "[if(parameters('late'), 'a', 'b')]"),
        ("and(true(), @)", "[parameters('late')]"),
        ("coalesce(null(), @, 'x', 'y')", "[coalesce(parameters('late'), 'x')]"),
        (
            "map(@, lambda('x', lambdaVariables('x').y))",
            "[map(parameters('late'), lambda('x', lambdaVariables('x').y))]",
        ),
        (
            "filter(createArray(1), lambda('x', equals(@, lambdaVariables('x'))))",
            "[filter(createArray(1), lambda('x', equals(parameters('late'), lambdaVariables('x'))))]",
        ),
        (
            "union(createObject('a', @), createObject('a', createObject()))",
            "[union(createObject('a', parameters('late')), createObject('a', createObject()))]",
        ),
        ("contains(createArray(@), 'a')", "[contains(createArray(parameters('late')), 'a')]"),
    ] {
        assert_eq!(late(expression), json!(expected), "{expression}");
    }
}

#[test]
fn known_structure_is_kept_around_late_leaves() {
    let unknown = "[parameters('late')]";
    for (expression, expected) in [
        ("createObject('a', @, 'b', 1)", json!({"a": unknown, "b": 1})),
        ("concat(createArray('x'), createArray(@))", json!(["x", unknown])),
        ("union(createObject('a', 1), createObject('b', @))", json!({"a": 1, "b": unknown})),
        ("length(createArray(@, 'x'))", json!(2)),
        ("last(createArray(@, 'x'))", json!("x")),
        ("contains(createArray(@, 'x'), 'x')", json!(true)),
        ("createObject('a', @, 'b', 1).b", json!(1)),
        ("or(@, true())", json!(true)),
        (
            "map(createArray('a', 'b'), lambda('x', createArray(lambdaVariables('x'), @)))",
            json!([["a", unknown], ["b", unknown]]),
        ),
        ("tryGet(createObject('a', @), 'a')", json!(unknown)),
    ] {
        assert_eq!(late(expression), expected, "{expression}");
    }
}
