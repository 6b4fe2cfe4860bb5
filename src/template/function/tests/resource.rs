//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource>. What
//! needs a run (`reference`, `list*`) is tested with whole templates in `resolve`.

use serde_json::json;

use super::{check, check_refused, evaluate_in};
use crate::template::Unknown;
use crate::template::evaluate::EvaluationStage;

#[test]
fn identifiers() {
    let subscription = "11111111-1111-1111-1111-111111111111";
    let other = format!(
        "resourceId('{subscription}', 'otherResourceGroup', 'Microsoft.Storage/storageAccounts', 'examplestorage')"
    );
    check(&[
        (
            "resourceId('Microsoft.Storage/storageAccounts', 'examplestorage')",
            json!(
                "/subscriptions/sub-1/resourceGroups/examplegroup/providers/Microsoft.Storage/storageAccounts/\
                 examplestorage"
            ),
        ),
        (
            "resourceId('otherResourceGroup', 'Microsoft.Storage/storageAccounts', 'examplestorage')",
            json!(
                "/subscriptions/sub-1/resourceGroups/otherResourceGroup/providers/Microsoft.Storage/\
                 storageAccounts/examplestorage"
            ),
        ),
        (
            &other,
            json!(
                "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/otherResourceGroup/\
                 providers/Microsoft.Storage/storageAccounts/examplestorage"
            ),
        ),
        (
            "resourceId('Microsoft.SQL/servers/databases', 'serverName', 'databaseName')",
            json!(
                "/subscriptions/sub-1/resourceGroups/examplegroup/providers/Microsoft.SQL/servers/serverName/\
                 databases/databaseName"
            ),
        ),
    ]);
}

#[test]
fn identifiers_outside_a_resource_group() {
    check(&[
        (
            "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')",
            json!(
                "/subscriptions/sub-1/providers/Microsoft.Authorization/roleDefinitions/\
                 b24988ac-6180-42a0-ab88-20f7382dd24c"
            ),
        ),
        (
            "tenantResourceId('Microsoft.Authorization/policyDefinitions', 'p')",
            json!("/providers/Microsoft.Authorization/policyDefinitions/p"),
        ),
        (
            "managementGroupResourceId('group', 'Microsoft.Authorization/policyDefinitions', 'p')",
            json!(
                "/providers/Microsoft.Management/managementGroups/group/providers/Microsoft.Authorization/\
                 policyDefinitions/p"
            ),
        ),
        (
            "extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'rglock')",
            json!(
                "/subscriptions/sub-1/resourceGroups/examplegroup/providers/Microsoft.Authorization/locks/rglock"
            ),
        ),
    ]);
}

#[test]
fn types_and_names_must_fit() {
    check_refused(&[
        ("resourceId('storageAccounts', 'x')", "no argument is a resource type"),
        ("resourceId('Microsoft.SQL/servers/databases', 'server')", "requires 2 resource name(s)"),
    ]);
}

#[test]
fn what_the_template_has_not_is_refused() {
    check_refused(&[
        ("reference('storage')", "not defined in the template"),
        ("reference('/subscriptions/s/x')", "API version is required"),
        ("reference('a', '2024-01-01', 'Half')", "Full"),
        ("references('workers')", "not the symbol"),
        ("resourceInfo('storage')", "not the symbol"),
        ("listKeys('storage', '2024-01-01')", "not defined in the template"),
    ]);
    for expression in ["reference('x')", "listKeys('x', '2024-01-01')", "references('x')"] {
        let error = evaluate_in(expression, EvaluationStage::Structure, &Unknown).unwrap_err();
        assert!(error.message.contains("at this location"), "{}", error.message);
    }
}
