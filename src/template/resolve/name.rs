//! The final name, type, scope and id of a resource: all of it must be known before the deployment starts.

use super::super::document::Declaration;
use super::super::error::Result;
use super::super::evaluate::Evaluator;
use super::super::identifier::identifier;
use super::super::value::Value;

/// What identifies a resource.
pub(super) struct Identity {
    pub(super) resource_type: String,
    pub(super) api_version: String,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) scope: Option<String>,
}

/// Evaluates what identifies a resource.
pub(super) fn identify(evaluator: &Evaluator<'_>, declaration: &Declaration) -> Result<Identity> {
    let known = |text: &str, what: &str| {
        known_string(evaluator, text, what).map_err(|error| error.within(what))
    };
    let resource_type = known(&declaration.resource_type, "type")?;
    let api_version = known(&declaration.api_version, "apiVersion")?;
    let names =
        declaration.names.iter().map(|name| known(name, "name")).collect::<Result<Vec<_>, _>>()?;
    let name = names.join("/");
    if name.split('/').any(str::is_empty) {
        return Err(template_error!(
            "The resource name '{name}' is not valid: no part of it may be empty."
        )
        .within("name"));
    }
    let optional =
        |text: Option<&String>, what: &str| text.map(|text| known(text, what)).transpose();
    let scope = optional(declaration.scope.as_ref(), "scope")?;
    let group = optional(declaration.resource_group.as_ref(), "resourceGroup")?;
    let subscription = optional(declaration.subscription.as_ref(), "subscriptionId")?;
    let scope = scope.map(|scope| absolute_scope(evaluator, &scope));
    let under = match (&scope, group, subscription) {
        (Some(scope), ..) => scope.clone(),
        (None, None, None) => evaluator.scope.id(),
        (None, group, subscription) => {
            let subscription =
                subscription.unwrap_or_else(|| evaluator.scope.subscription_id.clone());
            match group {
                Some(group) => format!("/subscriptions/{subscription}/resourceGroups/{group}"),
                None => format!("/subscriptions/{subscription}"),
            }
        }
    };
    let segments: Vec<_> = name.split('/').collect();
    let id = identifier(&under, &resource_type, &segments).map_err(|_| {
        template_error!(
            "The template resource '{name}' for type '{resource_type}' has incorrect segment lengths. A nested \
             resource type must have identical number of segments as its resource name. A root resource type must \
             have segment length one greater than its resource name."
        )
        .within("name")
    })?;
    Ok(Identity { resource_type, api_version, name, id, scope })
}

/// A scope as the start of an id: `/` is the tenant, and a path without a leading slash lies in the deployment's scope.
fn absolute_scope(evaluator: &Evaluator<'_>, scope: &str) -> String {
    let trimmed = scope.trim_end_matches('/');
    if trimmed.is_empty() || scope.starts_with('/') {
        trimmed.to_owned()
    } else {
        format!("{}/providers/{trimmed}", evaluator.scope.id())
    }
}

/// A string that must be known before the deployment starts.
pub(super) fn known_string(evaluator: &Evaluator<'_>, text: &str, what: &str) -> Result<String> {
    match evaluator.text(text)? {
        Value::String(text) => Ok(text),
        Value::Unknown(expression) => Err(template_error!(
            "The {what} must be known before the deployment starts; it depends on '[{expression}]'."
        )),
        other => Err(template_error!("The {what} must be a string, not '{}'.", other.kind())),
    }
}
