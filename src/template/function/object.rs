//! Object functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-object>.
//!
//! Those that take strings or arrays as well are in `collection`. Keys are compared without regard to case.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::super::evaluate::Evaluator;
use super::super::expression::Expression;
use super::super::value::Value;
use super::argument::Call;
use super::array::wrong_element;
use super::{
    CallResult, Function, MANY, Refusal, evaluate, invalid, lazy, strict, structural, symbolic,
};

pub(super) const FUNCTIONS: &[Function] = &[
    lazy("createObject", 0, MANY, create),
    structural("items", 1, 1, items),
    strict("json", 1, 1, |call| parse(call.text(0)?)),
    strict("null", 0, 0, |_| Ok(Value::Null)),
    structural("objectKeys", 1, 1, keys),
    structural("shallowMerge", 1, 1, shallow_merge),
];

fn create(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let values = evaluate(evaluator, arguments)?;
    let pairs = values.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return invalid("the number of arguments must be even: keys and values in turn.");
    }
    let mut entries = IndexMap::new();
    for pair in pairs {
        let [key, value] = pair else { continue };
        match key {
            Value::String(key) => insert(&mut entries, key.clone(), value.clone()),
            Value::Unknown(_) => return Ok(symbolic("createObject", &values)),
            other => {
                let found = other.kind();
                return refuse!("a key must be of type 'String', but one is of type '{found}'.");
            }
        }
    }
    Ok(Value::Object(entries))
}

/// Puts a value under a key, replacing the one whose key differs in case only.
pub(super) fn insert(entries: &mut IndexMap<String, Value>, key: String, value: Value) {
    let present = entries.keys().find(|present| present.eq_ignore_ascii_case(&key)).cloned();
    entries.insert(present.unwrap_or(key), value);
}

fn sorted(entries: &IndexMap<String, Value>) -> Vec<(&String, &Value)> {
    let mut list: Vec<_> = entries.iter().collect();
    list.sort_by_key(|(key, _)| *key);
    list
}

fn items(call: &Call<'_, '_>) -> CallResult {
    let items = sorted(call.object(0)?).into_iter().map(|(key, value)| {
        let entry = [("key".to_owned(), Value::string(key)), ("value".to_owned(), value.clone())];
        Value::Object(entry.into_iter().collect())
    });
    Ok(Value::Array(items.collect()))
}

fn keys(call: &Call<'_, '_>) -> CallResult {
    let keys = sorted(call.object(0)?).into_iter().map(|(key, _)| Value::string(key));
    Ok(Value::Array(keys.collect()))
}

/// Reads JSON as ARM does, which also takes strings in single quotes.
pub(super) fn parse(text: &str) -> CallResult {
    let parsed = serde_json::from_str::<Json>(text)
        .or_else(|error| serde_json::from_str(&double_quoted(text)).map_err(|_| error));
    // The parser's words tell the place, not the text: it may hold a secret.
    Ok(parsed.map_err(|error| format!("the text is not valid JSON: {error}."))?.into())
}

/// The same JSON with its single-quoted strings in double quotes.
fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    let mut open = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (open, character) {
            (None, '\'' | '"') => {
                open = Some(character);
                quoted.push('"');
            }
            (Some(quote), character) if quote == character => {
                open = None;
                quoted.push('"');
            }
            (Some('\''), '"') => quoted.push_str("\\\""),
            (Some(_), '\\') => match characters.next() {
                Some('\'') => quoted.push('\''),
                next => {
                    quoted.push('\\');
                    quoted.extend(next);
                }
            },
            (_, character) => quoted.push(character),
        }
    }
    quoted
}

fn shallow_merge(call: &Call<'_, '_>) -> CallResult {
    let mut merged = IndexMap::new();
    for element in call.array(0)? {
        match element {
            Value::Object(entries) => {
                for (key, value) in entries {
                    insert(&mut merged, key.clone(), value.clone());
                }
            }
            Value::Unknown(_) => return Err(Refusal::Symbolic),
            other => return wrong_element("Object", other),
        }
    }
    Ok(Value::Object(merged))
}
