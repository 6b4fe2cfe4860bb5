//! The networks that an environment could be connected to, read over every subscription that the account sees, and
//! judged.
//!
//! To rank them, each subscription is asked for its networks in one read; only where one of these has a subnet for
//! gateways it is asked for more: which groups hold gateways, sites and connections (one read each, for these can be
//! listed by group only), those groups, and its DNS resolvers. Rights are asked of networks with such a subnet alone.
//! Which zones are linked, and whether there is a firewall, is read of the one hub that is chosen: a zone does not
//! tell its networks in a list, so it is one read a zone; only zones for private links that have links at all are
//! asked. Resource Graph could tell it in one read, but late by minutes, and a zone linked a moment ago would be
//! linked again.

mod facts;
mod read;

use std::collections::BTreeSet;

use futures::{StreamExt as _, stream};

use self::read::HubsReading;
use super::super::Context;
use crate::azure::arm::{Arm, Subscription};
use crate::azure::network::VirtualNetwork;
use crate::domain::environment::{Record, tags};
use crate::domain::network::{self, KnownNetwork, Relation, SeenNetwork};
use crate::domain::peering::hub::Known;
use crate::domain::peering::{Candidate, Spoke, fit, virtual_wan};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::settings::BastionSku;

/// Code of the problem that the hub of an environment does not exist any more.
pub(super) const GONE: &str = "HubGone";

/// How many reads are under way at a time.
const SIDE_BY_SIDE: usize = 8;

/// Every network that the account can see, judged for an environment, best first; and what could not be read.
/// Networks of other environments are left out, unless they have a gateway.
///
/// # Errors
/// When the subscriptions cannot be listed. One that cannot be read is a problem beside the others.
pub async fn hubs(context: &Context, record: &Record) -> Result<(Vec<Candidate>, Vec<Problem>)> {
    let subscriptions = subscriptions(context).await?;
    let reads: Vec<_> = subscriptions
        .iter()
        .map(|subscription| async move {
            let arm = Arm::new(context.arm.http().clone(), subscription.subscription_id.clone());
            (subscription, read::subscription(&arm).await)
        })
        .collect();
    let mut reads = stream::iter(reads).buffer_unordered(SIDE_BY_SIDE);
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    while let Some((subscription, read)) = reads.next().await {
        match read {
            Ok(read) => found.push((subscription, read)),
            Err(problem) => problems.push(unread(subscription, problem)),
        }
    }
    let spoke = spoke(context, record, &found).await;
    let mut candidates: Vec<Candidate> = found
        .iter()
        .flat_map(|(subscription, found)| {
            found
                .networks
                .iter()
                .filter(|network| is_candidate(found, network, &spoke))
                .map(|network| facts::hub(found, network, subscription, context))
        })
        .map(|hub| fit::judge(hub, &spoke))
        .collect();
    fit::rank(&mut candidates, &spoke);
    Ok((candidates, problems))
}

/// One network by its id, with everything that is read of a hub that is chosen.
///
/// # Errors
/// `HubIdUnclear` when the id is none of a network, `HubNotFound` when there is none of it or the account may not see
/// it; else when it cannot be read.
pub async fn hub(context: &Context, record: &Record, id: &str) -> Result<Candidate> {
    let id = id.trim().trim_end_matches('/');
    if virtual_wan::is_hub(id) {
        return Err(super::virtual_wan::refusal(record, id));
    }
    let subscription_id = subscription_of(id)?;
    let subscriptions = subscriptions(context).await.unwrap_or_default();
    let subscription = subscriptions
        .iter()
        .find(|each| each.subscription_id.eq_ignore_ascii_case(&subscription_id))
        .cloned()
        .unwrap_or(Subscription {
            display_name: subscription_id.clone(),
            subscription_id,
            state: "Enabled".to_owned(),
            tenant_id: None,
        });
    let arm = Arm::new(context.arm.http().clone(), subscription.subscription_id.clone());
    let hub_network = arm.hub(id, &[]).await.map_err(|problem| gone(problem, record, id))?;
    let beside = zone_subscriptions(context, record);
    let found = Box::pin(read::chosen(&arm, hub_network.clone(), &beside)).await;
    let mut spoke = spoke(context, record, &[]).await;
    // What else can be read there, for the range that is offered where this one meets another.
    if let Ok(networks) = context.in_subscription(record).arm.virtual_networks().await {
        let others =
            networks.into_iter().filter(|each| !each.id.eq_ignore_ascii_case(&spoke.network_id));
        let seen: Vec<SeenNetwork> = others.map(VirtualNetwork::seen).collect();
        spoke.known.extend(network::known(&seen, None));
    }
    let hub = facts::hub(&found, &hub_network, &subscription, context);
    Ok(fit::judge(hub, &spoke))
}

/// The subscriptions beside the hub's in which zones that are linked to it are looked for: those of the environments
/// that this machine knows, whose zones can answer for the hub.
fn zone_subscriptions(context: &Context, record: &Record) -> Vec<Arm> {
    let listed = context.records.list().map(|listing| listing.records);
    let others = listed.unwrap_or_default().into_iter();
    let ids: BTreeSet<String> = others
        .map(|other| other.subscription_id.to_lowercase())
        .chain([record.subscription_id.to_lowercase()])
        .collect();
    ids.into_iter().map(|id| context.of_subscription(&id).arm).collect()
}

/// A hub that is noted and not there was deleted: nobody has mistyped its id. Azure answers 404 for a network that
/// does not exist, and 403 for one that may not be seen, or says that the subscription is unknown
/// (<https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-not-found>).
fn gone(problem: Problem, record: &Record, id: &str) -> Problem {
    let noted = record.settings.hub.as_deref();
    if problem.code != "HubNotFound" || !noted.is_some_and(|noted| noted.eq_ignore_ascii_case(id)) {
        return problem;
    }
    let name = id.rsplit('/').next().unwrap_or(id);
    Problem::new(
        GONE,
        format!("The hub {name} does not exist any more."),
        format!(
            "Take the connection away with `privateaml peer {} --remove`, then choose another hub.",
            record.full_name
        ),
    )
    .at(id.to_owned())
    .retry(Retry::AfterChange)
}

async fn subscriptions(context: &Context) -> Result<Vec<Subscription>> {
    let found = if context.subscriptions.is_empty() {
        context.arm.subscriptions().await?
    } else {
        context.subscriptions.to_vec()
    };
    Ok(found.into_iter().filter(Subscription::is_enabled).collect())
}

fn unread(subscription: &Subscription, problem: Problem) -> Problem {
    let name = &subscription.display_name;
    let mut problem = problem.at(format!("{name} ({})", subscription.subscription_id));
    problem.what = format!("The networks of {name} could not be read: {}", problem.what);
    if problem.code == "AuthorizationFailed" {
        problem.advice =
            "Ask for the role Reader on it, or give the hub's id with --hub; all other subscriptions are listed."
                .into();
    }
    problem
}

/// Not our own, and no other environment's, unless that has a gateway: those are spokes like ours.
fn is_candidate(found: &HubsReading, network: &VirtualNetwork, spoke: &Spoke) -> bool {
    let is_own = network.id.eq_ignore_ascii_case(&spoke.network_id);
    let is_environment = network.tags.keys().any(|key| key.eq_ignore_ascii_case(tags::MARK));
    !is_own && (!is_environment || !found.gateways_of(&network.id).is_empty())
}

/// The environment's side. Its network may not exist yet; then it is what the settings say.
async fn spoke(
    context: &Context,
    record: &Record,
    found: &[(&Subscription, HubsReading)],
) -> Spoke {
    let settings = &record.settings;
    let network_id = network_id(record);
    let listed = found.iter().find_map(|(_, found)| {
        let network =
            found.networks.iter().find(|network| network.id.eq_ignore_ascii_case(&network_id))?;
        Some((network.clone(), found.gateways_of(&network_id)))
    });
    let (network, gateways) = match listed {
        Some((network, gateways)) => (Some(network), Known::Read(gateways)),
        None => read::own(&context.in_subscription(record).arm, &network_id).await,
    };
    let peerings = network.iter().flat_map(|network| &network.peerings);
    Spoke {
        environment: record.full_name.clone(),
        peerings: peerings.map(facts::own_peering).collect(),
        address_space: settings.address_space,
        region: settings.region.clone(),
        bastion_developer: settings.bastion == BastionSku::Developer,
        known: readable(context, record, found, &network_id),
        network_id,
        gateways,
    }
}

/// The networks that were read, and the environments that this machine knows, whose networks may not exist yet: a
/// range that is offered must meet none of them. The environment's own counts not.
fn readable(
    context: &Context,
    record: &Record,
    found: &[(&Subscription, HubsReading)],
    own: &str,
) -> Vec<KnownNetwork> {
    let networks = found.iter().flat_map(|(_, found)| &found.networks);
    let seen: Vec<SeenNetwork> = networks
        .filter(|network| !network.id.eq_ignore_ascii_case(own))
        .cloned()
        .map(VirtualNetwork::seen)
        .collect();
    let mut known = network::known(&seen, None);
    add_environments(context, &record.full_name, &mut known);
    known
}

/// Adds the environments that this machine knows, whose networks may be in another subscription or not exist yet,
/// where none of the networks has their range already.
pub fn add_environments(context: &Context, except: &str, known: &mut Vec<KnownNetwork>) {
    let listed = context.records.list().map(|listing| listing.records);
    for other in listed.unwrap_or_default() {
        let space = other.settings.address_space.into();
        let is_known = known.iter().any(|network| network.prefixes.contains(&space));
        if other.full_name != except && !is_known {
            known.push(KnownNetwork {
                name: other.full_name,
                prefixes: vec![space],
                relation: Relation::Readable,
            });
        }
    }
}

/// The id of an environment's network.
pub fn network_id(record: &Record) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/virtualNetworks/vnet-{}",
        record.subscription_id, record.resource_group, record.full_name
    )
}

/// The subscription in the id of a network.
fn subscription_of(id: &str) -> Result<String> {
    let parts: Vec<&str> = id.split('/').collect();
    let lowered: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
    let shape: Vec<&str> = lowered.iter().map(String::as_str).collect();
    match (shape.as_slice(), parts.get(2)) {
        (
            ["", "subscriptions", subscription, "resourcegroups", group, "providers", "microsoft.network",
             "virtualnetworks", name],
            Some(given),
        ) if ![*subscription, *group, *name].contains(&"") => Ok((*given).to_owned()),
        _ => Err(Problem::new(
            "HubIdUnclear",
            format!("\"{id}\" is not the resource id of a virtual network."),
            "Give the whole id, such as \
             /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/vnet-hub. \
             The Azure portal shows it on the network's page under Properties.",
        )
        .at("--hub")),
    }
}

#[cfg(test)]
mod tests {
    use super::subscription_of;

    #[test]
    fn an_id_is_that_of_a_network_or_is_refused_with_an_example() {
        let id =
            "/subscriptions/S1/resourcegroups/rg/providers/microsoft.network/virtualNetworks/hub";
        assert_eq!(subscription_of(id).unwrap(), "S1");
        for wrong in [
            "",
            "vnet-hub",
            "/subscriptions/S1/resourceGroups//providers/Microsoft.Network/virtualNetworks/hub",
            "/subscriptions/S1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub/subnets/a",
        ] {
            let problem = subscription_of(wrong).unwrap_err();
            assert_eq!(problem.code, "HubIdUnclear");
            assert!(problem.advice.contains("virtualNetworks/vnet-hub"));
        }
    }
}
