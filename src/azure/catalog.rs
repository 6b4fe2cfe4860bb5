//! What Azure offers and what is taken: names, deleted vaults, quotas, machine sizes, images.
//!
//! All of it is asked before anything is made, so that a deployment does not fail late. This module decides nothing.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::arm::{Arm, read, segment, text};
use super::http::Request;
use super::time;
use crate::domain::check::MachineSize;
use crate::domain::json::HasJson as _;
use crate::domain::problem::Result;
use crate::domain::resource;

/// A kind of resource whose name is unique in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobalName {
    /// A storage account.
    Storage,
    /// A key vault.
    Vault,
    /// A container registry.
    Registry,
}

impl GlobalName {
    fn resource_type(self) -> &'static str {
        match self {
            Self::Storage => resource::STORAGE,
            Self::Vault => resource::VAULT,
            Self::Registry => resource::REGISTRY,
        }
    }
}

/// Whether a name can be used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NameAvailability {
    /// True when it is free and well formed.
    pub name_available: bool,
    /// `AlreadyExists` (soft-deleted vaults included), `AccountNameInvalid` and others: taken is not the same as wrong.
    #[serde(default)]
    pub reason: Option<String>,
    /// Azure's own words.
    #[serde(default)]
    pub message: Option<String>,
}

/// A key vault in the recycle bin, which keeps its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedVault {
    /// Its name.
    pub name: String,
    /// The id that it had.
    pub vault_id: String,
    /// Its region.
    pub location: String,
    /// When it will be gone and its name free.
    pub purged: Option<Timestamp>,
    /// True when it cannot be purged before.
    pub protected: bool,
}

impl Arm {
    /// Whether a name that must be unique in the world is free.
    ///
    /// # Errors
    /// As every call.
    pub async fn name_availability(
        &self,
        kind: GlobalName,
        name: &str,
    ) -> Result<NameAvailability> {
        let resource_type = kind.resource_type();
        let namespace = resource_type.split('/').next().unwrap_or_default();
        let path = self.within(&format!("/providers/{namespace}/checkNameAvailability"));
        let body = json!({"name": name, "type": resource_type});
        let request = Request::post(path, Some(&body)).repeatable();
        let answer = self.http().send(request).await?;
        read(&answer.body, &answer)
    }

    /// Key vaults in the recycle bin.
    ///
    /// # Errors
    /// As every call.
    pub async fn deleted_vaults(&self) -> Result<Vec<DeletedVault>> {
        let path = self.within("/providers/Microsoft.KeyVault/deletedVaults");
        self.list_of(path, deleted_vault).await
    }

    /// The machine sizes of a region, those that the subscription cannot have included.
    ///
    /// # Errors
    /// As every call.
    pub async fn machine_sizes(&self, region: &str) -> Result<Vec<MachineSize>> {
        let filter = segment(&format!("location eq '{}'", region.replace('\'', "''")));
        let rest = format!("/providers/Microsoft.Compute/skus?$filter={filter}");
        let items: Vec<Value> = self.list(self.within(&rest)).await?;
        Ok(items.iter().filter_map(machine_size).collect())
    }
}

fn deleted_vault(item: &Value) -> Option<DeletedVault> {
    let property = |key: &str| text(item, &["properties", key]);
    Some(DeletedVault {
        name: text(item, &["name"])?,
        vault_id: property("vaultId")?,
        location: property("location")?,
        purged: property("scheduledPurgeDate").and_then(|date| time::timestamp(&date)),
        protected: item.flag("/properties/purgeProtectionEnabled"),
    })
}

fn machine_size(item: &Value) -> Option<MachineSize> {
    if text(item, &["resourceType"])? != "virtualMachines" {
        return None;
    }
    let capability = |name: &str| {
        let mut all = item.items("/capabilities").iter();
        text(all.find(|each| each.text("/name") == name)?, &["value"])
    };
    let generation_2 = capability("HyperVGenerations").is_some_and(|all| all.contains("V2"));
    let disabled = capability("TrustedLaunchDisabled").is_some_and(|word| word == "True");
    let memory: f64 = capability("MemoryGB").and_then(|word| word.parse().ok()).unwrap_or(0.0);
    let arm = capability("CpuArchitectureType").is_some_and(|word| word == "Arm64");
    Some(MachineSize {
        x64: !arm,
        name: text(item, &["name"])?,
        family: text(item, &["family"]).unwrap_or_default(),
        cores: capability("vCPUs").and_then(|word| word.parse().ok()).unwrap_or(0),
        memory: mebibytes(memory),
        trusted_launch: generation_2 && !disabled,
        restriction: restriction(item),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of the type before"
)]
fn mebibytes(gibibytes: f64) -> u32 {
    (gibibytes * 1024.0).clamp(0.0, f64::from(u32::MAX)) as u32
}

/// A restriction of the whole region. One of single zones does not matter: nothing of ours asks for a zone.
fn restriction(item: &Value) -> Option<String> {
    let mut all = item.items("/restrictions").iter();
    let found = all.find(|each| each.text("/type") == "Location")?;
    text(found, &["reasonCode"]).or_else(|| Some("NotAvailable".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::http::support::{Counting, Reply, Server};
    use crate::azure::offer::quota;

    #[test]
    fn a_size_tells_what_matters_for_the_jumpbox() {
        let size = machine_size(&json!({
            "resourceType": "virtualMachines", "name": "Standard_D2s_v5", "family": "standardDSv5Family",
            "capabilities": [{"name": "vCPUs", "value": "2"}, {"name": "MemoryGB", "value": "8"},
                             {"name": "HyperVGenerations", "value": "V1,V2"}],
            "restrictions": [{"type": "Zone", "reasonCode": "NotAvailableForSubscription"}]
        }))
        .unwrap();
        assert_eq!((size.cores, size.memory), (2, 8192));
        assert!(size.trusted_launch);
        assert_eq!(size.restriction, None);
        let blocked = machine_size(&json!({
            "resourceType": "virtualMachines", "name": "Standard_A1", "family": "x",
            "capabilities": [{"name": "HyperVGenerations", "value": "V1"}],
            "restrictions": [{"type": "Location", "reasonCode": "NotAvailableForSubscription"}]
        }))
        .unwrap();
        assert!(!blocked.trusted_launch);
        assert_eq!(blocked.restriction.as_deref(), Some("NotAvailableForSubscription"));
        assert_eq!(machine_size(&json!({"resourceType": "disks", "name": "x"})), None);
    }

    #[test]
    fn a_quota_and_a_deleted_vault_are_read() {
        let cores =
            quota(&json!({"name": {"value": "cores", "localizedValue": "Total Regional vCPUs"},
                                  "currentValue": 12, "limit": 10, "unit": "Count"}))
            .unwrap();
        assert_eq!((cores.left(), cores.display.as_str()), (0, "Total Regional vCPUs"));
        let vault = deleted_vault(&json!({"name": "kv-test4821", "properties": {
            "vaultId": "/x", "location": "westeurope", "scheduledPurgeDate": "2027-02-22T03:00:00Z",
            "purgeProtectionEnabled": true}}))
        .unwrap();
        assert!(vault.protected && vault.purged.is_some());
    }

    #[tokio::test]
    async fn a_name_is_asked_about_as_its_kind_wants_it() {
        let server = Server::start(|seen, _| {
            let free = seen.json()["name"] == "sttest4821";
            Reply::json(
                200,
                json!({"nameAvailable": free, "reason": (!free).then_some("AlreadyExists")}),
            )
        })
        .await;
        let arm = Arm::new(server.http(Counting::new(3600)), "s");
        let storage = arm.name_availability(GlobalName::Storage, "sttest4821").await.unwrap();
        let vault = arm.name_availability(GlobalName::Vault, "kv-test4821").await.unwrap();
        assert!(storage.name_available);
        assert_eq!(vault.reason.as_deref(), Some("AlreadyExists"));
        assert_eq!(server.seen()[1].json()["type"], "Microsoft.KeyVault/vaults");
    }
}
