//! Private names in the hub: zones and records read on both sides, and changed one by one.
//!
//! Which to change is `domain::peering::zones`'. A record of somebody else's is never written.

use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::environment_network::EnvironmentNetwork;
use super::peering_pair::is_refused;
use crate::domain::operation::OperationStep;
use crate::domain::peering::link::free_name;
use crate::domain::peering::zones::{
    self, Fallback, HubLink, HubZone, MARK, NameChange, Names, OwnZone, RecordSet, TTL, is_monitor,
};
use crate::domain::peering::{Hub, Known};
use crate::domain::problem::{Problem, Result};
use crate::engine::Context;
use crate::engine::work::{ResourceChange, Work};

/// Reads that are under way at a time.
const AT_ONCE: usize = 8;
/// The right to write records in a zone.
const WRITE: &str = "Microsoft.Network/privateDnsZones/A/write";

/// What is to be done, judged from both sides as they are.
pub(super) async fn read(
    context: &Context,
    network: &EnvironmentNetwork,
    hub: &Hub,
    environment: &str,
    asked: Option<Fallback>,
) -> Result<Names> {
    let reads: Vec<_> =
        network.zones.iter().map(|(id, name)| own_zone(context, id, name, hub)).collect();
    let mut own: Vec<OwnZone> = stream::iter(reads).buffered(AT_ONCE).collect().await;
    own.extend(network.elsewhere.iter().map(|(name, records)| OwnZone {
        id: String::new(),
        name: name.clone(),
        records: Known::Read(records.clone()),
        link: Known::Read(None),
        elsewhere: true,
    }));
    let reads: Vec<_> =
        shared(network, hub).into_iter().map(|(id, name)| hub_zone(context, id, name)).collect();
    let theirs: Vec<HubZone> = stream::iter(reads).buffered(AT_ONCE).collect().await;
    Ok(zones::names(&own, &theirs, hub, environment, asked))
}

/// Zones linked to the hub that are not ours and have a name of ours.
pub(super) fn shared(network: &EnvironmentNetwork, hub: &Hub) -> Vec<(String, String)> {
    let linked = hub.zones.read().into_iter().flatten();
    let foreign = linked.filter(|zone| {
        let own = |(id, _): &(String, String)| id.eq_ignore_ascii_case(&zone.id);
        let same = |(_, name): &(String, String)| name.eq_ignore_ascii_case(&zone.name);
        let known = network.zones.iter().any(same)
            || network.elsewhere.keys().any(|name| name.eq_ignore_ascii_case(&zone.name));
        !network.zones.iter().any(own) && known
    });
    foreign.map(|zone| (zone.id.clone(), zone.name.clone())).collect()
}

async fn own_zone(context: &Context, id: &str, name: &str, hub: &Hub) -> OwnZone {
    if is_monitor(name) {
        return OwnZone {
            id: id.to_owned(),
            name: name.to_owned(),
            records: Known::Read(Vec::new()),
            link: Known::Read(None),
            elsewhere: false,
        };
    }
    let links = context.arm.resources_at(&format!("{id}/virtualNetworkLinks")).await;
    let to_hub = |links: Vec<Value>| {
        let mut links = links.iter();
        links.find_map(|link| {
            let network = link.pointer("/properties/virtualNetwork/id")?.as_str()?;
            let id = link.get("id")?.as_str()?;
            let policy = link.pointer("/properties/resolutionPolicy");
            network.eq_ignore_ascii_case(&hub.id).then(|| HubLink {
                id: id.to_owned(),
                fallback: Fallback::of(policy.and_then(Value::as_str)),
            })
        })
    };
    OwnZone {
        id: id.to_owned(),
        name: name.to_owned(),
        records: records(context, id).await,
        link: known(links.map(to_hub)),
        elsewhere: false,
    }
}

async fn hub_zone(context: &Context, id: String, name: String) -> HubZone {
    let permissions = context.arm.permissions(&id).await;
    HubZone {
        records: records(context, &id).await,
        // Rights that cannot be read are tried: Azure refuses what is not allowed.
        writable: permissions.map_or(true, |permissions| permissions.can(WRITE)),
        id,
        name,
    }
}

pub(super) async fn records(context: &Context, zone: &str) -> Known<Vec<RecordSet>> {
    let listed = context.arm.resources_at(&format!("{zone}/A")).await;
    known(listed.map(|sets| sets.iter().filter_map(record).collect()))
}

fn known<T>(read: Result<T>) -> Known<T> {
    match read {
        Ok(value) => Known::Read(value),
        Err(problem) => Known::Unread(problem.what),
    }
}

/// A record set as Azure tells it.
pub(super) fn record(body: &Value) -> Option<RecordSet> {
    let list = body.pointer("/properties/aRecords").and_then(Value::as_array);
    let addresses = list.into_iter().flatten();
    Some(RecordSet {
        name: body.get("name")?.as_str()?.to_owned(),
        addresses: addresses
            .filter_map(|each| Some(each.get("ipv4Address")?.as_str()?.to_owned()))
            .collect(),
        environment: body
            .pointer(&format!("/properties/metadata/{MARK}"))
            .and_then(Value::as_str)
            .map(str::to_owned),
    })
}

/// Changes that Azure has refused.
#[derive(Debug, Default)]
pub(super) struct RefusedNameChanges {
    /// For want of rights.
    rights: Vec<NameChange>,
    /// Because the hub has a zone of the name that cannot be seen.
    hidden: Vec<NameChange>,
}

impl RefusedNameChanges {
    /// Tells what was refused: it is somebody else's to do.
    pub(super) fn tell(&self, names: &mut Names, hub: &Hub, environment: &str) {
        for change in &self.rights {
            names.refuse(change, hub, environment);
        }
        for change in &self.hidden {
            names.hide(change);
        }
    }
}

/// Makes names known in the hub, as far as Azure lets us.
pub(super) async fn make_known(
    work: Work<'_>,
    network: &EnvironmentNetwork,
    hub: &Hub,
    environment: &str,
    asked: Option<Fallback>,
) -> Result<RefusedNameChanges> {
    let names = read(work.context, network, hub, environment, asked).await?;
    let (writes, links): (Vec<NameChange>, Vec<NameChange>) =
        names.changes.into_iter().partition(|change| matches!(change, NameChange::Write { .. }));
    let of = super::link::STEPS;
    let mut refused = RefusedNameChanges::default();
    if !links.is_empty() {
        let (count, hub) = (links.len(), hub.name.clone());
        work.step(OperationStep::LinkingZones { count, hub }, 3, of);
    }
    for change in links {
        apply(work, change, hub, environment, &mut refused).await?;
    }
    if !writes.is_empty() {
        let (count, hub) = (writes.len(), hub.name.clone());
        work.step(OperationStep::AddingRecords { count, hub }, 3, of);
    }
    for change in writes {
        apply(work, change, hub, environment, &mut refused).await?;
    }
    Ok(refused)
}

async fn apply(
    work: Work<'_>,
    change: NameChange,
    hub: &Hub,
    environment: &str,
    refused: &mut RefusedNameChanges,
) -> Result<()> {
    let request = match &change {
        NameChange::Link { zone_id, fallback } => {
            link_request(work.context, zone_id, hub, *fallback).await?
        }
        NameChange::Fallback { link_id, fallback } => {
            // Its tags stay.
            let found = work.context.arm.resource(link_id).await?;
            let tags = found.as_ref().and_then(|link| link.get("tags")).cloned();
            ResourceChange::Put { id: link_id.clone(), body: link_body(hub, *fallback, tags) }
        }
        NameChange::Write { zone_id, record } => {
            // Somebody may have written it since it was read: then it is met as a conflict at the next reading.
            if !is_ours_to_write(work.context, zone_id, record, environment).await? {
                return Ok(());
            }
            write_request(zone_id, record, environment)
        }
    };
    match work.run_to_completion(&request).await {
        Ok(_) => Ok(()),
        Err(problem) if is_refused(&problem) => {
            refused.rights.push(change);
            Ok(())
        }
        Err(problem) if collides(&problem) => {
            refused.hidden.push(change);
            Ok(())
        }
        Err(problem) => Err(problem),
    }
}

/// A network takes one zone of a name; Azure has no code of its own for it.
fn collides(problem: &Problem) -> bool {
    let said = problem.original.as_deref().unwrap_or_default();
    said.contains("overlapping namespaces") || problem.what.contains("overlapping namespaces")
}

async fn link_request(
    context: &Context,
    zone_id: &str,
    hub: &Hub,
    fallback: Fallback,
) -> Result<ResourceChange> {
    let path = format!("{zone_id}/virtualNetworkLinks");
    let links = context.arm.resources_at(&path).await?;
    let taken: Vec<String> =
        links.iter().filter_map(|link| Some(link.get("name")?.as_str()?.to_owned())).collect();
    Ok(ResourceChange::Put {
        id: format!("{path}/{}", free_name(&hub.name, &taken)),
        body: link_body(hub, fallback, None),
    })
}

fn link_body(hub: &Hub, fallback: Fallback, tags: Option<Value>) -> Value {
    json!({
        "location": "global",
        "tags": tags.unwrap_or_else(|| json!({})),
        "properties": {
            "virtualNetwork": { "id": hub.id },
            "registrationEnabled": false,
            "resolutionPolicy": fallback.policy(),
        },
    })
}

async fn is_ours_to_write(
    context: &Context,
    zone_id: &str,
    wanted: &RecordSet,
    environment: &str,
) -> Result<bool> {
    let id = format!("{zone_id}/A/{}", wanted.name);
    let found = match context.arm.resource(&id).await {
        Ok(found) => found.as_ref().and_then(record),
        Err(problem) if is_refused(&problem) => None,
        Err(problem) => return Err(problem),
    };
    Ok(found.is_none_or(|found| found.environment.as_deref() == Some(environment)))
}

fn write_request(zone_id: &str, record: &RecordSet, environment: &str) -> ResourceChange {
    let addresses = record.addresses.iter();
    let addresses: Vec<Value> =
        addresses.map(|address| json!({ "ipv4Address": address })).collect();
    ResourceChange::Put {
        id: format!("{zone_id}/A/{}", record.name),
        body: json!({ "properties": {
            "ttl": TTL,
            "aRecords": addresses,
            "metadata": { MARK: environment },
        }}),
    }
}
