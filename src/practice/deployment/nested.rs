//! Deployments inside a deployment: what subscription templates use to reach into a group.
//!
//! The evaluator reads flat templates only, so the outer one sees a resource of a stand-in type, under whose name the
//! expressions of the template refer to it too. A nested template of inner scope is taken out before the outer one is
//! read; one of outer scope stays where it is and is evaluated with the rest of its resource
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates#expression-evaluation-scope-in-nested-templates>).

use serde_json::{Map, Value, json};

use crate::practice::group;
use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::Cloud;

use super::known::CloudRuntime;
use super::record::{Parent, Record};
use super::start::StartedWrite;
use super::submission::{self, Submission, SubmissionSource};
use super::{failure, preflight, run};
use crate::template::ResolvedResource;

const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";
const STAND_IN: &str = "Microsoft.Resources/nestedDeployments";
/// Holds a template of inner scope as text while one of outer scope around it is evaluated.
const SEALED: &str = "practiceText";

/// Takes the nested templates of inner scope out of a template; the result maps the key of each to its template.
///
/// # Errors
/// When a nested template is linked.
pub fn take_out(template: &mut Value) -> Result<Map<String, Value>> {
    let mut nested = Map::new();
    let mut found = false;
    match template.get_mut("resources") {
        Some(Value::Object(resources)) => {
            for (symbol, resource) in resources.iter_mut() {
                found |= take_one(symbol, resource, &mut nested)?;
            }
        }
        Some(Value::Array(resources)) => {
            for (index, resource) in resources.iter_mut().enumerate() {
                found |= take_one(&index.to_string(), resource, &mut nested)?;
            }
        }
        _ => {}
    }
    if found {
        reword(template, DEPLOYMENTS, STAND_IN);
    }
    Ok(nested)
}

/// Whether the resource is a nested deployment.
fn take_one(key: &str, resource: &mut Value, nested: &mut Map<String, Value>) -> Result<bool> {
    if !is_deployment(resource.text("/type")) || resource.flag("/existing") {
        return Ok(false);
    }
    let is_inner = is_inner(resource);
    unseal(resource);
    if let Some(template) = resource.pointer_mut("/properties/template")
        && !is_inner
    {
        each_resource(template, &mut seal);
    }
    let template = json::members(resource, "/properties").and_then(|properties| {
        if !is_inner {
            return properties.get("template").cloned();
        }
        let template = properties.shift_remove("template")?;
        properties.insert("practiceTemplate".to_owned(), json!(key));
        Some(template)
    });
    let Some(template) = template else {
        return Err(bad_request!(
            "InvalidTemplate",
            "Deployment template validation failed: 'A nested deployment must have its template in it.'"
        ));
    };
    if is_inner {
        nested.insert(key.to_owned(), template);
    }
    Ok(true)
}

/// Whether the template of a nested deployment is evaluated by itself.
fn is_inner(resource: &Value) -> bool {
    let scope = resource.text("/properties/expressionEvaluationOptions/scope");
    scope.eq_ignore_ascii_case("inner")
}

/// Does something to each resource of a template.
fn each_resource(template: &mut Value, work: &mut dyn FnMut(&mut Value)) {
    match template.get_mut("resources") {
        Some(Value::Object(resources)) => resources.values_mut().for_each(work),
        Some(Value::Array(resources)) => resources.iter_mut().for_each(work),
        _ => {}
    }
}

/// Makes text of the templates of inner scope in a resource of a template of outer scope, and below.
fn seal(resource: &mut Value) {
    let is_inner = is_inner(resource);
    let Some(properties) = json::members(resource, "/properties") else { return };
    if is_inner && let Some(template) = properties.shift_remove("template") {
        properties.insert(SEALED.to_owned(), json!(template.to_string()));
    } else if let Some(template) = properties.get_mut("template") {
        each_resource(template, &mut seal);
    }
}

/// Undoes [`seal`].
fn unseal(resource: &mut Value) {
    let Some(properties) = json::members(resource, "/properties") else { return };
    if let Some(text) = properties.shift_remove(SEALED)
        && let Some(template) = text.as_str().and_then(|text| serde_json::from_str(text).ok())
    {
        properties.insert("template".to_owned(), template);
    }
    if let Some(template) = properties.get_mut("template") {
        each_resource(template, &mut unseal);
    }
}

/// Replaces a word in all texts.
fn reword(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) => *text = text.replace(from, to),
        Value::Array(items) => items.iter_mut().for_each(|item| reword(item, from, to)),
        Value::Object(members) => members.values_mut().for_each(|member| reword(member, from, to)),
        _ => {}
    }
}

/// The real name in place of the stand-in.
pub fn own_words(text: &str) -> String {
    text.replace(STAND_IN, DEPLOYMENTS)
}

/// Puts nested templates back where they were, for an export.
pub fn put_back(template: &mut Value, nested: &Map<String, Value>) {
    let mut restore = |resource: &mut Value| {
        unseal(resource);
        let Some(properties) = json::members(resource, "/properties") else { return };
        if let Some(key) = properties.shift_remove("practiceTemplate")
            && let Some(inner) = key.as_str().and_then(|key| nested.get(key))
        {
            properties.insert("template".to_owned(), inner.clone());
        }
    };
    reword(template, STAND_IN, DEPLOYMENTS);
    each_resource(template, &mut restore);
}

/// True for the type of a nested deployment, under either of its names.
pub fn is_deployment(resource_type: &str) -> bool {
    [DEPLOYMENTS, STAND_IN].iter().any(|known| known.eq_ignore_ascii_case(resource_type))
}

/// Judges a nested deployment as a part of an outer one, before anything begins. Its group may be one that the outer one
/// creates.
///
/// # Errors
/// What its own validation finds; values that only the run will know are judged then.
pub fn preflight(cloud: &Cloud, outer: &Submission, resource: &ResolvedResource) -> Result<()> {
    inner(cloud, outer, resource)?.map_or(Ok(()), |inner| preflight::check(cloud, &inner))
}

/// What a nested deployment would submit, as far as it is known before the run.
///
/// # Errors
/// What is wrong with its template or its parameters.
pub fn inner(
    cloud: &Cloud,
    outer: &Submission,
    resource: &ResolvedResource,
) -> Result<Option<Submission>> {
    let known = CloudRuntime::new(cloud, outer.secrets.clone());
    let body = outer.resolved.body(&resource.symbol, &known);
    let body = body.map_err(|error| failure::of_template(&error))?;
    let Some(id) = ResourceId::parse(&own_words(&resource.id)) else { return Ok(None) };
    // What depends on another resource's answer is known in the run only.
    if known.was_asked() {
        return Ok(None);
    }
    let scope = Scope::group(&id.subscription, &id.group);
    let source = source(&outer.nested, &outer.location, &id, scope, &body);
    submission::resolve(cloud, source).map(Some)
}

/// Begins a nested deployment as a part of an outer one.
///
/// # Errors
/// What its own validation finds.
pub fn begin(cloud: &mut Cloud, outer: &Record, part: usize, body: &Value) -> Result<StartedWrite> {
    let own = outer.parts.get(part);
    let id = own
        .and_then(|part| ResourceId::parse(&part.id))
        .ok_or_else(|| bad_request!("InvalidTemplate", "A nested deployment has no id."))?;
    let scope = Scope::group(&id.subscription, &id.group);
    if cloud.group(&scope).is_none() {
        return Err(group::unknown(&id.group));
    }
    let running = Record::load(cloud, &scope, id.name()).filter(Record::is_running);
    if let Some(running) = running {
        return Err(super::active(&running));
    }
    let source = source(&outer.nested, &outer.location, &id, scope, body);
    let submission = submission::resolve(cloud, source)?;
    preflight::check(cloud, &submission)?;
    let parent = Parent { scope: outer.scope.clone(), name: outer.name.clone(), part };
    let record = run::accept(cloud, &submission, Some(parent))?;
    if record.is_running() {
        return Ok(StartedWrite { span: None, status: 201, error: None });
    }
    // It has ended at once: the outer deployment goes on at the same moment.
    let failed = record.state != super::record::DeploymentState::Succeeded;
    Ok(StartedWrite {
        span: Some(jiff::SignedDuration::ZERO),
        status: if failed { 409 } else { 201 },
        error: failed.then(|| run::nested_error(&record)),
    })
}

/// What a nested deployment asks for, from the body of its part.
fn source(
    nested: &Map<String, Value>,
    location: &str,
    id: &ResourceId,
    scope: Scope,
    body: &Value,
) -> SubmissionSource {
    let key = body.text("/properties/practiceTemplate");
    let in_place = || body.pointer("/properties/template").cloned();
    let mut template = nested.get(key).cloned().or_else(in_place).unwrap_or(Value::Null);
    if key.is_empty() {
        reword(&mut template, STAND_IN, DEPLOYMENTS);
    }
    SubmissionSource {
        name: id.name().to_owned(),
        scope,
        location: body.get("location").and_then(Value::as_str).unwrap_or(location).to_owned(),
        tags: body.copy("/tags"),
        properties: json!({
            "mode": body.pointer("/properties/mode"),
            "template": template,
            "parameters": body.pointer("/properties/parameters"),
        }),
    }
}
