//! A table of hosts and addresses over the policies of the presets and over policies made by hand, with the traps of
//! order and of wildcards.

use serde_json::{Value, json};

use super::*;
use crate::domain::allowlist::{OwnHost, Preset};
use crate::domain::settings::Settings;
use crate::template::Template;
use crate::template::plan::{PlanScope, plan};

mod amend;
mod hand_made;
mod network_controls;
mod presets;
mod questions;
mod targets;

const SHARED: &str = "10.1.2.128/25";
const FIREWALL: &str = "10.1.1.4";

fn known() -> Facts {
    Facts::from(SHARED.parse().unwrap())
}

fn settings(preset: Preset) -> Settings {
    let mut settings = Settings::new(
        "test".parse().unwrap(),
        "4821".parse().unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    );
    settings.preset = preset;
    settings
}

/// Policy and controls as the template would make them.
fn made(settings: &Settings) -> (Policy, NetworkControls) {
    let plan = plan(settings, Template::embedded(), &PlanScope::default()).unwrap();
    let body = |symbol: &str| {
        let found = plan.resources.iter().find(|each| each.symbol == symbol);
        let mut body = found.unwrap().body.clone();
        body["name"] = json!(found.unwrap().name.rsplit('/').next());
        body
    };
    let policy = Policy::read(&body("firewallPolicy"), &[body("firewallRules")], &[]).unwrap();
    let controls =
        open_walls().with_security_group(&body("sharedNsg")).with_routes(&body("routeTable"));
    (policy, controls)
}

fn asked(text: &str) -> Query {
    text.parse().unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

/// The verdict in short: the answer, and the collection that decides where one does.
fn short(verdict: &EgressVerdict) -> String {
    let answer = format!("{:?}", verdict.answer()).to_lowercase();
    match verdict.part.firewall.as_ref().map(|ruling| &ruling.outcome) {
        Some(FirewallOutcome::Allowed { decision }) => format!("{answer} {}", decision.collection),
        Some(FirewallOutcome::Denied { by: Some(by), .. }) => format!("{answer} {}", by.collection),
        Some(FirewallOutcome::Maybe { conditions, .. }) => {
            format!("{answer} {}", conditions[0].decision.collection)
        }
        _ => answer,
    }
}

/// One rule collection of application rules: `https:443` for names.
fn names(name: &str, priority: u32, action: &str, targets: &[&str]) -> Value {
    collection(name, priority, action, &[application(name, targets, &[("Https", 443)])])
}

fn collection(name: &str, priority: u32, action: &str, rules: &[Value]) -> Value {
    json!({
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": name,
        "priority": priority, "action": {"type": action}, "rules": rules,
    })
}

fn application(name: &str, targets: &[&str], protocols: &[(&str, u16)]) -> Value {
    let protocols: Vec<Value> =
        protocols.iter().map(|(kind, port)| json!({"protocolType": kind, "port": port})).collect();
    json!({
        "ruleType": "ApplicationRule", "name": name, "sourceAddresses": ["10.1.0.0/22"],
        "targetFqdns": targets, "protocols": protocols,
        // Azure writes null for what is not there.
        "targetUrls": null, "fqdnTags": null, "terminateTLS": false,
    })
}

fn network(name: &str, protocols: &[&str], to: &[&str], ports: &[&str]) -> Value {
    json!({
        "ruleType": "NetworkRule", "name": name, "ipProtocols": protocols,
        "sourceAddresses": ["*"], "destinationAddresses": to, "destinationPorts": ports,
    })
}

fn group(name: &str, priority: u32, collections: &[Value]) -> Value {
    json!({"name": name, "properties": {"priority": priority, "ruleCollections": collections}})
}

fn policy(groups: &[Value]) -> Policy {
    let body = json!({"properties": {"threatIntelMode": "Alert"}});
    Policy::read(&body, groups, &[]).unwrap()
}

/// Controls that lead everything to the firewall.
fn open_walls() -> NetworkControls {
    NetworkControls {
        own: vec!["10.1.0.0/22".parse().unwrap()],
        firewall: FIREWALL.parse().ok(),
        firewall_subnet: "10.1.1.0/26".parse().ok(),
        region: "westeurope".into(),
        ..NetworkControls::default()
    }
    .without_security_group(None)
    .with_routes(&routes(&[("0.0.0.0/0", "VirtualAppliance", Some(FIREWALL))]))
    .with_routes_behind(&Value::Null)
}

/// A route table: prefix, kind of the next hop, its address.
fn routes(list: &[(&str, &str, Option<&str>)]) -> Value {
    let routes: Vec<Value> = list
        .iter()
        .map(|(prefix, kind, hop)| {
            json!({"name": prefix, "properties": {"addressPrefix": prefix, "nextHopType": kind, "nextHopIpAddress": hop}})
        })
        .collect();
    json!({"properties": {"routes": routes}})
}

fn check(policy: &Policy, controls: &NetworkControls, known: &Facts, table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, wanted)| {
            let verdict = judge(&asked(text), policy, known, controls);
            let found = short(&verdict);
            (found != *wanted)
                .then(|| format!("{text}: {found}, not {wanted}: {:?}", verdict.sentences()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
