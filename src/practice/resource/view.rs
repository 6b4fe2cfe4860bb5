//! A resource as a client sees it: what was written, what the provider added, and never a secret.

use serde_json::{Map, Value, json};

use super::defaults;
use crate::practice::catalog::kind::ResourceType;
use crate::practice::json::{self, HasJson as _};
use crate::practice::state::{Cloud, StoredResource};
use crate::practice::{rule, secure};

/// Types whose answers have no `provisioningState`.
const WITHOUT_STATE: [&str; 6] = [
    "microsoft.authorization/",
    "microsoft.insights/diagnosticsettings",
    "microsoft.managedidentity/",
    "microsoft.keyvault/vaults/secrets",
    "microsoft.storage/storageaccounts/",
    "microsoft.network/privatednszones/a",
];

/// The whole resource as GET answers it.
pub fn render(cloud: &Cloud, stored: &StoredResource) -> Value {
    let mut view = Map::new();
    view.insert("id".to_owned(), json!(spelt_id(stored)));
    view.insert("name".to_owned(), json!(stored.name));
    view.insert("type".to_owned(), json!(spelt_type(stored)));
    let mut content = match rule::unasked(stored) {
        Value::Null => json!({}),
        unasked => unasked,
    };
    if stored.body.is_object() {
        json::merge(&mut content, stored.body.clone());
    }
    json::merge(&mut content, stored.runtime.clone());
    defaults::fill(stored, &mut content);
    show_peerings(cloud, stored, &mut content);
    hide_disk_of_deallocated(stored, &mut content);
    secure::strip(&mut content);
    if has_state(stored) {
        let state = json!({ "properties": { "provisioningState": shown_state(stored) } });
        json::merge(&mut content, state);
    }
    if stored.id.namespace().eq_ignore_ascii_case("Microsoft.Network") {
        view.insert("etag".to_owned(), json!(format!("W/\"{}\"", stored.etag)));
    }
    if let Value::Object(content) = content {
        for (name, value) in content {
            view.entry(name).or_insert(value);
        }
    }
    Value::Object(view)
}

/// Peerings are resources of their own, and part of their network's answer too.
fn show_peerings(cloud: &Cloud, stored: &StoredResource, content: &mut Value) {
    if !stored.is("Microsoft.Network/virtualNetworks") {
        return;
    }
    let peerings = cloud.children(&stored.id, "virtualNetworkPeerings");
    let peerings: Vec<Value> = peerings.map(|peering| render(cloud, peering)).collect();
    let shown = json!({ "properties": { "virtualNetworkPeerings": peerings } });
    json::merge(content, shown);
}

/// A deallocated machine tells neither the kind nor the size of its disk: the disk itself does (90 of 91 recorded
/// machines, Azure/azure-cli `test_vm_priority_eviction_billing`).
fn hide_disk_of_deallocated(stored: &StoredResource, content: &mut Value) {
    let mut statuses = stored.runtime.items("/properties/instanceView/statuses").iter();
    let deallocated = statuses.any(|status| status.text("/code") == "PowerState/deallocated");
    if !stored.is("Microsoft.Compute/virtualMachines") || !deallocated {
        return;
    }
    let disk = content.pointer_mut("/properties/storageProfile/osDisk");
    if let Some(disk) = disk.and_then(Value::as_object_mut) {
        disk.shift_remove("diskSizeGB");
        if let Some(managed) = disk.get_mut("managedDisk").and_then(Value::as_object_mut) {
            managed.shift_remove("storageAccountType");
        }
    }
}

fn has_state(stored: &StoredResource) -> bool {
    let lowered = stored.resource_type.to_ascii_lowercase();
    !WITHOUT_STATE.iter().any(|prefix| lowered.starts_with(prefix))
}

/// Storage and networking know no `Creating` of their own; each has its own word for it.
fn shown_state(stored: &StoredResource) -> &str {
    let network = stored.id.namespace().eq_ignore_ascii_case("Microsoft.Network");
    match stored.provisioning_state.as_str() {
        "Creating" if stored.is("Microsoft.KeyVault/vaults") => "RegisteringDns",
        "Creating" if network => "Updating",
        other => other,
    }
}

/// Some providers spell the ids of their resources their own way (recorded:
/// `microsoft.insights_diagnosticsettings.jsonl#1`, `microsoft.managedidentity_userassignedidentities.jsonl#0`).
fn spelt_id(stored: &StoredResource) -> String {
    let id = stored.id.to_string();
    if stored.is("Microsoft.ManagedIdentity/userAssignedIdentities")
        || stored.is("Microsoft.DevTestLab/schedules")
    {
        return id.replace("/resourceGroups/", "/resourcegroups/");
    }
    match stored.id.target() {
        Some(target) if stored.is("Microsoft.Insights/diagnosticSettings") => format!(
            "{}/providers/microsoft.insights/diagnosticSettings/{}",
            target.key(),
            stored.name
        ),
        _ => id,
    }
}

/// Types whose answers are spelt otherwise than the type is named (recorded in the files of these types).
const SPELT: [(&str, &str); 5] = [
    ("Microsoft.DevTestLab/schedules", "microsoft.devtestlab/schedules"),
    ("microsoft.insights/diagnosticSettings", "Microsoft.Insights/diagnosticSettings"),
    ("microsoft.insights/privateLinkScopes", "microsoft.insights/privatelinkscopes"),
    ("Microsoft.Network/firewallPolicies", "Microsoft.Network/FirewallPolicies"),
    (
        "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
        "Microsoft.Network/FirewallPolicies/RuleCollectionGroups",
    ),
];
fn spelt_type(stored: &StoredResource) -> String {
    let name = ResourceType::of(&stored.resource_type)
        .map_or_else(|| stored.resource_type.clone(), ResourceType::full_name);
    let spelt = SPELT.iter().find(|(known, _)| *known == name);
    spelt.map_or(name.clone(), |(_, spelt)| (*spelt).to_owned())
}
