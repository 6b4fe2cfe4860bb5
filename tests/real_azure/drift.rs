//! What was written, and what Azure shows of it afterwards: the comparison that `status` makes must find no difference.

use std::collections::BTreeMap;

use privateaml::{
    domain::{
        comparison::{ComparisonInput, Verdict, compare},
        inventory::{Inventory, Reading},
        plan::Plan,
    },
    practice::compare::Exchange,
    template::Template,
};
use serde_json::{Value, json};

/// Differences that stay, as type and field, with the reason.
const LISTED: &[(&str, &str, &str)] = &[
    (
        "microsoft.machinelearningservices/workspaces/computes",
        "sku",
        "Azure takes the tier of a compute and never shows it; the template sets none",
    ),
    (
        "microsoft.machinelearningservices/workspaces/computes",
        "properties.properties.administratorAccount",
        "attached machines alone have one, and it is a secret",
    ),
    (
        "microsoft.network/virtualnetworks",
        "properties.virtualNetworkPeerings[asotest-vgateway-tticev]",
        "the peering was added by another request: that is a difference",
    ),
    (
        "microsoft.operationalinsights/workspaces",
        "properties.sku.name",
        "Azure makes PerGB2018 of the old tier Standalone; the template asks for PerGB2018",
    ),
];

pub fn judge(exchanges: Vec<Exchange>) {
    let mut written: BTreeMap<(String, String), Value> = BTreeMap::new();
    let mut sorted = exchanges;
    sorted.sort_by_key(|exchange| (exchange.recording().to_owned(), exchange.place()));
    let (mut pairs, mut wrong, mut met) = (0, Vec::new(), Vec::new());
    for exchange in sorted.iter().filter(|exchange| exchange.succeeded()) {
        // Deployments are no resources of a plan.
        let id = exchange.resource_id().filter(|id| !id.contains("/deployments/"));
        let Some(id) = id else { continue };
        let key = (exchange.recording().to_owned(), id.to_ascii_lowercase());
        if exchange.method == "PUT" && exchange.request_body.is_object() {
            written.insert(key.clone(), exchange.request_body.clone());
        } else if exchange.method != "GET" {
            written.remove(&key);
        }
        let (Some(wanted), true) = (written.get(&key), exchange.body.get("id").is_some()) else {
            continue;
        };
        pairs += 1;
        for (field, sentence) in differences(&id, wanted, &exchange.body) {
            let kind = exchange
                .body
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_ascii_lowercase();
            match LISTED.iter().position(|(of, at, _)| *of == kind && *at == field) {
                Some(at) => met.push(at),
                None => wrong.push(format!("{kind} | {field} | {sentence} | {}", exchange.source)),
            }
        }
    }
    println!("{pairs} pairs of a write and what Azure shows of it");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    for (at, row) in LISTED.iter().enumerate() {
        assert!(met.contains(&at), "listed, but not met: {row:?}");
    }
}

/// A body without what Azure decides although clients send it back: states and tags of versions, and of other
/// resources all but their ids.
fn asked_for(own: &str, body: &Value) -> Value {
    match body {
        Value::Array(items) => items.iter().map(|item| asked_for(own, item)).collect(),
        Value::Object(members) => {
            let refers = members
                .get("id")
                .and_then(Value::as_str)
                .map(str::to_ascii_lowercase)
                .is_some_and(|id| id.starts_with("/subscriptions/") && !id.starts_with(own));
            let kept = members.iter().filter(|(name, _)| {
                !matches!(name.as_str(), "provisioningState" | "etag") && (!refers || *name == "id")
            });
            kept.map(|(name, member)| (name.clone(), asked_for(own, member))).collect()
        }
        other => other.clone(),
    }
}

fn differences(id: &str, wanted: &Value, shown: &Value) -> Vec<(String, String)> {
    let kind = shown.get("type").and_then(Value::as_str).unwrap_or_default();
    let mut body = asked_for(&id.to_ascii_lowercase(), wanted);
    if let Some(members) = body.as_object_mut() {
        members.retain(|name, _| !matches!(name.as_str(), "id" | "name" | "type"));
    }
    let plan: Plan = serde_json::from_value(json!({
        "name": "test", "suffix": "4821", "region": "westeurope", "resource_group": "rg", "address_space": "10.1.0.0/22",
        "subnets": [], "critical_path": [], "critical_seconds": 0, "firewall": [], "nsg": [],
        "resources": [{
            "symbol": "one", "type": kind, "name": "one", "id": id, "area": "network", "depends_on": [], "seconds": 1,
            "body": body,
        }],
    }))
    .unwrap();
    let mut inventory = Inventory::default();
    inventory.put(id, Reading::Found(shown.clone()));
    let case = ComparisonInput::new(&plan, &inventory);
    let found = compare(&case).items;
    let told = found.iter().filter(|each| match each.verdict {
        // What Azure makes of what was left out opens something: the template leaves nothing of that out.
        Verdict::NotPlanned => !is_set(kind, &each.property) || is_in(&body, &each.property),
        // Lists that belong to a resource are not in its recording; properties of it must all be known.
        Verdict::NotReadable => {
            is_ours(kind)
                && each.property.contains("properties.")
                && !each.property.ends_with("provisioningState")
        }
        Verdict::Planned | Verdict::Open => false,
    });
    told.map(|each| (each.property.clone(), format!("{} {}", each.sentence(), each.found)))
        .collect()
}

/// The places that the template sets in resources of a type, without the marks of list items.
fn places(kind: &str) -> Vec<String> {
    fn of(value: &Value, path: &str, found: &mut Vec<String>) {
        found.push(path.to_ascii_lowercase());
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    of(value, &format!("{path}.{name}"), found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| of(item, path, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    let template = Template::embedded().to_json();
    for (_, each) in template["resources"].as_object().into_iter().flatten() {
        if each["type"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(kind)) {
            of(&each["properties"], "properties", &mut found);
        }
    }
    found
}

/// A place without the labels of list items.
fn plain(property: &str) -> String {
    let mut depth = 0;
    let plain = property.chars().filter(|sign| {
        let before = depth;
        depth += match sign {
            '[' => 1,
            ']' => -1,
            _ => 0,
        };
        before == 0 && *sign != '['
    });
    plain.collect::<String>().to_ascii_lowercase()
}

fn is_set(kind: &str, property: &str) -> bool {
    places(kind).contains(&plain(property))
}

/// Whether the write itself had something at a place.
fn is_in(body: &Value, property: &str) -> bool {
    let mut at = Some(body);
    for part in plain(property).split('.') {
        let members = at.and_then(Value::as_object).into_iter().flatten();
        let found = members.filter(|(name, _)| name.eq_ignore_ascii_case(part));
        at = found.map(|(_, value)| value).next();
    }
    at.is_some_and(|value| !value.is_null())
}

/// Whether the template has resources of a type, so that each of its properties is decided.
fn is_ours(kind: &str) -> bool {
    let resources = Template::embedded().to_json()["resources"].clone();
    let mut resources = resources.as_object().into_iter().flatten();
    resources
        .any(|(_, each)| each["type"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(kind)))
}
