//! What the hand-over for a hub's owner needs to know of the environment. Reads only.

use super::environment_network::EnvironmentNetwork;
use super::names;
use crate::domain::environment::Record;
use crate::domain::peering::hand_over::{Asking, PrivateRecord};
use crate::domain::peering::zones::{is_monitor, is_shared_record};
use crate::domain::problem::Result;
use crate::engine::Context;

/// Who asks a hub's owner, and what for: the zones and what they answer, without Azure Monitor's.
///
/// # Errors
/// When the environment's network cannot be read.
pub async fn asking(context: &Context, record: &Record) -> Result<Asking> {
    let network = EnvironmentNetwork::read(context, record).await?;
    let (mut zones, mut records) = (Vec::new(), Vec::new());
    for (id, name) in network.zones.iter().filter(|(_, name)| !is_monitor(name)) {
        zones.push(id.clone());
        let sets = names::records(context, id).await;
        let sets = sets.read().into_iter().flatten();
        records.extend(sets.filter(|set| !is_shared_record(&set.name)).map(|set| PrivateRecord {
            zone: name.clone(),
            name: set.name.clone(),
            addresses: set.addresses.clone(),
        }));
    }
    for (zone, sets) in network.elsewhere.iter().filter(|(zone, _)| !is_monitor(zone)) {
        let ours = sets.iter().filter(|set| !is_shared_record(&set.name));
        records.extend(ours.map(|set| PrivateRecord {
            zone: zone.clone(),
            name: set.name.clone(),
            addresses: set.addresses.clone(),
        }));
    }
    Ok(Asking {
        full_name: record.full_name.clone(),
        address_space: network.ranges.join(", "),
        tenant_id: context.tenant_id.clone(),
        account: context.caller.as_ref().map(|caller| caller.object_id.clone()),
        zones,
        records,
    })
}
