//! What a deployment would change, as Azure foresees it.
//!
//! References that are known only at run time cannot be foreseen: such resources come back as `Unsupported`
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if>).

use serde::Deserialize;
use serde_json::{Value, json};

use super::long_running::Started;
use super::submission::Submission;
use super::{Arm, unexpected};
use crate::azure::decode;
use crate::azure::http::Request;
use crate::domain::problem::Result;

/// What would happen to one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ChangeKind {
    /// It would be made.
    Create,
    /// It would be removed.
    Delete,
    /// It is not part of the template and stays.
    Ignore,
    /// It would be written; whether that changes anything cannot be told.
    Deploy,
    /// It stays as it is.
    NoChange,
    /// Some of its properties would change.
    Modify,
    /// Nothing can be told of it.
    #[serde(other)]
    Unsupported,
}

/// One resource of a preview.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceChange {
    /// The resource's id.
    pub resource_id: String,
    /// What would happen.
    #[serde(rename = "changeType")]
    pub kind: ChangeKind,
    /// The properties that would change.
    #[serde(default)]
    pub delta: Option<Vec<PropertyChange>>,
    /// Why nothing can be told.
    #[serde(default)]
    pub unsupported_reason: Option<String>,
}

/// One property that would change.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyChange {
    /// Its path within the resource, or within its parent's change.
    pub path: String,
    /// `Create`, `Delete`, `Modify`, `Array` or `NoEffect`.
    #[serde(rename = "propertyChangeType")]
    pub kind: String,
    /// Its value now.
    #[serde(default)]
    pub before: Value,
    /// Its value then.
    #[serde(default)]
    pub after: Value,
    /// Changes inside it.
    #[serde(default)]
    pub children: Option<Vec<PropertyChange>>,
}

/// The preview of a deployment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WhatIf {
    /// One entry per resource.
    pub changes: Vec<ResourceChange>,
}

impl WhatIf {
    /// The entries that would make a difference.
    pub fn effective(&self) -> impl Iterator<Item = &ResourceChange> {
        self.changes.iter().filter(|change| {
            matches!(
                change.kind,
                ChangeKind::Create | ChangeKind::Delete | ChangeKind::Modify | ChangeKind::Deploy
            )
        })
    }
}

impl Arm {
    /// Asks Azure what a deployment would change; nothing is changed. Takes up to some minutes.
    ///
    /// # Errors
    /// As `validate`.
    pub async fn what_if(
        &self,
        group: &str,
        name: &str,
        submission: &Submission,
    ) -> Result<WhatIf> {
        let mut body = submission.body();
        if let Some(properties) = body.get_mut("properties").and_then(Value::as_object_mut) {
            properties
                .insert("whatIfSettings".into(), json!({"resultFormat": "FullResourcePayloads"}));
        }
        let path = self.deployment_path(group, name, "/whatIf");
        let request = Request::post(path, Some(&body)).repeatable();
        let answer = self.http.send(request).await?;
        let found = self.finish(Started::of(&answer), |_| {}).await?;
        if let Some(problem) = decode::failure(&found, answer.correlation_id.as_deref()) {
            return Err(problem);
        }
        let Some(changes) = found.pointer("/properties/changes").and_then(Value::as_array) else {
            return Err(unexpected("a preview without its changes").at(answer.path));
        };
        let changes =
            changes.iter().map(|change| super::read(change, &answer)).collect::<Result<_, _>>()?;
        Ok(WhatIf { changes })
    }
}
