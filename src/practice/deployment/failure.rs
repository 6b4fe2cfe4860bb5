//! How Azure Resource Manager wraps errors, so that a client has to unwrap them as it would there.
//!
//! An error met while a resource was being made arrives as text inside `message`; one met when it was asked for arrives
//! as `details`; validation wraps all of its findings into one.

use crate::practice::json;
use serde_json::{Value, json};

use crate::practice::reply::ArmError;
use crate::template::TemplateError;

use super::record::{DeploymentResource, Progress};

/// The answer to a template that cannot be read or resolved.
pub fn of_template(error: &TemplateError) -> ArmError {
    let mut message = format!(
        "Deployment template validation failed: '{}'.",
        error.message.trim_end_matches('.')
    );
    if !error.place.is_empty() {
        message = format!("{message} Path: {}.", error.place);
    }
    let mut wrapped = ArmError::new(400, error.code, message);
    wrapped.additional_info = vec![json!({
        "type": "TemplateViolation",
        "info": { "lineNumber": 0, "linePosition": 0, "path": error.place },
    })];
    wrapped
}

/// Everything that validation found.
pub fn of_validation(deployment: &str, tracking: &str, found: Vec<ArmError>) -> ArmError {
    let by_policy = found.iter().any(|error| error.code == "RequestDisallowedByPolicy");
    let message = if by_policy {
        "The template deployment failed because of policy violation. Please see details for more \
         information."
            .to_owned()
    } else {
        format!(
            "The template deployment '{deployment}' is not valid according to the validation procedure. The \
             tracking id is '{tracking}'. See inner errors for details."
        )
    };
    ArmError::new(400, "InvalidTemplateDeployment", message).with(found)
}

/// The error of a resource whose making went wrong after it had begun.
pub fn while_making(leaf: &ArmError) -> Value {
    json!({
        "code": "ResourceDeploymentFailure",
        "message": "The resource write operation failed to complete successfully, because it reached \
         terminal provisioning state 'Failed'.",
        "details": [leaf.to_value()],
    })
}

/// The error of a whole deployment, from those of its resources; `None` without any.
pub fn of_deployment(id: &str, parts: &[DeploymentResource]) -> Option<Value> {
    let details: Vec<Value> = parts
        .iter()
        .filter(|part| part.progress == Progress::Failed)
        .filter_map(|part| part.error.as_ref().map(|error| detail(part, error)))
        .collect();
    (!details.is_empty()).then(|| {
        json!({
            "code": "DeploymentFailed",
            "target": id,
            "message": "At least one resource deployment operation failed. Please list deployment \
             operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.",
            "details": details,
        })
    })
}

fn detail(part: &DeploymentResource, error: &Value) -> Value {
    let wrapped = error.get("code").and_then(Value::as_str) == Some("ResourceDeploymentFailure");
    if !wrapped {
        let mut detail = error.clone();
        if detail.get("target").is_none() {
            json::set(&mut detail, "target", part.id.as_str());
        }
        return detail;
    }
    let text = serde_json::to_string_pretty(&json!({ "status": "Failed", "error": error }))
        .unwrap_or_default()
        .replace('\n', "\r\n");
    json!({ "code": status_name(part.status), "message": text })
}

/// The name that operations show for an HTTP status.
pub fn status_name(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalServerError",
    }
}
