//! Network interfaces: private addresses given away in a subnet.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::{Proposed, address, child};
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::Cloud;

const INTERFACE: &str = "Microsoft.Network/networkInterfaces";

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(INTERFACE) {
        return Ok(());
    }
    for configuration in proposed.items("/properties/ipConfigurations") {
        let text = |pointer: &str| configuration.text(pointer);
        let Some(subnet) = ResourceId::parse(text("/properties/subnet/id")) else {
            return Err(bad_request!(
                "SubnetMissing",
                "An IP configuration of {} names no subnet.",
                proposed.id
            ));
        };
        if text("/properties/privateIPAllocationMethod").eq_ignore_ascii_case("Static") {
            static_address(cloud, proposed, &subnet, text("/properties/privateIPAddress"))?;
        } else {
            address::has_room(cloud, &subnet, 1, proposed.id)?;
        }
    }
    Ok(())
}

fn static_address(
    cloud: &Cloud,
    proposed: &Proposed<'_>,
    subnet: &ResourceId,
    wanted: &str,
) -> Result<()> {
    let Some(range) = address::range(cloud, subnet) else { return Ok(()) };
    let refuse = |code: &str, why: &str| {
        Err(bad_request!(
            code,
            "Private static IP address {wanted} {why} of subnet {}.",
            subnet.name()
        ))
    };
    let Ok(wanted_address) = wanted.parse::<Ipv4Addr>() else {
        return refuse("InvalidIPAddressFormat", "is no IPv4 address; it is for an interface");
    };
    if !range.contains(wanted_address) {
        return refuse("PrivateIPAddressNotInSubnet", "does not belong to the range");
    }
    if !address::usable(range).any(|usable| usable == wanted_address) {
        return refuse("PrivateIPAddressInReservedRange", "falls within the reserved range");
    }
    if address::taken(cloud, subnet, proposed.id).contains(&wanted_address) {
        return refuse("PrivateIPAddressInUse", "is in use by another interface");
    }
    Ok(())
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    if !child::text(cloud, id, "/properties/privateEndpoint/id").is_empty() {
        return;
    }
    let configurations = child::items(cloud, id, "/properties/ipConfigurations");
    let kept = cloud
        .resource(id)
        .and_then(|found| found.runtime.pointer("/properties/ipConfigurations").cloned());
    let mut shown = child::with_ids(id, "ipConfigurations", &configurations);
    for (index, configuration) in shown.iter_mut().enumerate() {
        let address = chosen_address(cloud, id, configuration, kept.as_ref(), index);
        json::merge(
            configuration,
            json!({ "properties": {
                "privateIPAddress": address,
                "privateIPAddressVersion": "IPv4",
                "primary": index == 0,
            }}),
        );
    }
    let guid = child::identifier(cloud, id, "resource guid");
    child::show_properties!(cloud, id, {
        "resourceGuid": guid,
        "ipConfigurations": shown,
        "macAddress": mac_address(&guid),
        "nicType": "Standard",
    });
}

/// The address that it asks for, else the one that it has, else the lowest free one.
fn chosen_address(
    cloud: &Cloud,
    id: &ResourceId,
    configuration: &Value,
    kept: Option<&Value>,
    index: usize,
) -> String {
    let text = |value: &Value, pointer: &str| value.text(pointer).to_owned();
    let subnet = text(configuration, "/properties/subnet/id");
    let asked = text(configuration, "/properties/privateIPAddress");
    let is_static = text(configuration, "/properties/privateIPAllocationMethod") == "Static";
    let before = kept.and_then(|kept| kept.get(index));
    let same_subnet = before
        .is_some_and(|before| text(before, "/properties/subnet/id").eq_ignore_ascii_case(&subnet));
    match before {
        _ if is_static && !asked.is_empty() => asked,
        Some(before) if same_subnet => text(before, "/properties/privateIPAddress"),
        _ => ResourceId::parse(&subnet)
            .and_then(|subnet| address::free(cloud, &subnet, 1, id).pop())
            .map_or_else(String::new, |address| address.to_string()),
    }
}

/// A card of Microsoft's range, made from an id so that it stays the same.
fn mac_address(guid: &str) -> String {
    let hex: String = guid
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(6)
        .collect::<String>()
        .to_ascii_uppercase();
    let pair = |from: usize| hex.get(from..from + 2).unwrap_or("00").to_owned();
    format!("00-0D-3A-{}-{}-{}", pair(0), pair(2), pair(4))
}
