//! Each of the thirty points can fail: one field is changed at a time, and exactly its point says so.

use privateaml::{
    domain::{
        audit::{Audit, AuditAnswer, audit},
        comparison::{ComparisonInput, compare, hosts, probe_path},
        drift::Drift,
        health,
        inventory::{Inventory, Reading},
        plan::Plan,
    },
    engine::evidence,
};
use serde_json::{Value, json};

use super::bench::{Bench, ready};

fn judged(plan: &Plan, inventory: &Inventory) -> Audit {
    audit(&ComparisonInput::new(plan, inventory))
}

fn numbers(audit: &Audit, answer: AuditAnswer) -> Vec<u8> {
    let points = audit.points.iter();
    points.filter(|each| each.answer == answer).map(|each| each.number).collect()
}

/// What no write to Azure changes: where the routes lead when they are asked for, and what the services answer.
#[tokio::test(flavor = "multi_thread")]
async fn routes_and_answers_that_lead_outside_fail_their_points() {
    let bench = Bench::at(4000.0, &[]);
    ready(bench.deploy().await);
    let (plan, fresh) = evidence(&bench.context(), &bench.record().unwrap(), true).await.unwrap();
    assert_eq!(numbers(&judged(&plan, &fresh), AuditAnswer::DoesNotHold), Vec::<u8>::new());
    assert_eq!(numbers(&judged(&plan, &fresh), AuditAnswer::Unknown), Vec::<u8>::new());
    let card = plan.resources.iter().find(|each| each.symbol == "jumpboxNic").unwrap();
    let path = format!("{}/effectiveRouteTable", card.id);
    let strange = [
        json!({"state": "Active", "source": "Default", "nextHopType": "Internet", "addressPrefix": ["198.51.100.0/24"]}),
        json!({"state": "Active", "source": "VirtualNetworkGateway", "nextHopType": "VirtualNetworkGateway", "addressPrefix": ["0.0.0.0/0"]}),
        json!({"state": "Active", "source": "Default", "nextHopType": "VirtualAppliance", "nextHopIpAddress": ["10.99.0.4"], "addressPrefix": ["0.0.0.0/1"]}),
    ];
    for route in strange {
        let mut changed = fresh.clone();
        let routes = changed.found_mut(&path).and_then(Value::as_array_mut).unwrap();
        routes.push(route.clone());
        assert_eq!(numbers(&judged(&plan, &changed), AuditAnswer::DoesNotHold), [19], "{route}");
    }
    let case = ComparisonInput::new(&plan, &fresh);
    for host in hosts(&case) {
        for (answer, expected) in [
            (
                json!({"addresses": ["203.0.113.9"], "status": 200, "code": ""}),
                AuditAnswer::DoesNotHold,
            ),
            // The page of a proxy has the status and no code of Azure's.
            (
                json!({"addresses": ["203.0.113.9"], "status": 403, "code": ""}),
                AuditAnswer::Unknown,
            ),
            (json!({"addresses": ["10.1.2.133"], "status": 200, "code": ""}), AuditAnswer::Unknown),
        ] {
            let mut changed = fresh.clone();
            changed.put(&probe_path(&host.host), Reading::Found(answer.clone()));
            assert_eq!(numbers(&judged(&plan, &changed), expected), [30], "{host:?} {answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_never_holds() {
    let bench = Bench::at(4000.0, &[]);
    ready(bench.deploy().await);
    let (plan, _) = evidence(&bench.context(), &bench.record().unwrap(), false).await.unwrap();
    let audit = judged(&plan, &Inventory::default());
    assert_eq!(numbers(&audit, AuditAnswer::Holds), Vec::<u8>::new());
    assert_eq!(numbers(&audit, AuditAnswer::DoesNotHold), Vec::<u8>::new());
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
    text.trim() != text || ["  ", " ,", " .", " ;", "()"].iter().any(|gap| text.contains(gap))
}

/// Everything that is said of an inventory.
fn sentences(plan: &Plan, inventory: &Inventory) -> Vec<String> {
    let mut all = Vec::new();
    for point in judged(plan, inventory).points {
        for each in point.findings {
            all.extend([each.found, each.remedy]);
        }
    }
    let comparison = compare(&ComparisonInput::new(plan, inventory));
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
    let (plan, fresh) = evidence(&bench.context(), &bench.record().unwrap(), false).await.unwrap();
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
            let nothing = if value.is_string() { json!("") } else { Value::Null };
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
