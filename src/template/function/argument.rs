//! The arguments of one call, read by position and type.
//!
//! A wrong type is a fault that names the position; nothing is converted on the way.

use indexmap::IndexMap;

use super::super::evaluate::Evaluator;
use super::super::value::Value;
use super::Refusal;

/// One call of a function with its arguments evaluated.
pub(super) struct Call<'a, 'b> {
    pub(super) evaluator: &'a Evaluator<'b>,
    /// The function's name as the template writes it.
    pub(super) name: &'a str,
    pub(super) values: Vec<Value>,
}

impl Call<'_, '_> {
    /// The argument at a position, 0-based; null where there is none.
    pub(super) fn value(&self, position: usize) -> &Value {
        self.values.get(position).unwrap_or(&Value::Null)
    }

    /// How many arguments there are.
    pub(super) fn count(&self) -> usize {
        self.values.len()
    }

    /// A string.
    pub(super) fn text(&self, position: usize) -> Result<&str, Refusal> {
        match self.value(position) {
            Value::String(text) => Ok(text),
            other => wrong(position, "String", other),
        }
    }

    /// An integer.
    pub(super) fn integer(&self, position: usize) -> Result<i64, Refusal> {
        match self.value(position) {
            Value::Number(number) => match number.as_i64() {
                Some(number) => Ok(number),
                None => wrong(position, "Integer", self.value(position)),
            },
            other => wrong(position, "Integer", other),
        }
    }

    /// A boolean.
    pub(super) fn boolean(&self, position: usize) -> Result<bool, Refusal> {
        match self.value(position) {
            Value::Bool(value) => Ok(*value),
            other => wrong(position, "Boolean", other),
        }
    }

    /// An array.
    pub(super) fn array(&self, position: usize) -> Result<&[Value], Refusal> {
        match self.value(position) {
            Value::Array(elements) => Ok(elements),
            other => wrong(position, "Array", other),
        }
    }

    /// An object.
    pub(super) fn object(&self, position: usize) -> Result<&IndexMap<String, Value>, Refusal> {
        match self.value(position) {
            Value::Object(entries) => Ok(entries),
            other => wrong(position, "Object", other),
        }
    }
}

/// The fault of an argument of the wrong type.
pub(super) fn wrong<T>(position: usize, wanted: &str, value: &Value) -> Result<T, Refusal> {
    refuse!(
        "argument {} must be of type '{wanted}', but is of type '{}'.",
        position + 1,
        value.kind()
    )
}
