//! What a person chose: the settings of one environment, as plain data.
//!
//! Settings are written into records, plan files and the tags of the resource group; they hold no secret. A `Draft` is
//! what stands so far: some answers from flags, some from a plan file, some missing. Rules about single fields live
//! beside the field (`name`, `network`, `allowlist`); this module must not know of Azure's answers.

use std::collections::{BTreeMap, BTreeSet};

use ipnetwork::Ipv4Network;
use serde::{Deserialize, Serialize};

use super::allowlist::{OwnHost, Preset};
use super::name::{EnvironmentName, Suffix};

mod answers;
mod draft;
pub mod fields;
mod finish;
mod flags;
mod rules;
#[cfg(test)]
pub(crate) mod tests;
mod values;

pub use answers::Choice;
pub use draft::{Draft, ShutdownChoice};
pub use fields::Field;
pub use finish::Unfinished;
pub use rules::{LONGEST_RETENTION, MOST_TAGS, SHORTEST_RETENTION};

/// Which Azure the environment lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloud {
    /// Azure, the public cloud.
    #[default]
    Public,
    /// Azure Government.
    UsGov,
    /// Azure operated by 21Vianet.
    China,
}

impl Cloud {
    /// Its name as `--cloud` takes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::UsGov => "usgov",
            Self::China => "china",
        }
    }
}

/// Tier of Azure Bastion, the lowest first. Only upgrades are possible later, no downgrade
/// (<https://learn.microsoft.com/azure/bastion/bastion-sku-comparison>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub enum BastionSku {
    /// Free, shared, one connection at a time, no peered networks, few regions.
    #[serde(alias = "developer")]
    Developer,
    /// Two fixed instances, browser only.
    #[default]
    #[serde(alias = "basic")]
    Basic,
    /// Adds the native client and scaling.
    #[serde(alias = "standard")]
    Standard,
    /// Adds session recording.
    #[serde(alias = "premium")]
    Premium,
}

/// Tier of Azure Firewall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub enum FirewallSku {
    /// Name and address filtering with threat intelligence.
    #[default]
    #[serde(alias = "standard")]
    Standard,
    /// Adds intrusion detection and TLS inspection.
    #[serde(alias = "premium")]
    Premium,
}

/// How the workspace reaches its default datastores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatastoreAccess {
    /// By the identities of people and computes; shared keys are off. Needs the right to assign roles.
    #[default]
    Identity,
    /// By the storage account's key, for callers who cannot assign roles.
    AccountKey,
}

/// What networks that use the private names of Azure Monitor reach through the environment's private link scope
/// (<https://learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-design#access-modes>).
///
/// Log Analytics ingestion has an address per log store and keeps to neither: the firewall stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MonitorAccess {
    /// Only the log stores of the scope. Traffic to others is blocked.
    #[default]
    PrivateOnly,
    /// Also the log stores of others, where they accept public networks. Microsoft's page on securing a workspace asks
    /// for it (<https://learn.microsoft.com/azure/machine-learning/how-to-secure-workspace-vnet>).
    Open,
}

impl MonitorAccess {
    /// The word that Azure and the template use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrivateOnly => "PrivateOnly",
            Self::Open => "Open",
        }
    }
}

/// Where the private DNS zones are that hold the records of the private endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DnsZones {
    /// The deployment creates them, links them to the environment's network and writes the records.
    #[default]
    Create,
    /// They exist elsewhere, as in a landing zone whose policy denies `privatelink.*` zones. Nothing of DNS is created:
    /// the zones' owner registers the names and links the zones
    /// (<https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/private-link-and-dns-integration-at-scale>).
    Existing,
}

/// The daily time at which the jumpbox is deallocated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoShutdown {
    /// Four digits, hours and minutes of a 24-hour clock, such as `1900`.
    pub time: String,
    /// A Windows time zone id, such as `UTC` or `W. Europe Standard Time`.
    pub time_zone: String,
}

impl Default for AutoShutdown {
    fn default() -> Self {
        Self { time: "1900".into(), time_zone: "UTC".into() }
    }
}

/// Everything a person can choose about one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The environment's name, 1 to 8 characters.
    pub name: EnvironmentName,
    /// Four digits, kept for the environment's life.
    pub suffix: Suffix,
    /// Azure region in its short form, such as `westeurope`.
    pub region: String,
    /// Address space of the virtual network, /8 to /22.
    pub address_space: Ipv4Network,
    /// The set of firewall groups to start from.
    #[serde(default)]
    pub preset: Preset,
    /// Groups switched on beyond the preset.
    #[serde(default)]
    pub allow: BTreeSet<String>,
    /// Groups of the preset switched off.
    #[serde(default)]
    pub deny: BTreeSet<String>,
    /// Hosts that the person adds.
    #[serde(default, rename = "host")]
    pub hosts: Vec<OwnHost>,
    /// Tier of Azure Bastion.
    #[serde(default)]
    pub bastion: BastionSku,
    /// Whether copy and paste through Bastion is off (needs Standard or Premium), and with it the native client, whose
    /// own copying the switch does not reach.
    #[serde(default)]
    pub disable_copy_paste: bool,
    /// Tier of Azure Firewall.
    #[serde(default)]
    pub firewall: FirewallSku,
    /// Size of the jumpbox.
    #[serde(default = "default_jumpbox_size")]
    pub jumpbox_size: String,
    /// Daily shutdown of the jumpbox; `None` leaves it running.
    #[serde(default = "default_auto_shutdown")]
    pub auto_shutdown: Option<AutoShutdown>,
    /// Size of the image-build cluster's nodes (0 nodes when idle).
    #[serde(default = "default_build_size")]
    pub build_size: String,
    /// Whether a compute instance for the signed-in user is made too.
    #[serde(default)]
    pub compute_instance: bool,
    /// Whether `SharedSubnet` carries a service endpoint policy that admits only the storage accounts AML keeps for
    /// computes; our own account is reached by its private endpoints.
    #[serde(default)]
    pub service_endpoint_policy: bool,
    /// Hosts of the package index from which Python packages are installed; empty when none is let through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub python_packages: Vec<String>,
    /// Where the private DNS zones are.
    #[serde(default)]
    pub dns_zones: DnsZones,
    /// How the workspace reaches its default datastores.
    #[serde(default)]
    pub datastore_access: DatastoreAccess,
    /// Days that logs are retained, 30 to 730.
    #[serde(default = "default_log_retention")]
    pub log_retention_days: u16,
    /// What can be reached through Azure Monitor's private link scope.
    #[serde(default)]
    pub monitor_access: MonitorAccess,
    /// Further tags of the resource group and its resources.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Resource id of the hub network to peer with later; rules out overlapping address spaces now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
    /// Which Azure.
    #[serde(default)]
    pub cloud: Cloud,
}

/// The jumpbox size that is used when none is chosen: 2 vCPU, 8 GiB, generation 2, Trusted Launch.
pub const DEFAULT_JUMPBOX_SIZE: &str = "Standard_D2s_v5";
/// The node size of the image-build cluster when none is chosen: 2 vCPU, 8 GiB. Azure Machine Learning refuses sizes of
/// series that it does not support, and Dsv5 is not in its list
/// (<https://learn.microsoft.com/azure/machine-learning/concept-compute-target#supported-vm-series-and-sizes>).
pub const DEFAULT_BUILD_SIZE: &str = "Standard_D2ds_v4";

/// The size of the compute instance: the template's own.
pub const DEFAULT_COMPUTE_SIZE: &str = "Standard_D2ds_v4";

fn default_jumpbox_size() -> String {
    DEFAULT_JUMPBOX_SIZE.into()
}

fn default_build_size() -> String {
    DEFAULT_BUILD_SIZE.into()
}

fn default_log_retention() -> u16 {
    30
}

#[expect(clippy::unnecessary_wraps, reason = "serde's default needs the field's own type")]
fn default_auto_shutdown() -> Option<AutoShutdown> {
    Some(AutoShutdown::default())
}

impl Settings {
    /// Settings with the given answers and every other choice at its default.
    pub fn new(
        name: EnvironmentName,
        suffix: Suffix,
        region: String,
        address_space: Ipv4Network,
    ) -> Self {
        Self {
            name,
            suffix,
            region,
            address_space,
            preset: Preset::default(),
            allow: BTreeSet::new(),
            deny: BTreeSet::new(),
            hosts: Vec::new(),
            bastion: BastionSku::default(),
            disable_copy_paste: false,
            firewall: FirewallSku::default(),
            jumpbox_size: default_jumpbox_size(),
            auto_shutdown: default_auto_shutdown(),
            build_size: default_build_size(),
            compute_instance: false,
            service_endpoint_policy: false,
            python_packages: Vec::new(),
            dns_zones: DnsZones::default(),
            datastore_access: DatastoreAccess::default(),
            log_retention_days: default_log_retention(),
            monitor_access: MonitorAccess::default(),
            tags: BTreeMap::new(),
            hub: None,
            cloud: Cloud::default(),
        }
    }

    /// Name and suffix together, as they stand in every resource name: `test4821`.
    pub fn full_name(&self) -> String {
        format!("{}{}", self.name, self.suffix)
    }

    /// The resource group's name: `rg-test4821`.
    pub fn resource_group(&self) -> String {
        format!("rg-{}", self.full_name())
    }
}
