//! What the firewall's rules let through by choice, and to which point a rule belongs.

use serde_json::Value;

use super::{Book, Spot, items, text};
use crate::domain::allowlist::judge;
use crate::domain::plan::{PlannedEntry, PlannedGroup, Width};
use crate::domain::resource;
use crate::domain::ways::{carries_out, is_among_strangers, of_group};

/// The points of rules by name and by address.
pub(super) const BY_NAME: u8 = 22;
const BY_ADDRESS: u8 = 23;

/// The point to which a rule or a collection of rules belongs; `None` for anything else.
pub(super) fn point_of(item: &Value) -> Option<u8> {
    let kind = text(item, "/ruleType");
    if !kind.is_empty() {
        let by_name = kind.eq_ignore_ascii_case("ApplicationRule");
        return Some(if by_name { BY_NAME } else { BY_ADDRESS });
    }
    common_point(items(item, "/rules"))
}

/// The same for a group of collections.
pub(super) fn point_of_group(group: &Value) -> Option<u8> {
    common_point(items(group, "/properties/ruleCollections"))
}

/// Rules of both kinds are told at the point of those by address.
fn common_point(items: &[Value]) -> Option<u8> {
    let mut points = items.iter().filter_map(point_of);
    let first = points.next()?;
    Some(if points.all(|each| each == first) { first } else { BY_ADDRESS })
}

/// The entries that were chosen and admit more than one named host or strangers behind it, each with its width and its
/// switch.
pub(super) fn openings(book: &mut Book<'_>) {
    let Some(policy) = book.case.planned(resource::FIREWALL_POLICY).next() else { return };
    for group in book.case.plan.firewall.iter().filter(|group| group.enabled) {
        let way = if carries_out(group) { of_group(&group.group) } else { String::new() };
        let is_open =
            |entry: &&PlannedEntry| entry.width > Width::Named || is_among_strangers(group);
        for entry in group.entries.iter().filter(is_open) {
            let by_address = ["tcp", "udp", "any"].iter().any(|each| entry.ports.starts_with(each));
            let place = format!("rules of {}", group.group);
            let point = if by_address { BY_ADDRESS } else { BY_NAME };
            let spot = Spot::planned(policy).place(&place).point(point);
            let (width, close) = (width(entry), close(group, entry));
            book.open_way(&spot, entry.target.clone(), &width, &close, &way);
        }
    }
    if !text(&policy.body, "/properties/basePolicy/id").is_empty() {
        let spot = Spot::planned(policy).place("properties.basePolicy");
        let found = "the template chose a parent policy, whose rules were not read".to_owned();
        book.not_known(&spot, found, "Look at the rules of the parent policy in the portal.");
    }
    if book.case.paused
        && let Some(firewall) = book.case.planned(resource::FIREWALL).next()
    {
        let spot = Spot::planned(firewall).place("properties.ipConfigurations");
        book.open(
            &spot,
            "paused".to_owned(),
            "nothing inside gets out until it is resumed",
            "`privateaml resume` starts it again.",
        );
    }
}

fn width(entry: &PlannedEntry) -> String {
    let words = match entry.width {
        Width::Named => "one named host; strangers behind it can receive what is sent there",
        Width::Wildcard => "every host of the domain",
        Width::SharedTenant => "a service in which every tenant can have an account",
        Width::Any => "any destination",
    };
    let judged = judge(&entry.target);
    if judged.width == entry.width {
        format!("{words}. {}", judged.why)
    } else {
        format!("{words}.")
    }
}

fn close(group: &PlannedGroup, entry: &PlannedEntry) -> String {
    if group.locked {
        let instead = if entry.target.starts_with("Storage") {
            " The preset locked-down replaces it by a service endpoint policy."
        } else {
            ""
        };
        return format!(
            "Nothing closes it: Azure Machine Learning does not work without.{instead}"
        );
    }
    format!("`privateaml mend NAME --deny {}` closes it.", group.group)
}
