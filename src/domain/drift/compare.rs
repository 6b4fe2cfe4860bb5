//! Compares two bodies: what the template sets, and what Azure tells.
//!
//! Order, case and what Azure adds are no differences. It must not know any resource type.

use serde_json::{Map, Value};

use super::Kind;

/// One difference, before anybody has judged it.
pub(super) struct Told<'a> {
    /// Where.
    pub(super) path: &'a str,
    /// What kind it is.
    pub(super) kind: Kind,
    /// What was wanted, in words; empty for nothing.
    pub(super) wanted: String,
    /// What was found, in words; empty for nothing.
    pub(super) found: String,
    /// What was found, as it is.
    pub(super) value: Option<&'a Value>,
}

/// Tells of each difference.
pub(super) type Tell<'a> = dyn FnMut(Told<'_>) + 'a;

/// The one object whose further members are told of: anything else has more members in Azure than in a template.
const TAGS: &str = "tags";

/// Compares a wanted value with the one found at a path.
pub(super) fn compare(wanted: &Value, found: Option<&Value>, path: &str, tell: &mut Tell<'_>) {
    let found = found.filter(|value| !value.is_null());
    match (wanted, found) {
        (Value::Null, _) => {}
        (Value::String(text), _) if is_expression(text) => {}
        (Value::Object(members), _) if members.is_empty() => {}
        (Value::Object(members), Some(Value::Object(_))) => {
            for (name, wanted) in members {
                compare(wanted, member(found, name), &format!("{path}.{name}"), tell);
            }
            if path == TAGS {
                further(members, found, path, tell);
            }
        }
        (Value::Array(wanted), found) => {
            let none = Vec::new();
            let found = found.and_then(Value::as_array).unwrap_or(&none);
            compare_lists(wanted, found, path, tell);
        }
        (wanted, None) if is_nothing(wanted) => {}
        (wanted, None) => removed(path, words(wanted), tell),
        (wanted, Some(found)) => {
            if !same(wanted, found, path) {
                tell(Told {
                    path,
                    kind: Kind::Changed,
                    wanted: words(wanted),
                    found: words(found),
                    value: Some(found),
                });
            }
        }
    }
}

/// Tells of the members that nobody wanted.
fn further(wanted: &Map<String, Value>, found: Option<&Value>, path: &str, tell: &mut Tell<'_>) {
    let known = |name: &str| wanted.keys().any(|each| each.eq_ignore_ascii_case(name));
    let found = found.and_then(Value::as_object).into_iter().flatten();
    for (name, value) in found.filter(|(name, _)| !known(name)) {
        added(&format!("{path}.{name}"), name.clone(), value, tell);
    }
}

fn added(path: &str, found: String, value: &Value, tell: &mut Tell<'_>) {
    tell(Told {
        path,
        kind: Kind::Added,
        wanted: String::new(),
        found,
        value: Some(value),
    });
}

fn removed(path: &str, wanted: String, tell: &mut Tell<'_>) {
    tell(Told {
        path,
        kind: Kind::Removed,
        wanted,
        found: String::new(),
        value: None,
    });
}

fn compare_lists(wanted: &[Value], found: &[Value], path: &str, tell: &mut Tell<'_>) {
    let keyed = |list: &[Value]| list.iter().all(|item| key(item).is_some());
    if keyed(wanted) && keyed(found) {
        let other = |list: &[Value], item: &Value| {
            let position = list.iter().position(|each| key(each) == key(item));
            position.and_then(|at| list.get(at)).cloned()
        };
        for item in wanted {
            let path = format!("{path}[{}]", label(item));
            match other(found, item) {
                Some(found) => compare(item, Some(&found), &path, tell),
                None => removed(&path, label(item), tell),
            }
        }
        for item in found.iter().filter(|item| other(wanted, item).is_none()) {
            let path = format!("{path}[{}]", label(item));
            added(&path, label(item), item, tell);
        }
        return;
    }
    let mut left: Vec<&Value> = found.iter().collect();
    for item in wanted {
        let equal = |each: &&Value| {
            let mut differs = false;
            compare(item, Some(each), path, &mut |_| differs = true);
            !differs
        };
        match left.iter().position(equal) {
            Some(at) => drop(left.remove(at)),
            None => removed(path, words(item), tell),
        }
    }
    for item in left {
        added(path, words(item), item, tell);
    }
}

/// What tells the items of a list apart: their name, else the resource they lead to.
fn key(item: &Value) -> Option<String> {
    named(item).map(str::to_ascii_lowercase)
}

fn label(item: &Value) -> String {
    let name = named(item).map(crate::domain::inventory::name_of);
    name.unwrap_or_default().to_owned()
}

fn named(item: &Value) -> Option<&str> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let mut named = ["name", "id"].into_iter().filter_map(text);
    named.find(|text| !text.is_empty())
}

/// A member, whatever the case of its name: providers differ in it.
fn member<'a>(object: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    let members = object?.as_object()?;
    members.get(name).or_else(|| {
        let found = members
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    })
}

/// A value that only Azure knows: the template's own expression stands for it.
fn is_expression(text: &str) -> bool {
    text.starts_with('[') && !text.starts_with("[[") && text.ends_with(']')
}

/// What leaving out means the same as.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty() || text.eq_ignore_ascii_case("none"),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_nothing),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

fn same(wanted: &Value, found: &Value, path: &str) -> bool {
    let (wanted, found) = (words(wanted), words(found));
    if path.ends_with("location") || path.ends_with("Location") {
        let plain = |text: &str| text.replace(' ', "").to_ascii_lowercase();
        return plain(&wanted) == plain(&found);
    }
    wanted.eq_ignore_ascii_case(&found)
}

/// A value as a person reads it: ids by their last part, lists by their length.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "empty".into(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "true".into(),
        Value::Bool(false) => "false".into(),
        Value::Number(number) => number.to_string(),
        Value::Null => "nothing".into(),
        Value::Object(members) => match members.get("id").and_then(Value::as_str) {
            Some(id) => crate::domain::inventory::called(id).to_owned(),
            None => value.to_string(),
        },
        Value::Array(_) => value.to_string(),
    }
}
