//! Checks given parameter values against their declarations, with ARM's words.
//!
//! Rules: <https://learn.microsoft.com/azure/azure-resource-manager/templates/parameters>. A secure value must never
//! appear in a message.

use serde_json::{Map, Value as Json};

use super::document::{Parameter, ParameterType, Template};
use super::error::{Result, TemplateError};
use super::evaluate::given;

/// Marks, in place of a secure value, that a value was given and is kept elsewhere.
pub(super) const KEPT_ELSEWHERE: &str = "$secure";

/// Checks all given values.
///
/// # Errors
/// `InvalidTemplate` for a value that no parameter takes, or that its parameter does not allow.
pub(super) fn parameters(template: &Template, values: &Map<String, Json>) -> Result<()> {
    let strangers: Vec<_> = values
        .keys()
        .filter(|name| template.parameter(name).is_none())
        .map(String::as_str)
        .collect();
    if !strangers.is_empty() {
        let known: Vec<_> = template.parameters().keys().map(String::as_str).collect();
        return Err(template_error!(
            "The following parameters were supplied, but do not correspond to any parameters defined in the \
             template: '{}'. The parameters defined in the template are: '{}'.",
            strangers.join(", "),
            known.join(", ")
        )
        .within("parameters"));
    }
    for (name, parameter) in template.parameters() {
        if let Some(value) = given(values, name) {
            check(name, parameter, value)?;
        }
    }
    Ok(())
}

/// Checks one value, given or by default.
///
/// # Errors
/// `InvalidTemplate` naming the parameter and the rule.
pub(super) fn check(name: &str, parameter: &Parameter, value: &Json) -> Result<()> {
    let kept_elsewhere = parameter.kind.is_secure() && value.get(KEPT_ELSEWHERE).is_some();
    if kept_elsewhere || (parameter.nullable && value.is_null()) {
        return Ok(());
    }
    rule(name, parameter, value)
        .map_err(|message| TemplateError::invalid(message).rooted_at(&format!("parameters.{name}")))
}

/// Whether a known value is of a declared type.
pub(super) fn has_kind(kind: ParameterType, value: &Json) -> bool {
    match kind {
        ParameterType::String | ParameterType::SecureString => value.is_string(),
        ParameterType::Int => value.is_i64(),
        ParameterType::Bool => value.is_boolean(),
        ParameterType::Object | ParameterType::SecureObject => value.is_object(),
        ParameterType::Array => value.is_array(),
    }
}

fn rule(name: &str, parameter: &Parameter, value: &Json) -> Result<(), String> {
    if !has_kind(parameter.kind, value) {
        return Err(format!(
            "The provided value for the template parameter '{name}' is not valid. Expected a value of type \
             '{}', but received a value of type '{}'.",
            parameter.kind.name(),
            super::value::Value::from(value).kind()
        ));
    }
    if let Some(allowed) = &parameter.allowed {
        let within = match value {
            Json::Array(elements) if !allowed.contains(value) => {
                elements.iter().all(|element| allowed.contains(element))
            }
            other => allowed.contains(other),
        };
        if !within {
            let list: Vec<_> = allowed.iter().map(plain).collect();
            return Err(format!(
                "The provided value{} for the template parameter '{name}' is not valid. The value is not \
                 part of the allowed value(s): '{}'.",
                shown(parameter, value),
                list.join(",")
            ));
        }
    }
    bounds(name, parameter, value)?;
    let shape = parameter.shape.as_ref();
    shape.map_or(Ok(()), |shape| shape.check(value)).map_err(|complaint| {
        format!("The provided value for the template parameter '{name}' is not valid: {complaint}.")
    })
}

fn bounds(name: &str, parameter: &Parameter, value: &Json) -> Result<(), String> {
    let not_valid = |why: String| {
        Err(format!("The provided value for the template parameter '{name}' is not valid. {why}"))
    };
    if let Some(number) = value.as_i64() {
        if let Some(least) = parameter.minimum_value.filter(|least| number < *least) {
            return not_valid(format!(
                "The value '{number}' is less than the minimum value of '{least}'."
            ));
        }
        if let Some(most) = parameter.maximum_value.filter(|most| number > *most) {
            return not_valid(format!(
                "The value '{number}' is greater than the maximum value of '{most}'."
            ));
        }
    }
    let length = match value {
        Json::String(text) => text.encode_utf16().count(),
        Json::Array(elements) => elements.len(),
        _ => return Ok(()),
    };
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    if let Some(least) = parameter.minimum_length.filter(|least| length < *least) {
        return not_valid(format!(
            "Length of the value should be greater than or equal to '{least}'."
        ));
    }
    if let Some(most) = parameter.maximum_length.filter(|most| length > *most) {
        return not_valid(format!("Length of the value should be less than or equal to '{most}'."));
    }
    Ok(())
}

fn shown(parameter: &Parameter, value: &Json) -> String {
    if parameter.kind.is_secure() { String::new() } else { format!(" '{}'", plain(value)) }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
