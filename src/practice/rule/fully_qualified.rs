//! Which names a private endpoint answers for, per kind of target, in the patterns that Azure documents.
//!
//! Sources: "Azure private endpoint private DNS zone values" and, for Azure ML, "Use your workspace with a custom DNS
//! server". Names only; addresses are the endpoint's business.

use super::child;
use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::state::Cloud;

/// One address of an endpoint: the member that it stands for and the names that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// Member name as the service calls it.
    pub(super) name: String,
    /// Fully qualified names.
    pub(super) names: Vec<String>,
}

fn member(name: &str, names: Vec<String>) -> Member {
    Member { name: name.to_owned(), names }
}

/// Group ids that a type of target offers; empty for a type without private endpoints.
pub(super) fn groups(resource_type: &str) -> &'static [&'static str] {
    const GROUPS: [(&str, &[&str]); 5] = [
        ("Microsoft.Storage/storageAccounts", &["blob", "file", "queue", "table", "dfs", "web"]),
        ("Microsoft.KeyVault/vaults", &["vault"]),
        ("Microsoft.ContainerRegistry/registries", &["registry"]),
        ("Microsoft.MachineLearningServices/workspaces", &["amlworkspace"]),
        ("Microsoft.Insights/privateLinkScopes", &["azuremonitor"]),
    ];
    GROUPS
        .iter()
        .find(|(kind, _)| kind.eq_ignore_ascii_case(resource_type))
        .map_or(&[], |(_, groups)| groups)
}

/// The members of a target for one group id, one address each.
pub(super) fn members(cloud: &Cloud, target: &ResourceId, group: &str) -> Vec<Member> {
    let name = target.name().to_ascii_lowercase();
    let region = child::location(cloud, target);
    match group.to_ascii_lowercase().as_str() {
        "vault" => vec![member("default", vec![format!("{name}.vault.azure.net")])],
        "registry" => vec![
            member(
                &format!("registry_data_{region}"),
                vec![format!("{name}.{region}.data.azurecr.io")],
            ),
            member("registry", vec![format!("{name}.azurecr.io")]),
        ],
        "amlworkspace" => workspace(cloud, target, &region),
        "azuremonitor" => monitor(cloud, target, &region),
        storage => vec![member(storage, vec![format!("{name}.{storage}.core.windows.net")])],
    }
}

/// A workspace has three addresses: its interface, its notebooks, its online endpoints.
fn workspace(cloud: &Cloud, target: &ResourceId, region: &str) -> Vec<Member> {
    let id = child::text(cloud, target, "/properties/workspaceId");
    vec![
        member(
            "default",
            vec![
                format!("{id}.workspace.{region}.api.azureml.ms"),
                format!("{id}.workspace.{region}.cert.api.azureml.ms"),
            ],
        ),
        member("notebook", vec![notebook_host(target.name(), region, &id)]),
        member("inference", vec![format!("*.{id}.inference.{region}.api.azureml.ms")]),
    ]
}

/// The host of a workspace's notebooks: its first label is cut to the 63 characters that DNS allows.
pub(super) fn notebook_host(workspace: &str, region: &str, workspace_id: &str) -> String {
    let fixed = format!("ml--{region}-{workspace_id}").len();
    let room = 63_usize.saturating_sub(fixed);
    let cut: String = workspace.to_ascii_lowercase().chars().take(room).collect();
    format!("ml-{cut}-{region}-{workspace_id}.{region}.notebooks.azure.net")
}

/// A private link scope has the global names of Azure Monitor and three for each Log Analytics workspace in it.
fn monitor(cloud: &Cloud, scope: &ResourceId, region: &str) -> Vec<Member> {
    let mut members: Vec<Member> = [
        ("api", "api"),
        ("global", "global.in.ai"),
        ("profiler", "profiler"),
        ("live", "live"),
        ("snapshot", "snapshot"),
        ("diagservices", "diagservices-query"),
        ("handler", "global.handler.control"),
    ]
    .iter()
    .map(|(name, host)| member(name, vec![format!("{host}.monitor.azure.com")]))
    .collect();
    let ingestion_region =
        if region == "global" || region.is_empty() { "westeurope" } else { region };
    members
        .push(member("ingestion", vec![format!("{ingestion_region}-5.in.ai.monitor.azure.com")]));
    members.push(member("solutions", vec!["scadvisorcontentpl.blob.core.windows.net".to_owned()]));
    let below = format!("{}/", scope.key());
    let linked = cloud
        .resources_in(&scope.scope())
        .filter(|resource| resource.id.key().starts_with(&below))
        .filter_map(|scoped| scoped.id_at("/properties/linkedResourceId"))
        .filter(|linked| linked.is("Microsoft.OperationalInsights/workspaces"));
    for workspace in linked {
        let customer = child::text(cloud, &workspace, "/properties/customerId");
        for suffix in [
            "ods.opinsights.azure.com",
            "oms.opinsights.azure.com",
            "agentsvc.azure-automation.net",
        ] {
            members.push(member(
                &format!("{}-{customer}", suffix.split('.').next().unwrap_or("")),
                vec![format!("{customer}.{suffix}")],
            ));
        }
    }
    members
}

/// Name of the record in a private zone, when the zone is the one for the given host: `privatelink.x.y` serves `*.x.y`.
pub(super) fn record(host: &str, zone: &str) -> Option<String> {
    let public = match zone.to_ascii_lowercase().as_str() {
        "privatelink.vaultcore.azure.net" => "vault.azure.net".to_owned(),
        other => other.strip_prefix("privatelink.")?.to_owned(),
    };
    host.strip_suffix(&format!(".{public}")).map(str::to_owned)
}
