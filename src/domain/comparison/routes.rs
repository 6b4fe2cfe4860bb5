//! Effective routes of the jumpbox's card: what Azure makes of route table, peerings and gateways together.

use serde_json::Value;

use super::{Book, Difference, Spot, Verdict, text};
use crate::domain::default_route::{default_hop, firewall_address};
use crate::domain::json::texts;
use crate::domain::resource;

/// Points at which the cause of a route that leads around the firewall is told: subnets, route table, peerings, the
/// network's service endpoints.
const CAUSES: [u8; 4] = [16, 17, 18, 27];

/// The default route of what Terraform made leads to its firewall: that is seen, whatever the files say.
pub(super) fn default(book: &mut Book<'_>) {
    if !book.case.terraform {
        return;
    }
    let Some((table, body)) = book.case.first(resource::ROUTE_TABLE) else { return };
    let Some((_, firewall)) = book.case.first(resource::FIREWALL) else { return };
    let (hop, address) = (default_hop(body), firewall_address(firewall));
    let Some(address) = address.filter(|address| hop != Some(*address)) else { return };
    let spot = Spot::planned(table).place("properties.routes");
    let found = hop.unwrap_or("no default route");
    let remedy =
        "Set the next hop of the default route to the firewall's address, in the Terraform files.";
    book.wrong(&spot, Difference::changed(address, found, remedy));
}

pub(super) fn effective(book: &mut Book<'_>) {
    let Some((card, _)) = book.case.first(resource::INTERFACE) else { return };
    let spot = Spot::planned(card).place("effectiveRouteTable").point(19);
    let path = format!("{}/effectiveRouteTable", card.id);
    let routes = match book.case.list(&path) {
        Ok(routes) => routes,
        Err(why) => {
            let found = format!("not known: {why}");
            let remedy = "Azure tells effective routes only while the machine runs: start it, then look again.";
            return book.not_known(&spot, found, remedy);
        }
    };
    // One cause is told once, where it lies.
    let told = book.has(Verdict::NotPlanned, &CAUSES);
    let mut fine = true;
    for route in routes.iter().filter(|route| text(route, "/state") == "Active") {
        if told || is_planned(book, route) {
            continue;
        }
        fine = false;
        let prefixes: Vec<&str> = texts(route, "/addressPrefix").collect();
        let found = format!("{} goes to {}", prefixes.join(", "), hop(route));
        let remedy =
            "Find the route in the route table or the gateway that brings it, and delete it.";
        book.differs(&spot, Difference::added(found, remedy).with(route));
    }
    if fine {
        book.as_planned(&spot);
    }
}

fn hop(route: &Value) -> String {
    let address = texts(route, "/nextHopIpAddress").next();
    match (text(route, "/nextHopType"), address) {
        ("", None) => "a hop that Azure does not tell".to_owned(),
        (kind, None) => kind.to_owned(),
        (kind, Some(address)) => format!("{kind} {address}"),
    }
}

/// Whether a route leads inside, nowhere, to the hub, or where the plan's route table sends it.
fn is_planned(book: &Book<'_>, route: &Value) -> bool {
    let hub = book.case.hub.is_some();
    match text(route, "/nextHopType") {
        // Peerings, service endpoints and private endpoints are compared themselves.
        "VnetLocal"
        | "None"
        | "VNetPeering"
        | "VNetGlobalPeering"
        | "VirtualNetworkServiceEndpoint"
        | "InterfaceEndpoint" => true,
        "VirtualNetworkGateway" => {
            hub && !texts(route, "/addressPrefix").any(|each| each == "0.0.0.0/0")
        }
        "VirtualAppliance" => {
            let address = texts(route, "/nextHopIpAddress").next();
            let planned =
                book.case.plan.routes.iter().any(|each| Some(each.next_hop.as_str()) == address);
            planned || (text(route, "/source") == "User" && is_in_template(book))
        }
        _ => false,
    }
}

/// Whether the plan's routes are known only when the firewall is: the table itself is compared then.
fn is_in_template(book: &Book<'_>) -> bool {
    let mut routes = book.case.plan.routes.iter();
    routes.any(|each| each.next_hop.starts_with('['))
}
