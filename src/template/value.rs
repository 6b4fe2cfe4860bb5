//! A value as far as it is known: JSON whose leaves may still be expressions.
//!
//! A value that only a running deployment can tell stays as the text of its expression; everything around it is already
//! final. This module must not evaluate anything.

use indexmap::IndexMap;
use serde_json::{Number, Value as Json};

/// A template value, known as far as it can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// JSON null.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer, or a float where the template has one.
    Number(Number),
    /// A string.
    String(String),
    /// An array; its elements may be unknown.
    Array(Vec<Value>),
    /// An object; its values may be unknown, its keys are not.
    Object(IndexMap<String, Value>),
    /// Not known yet: the text of its expression, without the brackets.
    Unknown(String),
}

impl Value {
    /// A string value.
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// An integer value.
    pub fn integer(number: i64) -> Self {
        Self::Number(number.into())
    }

    /// The value as it would stand in a template: an unknown one as `[expression]`.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(number) => Json::Number(number.clone()),
            Self::String(text) => Json::String(text.clone()),
            Self::Array(elements) => elements.iter().map(Self::to_json).collect(),
            Self::Object(entries) => {
                entries.iter().map(|(key, value)| (key.clone(), value.to_json())).collect()
            }
            Self::Unknown(text) => Json::String(format!("[{text}]")),
        }
    }

    /// True when no part of it waits for a running deployment.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Array(elements) => elements.iter().all(Self::is_known),
            Self::Object(entries) => entries.values().all(Self::is_known),
            _ => true,
        }
    }

    /// The expression that stands for this value, without brackets.
    pub fn expression(&self) -> String {
        match self {
            Self::Null => "null()".to_owned(),
            Self::Bool(true) => "true()".to_owned(),
            Self::Bool(false) => "false()".to_owned(),
            Self::Number(number) if number.is_i64() => number.to_string(),
            Self::Number(number) => format!("json('{number}')"),
            Self::String(text) => quoted(text),
            Self::Array(elements) => {
                let list: Vec<_> = elements.iter().map(Self::expression).collect();
                format!("createArray({})", list.join(", "))
            }
            Self::Object(entries) => {
                let list: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| format!("{}, {}", quoted(key), value.expression()))
                    .collect();
                format!("createObject({})", list.join(", "))
            }
            Self::Unknown(text) => text.clone(),
        }
    }

    /// The kind of value, in the words of ARM's messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Bool(_) => "Boolean",
            Self::Number(number) if number.is_f64() => "Float",
            Self::Number(_) => "Integer",
            Self::String(_) => "String",
            Self::Array(_) => "Array",
            Self::Object(_) => "Object",
            Self::Unknown(_) => "Expression",
        }
    }
}

/// The value under a key, whatever its case; an exact match wins.
pub(super) fn entry<'a>(entries: &'a IndexMap<String, Value>, name: &str) -> Option<&'a Value> {
    entries.get(name).or_else(|| {
        entries.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}

/// A string literal of the expression language: quotes inside are doubled.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Takes JSON as data: a string that looks like an expression stays a string.
impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(number.clone()),
            Json::String(text) => Self::String(text.clone()),
            Json::Array(elements) => Self::Array(elements.iter().map(Self::from).collect()),
            Json::Object(entries) => Self::Object(
                entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect(),
            ),
        }
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        Self::from(&json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_leaves_stay_expressions_inside_known_structure() {
        let mut value = Value::from(json!({"a": [1, "it's"], "b": null}));
        assert!(value.is_known());
        if let Value::Object(entries) = &mut value {
            entries.insert("late".into(), Value::Unknown("reference('fw').ip".into()));
        }
        assert!(!value.is_known());
        assert_eq!(
            value.to_json(),
            json!({"a": [1, "it's"], "b": null, "late": "[reference('fw').ip]"})
        );
        assert_eq!(
            value.expression(),
            "createObject('a', createArray(1, 'it''s'), 'b', null(), 'late', reference('fw').ip)"
        );
    }

    #[test]
    fn property_names_are_case_insensitive_and_an_exact_match_wins() {
        let Value::Object(entries) = Value::from(json!({"Name": 1, "name": 2})) else { panic!() };
        assert_eq!(entry(&entries, "name"), Some(&Value::integer(2)));
        assert_eq!(entry(&entries, "NAME"), Some(&Value::integer(1)));
        assert_eq!(entry(&entries, "other"), None);
    }
}
