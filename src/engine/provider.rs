//! The services that a plan needs: offered in its region, and registered for the subscription.

use std::{collections::BTreeMap, time::Duration};

use futures::future::try_join_all;
use tokio::time::Instant;

use super::Context;
use super::event::Events;
use crate::azure::arm::Provider;
use crate::domain::operation::Stage;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result, Retry};

/// Longest wait for registrations. They usually take one to three minutes.
const LIMIT: Duration = Duration::from_mins(15);

/// Checks that every type of the plan is offered in its region, and registers what is not registered yet.
pub(super) async fn register(context: &Context, plan: &Plan, events: &Events) -> Result<()> {
    let names = namespaces(plan);
    let providers = try_join_all(names.iter().map(|name| context.arm.known_provider(name))).await?;
    let by_name: BTreeMap<String, Option<Provider>> =
        names.iter().map(|name| name.to_lowercase()).zip(providers).collect();
    offered(plan, &by_name)?;
    let by_name: BTreeMap<String, Provider> =
        by_name.into_iter().filter_map(|(name, provider)| Some((name, provider?))).collect();
    versions(plan, &by_name)?;
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

/// Types that a choice alone brings in, with the flag that leaves them out and what is lost then.
const OPTIONAL: [(&str, &str, &str); 2] = [
    (
        "Microsoft.DevTestLab/schedules",
        "--auto-shutdown",
        "Leave the daily shutdown out (--auto-shutdown off): the jumpbox then runs, and costs money, until \
         somebody stops it.",
    ),
    (
        "Microsoft.Network/serviceEndpointPolicies",
        "--service-endpoint-policy",
        "Leave the service endpoint policy out: computes then reach every storage account that the firewall \
         lets through.",
    ),
];

/// Refuses a region that lacks a type. Only types placed in the region are looked at: children follow their parents. A
/// cloud that does not know the provider lacks all of its types.
fn offered(plan: &Plan, providers: &BTreeMap<String, Option<Provider>>) -> Result<()> {
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
                let provider = providers.get(&name.to_lowercase());
                !kind.contains('/')
                    && provider.is_some_and(|provider| match provider {
                        Some(provider) => provider.offers(kind, &plan.region) == Some(false),
                        None => true,
                    })
            })
        })
        .map(|resource| resource.resource_type.as_str())
        .collect();
    lacking.sort_unstable();
    lacking.dedup();
    if lacking.is_empty() {
        return Ok(());
    }
    let optional =
        |kind: &str| OPTIONAL.iter().find(|(optional, ..)| optional.eq_ignore_ascii_case(kind));
    let choices: Option<Vec<_>> = lacking.iter().map(|kind| optional(kind)).collect();
    let (advice, place) = match choices.as_deref() {
        Some([(_, flag, first), rest @ ..]) => {
            let others = rest.iter().map(|(.., words)| *words);
            let words: Vec<&str> = std::iter::once(*first).chain(others).collect();
            (format!("{} Or choose another --region.", words.join(" ")), *flag)
        }
        _ => ("Choose another --region.".to_owned(), "--region"),
    };
    Err(Problem::new(
        "NotOfferedInRegion",
        format!("The region {} does not offer {}.", plan.region, lacking.join(", ")),
        advice,
    )
    .at(place)
    .retry(Retry::AfterChange))
}

/// Refuses API versions that this cloud does not offer: one that lags would refuse them in the middle of the
/// deployment. A type of which the provider tells no versions is let go: nothing is known of it.
fn versions(plan: &Plan, providers: &BTreeMap<String, Provider>) -> Result<()> {
    let mut refused: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for resource in &plan.resources {
        let Some((name, kind)) = resource.resource_type.split_once('/') else { continue };
        let Some(known) =
            providers.get(&name.to_lowercase()).and_then(|provider| provider.versions(kind))
        else {
            continue;
        };
        let wanted = resource.api_version.as_str();
        if wanted.is_empty() || known.iter().any(|each| each.eq_ignore_ascii_case(wanted)) {
            continue;
        }
        let newest = known.iter().max().cloned().unwrap_or_default();
        refused.insert((&resource.resource_type, wanted), newest);
    }
    let mut problems = refused.into_iter().map(|((kind, wanted), newest)| {
        Problem::new(
            "ApiVersionNotOffered",
            format!(
                "The template writes {kind} with API version {wanted}, which this Azure does not offer; its \
                 newest is {newest}."
            ),
            format!(
                "Write the template to a directory with `privateaml export`, set the apiVersion of {kind} \
                 there to {newest}, and \
                 deploy with --template. What the older version lacks is refused by Azure before anything is created."
            ),
        )
        .at(kind.to_owned())
        .retry(Retry::AfterChange)
    });
    let Some(mut first) = problems.next() else { return Ok(()) };
    first.others.extend(problems);
    Err(first)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(resources: &serde_json::Value) -> Plan {
        serde_json::from_value(json!({
            "name": "test", "suffix": "4821", "region": "westeurope", "resource_group": "rg-test4821",
            "address_space": "10.1.0.0/22", "subnets": [], "critical_path": [], "critical_seconds": 0,
            "firewall": [], "nsg": [], "resources": resources,
        }))
        .unwrap()
    }

    fn resource(kind: &str, version: &str) -> serde_json::Value {
        json!({"symbol": kind, "type": kind, "name": "x", "id": "/x", "area": "a", "depends_on": [], "seconds": 1,
               "api_version": version, "body": {"location": "westeurope"}})
    }

    fn provider(kind: &str, locations: &[&str], versions: &[&str]) -> Provider {
        serde_json::from_value(
            json!({"namespace": "N", "registrationState": "Registered", "resourceTypes": [
            {"resourceType": kind, "locations": locations, "apiVersions": versions}]}),
        )
        .unwrap()
    }

    #[test]
    fn a_type_that_a_choice_brings_in_is_left_out_by_that_choice() {
        let plan = plan(&json!([resource("Microsoft.DevTestLab/schedules", "2018-09-15")]));
        for known in [None, Some(provider("schedules", &["East US"], &[]))] {
            let providers = [("microsoft.devtestlab".to_owned(), known)].into();
            let problem = offered(&plan, &providers).unwrap_err();
            assert_eq!(problem.place.as_deref(), Some("--auto-shutdown"));
            assert!(problem.advice.contains("--auto-shutdown off"), "{}", problem.advice);
        }
    }

    #[test]
    fn what_every_environment_needs_leaves_another_region_only() {
        let plan = plan(&json!([
            resource("Microsoft.DevTestLab/schedules", "2018-09-15"),
            resource("Microsoft.Network/bastionHosts", "2025-05-01"),
        ]));
        let providers = [
            ("microsoft.devtestlab".to_owned(), None),
            ("microsoft.network".to_owned(), Some(provider("bastionHosts", &["East US"], &[]))),
        ];
        let problem = offered(&plan, &providers.into()).unwrap_err();
        assert_eq!(problem.place.as_deref(), Some("--region"));
        assert!(!problem.advice.contains("--auto-shutdown"), "{}", problem.advice);
    }

    #[test]
    fn a_version_that_is_not_offered_is_told_with_the_newest_that_is() {
        let plan = plan(&json!([
            resource("Microsoft.Network/virtualNetworks", "2025-05-01"),
            resource("Microsoft.Network/routeTables", "2025-05-01"),
        ]));
        let known = |versions: &[&str]| {
            [("microsoft.network".to_owned(), provider("virtualNetworks", &[], versions))].into()
        };
        let problem = versions(&plan, &known(&["2023-09-01", "2024-05-01"])).unwrap_err();
        for word in ["virtualNetworks", "2025-05-01", "2024-05-01"] {
            assert!(problem.what.contains(word), "{}", problem.what);
        }
        assert_eq!(problem.others, []);
        versions(&plan, &known(&["2025-05-01"])).unwrap();
        // Nothing told is nothing known.
        versions(&plan, &known(&[])).unwrap();
    }
}
