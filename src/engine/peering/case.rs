//! What a test from on-premises is judged by, and what a hub's owner is told of who asks. It reads only.

use std::net::Ipv4Addr;

use futures::{StreamExt as _, stream};

use super::{
    connection,
    expectations::expectations,
    ground::Ground,
    names::{AT_ONCE, own_zone},
    recorded_hub,
};
use crate::{
    domain::{
        environment::Record,
        peering::{
            Connection, Hub,
            hand_over::{Asking, PrivateRecord},
            verify::Expectations,
            zones::{OwnZone, is_monitor},
        },
        problem::Problem,
    },
    engine::Context,
};

/// What must be found on-premises, and what stands between the environment and its hub, where it is connected to one that
/// can be read.
///
/// # Errors
/// As [`expectations`].
pub async fn case(
    context: &Context,
    record: &Record,
) -> Result<(Expectations, Option<Connection>), Problem> {
    let mut expected = expectations(context, record).await?;
    // The names are the heart of it: that the hub cannot be read only makes the verdict less exact.
    let hub = recorded_hub(context, record).await.unwrap_or_default();
    let connection = match hub {
        Some(hub) => connection(context, record, &hub).await.ok(),
        None => None,
    };
    if let Some(connection) = &connection {
        expected.resolvers = servers(&connection.hub);
    }
    Ok((expected, connection))
}

/// The DNS servers of a hub that can be asked for private names: its resolver, else the servers that it hands out.
fn servers(hub: &Hub) -> Vec<Ipv4Addr> {
    let resolvers = hub.resolvers.read().filter(|found| !found.is_empty());
    let texts = resolvers.unwrap_or(&hub.dns_servers);
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

/// Who asks a hub's owner: the environment with its zones and what they answer.
///
/// # Errors
/// When the environment's network or zones cannot be read.
pub async fn asking(context: &Context, record: &Record, hub: &Hub) -> Result<Asking, Problem> {
    let ground = Ground::read(context, record).await?;
    let reads: Vec<_> = ground
        .zones
        .iter()
        .filter(|(_, name)| !is_monitor(name))
        .map(|(id, name)| own_zone(context, id, name, hub))
        .collect();
    let zones: Vec<OwnZone> = stream::iter(reads).buffered(AT_ONCE).collect().await;
    let records = zones.iter().flat_map(|zone| {
        let sets = zone.records.read().into_iter().flatten();
        sets.map(|set| PrivateRecord {
            zone: zone.name.clone(),
            name: set.name.clone(),
            addresses: set.addresses.clone(),
        })
    });
    Ok(Asking {
        full_name: record.full_name.clone(),
        address_space: ground.ranges.join(", "),
        tenant_id: context.tenant_id.clone(),
        account: context
            .caller
            .as_ref()
            .map(|caller| caller.object_id.clone()),
        records: records.collect(),
        zones: zones.into_iter().map(|zone| zone.id).collect(),
    })
}
