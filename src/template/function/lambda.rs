//! Lambda functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-lambda>.
//!
//! A lambda is evaluated once per element; it is no value and can stand only as an argument here.

use indexmap::IndexMap;

use super::super::evaluate::Evaluator;
use super::super::expression::Expression;
use super::super::value::Value;
use super::argument::{Call, wrong};
use super::object::insert;
use super::{CallResult, Function, Refusal, Result, invalid, lazy, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    lazy("filter", 2, 2, filter),
    lazy("groupBy", 2, 2, group_by),
    strict("lambdaVariables", 1, 1, variable),
    lazy("map", 2, 2, map),
    lazy("mapValues", 2, 2, map_values),
    lazy("reduce", 3, 3, reduce),
    lazy("sort", 2, 2, sort),
    lazy("toObject", 2, 3, to_object),
];

fn variable(call: &Call<'_, '_>) -> CallResult {
    let name = call.text(0)?;
    let value = call.evaluator.lambda_variable(name);
    value.map_or_else(|| refuse!("there is no lambda variable '{name}' around it."), Ok)
}

struct Lambda<'a> {
    names: Vec<&'a str>,
    body: &'a Expression,
}

impl<'a> Lambda<'a> {
    /// Reads `lambda('name', ..., body)` with a number of names; one more may receive the element's index.
    fn parse(argument: Option<&'a Expression>, wanted: usize, indexed: bool) -> Result<Self> {
        let form = || refuse!("it needs a lambda with {wanted} variable(s).");
        let Some(Expression::Call { name, arguments }) = argument else { return form() };
        let Some((body, names)) = arguments.split_last() else { return form() };
        let names: Option<Vec<_>> = names
            .iter()
            .map(|name| match name {
                Expression::String(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let most = wanted + usize::from(indexed);
        match names {
            Some(names)
                if name.eq_ignore_ascii_case("lambda")
                    && (wanted..=most).contains(&names.len()) =>
            {
                Ok(Self { names, body })
            }
            _ => form(),
        }
    }

    fn run(
        &self,
        evaluator: &Evaluator<'_>,
        values: impl IntoIterator<Item = Value>,
    ) -> CallResult {
        let bound = self.names.iter().map(|name| (*name).to_owned()).zip(values);
        Ok(evaluator.with_lambda(bound, || evaluator.expression(self.body))?)
    }

    /// Runs over one element and its index.
    fn over(&self, evaluator: &Evaluator<'_>, element: &Value, index: usize) -> CallResult {
        let index = Value::integer(i64::try_from(index).unwrap_or(i64::MAX));
        self.run(evaluator, [element.clone(), index])
    }
}

/// The array; while it is unknown, the whole call stays as text.
fn input(evaluator: &Evaluator<'_>, name: &str, arguments: &[Expression]) -> Result<Vec<Value>> {
    let Some(first) = arguments.first() else { return invalid("it needs an array.") };
    match evaluator.expression(first)? {
        Value::Array(elements) => Ok(elements),
        Value::Unknown(text) => Err(Refusal::Late(waiting(name, &text, arguments))),
        other => wrong(0, "Array", &other),
    }
}

fn waiting(name: &str, first: &str, arguments: &[Expression]) -> Value {
    let mut list = vec![first.to_owned()];
    list.extend(arguments.iter().skip(1).map(Expression::to_string));
    Value::Unknown(format!("{name}({})", list.join(", ")))
}

fn late(name: &str, elements: Vec<Value>, arguments: &[Expression]) -> CallResult {
    Ok(waiting(name, &Value::Array(elements).expression(), arguments))
}

fn filter(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let lambda = Lambda::parse(arguments.get(1), 1, true)?;
    let elements = input(evaluator, "filter", arguments)?;
    let mut kept = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        match lambda.over(evaluator, element, index)? {
            Value::Bool(true) => kept.push(element.clone()),
            Value::Bool(false) => {}
            Value::Unknown(_) => return late("filter", elements, arguments),
            other => return wrong(1, "lambda giving Boolean", &other),
        }
    }
    Ok(Value::Array(kept))
}

fn map(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let lambda = Lambda::parse(arguments.get(1), 1, true)?;
    let elements = input(evaluator, "map", arguments)?;
    let values = elements.iter().enumerate();
    let values = values.map(|(index, element)| lambda.over(evaluator, element, index));
    values.collect::<Result<_, _>>().map(Value::Array)
}

fn reduce(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let lambda = Lambda::parse(arguments.get(2), 2, true)?;
    let elements = input(evaluator, "reduce", arguments)?;
    let Some(start) = arguments.get(1) else { return invalid("it needs an initial value.") };
    let mut current = evaluator.expression(start)?;
    for (index, next) in elements.into_iter().enumerate() {
        let index = Value::integer(i64::try_from(index).unwrap_or(i64::MAX));
        current = lambda.run(evaluator, [current, next, index])?;
    }
    Ok(current)
}

/// Puts each element before the first of those already placed that it must precede; equal ones keep their order.
fn sort(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let lambda = Lambda::parse(arguments.get(1), 2, false)?;
    let elements = input(evaluator, "sort", arguments)?;
    let mut sorted: Vec<Value> = Vec::with_capacity(elements.len());
    for element in &elements {
        let mut position = sorted.len();
        for (index, placed) in sorted.iter().enumerate() {
            match lambda.run(evaluator, [element.clone(), placed.clone()])? {
                Value::Bool(true) => {
                    position = index;
                    break;
                }
                Value::Bool(false) => {}
                Value::Unknown(_) => return late("sort", elements, arguments),
                other => return wrong(1, "lambda giving Boolean", &other),
            }
        }
        sorted.insert(position, element.clone());
    }
    Ok(Value::Array(sorted))
}

/// The key that a lambda gives for each element; `None` while one of them is unknown.
fn keyed(
    evaluator: &Evaluator<'_>,
    lambda: &Lambda<'_>,
    elements: &[Value],
) -> Result<Option<Vec<String>>> {
    let mut keys = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        match lambda.over(evaluator, element, index)? {
            Value::String(key) => keys.push(key),
            Value::Unknown(_) => return Ok(None),
            other => return wrong(1, "lambda giving String", &other),
        }
    }
    Ok(Some(keys))
}

fn to_object(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let key = Lambda::parse(arguments.get(1), 1, false)?;
    let value = arguments.get(2).map(|value| Lambda::parse(Some(value), 1, false)).transpose()?;
    let elements = input(evaluator, "toObject", arguments)?;
    let Some(keys) = keyed(evaluator, &key, &elements)? else {
        return late("toObject", elements, arguments);
    };
    let mut object = IndexMap::new();
    for (key, element) in keys.into_iter().zip(elements) {
        let value = match &value {
            None => element,
            Some(lambda) => lambda.run(evaluator, [element])?,
        };
        insert(&mut object, key, value);
    }
    Ok(Value::Object(object))
}

fn group_by(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let lambda = Lambda::parse(arguments.get(1), 1, false)?;
    let elements = input(evaluator, "groupBy", arguments)?;
    let Some(keys) = keyed(evaluator, &lambda, &elements)? else {
        return late("groupBy", elements, arguments);
    };
    let mut groups: IndexMap<String, Vec<Value>> = IndexMap::new();
    for (key, element) in keys.into_iter().zip(elements) {
        groups.entry(key).or_default().push(element);
    }
    let groups = groups.into_iter().map(|(key, elements)| (key, Value::Array(elements)));
    Ok(Value::Object(groups.collect()))
}

fn map_values(evaluator: &Evaluator<'_>, arguments: &[Expression]) -> CallResult {
    let lambda = Lambda::parse(arguments.get(1), 1, false)?;
    let Some(first) = arguments.first() else { return invalid("it needs an object.") };
    match evaluator.expression(first)? {
        Value::Object(entries) => entries
            .into_iter()
            .map(|(key, value)| Ok((key, lambda.run(evaluator, [value])?)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
        Value::Unknown(text) => Ok(waiting("mapValues", &text, arguments)),
        other => wrong(0, "Object", &other),
    }
}
