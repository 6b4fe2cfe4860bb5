//! Private endpoint connections of every service that can have some: the planned endpoints', and no others.

use serde_json::Value;

use super::{Book, Difference, Spot, called, items, or_not_told, text};
use crate::domain::plan::PlannedResource;
use crate::domain::resource;

/// Where a connection says whether it is approved.
const STATUS: &str = "/properties/privateLinkServiceConnectionState/status";
const PLACE: &str = "properties.privateEndpointConnections";

pub(super) fn compare(book: &mut Book<'_>) {
    for kind in [
        resource::WORKSPACE,
        resource::STORAGE,
        resource::VAULT,
        resource::REGISTRY,
        resource::LINK_SCOPE,
    ] {
        for service in book.case.planned(kind) {
            if let Ok(body) = book.case.body(&service.id) {
                of_service(book, service, body);
            }
        }
    }
}

fn of_service(book: &mut Book<'_>, service: &PlannedResource, body: &Value) {
    let spot = Spot::planned(service).place(PLACE);
    let connections = items(body, "/properties/privateEndpointConnections");
    let mut missing: Vec<&PlannedResource> = book
        .case
        .planned(resource::PRIVATE_ENDPOINT)
        .filter(|each| leads_to(&each.body, &service.id))
        .collect();
    for connection in connections {
        let from = text(connection, "/properties/privateEndpoint/id");
        let state = text(connection, STATUS);
        let name = called(from);
        let Some(at) = missing.iter().position(|each| each.id.eq_ignore_ascii_case(from)) else {
            let remedy = format!(
                "Reject and delete the connection of {name} on the Networking page, unless you know whose it is."
            );
            let place = format!("{PLACE}[{name}]");
            let found = format!("the private endpoint {name} ({})", or_not_told(state));
            let difference = Difference::added(found, remedy).with(connection);
            book.differs(&spot.place(&place), difference);
            continue;
        };
        missing.remove(at);
        let place = format!("{PLACE}[{name}].properties.privateLinkServiceConnectionState.status");
        let spot = spot.place(&place);
        if state == "Approved" {
            book.as_planned(&spot);
        } else if !is_told_by_endpoint(book, from) {
            let remedy = format!(
                "Approve the connection of {name} on the Networking page, or run `privateaml mend`."
            );
            book.differs(&spot, Difference::changed("Approved", or_not_told(state), remedy));
        }
    }
    for endpoint in missing {
        // An endpoint that is gone is told as such.
        if book.case.body(&endpoint.id).is_ok() && !is_told_by_endpoint(book, &endpoint.id) {
            let expected = format!("the connection of {}", endpoint.name);
            let remedy =
                "Run `privateaml mend`: without it, the service cannot be reached from inside.";
            book.differs(&spot, Difference::removed(expected, remedy));
        }
    }
}

/// Whether the endpoint itself says that its connection is not approved: one place says it.
fn is_told_by_endpoint(book: &Book<'_>, endpoint: &str) -> bool {
    let Ok(body) = book.case.body(endpoint) else { return false };
    items(body, "/properties/privateLinkServiceConnections")
        .iter()
        .any(|each| !matches!(text(each, STATUS), "" | "Approved"))
}

/// Whether a private endpoint's body leads to a service.
fn leads_to(endpoint: &Value, service: &str) -> bool {
    ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"]
        .iter()
        .flat_map(|list| items(endpoint, &format!("/properties/{list}")))
        .any(|each| text(each, "/properties/privateLinkServiceId").eq_ignore_ascii_case(service))
}
