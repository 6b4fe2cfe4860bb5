//! The change of rules that stand: what the choices before and after ask for, laid over what Azure has.
//!
//! Rules that others have added or changed stay as they are; only what follows from the new choice is touched. So the
//! result is what a deployment with the same choices would make, plus what was there beside it. Nothing is sent here.

use serde_json::{Value, json};

use crate::domain::allowlist::OWN_HOSTS;
use crate::domain::json::{items, text};
use crate::domain::problem::{Problem, Result};

/// Lays the rule collections of the choices `after` over the `current` ones, which were made by the choices `before`.
///
/// # Errors
/// When a collection of somebody else has the priority that a new one needs.
pub fn collections(current: &Value, before: &Value, after: &Value) -> Result<Value> {
    let mut result: Vec<Value> = list(current).to_vec();
    for item in &mut result {
        let Some(wanted) = named(after, name(item)) else { continue };
        let was = named(before, name(item));
        // A priority that somebody has changed by hand stays.
        if was.and_then(|was| was.get("priority")) == item.get("priority") {
            set(item, "priority", wanted.get("priority"));
        }
        if is_own(item) {
            let ours = |rule: &Value| {
                [Some(wanted), was].into_iter().flatten().any(|collection| {
                    list_of(collection).iter().any(|known| name(known) == name(rule))
                })
            };
            let added: Vec<Value> =
                list_of(item).iter().filter(|rule| !ours(rule)).cloned().collect();
            let rules: Vec<Value> = list_of(wanted).iter().cloned().chain(added).collect();
            set(item, "rules", Some(&json!(rules)));
        }
    }
    for wanted in list(after).iter().filter(|wanted| is_own(wanted)) {
        if !result.iter().any(|item| name(item) == name(wanted)) {
            result.push(wanted.clone());
        }
    }
    let priority = |item: &Value| item.get("priority").cloned();
    check(&result, &priority, "rule collections")?;
    result.sort_by_key(|item| item.get("priority").and_then(Value::as_i64));
    Ok(Value::Array(result))
}

/// Lays the rules of the security group of the choices `after` over the `current` ones.
///
/// # Errors
/// When a rule of somebody else has the priority that a new one needs.
pub fn security_rules(current: &Value, before: &Value, after: &Value) -> Result<Value> {
    let gone =
        |item: &Value| named(before, name(item)).is_some() && named(after, name(item)).is_none();
    let mut result: Vec<Value> = list(current).iter().filter(|item| !gone(item)).cloned().collect();
    for wanted in list(after) {
        if named(before, name(wanted)) == Some(wanted) {
            continue;
        }
        match result.iter_mut().find(|item| name(item) == name(wanted)) {
            Some(item) => *item = wanted.clone(),
            None => result.push(wanted.clone()),
        }
    }
    let priority = |item: &Value| {
        let number = item.pointer("/properties/priority")?;
        let direction = item.pointer("/properties/direction")?;
        Some(json!([direction, number]))
    };
    check(&result, &priority, "security rules")?;
    // In the order in which a deployment writes them, so that a comparison by position finds no difference.
    result.sort_by_key(|item| {
        let place = list(after).iter().position(|wanted| name(wanted) == name(item));
        place.unwrap_or(usize::MAX)
    });
    Ok(Value::Array(result))
}

fn check(items: &[Value], priority: &dyn Fn(&Value) -> Option<Value>, what: &str) -> Result<()> {
    for (index, item) in items.iter().enumerate() {
        let same = items.iter().take(index).find(|other| priority(other) == priority(item));
        if let Some(other) = same {
            return Err(Problem::new(
                "PriorityTaken",
                format!(
                    "The {what} {} and {} would have the same priority.",
                    name(other),
                    name(item)
                ),
                "Give the one that was added by hand another priority in the Azure portal, then run the \
                 same command again. Nothing was changed.",
            ));
        }
    }
    Ok(())
}

fn list(value: &Value) -> &[Value] {
    items(value, "")
}

fn list_of(collection: &Value) -> &[Value] {
    items(collection, "/rules")
}

fn name(item: &Value) -> &str {
    text(item, "/name")
}

fn named<'value>(items: &'value Value, wanted: &str) -> Option<&'value Value> {
    list(items).iter().find(|item| name(item) == wanted)
}

fn is_own(collection: &Value) -> bool {
    name(collection).split_once('-').is_some_and(|(_, group)| group == OWN_HOSTS)
}

fn set(item: &mut Value, field: &str, value: Option<&Value>) {
    if let (Some(members), Some(value)) = (item.as_object_mut(), value) {
        members.insert(field.to_owned(), value.clone());
    }
}
