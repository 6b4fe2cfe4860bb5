//! Resource types that Azure has and the practice cloud does not act out: it keeps them as they are written.
//!
//! A misspelt type must still be refused, so the types of the namespaces that the practice cloud acts out are listed
//! by name. Of other namespaces only the name is listed, and every type is taken. Sources: the reference of templates
//! (<https://learn.microsoft.com/azure/templates/>) and the list of providers
//! (<https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers>).

use super::kind::{KINDS, PROVIDERS, ResourceType, Writing};

/// Top-level types by namespace; what stands below one of them is taken too.
#[rustfmt::skip]
const TYPES: &[(&str, &[&str])] = &[
    ("Microsoft.Authorization", &[
        "accessReviewScheduleDefinitions", "denyAssignments", "policyAssignments", "policyDefinitions",
        "policyExemptions", "policySetDefinitions", "roleAssignmentScheduleRequests", "roleDefinitions",
        "roleEligibilityScheduleRequests", "roleManagementPolicyAssignments",
    ]),
    ("Microsoft.Compute", &[
        "availabilitySets", "capacityReservationGroups", "cloudServices", "diskAccesses", "diskEncryptionSets",
        "galleries", "hostGroups", "images", "proximityPlacementGroups", "restorePointCollections", "snapshots",
        "sshPublicKeys", "virtualMachineScaleSets",
    ]),
    ("Microsoft.ContainerRegistry", &[]),
    ("Microsoft.DevTestLab", &["labs"]),
    ("microsoft.insights", &[
        "actionGroups", "activityLogAlerts", "autoscaleSettings", "dataCollectionEndpoints",
        "dataCollectionRuleAssociations", "dataCollectionRules", "metricAlerts", "scheduledQueryRules", "webtests",
        "workbooks", "workbookTemplates",
    ]),
    ("Microsoft.KeyVault", &["managedHSMs"]),
    ("Microsoft.MachineLearningServices", &["capacityReservationGroups", "registries"]),
    ("Microsoft.ManagedIdentity", &[]),
    ("Microsoft.Network", &[
        "applicationGateways", "ApplicationGatewayWebApplicationFirewallPolicies", "applicationSecurityGroups",
        "customIpPrefixes", "ddosCustomPolicies", "ddosProtectionPlans", "dnsForwardingRulesets",
        "dnsResolverDomainLists",
        "dnsResolverPolicies", "dnsZones", "dscpConfigurations", "expressRouteCircuits", "expressRouteGateways",
        "expressRoutePorts", "frontDoors", "FrontDoorWebApplicationFirewallPolicies", "ipAllocations", "loadBalancers",
        "networkManagers", "networkProfiles", "networkSecurityPerimeters", "networkVirtualAppliances",
        "networkWatchers", "p2svpnGateways", "privateLinkServices", "publicIPPrefixes", "routeFilters",
        "securityPartnerProviders", "trafficManagerProfiles", "virtualHubs", "virtualNetworkTaps", "virtualRouters",
        "virtualWans", "vpnGateways", "vpnServerConfigurations", "vpnSites",
    ]),
    ("Microsoft.OperationalInsights", &["clusters", "queryPacks"]),
    ("Microsoft.RecoveryServices", &[]),
    ("Microsoft.Resources", &["deploymentScripts", "deploymentStacks", "templateSpecs", "tags"]),
    ("Microsoft.Storage", &["storageTasks"]),
];

/// Namespaces that the practice cloud does not act out at all.
#[rustfmt::skip]
const NAMESPACES: &[&str] = &[
    "Microsoft.AAD", "Microsoft.Advisor", "Microsoft.AlertsManagement", "Microsoft.ApiManagement", "Microsoft.App",
    "Microsoft.AppConfiguration", "Microsoft.AppPlatform", "Microsoft.Attestation", "Microsoft.Automanage",
    "Microsoft.Automation", "Microsoft.AVS", "Microsoft.AzureActiveDirectory", "Microsoft.AzureStackHCI",
    "Microsoft.Batch", "Microsoft.Billing", "Microsoft.BotService", "Microsoft.Cache", "Microsoft.Cdn",
    "Microsoft.CertificateRegistration", "Microsoft.Chaos", "Microsoft.CognitiveServices", "Microsoft.Communication",
    "Microsoft.ConfidentialLedger", "Microsoft.Consumption", "Microsoft.ContainerInstance",
    "Microsoft.ContainerService",
    "Microsoft.CostManagement", "Microsoft.CustomProviders", "Microsoft.Dashboard", "Microsoft.DataBox",
    "Microsoft.Databricks", "Microsoft.DataFactory", "Microsoft.DataMigration", "Microsoft.DataProtection",
    "Microsoft.DBforMariaDB", "Microsoft.DBforMySQL", "Microsoft.DBforPostgreSQL", "Microsoft.DesktopVirtualization",
    "Microsoft.DevCenter", "Microsoft.Devices", "Microsoft.DigitalTwins", "Microsoft.DocumentDB",
    "Microsoft.DomainRegistration", "Microsoft.ElasticSan", "Microsoft.EventGrid", "Microsoft.EventHub",
    "Microsoft.ExtendedLocation", "Microsoft.Fabric", "Microsoft.GuestConfiguration", "Microsoft.HDInsight",
    "Microsoft.HealthcareApis", "Microsoft.HybridCompute", "Microsoft.HybridNetwork", "Microsoft.ImportExport",
    "Microsoft.Kubernetes", "Microsoft.KubernetesConfiguration", "Microsoft.Kusto", "Microsoft.LoadTestService",
    "Microsoft.Logic", "Microsoft.Maintenance", "Microsoft.ManagedServices", "Microsoft.Management", "Microsoft.Maps",
    "Microsoft.Migrate", "Microsoft.Monitor", "Microsoft.NetApp", "Microsoft.NotificationHubs",
    "Microsoft.OperationsManagement", "Microsoft.PolicyInsights", "Microsoft.Portal", "Microsoft.PowerBIDedicated",
    "Microsoft.Purview", "Microsoft.Quota", "Microsoft.Relay", "Microsoft.ResourceGraph", "Microsoft.ResourceHealth",
    "Microsoft.SaaS", "Microsoft.Scheduler", "Microsoft.Search", "Microsoft.Security", "Microsoft.SecurityInsights",
    "Microsoft.SerialConsole", "Microsoft.ServiceBus", "Microsoft.ServiceFabric", "Microsoft.ServiceNetworking",
    "Microsoft.SignalRService", "Microsoft.Solutions", "Microsoft.Sql", "Microsoft.SqlVirtualMachine",
    "Microsoft.StorageCache", "Microsoft.StorageMover", "Microsoft.StorageSync", "Microsoft.StreamAnalytics",
    "Microsoft.Synapse", "Microsoft.VideoIndexer", "Microsoft.VirtualMachineImages", "Microsoft.Web",
    "Microsoft.Workloads",
];

/// How a write of a type that is only kept is answered: at once. Its versions are nobody's business here.
static KEPT: ResourceType = ResourceType {
    namespace: "",
    name: "",
    api_versions: &[],
    writing: Writing::AtOnceCreated,
    regional: false,
};

/// Azure's spelling of a namespace that exists, acted out or not.
pub fn namespace(name: &str) -> Option<&'static str> {
    PROVIDERS
        .iter()
        .map(|(known, _)| *known)
        .chain(NAMESPACES.iter().copied())
        .find(|known| known.eq_ignore_ascii_case(name))
}

/// What is known of a full type: the kind that is acted out, or the one for all that is only kept; `None` for a type
/// that Azure does not have.
pub fn kind(resource_type: &str) -> Option<&'static ResourceType> {
    if let Some(kind) = ResourceType::of(resource_type) {
        return Some(kind);
    }
    let (space, name) = resource_type.split_once('/')?;
    let space = namespace(space)?;
    let acted_out = PROVIDERS.iter().any(|(known, _)| *known == space);
    let top = name.split('/').next().unwrap_or(name);
    let is_child = top.len() < name.len();
    let listed = TYPES
        .iter()
        .filter(|(known, _)| *known == space)
        .flat_map(|(_, names)| names.iter())
        .any(|known| known.eq_ignore_ascii_case(top));
    // Children of types that are acted out are too many to list: `storageAccounts/queueServices`, and so on.
    let below = is_child
        && KINDS.iter().any(|kind| kind.namespace == space && kind.name.eq_ignore_ascii_case(top));
    (!acted_out || listed || below).then_some(&KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_azure_has_is_told_from_what_it_has_not() {
        for (resource_type, known) in [
            ("Microsoft.Network/loadBalancers", true),
            ("microsoft.network/loadbalancers/inboundnatrules", true),
            ("Microsoft.Storage/storageAccounts/queueServices", true),
            ("Microsoft.Web/sites", true),
            ("Microsoft.Network/routeTable", false),
            ("Microsoft.Nothing/things", false),
            ("Microsoft.Web", false),
        ] {
            assert_eq!(kind(resource_type).is_some(), known, "{resource_type}");
        }
    }

    #[test]
    fn no_namespace_is_listed_twice() {
        for (space, _) in TYPES {
            assert_eq!(namespace(space), Some(*space));
        }
        for space in NAMESPACES {
            assert!(!PROVIDERS.iter().any(|(known, _)| known == space), "{space}");
        }
    }
}
