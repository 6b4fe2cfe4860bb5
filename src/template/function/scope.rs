//! Scope functions: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-scope>.
//!
//! They return what the caller knows of the place of deployment; nothing is looked up.

use serde_json::json;

use super::super::value::Value;
use super::argument::Call;
use super::{CallResult, Function, invalid, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("resourceGroup", 0, 0, resource_group),
    strict("subscription", 0, 0, subscription),
    strict("tenant", 0, 0, tenant),
];

fn resource_group(call: &Call<'_, '_>) -> CallResult {
    let scope = call.evaluator.scope;
    let Some(group) = &scope.resource_group else {
        return invalid("a deployment to a subscription has no resource group.");
    };
    Ok(Value::from(json!({
        "id": scope.id(),
        "name": group,
        "type": "Microsoft.Resources/resourceGroups",
        "location": scope.location,
        "managedBy": "",
        "tags": scope.tags,
        "properties": { "provisioningState": "Succeeded" }
    })))
}

fn subscription(call: &Call<'_, '_>) -> CallResult {
    let scope = call.evaluator.scope;
    Ok(Value::from(json!({
        "id": format!("/subscriptions/{}", scope.subscription_id),
        "subscriptionId": scope.subscription_id,
        "tenantId": scope.tenant_id,
        "displayName": scope.subscription_name
    })))
}

fn tenant(call: &Call<'_, '_>) -> CallResult {
    Ok(Value::from(json!({
        "tenantId": call.evaluator.scope.tenant_id
    })))
}
