//! What keeps its name after deletion: vaults, workspaces for machine learning, workspaces for logs.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::practice::asynchronous::{self, RESULT};
use crate::practice::clock::later;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, DeletedResource, SUBSCRIPTION, StoredResource};

const VAULTS: &str = "Microsoft.KeyVault/vaults";

/// Notes a resource that is being deleted, when its type has a recycle bin. Days kept: 7 to 90 for a vault as it says
/// itself (90 unless it does), 14 for both kinds of workspaces.
pub fn remember(cloud: &mut Cloud, stored: &StoredResource) {
    let days = match stored.resource_type.to_ascii_lowercase().as_str() {
        "microsoft.keyvault/vaults" => {
            let asked = stored.get("/properties/softDeleteRetentionInDays");
            asked.and_then(Value::as_i64).unwrap_or(90)
        }
        "microsoft.machinelearningservices/workspaces"
        | "microsoft.operationalinsights/workspaces" => 14,
        _ => return,
    };
    let now = cloud.now();
    let id = stored.id.to_string();
    cloud.root.deleted.retain(|gone| gone.id != id);
    cloud.root.deleted.push(DeletedResource {
        resource_type: stored.resource_type.clone(),
        name: stored.name.clone(),
        id,
        location: stored.text("/location").to_owned(),
        deleted: now,
        purged_after: later(now, SignedDuration::from_hours(24 * days)),
        purge_protection: stored.flag("/properties/enablePurgeProtection"),
    });
}

/// Whether a fault (`name-taken`, `soft-deleted-vault`) holds a name: the first of its type that anybody asked for, so
/// that another name is a way out.
pub fn is_held(cloud: &Cloud, fault: &str, resource_type: &str, name: &str) -> bool {
    let mut held = cloud.root.deleted.iter().filter(|gone| gone.resource_type == resource_type);
    cloud.fault(fault).is_some()
        && held.clone().next().is_none_or(|_| held.any(|gone| gone.name.eq_ignore_ascii_case(name)))
}

/// Notes the name that a fault holds from now on.
pub(super) fn hold(cloud: &mut Cloud, resource_type: &str, name: &str) {
    let is_known = |gone: &DeletedResource| gone.resource_type == resource_type;
    if cloud.root.deleted.iter().any(is_known) {
        return;
    }
    let now = cloud.now();
    cloud.root.deleted.push(DeletedResource {
        resource_type: resource_type.to_owned(),
        name: name.to_owned(),
        id: format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-before/providers/{resource_type}/{name}"
        ),
        location: "westeurope".to_owned(),
        deleted: now,
        purged_after: later(now, SignedDuration::from_hours(24 * 90)),
        purge_protection: true,
    });
}

fn forget_purged(cloud: &mut Cloud) {
    let now = cloud.now();
    cloud.root.deleted.retain(|gone| gone.purged_after > now);
}

/// Answers requests about deleted vaults; `None` when the path is another's. `rest` follows the namespace.
pub(super) fn vaults(
    cloud: &mut Cloud,
    request: &Request,
    subscription: &str,
    rest: &[&str],
) -> Option<Reply> {
    forget_purged(cloud);
    let mut vaults = cloud.root.deleted.iter().filter(|gone| gone.resource_type == VAULTS);
    match (request.method.as_str(), rest) {
        ("GET", ["deletedvaults"]) => {
            Some(Reply::list(vaults.map(|gone| view(gone, subscription)).collect()))
        }
        ("GET", ["locations", _, "deletedvaults", name]) => {
            let found = vaults.find(|gone| gone.name.eq_ignore_ascii_case(name));
            Some(found.map_or_else(|| missing(name), |gone| Reply::ok(view(gone, subscription))))
        }
        ("POST", ["locations", _, "deletedvaults", name, "purge"]) => {
            Some(purge(cloud, request, name))
        }
        _ => None,
    }
}

/// The log workspaces that are kept after their deletion (`Deleted Workspaces - List`).
pub(super) fn log_workspaces(cloud: &mut Cloud) -> Reply {
    forget_purged(cloud);
    let kept = cloud.root.deleted.iter().filter(|gone| {
        gone.resource_type.eq_ignore_ascii_case("Microsoft.OperationalInsights/workspaces")
    });
    let shown = kept.map(|gone| {
        json!({
            "id": gone.id,
            "name": gone.name,
            "type": gone.resource_type,
            "location": gone.location,
            "properties": { "modifiedDate": gone.deleted.to_string() },
        })
    });
    Reply::list(shown.collect())
}

fn purge(cloud: &mut Cloud, request: &Request, name: &str) -> Reply {
    let found = cloud
        .root
        .deleted
        .iter()
        .position(|gone| gone.resource_type == VAULTS && gone.name.eq_ignore_ascii_case(name));
    let Some(index) = found else { return missing(name) };
    if cloud.root.deleted.get(index).is_some_and(|gone| gone.purge_protection) {
        return fault!(
            409,
            "MethodNotAllowed",
            "Operation 'DeletedVaultPurge' is not allowed: purge protection is enabled for '{name}'."
        );
    }
    cloud.root.deleted.remove(index);
    let operation = asynchronous::begin_ended(cloud, None);
    asynchronous::accepted(cloud, request, "Microsoft.KeyVault", &operation, &[RESULT])
}

fn missing(name: &str) -> Reply {
    fault!(404, "DeletedVaultNotFound", "The specified deleted vault '{name}' does not exist.")
}

fn view(gone: &DeletedResource, subscription: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{subscription}/providers/Microsoft.KeyVault/locations/{}/deletedVaults/\
         {}", gone.location, gone.name),
        "name": gone.name,
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": {
            "vaultId": gone.id,
            "location": gone.location,
            "tags": {},
            "deletionDate": gone.deleted.to_string(),
            "scheduledPurgeDate": gone.purged_after.to_string(),
            "purgeProtectionEnabled": gone.purge_protection,
        },
    })
}
