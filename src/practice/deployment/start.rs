//! Beginning one resource of a deployment.

use jiff::SignedDuration;
use serde_json::{Map, Value};

use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::reply::{ArmError, Result};
use crate::practice::state::{Cloud, StoredGroup};
use crate::practice::{provider, resource, secure};
use crate::template::Resolved;

use super::known::CloudRuntime;
use super::record::{DeploymentResource, Record};
use super::run::UNCHANGED;
use super::{failure, nested, parameter, submission};
use crate::practice::json::HasJson as _;

/// A resource that has begun.
pub struct StartedWrite {
    /// How long it takes; `None` for a nested deployment, which ends by itself.
    pub span: Option<SignedDuration>,
    /// HTTP status of the write.
    pub status: u16,
    /// The content of `error` that it will fail with at its end.
    pub error: Option<Value>,
}

/// Begins a part. `resolved` is the deployment's template, resolved when it is first needed.
///
/// # Errors
/// What ARM or the resource's provider answers when it refuses the write.
pub fn begin(
    cloud: &mut Cloud,
    record: &Record,
    index: usize,
    resolved: &mut Option<Resolved>,
) -> Result<StartedWrite> {
    let Some(part) = record.parts.get(index) else {
        return Err(ArmError::new(500, "InternalServerError", "No such part."));
    };
    let body = match &part.body {
        Some(body) => body.clone(),
        None => evaluate(cloud, record, part, resolved)?,
    };
    if nested::is_deployment(&part.resource_type) {
        return nested::begin(cloud, record, index, &body);
    }
    match ResourceId::parse(&part.id) {
        Some(id) => write(cloud, &id, &part.api_version, &body),
        None => make_group(cloud, &part.id, &body),
    }
}

fn evaluate(
    cloud: &Cloud,
    record: &Record,
    part: &DeploymentResource,
    resolved: &mut Option<Resolved>,
) -> Result<Value> {
    if resolved.is_none() {
        *resolved = Some(submission::again(cloud, record)?);
    }
    let Some(resolved) = resolved else { return Ok(Value::Null) };
    let known = CloudRuntime::new(cloud, parameter::digests(record));
    let symbol = &part.symbol;
    let body = resolved.body(symbol, &known).map_err(|error| failure::of_template(&error))?;
    match known.missed() {
        None => Ok(body),
        Some(missed) => Err(arm_error!(
            404,
            "ResourceNotFound",
            "The Resource '{missed}' that '{}' refers to was not found or is not ready. For more details please go \
             to https://aka.ms/ARMResourceNotFoundFix",
            part.id
        )
        .about(missed)),
    }
}

fn write(
    cloud: &mut Cloud,
    id: &ResourceId,
    api_version: &str,
    body: &Value,
) -> Result<StartedWrite> {
    provider::require(cloud, &id.subscription, id.namespace())?;
    let mut wanted = body.clone();
    secure::conceal(&id.resource_type(), &mut wanted);
    let unchanged = cloud
        .resource(id)
        .is_some_and(|known| known.provisioning_state == "Succeeded" && known.body == wanted);
    let status = resource::begin(cloud, id, api_version, &wanted)?.status();
    if unchanged {
        return Ok(StartedWrite { span: Some(UNCHANGED), status, error: None });
    }
    let span = resource::span(cloud, id, body);
    Ok(match fails(cloud, id, body).map(|leaf| failure::while_making(&leaf)) {
        None => StartedWrite { span: Some(span), status, error: None },
        // It is noticed in the middle of the work.
        error => StartedWrite { span: Some(span / 2), status: 409, error },
    })
}

/// The error of a resource that fails on demand.
fn fails(cloud: &mut Cloud, id: &ResourceId, body: &Value) -> Option<ArmError> {
    if id.is("Microsoft.Network/azureFirewalls") {
        cloud.strike("firewall-error")?;
        return Some(ArmError::new(500, "InternalServerError", "An error occurred."));
    }
    if !id.is("Microsoft.MachineLearningServices/workspaces") {
        return None;
    }
    cloud.strike("late-roles")?;
    // The identity of the workspace was given its roles seconds ago.
    let identities = body.pointer("/identity/userAssignedIdentities");
    let identity =
        identities.and_then(Value::as_object).and_then(|all| cloud.resource_at(all.keys().next()?));
    let text = |path: &str| identity.map_or("", |found| found.text(path)).to_owned();
    let storage = body.pointer("/properties/storageAccount");
    Some(arm_error!(
        403,
        "AuthorizationFailed",
        "The client '{}' with object id '{}' does not have authorization to perform action \
         'Microsoft.Storage/storageAccounts/read' over scope '{}' or the scope is invalid. If access was recently \
         granted, please refresh your credentials.",
        text("/properties/clientId"),
        text("/properties/principalId"),
        storage.and_then(Value::as_str).unwrap_or_default()
    ))
}

/// What a tag shows whose value came from a secure parameter. Azure shows the value; here it is not kept.
const NOT_KEPT: &str = "(secure)";

/// Tags as texts, which is what clients read them as.
fn plain_tags(tags: &Map<String, Value>) -> Map<String, Value> {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        secret if secure::is_placeholder(secret) => NOT_KEPT.to_owned(),
        other => other.to_string(),
    };
    tags.iter().map(|(name, value)| (name.clone(), Value::String(plain(value)))).collect()
}

/// A resource group in a template at subscription scope.
fn make_group(cloud: &mut Cloud, id: &str, body: &Value) -> Result<StartedWrite> {
    let segments: Vec<&str> = id.split('/').filter(|part| !part.is_empty()).collect();
    let [_, subscription, _, name] = segments.as_slice() else {
        return Err(bad_request!("InvalidTemplate", "'{id}' is not the id of a resource."));
    };
    let location = body.text("/location");
    let tags = body.get("tags").and_then(Value::as_object).map(plain_tags).unwrap_or_default();
    let now = cloud.now();
    let scope = Scope::group(subscription, name);
    let status = match cloud.group_mut(&scope) {
        Some(group) if !group.location.eq_ignore_ascii_case(location) => {
            return Err(conflict!(
                "InvalidResourceGroupLocation",
                "Invalid resource group location '{location}'. The Resource group already exists in location '{}'.",
                group.location
            ));
        }
        Some(group) => {
            group.tags = tags;
            group.changed = now;
            200
        }
        None => {
            let mut group = StoredGroup::new(subscription, name, location, now);
            group.tags = tags;
            cloud.put_group(group);
            201
        }
    };
    let (typical, _) = crate::practice::rule::seconds("Microsoft.Resources/resourceGroups", body);
    Ok(StartedWrite {
        span: Some(SignedDuration::from_secs(i64::from(typical))),
        status,
        error: None,
    })
}
