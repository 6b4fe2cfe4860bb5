//! The rule collections of the firewall policy, in the form that Azure takes.
//!
//! One collection per group and kind, for a collection holds rules of one kind only; one rule per entry and protocol,
//! so that the firewall's log names the reason. Network rules come before application rules, as the firewall itself
//! evaluates them: a network rule for a service tag decides before any name is looked at.

use ipnetwork::Ipv4Network;
use serde_json::{Map, Value, json};

use super::AllowlistTarget;
use super::ports::{PortSet, Protocol};
use super::select::{Chosen, ChosenGroup};

/// First priority; the smallest that a rule collection may have.
const FIRST_PRIORITY: usize = 100;
/// Room between two collections, for rules that an operator adds by hand.
const PRIORITY_STEP: usize = 10;
/// Longest rule name.
const LONGEST_NAME: usize = 80;
/// What may be put behind a name to tell two rules for one target apart.
const ROOM_FOR_ENDING: usize = 8;
/// Longest description that is sent; the limit of security rules, kept here too.
pub(super) const LONGEST_DESCRIPTION: usize = 140;

/// The value of `properties.ruleCollections`.
pub(super) fn collections(source: Ipv4Network, groups: &[ChosenGroup]) -> Value {
    let network =
        groups.iter().map(|group| (format!("net-{}", group.id), network_rules(source, group)));
    let application =
        groups.iter().map(|group| (format!("app-{}", group.id), application_rules(source, group)));
    network
        .chain(application)
        .filter(|(_, rules)| !rules.is_empty())
        .enumerate()
        .map(|(index, (name, rules))| {
            json!({
                "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
                "name": name,
                "priority": FIRST_PRIORITY + index * PRIORITY_STEP,
                "action": { "type": "Allow" },
                "rules": named(rules),
            })
        })
        .collect()
}

/// A rule without its name, and the text that the name is made of.
type Unnamed = (String, Value);

/// Network rules: everything that is filtered by address, service tag or non-web port.
fn network_rules(source: Ipv4Network, group: &ChosenGroup) -> Vec<Unnamed> {
    let entries = group.entries.iter().filter(|entry| !by_name(entry));
    let sets = entries.flat_map(|entry| entry.ports.sets().iter().map(move |set| (entry, set)));
    let rule = |(entry, set): (&Chosen, &PortSet)| {
        let ending = if set.protocol == Protocol::Udp { "-udp" } else { "" };
        (format!("{}{ending}", stem(entry)), network_rule(source, entry, set))
    };
    sets.map(rule).collect()
}

fn network_rule(source: Ipv4Network, entry: &Chosen, set: &PortSet) -> Value {
    let protocol = match set.protocol {
        Protocol::Udp => "UDP",
        Protocol::Tcp | Protocol::Http | Protocol::Https => "TCP",
    };
    let target = entry.target.as_str();
    let (addresses, names) = match entry.target {
        // Needs the policy's DNS proxy: the firewall itself looks the name up.
        AllowlistTarget::Host(_) => (json!([]), json!([target])),
        _ => (json!([target]), json!([])),
    };
    json!({
        "ruleType": "NetworkRule",
        "description": brief(&entry.reason),
        "ipProtocols": [protocol],
        "sourceAddresses": [source.to_string()],
        "destinationAddresses": addresses,
        "destinationFqdns": names,
        "destinationPorts": set.ports,
    })
}

/// Application rules: web traffic, filtered by host name.
fn application_rules(source: Ipv4Network, group: &ChosenGroup) -> Vec<Unnamed> {
    let entries = group.entries.iter().filter(|entry| by_name(entry));
    entries.map(|entry| (stem(entry), application_rule(source, entry))).collect()
}

fn application_rule(source: Ipv4Network, entry: &Chosen) -> Value {
    let target = entry.target.as_str();
    let (names, tags) = match entry.target {
        AllowlistTarget::FqdnTag(_) => (json!([]), json!([target])),
        _ => (json!([target]), json!([])),
    };
    let protocols: Vec<Value> = entry
        .ports
        .sets()
        .iter()
        .flat_map(|set| {
            let kind = match set.protocol {
                Protocol::Http => "Http",
                _ => "Https",
            };
            set.ports
                .iter()
                .filter_map(|port| port.parse::<u16>().ok())
                .map(move |port| json!({ "protocolType": kind, "port": port }))
        })
        .collect();
    json!({
        "ruleType": "ApplicationRule",
        "description": brief(&entry.reason),
        "sourceAddresses": [source.to_string()],
        "targetFqdns": names,
        "fqdnTags": tags,
        "protocols": protocols,
    })
}

/// Whether the firewall filters the entry by host name.
pub(super) fn by_name(entry: &Chosen) -> bool {
    match entry.target {
        AllowlistTarget::Host(_) => entry.ports.are_web(),
        AllowlistTarget::FqdnTag(_) => true,
        AllowlistTarget::Tag(_) | AllowlistTarget::Address(_) => false,
    }
}

/// The first sentence of a reason, as far as a description may go.
pub(super) fn brief(reason: &str) -> String {
    let first = reason.split(". ").next().unwrap_or(reason);
    first.chars().take(LONGEST_DESCRIPTION).collect()
}

/// The target in characters that a rule name may have.
fn stem(entry: &Chosen) -> String {
    let text = entry.target.as_str().replace('*', "any").replace("any.", "any-below-");
    let legal: String = text
        .chars()
        .map(|each| {
            if each.is_ascii_alphanumeric() || matches!(each, '.' | '-' | '_') { each } else { '-' }
        })
        .take(LONGEST_NAME - ROOM_FOR_ENDING)
        .collect();
    legal.trim_end_matches(['.', '-']).to_owned()
}

/// Gives each rule its name; a target that comes twice has a number behind it.
fn named(rules: Vec<Unnamed>) -> Vec<Value> {
    let mut taken: Vec<String> = Vec::with_capacity(rules.len());
    let mut ready = Vec::with_capacity(rules.len());
    for (stem, rule) in rules {
        let mut name = stem.clone();
        let mut count = 1;
        while taken.contains(&name) {
            count += 1;
            name = format!("{stem}-{count}");
        }
        taken.push(name.clone());
        // The name first, for people who read the exported parameters.
        let mut fields = Map::from_iter([("name".to_owned(), Value::String(name))]);
        if let Value::Object(rule) = rule {
            fields.extend(rule);
        }
        ready.push(Value::Object(fields));
    }
    ready
}
