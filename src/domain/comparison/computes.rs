//! Computes and datastores of the workspace. People create both as their daily work: one that leads nowhere else is
//! fine.

use crate::domain::resource;
use serde_json::Value;

use super::{Book, Difference, Spot, called, is_on, name_of, or_not_told, pointer, text};

/// Each compute is in our subnet, without public address, open port or local account.
pub(super) fn compare(book: &mut Book<'_>) {
    let Some((workspace, _)) = book.case.first(resource::WORKSPACE) else { return };
    let spot = Spot::planned(workspace).place("computes").point(6);
    let Some(computes) = book.list(&spot, &format!("{}/computes", workspace.id)) else { return };
    book.as_planned(&spot);
    for compute in computes {
        // Planned computes are compared themselves.
        if book.case.plan.resource_by_id(text(compute, "/id")).is_none() {
            of_people(book, compute);
        }
    }
}

fn of_people(book: &mut Book<'_>, compute: &Value) {
    let spot =
        Spot { name: text(compute, "/name"), ..Spot::of(text(compute, "/id"), resource::COMPUTE) };
    let again =
        "Delete this compute and create it again inside SharedSubnet without public address.";
    let kind = text(compute, "/properties/computeType");
    if !matches!(kind, "AmlCompute" | "ComputeInstance") {
        let found = format!("a compute of type {}", or_not_told(kind));
        let remedy = "Ask who attached it and where it runs; detach it if nobody needs it.";
        let spot = spot.place("properties.computeType");
        return book.differs(&spot, Difference::added(found, remedy));
    }
    let port = if kind == "ComputeInstance" {
        "sshSettings.sshPublicAccess"
    } else {
        "remoteLoginPortPublicAccess"
    };
    let port = format!("properties.properties.{port}");
    let subnet = text(compute, "/properties/properties/subnet/id");
    let found = |place: &str| compute.pointer(&pointer(place)).cloned();
    let is_off = |place: &str| found(place) == Some(Value::Bool(false));
    let no_address = "properties.properties.enableNodePublicIp";
    let no_account = "properties.disableLocalAuth";
    let checks = [
        ("properties.properties.subnet.id", "our subnet", book.case.is_our_subnet(subnet)),
        (no_address, "false", is_off(no_address)),
        (port.as_str(), "Disabled", found(&port).is_some_and(|port| port == "Disabled")),
        (no_account, "true", is_on(compute, &pointer(no_account))),
    ];
    for (place, expected, holds) in checks {
        let spot = spot.place(place);
        if holds {
            book.as_planned(&spot);
            continue;
        }
        let found = match found(place) {
            None | Some(Value::Null) => "not set".to_owned(),
            Some(Value::String(id)) => called(&id).to_owned(),
            Some(other) => other.to_string(),
        };
        book.differs(&spot, Difference::changed(expected, found, again));
    }
}

/// Each datastore leads to our storage account, with identities where these were chosen.
pub(super) fn datastores(book: &mut Book<'_>) {
    let Some((workspace, _)) = book.case.first(resource::WORKSPACE) else { return };
    let spot = Spot::planned(workspace).place("datastores").point(3);
    let path = format!("{}/datastores", workspace.id);
    let Some(datastores) = book.list(&spot, &path) else { return };
    book.as_planned(&spot);
    let account = book.case.planned(resource::STORAGE).next().map_or("", |each| name_of(&each.id));
    let mode = text(&workspace.body, "/properties/systemDatastoresAuthMode");
    let mut accounts = book.case.planned(resource::STORAGE);
    let keys = accounts.any(|each| is_on(&each.body, "/properties/allowSharedKeyAccess"))
        && !mode.eq_ignore_ascii_case("Identity");
    for store in datastores {
        let spot = Spot {
            name: text(store, "/name"),
            ..Spot::of(text(store, "/id"), resource::DATASTORE)
        }
        .point(3);
        let to = text(store, "/properties/accountName");
        let credentials = text(store, "/properties/credentials/credentialsType");
        let kept = matches!(credentials, "" | "None")
            || (keys && matches!(credentials, "AccountKey" | "Sas"));
        if to.eq_ignore_ascii_case(account) && kept {
            book.as_planned(&spot);
        } else if to.eq_ignore_ascii_case(account) {
            let remedy = "Create the datastore again with identity-based access.";
            let place = "properties.credentials.credentialsType";
            book.differs(&spot.place(place), Difference::changed("None", credentials, remedy));
        } else {
            let to = match (to, text(store, "/properties/datastoreType")) {
                ("", kind) => format!("a datastore of type {}", or_not_told(kind)),
                (to, _) => format!("a datastore at {to}"),
            };
            let remedy = "Ask who created it and what for: jobs read and write there. Delete it if nobody needs it.";
            book.differs(&spot, Difference::added(to, remedy).with(store));
        }
    }
}
