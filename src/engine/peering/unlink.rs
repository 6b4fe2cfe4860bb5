//! Taking the connection to a hub away: the hub's half, ours, links of zones, and records that were added.
//!
//! The hub's half goes before ours, so that none is left behind where both may be written. It begins from what stands
//! and can be called again. Nothing of anybody else's is touched; environments whose records our zones had get them
//! elsewhere.

use super::environment_network::EnvironmentNetwork;
use super::hubs::GONE;
use super::names::shared;
use super::peering_pair::PeeringPair;
use super::reliance::reliance;
use super::remember::{recorded_hub, remember};
use super::{leave, succession};
use crate::domain::environment::Record;
use crate::domain::environment::remains::Remain;
use crate::domain::operation::{Ended, OperationStep};
use crate::domain::peering::az::AzCommand;
use crate::domain::peering::{Hub, IdParts, virtual_wan};
use crate::domain::problem::{Problem, Result};
use crate::engine::event::Events;
use crate::engine::guard::hold;
use crate::engine::pause::admit;
use crate::engine::work::Work;
use crate::engine::{Context, Control};

/// How many steps there are: halves, links, records, forgetting the hub.
const STEPS: usize = 4;

/// Takes the connection of an environment to its hub away, and tells what is left to others. Where there is none,
/// nothing is done.
///
/// # Errors
/// When the environment is being deployed or deleted, or Azure refuses for another reason than missing rights on the
/// hub.
pub async fn unlink(
    context: &Context,
    record: &Record,
    control: &Control,
    events: &Events,
) -> Result<Ended<Vec<Remain>>> {
    let _lock = hold(context, record)?;
    control.unless_left(unlinking(Work { context, events }, record)).await
}

async fn unlinking(work: Work<'_>, record: &Record) -> Result<Vec<Remain>> {
    let context = work.context;
    admit(work, record).await?;
    let network = EnvironmentNetwork::read(context, record).await?;
    let Some(hub_id) = hub_of(context, record, &network).await? else { return Ok(Vec::new()) };
    let reliance = reliance(context, record).await;
    let mut left = halves(work, &network, &hub_id).await?;
    let linked = links(work, &network, &hub_id).await?;
    let is_gone = linked.is_empty();
    left.extend(linked);
    match super::hub(context, record, &hub_id).await {
        Ok(candidate) => {
            left.extend(records(work, &network, &candidate.hub, &record.full_name).await?);
        }
        // Nothing is linked to a network that is gone, or to a hub of Virtual WAN.
        Err(problem) if problem.code == GONE || virtual_wan::is_hub(&hub_id) => {
            tracing::debug!(%problem, "no zones of the hub to look through");
        }
        Err(problem) => {
            let hub = IdParts::of(&hub_id);
            left.push(Remain::Unread {
                what: format!("Whether zones of the hub {} name {}", hub.name, record.full_name),
                why: problem.what,
                command: AzCommand::az("network private-dns zone list")
                    .with("--subscription", hub.subscription)
                    .line(),
            });
        }
    }
    // Where a link of ours stays, it goes on answering for the others.
    if is_gone {
        let others = succession::hand_over(work, &reliance, &network.zones, (3, STEPS)).await?;
        left.extend(others);
    }
    remember(work, record, None, STEPS, STEPS).await?;
    Ok(left)
}

/// The hub that is noted, or the only network elsewhere that ours is connected to.
async fn hub_of(
    context: &Context,
    record: &Record,
    network: &EnvironmentNetwork,
) -> Result<Option<String>> {
    if let Some(hub) = recorded_hub(context, record).await? {
        return Ok(Some(hub));
    }
    let peerings = context.arm.virtual_network_peerings(&network.network_id).await?;
    let group = format!("/resourcegroups/{}/", record.resource_group.to_lowercase());
    let mut remotes: Vec<String> = peerings
        .into_iter()
        .flatten()
        .map(|peering| peering.remote_id)
        .filter(|remote| !remote.is_empty() && !remote.to_lowercase().contains(&group))
        .collect();
    if remotes.len() > 1 {
        return Err(Problem::new(
            "SeveralHubs",
            format!(
                "The network is connected to several others, and none is noted as its hub: {}.",
                remotes.join(", ")
            ),
            "Connect the one that is meant (--hub ID), which notes it, or delete the peerings in the Azure portal.",
        )
        .at(network.network_id.clone()));
    }
    Ok(remotes.pop())
}

/// The hub's half first, then ours. Ours goes even where the hub's stays: then at least nothing comes through.
async fn halves(work: Work<'_>, network: &EnvironmentNetwork, hub_id: &str) -> Result<Vec<Remain>> {
    // Both halves of a hub connection are its owner's.
    let near = if virtual_wan::is_hub(hub_id) {
        None
    } else {
        PeeringPair::read(work.context, &network.network_id, hub_id).await?.near
    };
    let hub = crate::domain::inventory::name_of(hub_id).to_owned();
    work.step(OperationStep::LeavingHub { hub }, 1, STEPS);
    let left = leave::far_halves(work, hub_id, &[&network.network_id]).await?;
    if let Some(near) = near {
        work.run_to_completion(&leave::delete(&near.id)).await?;
    }
    Ok(left)
}

async fn links(work: Work<'_>, network: &EnvironmentNetwork, hub_id: &str) -> Result<Vec<Remain>> {
    let hub = crate::domain::inventory::name_of(hub_id).to_owned();
    work.step(OperationStep::UnlinkingZones { hub }, 2, STEPS);
    let mut left = Vec::new();
    for (zone, _) in &network.zones {
        let to_hub = |network: &str| network.eq_ignore_ascii_case(hub_id);
        left.extend(leave::links(work, zone, to_hub).await?);
    }
    Ok(left)
}

async fn records(
    work: Work<'_>,
    network: &EnvironmentNetwork,
    hub: &Hub,
    environment: &str,
) -> Result<Vec<Remain>> {
    let zones = shared(network, hub);
    if !zones.is_empty() {
        let hub = hub.name.clone();
        work.step(OperationStep::RemovingRecords { hub }, 3, STEPS);
    }
    let mut left = Vec::new();
    for (zone, _) in zones {
        left.extend(leave::records(work, &zone, environment).await?);
    }
    Ok(left)
}
