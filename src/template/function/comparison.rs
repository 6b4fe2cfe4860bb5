//! Comparison functions:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-comparison>.
//!
//! `equals` compares strings with regard to case. Ordering takes two integers or two strings, never a mixture.

use std::cmp::Ordering;

use super::super::evaluate::Evaluator;
use super::super::expression::Expression;
use super::super::value::Value;
use super::argument::{Call, wrong};
use super::{CallResult, Function, MANY, Result, lazy, strict, symbolic};

pub(super) const FUNCTIONS: &[Function] = &[
    lazy("coalesce", 1, MANY, coalesce),
    strict("equals", 2, 2, |call| Ok(Value::Bool(same(call.value(0), call.value(1))))),
    strict("greater", 2, 2, |call| Ok(Value::Bool(order(call)?.is_gt()))),
    strict("greaterOrEquals", 2, 2, |call| Ok(Value::Bool(order(call)?.is_ge()))),
    strict("less", 2, 2, |call| Ok(Value::Bool(order(call)?.is_lt()))),
    strict("lessOrEquals", 2, 2, |call| Ok(Value::Bool(order(call)?.is_le()))),
];

/// Whether two known values are equal in all their parts; the order of an object's keys does not matter.
pub(super) fn same(first: &Value, second: &Value) -> bool {
    match (first, second) {
        (Value::Number(first), Value::Number(second)) => {
            first == second || first.as_f64() == second.as_f64()
        }
        (Value::Array(first), Value::Array(second)) => {
            first.len() == second.len() && first.iter().zip(second).all(|(a, b)| same(a, b))
        }
        (Value::Object(first), Value::Object(second)) => {
            first.len() == second.len()
                && first.iter().all(|(key, a)| second.get(key).is_some_and(|b| same(a, b)))
        }
        (first, second) => first == second,
    }
}

fn order(call: &Call<'_, '_>) -> Result<Ordering> {
    match (call.value(0), call.value(1)) {
        (Value::Number(_), Value::Number(_)) => Ok(call.integer(0)?.cmp(&call.integer(1)?)),
        (Value::String(first), Value::String(second)) => Ok(first.cmp(second)),
        (Value::Number(_), other) => wrong(1, "Integer", other),
        (Value::String(_), other) => wrong(1, "String", other),
        (other, _) => wrong(0, "Integer or String", other),
    }
}

/// The first value that is not null. What follows an unknown value may still be needed and is kept.
fn coalesce(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let mut waiting = Vec::new();
    for argument in arguments {
        match evaluator.expression(argument)? {
            Value::Null => {}
            unknown @ Value::Unknown(_) => waiting.push(unknown),
            known if waiting.is_empty() => return Ok(known),
            known => {
                waiting.push(known);
                break;
            }
        }
    }
    match waiting.as_slice() {
        [] => Ok(Value::Null),
        [only] => Ok(only.clone()),
        several => Ok(symbolic("coalesce", several)),
    }
}
