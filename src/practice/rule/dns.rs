//! Private DNS: zones, their links to networks, and the records that endpoints' zone groups write.

use serde_json::{Value, json};

use super::{Proposed, child, endpoint, fully_qualified};
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource};

const ZONE: &str = "Microsoft.Network/privateDnsZones";
const LINK: &str = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";
/// Time to live of a record that an endpoint's zone group writes, in seconds.
const RECORD_SECONDS: u32 = 10;

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let is_global = |text: &str| text.eq_ignore_ascii_case("global");
    if (proposed.is(ZONE) || proposed.is(LINK)) && !is_global(proposed.text("/location")) {
        return Err(bad_request!(
            "LocationNotAvailableForResourceType",
            "The provided location '{}' is not available for resource type '{}'. List of available regions for the \
             resource type is 'global'.",
            proposed.text("/location"),
            proposed.id.resource_type()
        ));
    }
    if !proposed.is(LINK) {
        return Ok(());
    }
    let zone =
        proposed.id.parent().map_or_else(String::new, |zone| zone.name().to_ascii_lowercase());
    let network = proposed.text("/properties/virtualNetwork/id");
    // A zone in another subscription collides as well.
    let other = cloud
        .all_resources()
        .filter(|link| link.is(LINK) && link.id.key() != proposed.id.key())
        .filter(|link| link.says("/properties/virtualNetwork/id", network))
        // Only equal names collide: a zone and one below it may both be linked, and the longer name wins.
        .find(|link| {
            link.id.parent().is_some_and(|other| other.name().eq_ignore_ascii_case(&zone))
        });
    let Some(other) = other else { return Ok(()) };
    Err(bad_request!(
        "BadRequest",
        "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link \
             virtual network with '{zone}' and '{}' zones.",
        other.id.parent().map_or_else(String::new, |zone| zone.name().to_owned())
    ))
}

pub(super) fn zone_done(cloud: &mut Cloud, id: &ResourceId) {
    child::show_properties!(cloud, id, {
        "internalId": child::identifier(cloud, id, "zone"),
        "maxNumberOfRecordSets": 25000,
        "maxNumberOfVirtualNetworkLinks": 1000,
        "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
    });
    count(cloud, id);
}

pub(super) fn link_done(cloud: &mut Cloud, id: &ResourceId) {
    let shown = json!({ "virtualNetworkLinkState": "Completed", "registrationEnabled": false });
    child::show(cloud, id, json!({ "properties": shown }));
    if let Some(zone) = id.parent() {
        count(cloud, &zone);
    }
}

pub(super) fn link_going(cloud: &mut Cloud, id: &ResourceId) {
    if let Some(zone) = id.parent() {
        count_except(cloud, &zone, Some(id));
    }
}

/// A record set was written by a client, not by an endpoint.
pub(super) fn record_done(cloud: &mut Cloud, id: &ResourceId) {
    let Some(zone) = id.parent() else { return };
    child::show_properties!(cloud, id, {
        "fqdn": format!("{}.{}.", id.name(), zone.name()),
        "isAutoRegistered": false,
    });
    count(cloud, &zone);
}

fn count(cloud: &mut Cloud, zone: &ResourceId) {
    count_except(cloud, zone, None);
}

fn count_except(cloud: &mut Cloud, zone: &ResourceId, except: Option<&ResourceId>) {
    let except = except.map_or_else(String::new, ResourceId::key);
    let children: Vec<&StoredResource> =
        cloud.below(zone).filter(|resource| resource.id.key() != except).collect();
    let links = children.iter().filter(|child| child.is(LINK)).count();
    let records = children.len() - links;
    child::show_properties!(cloud, zone, {
        "numberOfVirtualNetworkLinks": links,
        "numberOfVirtualNetworkLinksWithRegistration": 0,
        // Every zone has its start-of-authority record.
        "numberOfRecordSets": records + 1,
    });
}

/// Writes an A record for each name of the endpoint that one of the group's zones serves.
pub(super) fn zone_group_done(cloud: &mut Cloud, id: &ResourceId) {
    let Some(endpoint) = id.parent() else { return };
    let names = endpoint::names(cloud, &endpoint);
    endpoint::tell_names(cloud, &endpoint, false);
    let configurations = child::items(cloud, id, "/properties/privateDnsZoneConfigs");
    let mut shown = child::with_ids(id, "privateDnsZoneConfigs", &configurations);
    for configuration in &mut shown {
        let Some(zone) = configuration.id_at("/properties/privateDnsZoneId") else { continue };
        let sets: Vec<Value> =
            names.iter().filter_map(|name| write_record(cloud, &zone, name)).collect();
        count(cloud, &zone);
        json::merge(configuration, json!({ "properties": { "recordSets": sets } }));
    }
    child::show(cloud, id, json!({ "properties": { "privateDnsZoneConfigs": shown } }));
}

fn write_record(cloud: &mut Cloud, zone: &ResourceId, name: &Value) -> Option<Value> {
    let host = name.get("fqdn")?.as_str()?;
    let addresses = name.get("ipAddresses")?.clone();
    let record = fully_qualified::record(host, zone.name())?;
    let a_records: Vec<Value> =
        addresses.as_array()?.iter().map(|address| json!({ "ipv4Address": address })).collect();
    let body = json!({ "properties": {
        "ttl": RECORD_SECONDS,
        "aRecords": a_records,
        "metadata": { "creator": "created by private endpoint" },
    }});
    let runtime = json!({ "properties": {
        "fqdn": format!("{record}.{}.", zone.name()),
        "isAutoRegistered": false,
    }});
    child::make(cloud, &zone.child("A", &record), "2024-06-01", body, runtime);
    Some(json!({
        "recordType": "A",
        "recordSetName": record,
        "fqdn": format!("{record}.{}", zone.name()),
        "ttl": RECORD_SECONDS,
        "provisioningState": "Succeeded",
        "ipAddresses": addresses,
    }))
}

pub(super) fn zone_group_going(cloud: &mut Cloud, id: &ResourceId) {
    let group = cloud.resource(id);
    let configurations = group
        .map_or_else(Vec::new, |group| group.items("/properties/privateDnsZoneConfigs").to_vec());
    for configuration in configurations {
        let Some(zone) = configuration.id_at("/properties/privateDnsZoneId") else { continue };
        for set in configuration.items("/properties/recordSets") {
            cloud.remove_resource(&zone.child("A", set.text("/recordSetName")));
        }
        count(cloud, &zone);
    }
    if let Some(endpoint) = id.parent() {
        endpoint::tell_names(cloud, &endpoint, true);
    }
}
