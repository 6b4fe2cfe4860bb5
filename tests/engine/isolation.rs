//! Each of the thirty points can fail: one field is changed at a time, and exactly its point says so.

use privateaml::{
    domain::{
        audit::{Answer, Audit, audit},
        comparison::{Case, compare, hosts, probe_path},
        drift::Drift,
        health,
        inventory::{Inventory, Reading},
        plan::Plan,
    },
    engine::{Control, evidence},
};
use serde_json::{Value, json};

use super::bench::{Bench, ready, request};

fn judged(plan: &Plan, inventory: &Inventory) -> Audit {
    audit(&Case {
        plan,
        inventory,
        hub: None,
        paused: false,
        terraform: false,
    })
}

fn numbers(audit: &Audit, answer: Answer) -> Vec<u8> {
    let points = audit.points.iter();
    points
        .filter(|each| each.answer == answer)
        .map(|each| each.number)
        .collect()
}

/// The path of a planned resource, by its symbol, with what is below it.
fn path(plan: &Plan, place: &str) -> String {
    let (symbol, rest) = place.split_once('/').unwrap_or((place, ""));
    let found = plan.resources.iter().find(|each| each.symbol == symbol);
    let id = &found.unwrap_or_else(|| panic!("no {symbol}")).id;
    format!("{id}/{rest}").trim_end_matches('/').to_owned()
}

fn group(plan: &Plan, rest: &str) -> String {
    let id = &plan.resources[0].id;
    let at = id.find("/providers/").unwrap();
    format!("{}/providers/{rest}", &id[..at])
}

/// Sets one value; a pointer that ends in `-` adds to a list.
fn set(body: &mut Value, pointer: &str, value: Value) {
    let (before, last) = pointer.rsplit_once('/').unwrap();
    let parent = body
        .pointer_mut(before)
        .unwrap_or_else(|| panic!("no {before}"));
    match parent {
        Value::Array(items) if last == "-" => items.push(value),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        Value::Object(members) => drop(members.insert(last.to_owned(), value)),
        other => panic!("{pointer}: {other}"),
    }
}

/// What is changed: point, resource, place in its body, value.
fn changes() -> Vec<(u8, &'static str, &'static str, Value)> {
    let lines = include_str!("isolation.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let parts: Vec<&str> = line.splitn(4, ' ').collect();
            let value = serde_json::from_str(parts[3]).unwrap();
            (parts[0].parse().unwrap(), parts[1], parts[2], value)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_point_fails_when_its_field_is_changed() {
    let bench = Bench::at(4000.0, &[]);
    let mut wanted = request();
    wanted.settings.service_endpoint_policy = true;
    ready(bench.deploy_with(&wanted, &Control::default()).await);
    let (plan, fresh) = evidence(&bench.context(), &bench.record().unwrap(), true)
        .await
        .unwrap();
    assert_eq!(
        numbers(&judged(&plan, &fresh), Answer::DoesNotHold),
        Vec::<u8>::new()
    );
    let mut shown = Vec::new();
    for (number, place, pointer, value) in changes() {
        let mut changed = fresh.clone();
        let body = changed.found_mut(&path(&plan, place));
        set(
            body.unwrap_or_else(|| panic!("{place} was not read")),
            pointer,
            value,
        );
        let audit = judged(&plan, &changed);
        assert_eq!(
            numbers(&audit, Answer::DoesNotHold),
            [number],
            "{place} {pointer}"
        );
        let point = &audit.points[usize::from(number) - 1];
        let wrong = point
            .findings
            .iter()
            .filter(|each| each.answer == Answer::DoesNotHold);
        assert!(wrong.clone().count() > 0);
        assert!(
            wrong
                .into_iter()
                .all(|each| !each.remedy.is_empty() && !each.field.is_empty())
        );
        shown.push(number);
    }
    // Two points are about lists, one about answers: they are changed by hand.
    let mut changed = fresh.clone();
    let owner = json!([{"id": "/x", "properties": {"principalId": "p", "principalType": "User",
        "scope": group(&plan, "").trim_end_matches("/providers/"),
        "roleDefinitionId": "/r/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}]);
    changed.put(
        &group(&plan, "Microsoft.Authorization/roleAssignments"),
        Reading::Found(owner),
    );
    assert_eq!(numbers(&judged(&plan, &changed), Answer::DoesNotHold), [28]);
    shown.push(28);
    let case = Case {
        plan: &plan,
        inventory: &fresh,
        hub: None,
        paused: false,
        terraform: false,
    };
    for host in hosts(&case)
        .iter()
        .filter(|each| matches!(each.service, "storage" | "workspace"))
    {
        let mut changed = fresh.clone();
        let open = json!({"addresses": ["203.0.113.9"], "status": 200, "code": ""});
        changed.put(&probe_path(&host.host), Reading::Found(open));
        assert_eq!(
            numbers(&judged(&plan, &changed), Answer::DoesNotHold),
            [30],
            "{host:?}"
        );
        shown.push(30);
    }
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown, (1..=30).collect::<Vec<u8>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_never_holds() {
    let bench = Bench::at(4000.0, &[]);
    ready(bench.deploy().await);
    let (plan, _) = evidence(&bench.context(), &bench.record().unwrap(), false)
        .await
        .unwrap();
    let audit = judged(&plan, &Inventory::default());
    assert_eq!(numbers(&audit, Answer::Holds), Vec::<u8>::new());
    assert_eq!(numbers(&audit, Answer::DoesNotHold), Vec::<u8>::new());
}

/// The places of a body, lists' items all under one name.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                let place = format!("{place}/{name}");
                found.push(place.clone());
                places(value, &place, found);
            }
        }
        // The first item stands for the others.
        Value::Array(items) => {
            if let Some(first) = items.first() {
                places(first, &format!("{place}/0"), found);
            }
        }
        _ => {}
    }
}

/// Whether a sentence has a gap where something should stand.
fn has_gap(text: &str) -> bool {
    text.trim() != text
        || ["  ", " ,", " .", " ;", "()"]
            .iter()
            .any(|gap| text.contains(gap))
}

/// Everything that is said of an inventory.
fn sentences(plan: &Plan, inventory: &Inventory) -> Vec<String> {
    let mut all = Vec::new();
    for point in judged(plan, inventory).points {
        for each in point.findings {
            all.extend([each.found, each.remedy]);
        }
    }
    let comparison = compare(&Case {
        plan,
        inventory,
        hub: None,
        paused: false,
        terraform: false,
    });
    for each in Drift::from(&comparison).differences {
        all.extend([each.sentence(), each.remedy]);
    }
    for each in health::parts(plan, inventory, &comparison) {
        all.extend([each.name, each.words]);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_azure_does_not_tell_leaves_no_gap_in_a_sentence() {
    let bench = Bench::at(4000.0, &[]);
    ready(bench.deploy().await);
    let (plan, fresh) = evidence(&bench.context(), &bench.record().unwrap(), false)
        .await
        .unwrap();
    let mut done: Vec<(String, String)> = Vec::new();
    let mut gaps: Vec<String> = Vec::new();
    let mut changed = fresh;
    for planned in &plan.resources {
        let Some(body) = changed.found(&planned.id) else {
            continue;
        };
        let mut all = Vec::new();
        places(body, "", &mut all);
        for place in all {
            let key = (planned.resource_type.clone(), place.clone());
            if done.contains(&key) {
                continue;
            }
            done.push(key);
            let body = changed.found_mut(&planned.id).unwrap();
            let value = body.pointer_mut(&place).unwrap();
            let nothing = if value.is_string() {
                json!("")
            } else {
                Value::Null
            };
            let before = std::mem::replace(value, nothing);
            for text in sentences(&plan, &changed) {
                if has_gap(&text) {
                    gaps.push(format!("{} {place}: {text:?}", planned.resource_type));
                }
            }
            let body = changed.found_mut(&planned.id).unwrap();
            *body.pointer_mut(&place).unwrap() = before;
        }
    }
    assert!(done.len() > 300, "{}", done.len());
    assert_eq!(gaps, Vec::<String>::new());
}
