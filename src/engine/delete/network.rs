//! The far sides of an environment's network: peerings in a hub that would stay behind disconnected and keep the
//! address range taken, and links of zones elsewhere.
//!
//! They are removed where the account may. Where it may not, the commands for their owner become part of the result;
//! that stops nothing.

use std::collections::BTreeSet;

use super::{STEPS, of_type};
use crate::azure::arm::ResourceSummary;
use crate::domain::environment::Record;
use crate::domain::environment::remains::Remain;
use crate::domain::inventory::name_of;
use crate::domain::operation::OperationStep;
use crate::domain::peering::az::AzCommand;
use crate::domain::problem::Result;
use crate::domain::resource;
use crate::engine::peering::leave::{self, delete, far_halves};
use crate::engine::peering::{is_refused, reliance, succession};
use crate::engine::work::Work;

/// Removes what other networks have of this one; returns what had to be left.
pub(super) async fn leave(
    work: Work<'_>,
    record: &Record,
    resources: &[ResourceSummary],
) -> Result<Vec<Remain>> {
    let own: Vec<&str> =
        of_type(resources, resource::VIRTUAL_NETWORK).map(|network| network.id.as_str()).collect();
    let group = group_of(record);
    let mut remotes: BTreeSet<String> = record.settings.hub.iter().cloned().collect();
    let mut near = Vec::new();
    for network in &own {
        let peerings = work.context.arm.virtual_network_peerings(network).await?;
        for peering in peerings.into_iter().flatten() {
            let same_group = peering.remote_id.to_lowercase().contains(&group);
            if !same_group && !peering.remote_id.is_empty() {
                let id = format!("{network}/virtualNetworkPeerings/{}", peering.name);
                near.push((id, peering.remote_id.clone()));
                let known =
                    remotes.iter().any(|known| known.eq_ignore_ascii_case(&peering.remote_id));
                if !known {
                    remotes.insert(peering.remote_id);
                }
            }
        }
    }
    let reliance = reliance(work.context, record).await;
    if remotes.is_empty() && reliance.environments.is_empty() {
        return Ok(Vec::new());
    }
    work.step(OperationStep::LeavingNetworks, 3, STEPS);
    let mut left = Vec::new();
    for remote in &remotes {
        let stays = far_halves(work, remote, &own).await?;
        // This side is kept as long as the other one stays: from it any machine can tell what is left.
        if stays.is_empty() {
            for (id, _) in near.iter().filter(|(_, far)| far.eq_ignore_ascii_case(remote)) {
                work.run_to_completion(&delete(id)).await?;
            }
        }
        left.extend(stays);
    }
    left.extend(zones(work, record, resources, &remotes).await?);
    // Their records in our zones go with the group.
    left.extend(succession::hand_over(work, &reliance, &[], (3, STEPS)).await?);
    Ok(left)
}

/// The part of an id by which what is in the environment's group is known, in lower case.
fn group_of(record: &Record) -> String {
    format!("/resourcegroups/{}/", record.resource_group.to_lowercase())
}

/// Removes links of other zones to our network, of our zones to other networks, and our records in zones of the same
/// names. A hub's zones can lie in any subscription.
async fn zones(
    work: Work<'_>,
    record: &Record,
    resources: &[ResourceSummary],
    remotes: &BTreeSet<String>,
) -> Result<Vec<Remain>> {
    let own: Vec<&str> =
        of_type(resources, resource::VIRTUAL_NETWORK).map(|network| network.id.as_str()).collect();
    let names: Vec<&str> =
        of_type(resources, resource::PRIVATE_ZONE).map(|zone| zone.name.as_str()).collect();
    let group = &group_of(record);
    let mut subscriptions = BTreeSet::from([record.subscription_id.to_lowercase()]);
    for remote in remotes {
        let mut parts = remote.trim_start_matches('/').split('/').skip(1);
        subscriptions.extend(parts.next().map(str::to_lowercase));
    }
    if record.settings.hub.is_some() {
        let seen = work.context.subscriptions.iter();
        subscriptions.extend(seen.map(|each| each.subscription_id.to_lowercase()));
    }
    let mut left = Vec::new();
    for subscription in subscriptions {
        let path = format!("/subscriptions/{subscription}/providers/{}", resource::PRIVATE_ZONE);
        let zones = match work.context.arm.resources_at(&path).await {
            Ok(zones) => zones,
            Err(problem) if is_refused(&problem) => {
                left.push(Remain::Unread {
                    what: format!(
                        "Whether private DNS zones in the subscription {subscription} name {}",
                        record.full_name
                    ),
                    why: problem.what,
                    command: AzCommand::az("network private-dns zone list")
                        .with("--subscription", &subscription)
                        .line(),
                });
                continue;
            }
            Err(problem) => return Err(problem),
        };
        for zone in zones.iter().filter_map(|zone| zone.get("id")?.as_str()) {
            let is_our_zone = zone.to_lowercase().contains(group);
            let is_meant = |network: &str| {
                let is_our_network = own.iter().any(|each| each.eq_ignore_ascii_case(network));
                is_our_zone != is_our_network
            };
            left.extend(leave::links(work, zone, is_meant).await?);
            let same_name = names.iter().any(|name| name.eq_ignore_ascii_case(name_of(zone)));
            if !is_our_zone && same_name {
                left.extend(leave::records(work, zone, &record.full_name).await?);
            }
        }
    }
    Ok(left)
}
