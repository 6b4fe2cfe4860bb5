//! The catalogue of Azure's resource types that this program reads, changes or judges: each type's API version and the
//! part of an environment's status that it belongs to. A type of the template has a row here, a duration and, where it
//! costs, a price: tests of `template/duration.rs` and `practice/catalog/kind.rs` hold them
//! together with the practice cloud, whose own table judges.

pub const ROLE_ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments";
pub const MACHINE: &str = "Microsoft.Compute/virtualMachines";
pub const DISK: &str = "Microsoft.Compute/disks";
pub const REGISTRY: &str = "Microsoft.ContainerRegistry/registries";
pub const DIAGNOSTICS: &str = "Microsoft.Insights/diagnosticSettings";
pub const LINK_SCOPE: &str = "Microsoft.Insights/privateLinkScopes";
pub const VAULT: &str = "Microsoft.KeyVault/vaults";
pub const SECRET: &str = "Microsoft.KeyVault/vaults/secrets";
pub const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";
pub const COMPUTE: &str = "Microsoft.MachineLearningServices/workspaces/computes";
pub const DATASTORE: &str = "Microsoft.MachineLearningServices/workspaces/datastores";
pub const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
pub const FIREWALL: &str = "Microsoft.Network/azureFirewalls";
pub const BASTION: &str = "Microsoft.Network/bastionHosts";
pub const FIREWALL_POLICY: &str = "Microsoft.Network/firewallPolicies";
pub const RULE_GROUP: &str = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";
pub const INTERFACE: &str = "Microsoft.Network/networkInterfaces";
pub const SECURITY_GROUP: &str = "Microsoft.Network/networkSecurityGroups";
pub const PRIVATE_ZONE: &str = "Microsoft.Network/privateDnsZones";
pub const ZONE_LINK: &str = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";
pub const PRIVATE_ENDPOINT: &str = "Microsoft.Network/privateEndpoints";
pub const PUBLIC_ADDRESS: &str = "Microsoft.Network/publicIPAddresses";
pub const ROUTE_TABLE: &str = "Microsoft.Network/routeTables";
pub const VIRTUAL_NETWORK: &str = "Microsoft.Network/virtualNetworks";
pub const PEERING: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
pub const LOGS: &str = "Microsoft.OperationalInsights/workspaces";
pub const DEPLOYMENT: &str = "Microsoft.Resources/deployments";
pub const STORAGE: &str = "Microsoft.Storage/storageAccounts";

/// Each namespace or type, for all below it that has no row of its own: the API version, and the part of the status.
const ROWS: [(&str, &str, &str); 30] = [
    ("", "2025-04-01", "Others"),
    ("Microsoft.Authorization", "2022-04-01", "Rights"),
    ("Microsoft.Authorization/locks", "2020-05-01", "Others"),
    ("Microsoft.Compute", "2025-04-01", "Jumpbox"),
    (DISK, "2024-03-02", "Jumpbox"),
    ("Microsoft.Compute/skus", "2021-07-01", "Jumpbox"),
    ("Microsoft.ContainerRegistry", "2025-11-01", "Registry"),
    ("Microsoft.DevTestLab", "2018-09-15", "Jumpbox"),
    ("Microsoft.Insights", "2021-09-01", "Logs"),
    ("Microsoft.Insights/components", "2020-02-02", "Logs"),
    (DIAGNOSTICS, "2021-05-01-preview", "Logs"),
    ("Microsoft.Insights/eventtypes", "2015-04-01", "Logs"),
    ("Microsoft.KeyVault", "2026-02-01", "Key vault"),
    ("Microsoft.MachineLearningServices", "2025-12-01", "Workspace"),
    (COMPUTE, "2025-12-01", "Computes"),
    ("Microsoft.ManagedIdentity", "2024-11-30", "Rights"),
    ("Microsoft.Network", "2025-05-01", "Network"),
    (FIREWALL, "2025-05-01", "Firewall"),
    (FIREWALL_POLICY, "2025-05-01", "Firewall"),
    (ROUTE_TABLE, "2025-05-01", "Firewall"),
    (BASTION, "2025-05-01", "Bastion"),
    (PRIVATE_ENDPOINT, "2025-05-01", "Endpoints"),
    ("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "2025-05-01", "Names"),
    (PRIVATE_ZONE, "2024-06-01", "Names"),
    (PEERING, "2025-05-01", "Peering"),
    ("Microsoft.OperationalInsights", "2025-07-01", "Logs"),
    ("Microsoft.OperationalInsights/workspaces/query", "2017-10-01", "Logs"),
    ("Microsoft.PolicyInsights", "2019-10-01", "Others"),
    ("Microsoft.Resources/tags", "2021-04-01", "Others"),
    ("Microsoft.Storage", "2025-06-01", "Storage"),
];

/// The row that names a type most closely.
fn row(resource_type: &str) -> &'static (&'static str, &'static str, &'static str) {
    let is_above = |own: &str| {
        let (start, rest) = resource_type.split_at_checked(own.len()).unwrap_or_default();
        own.is_empty()
            || start.eq_ignore_ascii_case(own) && (rest.is_empty() || rest.starts_with('/'))
    };
    let above = ROWS.iter().filter(|(own, ..)| is_above(own));
    above.max_by_key(|(own, ..)| own.len()).unwrap_or(&ROWS[0])
}

/// The type that a path of the resource manager ends in, such as `Microsoft.Network/virtualNetworks/subnets` for one
/// subnet or for all of them; empty where it names no provider.
pub fn type_of(path: &str) -> String {
    const PROVIDERS: &str = "/providers/";
    let path = path.split('?').next().unwrap_or_default();
    // Some services answer with ids in capital letters.
    let Some(at) = path.to_ascii_lowercase().rfind(PROVIDERS) else { return String::new() };
    let mut segments = path[at + PROVIDERS.len()..].split('/');
    let namespace = segments.next().unwrap_or_default();
    segments.step_by(2).fold(namespace.to_owned(), |name, each| format!("{name}/{each}"))
}

/// The API version of a type.
pub fn version(resource_type: &str) -> &'static str {
    row(resource_type).1
}

/// The API version to ask with for a path of the resource manager.
pub fn api_version(path: &str) -> &'static str {
    version(&type_of(path))
}

/// The title of the part of an environment's status that a type belongs to.
pub fn part(resource_type: &str) -> &'static str {
    row(resource_type).2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_asked_for_in_the_version_of_its_type() {
        let group = "/subscriptions/s/resourceGroups/rg";
        for (path, version) in [
            ("/providers/Microsoft.Network/virtualNetworks/v/subnets", "2025-05-01"),
            ("/providers/microsoft.network/privatednszones/z/A?$top=5", "2024-06-01"),
            ("/PROVIDERS/MICROSOFT.COMPUTE/DISKS/D", "2024-03-02"),
            ("/providers/Microsoft.KeyVault/checkNameAvailability", "2026-02-01"),
            (
                "/providers/Microsoft.Storage/storageAccounts/a/providers/Microsoft.Insights/diagnosticSettings/d",
                "2021-05-01-preview",
            ),
            ("/providers/Microsoft.OperationalInsights/workspaces/w/query", "2017-10-01"),
            ("/resources", "2025-04-01"),
        ] {
            assert_eq!(api_version(&format!("{group}{path}")), version, "{path}");
        }
    }

    #[test]
    fn a_name_that_starts_alike_is_another_type() {
        assert_eq!(part("Microsoft.Network/azureFirewallsOther"), "Network");
        assert_eq!(part("microsoft.network/azurefirewalls/x"), "Firewall");
        assert_eq!(part("Microsoft.Sql/servers"), "Others");
    }
}
