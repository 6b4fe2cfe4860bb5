//! What others rely on in an environment, read before it is unlinked or deleted. Reads only.

use futures::{StreamExt as _, stream};
use serde_json::Value;

use super::{names, recorded_hub};
use crate::domain::environment::Record;
use crate::domain::inventory::name_of;
use crate::domain::peering::Known;
use crate::domain::peering::reliance::{Neighbour, Reliance};
use crate::domain::peering::zones::RecordSet;
use crate::domain::problem::Result;
use crate::domain::resource;
use crate::engine::Context;

/// Reads that are under way at a time.
const AT_ONCE: usize = 8;

/// What was read of one of the environment's zones.
struct Zone {
    name: String,
    records: Known<Vec<RecordSet>>,
    /// Ids of the networks that it is linked to.
    networks: Result<Vec<String>>,
}

/// What others have of an environment. What cannot be read is told in it.
pub async fn reliance(context: &Context, record: &Record) -> Reliance {
    let mut found = Reliance::of(&record.full_name);
    let context = context.in_subscription(record);
    let listed = context.arm.resources_if_there(&record.resource_group).await;
    let resources = match listed {
        Ok(resources) => resources.unwrap_or_default(),
        Err(problem) => {
            let group = &record.resource_group;
            let what = format!("The group {group} could not be read: {}", problem.what);
            found.unread.push(what);
            return found;
        }
    };
    let of_type = |kind: &'static str| {
        let mine = resources.iter();
        mine.filter(move |each| each.resource_type.eq_ignore_ascii_case(kind))
    };
    let own: Vec<&str> = of_type(resource::VIRTUAL_NETWORK).map(|each| each.id.as_str()).collect();
    let hub = match recorded_hub(&context, record).await {
        Ok(hub) => hub,
        Err(problem) => {
            let what = format!("The hub that is noted could not be read: {}", problem.what);
            found.unread.push(what);
            None
        }
    };
    let expected = |network: &str| {
        let mut known = own.iter().copied().chain(hub.as_deref());
        known.any(|each| each.eq_ignore_ascii_case(network))
    };
    let reads: Vec<_> = of_type(resource::PRIVATE_ZONE)
        .map(|zone| read_zone(&context, zone.id.clone(), zone.name.clone()))
        .collect();
    let zones: Vec<Zone> = stream::iter(reads).buffered(AT_ONCE).collect().await;
    let neighbours = neighbours(&context, record);
    for zone in zones {
        match zone.records {
            Known::Read(records) => {
                let space = record.settings.address_space;
                found.take(&zone.name, &records, space, &neighbours);
            }
            Known::Unread(why) => {
                let what =
                    format!("The records of the zone {} could not be read: {why}", zone.name);
                found.unread.push(what);
            }
        }
        match zone.networks {
            Ok(networks) => {
                let others = networks.iter().filter(|network| !expected(network));
                found.networks.extend(others.map(|each| name_of(each).to_owned()));
            }
            Err(problem) => found.unread.push(format!(
                "The links of the zone {} could not be read: {}",
                zone.name, problem.what
            )),
        }
    }
    for network in &own {
        match context.arm.virtual_network_peerings(network).await {
            Ok(peerings) => {
                let remotes = peerings.into_iter().flatten().map(|each| each.remote_id);
                let others = remotes.filter(|remote| !remote.is_empty() && !expected(remote));
                found.peered.extend(others.map(|each| name_of(&each).to_owned()));
            }
            Err(problem) => found.unread.push(format!(
                "The peerings of {} could not be read: {}",
                name_of(network),
                problem.what
            )),
        }
    }
    found
}

async fn read_zone(context: &Context, id: String, name: String) -> Zone {
    let path = format!("{id}/virtualNetworkLinks");
    let (records, links) =
        futures::join!(names::records(context, &id), context.arm.resources_at(&path),);
    let network = |link: &Value| {
        let network = link.pointer("/properties/virtualNetwork/id")?.as_str()?;
        Some(network.to_owned())
    };
    Zone { name, records, networks: links.map(|links| links.iter().filter_map(network).collect()) }
}

/// The other environments that this machine knows: records without a mark are told apart by their ranges.
fn neighbours(context: &Context, record: &Record) -> Vec<Neighbour> {
    let listed = context.records.list().map(|listing| listing.records);
    let others = listed.unwrap_or_default().into_iter();
    others
        .filter(|other| !other.is_same(record))
        .map(|other| Neighbour {
            full_name: other.full_name,
            address_space: other.settings.address_space,
        })
        .collect()
}
