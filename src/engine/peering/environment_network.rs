//! The environment's own side, as far as a peering is concerned: its network, what filters and routes in it, its zones.
//!
//! It is read from what the group holds, so that an environment of the Terraform scripts is seen like one of ours.
//! Reads only.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::environment::Record;
use crate::domain::peering::zones::RecordSet;
use crate::domain::problem::{Problem, Result};
use crate::domain::registration::{self, Registration};
use crate::domain::resource;
use crate::domain::settings::DnsZones;
use crate::engine::Context;

/// The subnet that holds endpoints, jumpbox and computes.
const SHARED: &str = "SharedSubnet";

/// What was read.
#[derive(Debug)]
pub(super) struct EnvironmentNetwork {
    /// Id of the network.
    pub network_id: String,
    /// Its name.
    pub name: String,
    /// Its address ranges.
    pub ranges: Vec<String>,
    /// `SharedSubnet`.
    pub subnet: Option<Value>,
    /// The subnet's route table.
    pub route_table: Option<Value>,
    /// The subnet's network security group.
    pub security_group: Option<Value>,
    /// Ids and names of the private zones.
    pub zones: Vec<(String, String)>,
    /// The records that its names need in zones that exist elsewhere, by zone; empty where it has zones of its own.
    pub elsewhere: BTreeMap<String, Vec<RecordSet>>,
}

impl EnvironmentNetwork {
    /// Reads it.
    pub(super) async fn read(context: &Context, record: &Record) -> Result<Self> {
        let arm = &context.arm;
        let resources = arm.resources(&record.resource_group).await?;
        let of_type = |kind: &'static str| {
            let fits = move |each: &&crate::azure::arm::ResourceSummary| {
                each.resource_type.eq_ignore_ascii_case(kind)
            };
            resources.iter().filter(fits)
        };
        let found = of_type(resource::VIRTUAL_NETWORK).next().ok_or_else(|| missing(record))?;
        let network = arm.resource(&found.id).await?;
        let network = network.ok_or_else(|| missing(record))?;
        let subnet = named(&network, SHARED);
        let table = behind(context, subnet.as_ref(), "routeTable").await?;
        let group = behind(context, subnet.as_ref(), "networkSecurityGroup").await?;
        let zones =
            of_type(resource::PRIVATE_ZONE).map(|each| (each.id.clone(), each.name.clone()));
        Ok(Self {
            network_id: found.id.clone(),
            name: found.name.clone(),
            ranges: texts(&network, "/properties/addressSpace/addressPrefixes"),
            subnet,
            route_table: table,
            security_group: group,
            zones: zones.collect(),
            elsewhere: elsewhere(context, record).await?,
        })
    }
}

/// What has to be registered, read from the network interfaces of the endpoints.
async fn elsewhere(context: &Context, record: &Record) -> Result<BTreeMap<String, Vec<RecordSet>>> {
    if record.settings.dns_zones == DnsZones::Create {
        return Ok(BTreeMap::new());
    }
    let path = format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/networkInterfaces",
        context.arm.subscription_id(),
        record.resource_group
    );
    let cards = context.arm.resource_list(&path).await?;
    let names: Vec<Registration> =
        cards.iter().flatten().flat_map(|card| registration::of_card("", card)).collect();
    Ok(registration::record_sets(&names))
}

fn missing(record: &Record) -> Problem {
    Problem::new(
        "NetworkMissing",
        "The environment's network is not there, so there is nothing to connect.",
        "See the state of the environment with `privateaml status`.",
    )
    .at(record.resource_group.clone())
}

/// A subnet of a network by its name.
pub(super) fn named(network: &Value, name: &str) -> Option<Value> {
    let subnets = network.pointer("/properties/subnets")?.as_array()?;
    let found = subnets.iter().find(|subnet| {
        let text = subnet.get("name").and_then(Value::as_str);
        text.is_some_and(|text| text.eq_ignore_ascii_case(name))
    });
    found.cloned()
}

/// What a subnet refers to under a key.
pub(super) async fn behind(
    context: &Context,
    subnet: Option<&Value>,
    key: &str,
) -> Result<Option<Value>> {
    let pointer = format!("/properties/{key}/id");
    let id = subnet.and_then(|subnet| subnet.pointer(&pointer)).and_then(Value::as_str);
    match id {
        Some(id) => context.arm.resource(id).await,
        None => Ok(None),
    }
}

fn texts(value: &Value, pointer: &str) -> Vec<String> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
