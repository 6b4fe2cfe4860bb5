//! Functions that take strings, arrays or objects alike (`contains`, `length`, `take`, ...).
//!
//! Documented on the pages of the string, array and object functions. Positions in strings count characters.

use indexmap::IndexMap;

use super::super::access::{element, property};
use super::super::value::{Value, entry};
use super::argument::{Call, plain_at, wrong};
use super::comparison::same;
use super::object::insert;
use super::{CallResult, Function, MANY, Refusal, Result, strict, structural};

pub(super) const FUNCTIONS: &[Function] = &[
    structural("concat", 1, MANY, concat),
    structural("contains", 2, 2, contains),
    structural("empty", 1, 1, |call| Ok(Value::Bool(length(call)? == 0))),
    structural("first", 1, 1, first),
    structural("indexFromEnd", 2, 2, index_from_end),
    strict("indexOf", 2, 2, |call| position(call, |found| found.next())),
    strict("intersection", 1, MANY, intersection),
    structural("last", 1, 1, last),
    strict("lastIndexOf", 2, 2, |call| position(call, |found| found.last())),
    structural("length", 1, 1, |call| Ok(whole(length(call)?))),
    structural("skip", 2, 2, |call| part(call, usize::MAX, true)),
    structural("take", 2, 2, |call| part(call, 0, false)),
    structural("tryGet", 2, MANY, try_get),
    structural("tryIndexFromEnd", 2, 2, |call| Ok(from_end(call)?.unwrap_or(Value::Null))),
    structural("union", 1, MANY, union),
];

fn whole(number: usize) -> Value {
    Value::integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn concat(call: &Call<'_, '_>) -> CallResult {
    if matches!(call.value(0), Value::Array(_)) {
        let mut all = Vec::new();
        for position in 0..call.count() {
            all.extend(call.array(position)?.iter().cloned());
        }
        return Ok(Value::Array(all));
    }
    Ok(Value::String(call.plain()?.concat()))
}

fn contains(call: &Call<'_, '_>) -> CallResult {
    let wanted = call.value(1);
    match call.value(0) {
        Value::String(text) => Ok(Value::Bool(text.contains(&plain_at(1, "String", wanted)?))),
        Value::Object(entries) => {
            Ok(Value::Bool(entry(entries, &plain_at(1, "String", wanted)?).is_some()))
        }
        Value::Array(elements) => {
            let known = |value: &&Value| value.is_known();
            if elements.iter().filter(known).any(|value| same(value, wanted)) {
                Ok(Value::Bool(true))
            } else if elements.iter().all(Value::is_known) && wanted.is_known() {
                Ok(Value::Bool(false))
            } else {
                Err(Refusal::Symbolic)
            }
        }
        other => wrong(0, "String, Array or Object", other),
    }
}

fn length(call: &Call<'_, '_>) -> Result<usize> {
    match call.value(0) {
        Value::String(text) => Ok(text.chars().count()),
        Value::Array(elements) => Ok(elements.len()),
        Value::Object(entries) => Ok(entries.len()),
        // A missing value is empty: `empty(parameters('optional'))` is a common guard.
        Value::Null => Ok(0),
        other => wrong(0, "String, Array or Object", other),
    }
}

fn first(call: &Call<'_, '_>) -> CallResult {
    match call.value(0) {
        Value::String(text) => Ok(Value::String(text.chars().take(1).collect())),
        Value::Array(elements) => Ok(elements.first().cloned().unwrap_or(Value::Null)),
        other => wrong(0, "String or Array", other),
    }
}

fn last(call: &Call<'_, '_>) -> CallResult {
    match call.value(0) {
        Value::String(text) => Ok(Value::String(text.chars().last().into_iter().collect())),
        Value::Array(elements) => Ok(elements.last().cloned().unwrap_or(Value::Null)),
        other => wrong(0, "String or Array", other),
    }
}

/// The part after, or up to, a number of characters or elements. A number outside the value is no fault.
fn part(call: &Call<'_, '_>, beyond: usize, after: bool) -> CallResult {
    let number = call.integer(1)?.max(0);
    let number = usize::try_from(number).unwrap_or(beyond);
    match (call.value(0), after) {
        (Value::String(text), true) => Ok(Value::String(text.chars().skip(number).collect())),
        (Value::String(text), false) => Ok(Value::String(text.chars().take(number).collect())),
        (Value::Array(list), true) => Ok(Value::Array(list.iter().skip(number).cloned().collect())),
        (Value::Array(list), false) => {
            Ok(Value::Array(list.iter().take(number).cloned().collect()))
        }
        (other, _) => wrong(0, "String or Array", other),
    }
}

/// Positions at which the wanted value stands: in a string without regard to case, in an array by equality.
fn position(
    call: &Call<'_, '_>,
    choose: fn(&mut dyn Iterator<Item = usize>) -> Option<usize>,
) -> CallResult {
    let found =
        match call.value(0) {
            Value::String(text) => {
                let text: Vec<char> = text.to_lowercase().chars().collect();
                let wanted: Vec<char> = call.text(1)?.to_lowercase().chars().collect();
                choose(&mut (0..=text.len()).filter(|start| {
                    text.get(*start..).is_some_and(|rest| rest.starts_with(&wanted))
                }))
            }
            Value::Array(elements) => {
                let wanted = call.value(1);
                choose(
                    &mut elements
                        .iter()
                        .enumerate()
                        .filter(|(_, element)| same(element, wanted))
                        .map(|(index, _)| index),
                )
            }
            other => return wrong(0, "String or Array", other),
        };
    Ok(found.map_or_else(|| Value::integer(-1), whole))
}

fn index_from_end(call: &Call<'_, '_>) -> CallResult {
    let outside = "the reverse index is out of bounds; it starts at 1 for the last element.";
    Ok(from_end(call)?.ok_or(outside)?)
}

fn from_end(call: &Call<'_, '_>) -> Result<Option<Value>> {
    let elements = call.array(0)?;
    let from_end = usize::try_from(call.integer(1)?).ok();
    let index = from_end.and_then(|from_end| elements.len().checked_sub(from_end));
    Ok(index.and_then(|index| elements.get(index)).cloned())
}

/// Walks along keys and indexes; where one is missing, the value is null.
fn try_get(call: &Call<'_, '_>) -> CallResult {
    let mut value = call.value(0).clone();
    for key in call.values.iter().skip(1) {
        value = match key {
            Value::String(name) => property(&value, name, true)?,
            index => element(&value, index, true)?,
        };
    }
    Ok(value)
}

fn union(call: &Call<'_, '_>) -> CallResult {
    if matches!(call.value(0), Value::Array(_)) {
        if !call.values.iter().all(Value::is_known) {
            return Err(Refusal::Symbolic);
        }
        let mut all = Vec::new();
        for position in 0..call.count() {
            add_missing(&mut all, call.array(position)?);
        }
        return Ok(Value::Array(all));
    }
    let mut merged = call.object(0)?.clone();
    for position in 1..call.count() {
        merge(&mut merged, call.object(position)?)?;
    }
    Ok(Value::Object(merged))
}

/// Adds the elements that are not there yet.
fn add_missing(all: &mut Vec<Value>, elements: &[Value]) {
    for element in elements {
        if !all.iter().any(|present| same(present, element)) {
            all.push(element.clone());
        }
    }
}

/// Puts one object over another; objects under the same key are merged in their turn.
fn merge(into: &mut IndexMap<String, Value>, from: &IndexMap<String, Value>) -> Result<()> {
    for (key, value) in from {
        let present = entry(into, key).cloned();
        let value = match (present, value) {
            (Some(Value::Object(mut below)), Value::Object(above)) => {
                merge(&mut below, above)?;
                Value::Object(below)
            }
            // Whether these would be merged depends on what the unknown one turns out to be.
            (Some(Value::Object(_)), Value::Unknown(_))
            | (Some(Value::Unknown(_)), Value::Object(_)) => return Err(Refusal::Symbolic),
            (_, value) => value.clone(),
        };
        insert(into, key.clone(), value);
    }
    Ok(())
}

fn intersection(call: &Call<'_, '_>) -> CallResult {
    if matches!(call.value(0), Value::Array(_)) {
        let mut common = Vec::new();
        add_missing(&mut common, call.array(0)?);
        for position in 1..call.count() {
            let other = call.array(position)?;
            common.retain(|element| other.iter().any(|value| same(value, element)));
        }
        return Ok(Value::Array(common));
    }
    let mut common = call.object(0)?.clone();
    for position in 1..call.count() {
        let other = call.object(position)?;
        common.retain(|key, value| entry(other, key).is_some_and(|other| same(value, other)));
    }
    Ok(Value::Object(common))
}
