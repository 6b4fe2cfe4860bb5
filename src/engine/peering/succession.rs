//! Handing the private names of other environments over, once the link that answered for them is gone.
//!
//! Each of them gets in its hub what `privateaml peer` would give it: its own zones linked, or its records in the
//! zones that are there by now. What cannot be done becomes part of the result, with the one command for it; it stops
//! nothing.

use super::environment_network::EnvironmentNetwork;
use super::peering_pair::PeeringPair;
use super::{leave, names, recorded_hub};
use crate::domain::environment::Record;
use crate::domain::environment::remains::Remain;
use crate::domain::operation::OperationStep;
use crate::domain::peering::reliance::Reliance;
use crate::domain::problem::{Problem, Result};
use crate::engine::find::find;
use crate::engine::guard::hold;
use crate::engine::work::Work;

/// Hands over what the environments that relied on the link need; returns what is left. A record of theirs in
/// `zones`, which are linked to the hub no longer, is removed once it is answered elsewhere.
pub(in crate::engine) async fn hand_over(
    work: Work<'_>,
    reliance: &Reliance,
    zones: &[(String, String)],
    step: (usize, usize),
) -> Result<Vec<Remain>> {
    let mut left = Vec::new();
    for environment in reliance.environments.keys() {
        match succeed(work, environment, step).await {
            Ok(true) => {
                for (zone, _) in zones {
                    left.extend(leave::records(work, zone, environment).await?);
                }
            }
            Ok(false) => {}
            Err(problem) => {
                left.push(Remain::Names { environment: environment.clone(), why: problem.what });
            }
        }
    }
    Ok(left)
}

/// Makes the names of an environment known in its hub again; `false` where it is connected to none.
async fn succeed(work: Work<'_>, environment: &str, (number, of): (usize, usize)) -> Result<bool> {
    let record = find(work.context, environment).await?;
    let context = work.context.in_subscription(&record);
    let _lock = hold(&context, &record)?;
    let Some(hub_id) = recorded_hub(&context, &record).await? else { return Ok(false) };
    let network = EnvironmentNetwork::read(&context, &record).await?;
    let pair = PeeringPair::read(&context, &network.network_id, &hub_id).await?;
    if pair.near.is_none() {
        return Ok(false);
    }
    let hub = super::hub(&context, &record, &hub_id).await?.hub;
    let act =
        OperationStep::HandingOver { environment: environment.to_owned(), hub: hub.name.clone() };
    work.step(act, number, of);
    let quiet = Work { context: &context, events: work.events };
    let refused = names::make_known(quiet, &network, &hub, environment, None).await?;
    let hub = super::hub(&context, &record, &hub_id).await?.hub;
    let mut known = names::read(&context, &network, &hub, environment, None).await?;
    refused.tell(&mut known, &hub, environment);
    if known.is_whole() {
        return Ok(true);
    }
    Err(unknown(&record, known.known, known.wanted))
}

fn unknown(record: &Record, known: usize, wanted: usize) -> Problem {
    let name = &record.full_name;
    Problem::new(
        "NamesNotKnown",
        format!("{known} of its {wanted} zones are known there."),
        format!("What it lacks: privateaml peer {name}"),
    )
}
