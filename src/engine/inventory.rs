//! Reads everything that Azure has of an environment, some things at a time.
//!
//! What cannot be read is kept as unreadable, with the reason: the audit must not take silence for an answer. Reads
//! only, but for the questions that Azure wants as a POST.

use futures::{StreamExt as _, stream};
use serde_json::Value;

use super::Context;
use crate::azure::arm::Started;
use crate::azure::probe;
use crate::domain::comparison::{self, ComparisonInput, SUBSCRIPTION_ZONES, probe_path};
use crate::domain::inventory::{Inventory, Listed, Reading, name_of};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result};
use crate::domain::registration::{self, Elsewhere};
use crate::domain::{additions, resource};

mod lists;

/// Reads that are under way at a time: Azure lets a caller have 25 a second
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling>).
const AT_ONCE: usize = 8;

/// One thing to read.
#[derive(Debug, Clone)]
enum InventoryRead {
    /// A resource.
    One(String),
    /// A list.
    List(String),
    /// A list whose items are resources of their own, kept each under its id.
    Each(String),
    /// A list whose items are planned resources: kept as a list, and each of them under its id, as absent where the
    /// list does not have it.
    Whole { path: String, planned: Vec<String> },
    /// A question that is asked with POST, kept under a path; its answer has a list.
    Ask { path: String, id: String, action: &'static str },
}

/// Reads what a plan's environment consists of; with `probing`, its services are asked what they say to a stranger.
pub(super) async fn read(context: &Context, plan: &Plan, probing: bool) -> Inventory {
    let mut inventory = Inventory::default();
    inventory.read_at = context.arm.now().await.ok().flatten();
    if let Ok(listed) = context.arm.resources(&plan.resource_group).await {
        let listed = listed.into_iter().map(|each| Listed {
            id: each.id,
            resource_type: each.resource_type,
            name: each.name,
        });
        inventory.listed = Some(listed.collect());
    }
    let questions = questions(context, plan);
    ask_all(context, plan, questions, &mut inventory).await;
    zones(context, plan, &mut inventory).await;
    registrations(context, plan, &mut inventory).await;
    if probing {
        knock(context, plan, &mut inventory).await;
    }
    inventory
}

async fn ask_all(
    context: &Context,
    plan: &Plan,
    questions: Vec<InventoryRead>,
    inventory: &mut Inventory,
) {
    let answers = stream::iter(questions).map(|question| answer(context, plan, question));
    let answers: Vec<Vec<(String, Reading)>> = answers.buffer_unordered(AT_ONCE).collect().await;
    for (path, reading) in answers.into_iter().flatten() {
        inventory.put(&path, reading);
    }
}

fn endpoints(plan: &Plan) -> impl Iterator<Item = &PlannedResource> {
    let resources = plan.resources.iter();
    resources.filter(|each| each.resource_type.eq_ignore_ascii_case(resource::PRIVATE_ENDPOINT))
}

/// What has to be registered for an environment whose zones exist elsewhere, read now; `None` where it has zones of its
/// own.
pub(super) async fn elsewhere(context: &Context, plan: &Plan) -> Option<Elsewhere> {
    if !registration::is_elsewhere(plan) {
        return None;
    }
    let mut inventory = Inventory::default();
    let questions = endpoints(plan).map(|each| InventoryRead::One(each.id.clone()));
    ask_all(context, plan, questions.collect(), &mut inventory).await;
    registrations(context, plan, &mut inventory).await;
    registration::elsewhere(plan, &inventory)
}

/// The names of the endpoints, and what can be seen of zones that exist elsewhere: those that a policy's zone groups
/// name, and those of the environment's own subscription.
async fn registrations(context: &Context, plan: &Plan, inventory: &mut Inventory) {
    if !registration::is_elsewhere(plan) {
        return;
    }
    let mut questions = Vec::new();
    for endpoint in endpoints(plan) {
        let card = inventory.found(&endpoint.id).and_then(registration::card_id);
        questions.extend(card.map(|id| InventoryRead::One(id.to_owned())));
        let groups = format!("{}/privateDnsZoneGroups", endpoint.id);
        questions.push(InventoryRead::List(groups));
    }
    ask_all(context, plan, questions, inventory).await;
    let wanted: Vec<String> = registration::elsewhere(plan, inventory)
        .into_iter()
        .flat_map(|elsewhere| elsewhere.names)
        .filter_map(|name| name.zone)
        .collect();
    let of_groups = endpoints(plan)
        .filter_map(|each| inventory.items(&format!("{}/privateDnsZoneGroups", each.id)))
        .flatten()
        .filter_map(|group| group.pointer("/properties/privateDnsZoneConfigs")?.as_array())
        .flatten()
        .filter_map(|each| each.pointer("/properties/privateDnsZoneId")?.as_str())
        .map(str::to_owned);
    let mut zones: Vec<String> = of_groups.collect();
    // Zones that cannot be listed stay unseen, and so their names stay unknown.
    let listed = context.arm.private_zones().await.unwrap_or_default();
    zones.extend(listed.into_iter().map(|zone| zone.id));
    zones.retain(|id| wanted.iter().any(|zone| zone.eq_ignore_ascii_case(name_of(id))));
    zones.sort_by_key(|id| id.to_ascii_lowercase());
    zones.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    let questions = zones.iter().flat_map(|id| {
        ["A", "virtualNetworkLinks"].map(|rest| InventoryRead::List(format!("{id}/{rest}")))
    });
    ask_all(context, plan, questions.collect(), inventory).await;
    let seen = zones.into_iter().map(Value::String).collect();
    inventory.put(registration::SEEN_ZONES, Reading::Found(Value::Array(seen)));
}

/// Zones of the subscription that are linked to something and not planned, and their links: one may answer in our
/// network.
async fn zones(context: &Context, plan: &Plan, inventory: &mut Inventory) {
    if registration::is_elsewhere(plan) {
        return;
    }
    let zones = match context.arm.private_zones().await {
        Ok(zones) => zones,
        Err(problem) => return inventory.put(SUBSCRIPTION_ZONES, unreadable(&problem)),
    };
    // Of a zone that is linked to nothing there is nothing to ask.
    let strange: Vec<String> = zones
        .into_iter()
        .filter(|zone| zone.links != Some(0) && plan.resource_by_id(&zone.id).is_none())
        .map(|zone| zone.id)
        .collect();
    let links = |id: &String| InventoryRead::List(format!("{id}/virtualNetworkLinks"));
    ask_all(context, plan, strange.iter().map(links).collect(), inventory).await;
    let strange = strange.into_iter().map(Value::String);
    inventory.put(SUBSCRIPTION_ZONES, Reading::Found(strange.collect()));
}

fn questions(context: &Context, plan: &Plan) -> Vec<InventoryRead> {
    let of_type = |wanted: &'static str| {
        let resources = plan.resources.iter();
        resources.filter(move |each| each.resource_type.eq_ignore_ascii_case(wanted))
    };
    let below =
        |each: &PlannedResource, rest: &str| InventoryRead::List(format!("{}/{rest}", each.id));
    let group = format!(
        "/subscriptions/{}/resourceGroups/{}",
        context.arm.subscription_id(),
        plan.resource_group
    );
    let list = |rest: &str| format!("{group}/providers/{rest}");
    let mut questions = lists::questions(plan, &list(resource::ROLE_ASSIGNMENT));
    // What a list tells is not asked for one by one.
    let listed: Vec<String> = questions
        .iter()
        .flat_map(|question| match question {
            InventoryRead::Whole { planned, .. } => planned.as_slice(),
            _ => &[],
        })
        .map(|id| id.to_ascii_lowercase())
        .collect();
    let alone = plan.resources.iter().filter(|each| {
        additions::write_only(&each.resource_type).is_none()
            && !listed.contains(&each.id.to_ascii_lowercase())
    });
    questions.extend(alone.map(|each| InventoryRead::One(each.id.clone())));
    for workspace in of_type(resource::WORKSPACE) {
        questions.extend(["computes", "datastores"].map(|list| below(workspace, list)));
    }
    let machines = of_type(resource::MACHINE);
    questions.extend(machines.map(|each| InventoryRead::One(format!("{}/instanceView", each.id))));
    for zone in of_type(resource::PRIVATE_ZONE) {
        questions.push(below(zone, "ALL"));
    }
    questions
        .extend([resource::INTERFACE, resource::DISK].map(|rest| InventoryRead::Each(list(rest))));
    questions.push(InventoryRead::Ask {
        path: list("Microsoft.PolicyInsights/policyStates"),
        id: list("Microsoft.PolicyInsights/policyStates/latest"),
        action: "summarize",
    });
    // The first card of the plan is the jumpbox's; those of endpoints have no routes of their own.
    if let Some(card) = of_type(resource::INTERFACE).next() {
        questions.push(InventoryRead::Ask {
            path: format!("{}/effectiveRouteTable", card.id),
            id: card.id.clone(),
            action: "effectiveRouteTable",
        });
    }
    questions
}

/// A path to ask for: what belongs to a planned resource in the version that the template has, for a template can name
/// types that the catalogue does not.
fn asked(plan: &Plan, path: &str) -> String {
    let is_of = |each: &&PlannedResource| {
        let (start, rest) = path.split_at_checked(each.id.len()).unwrap_or_default();
        start.eq_ignore_ascii_case(&each.id)
            && (rest.is_empty() || rest.starts_with('/') && !rest.contains("/providers/"))
    };
    let owner = plan.resources.iter().filter(is_of).max_by_key(|each| each.id.len());
    owner.map_or_else(
        || path.to_owned(),
        |owner| format!("{path}?api-version={}", owner.api_version),
    )
}

async fn answer(context: &Context, plan: &Plan, question: InventoryRead) -> Vec<(String, Reading)> {
    let arm = &context.arm;
    let list = async |path: &str| {
        let items = arm.resource_list(&asked(plan, path)).await;
        reading(items.map(|items| items.map(Value::Array)))
    };
    match question {
        InventoryRead::One(path) => {
            let reading = reading(arm.resource(&asked(plan, &path)).await);
            vec![(path, reading)]
        }
        InventoryRead::List(path) => {
            let reading = list(&path).await;
            vec![(path, reading)]
        }
        InventoryRead::Whole { path, planned } => {
            let list = list(&path).await;
            let mut readings: Vec<(String, Reading)> =
                planned.into_iter().map(|id| (id.clone(), lists::item(&list, &id))).collect();
            readings.push((path, list));
            readings
        }
        InventoryRead::Each(path) => match arm.resource_list(&path).await {
            Ok(items) => items.into_iter().flatten().filter_map(keyed).collect(),
            Err(problem) => vec![(path, unreadable(&problem))],
        },
        InventoryRead::Ask { path, id, action } => {
            let reading = reading(ask(context, &id, action).await);
            vec![(path, reading)]
        }
    }
}

async fn ask(context: &Context, id: &str, action: &str) -> Result<Option<Value>> {
    let started: Started = context.arm.act(id, action, None, true).await?;
    let body = context.arm.finish(started, |_| {}).await?;
    Ok(body.get("value").cloned())
}

fn keyed(item: Value) -> Option<(String, Reading)> {
    let id = item.get("id")?.as_str()?.to_owned();
    Some((id, Reading::Found(item)))
}

fn reading(answer: Result<Option<Value>>) -> Reading {
    match answer {
        Ok(Some(body)) => Reading::Found(body),
        Ok(None) => Reading::Absent,
        Err(problem) => unreadable(&problem),
    }
}

fn unreadable(problem: &Problem) -> Reading {
    Reading::Unreadable(problem.what.clone())
}

/// Asks every service what it says to a stranger.
async fn knock(context: &Context, plan: &Plan, inventory: &mut Inventory) {
    let hosts = comparison::hosts(&ComparisonInput::new(plan, inventory));
    let http = context.arm.http();
    let answers = hosts.iter().map(|each| probe::probe(http, each));
    let answers = futures::future::join_all(answers).await;
    for (asked, answer) in hosts.iter().zip(answers) {
        if let Ok(value) = serde_json::to_value(&answer) {
            inventory.put(&probe_path(&asked.host), Reading::Found(value));
        }
    }
}
