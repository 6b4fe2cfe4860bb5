//! `outboundNetworkDependenciesEndpoints` of a workspace: the hosts that Azure Machine Learning says it needs, in the
//! form of `ExternalFQDNResponse` (azure-rest-api-specs, machineLearningServices.json).

use serde_json::{Value, json};

use crate::practice::identifier::ResourceId;
use crate::practice::reply::Reply;
use crate::practice::state::Cloud;

const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";

/// Answers `GET {workspace}/outboundNetworkDependenciesEndpoints`.
pub(super) fn list(cloud: &Cloud, id: &ResourceId) -> Reply {
    let Some(workspace) = cloud.resource(id) else { return super::handle::not_found(id) };
    if !workspace.is(WORKSPACE) {
        return fault!(404, "InvalidResourcePath", "'{id}' has no outbound network dependencies.");
    }
    let region = workspace.text("/location");
    let attached = |pointer: &str, ending: &str| {
        let name = workspace.text(pointer).rsplit('/').next().unwrap_or("");
        format!("{name}.{ending}")
    };
    let mut categories = vec![
        category("Azure Active Directory", &[("login.microsoftonline.com", &[80, 443])]),
        category("Azure portal", &[("management.azure.com", &[443])]),
        category(
            "Azure Machine Learning",
            &[
                ("ml.azure.com", &[443]),
                (&format!("{region}.api.azureml.ms"), &[443]),
                (&format!("{region}.experiments.azureml.net"), &[443]),
                ("*.notebooks.azure.net", &[443]),
                ("graph.microsoft.com", &[443]),
            ],
        ),
        category("Azure Batch", &[(&format!("*.{region}.batch.azure.com"), &[443])]),
        category(
            "Microsoft Container Registry",
            &[("mcr.microsoft.com", &[443]), ("*.data.mcr.microsoft.com", &[443])],
        ),
    ];
    // A host that nobody has: which index Azure names is not the practice cloud's to say.
    categories.push(category("Python packages", &[("packages.practice.example", &[443])]));
    if !workspace.text("/properties/storageAccount").is_empty() {
        let blob = attached("/properties/storageAccount", "blob.core.windows.net");
        let file = attached("/properties/storageAccount", "file.core.windows.net");
        categories.push(category("Azure Storage", &[(&blob, &[443]), (&file, &[443, 445])]));
    }
    if !workspace.text("/properties/keyVault").is_empty() {
        let vault = attached("/properties/keyVault", "vault.azure.net");
        categories.push(category("Azure Key Vault", &[(&vault, &[443])]));
    }
    if !workspace.text("/properties/containerRegistry").is_empty() {
        let registry = attached("/properties/containerRegistry", "azurecr.io");
        categories.push(category("Azure Container Registry", &[(&registry, &[443])]));
    }
    Reply::list(categories)
}

fn category(name: &str, endpoints: &[(&str, &[u16])]) -> Value {
    let endpoints: Vec<Value> = endpoints
        .iter()
        .map(|(domain, ports)| {
            let details: Vec<Value> = ports.iter().map(|port| json!({ "port": port })).collect();
            json!({ "domainName": domain, "endpointDetails": details })
        })
        .collect();
    json!({ "properties": { "category": name, "endpoints": endpoints } })
}
