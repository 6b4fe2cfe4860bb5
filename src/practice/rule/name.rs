//! Name rules per resource type, as documented in "Naming rules and restrictions for Azure resources" and, where that
//! page is silent, in the pattern of the type's own schema.
//!
//! Only the shape of a name is judged here; whether it is taken is the provider's question.

use super::Proposed;
use crate::practice::reply::{ArmError, Result};

/// What a name may look like.
struct NameRule {
    resource_type: &'static str,
    lengths: (usize, usize),
    fits: fn(&str) -> bool,
    code: &'static str,
    rule: &'static str,
}

const NETWORK_RULE: &str = "It must begin with a letter or digit and end with a letter, digit or '_', and \
    may contain letters, digits, '.', '-' and '_'.";

const fn shape(
    resource_type: &'static str,
    lengths: (usize, usize),
    fits: fn(&str) -> bool,
    code: &'static str,
    rule: &'static str,
) -> NameRule {
    NameRule { resource_type, lengths, fits, code, rule }
}

const fn network(resource_type: &'static str, shortest: usize, longest: usize) -> NameRule {
    shape(resource_type, (shortest, longest), network_name, "InvalidResourceName", NETWORK_RULE)
}

#[rustfmt::skip]
const SHAPES: &[NameRule] = &[
    shape("Microsoft.Storage/storageAccounts", (3, 24),
        |name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "AccountNameInvalid",
        "A storage account name uses digits and lower-case letters only."),
    shape("Microsoft.KeyVault/vaults", (3, 24), vault_name, "VaultNameNotValid",
        "A vault name has letters, digits and '-', begins with a letter, ends with a letter or digit, and has \
         no two '-' in a row."),
    shape("Microsoft.KeyVault/vaults/secrets", (1, 127), |name| letters_digits_and(name, "-"), "BadParameter",
        "A secret name has letters, digits and '-' only."),
    shape("Microsoft.ContainerRegistry/registries", (5, 50), |name| letters_digits_and(name, ""),
        "InvalidResourceName", "A registry name has letters and digits only."),
    shape("Microsoft.MachineLearningServices/workspaces", (3, 33),
        |name| begins_alphanumeric(name) && letters_digits_and(name, "-_"), "ValidationError",
        "A workspace name begins with a letter or digit and has letters, digits, '-' and '_'."),
    shape("Microsoft.MachineLearningServices/workspaces/computes", (3, 24), compute_name, "InvalidComputeName",
        "A compute name begins with a letter, has letters, digits and '-', and does not end in '-' and digits."),
    shape("Microsoft.OperationalInsights/workspaces", (4, 63),
        |name| begins_alphanumeric(name) && !name.ends_with('-') && letters_digits_and(name, "-"),
        "InvalidResourceName", "It has letters, digits and '-', and '-' neither first nor last."),
    shape("Microsoft.Insights/components", (1, 260),
        |name| !name.contains(['%', '&', '\\', '?', '/']) && !name.ends_with([' ', '.']), "InvalidResourceName",
        "It must not contain % & \\ ? / or end with a space or a full stop."),
    shape("Microsoft.Network/privateDnsZones", (1, 63), zone_name, "InvalidDomainName",
        "A zone name has 2 to 34 labels of letters, digits, '_' and '-'."),
    shape("Microsoft.Compute/virtualMachines", (1, 64),
        |name| letters_digits_and(name, "-_.") && !name.ends_with(['.', '-']), "InvalidParameter",
        "It has letters, digits, '-', '_' and '.', and does not end with '.' or '-'."),
    network("Microsoft.Network/virtualNetworks", 2, 64),
    network("Microsoft.Network/privateEndpoints", 2, 64),
    network("Microsoft.Network/azureFirewalls", 1, 80),
    network("Microsoft.Network/virtualNetworks/subnets", 1, 80),
    network("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", 1, 80),
    network("Microsoft.Network/networkSecurityGroups", 1, 80),
    network("Microsoft.Network/routeTables", 1, 80),
    network("Microsoft.Network/publicIPAddresses", 1, 80),
    network("Microsoft.Network/networkInterfaces", 1, 80),
    network("Microsoft.Network/bastionHosts", 1, 80),
    network("Microsoft.Network/firewallPolicies", 1, 80),
    network("Microsoft.Network/firewallPolicies/ruleCollectionGroups", 1, 80),
    network("Microsoft.Network/privateDnsZones/virtualNetworkLinks", 1, 80),
    network("Microsoft.Network/virtualNetworkGateways", 1, 80),
    network("Microsoft.Network/localNetworkGateways", 1, 80),
    network("Microsoft.Network/connections", 1, 80),
    network("Microsoft.Network/dnsResolvers", 1, 80),
    network("Microsoft.Network/dnsResolvers/inboundEndpoints", 1, 80),
];

/// Words that no name of a resource with an address of its own may have in it, or begin with
/// (<https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name>).
const RESERVED: [&str; 2] = ["microsoft", "windows"];
const RESERVED_AT_START: [&str; 2] = ["login", "xbox"];
/// Resources with an address of their own. Names of private zones have such words in them by nature.
const WITH_ADDRESS: [&str; 6] = [
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Compute/virtualMachines",
];

fn is_free(proposed: &Proposed<'_>) -> Result<()> {
    let name = proposed.id.name().to_ascii_lowercase();
    let reserved = RESERVED.iter().any(|word| name.contains(word))
        || RESERVED_AT_START.iter().any(|word| name.starts_with(word));
    if !reserved || !WITH_ADDRESS.iter().any(|kind| proposed.is(kind)) {
        return Ok(());
    }
    Err(bad_request!(
        "ReservedResourceName",
        "The resource name '{}' or a part of the name is a trademarked or reserved word.",
        proposed.id.name()
    )
    .about(proposed.id.name()))
}

pub(super) fn check(proposed: &Proposed<'_>) -> Result<()> {
    is_free(proposed)?;
    let Some(shape) = SHAPES.iter().find(|shape| proposed.is(shape.resource_type)) else {
        return Ok(());
    };
    judge(shape, proposed.id.name())
}

/// Judges the name of an inline child, such as a subnet in its network's body.
pub fn check_inline(resource_type: &str, name: &str) -> Result<()> {
    SHAPES
        .iter()
        .find(|shape| shape.resource_type.eq_ignore_ascii_case(resource_type))
        .map_or(Ok(()), |shape| judge(shape, name))
}

fn judge(shape: &NameRule, name: &str) -> Result<()> {
    let (shortest, longest) = shape.lengths;
    if (shortest..=longest).contains(&name.chars().count()) && (shape.fits)(name) {
        return Ok(());
    }
    let message = format!(
        "The name '{name}' is not valid for {}. It must have {shortest} to {longest} characters. {}",
        shape.resource_type, shape.rule
    );
    Err(ArmError::new(400, shape.code, message).about(name))
}

fn letters_digits_and(name: &str, further: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || further.contains(c))
}

fn begins_alphanumeric(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn network_name(name: &str) -> bool {
    begins_alphanumeric(name)
        && name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && letters_digits_and(name, "._-")
}

fn vault_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('-')
        && !name.contains("--")
        && letters_digits_and(name, "-")
}

fn compute_name(name: &str) -> bool {
    let ends_in_number = name
        .rsplit_once('-')
        .is_some_and(|(_, tail)| !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit()));
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters_digits_and(name, "-")
        && !ends_in_number
}

fn zone_name(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    (2..=34).contains(&labels.len())
        && labels.iter().all(|label| !label.is_empty() && letters_digits_and(label, "_-"))
}
