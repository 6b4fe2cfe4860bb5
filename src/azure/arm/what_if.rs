//! What a deployment would change, as Azure foresees it.
//!
//! References that are known only at run time cannot be foreseen: such resources come back as `Unsupported`
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if>).

use serde_json::{Value, json};

use super::long_running::Started;
use super::submission::Submission;
use super::{Arm, unexpected};
use crate::azure::decode;
use crate::azure::http::Request;
use crate::domain::forecast::ResourceChange;
use crate::domain::problem::Result;

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
    ) -> Result<Vec<ResourceChange>> {
        let mut body = submission.body();
        if let Some(properties) = body.get_mut("properties").and_then(Value::as_object_mut) {
            // What-if has no level of validation: the specification of its properties does not name it.
            properties.remove("validationLevel");
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
        changes.iter().map(|change| super::read(change, &answer)).collect()
    }
}
