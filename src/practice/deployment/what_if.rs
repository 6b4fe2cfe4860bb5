//! What-if: what a deployment would change, without changing it.
//!
//! The state before is what was written, not what providers add on reading, so that Azure's noise of default values
//! does not drown the changes. A value that only the run will know is taken as unchanged.

use serde_json::{Map, Value, json};

use crate::practice::identifier::ResourceId;
use crate::practice::reply::Result;
use crate::practice::resource::drop_unasked;
use crate::practice::state::{Cloud, StoredResource};
use crate::practice::{json, secure};

use super::known::CloudRuntime;
use super::submission::Submission;
use super::{failure, nested};

mod noise;

/// The content of the final answer.
///
/// # Errors
/// What ARM answers when an expression is wrong.
pub fn changes(cloud: &Cloud, submission: &Submission, only_ids: bool) -> Result<Value> {
    let digests: Vec<(String, Value)> = submission
        .secrets
        .keys()
        .filter_map(|name| Some((name.clone(), submission.parameters.get(name)?.clone())))
        .collect();
    let known = CloudRuntime::new(cloud, digests);
    let noisy = cloud.fault("what-if-noise").is_some();
    let mut changes = Vec::new();
    let mut named = Vec::new();
    for resource in &submission.resolved.resources {
        if !resource.is_deployed() {
            continue;
        }
        named.push(resource.id.to_ascii_lowercase());
        let id = nested::own_words(&resource.id);
        if nested::is_deployment(&resource.resource_type) {
            changes.push(json!({
                "resourceId": id,
                "changeType": "Unsupported",
                "unsupportedReason": "The practice cloud does not look into nested deployments.",
            }));
            continue;
        }
        let body = submission
            .resolved
            .body(&resource.symbol, &known)
            .map_err(|error| failure::of_template(&error))?;
        let existing = ResourceId::parse(&id).and_then(|id| cloud.resource(&id));
        let head = ResourceHeader {
            id: &id,
            resource_type: &resource.resource_type,
            name: &resource.name,
            api_version: &resource.api_version,
        };
        let peerings = noisy.then(|| peerings(cloud, &id));
        changes.push(change(&head, body, existing, peerings.as_deref()));
    }
    changes.extend(ignored(cloud, submission, &named));
    if only_ids {
        for change in &mut changes {
            if let Some(members) = change.as_object_mut() {
                members.retain(|name, _| !matches!(name.as_str(), "before" | "after" | "delta"));
            }
        }
    }
    Ok(
        json!({ "status": "Succeeded", "properties": { "correlationId": cloud.new_guid(), "changes": changes } }),
    )
}

/// What stands before the body of a resource in a payload.
struct ResourceHeader<'a> {
    id: &'a str,
    resource_type: &'a str,
    name: &'a str,
    api_version: &'a str,
}

fn payload(head: &ResourceHeader<'_>, body: &Value) -> Value {
    let mut whole = Map::new();
    for (name, value) in [
        ("id", head.id),
        ("type", head.resource_type),
        ("name", head.name),
        ("apiVersion", head.api_version),
    ] {
        whole.insert(name.to_owned(), json!(value));
    }
    for (name, value) in body.as_object().into_iter().flatten() {
        whole.insert(name.clone(), value.clone());
    }
    let mut whole = Value::Object(whole);
    secure::strip(&mut whole);
    whole
}

/// The names of the peerings of a network.
fn peerings(cloud: &Cloud, network: &str) -> Vec<String> {
    let Some(id) = ResourceId::parse(network) else { return Vec::new() };
    let within = format!("{}/virtualnetworkpeerings/", id.key());
    let found = cloud.resources_in(&id.scope()).filter(|one| one.id.key().starts_with(&within));
    found.map(|one| one.name.clone()).collect()
}

/// What differs in one resource; with the noise of Azure's own list where the names of its peerings are given.
fn change(
    head: &ResourceHeader<'_>,
    body: Value,
    existing: Option<&StoredResource>,
    peerings: Option<&[String]>,
) -> Value {
    let mut wanted = body;
    secure::conceal(head.resource_type, &mut wanted);
    let after = payload(head, &wanted);
    let Some(existing) = existing else {
        return json!({ "resourceId": head.id, "changeType": "Create", "after": after });
    };
    let before = payload(head, &existing.body);
    let mut delta = Vec::new();
    let mut old = existing.body.clone();
    drop_unasked(existing, &mut old, &wanted);
    compare("", &old, &wanted, &mut delta);
    if let Some(peerings) = peerings {
        noise::add(head, existing, peerings, &mut delta);
    }
    if delta.is_empty() {
        return json!({ "resourceId": head.id, "changeType": "NoChange", "before": before, "after": after });
    }
    json!({ "resourceId": head.id, "changeType": "Modify", "before": before, "after": after, "delta": delta })
}

fn is_late(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with('[') && !text.starts_with("[["))
}

/// Lists the differences, property by property.
fn compare(path: &str, before: &Value, after: &Value, delta: &mut Vec<Value>) {
    if before == after || is_late(after) {
        return;
    }
    if secure::is_placeholder(before) || secure::is_placeholder(after) {
        delta.push(one(path, "Modify", &Value::Null, &Value::Null));
        return;
    }
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => members(path, old, new, delta),
        (Value::Array(old), Value::Array(new)) => {
            let mut children = Vec::new();
            for index in 0..old.len().max(new.len()) {
                let at = index.to_string();
                match (old.get(index), new.get(index)) {
                    (Some(old), Some(new)) => element(&at, old, new, &mut children),
                    (Some(old), None) => children.push(one(&at, "Delete", old, &Value::Null)),
                    (None, Some(new)) => children.push(one(&at, "Create", &Value::Null, new)),
                    (None, None) => {}
                }
            }
            if !children.is_empty() {
                let mut item = one(path, "Array", &Value::Null, &Value::Null);
                json::set(&mut item, "children", children);
                delta.push(item);
            }
        }
        _ => delta.push(one(path, "Modify", before, after)),
    }
}

/// One element of an array: what differs in it stands below its index, with paths of its own
/// (<https://learn.microsoft.com/rest/api/resources/deployments/what-if>). Clients read the index as a number.
fn element(index: &str, before: &Value, after: &Value, delta: &mut Vec<Value>) {
    if !before.is_object() || !after.is_object() {
        return compare(index, before, after, delta);
    }
    let mut children = Vec::new();
    compare("", before, after, &mut children);
    if !children.is_empty() {
        delta.push(json!({ "path": index, "propertyChangeType": "Modify", "children": children }));
    }
}

fn members(path: &str, old: &Map<String, Value>, new: &Map<String, Value>, delta: &mut Vec<Value>) {
    let join = |name: &str| match path {
        "" => name.to_owned(),
        _ => format!("{path}.{name}"),
    };
    for (name, value) in new {
        match old.get(name) {
            Some(known) => compare(&join(name), known, value, delta),
            None if value.is_null() => {}
            None => delta.push(one(&join(name), "Create", &Value::Null, value)),
        }
    }
    for (name, value) in old {
        // A secret that is not sent stays as it is, and nobody can compare it.
        if !new.contains_key(name) && !value.is_null() && !secure::is_placeholder(value) {
            delta.push(one(&join(name), "Delete", value, &Value::Null));
        }
    }
}

fn one(path: &str, kind: &str, before: &Value, after: &Value) -> Value {
    let mut item = json!({ "path": path, "propertyChangeType": kind });
    for (name, value) in [("before", before), ("after", after)] {
        if !value.is_null() {
            json::set(&mut item, name, value.clone());
        }
    }
    item
}

/// Resources of the group that the template does not name; they stay, or go with mode `Complete`.
fn ignored(cloud: &Cloud, submission: &Submission, named: &[String]) -> Vec<Value> {
    let kind = if submission.mode == "Complete" { "Delete" } else { "Ignore" };
    cloud
        .resources_in(&submission.scope)
        .filter(|_| submission.scope.is_group())
        .filter(|found| {
            let is_top = found.id.parent().is_none() && found.id.target().is_none();
            is_top && !named.contains(&found.id.key())
        })
        .map(|found| {
            let id = found.id.to_string();
            let head = ResourceHeader {
                id: &id,
                resource_type: &found.resource_type,
                name: &found.name,
                api_version: &found.api_version,
            };
            let before = payload(&head, &found.body);
            json!({ "resourceId": id, "changeType": kind, "before": before })
        })
        .collect()
}
