//! Values as a person reads them, and what is usually done about a difference.

use serde_json::Value;

use super::{DifferenceKind, called};

/// A value as a person reads it: what leads to a resource by that resource's name.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "empty".into(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "true".into(),
        Value::Bool(false) => "false".into(),
        Value::Number(number) => number.to_string(),
        Value::Null => "nothing".into(),
        Value::Object(members) => match members.get("id").and_then(Value::as_str) {
            Some(id) if members.len() == 1 => called(id).to_owned(),
            _ if members.is_empty() => "nothing".into(),
            _ => {
                let words =
                    members.iter().map(|(name, member)| format!("{name} {}", value_of(member)));
                words.collect::<Vec<String>>().join(", ")
            }
        },
        Value::Array(items) if items.is_empty() => "nothing".into(),
        Value::Array(items) => items.iter().map(value_of).collect::<Vec<String>>().join(", "),
    }
}

/// The same of something in a list or an object.
fn value_of(inner: &Value) -> String {
    match inner {
        Value::Object(members) if members.len() > 1 => format!("({})", value(inner)),
        other => value(other),
    }
}

/// What is usually done about a difference. `mend` sets what the template sets, lists with it.
pub(super) fn remedy(kind: DifferenceKind, place: &str, expected: &str, found: &str) -> String {
    match kind {
        DifferenceKind::Added => {
            format!("Remove {found}, if nobody needs it, or run `privateaml mend`.")
        }
        DifferenceKind::Removed => format!("Put {expected} back, or run `privateaml mend`."),
        DifferenceKind::Changed => format!("Set {place} to {expected}, or run `privateaml mend`."),
    }
}

/// A state as a person reads it: Azure leaves some out.
pub(super) fn or_not_told(state: &str) -> &str {
    if state.is_empty() { "not told" } else { state }
}
