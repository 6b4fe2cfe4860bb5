//! Reading what a client submits: template, parameters, mode, and where it shall go.
//!
//! Here secrets are parted from the rest: their values live as long as the request, and what is kept of them is a
//! digest. Nothing is changed in the state.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::domain::settings;
use crate::practice::catalog::{location, subscription};
use crate::practice::identifier::Scope;
use crate::practice::reply::{ArmError, Result};
use crate::practice::request::Request;
use crate::practice::state::{Cloud, TENANT};
use crate::template::{self, Resolved, Template};

use super::known::CloudRuntime;
use super::record::Record;
use super::{failure, nested, parameter};
use crate::practice::json::HasJson as _;

/// A deployment as it was asked for, read and resolved.
pub struct Submission {
    /// Name of the deployment.
    pub name: String,
    /// Group or subscription.
    pub scope: Scope,
    /// Region, at subscription scope.
    pub location: String,
    /// Tags.
    pub tags: Value,
    /// `Incremental` or `Complete`.
    pub mode: String,
    /// `Template`, `Provider` or `ProviderNoRbac`.
    pub level: String,
    /// The template without secrets and nested templates.
    pub template: Value,
    /// Nested templates by symbol.
    pub nested: Map<String, Value>,
    /// Parameter values, secure ones as digests.
    pub parameters: Map<String, Value>,
    /// Secure parameters in clear. They must not outlive the request.
    pub secrets: BTreeMap<String, Value>,
    /// The template resolved for these parameters.
    pub resolved: Resolved,
}

/// Where and what, before the template has been looked at.
pub struct SubmissionSource {
    /// Name of the deployment.
    pub name: String,
    /// Group or subscription.
    pub scope: Scope,
    /// Region, at subscription scope.
    pub location: String,
    /// Tags.
    pub tags: Value,
    /// The content of `properties`.
    pub properties: Value,
}

pub fn invalid(message: impl Into<String>) -> ArmError {
    ArmError::new(400, "InvalidRequestContent", message)
}

/// Reads a request.
///
/// # Errors
/// What ARM answers to a body, a template or parameters that it cannot use.
pub fn read(cloud: &Cloud, request: &Request, scope: &Scope, name: &str) -> Result<Submission> {
    check_name(name)?;
    let location = request.body.text("/location");
    if !scope.is_group() {
        check_location(cloud, scope, name, location)?;
    }
    let source = SubmissionSource {
        name: name.to_owned(),
        scope: scope.clone(),
        location: location.to_owned(),
        tags: request.body.get("tags").cloned().unwrap_or(Value::Null),
        properties: request.body.get("properties").cloned().unwrap_or(Value::Null),
    };
    resolve(cloud, source)
}

fn check_name(name: &str) -> Result<()> {
    if name.chars().count() > 64 {
        return Err(bad_request!(
            "DeploymentNameLengthLimitExceeded",
            "The deployment name '{name}' exceeds the limit of 64 characters."
        ));
    }
    let fits = |c: char| c.is_alphanumeric() || "-_.()".contains(c);
    if name.chars().all(fits) {
        return Ok(());
    }
    Err(bad_request!(
        "DeploymentNameInvalidCharacters",
        "The deployment name '{name}' contains invalid characters: only letters, digits, '-', '.', '_', '(' and \
         ')' are allowed."
    ))
}

fn check_location(cloud: &Cloud, scope: &Scope, name: &str, wanted: &str) -> Result<()> {
    if wanted.is_empty() {
        return Err(bad_request!(
            "LocationRequired",
            "The 'location' property is required for this deployment: deployments at subscription scope are \
             kept in a region."
        ));
    }
    let Some(place) = location::of(wanted) else {
        return Err(bad_request!(
            "LocationNotAvailableForDeployment",
            "The provided location '{wanted}' is not available for deployment."
        ));
    };
    let before = Record::load(cloud, scope, name);
    match before.filter(|before| location::of(&before.location) != Some(place)) {
        None => Ok(()),
        Some(before) => Err(conflict!(
            "InvalidDeploymentLocation",
            "Invalid deployment location '{wanted}'. The deployment '{name}' already exists in location '{}'.",
            before.location
        )),
    }
}

/// Reads the content of `properties` and resolves the template in it.
///
/// # Errors
/// What ARM answers to a template or parameters that it cannot use.
pub fn resolve(cloud: &Cloud, source: SubmissionSource) -> Result<Submission> {
    let properties = source
        .properties
        .as_object()
        .ok_or_else(|| invalid("The request content was invalid: 'properties' is missing."))?;
    let text = |name: &str| properties.get(name).and_then(Value::as_str).unwrap_or("");
    let mode = mode(text("mode"), &source.scope)?;
    let mut json = match properties.get("template") {
        Some(template) if template.is_object() => template.clone(),
        _ if properties.contains_key("templateLink") => {
            return Err(invalid(
                "The practice cloud reads no templates from links. Send the template itself.",
            ));
        }
        _ => {
            return Err(invalid(
                "The request content was invalid: 'properties.template' is missing.",
            ));
        }
    };
    let nested = nested::take_out(&mut json)?;
    let given = parameter::values(properties.get("parameters"))?;
    let parsed = Template::from_json(json.clone()).map_err(|error| failure::of_template(&error))?;
    let secrets = parameter::secrets(&parsed, &given);
    let known = CloudRuntime::new(cloud, secrets.clone());
    let place = scope(cloud, &source);
    let resolved = template::resolve::resolve_with(&parsed, &given, &place, &known)
        .map_err(|error| failure::of_template(&error))?;
    if let Some(missing) = resolved.missing_secure.iter().find(|name| !secrets.contains_key(*name))
    {
        return Err(bad_request!(
            "InvalidTemplate",
            "Deployment template validation failed: 'The value for the template parameter '{missing}' is not \
             provided.'"
        ));
    }
    let parameters =
        parameter::kept_values(cloud, &source.scope, &parsed, &given, &secrets, &resolved);
    parameter::forget_secret_defaults(&mut json, &parsed);
    Ok(Submission {
        level: text("validationLevel").to_owned(),
        name: source.name,
        scope: source.scope,
        location: source.location,
        tags: source.tags,
        mode,
        template: json,
        nested,
        parameters,
        secrets,
        resolved,
    })
}

fn mode(given: &str, scope: &Scope) -> Result<String> {
    match given.to_ascii_lowercase().as_str() {
        "incremental" => Ok("Incremental".to_owned()),
        "complete" if scope.is_group() => Ok("Complete".to_owned()),
        "complete" => Err(bad_request!(
            "InvalidDeploymentMode",
            "The deployment mode 'Complete' is not supported at subscription scope."
        )),
        _ => Err(invalid(format!(
            "The deployment mode '{given}' is not valid. Use 'Incremental' or 'Complete'."
        ))),
    }
}

/// Where the template is deployed, as its functions see it.
fn scope(cloud: &Cloud, source: &SubmissionSource) -> template::Scope {
    place(cloud, &source.scope, &source.location, &source.name)
}

fn place(cloud: &Cloud, scope: &Scope, location: &str, name: &str) -> template::Scope {
    let group = cloud.group(scope).filter(|_| scope.is_group());
    template::Scope {
        tenant_id: TENANT.to_owned(),
        subscription_id: scope.subscription.clone(),
        subscription_name: subscription::number(cloud, &scope.subscription)
            .map(subscription::name)
            .unwrap_or_default(),
        // A group that an outer deployment is about to create has its name already.
        resource_group: group
            .map(|group| group.name.clone())
            .or_else(|| scope.is_group().then(|| scope.group.clone())),
        location: group.map_or(location, |group| group.location.as_str()).to_owned(),
        tags: group.map(|group| group.tags.clone()).unwrap_or_default(),
        deployment: name.to_owned(),
        cloud: settings::Cloud::Public,
    }
}

/// Resolves a deployment again that was accepted before: secrets are digests now.
pub fn again(cloud: &Cloud, record: &Record) -> Result<Resolved> {
    let place = place(cloud, &record.scope, &record.location, &record.name);
    Template::from_json(record.template.clone())
        .and_then(|parsed| template::resolve(&parsed, &record.parameters, &place))
        .map_err(|error| failure::of_template(&error))
}

/// A number that is the same for the same template.
pub fn hash(template: &Value) -> String {
    let digest = Sha256::digest(template.to_string().as_bytes());
    digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte)).to_string()
}
