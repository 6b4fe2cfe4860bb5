//! Resource functions:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource>.
//!
//! Ids are computed; what a running deployment must tell (`reference`, `list*`) is asked of the run, and noted as a
//! dependency where the documentation says that it implies one.

use serde_json::{Value as Json, json};

use super::super::dependency::{self, Match, Target};
use super::super::evaluate::Stage;
use super::super::identifier::identifier;
use super::super::value::Value;
use super::argument::Call;
use super::{Answer, Function, MANY, Refusal, invalid, strict, symbolic};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("extensionResourceId", 3, MANY, |call| {
        let base = call.text(0)?.trim_end_matches('/');
        id(call, base, 1)
    }),
    strict("managementGroupResourceId", 2, MANY, management_group_id),
    strict("reference", 1, 3, reference),
    strict("references", 1, 2, references),
    strict("resourceId", 2, MANY, resource_id),
    strict("resourceInfo", 1, 1, resource_info),
    strict("subscriptionResourceId", 2, MANY, subscription_id),
    strict("tenantResourceId", 2, MANY, |call| id(call, "", 0)),
];

/// The id under a scope from the type at a position and the names after it.
fn id(call: &Call<'_, '_>, scope: &str, position: usize) -> Answer {
    let mut names = Vec::new();
    for position in position + 1..call.count() {
        names.push(call.text(position)?);
    }
    match identifier(scope, call.text(position)?, &names) {
        Ok(id) => Ok(Value::String(id)),
        Err(reason) => invalid(reason),
    }
}

/// The position of the type: the first argument with a slash, among the first few.
fn type_position(call: &Call<'_, '_>, most: usize) -> Result<usize, Refusal> {
    for position in 0..=most {
        if position < call.count() && call.text(position)?.contains('/') {
            return Ok(position);
        }
    }
    invalid("no argument is a resource type such as 'Microsoft.Network/virtualNetworks'.")
}

fn resource_id(call: &Call<'_, '_>) -> Answer {
    let scope = call.evaluator.scope;
    let position = type_position(call, 2)?;
    let under = match position {
        0 => scope.id(),
        1 => format!("/subscriptions/{}/resourceGroups/{}", scope.subscription_id, call.text(0)?),
        _ => format!("/subscriptions/{}/resourceGroups/{}", call.text(0)?, call.text(1)?),
    };
    id(call, &under, position)
}

fn subscription_id(call: &Call<'_, '_>) -> Answer {
    let position = type_position(call, 1)?;
    let subscription = match position {
        0 => &call.evaluator.scope.subscription_id,
        _ => call.text(0)?,
    };
    id(call, &format!("/subscriptions/{subscription}"), position)
}

fn management_group_id(call: &Call<'_, '_>) -> Answer {
    if type_position(call, 1)? == 0 {
        return invalid("outside a deployment to a management group, name the group first.");
    }
    let group = call.text(0)?;
    let scope = format!("/providers/Microsoft.Management/managementGroups/{group}");
    id(call, &scope, 1)
}

/// What an argument that names a resource means.
struct Meant<'a> {
    id: String,
    target: Option<&'a Target>,
}

/// Finds the resource that the first argument names, and notes a dependency where one is implied: by symbol or name,
/// and by id when no API version is given, since then the resource must be one of the template.
fn meant<'a>(call: &'a Call<'_, '_>, versioned: bool) -> Result<Meant<'a>, Refusal> {
    let evaluator = call.evaluator;
    if evaluator.stage() != Stage::Body {
        return invalid(
            "it can only be used in the properties of a resource and in outputs, not at this location.",
        );
    }
    let word = call.text(0)?;
    match dependency::find(evaluator.targets, word) {
        Some((found, way)) => {
            let [index] = found.as_slice() else {
                return refuse!("'{word}' means several resources; name one, such as '{word}[0]'.");
            };
            if way != Match::Id || !versioned {
                evaluator.note_reference(*index);
            }
            match evaluator.targets.get(*index) {
                Some(target) => Ok(Meant { id: target.id.clone(), target: Some(target) }),
                None => refuse!("The resource '{word}' is not defined in the template."),
            }
        }
        None if word.starts_with('/') && versioned => {
            Ok(Meant { id: word.to_owned(), target: None })
        }
        None if word.starts_with('/') => refuse!(
            "the API version is required for '{word}', which is not defined in the template."
        ),
        None => refuse!("The resource '{word}' is not defined in the template."),
    }
}

fn is_full(call: &Call<'_, '_>, position: usize) -> Result<bool, Refusal> {
    if position >= call.count() {
        return Ok(false);
    }
    match call.text(position)? {
        text if text.eq_ignore_ascii_case("Full") => Ok(true),
        text if text.eq_ignore_ascii_case("Properties") => Ok(false),
        text => refuse!("'{text}' must be 'Full' where it is given."),
    }
}

fn reference(call: &Call<'_, '_>) -> Answer {
    // `reference('symbol', 'Full')` is accepted beside `reference('symbol', '2024-05-01', 'Full')`.
    let second_is_full = call.count() == 2 && is_full(call, 1).is_ok_and(|full| full);
    let version = match call.count() {
        1 => None,
        _ if second_is_full => None,
        _ => Some(call.text(1)?),
    };
    let full = second_is_full || is_full(call, 2)?;
    let meant = meant(call, version.is_some())?;
    let version = version.or(meant.target.map(|target| target.api_version.as_str()));
    match call.evaluator.runtime.reference(&meant.id, version, full) {
        Some(value) => Ok(Value::from(value)),
        None => Err(Refusal::Symbolic),
    }
}

fn references(call: &Call<'_, '_>) -> Answer {
    let evaluator = call.evaluator;
    if evaluator.stage() != Stage::Body {
        return invalid(
            "it can only be used in the properties of a resource and in outputs, not at this location.",
        );
    }
    let word = call.text(0)?;
    let full = is_full(call, 1)?;
    let instances: Vec<_> = evaluator
        .targets
        .iter()
        .enumerate()
        .filter(|(_, target)| target.declared.eq_ignore_ascii_case(word))
        .collect();
    if instances.is_empty() {
        return refuse!("'{word}' is not the symbol of a resource in the template.");
    }
    // Instances whose condition is false are left out, as documented.
    let mut values = Vec::with_capacity(instances.len());
    for (index, target) in instances {
        if !target.deployed {
            continue;
        }
        evaluator.note_reference(index);
        let version = Some(target.api_version.as_str());
        let value = evaluator.runtime.reference(&target.id, version, full);
        values.push(value.map_or_else(|| late_reference(target, full), Value::from));
    }
    Ok(Value::Array(values))
}

fn late_reference(target: &Target, full: bool) -> Value {
    let mut arguments = vec![Value::string(&target.symbol)];
    if full {
        arguments.push(Value::string(&target.api_version));
        arguments.push(Value::string("Full"));
    }
    symbolic("reference", &arguments)
}

/// What is known of a resource of the template before it is deployed.
fn resource_info(call: &Call<'_, '_>) -> Answer {
    let word = call.text(0)?;
    let found =
        call.evaluator.targets.iter().find(|target| target.symbol.eq_ignore_ascii_case(word));
    match found {
        Some(target) => Ok(Value::from(json!({
            "id": target.id,
            "name": target.name,
            "type": target.resource_type,
            "apiVersion": target.api_version
        }))),
        None => refuse!("'{word}' is not the symbol of a resource in the template."),
    }
}

pub(super) fn list(call: &Call<'_, '_>) -> Answer {
    let meant = meant(call, true)?;
    let version = call.text(1)?;
    let body: Option<Json> = match call.count() {
        3.. => Some(call.value(2).to_json()),
        _ => None,
    };
    let answer = call.evaluator.runtime.list(call.name, &meant.id, version, body.as_ref());
    match answer {
        Some(value) => Ok(Value::from(value)),
        None => Err(Refusal::Symbolic),
    }
}
