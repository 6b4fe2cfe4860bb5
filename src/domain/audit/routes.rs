//! Points 18 and 19: where traffic goes, as it is set and as it works.

use serde_json::Value;

use super::{
    case::{Case, FIREWALL, Missing, ROUTE_TABLE, items, or_not_told, or_without_name, text},
    sheet::Sheet,
    workspace::with,
};
use crate::domain::{default_route::firewall_address, inventory::name_of};

const ANYWHERE: &str = "0.0.0.0/0";

pub(super) fn default_route(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(table) = with(case, sheet, ROUTE_TABLE) else {
        return;
    };
    let firewall = case.first(FIREWALL);
    let address = firewall
        .and_then(|firewall| firewall.body.ok())
        .and_then(firewall_address);
    let Some(body) = sheet.body(&table, "/properties/routes", "0.0.0.0/0 to the firewall") else {
        return;
    };
    let mend = "Run `privateaml mend`, or set the next hop of the default route to the firewall's address.";
    let routes = items(body, "/properties/routes");
    let default = routes
        .iter()
        .find(|each| text(each, "/properties/addressPrefix") == ANYWHERE);
    let hop = default.map_or("no default route", |route| {
        text(route, "/properties/nextHopIpAddress")
    });
    let gone = firewall.is_some_and(|firewall| firewall.body == Err(Missing::Absent));
    let kind = default.map_or("", |route| text(route, "/properties/nextHopType"));
    match address {
        Some(address) => {
            let holds = kind == "VirtualAppliance" && hop == address;
            let found = format!("{kind} {hop}");
            let expected = format!("VirtualAppliance {address}");
            sheet.judge(
                table.name,
                "/properties/routes/default",
                &expected,
                found.trim(),
                holds,
                mend,
            );
        }
        None if case.paused && kind == "VirtualAppliance" => {
            let found = format!(
                "{}, where nothing answers while the firewall is paused",
                or_not_told(hop)
            );
            sheet.judge(
                table.name,
                "/properties/routes/default",
                "a firewall's address",
                &found,
                true,
                "",
            );
        }
        None if gone => {
            let remedy = "Run `privateaml mend`: it makes the firewall again, and the route to it.";
            let field = "/properties/routes/default";
            let expected = "the firewall's address";
            sheet.judge(
                table.name,
                field,
                expected,
                "there is no firewall",
                false,
                remedy,
            );
        }
        None => {
            let field = "/properties/routes/default";
            let remedy = "Start the firewall (`privateaml resume`), then run the audit again.";
            sheet.unproven(
                table.name,
                field,
                "the firewall's address",
                "the firewall's address is not known",
                remedy,
            );
        }
    }
    for route in routes {
        let direct = text(route, "/properties/nextHopType").eq_ignore_ascii_case("Internet");
        if direct {
            let prefix = match text(route, "/properties/addressPrefix") {
                "" => "a range that Azure does not tell",
                prefix => prefix,
            };
            let found = format!("{prefix} goes to the internet directly");
            let remedy = format!(
                "Delete the route {}: it leads past the firewall.",
                or_without_name(text(route, "/name"))
            );
            sheet.judge(
                table.name,
                "/properties/routes",
                "no route to Internet",
                &found,
                false,
                &remedy,
            );
        }
    }
}

pub(super) fn effective_routes(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(card) = case.planned(super::case::CARD).next() else {
        sheet.unknown(
            "network cards",
            "",
            "the jumpbox's routes",
            "the template has none",
        );
        return;
    };
    let path = format!("{}/effectiveRouteTable", card.id);
    let Some(routes) = case.inventory.items(&path) else {
        let why = case
            .inventory
            .why_unknown(&path)
            .unwrap_or("the card is gone");
        let remedy = "Azure tells effective routes only while the machine runs: start it, then run the audit again.";
        let found = format!("not known: {why}");
        sheet.unproven(
            name_of(&card.id),
            "effectiveRouteTable",
            "no active route to Internet",
            &found,
            remedy,
        );
        return;
    };
    let active = |route: &&Value| text(route, "/state") == "Active";
    let direct: Vec<String> = routes
        .iter()
        .filter(active)
        .filter(|route| text(route, "/nextHopType").eq_ignore_ascii_case("Internet"))
        .map(|route| {
            items(route, "/addressPrefix")
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        })
        .collect();
    let found = if direct.is_empty() {
        "none".to_owned()
    } else {
        direct.join(", ")
    };
    let remedy = "Find the route in the route table or the gateway that brings it, and delete it.";
    let field = "effectiveRouteTable";
    sheet.judge(
        name_of(&card.id),
        field,
        "no active route to Internet",
        &found,
        direct.is_empty(),
        remedy,
    );
}
