//! Azure's regions: finding one by what a person types, and the nearest names when there is none.
//!
//! The list that the program carries serves without an account; Azure's own list takes its place where it can be asked.
//! This module must not ask.

mod offer;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
pub(super) use strsim::levenshtein as distance;

pub use self::offer::RegionOffer;
use super::problem::{Problem, Result};
use super::settings::Cloud;

/// The region of the public cloud that is offered.
pub const OFFERED: &str = "westeurope";

/// One region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its short name, such as `westeurope`.
    pub name: String,
    /// Its name for people, such as `West Europe`.
    pub display: String,
    /// The part of the world whose rules apply to data in it.
    pub geography: String,
    /// Short name of the region that Azure pairs it with, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paired: Option<String>,
    /// Whether it has availability zones.
    pub zones: bool,
    /// Whether Microsoft opens it on request only.
    #[serde(default)]
    pub restricted: bool,
    /// The Azure it belongs to.
    #[serde(default)]
    pub cloud: Cloud,
    /// What is known of whether the subscription can use it.
    #[serde(default, skip_serializing_if = "RegionOffer::is_not_asked")]
    pub offer: RegionOffer,
}

#[derive(Deserialize)]
struct Asset {
    region: Vec<Region>,
}

/// The list that the program carries: every cloud's regions, by name within a cloud.
pub fn embedded() -> &'static [Region] {
    // A test parses the asset. Were it broken nevertheless, every region would be unknown, which is said to the user.
    static EMBEDDED: LazyLock<Vec<Region>> = LazyLock::new(|| {
        toml::from_str(include_str!("../../assets/regions.toml"))
            .map_or_else(|_| Vec::new(), |asset: Asset| asset.region)
    });
    &EMBEDDED
}

/// Finds a region of a cloud in the list that the program carries, as `find_in` does.
///
/// # Errors
/// As `find_in`.
pub fn find(text: &str, cloud: Cloud) -> Result<&'static Region> {
    find_in(text, cloud, embedded())
}

/// Finds a region by its short name or its name for people, whatever the case and spaces.
///
/// # Errors
/// When there is none, with those whose names are nearest; when the subscription was read not to have it.
pub fn find_in<'a>(text: &str, cloud: Cloud, regions: &'a [Region]) -> Result<&'a Region> {
    let wanted = plain(text);
    let of_cloud = || regions.iter().filter(|region| region.cloud == cloud);
    let matches =
        |region: &&Region| plain(&region.name) == wanted || plain(&region.display) == wanted;
    let found = of_cloud().find(matches).ok_or_else(|| {
        let elsewhere = regions.iter().find(matches);
        let usable = of_cloud().filter(|region| region.refusal().is_none());
        unknown(text.trim(), cloud, elsewhere, &nearest(&wanted, usable))
    })?;
    found.absence().map_or(Ok(found), Err)
}

fn unknown(text: &str, cloud: Cloud, elsewhere: Option<&Region>, near: &[&str]) -> Problem {
    let example = match cloud {
        Cloud::Public => "westeurope",
        Cloud::UsGov => "usgovvirginia",
        Cloud::China => "chinanorth3",
    };
    let what = match elsewhere {
        Some(region) => format!(
            "{} is a region of another Azure (--cloud {}).",
            region.display,
            region.cloud.word()
        ),
        None => format!("There is no region called \"{text}\"."),
    };
    let advice = match elsewhere {
        Some(region) => {
            format!("Add --cloud {}, or choose a region such as {example}.", region.cloud.word())
        }
        None if near.is_empty() => format!("Use a short name such as {example}."),
        None => format!("Did you mean {}?", near.join(", ")),
    };
    Problem::new("RegionUnknown", what, advice).at("--region")
}

/// Letters and digits only, in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|each| each.to_ascii_lowercase()).collect()
}

/// At most three names, nearest first: those that hold the text, then those a few letters away.
fn nearest<'a>(wanted: &str, regions: impl Iterator<Item = &'a Region>) -> Vec<&'a str> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut near: Vec<(usize, &str)> = regions
        .filter_map(|region| {
            let holds = region.name.contains(wanted) || plain(&region.geography).contains(wanted);
            let is_part = wanted.len() > 2 && holds;
            let away = if is_part { 0 } else { distance(wanted, &region.name) };
            (away <= 3).then_some((away, region.name.as_str()))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_is_read_and_its_pairs_exist() {
        let asset: Asset = toml::from_str(include_str!("../../assets/regions.toml")).unwrap();
        let public = asset.region.iter().filter(|region| region.cloud == Cloud::Public);
        assert!(public.count() >= 45);
        for region in &asset.region {
            assert_eq!(plain(&region.name), region.name);
            assert_eq!(plain(&region.display), region.name);
            if let Some(paired) = &region.paired {
                let other = asset.region.iter().find(|other| other.name == *paired);
                assert_eq!(other.unwrap().cloud, region.cloud, "{}", region.name);
            }
        }
    }

    #[test]
    fn a_region_is_found_by_either_name() {
        for text in ["westeurope", "West Europe", " WEST-EUROPE "] {
            assert_eq!(find(text, Cloud::Public).unwrap().name, "westeurope");
        }
        assert_eq!(find("US Gov Virginia", Cloud::UsGov).unwrap().name, "usgovvirginia");
        assert!(find("chinanorth3", Cloud::China).unwrap().zones);
    }

    #[test]
    fn a_typing_error_is_answered_with_the_nearest_names() {
        for (text, near) in [
            ("westeurop", "westeurope"),
            ("weast europe", "westeurope"),
            ("swedencental", "swedencentral"),
            ("germany", "germanywestcentral"),
        ] {
            let problem = find(text, Cloud::Public).unwrap_err();
            assert!(problem.advice.contains(near), "{text}: {}", problem.advice);
        }
        let far = find("atlantis", Cloud::Public).unwrap_err();
        assert!(!far.advice.is_empty());
        let other = find("usgovtexas", Cloud::Public).unwrap_err();
        assert!(other.what.contains("--cloud usgov"), "{}", other.what);
        assert!(other.advice.contains("--cloud usgov"), "{}", other.advice);
        let home = find("westeurope", Cloud::UsGov).unwrap_err();
        assert!(home.advice.contains("usgovvirginia"), "{}", home.advice);
        assert!(find("", Cloud::Public).is_err());
    }
}
