//! Lists that were told item by item by their index, told by the names of their items.
//!
//! Azure compares the items of a list by position: one rule collection that goes makes every one behind it another.
//! What a person agrees to is read by name. Only lists are read anew whose positions have moved.

use serde_json::{Map, Value};

use super::ForeseenProperty;

/// What differs between two lists whose items have moved; `None` where they have not, or have no names to go by.
pub(super) fn by_name(path: &str, before: &Value, after: &Value) -> Option<Vec<ForeseenProperty>> {
    let (old, new) = (named(before)?, named(after)?);
    let moved = old.iter().zip(&new).any(|((was, _), (becomes, _))| was != becomes);
    let mut found = Vec::new();
    if moved {
        items(path, &old, &new, &mut found);
    }
    // Where only the order differs, that is the change, and Azure has told it.
    (!found.is_empty()).then_some(found)
}

type Named<'a> = Vec<(&'a str, &'a Value)>;

/// The items of a list with their names; `None` where one has none, or two have the same.
fn named(list: &Value) -> Option<Named<'_>> {
    let items = list.as_array()?;
    let named: Named<'_> = items
        .iter()
        .map(|item| Some((item.get("name")?.as_str()?, item)))
        .collect::<Option<_>>()?;
    let is_unique = |(index, (name, _)): (usize, &(&str, &Value))| {
        named.iter().skip(index + 1).all(|(other, _)| other != name)
    };
    named.iter().enumerate().all(is_unique).then_some(named)
}

fn items(path: &str, old: &Named<'_>, new: &Named<'_>, found: &mut Vec<ForeseenProperty>) {
    let of = |list: &Named<'_>, name: &str| {
        list.iter().find(|(other, _)| *other == name).map(|(_, item)| (*item).clone())
    };
    for (name, item) in old {
        let at = format!("{path}[{name}]");
        compare(&at, item, &of(new, name).unwrap_or_default(), found);
    }
    for (name, item) in new.iter().filter(|(name, _)| of(old, name).is_none()) {
        compare(&format!("{path}[{name}]"), &Value::Null, item, found);
    }
}

fn compare(path: &str, before: &Value, after: &Value, found: &mut Vec<ForeseenProperty>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Value::Object(old), Value::Object(new)) => members(path, old, new, found),
        (Value::Array(_), Value::Array(_)) => match (named(before), named(after)) {
            (Some(old), Some(new)) => items(path, &old, &new, found),
            _ => found.push(property(path, before, after)),
        },
        _ => found.push(property(path, before, after)),
    }
}

fn members(
    path: &str,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    found: &mut Vec<ForeseenProperty>,
) {
    let only_new = new.iter().filter(|(name, _)| !old.contains_key(*name));
    let pairs = old.iter().map(|(name, value)| (name, value, new.get(name)));
    for (name, before, after) in
        pairs.chain(only_new.map(|(name, it)| (name, &Value::Null, Some(it))))
    {
        compare(&format!("{path}.{name}"), before, after.unwrap_or(&Value::Null), found);
    }
}

fn property(path: &str, before: &Value, after: &Value) -> ForeseenProperty {
    let (before, after) = (before.clone(), after.clone());
    ForeseenProperty { path: path.to_owned(), before, after, noise: None }
}
