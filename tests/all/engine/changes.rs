//! Single changes of another client, each written to the cloud: every one is told as not planned in exactly one
//! place, and status, health and audit agree about it.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use privateaml::{
    domain::{
        audit::{self, AuditAnswer},
        comparison::{Comparison, ComparisonInput, Verdict, compare},
        drift::Drift,
        health::{self, HealthState},
        inventory::Inventory,
        plan::Plan,
    },
    engine::{Control, evidence},
    practice::SUBSCRIPTION,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    bench::{Bench, GROUP, ready, request},
    stranger::Stranger,
};

const PERSON: &str = "00000000-0000-4000-8000-000000000001";

struct Change {
    point: u8,
    verb: &'static str,
    target: &'static str,
    pointer: &'static str,
    value: Value,
}

struct World {
    bench: Bench,
    stranger: Stranger,
    plan: Plan,
}

fn elsewhere() -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-strange")
}

fn group() -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}")
}

fn filled(text: &str) -> String {
    [
        ("{group}", group()),
        ("{elsewhere}", elsewhere()),
        (
            "{network}",
            format!("{}/providers/Microsoft.Network/virtualNetworks/vnet-test4821", group()),
        ),
        (
            "{foreign}",
            format!("{}/providers/Microsoft.Storage/storageAccounts/strangeaccount", elsewhere()),
        ),
        (
            "{roles}",
            format!(
                "/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
            ),
        ),
        ("{person}", PERSON.to_owned()),
    ]
    .iter()
    .fold(text.to_owned(), |text, (hole, value)| text.replace(hole, value))
}

fn changes() -> Vec<Change> {
    let lines = include_str!("changes.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.splitn(4, ' ');
            let mut word = || words.next().unwrap_or_default();
            let (point, verb, target) = (word().parse().unwrap(), word(), word());
            let rest = word();
            let (pointer, value) = match verb {
                "set" => rest.split_once(' ').unwrap(),
                "put" => ("", rest),
                _ => ("", "null"),
            };
            let value = serde_json::from_str(&filled(value))
                .unwrap_or_else(|error| panic!("{line}: {error}"));
            Change { point, verb, target, pointer, value }
        })
        .collect()
}

/// Sets one value: a part of the pointer that is no number is the name of an item, APP and NET the first collection of
/// rules of their kind, and `-` adds.
fn set(body: &mut Value, pointer: &str, value: Value) {
    let mut parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
    let last = parts.pop().unwrap();
    let mut at = body;
    for part in parts {
        at = match at {
            Value::Array(items) => {
                let named = |item: &Value| match part {
                    "APP" => item["rules"][0]["ruleType"] == "ApplicationRule",
                    "NET" => item["rules"][0]["ruleType"] == "NetworkRule",
                    name => item["name"] == name,
                };
                let index = part.parse().ok().or_else(|| items.iter().position(named));
                &mut items[index.unwrap_or_else(|| panic!("no {part} in {pointer}"))]
            }
            Value::Object(members) => members.entry(part).or_insert_with(|| match last {
                "-" => json!([]),
                _ => json!({}),
            }),
            other => panic!("{pointer}: {other}"),
        };
    }
    match at {
        Value::Array(items) if last == "-" => items.push(value),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        Value::Object(members) => drop(members.insert(last.to_owned(), value)),
        other => panic!("{pointer}: {other}"),
    }
}

impl World {
    async fn new() -> Self {
        let bench = Bench::at(4000.0, &[]);
        let mut wanted = request();
        wanted.settings.service_endpoint_policy = true;
        wanted.settings.bastion = privateaml::domain::settings::BastionSku::Standard;
        ready(bench.deploy_with(&wanted, &Control::default()).await);
        let stranger = Stranger::at(&bench.server).await;
        let (plan, _) = read(&bench).await;
        let world = Self { bench, stranger, plan };
        world.furnish().await;
        world
    }

    /// What belongs to somebody else, in another group.
    async fn furnish(&self) {
        let group = elsewhere();
        self.stranger.put(&group, json!({"location": "westeurope"})).await;
        let at = |rest: &str| format!("{group}/providers/{rest}");
        for (path, body) in [
            (
                "Microsoft.Network/virtualNetworks/vnet-strange",
                json!({"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.250.0.0/24"]},
                    "subnets": [{"name": "a", "properties": {"addressPrefix": "10.250.0.0/25"}}]}}),
            ),
            (
                "Microsoft.Storage/storageAccounts/strangeaccount",
                json!({"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}}),
            ),
            (
                "Microsoft.Network/natGateways/ng-strange",
                json!({"location": "westeurope", "sku": {"name": "Standard"}, "properties": {}}),
            ),
            (
                "Microsoft.Network/firewallPolicies/fwp-strange",
                json!({"location": "westeurope", "properties": {"sku": {"tier": "Standard"}}}),
            ),
            (
                "Microsoft.Network/networkInterfaces/nic-other",
                json!({"location": "westeurope", "properties": {"ipConfigurations": [{"name": "a", "properties":
                    {"subnet": {"id": at("Microsoft.Network/virtualNetworks/vnet-strange/subnets/a")}}}]}}),
            ),
            (
                "Microsoft.Network/applicationSecurityGroups/asg",
                json!({"location": "westeurope", "properties": {}}),
            ),
            (
                "Microsoft.OperationalInsights/workspaces/log-strange",
                json!({"location": "westeurope", "properties": {}}),
            ),
            ("Microsoft.Network/privateDnsZones/login.contoso.com", json!({"location": "global"})),
        ] {
            self.stranger.put(&at(path), body).await;
        }
    }

    fn path(&self, target: &str) -> String {
        let (first, rest) = target.split_once('/').unwrap_or((target, ""));
        let base = match first {
            "group" => return format!("{}/providers/{rest}", group()),
            "elsewhere" => return format!("{}/providers/{rest}", elsewhere()),
            "subscription" => return format!("/subscriptions/{SUBSCRIPTION}/providers/{rest}"),
            symbol => {
                let mut resources = self.plan.resources.iter();
                let found = resources.find(|each| each.symbol == symbol);
                found.unwrap_or_else(|| panic!("no {symbol}")).id.clone()
            }
        };
        format!("{base}/{rest}").trim_end_matches('/').to_owned()
    }

    /// Makes the change and returns what undoes it.
    async fn make(&self, change: &Change) -> (String, Option<Value>) {
        let path = self.path(change.target);
        let before = match change.verb {
            "put" => None,
            _ => Some(self.stranger.ask(Method::GET, &path, Value::Null).await),
        };
        match change.verb {
            "set" => {
                let mut body = before.clone().unwrap();
                set(&mut body, change.pointer, change.value.clone());
                self.stranger.put(&path, body).await;
            }
            "put" => self.stranger.put(&path, change.value.clone()).await,
            _ => self.stranger.delete(&path).await,
        }
        (path, before)
    }

    async fn undo(&self, (path, before): (String, Option<Value>)) {
        match before {
            Some(body) => self.stranger.put(&path, body).await,
            None => self.stranger.delete(&path).await,
        }
    }
}

async fn read(bench: &Bench) -> (Plan, Inventory) {
    evidence(&bench.context(), &bench.record().unwrap(), false).await.unwrap()
}

/// What is not as planned, in words for a failure.
fn told(comparison: &Comparison) -> Vec<String> {
    let items = comparison.items.iter();
    let strange =
        items.filter(|each| matches!(each.verdict, Verdict::NotPlanned | Verdict::NotReadable));
    strange
        .map(|each| format!("{:?} {} {} {}", each.verdict, each.point, each.sentence(), each.found))
        .collect()
}

/// What is wrong about how a change is told; nothing where it is told in exactly one place.
fn fault(change: &Change, plan: &Plan, inventory: &Inventory) -> Option<String> {
    let case = ComparisonInput::new(plan, inventory);
    let comparison = compare(&case);
    let points: Vec<u8> = comparison.of(Verdict::NotPlanned).map(|each| each.point).collect();
    let place = format!("{} {} {}", change.verb, change.target, change.pointer);
    if points != [change.point] {
        return Some(format!(
            "{place}: wanted {}, got {points:?} {:#?}",
            change.point,
            told(&comparison)
        ));
    }
    let audit = audit::of(&case, &comparison);
    let failing: Vec<u8> = audit
        .points
        .iter()
        .filter(|each| each.answer == AuditAnswer::DoesNotHold)
        .map(|each| each.number)
        .collect();
    let drift = Drift::from(&comparison);
    let parts = health::parts(plan, inventory, &comparison);
    let seen = parts.iter().any(|part| !matches!(part.state, HealthState::Good | HealthState::Off));
    let item = &drift.differences[0];
    let whole = !item.remedy.is_empty()
        && !item.sentence().trim().is_empty()
        && item.sentence().trim() == item.sentence();
    (failing != points || drift.differences.len() != 1 || !seen || !whole).then(|| {
        format!(
            "{place}: audit {failing:?}, {} differences, parts {parts:?}",
            drift.differences.len()
        )
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_single_change_is_told_as_not_planned_in_exactly_one_place() {
    let world = World::new().await;
    let (plan, fresh) = read(&world.bench).await;
    assert_eq!(told(&compare(&ComparisonInput::new(&plan, &fresh))), Vec::<String>::new());
    let changes = changes();
    assert!(changes.len() >= 150, "{}", changes.len());
    let mut faults = Vec::new();
    for change in &changes {
        let place = format!("{} {} {}", change.verb, change.target, change.pointer);
        // What the cloud refuses is a fault of the line, which the others need not wait for.
        let Ok(undo) = AssertUnwindSafe(world.make(change)).catch_unwind().await else {
            faults.push(format!("{place}: refused"));
            continue;
        };
        let (plan, inventory) = read(&world.bench).await;
        faults.extend(fault(change, &plan, &inventory));
        if AssertUnwindSafe(world.undo(undo)).catch_unwind().await.is_err() {
            faults.push(format!("{place}: not undone"));
        }
    }
    let (plan, inventory) = read(&world.bench).await;
    faults.extend(
        told(&compare(&ComparisonInput::new(&plan, &inventory)))
            .into_iter()
            .map(|left| format!("left: {left}")),
    );
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), changes.len(), faults.join("\n"));
}
