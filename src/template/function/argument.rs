//! The arguments of one call, read by position and type.
//!
//! A wrong type is a fault that names the position; nothing is converted on the way.

use indexmap::IndexMap;

use super::super::evaluate::Evaluator;
use super::super::value::Value;
use super::Result;
use super::string::plain;

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

    /// The argument there is of another type than the one wanted.
    fn wrong<T>(&self, at: usize, wanted: &str) -> Result<T> {
        wrong(at, wanted, self.value(at))
    }

    /// All arguments as plain texts.
    pub(super) fn plain(&self) -> Result<Vec<String>> {
        let values = self.values.iter().enumerate();
        values.map(|(position, value)| plain_at(position, "String", value)).collect()
    }

    /// How many arguments there are.
    pub(super) fn count(&self) -> usize {
        self.values.len()
    }

    /// A string.
    pub(super) fn text(&self, at: usize) -> Result<&str> {
        let Value::String(text) = self.value(at) else { return self.wrong(at, "String") };
        Ok(text)
    }

    /// An integer.
    pub(super) fn integer(&self, at: usize) -> Result<i64> {
        let Value::Number(number) = self.value(at) else {
            return self.wrong(at, "Integer");
        };
        number.as_i64().map_or_else(|| self.wrong(at, "Integer"), Ok)
    }

    /// A boolean.
    pub(super) fn boolean(&self, at: usize) -> Result<bool> {
        let Value::Bool(value) = self.value(at) else { return self.wrong(at, "Boolean") };
        Ok(*value)
    }

    /// An array.
    pub(super) fn array(&self, at: usize) -> Result<&[Value]> {
        let Value::Array(elements) = self.value(at) else { return self.wrong(at, "Array") };
        Ok(elements)
    }

    /// An object.
    pub(super) fn object(&self, at: usize) -> Result<&IndexMap<String, Value>> {
        let Value::Object(entries) = self.value(at) else { return self.wrong(at, "Object") };
        Ok(entries)
    }
}

/// A value as plain text.
pub(super) fn plain_at(position: usize, wanted: &str, value: &Value) -> Result<String> {
    plain(value).map_or_else(|| wrong(position, wanted, value), Ok)
}

/// The fault of an argument of the wrong type.
pub(super) fn wrong<T>(position: usize, wanted: &str, value: &Value) -> Result<T> {
    refuse!(
        "argument {} must be of type '{wanted}', but is of type '{}'.",
        position + 1,
        value.kind()
    )
}
