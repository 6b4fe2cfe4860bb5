//! What the one comparison says of a part: which types belong to it, and what of them was not planned or is not known.

use super::{HealthPart, HealthState};
use crate::domain::comparison::{Comparison, Verdict};

/// The types that belong to a part, by its title; each with all that is below it.
const TYPES: [(&str, &[&str]); 15] = [
    ("Workspace", &["Microsoft.MachineLearningServices/workspaces"]),
    (
        "Firewall",
        &[
            "Microsoft.Network/azureFirewalls",
            "Microsoft.Network/firewallPolicies",
            "Microsoft.Network/routeTables",
        ],
    ),
    ("Bastion", &["Microsoft.Network/bastionHosts"]),
    ("Jumpbox", &["Microsoft.Compute", "Microsoft.DevTestLab/schedules"]),
    ("Storage", &["Microsoft.Storage/storageAccounts"]),
    ("Key vault", &["Microsoft.KeyVault/vaults"]),
    ("Registry", &["Microsoft.ContainerRegistry/registries"]),
    ("Logs", &["Microsoft.OperationalInsights", "Microsoft.Insights"]),
    ("Endpoints", &["Microsoft.Network/privateEndpoints"]),
    (
        "Names",
        &[
            "Microsoft.Network/privateDnsZones",
            "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        ],
    ),
    ("Computes", &["Microsoft.MachineLearningServices/workspaces/computes"]),
    (
        "Network",
        &[
            "Microsoft.Network/virtualNetworks",
            "Microsoft.Network/networkSecurityGroups",
            "Microsoft.Network/publicIPAddresses",
            "Microsoft.Network/serviceEndpointPolicies",
            "Microsoft.Network/networkInterfaces",
        ],
    ),
    (
        "Rights",
        &[
            "Microsoft.Authorization/roleAssignments",
            "Microsoft.ManagedIdentity/userAssignedIdentities",
        ],
    ),
    ("Peering", &["Microsoft.Network/virtualNetworks/virtualNetworkPeerings"]),
    ("Others", &[""]),
];

/// The part that a type belongs to: the one that names it most closely.
fn title_of(resource_type: &str) -> &'static str {
    let kind = resource_type.to_ascii_lowercase();
    let reach = |own: &&str| {
        let rest = kind.strip_prefix(&own.to_ascii_lowercase())?;
        (own.is_empty() || rest.is_empty() || rest.starts_with('/')).then_some(own.len())
    };
    let parts = TYPES.iter().filter_map(|(title, types)| {
        let reach = types.iter().filter_map(reach).max()?;
        Some((reach, *title))
    });
    parts.max_by_key(|(reach, _)| *reach).map_or("Others", |(_, title)| title)
}

/// Says of a part what of it was not planned, or is not known.
pub(super) fn say(part: &mut HealthPart, comparison: &Comparison) {
    let count = |verdict| {
        let items = comparison.of(verdict);
        items.filter(|each| title_of(&each.resource_type) == part.title).count()
    };
    let (strange, unknown) = (count(Verdict::NotPlanned), count(Verdict::NotReadable));
    let (state, words) = match (strange, unknown, part.state) {
        (1.., _, HealthState::Good | HealthState::Off | HealthState::Unknown) => {
            (HealthState::Warning, format!("{strange} not as planned"))
        }
        (0, 1.., HealthState::Good) => (HealthState::Unknown, format!("{unknown} not known")),
        _ => return,
    };
    part.words = match part.words.as_str() {
        "as planned" | "private only" => words,
        told => format!("{told}; {words}"),
    };
    part.state = state;
}

/// The part of a hub that is not connected at all: nothing of the network itself says so.
pub(super) fn hub(comparison: &Comparison) -> Option<HealthPart> {
    let mut items = comparison.items.iter();
    let item = items.find(|each| title_of(&each.resource_type) == "Peering")?;
    Some(super::part("Peering", &item.resource, HealthState::Good, "not connected"))
}
