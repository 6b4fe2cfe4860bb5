//! Every row of the table is met by an answer, and what is made of it is what `answers.toml` says.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::domain::action::Action;

/// An answer and what is to be made of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// How Azure nests it.
    #[serde(rename = "as")]
    nesting: Nesting,
    #[serde(default)]
    status: u16,
    code: String,
    message: String,
    says: String,
    does: String,
    retry: Retry,
    #[serde(default)]
    actions: Vec<String>,
    /// Whether real Azure has been recorded sending such a refusal.
    #[serde(default)]
    recorded: bool,
    #[serde(default)]
    body: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Nesting {
    /// The answer to a request.
    Refusal,
    /// The answer to a deployment that is not accepted.
    Validation,
    /// The end of a deployment.
    Deployment,
    /// The end of an operation that was followed.
    Operation,
    /// As JSON inside the message of an error that says nothing.
    Words,
    /// No answer of Azure Resource Manager: what a credential says.
    SignIn,
    /// A page of something on the way.
    Page,
    /// In a form of its own.
    Body,
}

fn answers() -> Vec<Answer> {
    #[derive(Deserialize)]
    struct Document {
        answer: Vec<Answer>,
    }
    toml::from_str::<Document>(include_str!("answers.toml")).unwrap().answer
}

impl Answer {
    fn problem(&self) -> Problem {
        let error = json!({"code": self.code, "message": self.message});
        let body = match self.nesting {
            Nesting::SignIn => return sign_in_ended(&self.message),
            Nesting::Page => Value::String(self.message.clone()),
            Nesting::Body => serde_json::from_str(self.body.as_ref().unwrap()).unwrap(),
            Nesting::Refusal => json!({"error": error}),
            Nesting::Operation => json!({"status": "Failed", "error": error}),
            Nesting::Words => json!({"error": {"code": "BadRequest", "message": format!(
                "The request failed. Response body: {}", json!({"error": error})
            )}}),
            Nesting::Validation => json!({"error": {
                "code": "InvalidTemplateDeployment",
                "message": "The template deployment 'd' is not valid. See inner errors for details.",
                "details": [error],
            }}),
            Nesting::Deployment => json!({"status": "Failed", "error": {
                "code": "DeploymentFailed",
                "message": "At least one resource deployment operation failed.",
                "details": [{"code": "ResourceDeploymentFailure", "target": "/x", "message": "It failed.",
                    "details": [error]}],
            }}),
        };
        problem(self.status, &body, Some("c-1"))
    }
}

#[test]
fn every_row_is_met_by_an_answer_and_says_and_does_what_it_should() {
    let answers = answers();
    let mut met = BTreeSet::new();
    for (index, answer) in answers.iter().enumerate() {
        let found = answer.problem();
        let name = format!("answer {index}, {}", answer.code);
        let is_sign_in = matches!(answer.nesting, Nesting::SignIn);
        let code = if is_sign_in { "SignIn" } else { &found.code };
        if !is_sign_in {
            assert_eq!(found.code, answer.code, "{name}");
            assert_eq!(found.correlation_id.as_deref(), Some("c-1"), "{name}");
        }
        assert_eq!(found.original.as_deref(), Some(answer.message.as_str()), "{name}");
        assert_eq!(row(code, &answer.message), Some(index), "{name}: in the order of the table");
        assert_eq!(found.what, answer.says, "{name}");
        assert_eq!(found.advice, answer.does, "{name}");
        assert_eq!(found.retry, answer.retry, "{name}");
        let actions: Vec<Action> =
            answer.actions.iter().map(|word| Action::of_word(word).unwrap()).collect();
        assert_eq!(found.actions, actions, "{name}");
        met.insert(index);
    }
    let rows = advice::table().len();
    assert_eq!(
        met.len(),
        rows,
        "rows without an answer: {:?}",
        (met.len()..rows).collect::<Vec<_>>()
    );
    let recorded = answers.iter().filter(|answer| answer.recorded).count();
    println!("{rows} rows: {recorded} recorded, {} unrecorded", rows - recorded);
}

#[test]
fn a_row_names_actions_and_no_flags_or_commands_of_ours() {
    for row in advice::table() {
        for word in &row.actions {
            assert!(Action::of_word(word).is_some(), "{word:?} of {:?}", row.codes);
        }
        for sentence in [&row.what, &row.advice] {
            // What only the outside can do is done by the Azure CLI, between backticks.
            let own: String = sentence.split('`').step_by(2).collect();
            let theirs = sentence.split('`').skip(1).step_by(2);
            for word in ["--", "command", "privateaml"] {
                assert!(!own.contains(word), "{word}: {sentence}");
            }
            for command in theirs {
                assert!(command.starts_with("az "), "{sentence}");
            }
        }
    }
}

#[test]
fn a_value_that_a_row_gives_is_one_that_its_field_takes() {
    let given =
        advice::table().iter().flat_map(|row| &row.actions).filter(|word| word.contains('='));
    for word in given {
        let (flag, value) = word.split_once('=').unwrap();
        let row =
            crate::domain::settings::fields::ROWS.iter().find(|row| row.flag == flag).unwrap();
        let crate::domain::settings::fields::AnswerKind::OneOf(choices) = row.kind else {
            panic!("{word}")
        };
        assert!(choices.iter().any(|choice| choice.id == value), "{word}");
    }
}

#[test]
fn an_unknown_code_shows_azures_words_and_never_json_first() {
    for (message, what) in [
        (
            r#"{"Message":"The widget is blue.","Code":7}"#,
            "Azure reports QuiteNew: The widget is blue.",
        ),
        (
            r#"Response: {"error":{"message":"The widget is blue. Paint it."}}"#,
            "Azure reports QuiteNew: The widget is blue.",
        ),
        (r#"[{"a":1}]"#, "Azure reports QuiteNew without an explanation."),
        (r#"{"status":"Failed","detail":"Blue."}"#, "Azure reports QuiteNew: Blue."),
        ("The widget {x} is blue.", "Azure reports QuiteNew: The widget {x} is blue."),
    ] {
        let body = json!({"error": {"code": "QuiteNew", "message": message, "target": "w"}});
        let found = problem(400, &body, Some("c-1"));
        assert_eq!(found.what, what, "{message}");
        assert_eq!(found.place.as_deref(), Some("w"));
        assert!(found.advice.contains("c-1"), "{}", found.advice);
    }
}

#[test]
fn a_policy_is_told_with_its_assignment_and_the_field_it_looks_at() {
    let body = json!({"error": {"code": "InvalidTemplateDeployment", "message": "x", "details": [
    {"code": "RequestDisallowedByPolicy", "target": "sttest4821", "message": "Resource 'sttest4821' was \
        disallowed by policy.",
     "additionalInfo": [{"type": "PolicyViolation", "info": {
        "policyDefinitionDisplayName": "Allowed locations", "policyAssignmentDisplayName": "Regions of Contoso",
        "evaluationDetails": {"evaluatedExpressions": [
            {"result": "True", "expressionKind": "Field", "expression": "type", "path": "type",
             "expressionValue": "Microsoft.Storage/storageAccounts", "operator": "Equals"},
            {"result": "False", "expressionKind": "Field", "expression": "location", "path": "location",
             "expressionValue": "southindia", "targetValue": ["westeurope", "northeurope"], "operator": "In"},
        ]}}}]}]}});
    let found = problem(400, &body, None);
    assert_eq!(
        found.what,
        "A policy forbids this: Allowed locations (assignment Regions of Contoso), which looks at location \
         (southindia)."
    );
    assert!(found.actions.contains(&Action::change("--region")), "{:?}", found.actions);
}

#[test]
fn a_service_that_is_not_registered_is_told_though_it_stands_in_the_message_alone() {
    let body = json!({"error": {"code": "DeploymentFailed", "message": "At least one failed.", "details": [
        {"code": "BadRequest", "message": json!({"error": {"code": "InvalidTemplateDeployment", "message":
            "The subscription is not registered to use namespace 'Microsoft.Insights'."}}).to_string()}]}});
    let found = problem(400, &body, None);
    assert!(found.what.contains("Microsoft.Insights"), "{}", found.what);
    assert!(found.advice.contains("az provider register --namespace Microsoft.Insights"));
}
