//! The resource types that the practice cloud knows, with their API versions and the way in which they are written.
//!
//! Types and versions: <https://learn.microsoft.com/azure/templates/>. Types that are not here are only kept (see
//! `further`). What single types demand is `rule`'s business.

/// How a type's provider answers a PUT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// 200 at once, also for a new resource.
    AtOnce,
    /// 201 for a new resource, 200 for a changed one, at once.
    AtOnceCreated,
    /// 201 or 200 with the resource, and `Azure-AsyncOperation`.
    StatusUrl,
    /// 202 without body, and `Location` beside `Azure-AsyncOperation`.
    Location,
    /// 200 with the resource, whose own state tells when it is done.
    State,
}

/// A resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceType {
    /// Namespace in Azure's own spelling.
    pub namespace: &'static str,
    /// Type below the namespace, in Azure's own spelling.
    pub name: &'static str,
    /// API versions that the provider tells of, newest first. Requests may name any other one.
    pub api_versions: &'static [&'static str],
    /// How a PUT is answered.
    pub writing: Writing,
    /// Whether it belongs to a region, rather than to the whole world or to its parent.
    pub regional: bool,
}

impl ResourceType {
    /// Full type.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// The kind of a full type, whatever its case.
    pub fn of(resource_type: &str) -> Option<&'static Self> {
        let (namespace, name) = resource_type.split_once('/')?;
        KINDS.iter().find(|kind| {
            kind.namespace.eq_ignore_ascii_case(namespace) && kind.name.eq_ignore_ascii_case(name)
        })
    }

    /// Whether a DELETE is answered when all is done (recorded: `microsoft.keyvault_vaults.jsonl#4`,
    /// `microsoft.storage_storageaccounts.jsonl#3`; a network card takes its time, although it is made at once).
    pub fn goes_at_once(&self) -> bool {
        match self.name {
            "networkInterfaces" => false,
            "storageAccounts" => true,
            _ => matches!(self.writing, Writing::AtOnce | Writing::AtOnceCreated | Writing::State),
        }
    }

    /// True for a type that stands upon another resource.
    pub fn is_extension(&self) -> bool {
        matches!(
            (self.namespace, self.name),
            ("Microsoft.Authorization", _) | ("microsoft.insights", "diagnosticSettings")
        )
    }
}

#[rustfmt::skip]
const NETWORK: &[&str] = &[
    "2025-07-01", "2025-05-01", "2025-03-01", "2025-01-01", "2024-10-01", "2024-07-01", "2024-05-01",
    "2024-03-01", "2024-01-01", "2023-11-01", "2023-09-01", "2023-06-01", "2023-05-01", "2023-04-01",
    "2023-02-01", "2022-11-01", "2022-09-01", "2022-07-01", "2022-05-01", "2022-01-01", "2021-08-01",
    "2021-05-01", "2021-02-01", "2020-11-01",
];
const DNS: &[&str] = &["2024-06-01", "2020-06-01", "2020-01-01", "2018-09-01"];
#[rustfmt::skip]
const COMPUTE: &[&str] = &[
    "2026-03-01", "2025-11-01", "2025-04-01", "2024-11-01", "2024-07-01", "2024-03-01", "2023-09-01",
    "2023-07-01", "2023-03-01", "2022-11-01", "2022-08-01", "2022-03-01", "2021-11-01", "2021-07-01",
    "2020-12-01",
];
#[rustfmt::skip]
const STORAGE: &[&str] = &[
    "2026-04-01", "2025-06-01", "2025-01-01", "2024-01-01", "2023-05-01", "2023-04-01", "2023-01-01",
    "2022-09-01", "2022-05-01", "2021-09-01", "2021-04-01", "2019-06-01",
];
#[rustfmt::skip]
const VAULT: &[&str] = &[
    "2026-02-01", "2025-05-01", "2024-11-01", "2023-07-01", "2023-02-01", "2022-07-01", "2021-10-01",
    "2019-09-01",
];
#[rustfmt::skip]
const REGISTRY: &[&str] = &[
    "2025-11-01", "2025-04-01", "2023-07-01", "2022-12-01", "2021-09-01", "2019-05-01",
];
#[rustfmt::skip]
const LEARNING: &[&str] = &[
    "2026-05-01", "2025-12-01", "2025-09-01", "2025-06-01", "2025-04-01", "2024-10-01", "2024-04-01",
    "2023-10-01", "2023-04-01", "2022-10-01", "2020-08-01",
];
#[rustfmt::skip]
const LOGS: &[&str] = &[
    "2025-07-01", "2025-02-01", "2023-09-01", "2022-10-01", "2021-06-01", "2020-10-01", "2020-08-01",
];
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "2022-04-01", "2020-10-01-preview", "2020-04-01-preview", "2018-01-01-preview",
];
const LOCKS: &[&str] = &["2020-05-01", "2017-04-01", "2016-09-01"];
const DIAGNOSTICS: &[&str] = &["2021-05-01-preview", "2017-05-01-preview", "2016-09-01"];
const COMPONENTS: &[&str] = &["2020-02-02", "2015-05-01"];
#[rustfmt::skip]
const LINK_SCOPES: &[&str] = &[
    "2023-06-01-preview", "2021-09-01", "2021-07-01-preview", "2019-10-17-preview",
];
const IDENTITIES: &[&str] = &["2024-11-30", "2023-01-31", "2018-11-30"];
const SCHEDULES: &[&str] = &["2018-09-15"];
#[rustfmt::skip]
const DEPLOYMENTS: &[&str] = &[
    "2026-06-01", "2025-04-01", "2025-03-01", "2024-11-01", "2024-07-01", "2024-03-01", "2023-07-01",
    "2022-09-01", "2021-04-01", "2020-10-01", "2020-06-01", "2019-10-01", "2018-05-01",
];

const fn kind(
    namespace: &'static str,
    name: &'static str,
    api_versions: &'static [&'static str],
    writing: Writing,
    regional: bool,
) -> ResourceType {
    ResourceType { namespace, name, api_versions, writing, regional }
}

const fn network(name: &'static str) -> ResourceType {
    kind("Microsoft.Network", name, NETWORK, Writing::StatusUrl, true)
}

const fn resolver(name: &'static str) -> ResourceType {
    kind("Microsoft.Network", name, NETWORK, Writing::Location, true)
}

const fn network_child(name: &'static str) -> ResourceType {
    kind("Microsoft.Network", name, NETWORK, Writing::StatusUrl, false)
}

/// Every type, one in a row.
#[rustfmt::skip]
pub const KINDS: &[ResourceType] = &[
    kind("Microsoft.Resources", "deployments", DEPLOYMENTS, Writing::StatusUrl, false),
    kind("Microsoft.Resources", "resourceGroups", DEPLOYMENTS, Writing::AtOnceCreated, true),
    network("virtualNetworks"),
    network_child("virtualNetworks/subnets"),
    network_child("virtualNetworks/virtualNetworkPeerings"),
    network("networkSecurityGroups"),
    network_child("networkSecurityGroups/securityRules"),
    network("routeTables"),
    network_child("routeTables/routes"),
    network("publicIPAddresses"),
    network("azureFirewalls"),
    network("firewallPolicies"),
    network_child("firewallPolicies/ruleCollectionGroups"),
    network("bastionHosts"),
    network("privateEndpoints"),
    network_child("privateEndpoints/privateDnsZoneGroups"),
    kind("Microsoft.Network", "networkInterfaces", NETWORK, Writing::AtOnceCreated, true),
    network("natGateways"),
    network("virtualNetworkGateways"),
    network("localNetworkGateways"),
    network("connections"),
    network("serviceEndpointPolicies"),
    network("ipGroups"),
    resolver("dnsResolvers"),
    resolver("dnsResolvers/inboundEndpoints"),
    kind("Microsoft.Network", "privateDnsZones", DNS, Writing::Location, false),
    kind("Microsoft.Network", "privateDnsZones/virtualNetworkLinks", DNS, Writing::Location, false),
    kind("Microsoft.Network", "privateDnsZones/A", DNS, Writing::AtOnceCreated, false),
    kind("Microsoft.Network", "privateDnsZones/CNAME", DNS, Writing::AtOnceCreated, false),
    kind("Microsoft.Network", "privateDnsZones/TXT", DNS, Writing::AtOnceCreated, false),
    kind("Microsoft.Network", "privateDnsZones/SOA", DNS, Writing::AtOnceCreated, false),
    kind("Microsoft.Storage", "storageAccounts", STORAGE, Writing::Location, true),
    kind("Microsoft.Storage", "storageAccounts/blobServices", STORAGE, Writing::AtOnce, false),
    kind("Microsoft.Storage", "storageAccounts/fileServices", STORAGE, Writing::AtOnce, false),
    kind("Microsoft.Storage", "storageAccounts/blobServices/containers", STORAGE, Writing::AtOnceCreated, false),
    kind("Microsoft.Storage", "storageAccounts/fileServices/shares", STORAGE, Writing::AtOnceCreated, false),
    kind("Microsoft.KeyVault", "vaults", VAULT, Writing::State, true),
    kind("Microsoft.KeyVault", "vaults/secrets", VAULT, Writing::AtOnceCreated, false),
    kind("Microsoft.KeyVault", "vaults/accessPolicies", VAULT, Writing::AtOnceCreated, false),
    kind("Microsoft.ContainerRegistry", "registries", REGISTRY, Writing::StatusUrl, true),
    kind("Microsoft.MachineLearningServices", "workspaces", LEARNING, Writing::Location, true),
    kind("Microsoft.MachineLearningServices", "workspaces/computes", LEARNING, Writing::StatusUrl, false),
    kind("Microsoft.MachineLearningServices", "workspaces/datastores", LEARNING, Writing::AtOnceCreated, false),
    kind("Microsoft.OperationalInsights", "workspaces", LOGS, Writing::StatusUrl, true),
    kind("microsoft.insights", "components", COMPONENTS, Writing::AtOnce, true),
    kind("microsoft.insights", "privateLinkScopes", LINK_SCOPES, Writing::AtOnce, false),
    kind("microsoft.insights", "privateLinkScopes/scopedResources", LINK_SCOPES, Writing::Location, false),
    kind("microsoft.insights", "diagnosticSettings", DIAGNOSTICS, Writing::AtOnce, false),
    kind("Microsoft.Compute", "virtualMachines", COMPUTE, Writing::StatusUrl, true),
    kind("Microsoft.Compute", "virtualMachines/extensions", COMPUTE, Writing::StatusUrl, true),
    kind("Microsoft.Compute", "disks", COMPUTE, Writing::Location, true),
    kind("Microsoft.Authorization", "roleAssignments", ROLES, Writing::AtOnceCreated, false),
    kind("Microsoft.Authorization", "locks", LOCKS, Writing::AtOnceCreated, false),
    kind("Microsoft.ManagedIdentity", "userAssignedIdentities", IDENTITIES, Writing::AtOnceCreated, true),
    kind("Microsoft.DevTestLab", "schedules", SCHEDULES, Writing::AtOnceCreated, true),
    kind("Microsoft.RecoveryServices", "vaults", &["2025-08-01", "2024-10-01", "2023-04-01"], Writing::StatusUrl, true),
];

/// Providers and whether a new subscription has them registered.
pub const PROVIDERS: &[(&str, bool)] = &[
    ("Microsoft.Authorization", true),
    ("Microsoft.Resources", true),
    ("Microsoft.Features", true),
    ("Microsoft.Network", true),
    ("Microsoft.Compute", true),
    ("Microsoft.Storage", true),
    ("Microsoft.KeyVault", true),
    ("Microsoft.ManagedIdentity", true),
    ("Microsoft.OperationalInsights", false),
    ("microsoft.insights", false),
    ("Microsoft.ContainerRegistry", false),
    ("Microsoft.MachineLearningServices", false),
    ("Microsoft.DevTestLab", false),
    ("Microsoft.RecoveryServices", false),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::resource;
    use crate::template::{Template, hub};

    #[test]
    fn a_type_is_found_whatever_its_case() {
        let kind = ResourceType::of("microsoft.network/VIRTUALNETWORKS/subnets").unwrap();
        assert_eq!(kind.full_name(), "Microsoft.Network/virtualNetworks/subnets");
        assert!(ResourceType::of("Microsoft.Network/virtualNetwork").is_none());
        assert!(ResourceType::of("Microsoft.Network").is_none());
    }

    #[test]
    fn every_type_belongs_to_a_provider() {
        for kind in KINDS {
            assert!(
                PROVIDERS.iter().any(|(namespace, _)| *namespace == kind.namespace),
                "{}",
                kind.full_name()
            );
        }
    }
    #[test]
    fn the_types_of_the_templates_are_here_and_in_the_catalogue() {
        for template in [Template::embedded(), hub::template()] {
            let resources = template.to_json()["resources"].as_object().unwrap();
            for resource in resources.values() {
                let told = |key: &str| resource[key].as_str().unwrap_or_default();
                let (name, version) = (told("type"), told("apiVersion"));
                assert_eq!(resource::version(name), version, "{name}");
                let kind =
                    ResourceType::of(name).unwrap_or_else(|| panic!("practice lacks {name}"));
                assert!(kind.api_versions.contains(&version), "practice: {name} {version}");
            }
        }
        for resource in Template::embedded().to_json()["resources"].as_object().unwrap().values() {
            let name = resource["type"].as_str().unwrap();
            assert_ne!(resource::part(name), "Others", "no part of the status has {name}");
        }
    }
}
