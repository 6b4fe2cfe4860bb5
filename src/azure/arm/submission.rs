//! What is sent to validate, preview and begin a deployment.
//!
//! Secure parameters are held as secrets until the body is put together, which is dropped once it has been sent.

use serde_json::{Map, Value, json};

use crate::domain::resource;
use crate::domain::secret::Secret;

/// The schema of a template at the scope of a subscription.
const SUBSCRIPTION_SCHEMA: &str =
    "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#";

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

    /// The values of the parameters, secrets in clear.
    fn values(&self) -> Map<String, Value> {
        let plain =
            self.parameters.iter().map(|(name, value)| (name.clone(), json!({"value": value})));
        let secure = self
            .secure
            .iter()
            .map(|(name, secret)| (name.clone(), json!({"value": secret.expose()})));
        plain.chain(secure).collect()
    }

    /// The same at the scope of the subscription, around a group that does not exist yet: a template that creates the
    /// group and deploys this one into it. It is for validation only. It holds the secrets in clear.
    pub(super) fn body_around(&self, group: &str, region: &str) -> Value {
        let values = self.values();
        let is_secure = |name: &str| self.secure.iter().any(|(secure, _)| secure == name);
        let kind = |name: &String, value: &Value| match value.get("value") {
            _ if is_secure(name) => "securestring",
            Some(Value::Bool(_)) => "bool",
            Some(Value::Number(_)) => "int",
            Some(Value::Array(_)) => "array",
            Some(Value::Object(_)) => "object",
            _ => "string",
        };
        let types: Map<String, Value> = values
            .iter()
            .map(|(name, value)| (name.clone(), json!({"type": kind(name, value)})))
            .collect();
        let passed: Map<String, Value> = values
            .keys()
            .map(|name| (name.clone(), json!({"value": format!("[parameters('{name}')]")})))
            .collect();
        let version = resource::version(resource::DEPLOYMENT);
        json!({
            "location": region,
            "properties": {
                "mode": "Incremental",
                "validationLevel": "Provider",
                "parameters": values,
                "template": {
                    "$schema": SUBSCRIPTION_SCHEMA,
                    "languageVersion": "2.0",
                    "contentVersion": "1.0.0.0",
                    "parameters": types,
                    "resources": {
                        "group": {
                            "type": "Microsoft.Resources/resourceGroups",
                            "apiVersion": version,
                            "name": group,
                            "location": region,
                        },
                        "inside": {
                            "type": resource::DEPLOYMENT,
                            "apiVersion": version,
                            "name": "privateaml-check",
                            "resourceGroup": group,
                            "dependsOn": ["group"],
                            "properties": {
                                "mode": "Incremental",
                                "expressionEvaluationOptions": {"scope": "inner"},
                                "parameters": passed,
                                "template": self.template,
                            },
                        },
                    },
                },
            },
        })
    }

    /// The body of a request. It holds the secrets in clear.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "properties": {
                "mode": "Incremental",
                "template": self.template,
                "parameters": self.values(),
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
