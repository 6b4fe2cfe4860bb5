//! Rules about single settings that have no module of their own: tags, sizes, times, retention, the hub.
//!
//! This module must not know which cloud or region offers what.

use std::collections::BTreeMap;

use super::{AutoShutdown, BastionSku, Draft, Settings};
use crate::domain::problem::{Problem, Result};

/// Fewest days that Log Analytics keeps logs.
pub const SHORTEST_RETENTION: u16 = 30;
/// Most days that Log Analytics keeps logs without an archive.
pub const LONGEST_RETENTION: u16 = 730;
/// Most tags of a person's own: Azure allows 50, and five are kept for the environment's own.
pub const MOST_TAGS: usize = 45;
/// Longest tag name: storage accounts allow 128 characters, other resources 512.
const LONGEST_TAG_NAME: usize = 128;
/// Longest tag value.
const LONGEST_TAG_VALUE: usize = 256;
/// Beginnings of tag names that belong to Microsoft or to this program.
const RESERVED: [&str; 4] = ["azure", "microsoft", "windows", "privateaml"];

fn invalid(flag: &str, what: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem::new("SettingInvalid", what, advice).at(flag)
}

/// Every rule that finished settings break.
pub(super) fn faults(settings: &Settings) -> Vec<Problem> {
    let sizes =
        [("--jumpbox-size", &settings.jumpbox_size), ("--build-size", &settings.build_size)];
    sizes
        .into_iter()
        .filter_map(|(flag, size)| vm_size(flag, size))
        .chain(retention(settings.log_retention_days))
        .chain(bastion(settings))
        .chain(tags(&settings.tags))
        .chain(settings.hub.as_deref().and_then(hub))
        .collect()
}

/// The daily shutdown that a draft says, or none.
pub(super) fn shutdown(draft: &Draft) -> Result<Option<AutoShutdown>> {
    let (text, time_zone) = draft.shutdown();
    if text.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    let time = time(&text)?;
    if time_zone.trim().is_empty() || time_zone.contains('/') {
        return Err(invalid(
            "--time-zone",
            format!("\"{time_zone}\" is not a Windows time zone."),
            "Use a name such as UTC or W. Europe Standard Time (tzutil /l lists them).",
        ));
    }
    Ok(Some(AutoShutdown { time, time_zone }))
}

/// Four digits of a 24-hour clock; a colon between them is taken out.
fn time(text: &str) -> Result<String> {
    let digits: String = text.trim().chars().filter(|each| *each != ':').collect();
    let hours_and_minutes = digits
        .split_at_checked(2)
        .filter(|_| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|(hours, minutes)| {
            Some((hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?))
        });
    match hours_and_minutes {
        Some((0..=23, 0..=59)) => Ok(digits),
        _ => Err(invalid(
            "--auto-shutdown",
            format!("\"{text}\" is not a time."),
            "Use four digits of a 24-hour clock, such as 1900, or off.",
        )),
    }
}

fn vm_size(flag: &str, size: &str) -> Option<Problem> {
    let fits = size.strip_prefix("Standard_").is_some_and(|rest| {
        !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    });
    (!fits).then(|| {
        invalid(
            flag,
            format!("\"{size}\" is not the name of a machine size."),
            "Use a name such as Standard_D2s_v5.",
        )
    })
}

fn retention(days: u16) -> Option<Problem> {
    (!(SHORTEST_RETENTION..=LONGEST_RETENTION).contains(&days)).then(|| {
        invalid(
            "--log-retention",
            format!("Logs cannot be retained for {days} days."),
            format!("Use {SHORTEST_RETENTION} to {LONGEST_RETENTION} days."),
        )
    })
}

fn bastion(settings: &Settings) -> Vec<Problem> {
    let mut faults = Vec::new();
    let plain = matches!(settings.bastion, BastionSku::Developer | BastionSku::Basic);
    if settings.disable_copy_paste && plain {
        faults.push(invalid(
            "--disable-copy-paste",
            format!("Bastion {:?} cannot switch copy and paste off.", settings.bastion),
            "Add --bastion standard or premium, or leave --disable-copy-paste out.",
        ));
    }
    if settings.bastion == BastionSku::Developer && settings.hub.is_some() {
        faults.push(invalid(
            "--bastion",
            "Bastion Developer does not work in a network that is peered with a hub.",
            "Use --bastion basic, or leave --hub out.",
        ));
    }
    faults
}

fn hub(id: &str) -> Option<Problem> {
    let parts: Vec<&str> = id.split('/').collect();
    let fits = match parts.as_slice() {
        ["", subscriptions, subscription, groups, group, providers, network, kind, name] => {
            subscriptions.eq_ignore_ascii_case("subscriptions")
                && uuid::Uuid::try_parse(subscription).is_ok()
                && groups.eq_ignore_ascii_case("resourceGroups")
                && !group.is_empty()
                && providers.eq_ignore_ascii_case("providers")
                && network.eq_ignore_ascii_case("Microsoft.Network")
                && kind.eq_ignore_ascii_case("virtualNetworks")
                && !name.is_empty()
        }
        _ => false,
    };
    (!fits).then(|| {
        invalid(
            "--hub",
            format!("\"{id}\" is not the resource id of a virtual network."),
            "Use the whole id: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/….",
        )
    })
}

/// Names and values that every resource of the environment takes: private DNS zones are the strictest
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations>).
fn tags(tags: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut faults: Vec<Problem> =
        tags.iter().filter_map(|(name, value)| tag(name, value)).collect();
    if tags.len() > MOST_TAGS {
        faults.push(invalid(
            "--tag",
            format!("{} tags are too many.", tags.len()),
            format!(
                "Use at most {MOST_TAGS}; Azure allows 50, and the environment has some of its own."
            ),
        ));
    }
    let mut seen: Vec<String> = Vec::new();
    for name in tags.keys() {
        let lower = name.to_lowercase();
        if seen.contains(&lower) {
            faults.push(invalid(
                "--tag",
                format!(
                    "The tag {name} is given twice: Azure does not tell capital letters apart."
                ),
                "Keep one of the two.",
            ));
        }
        seen.push(lower);
    }
    faults
}

fn tag(name: &str, value: &str) -> Option<Problem> {
    let plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if !plain || name.len() > LONGEST_TAG_NAME {
        return Some(invalid(
            "--tag",
            format!("\"{name}\" cannot be the name of a tag on every resource."),
            "Start with a letter and use letters, digits, hyphens, underscores and dots, at most 128 in all.",
        ));
    }
    let lower = name.to_ascii_lowercase();
    if let Some(reserved) = RESERVED.iter().find(|prefix| lower.starts_with(**prefix)) {
        return Some(invalid(
            "--tag",
            format!("Tag names that start with {reserved} are reserved."),
            format!("Use another name, such as my-{name}."),
        ));
    }
    (value.chars().count() > LONGEST_TAG_VALUE).then(|| {
        invalid(
            "--tag",
            format!("The value of the tag {name} is longer than {LONGEST_TAG_VALUE} characters."),
            "Shorten it.",
        )
    })
}
