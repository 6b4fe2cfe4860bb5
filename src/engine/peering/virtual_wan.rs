//! A hub of Azure Virtual WAN as an environment's hub: its owner makes the connection; here it is only looked for and
//! noted.

use super::hubs::network_id;
use super::remember::remember;
use crate::domain::environment::Record;
use crate::domain::peering::{Half, virtual_wan};
use crate::domain::problem::{Problem, Result, Retry};
use crate::engine::Context;
use crate::engine::event::Events;
use crate::engine::work::Work;

/// Our end of the hub connection, which Azure makes; `None` while there is none.
///
/// # Errors
/// When the environment's network cannot be read.
pub async fn hub_connection(
    context: &Context,
    record: &Record,
    hub_id: &str,
) -> Result<Option<Half>> {
    let path = format!("{}/virtualNetworkPeerings", network_id(record));
    let bodies = context.arm.resource_list(&path).await?.unwrap_or_default();
    let mut halves = bodies.iter().filter_map(Half::read);
    Ok(halves.find(|half| {
        virtual_wan::is_connection(&half.name, &half.remote_id)
            && virtual_wan::leads_to(&half.remote_id, hub_id)
    }))
}

/// Notes a hub of Virtual WAN with an environment, so that every machine knows it.
///
/// # Errors
/// When Azure refuses the tags.
pub async fn note_hub(
    context: &Context,
    record: &Record,
    hub_id: &str,
    events: &Events,
) -> Result<()> {
    remember(Work { context, events }, record, Some(hub_id), 1, 1).await
}

/// What is said where a peering is asked for.
pub(super) fn refusal(record: &Record, hub_id: &str) -> Problem {
    let name = &record.full_name;
    Problem::new(
        "VirtualWanHub",
        format!(
            "{} is a hub of Azure Virtual WAN: no peering to it can be created.",
            virtual_wan::hub_name(hub_id)
        ),
        format!(
            "Its owner connects the environment's network to it, and what they need is written by: \
             privateaml peer {name} --hub \
             {hub_id} --hand-over DIRECTORY. When they have acted: privateaml peer {name} --hub {hub_id} --yes"
        ),
    )
    .at(hub_id.to_owned())
    .retry(Retry::AfterChange)
}
