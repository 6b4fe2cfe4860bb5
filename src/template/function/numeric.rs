//! Numeric functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric>.
//!
//! Integers have 64 bits; what does not fit is a fault, never a wrong number. `min`, `max` and `range` are with the
//! arrays.

use serde_json::Number;

use super::super::value::Value;
use super::argument::{Call, wrong};
use super::{CallResult, Function, invalid, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("add", 2, 2, |call| calculate(call, i64::checked_add)),
    strict("copyIndex", 0, 2, copy_index),
    strict("div", 2, 2, |call| divide(call, i64::checked_div)),
    strict("float", 1, 1, float),
    strict("int", 1, 1, integer),
    strict("mod", 2, 2, |call| divide(call, i64::checked_rem)),
    strict("mul", 2, 2, |call| calculate(call, i64::checked_mul)),
    strict("sub", 2, 2, |call| calculate(call, i64::checked_sub)),
];

fn fitting(result: Option<i64>) -> CallResult {
    Ok(Value::integer(result.ok_or("the result does not fit into a 64-bit integer.")?))
}

fn calculate(call: &Call<'_, '_>, operation: fn(i64, i64) -> Option<i64>) -> CallResult {
    fitting(operation(call.integer(0)?, call.integer(1)?))
}

fn divide(call: &Call<'_, '_>, operation: fn(i64, i64) -> Option<i64>) -> CallResult {
    if call.integer(1)? == 0 {
        return invalid("the divisor is 0.");
    }
    calculate(call, operation)
}

fn integer(call: &Call<'_, '_>) -> CallResult {
    let number = match call.value(0) {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        other => return wrong(0, "Integer or String", other),
    };
    match number {
        Some(number) => Ok(Value::integer(number)),
        None => refuse!(
            "'{}' is not an integer.",
            call.value(0).to_json().as_str().unwrap_or("the value")
        ),
    }
}

fn float(call: &Call<'_, '_>) -> CallResult {
    let number = match call.value(0) {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        other => return wrong(0, "String or Integer", other),
    };
    Ok(Value::Number(number.and_then(Number::from_f64).ok_or("the text is not a number.")?))
}

/// `copyIndex(name, offset)`, `copyIndex(name)`, `copyIndex(offset)` or `copyIndex()`.
fn copy_index(call: &Call<'_, '_>) -> CallResult {
    let (name, offset) = match call.count() {
        0 => (None, 0),
        1 => match call.value(0) {
            Value::String(name) => (Some(name.as_str()), 0),
            _ => (None, call.integer(0)?),
        },
        _ => (Some(call.text(0)?), call.integer(1)?),
    };
    let Some(index) = call.evaluator.loop_index(name) else {
        return match name {
            Some(name) => refuse!("there is no copy loop '{name}' around it."),
            None => invalid("there is no copy loop around it."),
        };
    };
    fitting(index.checked_add(offset))
}
