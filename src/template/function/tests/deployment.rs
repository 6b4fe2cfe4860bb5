//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment> and
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-scope>.

use serde_json::json;

use super::{check, check_refused, evaluate, outputs};

#[test]
fn deployment() {
    let deployment = evaluate("deployment()").unwrap();
    assert_eq!(deployment["name"], json!("deployment"));
    assert_eq!(deployment["properties"]["mode"], json!("Incremental"));
    assert_eq!(deployment["properties"]["provisioningState"], json!("Accepted"));
    assert_eq!(deployment["properties"]["template"], json!({"resources": []}));
    assert!(evaluate("deployment().properties.templateHash").is_err());
}

#[test]
fn environment() {
    assert_eq!(
        evaluate("environment()").unwrap(),
        json!({
            "name": "AzureCloud",
            "gallery": "https://gallery.azure.com/",
            "graph": "https://graph.windows.net/",
            "portal": "https://portal.azure.com",
            "graphAudience": "https://graph.windows.net/",
            "activeDirectoryDataLake": "https://datalake.azure.net/",
            "batch": "https://batch.core.windows.net/",
            "media": "https://rest.media.azure.net",
            "sqlManagement": "https://management.core.windows.net:8443/",
            "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/\
             quickstart-templates/aliases.json",
            "resourceManager": "https://management.azure.com/",
            "authentication": {
                "loginEndpoint": "https://login.microsoftonline.com/",
                "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
                "tenant": "common",
                "identityProvider": "AAD"
            },
            "suffixes": {
                "acrLoginServer": ".azurecr.io",
                "azureDatalakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
                "azureDatalakeStoreFileSystem": "azuredatalakestore.net",
                "azureFrontDoorEndpointSuffix": "azurefd.net",
                "keyvaultDns": ".vault.azure.net",
                "sqlServerHostname": ".database.windows.net",
                "storage": "core.windows.net"
            }
        })
    );
}

#[test]
fn scopes() {
    check(&[
        (
            "resourceGroup()",
            json!({
                "id": "/subscriptions/sub-1/resourceGroups/examplegroup",
                "name": "examplegroup",
                "type": "Microsoft.Resources/resourceGroups",
                "location": "westeurope",
                "managedBy": "",
                "tags": {},
                "properties": {"provisioningState": "Succeeded"}
            }),
        ),
        (
            "subscription()",
            json!({
                "id": "/subscriptions/sub-1",
                "subscriptionId": "sub-1",
                "tenantId": "tenant-1",
                "displayName": "Contoso"
            }),
        ),
        ("tenant().tenantId", json!("tenant-1")),
    ]);
    check_refused(&[("managementGroup()", "scope")]);
}

#[test]
fn parameters_and_variables() {
    let outputs = outputs(json!({
        "parameters": {
            "stringParameter": {"type": "string", "defaultValue": "option 1"},
            "intParameter": {"type": "int", "defaultValue": 1},
            "objectParameter": {"type": "object", "defaultValue": {"one": "a", "two": "b"}},
            "arrayParameter": {"type": "array", "defaultValue": [1, 2, 3]},
            "crossParameter": {"type": "string", "defaultValue": "[parameters('stringParameter')]"}
        },
        "variables": {
            "var1": "myVariable",
            "var2": [1, 2, 3, 4],
            "var3": "[variables('var1')]",
            "var4": {"property1": "value1", "property2": "value2"}
        },
        "resources": [],
        "outputs": {
            "stringOutput": {"type": "string", "value": "[parameters('stringParameter')]"},
            "intOutput": {"type": "int", "value": "[parameters('INTParameter')]"},
            "objectOutput": {"type": "object", "value": "[parameters('objectParameter')]"},
            "arrayOutput": {"type": "array", "value": "[parameters('arrayParameter')]"},
            "crossOutput": {"type": "string", "value": "[parameters('crossParameter')]"},
            "exampleOutput1": {"type": "string", "value": "[variables('var1')]"},
            "exampleOutput2": {"type": "array", "value": "[variables('var2')]"},
            "exampleOutput3": {"type": "string", "value": "[variables('var3')]"},
            "exampleOutput4": {"type": "object", "value": "[variables('var4')]"}
        }
    }));
    assert_eq!(
        json!(outputs),
        json!({
            "stringOutput": "option 1",
            "intOutput": 1,
            "objectOutput": {"one": "a", "two": "b"},
            "arrayOutput": [1, 2, 3],
            "crossOutput": "option 1",
            "exampleOutput1": "myVariable",
            "exampleOutput2": [1, 2, 3, 4],
            "exampleOutput3": "myVariable",
            "exampleOutput4": {"property1": "value1", "property2": "value2"}
        })
    );
}
