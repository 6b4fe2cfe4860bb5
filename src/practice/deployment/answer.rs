//! A deployment and its operations as answers show them.
//!
//! Shapes: Microsoft.Resources deployments and deployment operations, API version 2025-04-01. No secret is shown:
//! secure parameters and outputs have a type and no value.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::practice::json;
use crate::practice::reply::Reply;
use crate::practice::state::Cloud;

use super::record::{DeploymentResource, DeploymentState, Progress, Record};
use super::{failure, submission};

/// A span as ISO 8601, such as `PT7M30S`.
pub fn iso(span: SignedDuration) -> String {
    let milliseconds = span.as_millis().max(0);
    let seconds = milliseconds / 1000;
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = "PT".to_owned();
    if hours > 0 {
        text = format!("{text}{hours}H");
    }
    if minutes > 0 {
        text = format!("{text}{minutes}M");
    }
    match milliseconds % 1000 {
        0 => format!("{text}{rest}S"),
        fraction => format!("{text}{rest}.{fraction:03}S"),
    }
}

fn span(from: Timestamp, to: Timestamp) -> String {
    iso(to.duration_since(from))
}

/// The answer that shows a deployment: 100 kB for an environment, asked for again and again while nothing but the time
/// changes. So it is made once for each state of the deployment, and the times are filled in.
pub fn shown(cloud: &Cloud, record: &Record) -> Reply {
    let [before, between, after] = record.text.pieces(|| pieces(cloud, record));
    let times = times(cloud, record).map(|time| json!(time).to_string());
    let [timestamp, duration] = &times;
    Reply::text(format!("{before}{timestamp}{between}{duration}{after}"))
}

fn pieces(cloud: &Cloud, record: &Record) -> [String; 3] {
    let mut view = view(cloud, record);
    // What nobody can have written into the deployment marks the places.
    let marks = ["timestamp", "duration"].map(|name| {
        let mark = json!(cloud.new_guid());
        if let Some(place) = view.pointer_mut(&format!("/properties/{name}")) {
            *place = mark.clone();
        }
        mark.to_string()
    });
    let text = view.to_string();
    let [timestamp, duration] = &marks;
    let (before, rest) = text.split_once(timestamp).unwrap_or((&text, ""));
    let (between, after) = rest.split_once(duration).unwrap_or((rest, ""));
    [before, between, after].map(str::to_owned)
}

/// Time of the last change and duration, which pass until the deployment has ended.
fn times(cloud: &Cloud, record: &Record) -> [String; 2] {
    let ended = record.ended.unwrap_or_else(|| cloud.now());
    [ended.to_string(), span(record.started, ended)]
}

/// The deployment.
pub fn view(cloud: &Cloud, record: &Record) -> Value {
    let [timestamp, duration] = times(cloud, record);
    let mut properties = json!({
        "templateHash": submission::hash(&record.template),
        "parameters": record.shown_parameters,
        "mode": record.mode,
        "provisioningState": record.state.name(),
        "timestamp": timestamp,
        "duration": duration,
        "correlationId": record.correlation,
        "providers": providers(cloud, record),
        "dependencies": dependencies(record),
    });
    if record.state == DeploymentState::Succeeded {
        json::set(&mut properties, "outputs", record.outputs.clone());
        let made: Vec<Value> = record.parts.iter().map(|part| json!({ "id": part.id })).collect();
        json::set(&mut properties, "outputResources", made);
    }
    if let Some(error) = &record.error {
        json::set(&mut properties, "error", error.clone());
    }
    let mut view = json!({
        "id": record.id(cloud),
        "name": record.name,
        "type": "Microsoft.Resources/deployments",
        "properties": properties,
    });
    if !record.location.is_empty() {
        json::set(&mut view, "location", record.location.as_str());
    }
    if record.tags.is_object() {
        json::set(&mut view, "tags", record.tags.clone());
    }
    view
}

/// Namespaces with their types, each once.
fn providers(cloud: &Cloud, record: &Record) -> Value {
    let group = cloud.group(&record.scope).map_or("", |group| group.location.as_str());
    let location = if group.is_empty() { &record.location } else { group };
    let mut namespaces: Map<String, Value> = Map::new();
    for part in &record.parts {
        let (namespace, kind) = part.resource_type.split_once('/').unwrap_or(("", ""));
        let kinds = namespaces.entry(namespace.to_owned()).or_insert_with(|| json!([]));
        let entry = json!({ "resourceType": kind, "locations": [location] });
        if let Some(kinds) = kinds.as_array_mut()
            && !kinds.contains(&entry)
        {
            kinds.push(entry);
        }
    }
    namespaces
        .into_iter()
        .map(|(namespace, kinds)| json!({ "namespace": namespace, "resourceTypes": kinds }))
        .collect()
}

fn named(part: &DeploymentResource) -> Value {
    json!({ "id": part.id, "resourceType": part.resource_type, "resourceName": part.name })
}

/// The graph as ARM sees it.
fn dependencies(record: &Record) -> Vec<Value> {
    record
        .parts
        .iter()
        .filter(|part| !part.depends_on.is_empty())
        .map(|part| {
            let part_of =
                |symbol: &String| record.parts.iter().find(|other| other.symbol == *symbol);
            let on = part.depends_on.iter().filter_map(part_of).map(named);
            let mut item = named(part);
            json::set(&mut item, "dependsOn", on.collect::<Vec<Value>>());
            item
        })
        .collect()
}

/// The operations so far, one for each resource that has begun, and one for the outputs.
pub fn operations(cloud: &Cloud, record: &Record) -> Vec<Value> {
    let mut begun: Vec<&DeploymentResource> =
        record.parts.iter().filter(|part| part.started.is_some()).collect();
    begun.sort_by_key(|part| part.started);
    let mut items: Vec<Value> =
        begun.into_iter().map(|part| operation(cloud, record, part)).collect();
    items.extend(evaluation(cloud, record));
    items
}

fn operation(cloud: &Cloud, record: &Record, part: &DeploymentResource) -> Value {
    let started = part.started.unwrap_or(record.started);
    let moment = part.ended.unwrap_or_else(|| cloud.now());
    let (state, code) = match part.progress {
        Progress::Succeeded => ("Succeeded", if part.status == 201 { "Created" } else { "OK" }),
        Progress::Failed => ("Failed", failure::status_name(part.status)),
        Progress::Running | Progress::Waiting => ("Running", "Accepted"),
    };
    let mut properties = json!({
        "provisioningOperation": "Create",
        "provisioningState": state,
        "timestamp": moment.to_string(),
        "duration": span(started, moment),
        "trackingId": record.correlation,
        "statusCode": code,
        "targetResource": named(part),
    });
    if let (Progress::Failed, Some(error)) = (part.progress, &part.error) {
        json::set(&mut properties, "statusMessage", json!({ "status": "Failed", "error": error }));
    }
    item(cloud, record, &part.operation, &properties)
}

/// The end of a deployment that has outputs is an operation too, without a target.
fn evaluation(cloud: &Cloud, record: &Record) -> Option<Value> {
    let ended = record.ended?;
    let failed = record.state == DeploymentState::Failed
        && record.parts.iter().all(|part| part.progress == Progress::Succeeded);
    if record.outputs.is_empty() && !failed {
        return None;
    }
    let mut properties = json!({
        "provisioningOperation": "EvaluateDeploymentOutput",
        "provisioningState": if failed { "Failed" } else { "Succeeded" },
        "timestamp": ended.to_string(),
        "duration": "PT0S",
        "trackingId": record.correlation,
        "statusCode": if failed { "BadRequest" } else { "OK" },
    });
    if let (true, Some(error)) = (failed, &record.error) {
        json::set(&mut properties, "statusMessage", json!({ "status": "Failed", "error": error }));
    }
    // Its id is the deployment's own number: it is the only operation without a resource.
    let digits: String = record.operation.chars().filter(|c| *c != '-').take(16).collect();
    Some(item(cloud, record, &digits.to_ascii_uppercase(), &properties))
}

fn item(cloud: &Cloud, record: &Record, operation: &str, properties: &Value) -> Value {
    json!({
        "id": format!("{}/operations/{operation}", record.id(cloud)),
        "operationId": operation,
        "properties": properties,
    })
}

/// The answer to a poll of the deployment's status URL.
pub fn status(cloud: &Cloud, record: &Record) -> Reply {
    let mut body = json!({ "status": record.state.name() });
    if let Some(error) = &record.error {
        json::set(&mut body, "error", error.clone());
    }
    let reply = Reply::ok(body);
    if record.is_running() {
        let pause = crate::practice::asynchronous::POLL_PAUSE;
        return crate::practice::asynchronous::with_pause(reply, cloud, pause);
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_iso_8601() {
        for (milliseconds, text) in [
            (0, "PT0S"),
            (450_000, "PT7M30S"),
            (3_600_000, "PT1H0S"),
            (1_500, "PT1.500S"),
            (61_007, "PT1M1.007S"),
        ] {
            assert_eq!(iso(SignedDuration::from_millis(milliseconds)), text);
        }
    }
}
