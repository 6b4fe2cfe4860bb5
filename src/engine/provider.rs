//! The services that a plan needs: offered in its region, and registered for the subscription.

use std::{collections::BTreeMap, time::Duration};

use futures::future::try_join_all;
use tokio::time::Instant;

use super::{
    Context,
    event::{Events, Stage, stage},
};
use crate::{
    azure::arm::Provider,
    domain::{plan::Plan, problem::Problem, problem::Retry},
};

/// Longest wait for registrations. They usually take one to three minutes.
const LIMIT: Duration = Duration::from_mins(15);

/// Checks that every type of the plan is offered in its region, and registers what is not registered yet.
pub(super) async fn register(
    context: &Context,
    plan: &Plan,
    events: &Events,
) -> Result<(), Problem> {
    let names = namespaces(plan);
    let providers = try_join_all(names.iter().map(|name| context.arm.provider(name))).await?;
    let by_name: BTreeMap<String, Provider> = names
        .iter()
        .map(|name| name.to_lowercase())
        .zip(providers)
        .collect();
    offered(plan, &by_name)?;
    let mut waiting: Vec<String> = names
        .into_iter()
        .filter(|name| {
            by_name
                .get(&name.to_lowercase())
                .is_some_and(|provider| !provider.is_registered())
        })
        .collect();
    if waiting.is_empty() {
        return Ok(());
    }
    stage(events, Stage::Registering(waiting.clone()));
    try_join_all(
        waiting
            .iter()
            .map(|name| context.arm.register_provider(name)),
    )
    .await?;
    let begun = Instant::now();
    loop {
        tokio::time::sleep(context.pace().next(None)).await;
        let states = try_join_all(waiting.iter().map(|name| context.arm.provider(name))).await?;
        let registered = states.iter().map(Provider::is_registered);
        waiting = waiting
            .into_iter()
            .zip(registered)
            .filter_map(|(name, registered)| (!registered).then_some(name))
            .collect();
        if waiting.is_empty() {
            return Ok(());
        }
        if begun.elapsed() > LIMIT {
            return Err(slow(&waiting));
        }
    }
}

fn slow(waiting: &[String]) -> Problem {
    Problem::new(
        "RegistrationSlow",
        format!(
            "Azure has not finished registering the subscription for {}.",
            waiting.join(", ")
        ),
        "It goes on by itself: run the same command again in some minutes.",
    )
}

/// The namespaces of the plan's types, each once: `microsoft.insights` and `Microsoft.Insights` are the same.
fn namespaces(plan: &Plan) -> Vec<String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for resource in &plan.resources {
        if let Some((name, _)) = resource.resource_type.split_once('/') {
            names
                .entry(name.to_lowercase())
                .or_insert_with(|| name.to_owned());
        }
    }
    names.into_values().collect()
}

/// Refuses a region that lacks a type. Only types placed in the region are looked at: children follow their parents.
fn offered(plan: &Plan, providers: &BTreeMap<String, Provider>) -> Result<(), Problem> {
    let mut lacking: Vec<&str> = plan
        .resources
        .iter()
        .filter(|resource| {
            let placed = resource.body.get("location").and_then(|at| at.as_str());
            placed.is_some_and(|place| place.eq_ignore_ascii_case(&plan.region))
        })
        .filter(|resource| {
            let parts = resource.resource_type.split_once('/');
            parts.is_some_and(|(name, kind)| {
                !kind.contains('/')
                    && providers
                        .get(&name.to_lowercase())
                        .and_then(|provider| provider.offers(kind, &plan.region))
                        == Some(false)
            })
        })
        .map(|resource| resource.resource_type.as_str())
        .collect();
    lacking.sort_unstable();
    lacking.dedup();
    if lacking.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        "NotOfferedInRegion",
        format!(
            "The region {} does not offer {}.",
            plan.region,
            lacking.join(", ")
        ),
        "Choose another --region.",
    )
    .at("--region")
    .retry(Retry::AfterChange))
}
