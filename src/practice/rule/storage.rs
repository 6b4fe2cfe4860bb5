//! Storage accounts: names that nobody else has, addresses of their services, and the services as resources.

use serde_json::{Map, Value, json};

use super::{Proposed, child};
use crate::practice::catalog;
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource, TENANT};

const ACCOUNT: &str = "Microsoft.Storage/storageAccounts";

/// A resource of the same type and name elsewhere in the cloud: some names are unique in the whole of Azure.
pub(super) fn namesake<'cloud>(
    cloud: &'cloud Cloud,
    proposed: &Proposed<'_>,
    resource_type: &str,
) -> Option<&'cloud StoredResource> {
    cloud.all_resources().find(|other| {
        other.is(resource_type)
            && other.name.eq_ignore_ascii_case(proposed.id.name())
            && other.id.key() != proposed.id.key()
    })
}

pub(super) fn preflight(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(ACCOUNT) || proposed.existing.is_some() {
        return Ok(());
    }
    let name = proposed.id.name();
    let held = catalog::is_held(cloud, "name-taken", ACCOUNT, name);
    if !held && namesake(cloud, proposed, ACCOUNT).is_none() {
        return Ok(());
    }
    Err(conflict!(
        "StorageAccountAlreadyTaken",
        "The storage account named {name} is already taken."
    )
    .about(name))
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let name = id.name();
    let mut endpoints = Map::new();
    for service in ["blob", "file", "queue", "table", "dfs"] {
        let address = format!("https://{name}.{service}.core.windows.net/");
        endpoints.insert(service.to_owned(), Value::String(address));
    }
    let sku = child::text(cloud, id, "/sku/name");
    let tier = sku.split('_').next().unwrap_or("Standard").to_owned();
    let shown = json!({
        "sku": { "tier": tier },
        "properties": {
            "primaryEndpoints": endpoints,
            "primaryLocation": child::location(cloud, id),
            "statusOfPrimary": "available",
            "creationTime": child::created(cloud, id),
        },
    });
    child::show(cloud, id, shown);
    admit_defender(cloud, id);
    let version = child::api_version(cloud, id);
    for service in ["blobServices", "fileServices", "queueServices", "tableServices"] {
        let service = id.child(service, "default");
        if cloud.resource(&service).is_none() {
            child::make(cloud, &service, &version, json!({ "properties": {} }), json!({}));
        }
    }
}

/// A subscription with Defender for Storage lets that service past the rules of each account: it writes a rule of its
/// own among the account's (cloud-custodian/cloud-custodian, cassette
/// `StorageMetricsFilterTest.test_blob_metrics_filter`).
fn admit_defender(cloud: &mut Cloud, id: &ResourceId) {
    if cloud.fault("defender-for-storage").is_none() {
        return;
    }
    let scanner = format!(
        "/subscriptions/{}/providers/Microsoft.Security/datascanners/storageDataScanner",
        id.subscription
    );
    let mut rules = child::items(cloud, id, "/properties/networkAcls/resourceAccessRules");
    if !rules.iter().any(|rule| rule.says("/resourceId", &scanner)) {
        rules.push(json!({ "tenantId": TENANT, "resourceId": scanner }));
    }
    if let Some(account) = cloud.resource_mut(id) {
        let rules = json!({ "properties": { "networkAcls": { "resourceAccessRules": rules } } });
        json::merge(&mut account.body, rules);
    }
}
