//! Array functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array>.
//!
//! Those that take strings or objects as well are in `collection`.

use super::super::evaluate::Evaluator;
use super::super::expression::Expression;
use super::super::value::Value;
use super::argument::{Call, wrong};
use super::{CallResult, Function, MANY, Refusal, Result, evaluate, lazy, strict, structural};

pub(super) const FUNCTIONS: &[Function] = &[
    structural("array", 1, 1, array),
    lazy("createArray", 0, MANY, create),
    structural("flatten", 1, 1, flatten),
    strict("max", 1, MANY, |call| extreme(call, Iterator::max)),
    strict("min", 1, MANY, |call| extreme(call, Iterator::min)),
    strict("range", 2, 2, range),
];

/// The most elements that `range` makes, and the highest integer it may reach, as documented.
const LONGEST_RANGE: i64 = 10_000;
const HIGHEST_OF_RANGE: i64 = 2_147_483_647;

fn array(call: &Call<'_, '_>) -> CallResult {
    match call.value(0) {
        array @ Value::Array(_) => Ok(array.clone()),
        other => Ok(Value::Array(vec![other.clone()])),
    }
}

/// The array exists even while its elements are unknown.
fn create(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    Ok(Value::Array(evaluate(evaluator, arguments)?))
}

fn flatten(call: &Call<'_, '_>) -> CallResult {
    let mut flat = Vec::new();
    for element in call.array(0)? {
        match element {
            Value::Array(elements) => flat.extend(elements.iter().cloned()),
            Value::Unknown(_) => return Err(Refusal::Symbolic),
            other => return wrong_element("Array", other),
        }
    }
    Ok(Value::Array(flat))
}

/// The refusal of a list with an element of another type.
pub(super) fn wrong_element<T>(wanted: &str, element: &Value) -> Result<T> {
    let found = element.kind();
    refuse!("each element must be of type '{wanted}', but one is of type '{found}'.")
}

fn extreme(call: &Call<'_, '_>, choose: fn(std::vec::IntoIter<i64>) -> Option<i64>) -> CallResult {
    let values = match call.values.as_slice() {
        [Value::Array(elements)] => elements.as_slice(),
        values => values,
    };
    let mut numbers = Vec::with_capacity(values.len());
    for (position, value) in values.iter().enumerate() {
        match value {
            Value::Number(number) if number.is_i64() => numbers.extend(number.as_i64()),
            other => return wrong(position, "Integer", other),
        }
    }
    Ok(Value::integer(choose(numbers.into_iter()).ok_or("the array is empty.")?))
}

fn range(call: &Call<'_, '_>) -> CallResult {
    let (start, count) = (call.integer(0)?, call.integer(1)?);
    if !(0..=LONGEST_RANGE).contains(&count) {
        return refuse!("the count must be from 0 to {LONGEST_RANGE}.");
    }
    match start.checked_add(count) {
        Some(end) if end <= HIGHEST_OF_RANGE => {
            Ok(Value::Array((start..end).map(Value::integer).collect()))
        }
        _ => refuse!("the start plus the count must not exceed {HIGHEST_OF_RANGE}."),
    }
}
