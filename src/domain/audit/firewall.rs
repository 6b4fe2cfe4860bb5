//! Points 22 to 24: what the firewall admits, and whether it runs.

use serde_json::Value;

use super::{
    case::{Case, FIREWALL, items, text},
    sheet::{Rule, Sheet},
    workspace::with,
};
use crate::domain::{allowlist::judge, plan::Width};

const POLICY: &str = "Microsoft.Network/firewallPolicies";
const GROUPS: &str = "ruleCollectionGroups";

/// Calls `look` with each rule of a kind that allows something. False when the rules could not be read.
fn each_rule(
    case: &Case<'_>,
    sheet: &mut Sheet,
    kind: &str,
    mut look: impl FnMut(&mut Sheet, &str, &Value),
) -> bool {
    let Some(policy) = with(case, sheet, POLICY) else {
        return false;
    };
    let path = format!("{}/{GROUPS}", policy.id);
    let Some(groups) = case.inventory.items(&path) else {
        let why = case
            .inventory
            .why_unknown(&path)
            .unwrap_or("the policy is gone");
        sheet.unknown(policy.name, GROUPS, "narrow rules", why);
        return false;
    };
    for collection in groups
        .iter()
        .flat_map(|group| items(group, "/properties/ruleCollections"))
    {
        if !text(collection, "/action/type").eq_ignore_ascii_case("Allow") {
            continue;
        }
        for rule in items(collection, "/rules") {
            if text(rule, "/ruleType").eq_ignore_ascii_case(kind) {
                look(sheet, text(collection, "/name"), rule);
            }
        }
    }
    true
}

pub(super) fn application_rules(case: &Case<'_>, sheet: &mut Sheet) {
    let mut count = 0;
    let read = each_rule(case, sheet, "ApplicationRule", |sheet, collection, rule| {
        for target in items(rule, "/targetFqdns").iter().filter_map(Value::as_str) {
            count += 1;
            host(case, sheet, collection, text(rule, "/name"), target);
        }
    });
    if read && sheet.findings.iter().all(|each| each.by_choice) {
        let found = format!("{count} hosts and patterns, all of the allowlist that was chosen");
        sheet.judge(
            "firewall policy",
            "targetFqdns",
            "no unknown hosts",
            &found,
            true,
            "",
        );
    }
}

fn host(case: &Case<'_>, sheet: &mut Sheet, collection: &str, rule: &str, target: &str) {
    let verdict = judge(target);
    let place = format!("{collection}/{rule}");
    let remedy = format!(
        "Remove {target} from {place}, or name the hosts that are needed one by one (--allow-host)."
    );
    let expected = "no host that strangers can be behind";
    if verdict.width == Width::Any {
        let found = format!("{target}: {}", verdict.why);
        sheet.judge(&place, "targetFqdns", expected, &found, false, &remedy);
        return;
    }
    if verdict.width < Width::SharedTenant {
        return;
    }
    let found = format!("{target}: {}", verdict.why);
    match chosen(case, target) {
        Some(Chosen::Needed | Chosen::Offered) => {
            sheet.open(&place, "targetFqdns", target, &verdict.why);
        }
        Some(Chosen::Wide) | None => {
            sheet.judge(&place, "targetFqdns", expected, &found, false, &remedy);
        }
    }
}

/// How an entry came into the allowlist.
enum Chosen {
    /// Azure ML does not work without it.
    Needed,
    /// A group that was offered, with today's narrow form of it.
    Offered,
    /// A group of the table of 2022.
    Wide,
}

fn chosen(case: &Case<'_>, target: &str) -> Option<Chosen> {
    let enabled = case.plan.firewall.iter().filter(|group| group.enabled);
    enabled
        .flat_map(|group| group.entries.iter().map(move |entry| (group, entry)))
        .find(|(_, entry)| entry.target.eq_ignore_ascii_case(target))
        .map(
            |(group, entry)| match (group.locked, entry.seed && !group.locked) {
                (true, _) => Chosen::Needed,
                (false, true) => Chosen::Wide,
                (false, false) => Chosen::Offered,
            },
        )
}

pub(super) fn network_rules(case: &Case<'_>, sheet: &mut Sheet) {
    let mut count = 0;
    let read = each_rule(case, sheet, "NetworkRule", |sheet, collection, rule| {
        count += 1;
        let place = format!("{collection}/{}", text(rule, "/name"));
        let texts = |list: &str| -> Vec<&str> {
            let found = items(rule, &format!("/{list}")).iter();
            found.filter_map(Value::as_str).collect()
        };
        let mut wide: Vec<String> = Vec::new();
        let targets = texts("destinationAddresses");
        wide.extend(
            targets
                .iter()
                .filter(|each| is_wide(each))
                .map(|each| format!("to {each}")),
        );
        wide.extend(
            texts("destinationFqdns")
                .iter()
                .filter(|each| **each == "*")
                .map(|_| "to every host".into()),
        );
        wide.extend(
            texts("destinationPorts")
                .iter()
                .filter(|each| **each == "*")
                .map(|_| "on every port".into()),
        );
        let protocols = texts("ipProtocols");
        wide.extend(
            protocols
                .iter()
                .filter(|each| each.eq_ignore_ascii_case("Any"))
                .map(|_| "by any protocol".into()),
        );
        if !wide.is_empty() {
            let found = format!("{} ({})", wide.join(", "), targets.join(", "));
            let remedy = format!(
                "Narrow or remove the rule {place}; `privateaml egress` shows what still gets out."
            );
            sheet.judge(
                &place,
                "networkRule",
                "known addresses and ports",
                &found,
                false,
                &remedy,
            );
            return;
        }
        for tag in targets.iter().filter(|each| each.starts_with("Storage.")) {
            let what = "It admits every storage account of the region, of whatever owner. The preset locked-down replaces it \
                        by a service endpoint policy.";
            if chosen(case, tag).is_some() {
                sheet.open(&place, "destinationAddresses", tag, what);
            } else {
                let remedy = format!("Remove {tag} from {place}.");
                let expected = "tags that were chosen";
                sheet.judge(
                    &place,
                    "destinationAddresses",
                    expected,
                    tag,
                    false,
                    &remedy,
                );
            }
        }
    });
    if read && sheet.findings.iter().all(|each| each.by_choice) {
        let found = format!("{count} rules, none too wide");
        sheet.judge(
            "firewall policy",
            "networkRules",
            "known addresses and ports",
            &found,
            true,
            "",
        );
    }
}

fn is_wide(target: &str) -> bool {
    let any = matches!(target, "*" | "0.0.0.0/0" | "Internet");
    let tag = [
        "Storage",
        "AzureContainerRegistry",
        "AzureCloud",
        "Sql",
        "AzureFrontDoor.Frontend",
    ];
    // Ranges that take in a good part of the internet; a tag is no range.
    let range = target
        .parse::<ipnetwork::Ipv4Network>()
        .is_ok_and(|range| range.prefix() < 8 && !range.ip().is_private());
    any || range || tag.iter().any(|each| each.eq_ignore_ascii_case(target))
}

pub(super) fn running(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(firewall) = with(case, sheet, FIREWALL) else {
        return;
    };
    let addresses = "/properties/ipConfigurations";
    if case.paused {
        sheet.open(
            firewall.name,
            "properties.ipConfigurations",
            "paused",
            "Nothing inside has egress until it is resumed.",
        );
    } else {
        let remedy =
            "The firewall is stopped, nothing inside has egress: `privateaml resume` starts it.";
        sheet.field(&firewall, addresses, Rule::Something, remedy);
    }
    sheet.field(
        &firewall,
        "/properties/provisioningState",
        Rule::Is("Succeeded"),
        "Run `privateaml mend`.",
    );
    let Some(policy) = with(case, sheet, POLICY) else {
        return;
    };
    if let Some(body) = sheet.body(&firewall, "/properties/firewallPolicy/id", "our policy") {
        let id = text(body, "/properties/firewallPolicy/id");
        let found = if id.is_empty() {
            "none"
        } else {
            crate::domain::inventory::name_of(id)
        };
        let remedy =
            "Attach the environment's own policy to the firewall, or run `privateaml mend`.";
        let ours = id.eq_ignore_ascii_case(policy.id);
        sheet.judge(
            firewall.name,
            "/properties/firewallPolicy/id",
            "our policy",
            found,
            ours,
            remedy,
        );
    }
    let threats = "Set threat intelligence to Deny (or Alert) in the firewall policy.";
    sheet.field(
        &policy,
        "/properties/threatIntelMode",
        Rule::OneOf(&["Deny", "Alert"]),
        threats,
    );
    let proxy = "Switch the DNS proxy on in the firewall policy: rules by name need it to see the same addresses.";
    sheet.field(
        &policy,
        "/properties/dnsSettings/enableProxy",
        Rule::True,
        proxy,
    );
}
