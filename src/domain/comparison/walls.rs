//! Planned rules of security groups that admit strangers, or let out to wide ranges: open by choice, each with its width.

use super::book::{Book, Spot};
use crate::domain::plan::PlannedNsgRule;

const GROUP: &str = "Microsoft.Network/networkSecurityGroups";
/// What a preset with such rules is closed by.
const CLOSE: &str = "Another preset does without it (`privateaml mend NAME --preset recommended`).";

pub(super) fn openings(book: &mut Book<'_>) {
    let rules = book.case.plan.nsg.iter();
    for rule in rules.filter(|rule| !rule.default && rule.access.eq_ignore_ascii_case("Allow")) {
        let Some((width, close)) = width(rule) else {
            continue;
        };
        let mut groups = book.case.planned(GROUP);
        let Some(group) = groups.find(|each| each.name.eq_ignore_ascii_case(&rule.group)) else {
            continue;
        };
        // What was not read is not known to be open either.
        if book.case.body(&group.id).is_err() {
            continue;
        }
        let place = format!("properties.securityRules[{}]", rule.name);
        book.open(
            &Spot::planned(group).place(&place),
            rule.name.clone(),
            &width,
            close,
        );
    }
}

fn width(rule: &PlannedNsgRule) -> Option<(String, &'static str)> {
    let ports = if rule.ports.is_empty() {
        "every port"
    } else {
        &rule.ports
    };
    if rule.direction.eq_ignore_ascii_case("Inbound") {
        let stranger = is_anybody(&rule.source) || rule.source.starts_with("BatchNodeManagement");
        let bastion =
            rule.destination == "*" && rule.ports == "443" && rule.group.contains("bastion");
        let close = if bastion {
            "Bastion needs it: its sign-in page answers the internet (https://learn.microsoft.com/azure/bastion/bastion-nsg)."
        } else {
            CLOSE
        };
        return stranger.then(|| (format!("it admits {} on {ports}", rule.source), close));
    }
    let wide = is_anybody(&rule.destination)
        || ["Storage", "AzureContainerRegistry", "AzureCloud"]
            .iter()
            .any(|tag| rule.destination.eq_ignore_ascii_case(tag));
    let close = "The firewall's rules say what of it gets out.";
    wide.then(|| {
        (
            format!("it lets out to {} on {ports}", rule.destination),
            close,
        )
    })
}

fn is_anybody(prefix: &str) -> bool {
    matches!(prefix, "*" | "0.0.0.0/0")
        || prefix.eq_ignore_ascii_case("Internet")
        || prefix.eq_ignore_ascii_case("Any")
}
