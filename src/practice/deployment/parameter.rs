//! The parameters of a deployment: their values, what is kept of them, and what is shown.
//!
//! A secret is kept as a digest and shown as a type without value.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::practice::identifier::Scope;
use crate::practice::reply::Result;
use crate::practice::secure;
use crate::practice::state::Cloud;
use crate::template::{Resolved, Template};

use super::record::Record;
use super::submission::{Submission, invalid};

/// `{"name": {"value": …}}` as `{"name": …}`.
pub fn values(parameters: Option<&Value>) -> Result<Map<String, Value>> {
    let mut values = Map::new();
    for (name, entry) in parameters.and_then(Value::as_object).into_iter().flatten() {
        match entry.get("value") {
            Some(value) => {
                values.insert(name.clone(), value.clone());
            }
            None if entry.get("reference").is_some() => {
                return Err(bad_request!(
                    "KeyVaultParameterReferenceNotSupported",
                    "The practice cloud has no secrets to read for parameter '{name}'. Give its value."
                ));
            }
            None => {
                return Err(invalid(format!("The parameter '{name}' has no 'value'.")));
            }
        }
    }
    Ok(values)
}

/// Values of secure parameters: as given, else a default that is no expression.
pub fn secrets(template: &Template, given: &Map<String, Value>) -> BTreeMap<String, Value> {
    template
        .secure_parameters()
        .filter_map(|name| {
            let value = given
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone());
            let default =
                template.parameter(name).and_then(|(_, parameter)| parameter.default.clone());
            value.or(default).map(|value| (name.to_owned(), value))
        })
        .collect()
}

/// What is kept of the parameters: secrets as digests, defaults that differ at each evaluation as their value now.
pub fn kept_values(
    cloud: &Cloud,
    scope: &Scope,
    template: &Template,
    given: &Map<String, Value>,
    secrets: &BTreeMap<String, Value>,
    resolved: &Resolved,
) -> Map<String, Value> {
    let mut kept: Map<String, Value> = given
        .iter()
        .filter(|(name, _)| !secrets.keys().any(|secret| secret.eq_ignore_ascii_case(name)))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, secret) in secrets {
        let sealed = if secure::is_placeholder(secret) {
            secret.clone()
        } else {
            known_digest(cloud, scope, secret).unwrap_or_else(|| secure::placeholder(secret))
        };
        kept.insert(name.clone(), sealed);
    }
    for (name, parameter) in template.parameters() {
        let text = parameter.default.as_ref().map(Value::to_string);
        let changes = text.is_some_and(|text| {
            let lowered = text.to_ascii_lowercase();
            lowered.contains("utcnow(") || lowered.contains("newguid(")
        });
        if changes
            && !kept.contains_key(name)
            && let Some(value) = resolved.parameters.get(name)
        {
            kept.insert(name.clone(), value.clone());
        }
    }
    kept
}

/// The digest under which the group knows this secret already. With the same digest a body that has not changed is
/// seen to be the same, although the secret itself is not kept.
fn known_digest(cloud: &Cloud, scope: &Scope, secret: &Value) -> Option<Value> {
    let group = cloud.group(scope)?;
    let bodies = group.resources.values().map(|resource| &resource.body);
    let parameters =
        group.deployments.values().rev().flat_map(|deployment| deployment.parameters.values());
    bodies.chain(parameters).find_map(|value| find_digest(value, secret))
}

fn find_digest(value: &Value, secret: &Value) -> Option<Value> {
    if secure::is_placeholder(value) {
        return secure::matches(value, secret).then(|| value.clone());
    }
    match value {
        Value::Object(members) => members.values().find_map(|member| find_digest(member, secret)),
        Value::Array(items) => items.iter().find_map(|item| find_digest(item, secret)),
        _ => None,
    }
}

/// Takes the default values of secure parameters out of a template.
pub fn forget_secret_defaults(json: &mut Value, template: &Template) {
    for name in template.secure_parameters() {
        let declaration = json
            .get_mut("parameters")
            .and_then(|parameters| parameters.get_mut(name))
            .and_then(Value::as_object_mut);
        if let Some(declaration) = declaration {
            declaration.shift_remove("defaultValue");
        }
    }
}

/// The secure parameters of an accepted deployment, as digests.
pub fn digests(record: &Record) -> Vec<(String, Value)> {
    record
        .parameters
        .iter()
        .filter(|(_, value)| secure::is_placeholder(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Parameters as an answer shows them: type and value, secure ones without value.
pub fn shown(submission: &Submission) -> Map<String, Value> {
    let template = submission.resolved.template();
    let mut shown = Map::new();
    for (name, parameter) in template.parameters() {
        let kind = parameter.kind.name();
        let entry = match submission.resolved.parameters.get(name) {
            Some(value) if !parameter.kind.is_secure() => json!({ "type": kind, "value": value }),
            _ => json!({ "type": kind }),
        };
        shown.insert(name.clone(), entry);
    }
    shown
}
