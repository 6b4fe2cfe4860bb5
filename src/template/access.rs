//! Reaching into a value: `value.name` and `value[index]`, plain and safe.
//!
//! Reaching into what is not known yet gives a longer expression, never a fault.

use super::error::Result;
use super::value::{Value, entry};

/// `value.name`.
pub(super) fn property(value: &Value, name: &str, safe: bool) -> Result<Value> {
    match value {
        Value::Unknown(text) => {
            let mark = if safe { "?" } else { "" };
            Ok(Value::Unknown(format!("{text}.{mark}{name}")))
        }
        Value::Object(entries) => match entry(entries, name) {
            Some(value) => Ok(value.clone()),
            None if safe => Ok(Value::Null),
            None => {
                let available: Vec<_> = entries.keys().map(String::as_str).collect();
                Err(template_error!(
                    "The language expression property '{name}' doesn't exist, available properties are '{}'.",
                    available.join(", ")
                ))
            }
        },
        Value::Null if safe => Ok(Value::Null),
        other => Err(template_error!(
            "The language expression property '{name}' can't be evaluated: it needs an object, not '{}'.",
            other.kind()
        )),
    }
}

/// `value[index]`.
pub(super) fn element(value: &Value, index: &Value, safe: bool) -> Result<Value> {
    match (value, index) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => {
            let mark = if safe { "?" } else { "" };
            let (value, index) = (value.expression(), index.expression());
            Ok(Value::Unknown(format!("{value}[{mark}{index}]")))
        }
        (Value::Array(elements), Value::Number(number)) => {
            let position = number.as_u64().and_then(|position| usize::try_from(position).ok());
            match position.and_then(|position| elements.get(position)) {
                Some(value) => Ok(value.clone()),
                None if safe => Ok(Value::Null),
                None => Err(template_error!(
                    "The language expression property array index '{number}' is out of bounds: the array has {} \
                     element(s).",
                    elements.len()
                )),
            }
        }
        (_, Value::String(name)) => property(value, name, safe),
        (Value::Null, _) if safe => Ok(Value::Null),
        (value, index) => Err(template_error!(
            "The language expression can't index '{}' with '{}'.",
            value.kind(),
            index.kind()
        )),
    }
}
