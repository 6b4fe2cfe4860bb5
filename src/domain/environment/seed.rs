//! Environments made with the Terraform scripts that this program succeeds: known by a tag of their resource group.
//!
//! Name, digits and region come from the group, the address space from its network where that can be read. What the
//! scripts fix (tiers, rules of 2022) is filled in; nothing here decides what may be done with such an environment.

use std::{collections::BTreeMap, net::Ipv4Addr};

use ipnetwork::Ipv4Network;

use super::Settings;
use crate::domain::allowlist::Preset;
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::{BastionSku, DatastoreAccess};

/// The tag that the scripts set, and its value (microsoft/privateAML, `terraform/main.tf`).
const PROJECT: (&str, &str) = ("project", "Private Azure ML");
/// The tag with name and digits together (same file).
const NAME: &str = "name";
/// Begin of the group's name (same file).
const GROUP: &str = "rg-";
/// How many digits the scripts put behind the name (`terraform/locals.tf`).
const DIGITS: usize = 4;
/// The address space that the scripts propose (their README): it stands in until the network's own is read.
const PROPOSED: (Ipv4Addr, u8) = (Ipv4Addr::new(10, 1, 0, 0), 22);

/// True for the tags of a group that the scripts made. Names of tags have no case in Azure.
pub fn is_seed(tags: &BTreeMap<String, String>) -> bool {
    tag(tags, PROJECT.0).is_some_and(|value| value.trim().eq_ignore_ascii_case(PROJECT.1))
}

/// The id of the network that the scripts make in a group.
pub fn network_of(group_id: &str, group: &str, tags: &BTreeMap<String, String>) -> String {
    let name =
        full_name(group, tags).map_or_else(String::new, |(name, suffix)| format!("{name}{suffix}"));
    format!("{group_id}/providers/Microsoft.Network/virtualNetworks/vnet-{name}")
}

/// Settings that describe what the scripts made; `network` is the address space of its network, where it was read.
///
/// # Errors
/// When neither tag nor group tell a name with four digits: the scripts' own pattern was changed.
pub fn settings(
    group: &str,
    location: &str,
    tags: &BTreeMap<String, String>,
    network: Option<Ipv4Network>,
) -> Result<Settings> {
    let (name, suffix) = full_name(group, tags).ok_or_else(|| unusual(group))?;
    let (address, length) = PROPOSED;
    let proposed = || Ipv4Network::new(address, length).unwrap_or_else(|_| address.into());
    let space = network.unwrap_or_else(proposed);
    let mut settings = Settings::new(name, suffix, location.to_owned(), space);
    settings.preset = Preset::PrivateAml2022;
    settings.bastion = BastionSku::Basic;
    settings.auto_shutdown = None;
    settings.datastore_access = DatastoreAccess::AccountKey;
    Ok(settings)
}

/// Name and digits, from the tag or else from the group's own name.
fn full_name(group: &str, tags: &BTreeMap<String, String>) -> Option<(EnvironmentName, Suffix)> {
    tag(tags, NAME).and_then(parts).or_else(|| parts(group.strip_prefix(GROUP)?))
}

/// Name and digits of a text in which they stand together.
fn parts(text: &str) -> Option<(EnvironmentName, Suffix)> {
    let text = text.trim().to_lowercase();
    let (name, digits) = text.split_at_checked(text.len().checked_sub(DIGITS)?)?;
    Some((EnvironmentName::parse(name).ok()?, Suffix::parse(digits).ok()?))
}

fn tag<'tags>(tags: &'tags BTreeMap<String, String>, wanted: &str) -> Option<&'tags str> {
    tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
}

fn unusual(group: &str) -> Problem {
    Problem::new(
        "TerraformNameUnusual",
        "A resource group was created with the Terraform scripts under a name that this program cannot follow.",
        "It is left alone. To have it listed, set its tag `name` to the name and the four digits in its \
         resources' names.",
    )
    .at(group.to_owned())
}
