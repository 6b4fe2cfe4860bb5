//! The documentation's own examples, function by function: one file per page, its address above the table.
//!
//! Inputs that a page passes as parameters or variables stand in the expression itself.

mod array;
mod cidr;
mod date;
mod deployment;
mod lambda;
mod logical;
mod numeric;
mod object;
mod resource;
mod string;
mod symbolic;
mod text_format;

use serde_json::{Map, Value as Json, json};

use super::super::document::Template;
use super::super::error::TemplateError;
use super::super::evaluate::{EvaluationStage, Evaluator};
use super::super::scope::{Runtime, Scope, Unknown};

fn scope() -> Scope {
    Scope {
        tenant_id: "tenant-1".into(),
        subscription_id: "sub-1".into(),
        subscription_name: "Contoso".into(),
        resource_group: Some("examplegroup".into()),
        location: "westeurope".into(),
        deployment: "deployment".into(),
        ..Scope::default()
    }
}

/// Evaluates as in a resource's body or an output.
fn evaluate(expression: &str) -> Result<Json, TemplateError> {
    evaluate_in(expression, EvaluationStage::Body, &Unknown)
}

fn evaluate_in(
    expression: &str,
    stage: EvaluationStage,
    runtime: &dyn Runtime,
) -> Result<Json, TemplateError> {
    let template = Template::from_json(json!({ "resources": [] })).unwrap();
    let (scope, given) = (scope(), Map::new());
    let evaluator = Evaluator::new(&template, &scope, &given, &[], runtime);
    evaluator.enter(stage);
    evaluator.text(&format!("[{expression}]")).map(|value| value.to_json())
}

/// The outputs of a template, as a page gives them.
fn outputs(template: Json) -> Map<String, Json> {
    let template = Template::from_json(template).unwrap();
    let resolved = super::super::resolve(&template, &Map::new(), &scope()).unwrap();
    let outputs = resolved.outputs(&Unknown).unwrap();
    outputs.into_iter().map(|(name, output)| (name, output["value"].clone())).collect()
}

fn check(table: &[(&str, Json)]) {
    for (expression, expected) in table {
        match evaluate(expression) {
            Ok(value) => assert_eq!(&value, expected, "{expression}"),
            Err(error) => panic!("{expression}: {error}"),
        }
    }
}

/// Each is refused, in words that name the function and hold a part.
fn check_refused(table: &[(&str, &str)]) {
    for (expression, part) in table {
        let error = evaluate(expression).expect_err(expression);
        let name = expression.split('(').next().unwrap();
        assert_eq!(error.code, "InvalidTemplate", "{expression}");
        assert!(
            error.message.contains(name) && error.message.contains(part),
            "{expression}: {}",
            error.message
        );
    }
}

#[test]
fn function_names_are_case_insensitive() {
    check(&[("CONCAT(ToLower('A'), 'b')", json!("ab"))]);
}

#[test]
fn unknown_and_refused_functions_are_named() {
    check_refused(&[
        ("frobnicate('x')", "does not know"),
        ("contoso.frobnicate('x')", "does not know"),
        ("pickZones('a', 'b', 'c')", "zones"),
        ("providers('Microsoft.Web')", "deprecated"),
        ("concat()", "requires at least 1 argument(s) while 0"),
        ("substring('a')", "requires 2 to 3"),
        ("toLower('a', 'b')", "requires 1 argument(s) while 2"),
        ("toLower(1)", "argument 1 must be of type 'String'"),
    ]);
}
