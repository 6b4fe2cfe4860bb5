//! What stands at the hub's side of an environment, read for the comparison with what must be there. Reads only.

use super::{
    ground::Ground,
    halves::{self, Halves},
    hubs::GONE,
    names,
};
use crate::{
    domain::{
        environment::Record,
        peering::{
            Far, Known,
            hub_side::{HubReading, HubSide},
            virtual_wan,
        },
    },
    engine::Context,
};

/// Reads the hub, both halves of the peering, and which of the environment's names the hub knows. What cannot be read
/// is unread in it.
pub async fn read(context: &Context, record: &Record, hub_id: &str) -> HubSide {
    let context = context.in_subscription(record);
    let mut side = HubSide {
        environment: record.full_name.clone(),
        hub_id: hub_id.to_owned(),
        hub: HubReading::Gone,
        near: Known::Read(None),
        far: Far::Absent,
        names: Known::later(),
    };
    if virtual_wan::is_hub(hub_id) {
        side.hub = HubReading::VirtualWan;
        let read = super::hub_connection(&context, record, hub_id).await;
        side.near = read.map_or_else(|problem| Known::Unread(problem.what), Known::Read);
        return side;
    }
    side.hub = match super::hub(&context, record, hub_id).await {
        Ok(candidate) => HubReading::There(Box::new(candidate.hub)),
        Err(problem) if problem.code == GONE => HubReading::Gone,
        Err(problem) => HubReading::Unread(problem.what),
    };
    let ground = match Ground::read(&context, record).await {
        Ok(ground) => ground,
        Err(problem) => {
            side.near = Known::Unread(problem.what.clone());
            side.far = Far::Unread { why: problem.what.clone() };
            side.names = Known::Unread(problem.what);
            return side;
        }
    };
    match Halves::read(&context, &ground.network_id, hub_id).await {
        Ok(halves) => {
            side.near = Known::Read(halves.near);
            side.far = halves.far;
        }
        Err(problem) => {
            side.near = halves::near(&context, &ground.network_id, hub_id).await;
            side.far = Far::Unread { why: problem.what };
        }
    }
    if let HubReading::There(hub) = &side.hub {
        let read = names::read(&context, &ground, hub, &record.full_name, None).await;
        side.names = read.map_or_else(|problem| Known::Unread(problem.what), Known::Read);
    }
    side
}
