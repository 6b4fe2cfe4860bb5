//! What a type's provider shows of properties that nobody has set, where that follows from something; what is the
//! same for all is data (`resource/defaults.toml`).
//!
//! It lies beneath what was written, so a later write goes before it, and it is no part of what a preview compares.
//! Sources: the recorded answers of each type, newest API version first.

use serde_json::{Value, json};

use super::compute;
use crate::practice::state::StoredResource;
use crate::practice::token;

/// The tier of a firewall or a policy that names none.
pub(super) const DEFAULT_TIER: &str = "Standard";

/// The version that every image of the practice cloud has.
const IMAGE_VERSION: &str = "26100.4652.250708";

/// The properties, and whatever stands beside them; null for a type of which nothing is known.
pub fn unasked(stored: &StoredResource) -> Value {
    let properties = match stored.resource_type.to_ascii_lowercase().as_str() {
        "microsoft.network/privatednszones/virtualnetworklinks" => link(stored),
        "microsoft.compute/virtualmachines" => machine(stored),
        "microsoft.compute/disks" => disk(stored),
        "microsoft.authorization/roleassignments" => role(stored),
        "microsoft.insights/diagnosticsettings" => return setting(),
        _ => return Value::Null,
    };
    json!({ "properties": properties })
}

/// The version behind `latest` is told where a machine comes from an image
/// (`microsoft.compute_virtualmachines.jsonl#2`).
fn machine(stored: &StoredResource) -> Value {
    let mut profile = json!({ "osDisk": compute::unasked_disk(stored) });
    if let (Some(members), Some(_)) =
        (profile.as_object_mut(), stored.get("/properties/storageProfile/imageReference"))
    {
        let version = json!({ "exactVersion": IMAGE_VERSION });
        members.insert("imageReference".to_owned(), version);
    }
    json!({ "storageProfile": profile })
}

/// `microsoft.compute_disks.jsonl#0`.
fn disk(stored: &StoredResource) -> Value {
    let size = stored.get("/properties/diskSizeGB").and_then(Value::as_u64);
    size.map_or_else(|| json!({}), |gigabytes| json!({ "diskSizeBytes": gigabytes << 30 }))
}

/// Only links of zones for private endpoints tell how names without a record are resolved
/// (<https://learn.microsoft.com/azure/dns/private-dns-fallback>).
fn link(stored: &StoredResource) -> Value {
    let zone = stored.id.parent();
    let zone = zone.as_ref().map_or("", |zone| zone.name());
    if zone.to_ascii_lowercase().contains("privatelink.") {
        json!({ "resolutionPolicy": "Default" })
    } else {
        json!({})
    }
}

/// `microsoft.authorization_roleassignments.jsonl#2`.
fn role(stored: &StoredResource) -> Value {
    let principal = stored.text("/properties/principalId");
    let kind =
        if principal.eq_ignore_ascii_case(token::OBJECT_ID) { "User" } else { "ServicePrincipal" };
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
