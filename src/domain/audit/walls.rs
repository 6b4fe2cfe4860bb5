//! Point 20: the rules of the network security groups.

use serde_json::Value;

use super::{
    case::{Case, SHARED, items, or_without_name, text},
    sheet::Sheet,
};

const GROUP: &str = "Microsoft.Network/networkSecurityGroups";

pub(super) fn security_groups(case: &Case<'_>, sheet: &mut Sheet) {
    let shared = shared_group(case);
    for planned in case.planned(GROUP) {
        let part = case.part(&planned.id);
        let field = "/properties/securityRules";
        let Some(body) = sheet.body(&part, field, "no stranger admitted") else {
            continue;
        };
        let before = sheet.findings.len();
        for rule in items(body, field) {
            let name = or_without_name(text(rule, "/name"));
            let wide = if shared.is_none_or(|id| id.eq_ignore_ascii_case(&planned.id)) {
                too_wide(rule)
            } else {
                // Bastion needs some wide rules (https://learn.microsoft.com/azure/bastion/bastion-nsg): those of the template.
                unplanned(case, part.name, rule)
            };
            if let Some(found) = wide {
                let remedy = format!(
                    "Delete or narrow the rule {name} of {}, or run `privateaml mend`.",
                    part.name
                );
                let field = format!("/properties/securityRules/{name}");
                sheet.judge(part.name, &field, "no wide rule", &found, false, &remedy);
            }
        }
        if sheet.findings.len() == before {
            let found = format!("{} rules, none too wide", items(body, field).len());
            sheet.judge(part.name, field, "no wide rule", &found, true, "");
        }
    }
    if sheet.findings.is_empty() {
        sheet.unknown(
            "security groups",
            "",
            "rules of the subnets",
            "the template has none",
        );
    }
}

/// Id of the group that SharedSubnet has by the plan.
fn shared_group<'a>(case: &Case<'a>) -> Option<&'a str> {
    let network = case.planned(super::case::NETWORK).next()?;
    let subnets = items(&network.body, "/properties/subnets").iter();
    let mut shared = subnets.filter(|each| text(each, "/name") == SHARED);
    Some(text(shared.next()?, "/properties/networkSecurityGroup/id"))
}

fn too_wide(rule: &Value) -> Option<String> {
    let property = |name: &str| text(rule, &format!("/properties/{name}"));
    if !property("access").eq_ignore_ascii_case("Allow") {
        return None;
    }
    let ports = all(rule, "destinationPortRange");
    if property("direction").eq_ignore_ascii_case("Inbound") {
        let strangers: Vec<&str> = all(rule, "sourceAddressPrefix")
            .into_iter()
            .filter(|source| is_anybody(source))
            .collect();
        if !strangers.is_empty() {
            return Some(format!(
                "admits {} on {}",
                strangers.join(", "),
                in_words(&ports)
            ));
        }
        // Computes without public address need no inbound from Batch
        // (https://learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall).
        let batch = all(rule, "sourceAddressPrefix")
            .iter()
            .any(|each| each.starts_with("BatchNodeManagement"));
        return batch.then(|| format!("admits Azure Batch on {}", in_words(&ports)));
    }
    let every_port = ports.contains(&"*") || property("protocol") == "*";
    let wide = |target: &&str| {
        (is_anybody(target) && every_port)
            || ["Storage", "AzureContainerRegistry", "AzureCloud"]
                .iter()
                .any(|tag| target.eq_ignore_ascii_case(tag))
    };
    let targets: Vec<&str> = all(rule, "destinationAddressPrefix")
        .into_iter()
        .filter(wide)
        .collect();
    (!targets.is_empty())
        .then(|| format!("lets out to {} on {}", targets.join(", "), in_words(&ports)))
}

fn in_words(ports: &[&str]) -> String {
    if ports.is_empty() {
        return "ports that Azure does not tell".to_owned();
    }
    ports.join(",")
}

fn is_anybody(prefix: &str) -> bool {
    matches!(prefix, "*" | "0.0.0.0/0" | "Any" | "any") || prefix.eq_ignore_ascii_case("Internet")
}

/// The single value and the list of one property: a rule has either.
fn all<'a>(rule: &'a Value, name: &str) -> Vec<&'a str> {
    let plural = if name.ends_with('x') {
        format!("{name}es")
    } else {
        format!("{name}s")
    };
    let one = text(rule, &format!("/properties/{name}"));
    let list = items(rule, &format!("/properties/{plural}")).iter();
    let mut found: Vec<&str> = list.filter_map(Value::as_str).collect();
    if !one.is_empty() {
        found.push(one);
    }
    found
}

fn unplanned(case: &Case<'_>, group: &str, rule: &Value) -> Option<String> {
    let name = text(rule, "/name");
    let known =
        case.plan.nsg.iter().any(|each| {
            each.group.eq_ignore_ascii_case(group) && each.name.eq_ignore_ascii_case(name)
        });
    if known {
        return None;
    }
    let allow = text(rule, "/properties/access").eq_ignore_ascii_case("Allow");
    let name = or_without_name(name);
    allow.then(|| format!("a rule {name} that the template does not have"))
}
