//! Template deployments, at the scope of a resource group and of a subscription.
//!
//! A deployment is read and judged when it is submitted (`submission`, `preflight`), goes on through the queue of the
//! state (`run`, `start`), and is shown as far as it has come (`answer`). Resources are made by the same means as by a
//! plain PUT. This module knows no type of resource; `rule` does.

mod answer;
mod failure;
mod known;
mod nested;
mod parameter;
mod preflight;
mod record;
mod run;
mod start;
mod submission;
#[cfg(test)]
mod tests;
mod what_if;

use jiff::SignedDuration;
use serde_json::{Value, json};

pub use self::record::Record;
pub use self::run::step;
use super::asynchronous::{self, POLL_PAUSE, RESULT};
use super::clock::later;
use super::identifier::Scope;
use super::reply::{ArmError, Reply, Result};
use super::request::Request;
use super::state::{Cloud, SharedRecord};
use crate::practice::json::{self, HasJson as _};

/// Simulated time that a what-if takes.
const WHAT_IF: SignedDuration = SignedDuration::from_secs(6);

/// Where a request about deployments is aimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentTarget {
    /// Group or subscription.
    pub scope: Scope,
    /// Name of the deployment; `None` for the list.
    pub name: Option<String>,
    /// What follows the name, in lower case: `validate`, `whatif`, `cancel`, `exporttemplate`, `operations`,
    /// `operations/{id}`, `operationstatuses/{id}`; empty for the deployment itself.
    pub action: String,
}

/// Answers every request about deployments. The group or subscription is known to exist.
pub fn handle(cloud: &mut Cloud, request: &Request, target: &DeploymentTarget) -> Reply {
    let Some(name) = target.name.as_deref() else {
        return match request.method.as_str() {
            "GET" => list(cloud, request, &target.scope),
            _ => not_allowed(request),
        };
    };
    let (action, id) = target.action.split_once('/').unwrap_or((target.action.as_str(), ""));
    let answer = match (request.method.as_str(), action) {
        ("PUT", "") => put(cloud, request, &target.scope, name),
        ("POST", "validate") => validate(cloud, request, &target.scope, name),
        ("POST", "whatif") => what_if(cloud, request, &target.scope, name),
        ("HEAD", "") => {
            let known = Record::find(cloud, &target.scope, name).is_some();
            Ok(Reply::empty(if known { 204 } else { 404 }))
        }
        _ => find(cloud, &target.scope, name)
            .and_then(|record| on_record(cloud, request, &record, action, id)),
    };
    answer.into()
}

/// Requests about a deployment that exists.
fn on_record(
    cloud: &mut Cloud,
    request: &Request,
    record: &Record,
    action: &str,
    id: &str,
) -> Result<Reply> {
    match (request.method.as_str(), action) {
        ("GET", "") => Ok(answer::shown(cloud, record)),
        ("DELETE", "") => delete(cloud, request, record),
        ("POST", "cancel") => run::cancel(cloud, &mut record.clone()).map(|()| Reply::empty(204)),
        ("POST", "exporttemplate") => {
            let mut template = record.template.clone();
            nested::put_back(&mut template, &record.nested);
            Ok(Reply::ok(json!({ "template": template })))
        }
        ("GET", "operations") => operations(cloud, request, record, id),
        ("GET", "operationstatuses") if id.eq_ignore_ascii_case(&record.operation) => {
            Ok(answer::status(cloud, record))
        }
        ("GET", "operationstatuses") => Ok(asynchronous::unknown(id)),
        _ => Ok(not_allowed(request)),
    }
}

fn not_allowed(request: &Request) -> Reply {
    arm_error!(
        405,
        "MethodNotAllowed",
        "The HTTP method '{}' is not allowed on '{}'.",
        request.method,
        request.path
    )
    .into()
}

fn find(cloud: &Cloud, scope: &Scope, name: &str) -> Result<SharedRecord<Record>> {
    Record::find(cloud, scope, name).ok_or_else(|| {
        arm_error!(404, "DeploymentNotFound", "Deployment '{name}' could not be found.")
    })
}

/// The error for a name that is still in use.
fn active(record: &Record) -> ArmError {
    conflict!(
        "DeploymentActive",
        "Unable to edit or replace deployment '{}': previous deployment from '{}' is still active (expiration time \
         is '{}'). Please see https://aka.ms/arm-deploy for usage details.",
        record.name,
        record.started,
        later(record.started, SignedDuration::from_hours(7 * 24))
    )
}

fn put(cloud: &mut Cloud, request: &Request, scope: &Scope, name: &str) -> Result<Reply> {
    let before = Record::find(cloud, scope, name);
    if let Some(running) = before.as_ref().filter(|before| before.is_running()) {
        return Err(active(running));
    }
    if let Some(group) = cloud.group(scope).filter(|group| group.is_being_deleted()) {
        return Err(super::group::being_deleted(&group.name));
    }
    let submission = submission::read(cloud, request, scope, name)?;
    preflight::check(cloud, &submission)?;
    let record = run::accept(cloud, &submission, None)?;
    let mut view = answer::view(cloud, &record);
    // The first answer is given before anything has begun.
    if let Some(state) = view.pointer_mut("/properties/provisioningState") {
        *state = json!("Accepted");
    }
    let status = if before.is_some() { 200 } else { 201 };
    let url = format!(
        "{}{}/operationStatuses/{}?api-version={}",
        request.base,
        record.id(cloud),
        record.operation,
        request.api_version()
    );
    let reply = Reply::of(status, view).header("azure-asyncoperation", url);
    Ok(asynchronous::with_pause(reply, cloud, POLL_PAUSE))
}

fn validate(cloud: &Cloud, request: &Request, scope: &Scope, name: &str) -> Result<Reply> {
    let submission = submission::read(cloud, request, scope, name)?;
    preflight::check(cloud, &submission)?;
    let parts = preflight::parts(cloud, &submission)?;
    let group = cloud.group(scope).map_or("", |group| group.name.as_str());
    let mut validated: Vec<Value> = parts.iter().map(|part| json!({ "id": part.id })).collect();
    for resource in &submission.resolved.resources {
        if nested::is_deployment(&resource.resource_type)
            && let Some(inner) = nested::inner(cloud, &submission, resource)?
        {
            let inside = inner.resolved.resources.iter().filter(|each| each.is_deployed());
            validated.extend(inside.map(|each| json!({ "id": each.id })));
        }
    }
    let mut told = json!({
        "id": record::id(&scope.path(group), name),
        "name": name,
        "type": "Microsoft.Resources/deployments",
        "properties": {
            "templateHash": submission::hash(&submission.template),
            "parameters": parameter::shown(&submission),
            "mode": submission.mode,
            "provisioningState": "Succeeded",
            "timestamp": cloud.now().to_string(),
            "duration": "PT0S",
            "correlationId": cloud.new_guid(),
            "providers": [],
            "dependencies": [],
            "validatedResources": validated,
        },
    });
    if !submission.location.is_empty() {
        json::set(&mut told, "location", submission.location.as_str());
    }
    Ok(Reply::ok(told))
}

fn what_if(cloud: &mut Cloud, request: &Request, scope: &Scope, name: &str) -> Result<Reply> {
    let submission = submission::read(cloud, request, scope, name)?;
    let only_ids = request.body.says("/properties/whatIfSettings/resultFormat", "ResourceIdOnly");
    // What validation finds is told in the final answer, as Azure does.
    let result = match preflight::check(cloud, &submission) {
        Ok(()) => what_if::changes(cloud, &submission, only_ids)?,
        Err(error) => json!({ "status": "Failed", "error": error.to_value() }),
    };
    Ok(asynchronous::accepted_with_result(cloud, request, "Microsoft.Resources", WHAT_IF, result))
}

fn delete(cloud: &mut Cloud, request: &Request, record: &Record) -> Result<Reply> {
    if record.is_running() {
        return Err(active(record));
    }
    if let Some(group) = cloud.group_mut(&record.scope) {
        group.deployments.shift_remove(&record.name.to_ascii_lowercase());
    }
    let operation = asynchronous::begin_ended(cloud, None);
    Ok(asynchronous::accepted(cloud, request, "Microsoft.Resources", &operation, &[RESULT]))
}

fn list(cloud: &Cloud, request: &Request, scope: &Scope) -> Reply {
    let wanted = request
        .query("$filter")
        .filter(|filter| filter.to_ascii_lowercase().contains("provisioningstate"))
        .and_then(|filter| filter.split('\'').nth(1));
    let top = request.query("$top").and_then(|top| top.parse().ok()).unwrap_or(usize::MAX);
    // Newest first, as Azure lists them.
    let items = Record::all(cloud, scope)
        .rev()
        .filter(|record| {
            wanted.is_none_or(|wanted| record.state.name().eq_ignore_ascii_case(wanted))
        })
        .take(top)
        .map(|record| answer::view(cloud, record))
        .collect();
    Reply::list(items)
}

fn operations(cloud: &Cloud, request: &Request, record: &Record, id: &str) -> Result<Reply> {
    let mut items = answer::operations(cloud, record);
    if id.is_empty() {
        if let Some(top) = request.query("$top").and_then(|top| top.parse().ok()) {
            items.truncate(top);
        }
        return Ok(Reply::list(items));
    }
    items.into_iter().find(|item| item.says("/operationId", id)).map(Reply::ok).ok_or_else(|| {
        arm_error!(
            404,
            "DeploymentOperationNotFound",
            "The operation '{id}' of deployment '{}' was not found.",
            record.name
        )
    })
}
