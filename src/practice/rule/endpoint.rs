//! Private endpoints: their network card with its addresses and names, and the connection on the target's side.
//!
//! The names stand at the card. The endpoint tells them too (`customDnsConfigs`), but only until a zone group registers
//! them: from then on that list is empty.

use serde_json::{Value, json};
use uuid::Uuid;

use super::fully_qualified::{self, Member};
use super::{Proposed, address, busy, child};
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource};

const ENDPOINT: &str = "Microsoft.Network/privateEndpoints";
const CONNECTION: &str = "/properties/privateLinkServiceConnections/0/properties";

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(ENDPOINT) {
        return Ok(());
    }
    let target = proposed.id_at(&format!("{CONNECTION}/privateLinkServiceId"));
    let group = proposed.text(&format!("{CONNECTION}/groupIds/0"));
    let mut addresses = 1;
    if let Some(target) = target {
        let offered = fully_qualified::groups(&target.resource_type());
        // A service of one's own has no groups (recorded: `microsoft.network_privateendpoints.jsonl#0`).
        let own_service = target.is("Microsoft.Network/privateLinkServices");
        if !own_service && !offered.iter().any(|known| known.eq_ignore_ascii_case(group)) {
            return Err(bad_request!(
                "PrivateLinkServiceGroupIdInvalid",
                "The group id '{group}' of private endpoint {} is not offered by {target}. It offers: {}.",
                proposed.id,
                offered.join(", ")
            ));
        }
        is_premium_registry(cloud, &target)?;
        addresses = fully_qualified::members(cloud, &target, group).len();
    }
    let Some(subnet) = proposed.id_at("/properties/subnet/id") else { return Ok(()) };
    policies_are_off(cloud, proposed, &subnet)?;
    names_are_left_to_group(cloud, proposed)?;
    match proposed.existing {
        Some(_) => Ok(()),
        None => address::has_room(cloud, &subnet, addresses, proposed.id),
    }
}

/// An endpoint whose names a zone group registers tells none itself. The code is unrecorded.
fn names_are_left_to_group(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let told = !proposed.items("/properties/customDnsConfigs").is_empty();
    if !told || !has_zone_group(cloud, proposed.id) {
        return Ok(());
    }
    Err(bad_request!(
        "BadRequest",
        "Private endpoint {} has a private DNS zone group. Its customDnsConfigs must be empty.",
        proposed.id
    ))
}

fn is_premium_registry(cloud: &Cloud, target: &ResourceId) -> Result<()> {
    let is_registry = target.is("Microsoft.ContainerRegistry/registries");
    if !is_registry || child::text(cloud, target, "/sku/name").eq_ignore_ascii_case("Premium") {
        return Ok(());
    }
    Err(bad_request!(
        "PrivateEndpointNotSupportedInSku",
        "The registry {} is not in the Premium SKU, which private endpoints need.",
        target.name()
    ))
}

/// API versions before 2022 refuse a subnet whose network policies are on; later ones filter the endpoint's traffic
/// instead (MicrosoftDocs/azure-docs, "Manage network policies for private endpoints").
fn policies_are_off(cloud: &Cloud, proposed: &Proposed<'_>, subnet: &ResourceId) -> Result<()> {
    let on = child::text(cloud, subnet, "/properties/privateEndpointNetworkPolicies");
    if proposed.api_version >= "2022" || !on.eq_ignore_ascii_case("Enabled") {
        return Ok(());
    }
    Err(bad_request!(
        "PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled",
        "Private endpoint {} cannot be created in subnet {subnet} since it has private endpoint network policies \
         enabled.",
        proposed.id
    ))
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let Some(endpoint) = cloud.resource(id).cloned() else { return };
    let group = endpoint.text(&format!("{CONNECTION}/groupIds/0")).to_owned();
    let Some(target) = endpoint.id_at(&format!("{CONNECTION}/privateLinkServiceId")) else {
        return;
    };
    let members = fully_qualified::members(cloud, &target, &group);
    let card = card_id(cloud, &endpoint);
    let addresses = addresses(cloud, &endpoint, &card, members.len());
    let configurations = configurations(&endpoint, &group, &members, &addresses);
    make_card(cloud, &endpoint, &card, &configurations);
    let asked = child::items(cloud, id, "/properties/privateLinkServiceConnections");
    let mut approved = child::with_ids(id, "privateLinkServiceConnections", &asked);
    for connection in &mut approved {
        let state = json!({ "properties": { "privateLinkServiceConnectionState": approval() } });
        json::merge(connection, state);
    }
    child::show_properties!(cloud, id, {
        "resourceGuid": child::identifier(cloud, id, "resource guid"),
        "networkInterfaces": [{ "id": card.to_string() }],
        "manualPrivateLinkServiceConnections": [],
        "privateLinkServiceConnections": approved,
    });
    tell_names(cloud, id, !has_zone_group(cloud, id));
    show_on_target(cloud, &target, id, true);
}

fn has_zone_group(cloud: &Cloud, endpoint: &ResourceId) -> bool {
    cloud.children(endpoint, "privateDnsZoneGroups").next().is_some()
}

/// An endpoint tells its names itself, or leaves them to its zone group.
pub(super) fn tell_names(cloud: &mut Cloud, endpoint: &ResourceId, itself: bool) {
    let told = if itself { names(cloud, endpoint) } else { Vec::new() };
    child::show_properties!(cloud, endpoint, { "customDnsConfigs": told });
}

/// The names of an endpoint with their address, as its card has them.
pub fn names(cloud: &Cloud, endpoint: &ResourceId) -> Vec<Value> {
    let card = cloud.resource(endpoint).map(|endpoint| card_id(cloud, endpoint));
    let card = card.and_then(|card| cloud.resource(&card));
    let configurations = card.map_or(&[][..], |card| card.items("/properties/ipConfigurations"));
    let told = configurations.iter().flat_map(|each| {
        let address = each.pointer("/properties/privateIPAddress");
        let names = each.items("/properties/privateLinkConnectionProperties/fqdns").iter();
        names.map(move |name| json!({ "fqdn": name, "ipAddresses": [address] }))
    });
    told.collect()
}

/// The card's configurations, one for each member.
fn configurations(
    endpoint: &StoredResource,
    group: &str,
    members: &[Member],
    addresses: &[String],
) -> Vec<Value> {
    let configuration = |(index, (member, address)): (usize, (&Member, &String))| {
        json!({ "name": format!("privateEndpointIpConfig.{index}"), "properties": {
            "subnet": { "id": endpoint.text("/properties/subnet/id") },
            "privateIPAddress": address,
            "privateIPAllocationMethod": "Dynamic",
            "privateIPAddressVersion": "IPv4",
            "primary": index == 0,
            "privateLinkConnectionProperties":
                { "groupId": group, "requiredMemberName": member.name, "fqdns": member.names },
        }})
    };
    members.iter().zip(addresses).enumerate().map(configuration).collect()
}

fn approval() -> Value {
    json!({ "status": "Approved", "description": "Auto-Approved", "actionsRequired": "None" })
}

/// The card has the name that the endpoint asks for, else one made of the endpoint's own.
fn card_id(cloud: &Cloud, endpoint: &StoredResource) -> ResourceId {
    let asked = endpoint.text("/properties/customNetworkInterfaceName");
    let name = if asked.is_empty() {
        let unique = child::identifier(cloud, &endpoint.id, "network card");
        format!("{}.nic.{unique}", endpoint.id.name())
    } else {
        asked.to_owned()
    };
    endpoint.id.sibling("Microsoft.Network", "networkInterfaces", &name)
}

/// Keeps the addresses that the card has; a new card gets the lowest free ones.
fn addresses(
    cloud: &Cloud,
    endpoint: &StoredResource,
    card: &ResourceId,
    count: usize,
) -> Vec<String> {
    let kept: Vec<String> = child::shown(cloud, card, "/properties/ipConfigurations")
        .iter()
        .filter_map(|item| item.pointer("/properties/privateIPAddress")?.as_str())
        .map(str::to_owned)
        .collect();
    if kept.len() == count {
        return kept;
    }
    endpoint.id_at("/properties/subnet/id").map_or_else(Vec::new, |subnet| {
        address::free(cloud, &subnet, count, card).iter().map(ToString::to_string).collect()
    })
}

fn make_card(
    cloud: &mut Cloud,
    endpoint: &StoredResource,
    card: &ResourceId,
    configurations: &[Value],
) {
    let shown = child::with_ids(card, "ipConfigurations", configurations);
    let body = json!({
        "location": endpoint.text("/location"),
        "tags": endpoint.get("/tags").cloned().unwrap_or_else(|| json!({})),
        "properties": { "privateEndpoint": { "id": endpoint.id.to_string() } },
    });
    let runtime = json!({ "properties": {
        "provisioningState": "Succeeded",
        "privateEndpoint": { "id": endpoint.id.to_string() },
        "ipConfigurations": shown,
        "nicType": "Standard",
        "enableIPForwarding": false,
    }});
    child::make(cloud, card, &endpoint.api_version, body, runtime);
}

/// The target lists the endpoints that lead to it.
fn show_on_target(cloud: &mut Cloud, target: &ResourceId, endpoint: &ResourceId, present: bool) {
    let name = connection_name(endpoint);
    let endpoint_text = endpoint.to_string();
    let group = child::text(cloud, endpoint, &format!("{CONNECTION}/groupIds/0"));
    let Some(found) = cloud.resource_mut(target) else { return };
    let mut list = found.runtime.items("/properties/privateEndpointConnections").to_vec();
    list.retain(|item| item.text("/properties/privateEndpoint/id") != endpoint_text);
    if present {
        let id = target.child("privateEndpointConnections", &name);
        list.push(json!({
            "id": id.to_string(),
            "name": name,
            "type": id.resource_type(),
            "properties": {
                "privateEndpoint": { "id": endpoint_text },
                "privateLinkServiceConnectionState": approval(),
                "groupIds": [group],
                "provisioningState": "Succeeded",
            },
        }));
    }
    let shown = json!({ "properties": { "privateEndpointConnections": list } });
    json::merge(&mut found.runtime, shown);
}

/// The name under which the resource side lists the connection too.
fn connection_name(endpoint: &ResourceId) -> String {
    let key = format!("{}/0", endpoint.key());
    let guid = Uuid::new_v5(&Uuid::NAMESPACE_URL, key.as_bytes());
    format!("{}.{guid}", endpoint.name())
}

/// The card and the target's entry go with the endpoint.
pub(super) fn going(cloud: &mut Cloud, id: &ResourceId) {
    let Some(endpoint) = cloud.resource(id).cloned() else { return };
    let card = card_id(cloud, &endpoint);
    cloud.remove_resource(&card);
    if let Some(target) = ResourceId::parse(&busy::endpoint_target(&endpoint)) {
        show_on_target(cloud, &target, id, false);
    }
}
