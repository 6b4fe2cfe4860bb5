//! Values of two bodies held against each other: which are the same to Azure, which say nothing, what tells items
//! apart.

use serde_json::Value;

use super::{Inventory, PropertyRule, Spot, name_of, pointer, table, told, words};
use crate::domain::plan::Plan;

/// Whether an item without a name is the wanted one: nothing of it differs.
pub(super) fn is_equal(spot: Spot<'_>, wanted: &Value, found: &Value, path: &str) -> bool {
    fn equal(kind: &str, wanted: &Value, found: &Value, path: &str) -> bool {
        match (wanted, found) {
            (Value::Object(members), Value::Object(others)) => {
                let wanted_are = members.iter().all(|(name, wanted)| {
                    let path = format!("{path}.{name}");
                    match member(Some(found), name) {
                        Some(found) => equal(kind, wanted, found, &path),
                        None => says_nothing(wanted),
                    }
                });
                let known = |name: &str| members.keys().any(|each| each.eq_ignore_ascii_case(name));
                wanted_are
                    && others.iter().filter(|(name, _)| !known(name)).all(|(name, value)| {
                        let rule = table::rule(kind, &format!("{path}.{name}")).map(|row| row.rule);
                        matches!(rule, Some(PropertyRule::Any | PropertyRule::Told))
                            || says_nothing(value)
                            || !table::is_placed(kind)
                    })
            }
            (Value::Array(one), Value::Array(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .all(|each| other.iter().any(|found| equal(kind, each, found, path)))
            }
            (wanted, found) => is_same(wanted, found, path),
        }
    }
    equal(spot.resource_type, wanted, found, path)
}

/// What tells the items of a list apart: their name, else the resource they lead to.
pub(super) fn key(item: &Value) -> Option<String> {
    named(item).map(str::to_ascii_lowercase)
}

pub(super) fn label(item: &Value) -> String {
    named(item).map(name_of).unwrap_or_default().to_owned()
}

fn named(item: &Value) -> Option<&str> {
    told(item, "/name").or_else(|| told(item, "/id"))
}

/// A member, whatever the case of its name: providers differ in it.
pub(super) fn member<'a>(object: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    let members = object?.as_object()?;
    members.get(name).or_else(|| {
        let found = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    })
}

/// A value that only Azure knows: the template's own expression stands for it.
pub(super) fn is_expression(text: &str) -> bool {
    text.starts_with('[') && !text.starts_with("[[") && text.ends_with(']')
}

/// What `[reference('symbol').a.b]` refers to, where the resource was read: a place in its properties, or with
/// `'full'` in the whole.
pub(super) fn refer<'a>(
    plan: &Plan,
    inventory: &'a Inventory,
    expression: &str,
) -> Option<&'a Value> {
    let rest = expression.strip_prefix("[reference('")?.strip_suffix(']')?;
    let (arguments, place) = rest.split_once(").")?;
    let (symbol, arguments) = arguments.split_once('\'')?;
    let mut resources = plan.resources.iter();
    let resource = resources.find(|each| each.symbol == symbol)?;
    let root = if arguments.ends_with("'full'") { "" } else { "/properties" };
    let place = format!("{root}{}", pointer(place));
    inventory.found(&resource.id)?.pointer(&place)
}

/// What leaving out means the same as.
pub(super) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Bool(false) => true,
        Value::String(text) => text.is_empty() || text.eq_ignore_ascii_case("none"),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(says_nothing),
        other => other.is_null(),
    }
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        other => other.is_null(),
    }
}

pub(super) fn is_same(wanted: &Value, found: &Value, path: &str) -> bool {
    let (wanted, found) = (words::value(wanted), words::value(found));
    if path.ends_with("location") || path.ends_with("Location") {
        let plain = |text: &str| text.replace(' ', "").to_ascii_lowercase();
        return plain(&wanted) == plain(&found);
    }
    wanted.eq_ignore_ascii_case(&found)
}
