//! Logical functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-logical>.
//!
//! `if`, `and` and `or` evaluate only the arguments that decide; ARM does the same for `if`.

use super::super::evaluate::Evaluator;
use super::super::expression::Expression;
use super::super::value::Value;
use super::argument::{Call, wrong};
use super::{CallResult, Function, MANY, invalid, lazy, strict, symbolic};

pub(super) const FUNCTIONS: &[Function] = &[
    lazy("and", 2, MANY, |evaluator, arguments| until(evaluator, "and", arguments, false)),
    strict("bool", 1, 1, boolean),
    strict("false", 0, 0, |_| Ok(Value::Bool(false))),
    lazy("if", 3, 3, choose),
    strict("not", 1, 1, |call| Ok(Value::Bool(!call.boolean(0)?))),
    lazy("or", 2, MANY, |evaluator, arguments| until(evaluator, "or", arguments, true)),
    strict("true", 0, 0, |_| Ok(Value::Bool(true))),
];

/// Evaluates up to the first argument that decides. What is unknown waits, unless a later one decides.
fn until(
    evaluator: &Evaluator<'_>,
    name: &str,
    arguments: &[Expression],
    deciding: bool,
) -> CallResult {
    let mut waiting = Vec::new();
    for (position, argument) in arguments.iter().enumerate() {
        match evaluator.expression(argument)? {
            Value::Bool(value) if value == deciding => return Ok(Value::Bool(deciding)),
            Value::Bool(_) => {}
            unknown @ Value::Unknown(_) => waiting.push(unknown),
            other => return wrong(position, "Boolean", &other),
        }
    }
    match waiting.pop() {
        None => Ok(Value::Bool(!deciding)),
        Some(only) if waiting.is_empty() => Ok(only),
        Some(last) => {
            waiting.push(last);
            Ok(symbolic(name, &waiting))
        }
    }
}

fn choose(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let [condition, then, otherwise] = arguments else {
        return invalid("it takes a condition and two values.");
    };
    match evaluator.expression(condition)? {
        Value::Bool(true) => Ok(evaluator.expression(then)?),
        Value::Bool(false) => Ok(evaluator.expression(otherwise)?),
        unknown @ Value::Unknown(_) => {
            let branches = [unknown, evaluator.expression(then)?, evaluator.expression(otherwise)?];
            Ok(symbolic("if", &branches))
        }
        other => wrong(0, "Boolean", &other),
    }
}

fn boolean(call: &Call<'_, '_>) -> CallResult {
    let value = match call.value(0) {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    };
    value.map_or_else(|| wrong(0, "Boolean", call.value(0)), |value| Ok(Value::Bool(value)))
}
