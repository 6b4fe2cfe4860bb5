//! What is sent to validate, preview and begin a deployment.
//!
//! Secure parameters are held as secrets until the body is put together, which is dropped once it has been sent.

use serde_json::{Map, Value, json};

use crate::domain::secret::Secret;

/// How far a validation goes
/// (<https://learn.microsoft.com/azure/azure-resource-manager/templates/template-syntax>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValidationLevel {
    /// The template alone.
    Template,
    /// The services' own checks and the caller's rights.
    #[default]
    Provider,
    /// The services' own checks, for a caller who may only read.
    ProviderNoRights,
}

impl ValidationLevel {
    fn word(self) -> &'static str {
        match self {
            Self::Template => "Template",
            Self::Provider => "Provider",
            Self::ProviderNoRights => "ProviderNoRbac",
        }
    }
}

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
    /// How far it is checked beforehand.
    pub level: ValidationLevel,
}

impl Submission {
    /// A template with plain parameters, checked fully.
    pub fn new(template: Value, parameters: Map<String, Value>) -> Self {
        Self {
            template,
            parameters,
            secure: Vec::new(),
            tags: Map::new(),
            level: ValidationLevel::default(),
        }
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
                "validationLevel": self.level.word(),
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
