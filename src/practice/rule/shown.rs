//! What a type's provider shows of properties that nobody has set.
//!
//! It lies beneath what was written, so a later write goes before it, and it is no part of what a preview compares.
//! Sources: the recorded answers of each type, newest API version first.

use serde_json::{Value, json};

use super::compute;
use crate::practice::{state::StoredResource, token};

/// The tier of a firewall or a policy that names none.
pub(super) const DEFAULT_TIER: &str = "Standard";

/// The properties, and whatever stands beside them; null for a type of which nothing is known.
#[must_use]
pub fn unasked(stored: &StoredResource) -> Value {
    let properties = match stored.resource_type.to_ascii_lowercase().as_str() {
        "microsoft.storage/storageaccounts" => storage(stored),
        "microsoft.network/publicipaddresses" => json!({
            "idleTimeoutInMinutes": 4,
            "publicIPAddressVersion": "IPv4",
            "ddosSettings": { "protectionMode": "VirtualNetworkInherited" },
        }),
        "microsoft.network/virtualnetworks" => json!({ "privateEndpointVNetPolicies": "Disabled" }),
        "microsoft.network/azurefirewalls" => json!({
            "sku": { "name": "AZFW_VNet", "tier": DEFAULT_TIER },
            "additionalProperties": {},
            "applicationRuleCollections": [],
            "networkRuleCollections": [],
            "natRuleCollections": [],
        }),
        "microsoft.network/networkinterfaces" => json!({
            "enableAcceleratedNetworking": false,
            "enableIPForwarding": false,
            "vnetEncryptionSupported": false,
            "hostedWorkloads": [],
            "tapConfigurations": [],
        }),
        "microsoft.network/privateendpoints" => json!({
            "ipConfigurations": [],
            "ipVersionType": "IPv4",
        }),
        "microsoft.network/privatednszones/virtualnetworklinks" => link(stored),
        "microsoft.keyvault/vaults" => json!({ "enabledForDeployment": false }),
        "microsoft.compute/virtualmachines" => json!({
            "storageProfile": { "osDisk": compute::unasked_disk(stored) },
        }),
        "microsoft.authorization/roleassignments" => role(stored),
        "microsoft.insights/diagnosticsettings" => return setting(),
        _ => return Value::Null,
    };
    json!({ "properties": properties })
}

/// `microsoft.storage_storageaccounts.jsonl#1`. Clients read the encryption (Azure CLI, `storage account update`).
fn storage(stored: &StoredResource) -> Value {
    let created = stored.created.to_string();
    let service = json!({ "enabled": true, "keyType": "Account", "lastEnabledTime": created });
    json!({
        "encryption": {
            "services": { "blob": service, "file": service },
            "keySource": "Microsoft.Storage",
        },
        "keyCreationTime": { "key1": created, "key2": created },
        "accessTier": "Hot",
        "allowBlobPublicAccess": false,
        "allowCrossTenantReplication": false,
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": true,
        "networkAcls": {
            "bypass": "AzureServices",
            "defaultAction": "Allow",
            "ipRules": [],
            "ipv6Rules": [],
            "virtualNetworkRules": [],
        },
    })
}

/// Only links of zones for private endpoints tell how names without a record are resolved
/// (<https://learn.microsoft.com/azure/dns/private-dns-fallback>).
fn link(stored: &StoredResource) -> Value {
    let zone = stored.id.parent();
    let zone = zone.as_ref().map_or("", |zone| zone.name());
    if zone.to_ascii_lowercase().starts_with("privatelink.") {
        json!({ "resolutionPolicy": "Default" })
    } else {
        json!({})
    }
}

/// `microsoft.authorization_roleassignments.jsonl#2`.
fn role(stored: &StoredResource) -> Value {
    let principal = stored.text("/properties/principalId");
    let kind = if principal.eq_ignore_ascii_case(token::OBJECT_ID) {
        "User"
    } else {
        "ServicePrincipal"
    };
    json!({
        "principalType": kind,
        "condition": null,
        "conditionVersion": null,
        "createdBy": token::OBJECT_ID,
        "updatedBy": token::OBJECT_ID,
        "delegatedManagedIdentityResourceId": null,
        "description": null,
    })
}

/// `microsoft.insights_diagnosticsettings.jsonl#1`.
fn setting() -> Value {
    json!({
        "location": null,
        "kind": null,
        "tags": null,
        "identity": null,
        "properties": {
            "storageAccountId": null,
            "serviceBusRuleId": null,
            "workspaceId": null,
            "eventHubAuthorizationRuleId": null,
            "eventHubName": null,
            "metrics": [],
            "logs": [],
            "logAnalyticsDestinationType": null,
        },
    })
}
