//! Resource functions:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource>.
//!
//! Ids are computed; what a running deployment must tell (`reference`, `list*`) is asked of the run, and noted as a
//! dependency where the documentation says that it implies one.

use serde_json::{Value as Json, json};

use super::super::dependency::{self, Match};
use super::super::evaluate::{EvaluationStage, Evaluator};
use super::super::identifier::identifier;
use super::super::resolve::ResolvedResource;
use super::super::value::Value;
use super::argument::Call;
use super::{CallResult, Function, MANY, Refusal, Result, invalid, strict, symbolic};

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
fn id(call: &Call<'_, '_>, scope: &str, position: usize) -> CallResult {
    let names = (position + 1..call.count()).map(|position| call.text(position));
    let names = names.collect::<Result<Vec<_>>>()?;
    Ok(Value::String(identifier(scope, call.text(position)?, &names)?))
}

/// The position of the type: the first argument with a slash, among the first few.
fn type_position(call: &Call<'_, '_>, most: usize) -> Result<usize> {
    for position in 0..=most {
        if position < call.count() && call.text(position)?.contains('/') {
            return Ok(position);
        }
    }
    invalid("no argument is a resource type such as 'Microsoft.Network/virtualNetworks'.")
}

fn resource_id(call: &Call<'_, '_>) -> CallResult {
    let scope = call.evaluator.scope;
    let position = type_position(call, 2)?;
    let under = match position {
        0 => scope.id(),
        1 => format!("/subscriptions/{}/resourceGroups/{}", scope.subscription_id, call.text(0)?),
        _ => format!("/subscriptions/{}/resourceGroups/{}", call.text(0)?, call.text(1)?),
    };
    id(call, &under, position)
}

fn subscription_id(call: &Call<'_, '_>) -> CallResult {
    let position = type_position(call, 1)?;
    let subscription = match position {
        0 => &call.evaluator.scope.subscription_id,
        _ => call.text(0)?,
    };
    id(call, &format!("/subscriptions/{subscription}"), position)
}

fn management_group_id(call: &Call<'_, '_>) -> CallResult {
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
    resource: Option<&'a ResolvedResource>,
}

/// The evaluator of a call that stands where the run is asked.
fn in_body<'a, 'b>(call: &Call<'a, 'b>) -> Result<&'a Evaluator<'b>> {
    if call.evaluator.stage() == EvaluationStage::Body {
        return Ok(call.evaluator);
    }
    invalid(
        "it can only be used in the properties of a resource and in outputs, not at this location.",
    )
}

/// Finds the resource that the first argument names, and notes a dependency where one is implied: by symbol or name,
/// and by id when no API version is given, since then the resource must be one of the template.
fn meant<'a>(call: &'a Call<'_, '_>, versioned: bool) -> Result<Meant<'a>> {
    let evaluator = in_body(call)?;
    let word = call.text(0)?;
    let undefined =
        || Refusal::Invalid(format!("The resource '{word}' is not defined in the template."));
    match dependency::find(evaluator.resources, word) {
        Some((found, way)) => {
            let [index] = found.as_slice() else {
                return refuse!("'{word}' means several resources; name one, such as '{word}[0]'.");
            };
            if way != Match::Id || !versioned {
                evaluator.note_reference(*index);
            }
            let resource = evaluator.resources.get(*index).ok_or_else(undefined)?;
            Ok(Meant { id: resource.id.clone(), resource: Some(resource) })
        }
        None if word.starts_with('/') && versioned => {
            Ok(Meant { id: word.to_owned(), resource: None })
        }
        None if word.starts_with('/') => refuse!(
            "the API version is required for '{word}', which is not defined in the template."
        ),
        None => Err(undefined()),
    }
}

fn is_full(call: &Call<'_, '_>, position: usize) -> Result<bool> {
    if position >= call.count() {
        return Ok(false);
    }
    match call.text(position)? {
        text if text.eq_ignore_ascii_case("Full") => Ok(true),
        text if text.eq_ignore_ascii_case("Properties") => Ok(false),
        text => refuse!("'{text}' must be 'Full' where it is given."),
    }
}

fn reference(call: &Call<'_, '_>) -> CallResult {
    // `reference('symbol', 'Full')` is accepted beside `reference('symbol', '2024-05-01', 'Full')`.
    let second_is_full = call.count() == 2 && is_full(call, 1).is_ok_and(|full| full);
    let version = match call.count() {
        1 => None,
        _ if second_is_full => None,
        _ => Some(call.text(1)?),
    };
    let full = second_is_full || is_full(call, 2)?;
    let meant = meant(call, version.is_some())?;
    let version = version.or(meant.resource.map(|resource| resource.api_version.as_str()));
    let told = call.evaluator.runtime.reference(&meant.id, version, full);
    told.map(Value::from).ok_or(Refusal::Symbolic)
}

fn references(call: &Call<'_, '_>) -> CallResult {
    let evaluator = in_body(call)?;
    let word = call.text(0)?;
    let full = is_full(call, 1)?;
    let instances: Vec<_> = evaluator
        .resources
        .iter()
        .enumerate()
        .filter(|(_, resource)| resource.declared.eq_ignore_ascii_case(word))
        .collect();
    if instances.is_empty() {
        return no_symbol(word);
    }
    // Instances whose condition is false are left out, as documented.
    let mut values = Vec::with_capacity(instances.len());
    for (index, resource) in instances {
        if !resource.is_deployed() {
            continue;
        }
        evaluator.note_reference(index);
        let version = Some(resource.api_version.as_str());
        let value = evaluator.runtime.reference(&resource.id, version, full);
        values.push(value.map_or_else(|| late_reference(resource, full), Value::from));
    }
    Ok(Value::Array(values))
}

fn no_symbol<T>(word: &str) -> Result<T> {
    refuse!("'{word}' is not the symbol of a resource in the template.")
}

fn late_reference(resource: &ResolvedResource, full: bool) -> Value {
    let mut arguments = vec![Value::string(&resource.symbol)];
    if full {
        arguments.push(Value::string(&resource.api_version));
        arguments.push(Value::string("Full"));
    }
    symbolic("reference", &arguments)
}

/// What is known of a resource of the template before it is deployed.
fn resource_info(call: &Call<'_, '_>) -> CallResult {
    let word = call.text(0)?;
    let found =
        call.evaluator.resources.iter().find(|resource| resource.symbol.eq_ignore_ascii_case(word));
    let Some(resource) = found else { return no_symbol(word) };
    Ok(Value::from(json!({
        "id": resource.id,
        "name": resource.name,
        "type": resource.resource_type,
        "apiVersion": resource.api_version
    })))
}

pub(super) fn list(call: &Call<'_, '_>) -> CallResult {
    let meant = meant(call, true)?;
    let version = call.text(1)?;
    let body: Option<Json> = (call.count() > 2).then(|| call.value(2).to_json());
    let told = call.evaluator.runtime.list(call.name, &meant.id, version, body.as_ref());
    told.map(Value::from).ok_or(Refusal::Symbolic)
}
