//! What stands at the hub's side of an environment, read for the comparison with what must be there. Reads only.

use super::environment_network::EnvironmentNetwork;
use super::hubs::GONE;
use super::names;
use super::peering_pair::{self, PeeringPair};
use crate::domain::environment::Record;
use crate::domain::peering::hub_side::{HubReading, HubSide};
use crate::domain::peering::{Far, Known, virtual_wan};
use crate::engine::Context;

/// Reads the hub, both sides of the peering, and which of the environment's names the hub knows. What cannot be read
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
    let network = match EnvironmentNetwork::read(&context, record).await {
        Ok(network) => network,
        Err(problem) => {
            side.near = Known::Unread(problem.what.clone());
            side.far = Far::Unread { why: problem.what.clone() };
            side.names = Known::Unread(problem.what);
            return side;
        }
    };
    match PeeringPair::read(&context, &network.network_id, hub_id).await {
        Ok(pair) => {
            side.near = Known::Read(pair.near);
            side.far = pair.far;
        }
        Err(problem) => {
            side.near = peering_pair::near(&context, &network.network_id, hub_id).await;
            side.far = Far::Unread { why: problem.what };
        }
    }
    if let HubReading::There(hub) = &side.hub {
        let read = names::read(&context, &network, hub, &record.full_name, None).await;
        side.names = read.map_or_else(|problem| Known::Unread(problem.what), Known::Read);
    }
    side
}
