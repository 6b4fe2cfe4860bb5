//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-lambda>.

use serde_json::{Value as Json, json};

use super::{check, check_refused, outputs};

fn dogs() -> Json {
    json!([
        {"name": "Evie", "age": 5, "interests": ["Ball", "Frisbee"]},
        {"name": "Casper", "age": 3, "interests": ["Other dogs"]},
        {"name": "Indy", "age": 2, "interests": ["Butter"]},
        {"name": "Kira", "age": 8, "interests": ["Rubs"]}
    ])
}

fn of_dogs(kind: &str, expression: &str) -> Json {
    let outputs = outputs(json!({
        "variables": {"dogs": dogs()},
        "resources": [],
        "outputs": {"result": {"type": kind, "value": format!("[{expression}]")}}
    }));
    outputs["result"].clone()
}

#[test]
fn filter() {
    assert_eq!(
        of_dogs(
            "array",
            "filter(variables('dogs'), lambda('dog', greaterOrEquals(lambdaVariables('dog').age, 5)))"
        ),
        json!([dogs()[0], dogs()[3]])
    );
    check(&[
        (
            "filter(range(0, 10), lambda('i', greater(lambdaVariables('i'), 5)))",
            json!([6, 7, 8, 9]),
        ),
        (
            "filter(range(0, 10), lambda('i', equals(0, mod(lambdaVariables('i'), 2))))",
            json!([0, 2, 4, 6, 8]),
        ),
    ]);
}

#[test]
fn map() {
    for (expression, expected) in [
        (
            "map(variables('dogs'), lambda('dog', lambdaVariables('dog').name))",
            json!(["Evie", "Casper", "Indy", "Kira"]),
        ),
        (
            "map(variables('dogs'), lambda('dog', format('Hello {0}!', lambdaVariables('dog').name)))",
            json!(["Hello Evie!", "Hello Casper!", "Hello Indy!", "Hello Kira!"]),
        ),
        (
            "map(range(0, length(variables('dogs'))), lambda('i', createObject('i', lambdaVariables('i'), \
             'dog', variables('dogs')[lambdaVariables('i')].name, 'greeting', format('Ahoy, {0}!', \
             variables('dogs')[lambdaVariables('i')].name))))",
            json!([
                {"i": 0, "dog": "Evie", "greeting": "Ahoy, Evie!"},
                {"i": 1, "dog": "Casper", "greeting": "Ahoy, Casper!"},
                {"i": 2, "dog": "Indy", "greeting": "Ahoy, Indy!"},
                {"i": 3, "dog": "Kira", "greeting": "Ahoy, Kira!"}
            ]),
        ),
    ] {
        assert_eq!(of_dogs("array", expression), expected);
    }
}

#[test]
fn reduce() {
    let ages = "map(variables('dogs'), lambda('dog', lambdaVariables('dog').age))";
    let add = "lambda('cur', 'next', add(lambdaVariables('cur'), lambdaVariables('next')))";
    assert_eq!(of_dogs("int", &format!("reduce({ages}, 0, {add})")), json!(18));
    assert_eq!(of_dogs("int", &format!("reduce({ages}, 1, {add})")), json!(19));
    check(&[(
        "reduce(createArray(createObject('foo', 123), createObject('bar', 456), createObject('baz', 789)), \
         createObject(), lambda('cur', 'next', union(lambdaVariables('cur'), lambdaVariables('next'))))",
        json!({"foo": 123, "bar": 456, "baz": 789}),
    )]);
}

#[test]
fn sort() {
    let all = dogs();
    assert_eq!(
        of_dogs(
            "array",
            "sort(variables('dogs'), lambda('a', 'b', less(lambdaVariables('a').age, lambdaVariables('b').age)))"
        ),
        json!([all[2], all[1], all[0], all[3]])
    );
}

#[test]
fn to_object() {
    let all = dogs();
    let expected = json!({"Evie": all[0], "Casper": all[1], "Indy": all[2], "Kira": all[3]});
    for expression in [
        "toObject(variables('dogs'), lambda('entry', lambdaVariables('entry').name))",
        "toObject(variables('dogs'), lambda('entry', lambdaVariables('entry').name), lambda('entry', \
         lambdaVariables('entry')))",
    ] {
        assert_eq!(of_dogs("object", expression), expected);
    }
    assert_eq!(
        of_dogs(
            "object",
            "toObject(variables('dogs'), lambda('entry', lambdaVariables('entry').name), lambda('entry', \
             lambdaVariables('entry').age))"
        ),
        json!({"Evie": 5, "Casper": 3, "Indy": 2, "Kira": 8})
    );
}

/// <https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-lambda#mapvalues> and `groupBy`
/// there.
#[test]
fn map_values_and_group_by() {
    check(&[
        (
            "mapValues(createObject('foo', 'foo'), lambda('val', toUpper(lambdaVariables('val'))))",
            json!({"foo": "FOO"}),
        ),
        (
            "groupBy(createArray('foo', 'bar', 'baz'), lambda('x', substring(lambdaVariables('x'), 0, 1)))",
            json!({"f": ["foo"], "b": ["bar", "baz"]}),
        ),
    ]);
}

#[test]
fn what_is_no_lambda_is_refused() {
    check_refused(&[
        ("map(range(0, 1), 'x')", "lambda with 1 variable(s)"),
        ("sort(range(0, 1), lambda('a', true()))", "lambda with 2 variable(s)"),
        ("filter(range(0, 1), lambda('a', 1))", "Boolean"),
        ("lambdaVariables('a')", "no lambda variable 'a'"),
        ("map('x', lambda('a', 1))", "Array"),
    ]);
    assert!(super::evaluate("lambda('a', 1)").is_err());
}
