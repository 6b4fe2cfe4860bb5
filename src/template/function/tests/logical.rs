//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-logical> and
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-comparison>.

use serde_json::json;

use super::{check, check_refused};

#[test]
fn logic() {
    check(&[
        ("and(bool('true'), bool('false'))", json!(false)),
        ("or(bool('true'), bool('false'))", json!(true)),
        ("not(bool('true'))", json!(false)),
        ("bool('true')", json!(true)),
        ("bool('False')", json!(false)),
        ("bool(1)", json!(true)),
        ("bool(0)", json!(false)),
        ("true()", json!(true)),
        ("false()", json!(false)),
        ("if(equals('a', 'a'), 'yes', 'no')", json!("yes")),
        ("if(equals('a', 'b'), 'yes', 'no')", json!("no")),
        // Only the branch that is taken is evaluated.
        ("if(true(), 'yes', div(1, 0))", json!("yes")),
        ("if(false(), json('{'), createObject('test', 'value1'))", json!({"test": "value1"})),
        ("or(true(), equals(div(1, 0), 1))", json!(true)),
        ("and(false(), equals(div(1, 0), 1))", json!(false)),
    ]);
    check_refused(&[
        ("if('true', 1, 2)", "Boolean"),
        ("and(true(), 1)", "argument 2"),
        ("bool('maybe')", "Boolean"),
    ]);
}

#[test]
fn comparison() {
    check(&[
        ("equals(1, 2)", json!(false)),
        ("equals('a', 'a')", json!(true)),
        ("equals('a', 'A')", json!(false)),
        ("equals(createArray('a', 'b'), createArray('a', 'b'))", json!(true)),
        ("equals(createObject('a', 'b'), createObject('a', 'b'))", json!(true)),
        ("equals(1, '1')", json!(false)),
        ("equals(null(), null())", json!(true)),
        ("greater(1, 2)", json!(false)),
        ("greater('A', 'a')", json!(false)),
        ("greaterOrEquals(1, 2)", json!(false)),
        ("greaterOrEquals('a', 'a')", json!(true)),
        ("less(1, 2)", json!(true)),
        ("lessOrEquals(1, 2)", json!(true)),
        ("lessOrEquals(2, 2)", json!(true)),
    ]);
    check_refused(&[("less(1, 'a')", "argument 2")]);
}

#[test]
fn coalescing() {
    let object = r#"json('{"null1": null, "null2": null, "string": "default", "int": 1, "object": {"first": "default"}, "array": [1]}')"#;
    for (arguments, expected) in [
        ("@.null1, @.null2, @.string", json!("default")),
        ("@.null1, @.null2, @.int", json!(1)),
        ("@.null1, @.null2, @.object", json!({"first": "default"})),
        ("@.null1, @.null2, @.array", json!([1])),
        ("@.null1, @.null2", json!(null)),
    ] {
        let arguments = arguments.replace('@', object);
        check(&[(format!("coalesce({arguments})").as_str(), expected.clone())]);
    }
    check(&[("empty(coalesce(null(), null()))", json!(true))]);
}
