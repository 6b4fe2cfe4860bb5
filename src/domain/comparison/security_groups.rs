//! Planned rules of security groups that admit strangers, or let out to wide ranges: open by choice, each with its
//! width.

use super::{Book, Spot};
use crate::domain::plan::PlannedNsgRule;
use crate::domain::resource;

/// Bastion is not behind the firewall.
const BASTION: &str =
    "Bastion does not work without it (https://learn.microsoft.com/azure/bastion/bastion-nsg).";
/// What closes the rules of a preset.
const PRESET: &str = "An environment with the preset recommended does without it; the preset of one that exists stays.";

pub(super) fn openings(book: &mut Book<'_>) {
    let rules = book.case.plan.nsg.iter();
    for rule in rules.filter(|rule| !rule.default && rule.access.eq_ignore_ascii_case("Allow")) {
        let Some((width, close)) = width(rule) else { continue };
        let mut groups = book.case.planned(resource::SECURITY_GROUP);
        let Some(group) = groups.find(|each| each.name.eq_ignore_ascii_case(&rule.group)) else {
            continue;
        };
        // What was not read is not known to be open either.
        if book.case.body(&group.id).is_err() {
            continue;
        }
        let place = format!("properties.securityRules[{}]", rule.name);
        book.open(&Spot::planned(group).place(&place), rule.name.clone(), &width, close);
    }
}

/// How wide a rule is, and what closes it.
fn width(rule: &PlannedNsgRule) -> Option<(String, &'static str)> {
    let ports = if rule.ports.is_empty() { "every port" } else { &rule.ports };
    let inbound = rule.direction.eq_ignore_ascii_case("Inbound");
    let other = if inbound { &rule.source } else { &rule.destination };
    let tags = ["Storage", "AzureContainerRegistry", "AzureCloud"];
    let wide = is_anybody(other)
        || other.starts_with("BatchNodeManagement")
        || tags.iter().any(|tag| other.eq_ignore_ascii_case(tag));
    let close = match (rule.group.contains("bastion"), inbound) {
        (true, _) => BASTION,
        (false, true) => PRESET,
        (false, false) => "The firewall's rules say what of it gets out.",
    };
    let verb = if inbound { "admits" } else { "lets out to" };
    wide.then(|| (format!("it {verb} {other} on {ports}"), close))
}

fn is_anybody(prefix: &str) -> bool {
    matches!(prefix, "*" | "0.0.0.0/0")
        || prefix.eq_ignore_ascii_case("Internet")
        || prefix.eq_ignore_ascii_case("Any")
}
