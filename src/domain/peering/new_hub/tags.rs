//! The tags of a hub's resource group, and the way back from them to what was chosen: it is found again from any
//! machine, and never taken for an environment.

use std::collections::BTreeMap;

use super::NewHub;
use crate::domain::problem::{Problem, Result};

/// The tag by which hubs of ours are known; its value is `VERSION`.
pub const MARK: &str = "privateaml-hub";
const VERSION: &str = "1";
const NAME: &str = "privateaml-hub-name";
const SPACE: &str = "privateaml-hub-cidr";
const SKU: &str = "privateaml-hub-sku";
const ADDRESS: &str = "privateaml-hub-on-premises-address";
const RANGES: &str = "privateaml-hub-on-premises-ranges";
const RESOLVER: &str = "privateaml-hub-resolver";
/// Longest value of a tag, in characters
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations>).
const LONGEST: usize = 256;

/// True for the tags of a hub's group.
pub fn is_hub(tags: &BTreeMap<String, String>) -> bool {
    tags.keys().any(|key| key.eq_ignore_ascii_case(MARK))
}

/// The tags of a hub's group.
///
/// # Errors
/// When there are more ranges than a tag can hold.
pub fn tags(hub: &NewHub) -> Result<BTreeMap<String, String>> {
    let ranges: Vec<String> = hub.on_premises_ranges.iter().map(ToString::to_string).collect();
    let ranges = ranges.join(" ");
    if ranges.len() > LONGEST {
        return Err(Problem::new(
            "TooManyRanges",
            "There are more ranges on-premises than can be remembered with the hub.",
            "Give fewer, larger ranges: about fourteen fit.",
        )
        .at("--on-premises-range"));
    }
    let pairs = [
        (MARK, VERSION.to_owned()),
        (NAME, hub.name.to_string()),
        (SPACE, hub.address_space.to_string()),
        (SKU, hub.sku.as_str().to_owned()),
        (ADDRESS, hub.on_premises_address.to_string()),
        (RANGES, ranges),
        (RESOLVER, hub.resolver.to_string()),
    ];
    Ok(pairs.map(|(key, value)| (key.to_owned(), value)).into())
}

/// What was chosen, as a group's tags tell; `None` when the group is no hub of ours.
///
/// # Errors
/// When the tags are ours but damaged, or written by a newer version.
pub fn from_tags(location: &str, tags: &BTreeMap<String, String>) -> Option<Result<NewHub>> {
    // Azure keeps the case of tag names but compares them without.
    let value = |wanted: &str| {
        let found = tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted));
        found.map_or("", |(_, value)| value.as_str())
    };
    if !is_hub(tags) {
        return None;
    }
    if value(MARK) != VERSION {
        return Some(Err(Problem::new(
            "TagsFromNewerVersion",
            "The hub was created by a newer version of this program.",
            "Update this program and run the command again.",
        )));
    }
    let read = || {
        Some(NewHub {
            name: value(NAME).parse().ok()?,
            region: location.to_owned(),
            address_space: value(SPACE).parse().ok()?,
            sku: value(SKU).parse().ok()?,
            on_premises_address: value(ADDRESS).parse().ok()?,
            on_premises_ranges: value(RANGES)
                .split_whitespace()
                .map(|range| range.parse().ok())
                .collect::<Option<_>>()?,
            resolver: value(RESOLVER).parse().ok()?,
        })
    };
    Some(read().ok_or_else(|| {
        Problem::new(
            "DamagedTags",
            "The tags of the resource group no longer tell how the hub was created.",
            "Correct the tags that start with privateaml-hub in the Azure portal.",
        )
        .at(MARK)
    }))
}
