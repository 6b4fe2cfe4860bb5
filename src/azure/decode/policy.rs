//! The policy that refused a request: its name, its assignment, and what of the resource it looks at
//! (<https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy>).

use serde_json::Value;

use super::leaf::text;

/// Most fields that are named.
const MOST_FIELDS: usize = 3;
/// Longest value of a field that is shown, in characters.
const LONGEST_VALUE: usize = 60;

/// The policy that an error names, in words.
pub(super) fn of(error: &Value) -> Option<String> {
    let told = error.get("additionalInfo").and_then(Value::as_array).into_iter().flatten();
    let is_violation =
        |entry: &&Value| entry.get("type").is_some_and(|kind| kind == "PolicyViolation");
    match told.filter(is_violation).find_map(|entry| entry.get("info")) {
        Some(info) => told_apart(info),
        None => within(&text(error, &["message", "Message"])?),
    }
}

fn told_apart(info: &Value) -> Option<String> {
    let definition = text(info, &["policyDefinitionDisplayName", "policyDefinitionName"]);
    let assignment = text(info, &["policyAssignmentDisplayName", "policyAssignmentName"]);
    Some(format!("{}{}", named(definition, assignment)?, looks_at(info)))
}

fn named(definition: Option<String>, assignment: Option<String>) -> Option<String> {
    match (definition, assignment) {
        (Some(definition), Some(assignment)) if definition != assignment => {
            Some(format!("{definition} (assignment {assignment})"))
        }
        (definition, assignment) => definition.or(assignment),
    }
}

/// The fields that the policy compares, with what they are; the type alone says nothing.
fn looks_at(info: &Value) -> String {
    let expressions = info.pointer("/evaluationDetails/evaluatedExpressions");
    let expressions = expressions.and_then(Value::as_array).into_iter().flatten();
    let mut fields: Vec<String> = Vec::new();
    for expression in expressions {
        let Some(path) = text(expression, &["path", "expression"]) else { continue };
        let is_field = expression.get("expressionKind").is_none_or(|kind| kind == "Field");
        if !is_field || path == "type" || fields.len() >= MOST_FIELDS {
            continue;
        }
        let value = expression.get("expressionValue").filter(|value| !value.is_null());
        let value =
            value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        let value: Option<String> = value.map(|value| value.chars().take(LONGEST_VALUE).collect());
        let field = value.map_or_else(|| path.clone(), |value| format!("{path} ({value})"));
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    if fields.is_empty() {
        String::new()
    } else {
        format!(", which looks at {}", fields.join(" and "))
    }
}

/// The first policy that a message names in its list of identifiers.
fn within(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("Policy identifiers: '")?;
    let listed = serde_json::Deserializer::from_str(rest).into_iter::<Value>().next()?.ok()?;
    let first = listed.as_array()?.first()?;
    let name = |key: &str| first.get(key).and_then(|policy| text(policy, &["displayName", "name"]));
    named(name("policyDefinition"), name("policyAssignment"))
}
