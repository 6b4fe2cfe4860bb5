//! The course of a deployment: each resource begins at the very moment its last dependency has ended.
//!
//! A failure stops only what depends on it; a cancellation stops everything that has not begun. The deployment ends
//! when nothing is going on any more. All of it happens in simulated time, through the queue.

use std::collections::{HashMap, HashSet};

use jiff::SignedDuration;
use serde_json::json;

use crate::practice::clock::later;
use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, What};
use crate::practice::{resource, secure};
use crate::template::Resolved;

use super::known::CloudRuntime;
use super::record::{CachedAnswer, DeploymentState, Parent, Progress, Record};
use super::start::{self, StartedWrite};
use super::submission::{self, Submission};
use super::{failure, parameter};

/// Deployments that a group may remember; above `TIDY_ABOVE` the oldest are dropped down to `TIDY_TO`
/// (documentation of automatic deletions from deployment history).
const TIDY_ABOVE: usize = 700;
const TIDY_TO: usize = 600;

/// Accepts a submission and begins it.
///
/// # Errors
/// What ARM answers when an expression is wrong.
pub fn accept(
    cloud: &mut Cloud,
    submission: &Submission,
    parent: Option<Parent>,
) -> Result<Record> {
    super::preflight::register(cloud, submission);
    let mut record = Record {
        name: submission.name.clone(),
        scope: submission.scope.clone(),
        location: submission.location.clone(),
        tags: submission.tags.clone(),
        mode: submission.mode.clone(),
        template: submission.template.clone(),
        nested: submission.nested.clone(),
        parameters: submission.parameters.clone(),
        shown_parameters: parameter::shown(submission),
        state: DeploymentState::Running,
        correlation: cloud.new_guid(),
        operation: cloud.new_guid(),
        started: cloud.now(),
        ended: None,
        cancelled: false,
        parts: super::preflight::parts(cloud, submission)?,
        outputs: serde_json::Map::new(),
        error: None,
        parent,
        text: CachedAnswer::default(),
    };
    tidy(cloud, &submission.scope);
    // A deployment written again under its name is the newest one.
    if let Some(group) = cloud.group_mut(&submission.scope) {
        group.deployments.shift_remove(&record.name.to_ascii_lowercase());
    }
    launch(cloud, &mut record);
    Ok(record)
}

fn tidy(cloud: &mut Cloud, scope: &Scope) {
    let Some(group) = cloud.group(scope) else { return };
    if group.deployments.len() <= TIDY_ABOVE {
        return;
    }
    let surplus = group.deployments.len() - TIDY_TO;
    let old: HashSet<String> = group
        .deployments
        .iter()
        .filter(|(_, kept)| !kept.is_running())
        .take(surplus)
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(group) = cloud.group_mut(scope) {
        group.deployments.retain(|name, _| !old.contains(name));
    }
}

/// Begins every part whose dependencies are done, ends the deployment when nothing is left to wait for, and saves it.
fn launch(cloud: &mut Cloud, record: &mut Record) {
    let mut resolved = None;
    for index in ready(record) {
        begin_part(cloud, record, index, &mut resolved);
    }
    let is_idle = !record.parts.iter().any(|part| part.progress == Progress::Running);
    if is_idle {
        finish(cloud, record, resolved);
    } else {
        record.save(cloud);
    }
}

/// Waiting parts whose dependencies are all done.
fn ready(record: &Record) -> Vec<usize> {
    if record.cancelled {
        return Vec::new();
    }
    let progress: HashMap<&str, Progress> =
        record.parts.iter().map(|part| (part.symbol.as_str(), part.progress)).collect();
    record
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| {
            part.progress == Progress::Waiting
                && part.depends_on.iter().all(|symbol| {
                    progress
                        .get(symbol.as_str())
                        .is_none_or(|progress| *progress == Progress::Succeeded)
                })
        })
        .map(|(index, _)| index)
        .collect()
}

fn begin_part(
    cloud: &mut Cloud,
    record: &mut Record,
    index: usize,
    resolved: &mut Option<Resolved>,
) {
    let now = cloud.now();
    let operation =
        cloud.new_guid().replace('-', "").to_ascii_uppercase().chars().take(16).collect();
    let begun = start::begin(cloud, record, index, resolved);
    let event = What::DeploymentStep {
        scope: record.scope.clone(),
        deployment: record.name.clone(),
        step: format!("{}:{index}", record.operation),
    };
    let Some(part) = record.parts.get_mut(index) else { return };
    part.operation = operation;
    part.started = Some(now);
    part.body = None;
    match begun {
        Ok(StartedWrite { span, status, error }) => {
            part.progress = Progress::Running;
            part.status = status;
            part.error = error;
            // Without a span the part ends when the nested deployment does.
            if let Some(span) = span {
                cloud.schedule(later(now, span), event);
            }
        }
        Err(error) => {
            part.progress = Progress::Failed;
            part.ended = Some(now);
            part.status = error.status;
            part.error = Some(error.to_value());
        }
    }
}

/// A part's time is up.
pub fn step(cloud: &mut Cloud, scope: &Scope, deployment: &str, step: &str) {
    let Some(mut record) = Record::load(cloud, scope, deployment) else { return };
    let Some((operation, index)) = step.split_once(':') else { return };
    // The deployment may have been replaced by one of the same name.
    let (true, Ok(index)) = (operation == record.operation, index.parse::<usize>()) else { return };
    let Some(part) = record.parts.get_mut(index) else { return };
    part.ended = Some(cloud.now());
    part.progress = if part.error.is_some() { Progress::Failed } else { Progress::Succeeded };
    let failed = part.error.is_some();
    if let Some(id) = ResourceId::parse(&part.id)
        && cloud.resource(&id).is_some()
    {
        if failed {
            resource::fail(cloud, &id);
        } else {
            resource::finish(cloud, &id);
        }
    }
    launch(cloud, &mut record);
}

/// Nothing is going on any more: the deployment's own end.
fn finish(cloud: &mut Cloud, record: &mut Record, resolved: Option<Resolved>) {
    let waits = record.parts.iter().any(|part| part.progress == Progress::Waiting);
    let id = record.id(cloud);
    record.ended = Some(cloud.now());
    record.error = failure::of_deployment(&id, &record.parts);
    record.state = if record.cancelled && (waits || record.error.is_some()) {
        record.error = None;
        DeploymentState::Canceled
    } else if record.error.is_some() {
        DeploymentState::Failed
    } else {
        evaluate_outputs(cloud, record, resolved);
        if record.error.is_some() { DeploymentState::Failed } else { DeploymentState::Succeeded }
    };
    for part in &mut record.parts {
        part.body = None;
    }
    if record.mode == "Complete" && record.state == DeploymentState::Succeeded {
        remove_others(cloud, record);
    }
    record.save(cloud);
    if let Some(parent) = record.parent.clone() {
        end_of_nested(cloud, record, &parent);
    }
}

fn evaluate_outputs(cloud: &Cloud, record: &mut Record, resolved: Option<Resolved>) {
    let known = CloudRuntime::new(cloud, parameter::digests(record));
    let evaluated =
        resolved.map_or_else(|| submission::again(cloud, record), Ok).and_then(|resolved| {
            resolved.outputs(&known).map_err(|error| failure::of_template(&error))
        });
    let missed = known.missed();
    match (evaluated, missed) {
        (Ok(mut outputs), None) => {
            for output in outputs.values_mut() {
                secure::strip(output);
            }
            record.outputs = outputs;
        }
        (Ok(_), Some(missed)) => {
            let message =
                format!("The resource '{missed}' that an output refers to was not found.");
            record.error = Some(unread(&json!({ "code": "ResourceNotFound", "message": message })));
        }
        (Err(error), _) => record.error = Some(unread(&error.to_value())),
    }
}

fn unread(why: &serde_json::Value) -> serde_json::Value {
    json!({
        "code": "DeploymentOutputEvaluationFailed",
        "message": "Unable to evaluate template outputs. Please see error details and deployment \
         operations. Please see https://aka.ms/arm-common-errors for usage details.",
        "details": [why],
    })
}

/// Mode `Complete`: what the template does not name goes.
fn remove_others(cloud: &mut Cloud, record: &Record) {
    let named: Vec<String> = record.parts.iter().map(|part| part.id.to_ascii_lowercase()).collect();
    let others: Vec<ResourceId> = cloud
        .resources_in(&record.scope)
        .filter(|found| {
            let is_top = found.id.parent().is_none() && found.id.target().is_none();
            let by_card = found.is("Microsoft.Network/networkInterfaces")
                && !found.text("/properties/privateEndpoint/id").is_empty();
            let by_disk = found.is("Microsoft.Compute/disks");
            is_top && !by_card && !by_disk && !named.contains(&found.id.key())
        })
        .map(|found| found.id.clone())
        .collect();
    for id in others {
        resource::remove(cloud, &id);
    }
}

/// The outer deployment's part ends with the nested deployment.
fn end_of_nested(cloud: &mut Cloud, record: &Record, parent: &Parent) {
    let Some(mut outer) = Record::load(cloud, &parent.scope, &parent.name) else { return };
    let Some(part) = outer.parts.get_mut(parent.part) else { return };
    // It can have ended at once, while the outer deployment was still beginning it.
    if part.progress != Progress::Running {
        return;
    }
    part.ended = Some(cloud.now());
    if record.state == DeploymentState::Succeeded {
        part.progress = Progress::Succeeded;
    } else {
        part.progress = Progress::Failed;
        part.status = 409;
        part.error = Some(nested_error(record));
    }
    launch(cloud, &mut outer);
}

/// What an outer deployment says of a nested one that did not succeed.
pub fn nested_error(record: &Record) -> serde_json::Value {
    record.error.clone().unwrap_or_else(|| {
        json!({
            "code": "ResourceDeploymentFailure",
            "message": format!("The deployment '{}' was canceled.", record.name),
        })
    })
}

/// Asks a deployment to stop: what has begun runs to its end, the rest never begins.
///
/// # Errors
/// When it has ended already.
pub fn cancel(cloud: &mut Cloud, record: &mut Record) -> Result<()> {
    if !record.is_running() {
        return Err(conflict!(
            "DeploymentCannotBeCancelled",
            "The deployment '{}' cannot be cancelled because its provisioning state is '{}'.",
            record.name,
            record.state.name()
        ));
    }
    record.cancelled = true;
    record.save(cloud);
    for part in &record.parts {
        let nested = ResourceId::parse(&part.id)
            .filter(|id| id.is("Microsoft.Resources/deployments"))
            .and_then(|id| Record::load(cloud, &id.scope(), id.name()));
        if let Some(mut nested) = nested.filter(Record::is_running) {
            cancel(cloud, &mut nested)?;
        }
    }
    Ok(())
}

/// How long an unchanged resource takes to be written again.
pub const UNCHANGED: SignedDuration = SignedDuration::from_secs(2);
