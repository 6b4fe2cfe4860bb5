//! Object functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-object>.
//!
//! Those that take strings or arrays as well are in `collection`. Keys are compared without regard to case.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::super::value::Value;
use super::argument::Call;
use super::{Answer, Function, MANY, Refusal, invalid, lazy, strict, structural};

pub(super) const FUNCTIONS: &[Function] = &[
    lazy("createObject", 0, MANY, create),
    structural("items", 1, 1, items),
    strict("json", 1, 1, json),
    strict("null", 0, 0, |_| Ok(Value::Null)),
    structural("objectKeys", 1, 1, keys),
    structural("shallowMerge", 1, 1, shallow_merge),
];

fn create(evaluator: &super::Evaluator<'_>, arguments: &[super::Expression]) -> Answer {
    let values = super::evaluate(evaluator, arguments)?;
    let pairs = values.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return invalid("the number of arguments must be even: keys and values in turn.");
    }
    let mut entries = IndexMap::new();
    for pair in pairs {
        let [key, value] = pair else { continue };
        match key {
            Value::String(key) => insert(&mut entries, key.clone(), value.clone()),
            Value::Unknown(_) => return Ok(super::symbolic("createObject", &values)),
            other => {
                return invalid(format!(
                    "a key must be of type 'String', but one is of type '{}'.",
                    other.kind()
                ));
            }
        }
    }
    Ok(Value::Object(entries))
}

/// Puts a value under a key, replacing the one whose key differs in case only.
pub(super) fn insert(entries: &mut IndexMap<String, Value>, key: String, value: Value) {
    let present = entries
        .keys()
        .find(|present| present.eq_ignore_ascii_case(&key))
        .cloned();
    entries.insert(present.unwrap_or(key), value);
}

fn sorted(entries: &IndexMap<String, Value>) -> Vec<(&String, &Value)> {
    let mut list: Vec<_> = entries.iter().collect();
    list.sort_by(|(first, _), (second, _)| first.cmp(second));
    list
}

fn items(call: &Call<'_, '_>) -> Answer {
    let items = sorted(call.object(0)?).into_iter().map(|(key, value)| {
        let entry = [
            ("key".to_owned(), Value::string(key)),
            ("value".to_owned(), value.clone()),
        ];
        Value::Object(entry.into_iter().collect())
    });
    Ok(Value::Array(items.collect()))
}

fn keys(call: &Call<'_, '_>) -> Answer {
    let keys = sorted(call.object(0)?)
        .into_iter()
        .map(|(key, _)| Value::string(key));
    Ok(Value::Array(keys.collect()))
}

fn json(call: &Call<'_, '_>) -> Answer {
    match serde_json::from_str::<Json>(call.text(0)?) {
        Ok(json) => Ok(Value::from(json)),
        Err(error) => invalid(format!("the text is not valid JSON: {error}.")),
    }
}

fn shallow_merge(call: &Call<'_, '_>) -> Answer {
    let mut merged = IndexMap::new();
    for element in call.array(0)? {
        match element {
            Value::Object(entries) => {
                for (key, value) in entries {
                    insert(&mut merged, key.clone(), value.clone());
                }
            }
            Value::Unknown(_) => return Err(Refusal::Symbolic),
            other => {
                return invalid(format!(
                    "each element must be of type 'Object', but one is of type '{}'.",
                    other.kind()
                ));
            }
        }
    }
    Ok(Value::Object(merged))
}
