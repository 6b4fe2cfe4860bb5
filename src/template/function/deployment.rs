//! Deployment functions:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment>.
//!
//! `deployment()` leaves out what only Azure computes (`templateHash`), so that using it is a fault and not a wrong
//! value.

use serde_json::{Map, Value as Json, json};

use crate::domain::settings::Cloud;

use super::super::value::Value;
use super::argument::Call;
use super::{CallResult, Function, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("deployment", 0, 0, deployment),
    strict("environment", 0, 0, environment),
    strict("parameters", 1, 1, |call| Ok(call.evaluator.parameter(call.text(0)?)?)),
    strict("variables", 1, 1, |call| Ok(call.evaluator.variable(call.text(0)?)?)),
];

fn deployment(call: &Call<'_, '_>) -> CallResult {
    let scope = call.evaluator.scope;
    let mut deployment = Map::new();
    deployment.insert("name".to_owned(), json!(scope.deployment));
    if scope.resource_group.is_none() {
        deployment.insert("location".to_owned(), json!(scope.location));
    }
    let properties = json!({
        "template": call.evaluator.template.to_json(),
        "parameters": call.evaluator.given_parameters(),
        "mode": "Incremental",
        "provisioningState": "Accepted"
    });
    deployment.insert("properties".to_owned(), properties);
    Ok(Value::from(Json::Object(deployment)))
}

fn environment(call: &Call<'_, '_>) -> CallResult {
    let cloud = call.evaluator.scope.cloud;
    let facts = cloud.facts();
    let address = |host: &str| format!("https://{host}/");
    let mut environment = json!({
        "name": facts.name,
        "graph": address(facts.graph),
        "portal": format!("https://{}", facts.portal),
        "graphAudience": address(facts.graph),
        "resourceManager": address(facts.resource_manager),
        "authentication": {
            "loginEndpoint": address(facts.authority),
            "audiences": [address(facts.management), address(facts.resource_manager)],
            "tenant": "common",
            "identityProvider": "AAD"
        },
        "suffixes": {
            "acrLoginServer": format!(".{}", facts.registry),
            "keyvaultDns": format!(".{}", facts.vault),
            "sqlServerHostname": format!(".{}", facts.sql),
            "storage": facts.storage
        }
    });
    if cloud == Cloud::Public {
        complete(&mut environment);
    }
    Ok(Value::from(environment))
}

/// What the documentation gives for the public cloud only.
fn complete(environment: &mut Json) {
    let more = json!({
        "gallery": "https://gallery.azure.com/",
        "activeDirectoryDataLake": "https://datalake.azure.net/",
        "batch": "https://batch.core.windows.net/",
        "media": "https://rest.media.azure.net",
        "sqlManagement": "https://management.core.windows.net:8443/",
        "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/\
         quickstart-templates/aliases.json"
    });
    let suffixes = json!({
        "azureDatalakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
        "azureDatalakeStoreFileSystem": "azuredatalakestore.net",
        "azureFrontDoorEndpointSuffix": "azurefd.net"
    });
    extend(Some(environment), more);
    extend(environment.get_mut("suffixes"), suffixes);
}

fn extend(into: Option<&mut Json>, from: Json) {
    if let (Some(Json::Object(into)), Json::Object(from)) = (into, from) {
        into.extend(from);
    }
}
