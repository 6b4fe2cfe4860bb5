//! What the owner of a hub is handed, with the names and addresses that the environment really has. Reads only.

use serde_json::Value;

use super::ground::{DNS, Ground};
use crate::{
    domain::{
        environment::Record,
        peering::{
            Connection,
            hand_over::{self, Asking, HandOver, PrivateRecord},
            zones::is_monitor,
        },
        problem::Problem,
    },
    engine::Context,
};

/// Makes the hand-over for a connection as it stands.
///
/// # Errors
/// When the environment's own resources cannot be read.
pub async fn hand_over(
    context: &Context,
    record: &Record,
    connection: &Connection,
) -> Result<HandOver, Problem> {
    let ground = Ground::read(context, record).await?;
    let zones: Vec<(String, String)> = ground
        .zones
        .into_iter()
        .filter(|(_, name)| !is_monitor(name))
        .collect();
    let asking = Asking {
        full_name: record.full_name.clone(),
        address_space: record.settings.address_space.to_string(),
        tenant_id: context.tenant_id.clone(),
        account: context
            .caller
            .as_ref()
            .map(|caller| caller.object_id.clone()),
        records: records(context, connection, &zones).await?,
        zones: zones.into_iter().map(|(id, _)| id).collect(),
    };
    Ok(hand_over::hand_over(connection, &asking))
}

/// The records that the hub's own zones would need: of zones that it has too, or of all where that is not known.
async fn records(
    context: &Context,
    connection: &Connection,
    zones: &[(String, String)],
) -> Result<Vec<PrivateRecord>, Problem> {
    let theirs = connection.hub.zones.read();
    let mut records = Vec::new();
    for (id, zone) in zones {
        let needed = theirs.is_none_or(|theirs| {
            let mut theirs = theirs.iter();
            theirs.any(|each| {
                each.name.eq_ignore_ascii_case(zone) && !each.id.eq_ignore_ascii_case(id)
            })
        });
        if needed {
            let sets = context.arm.resources_at(&format!("{id}/A"), DNS).await?;
            records.extend(sets.iter().filter_map(|set| private(set, zone)));
        }
    }
    Ok(records)
}

fn private(set: &Value, zone: &str) -> Option<PrivateRecord> {
    let addresses = set.pointer("/properties/aRecords")?.as_array()?;
    let text = |each: &Value| each.get("ipv4Address")?.as_str().map(str::to_owned);
    Some(PrivateRecord {
        zone: zone.to_owned(),
        name: set.get("name")?.as_str()?.to_owned(),
        addresses: addresses.iter().filter_map(text).collect(),
    })
}
