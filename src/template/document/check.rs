//! Parsing every expression of a template once, so that a wrong one is found even where it would never be used.

use serde_json::Value as Json;

use super::super::error::Result;
use super::super::expression::{Expression, TemplateText, parse_text};
use super::super::function;

/// Parses every string of a section and checks that each function in it is one that can be evaluated.
pub(super) fn expressions(json: &Json) -> Result<()> {
    match json {
        Json::String(text) => match parse_text(text)? {
            TemplateText::Literal(_) => Ok(()),
            TemplateText::Expression(expression) => check_functions(&expression),
        },
        Json::Array(elements) => elements.iter().enumerate().try_for_each(|(index, element)| {
            expressions(element).map_err(|error| error.within_element(index))
        }),
        Json::Object(entries) => entries.iter().try_for_each(|(key, value)| {
            // Neither is evaluated: brackets in a description or in an allowed value are text.
            if key == "metadata" || key == "allowedValues" {
                return Ok(());
            }
            expressions(&Json::String(key.clone()))
                .and_then(|()| expressions(value))
                .map_err(|error| error.within(key))
        }),
        _ => Ok(()),
    }
}

fn check_functions(expression: &Expression) -> Result<()> {
    match expression {
        Expression::String(_) | Expression::Integer(_) => Ok(()),
        Expression::Call { name, arguments } => {
            function::check(name)?;
            arguments.iter().try_for_each(check_functions)
        }
        Expression::Property { target, .. } => check_functions(target),
        Expression::Index { target, index, .. } => {
            check_functions(target)?;
            check_functions(index)
        }
    }
}
