//! The routes that a network card really has: Azure's own, overridden by those of its subnet's route table.
//!
//! Told only for a card on a running machine, as Azure does. It reads state and changes nothing but the operation.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::action;
use crate::practice::asynchronous;
use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, StoredResource};

/// Answers `POST {networkInterface}/effectiveRouteTable`
/// (<https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/get-effective-route-table>).
pub(super) fn handle(cloud: &mut Cloud, request: &Request, id: &ResourceId) -> Reply {
    let routes = cloud.resource(id).and_then(|card| routes(cloud, card));
    answer(cloud, request, id, routes)
}

/// The answer about what holds for a card: later, or a refusal where no machine runs on it.
pub(super) fn answer(
    cloud: &mut Cloud,
    request: &Request,
    card: &ResourceId,
    what_holds: Option<Vec<Value>>,
) -> Reply {
    let Some(items) = what_holds else {
        return fault!(
            400,
            "NetworkInterfaceNotOnRunningVm",
            "Network interface {card} is not attached to a running virtual machine."
        );
    };
    let (span, result) = (SignedDuration::from_secs(5), json!({ "value": items }));
    asynchronous::accepted_with_result(cloud, request, card.namespace(), span, result)
}

/// Whether a card is attached to a machine that runs.
pub(super) fn is_on_running_machine(cloud: &Cloud, card: &StoredResource) -> bool {
    cloud.resource_at(card.text("/properties/virtualMachine/id")).is_some_and(action::is_running)
}

fn routes(cloud: &Cloud, card: &StoredResource) -> Option<Vec<Value>> {
    if !is_on_running_machine(cloud, card) {
        return None;
    }
    let subnet = card.id_at("/properties/ipConfigurations/0/properties/subnet/id")?;
    let network = cloud.resource(&subnet.parent()?)?;
    let mut routes = Vec::new();
    for prefix in network.items("/properties/addressSpace/addressPrefixes") {
        routes.push(route("Default", "Active", prefix, "VnetLocal", &[]));
    }
    let own = own_routes(cloud, network, &subnet);
    let overridden =
        |prefix: &str| own.iter().any(|each| each.text("/properties/addressPrefix") == prefix);
    for prefix in ["0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] {
        let hop = if prefix == "0.0.0.0/0" { "Internet" } else { "None" };
        let state = if overridden(prefix) { "Invalid" } else { "Active" };
        routes.push(route("Default", state, &json!(prefix), hop, &[]));
    }
    for each in &own {
        let text = |name: &str| each.pointer(&format!("/properties/{name}")).cloned();
        let address: Vec<Value> = text("nextHopIpAddress").into_iter().collect();
        let prefix = text("addressPrefix").unwrap_or_default();
        let hop = each.text("/properties/nextHopType");
        routes.push(route("User", "Active", &prefix, hop, &address));
    }
    Some(routes)
}

/// The routes of the subnet's table.
fn own_routes(cloud: &Cloud, network: &StoredResource, subnet: &ResourceId) -> Vec<Value> {
    let mut subnets = network.items("/properties/subnets").iter();
    let own = subnets.find(|each| each.says("/name", subnet.name()));
    let table = own.and_then(|each| cloud.resource_at(each.text("/properties/routeTable/id")));
    table.map_or_else(Vec::new, |table| table.items("/properties/routes").to_vec())
}

fn route(source: &str, state: &str, prefix: &Value, hop: &str, address: &[Value]) -> Value {
    json!({
        "source": source,
        "state": state,
        "addressPrefix": [prefix],
        "nextHopType": hop,
        "nextHopIpAddress": address,
        "disableBgpRoutePropagation": false,
        "hasBgpOverride": false,
    })
}
