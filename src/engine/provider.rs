//! The services that a plan needs, registered for the subscription.

use std::{collections::BTreeMap, time::Duration};

use futures::future::try_join_all;
use tokio::time::Instant;

use super::Context;
use super::event::Events;
use crate::azure::arm::Provider;
use crate::domain::operation::Stage;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};

/// Longest wait for registrations. They usually take one to three minutes.
const LIMIT: Duration = Duration::from_mins(15);

/// Registers what is not registered yet.
pub(super) async fn register(context: &Context, plan: &Plan, events: &Events) -> Result<()> {
    let names = namespaces(plan);
    let providers = try_join_all(names.iter().map(|name| context.arm.known_provider(name))).await?;
    let by_name: BTreeMap<String, Option<Provider>> =
        names.iter().map(|name| name.to_lowercase()).zip(providers).collect();
    let by_name: BTreeMap<String, Provider> =
        by_name.into_iter().filter_map(|(name, provider)| Some((name, provider?))).collect();
    let mut waiting: Vec<String> = names
        .into_iter()
        .filter(|name| {
            by_name.get(&name.to_lowercase()).is_some_and(|provider| !provider.is_registered())
        })
        .collect();
    if waiting.is_empty() {
        return Ok(());
    }
    events.stage(Stage::Registering(waiting.clone()));
    try_join_all(waiting.iter().map(|name| context.arm.register_provider(name))).await?;
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
        format!("Azure has not finished registering the subscription for {}.", waiting.join(", ")),
        "It goes on by itself: run the same command again in some minutes.",
    )
}

/// The namespaces of the plan's types, each once: `microsoft.insights` and `Microsoft.Insights` are the same.
fn namespaces(plan: &Plan) -> Vec<String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for resource in &plan.resources {
        if let Some((name, _)) = resource.resource_type.split_once('/') {
            names.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
        }
    }
    names.into_values().collect()
}
