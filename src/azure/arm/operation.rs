//! The operations of a deployment, those of nested deployments included.
//!
//! For a resource group's deployment the list stands at an old path without the provider's part
//! (`…/resourcegroups/{group}/deployments/{name}/operations`).

use serde_json::Value;

use super::{Arm, segment, text, versioned};
use crate::azure::{decode, time};
use crate::domain::problem::{Problem, Result};
use crate::domain::progress::{DeploymentOperation, TargetResource};
use crate::domain::resource;

/// Deepest nesting followed; Azure itself allows five levels of templates.
const DEEPEST: usize = 6;

impl Arm {
    /// The operations of a group's deployment and of all deployments nested in it, in Azure's order.
    ///
    /// # Errors
    /// As every call. A nested deployment that has not begun or is gone has no operations.
    pub async fn operations(&self, group: &str, name: &str) -> Result<Vec<DeploymentOperation>> {
        let path = format!("/deployments/{}/operations", segment(name));
        let path = self.in_group(group, &path);
        let mut all = read_all(&self.list::<Value>(path).await?, "");
        let mut level: Vec<String> = all.iter().filter_map(nested).collect();
        for _ in 0..DEEPEST {
            let mut next = Vec::new();
            for id in level {
                let Some(path) = operations_path(&id) else { continue };
                let found: Option<Vec<Value>> = self.list_if_there(path).await?;
                let found = read_all(&found.unwrap_or_default(), &id);
                next.extend(found.iter().filter_map(nested));
                all.extend(found);
            }
            level = next;
        }
        Ok(all)
    }
}

fn read_all(items: &[Value], parent: &str) -> Vec<DeploymentOperation> {
    items.iter().filter_map(|item| operation(item, parent)).collect()
}

/// The id of the deployment that an operation runs.
fn nested(operation: &DeploymentOperation) -> Option<String> {
    let target = operation.target.as_ref()?;
    let runs = target.resource_type.eq_ignore_ascii_case(resource::DEPLOYMENT)
        && operation.provisioning_operation != "Read";
    runs.then(|| target.id.clone())
}

/// Where the operations of a deployment stand, by its id.
fn operations_path(id: &str) -> Option<String> {
    let parts: Vec<&str> = id.trim_matches('/').split('/').collect();
    let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
    let (subscription, at, name) = match parts.as_slice() {
        [_, subscription, groups, group, _, _, _, name] if is(groups, "resourceGroups") => {
            (subscription, format!("resourcegroups/{}/deployments", segment(group)), name)
        }
        [_, subscription, providers, _, _, name] if is(providers, "providers") => {
            (subscription, format!("providers/{}", resource::DEPLOYMENT), name)
        }
        _ => return None,
    };
    let (subscription, name) = (segment(subscription), segment(name));
    Some(versioned(&format!("/subscriptions/{subscription}/{at}/{name}/operations")))
}

/// One operation; `None` for an item without state or time, of which nothing can be told.
fn operation(item: &Value, parent: &str) -> Option<DeploymentOperation> {
    let properties = item.get("properties")?;
    let own_id = text(item, &["operationId"]).or_else(|| text(item, &["id"]))?;
    let target = properties.get("targetResource").and_then(|target| {
        Some(TargetResource {
            id: text(target, &["id"])?,
            resource_type: text(target, &["resourceType"]).unwrap_or_default(),
            name: text(target, &["resourceName"]).unwrap_or_default(),
        })
    });
    let state = text(properties, &["provisioningState"])?;
    let mut problem = if state == "Failed" { reason(properties) } else { None };
    if let (Some(problem), Some(target)) = (&mut problem, &target)
        && problem.place.is_none()
    {
        problem.place = Some(target.name.clone());
    }
    Some(DeploymentOperation {
        // DeploymentOperation ids are unique within their own deployment only.
        id: if parent.is_empty() { own_id } else { format!("{parent}/operations/{own_id}") },
        target,
        provisioning_operation: text(properties, &["provisioningOperation"]).unwrap_or_default(),
        state,
        timestamp: time::timestamp(&text(properties, &["timestamp"])?)?,
        duration: text(properties, &["duration"])
            .and_then(|text| time::duration(&text))
            .unwrap_or_default(),
        status_code: text(properties, &["statusCode"]),
        problem,
    })
}

/// Why an operation failed. The message can be an object, a text, or missing.
fn reason(properties: &Value) -> Option<Problem> {
    let correlation = text(properties, &["serviceRequestId"]);
    let message = properties.get("statusMessage");
    let found = message.and_then(|message| decode::failure(message, correlation.as_deref()));
    found.or_else(|| {
        let code = text(properties, &["statusCode"]).unwrap_or_else(|| "Failed".into());
        let words = message.and_then(Value::as_str).unwrap_or_default();
        let body = serde_json::json!({"error": {"code": code, "message": words}});
        decode::failure(&body, correlation.as_deref())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failed_operation_carries_its_reason_and_place() {
        let item = json!({"operationId": "A1", "properties": {
            "provisioningOperation": "Create", "provisioningState": "Failed",
            "timestamp": "2026-11-24T03:00:00.1234567Z", "duration": "PT2M1.5S",
            "statusCode": "Conflict",
            "statusMessage": {"status": "Failed", "error": {"code": "ResourceDeploymentFailure",
                "message": "failed", "details": [{"code": "AnotherOperationInProgress", "message": "busy"}]}},
            "targetResource": {"id": "/subscriptions/s/\
             x", "resourceType": "Microsoft.Network/routeTables", "resourceName": "rt-test4821"}
        }});
        let read = operation(&item, "").unwrap();
        assert_eq!(read.duration.as_millis(), 121_500);
        let problem = read.problem.unwrap();
        assert_eq!(problem.code, "AnotherOperationInProgress");
        assert_eq!(problem.place.as_deref(), Some("rt-test4821"));
        assert!(problem.is_transient());
    }

    #[test]
    fn a_message_that_is_text_is_kept() {
        let properties = json!({"statusCode": "BadRequest", "statusMessage": "broken"});
        let problem = reason(&properties).unwrap();
        assert_eq!(problem.code, "BadRequest");
        assert_eq!(problem.original.as_deref(), Some("broken"));
    }

    #[test]
    fn the_operations_of_nested_deployments_have_their_own_paths() {
        assert_eq!(
            operations_path(
                "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Resources/deployments/d"
            )
            .unwrap(),
            "/subscriptions/s/resourcegroups/rg/deployments/d/operations?api-version=2025-04-01"
        );
        assert_eq!(
            operations_path("/subscriptions/s/providers/Microsoft.Resources/deployments/d")
                .unwrap(),
            "/subscriptions/s/providers/Microsoft.Resources/deployments/d/operations?api-version=2025-04-01"
        );
        assert_eq!(operations_path("/tenants/x"), None);
    }
}
