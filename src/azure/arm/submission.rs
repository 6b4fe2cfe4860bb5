//! What is sent to validate, preview and begin a deployment.
//!
//! Secure parameters are held as secrets until the body is put together, which is dropped once it has been sent.

use serde_json::{Map, Value, json};

use crate::domain::secret::Secret;

/// A template with the values of its parameters.
#[derive(Debug)]
pub struct Submission {
    /// The template.
    pub template: Value,
    /// Plain parameters, by name; the values themselves, without `{"value": …}`.
    pub parameters: Map<String, Value>,
    /// Secure parameters, by name.
    pub secure: Vec<(String, Secret)>,
    /// Tags of the deployment itself.
    pub tags: Map<String, Value>,
}

impl Submission {
    /// A template with plain parameters.
    pub fn new(template: Value, parameters: Map<String, Value>) -> Self {
        Self { template, parameters, secure: Vec::new(), tags: Map::new() }
    }

    /// The body of a request. It holds the secrets in clear.
    pub(super) fn body(&self) -> Value {
        let plain =
            self.parameters.iter().map(|(name, value)| (name.clone(), json!({"value": value})));
        let secure = self
            .secure
            .iter()
            .map(|(name, secret)| (name.clone(), json!({"value": secret.expose()})));
        let parameters: Map<String, Value> = plain.chain(secure).collect();
        let mut body = json!({
            "properties": {
                "mode": "Incremental",
                "template": self.template,
                "parameters": parameters,
                // The services' own checks and the caller's rights
                // (<https://learn.microsoft.com/azure/azure-resource-manager/templates/template-syntax>).
                "validationLevel": "Provider",
            }
        });
        if let (false, Some(object)) = (self.tags.is_empty(), body.as_object_mut()) {
            object.insert("tags".into(), Value::Object(self.tags.clone()));
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_in_the_body_and_nowhere_else() {
        let mut submission = Submission::new(json!({}), Map::new());
        submission.parameters.insert("name".into(), json!("test"));
        submission.secure.push(("adminPassword".into(), Secret::new("s3cret-s3cret".into())));
        assert!(!format!("{submission:?}").contains("s3cret-s3cret"));
        let parameters = &submission.body()["properties"]["parameters"];
        assert_eq!(parameters["name"]["value"], "test");
        assert_eq!(parameters["adminPassword"]["value"], "s3cret-s3cret");
    }
}
