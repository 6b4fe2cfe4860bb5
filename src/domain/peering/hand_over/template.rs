//! The hub's side of the peering as an Azure Resource Manager template, deployed to the resource group of the hub.
//!
//! Only that half: the environment's half and the links of its zones belong to the environment's group, and a
//! template for one group cannot write in another without a nested deployment, which the owner would have to trust
//! unseen.

use crate::domain::resource;
use serde_json::{Value, json};

/// API version with which it is written.
pub const VERSION: &str = "2025-05-01";

/// The template, with every value filled in.
pub fn template(full_name: &str, hub_name: &str, half_name: &str, network_id: &str) -> Value {
    let parameter = |value: &str, description: String| {
        json!({
            "type": "string",
            "defaultValue": literal(value),
            "metadata": { "description": description },
        })
    };
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        "metadata": {
            "description": format!(
                "The hub's side of the peering with the private Azure Machine Learning environment {full_name}."
            )
        },
        "parameters": {
            "hubNetworkName": parameter(hub_name, "Name of the hub's network, which is in this resource group.".into()),
            "peeringName": parameter(half_name, "Name of the peering to create in it.".into()),
            "environmentNetworkId": parameter(network_id, format!("Id of the network of {full_name}.")),
        },
        "resources": {
            "hubSide": {
                "type": resource::PEERING,
                "apiVersion": VERSION,
                "name": "[format('{0}/{1}', parameters('hubNetworkName'), parameters('peeringName'))]",
                "properties": {
                    "remoteVirtualNetwork": { "id": "[parameters('environmentNetworkId')]" },
                    "allowVirtualNetworkAccess": true,
                    "allowForwardedTraffic": true,
                    "allowGatewayTransit": true,
                    "useRemoteGateways": false,
                },
            }
        },
        "outputs": {
            "peeringState": {
                "type": "string",
                "value": "[reference('hubSide').peeringState]",
                "metadata": {
                    "description": "Initiated until the environment has created its side, then Connected."
                },
            }
        },
    })
}

/// A text that must not be taken for an expression
/// (<https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions#escape-characters>).
fn literal(text: &str) -> String {
    if text.starts_with('[') { format!("[{text}") } else { text.to_owned() }
}
