//! Small recordings of our own; each says which recording of Azure it follows.

use serde_json::{Value, json};

use super::*;

const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg";

fn exchange(place: u32, method: &str, path: &str, status: u16, body: Value) -> Exchange {
    Exchange {
        source: format!("own#{place}"),
        method: method.to_owned(),
        url: format!("{path}?api-version=2025-05-01"),
        request_body: Value::Null,
        status,
        headers: serde_json::Map::new(),
        body,
    }
}

fn table(state: &str) -> Value {
    json!({
        "id": format!("{GROUP}/providers/Microsoft.Network/routeTables/rt"),
        "name": "rt",
        "type": "Microsoft.Network/routeTables",
        "location": "westeurope",
        "properties": { "provisioningState": state, "resourceGuid": "g", "routes": [] },
    })
}

/// A write that goes on, its poll, and what is read then: `microsoft.network_routetables.jsonl`.
fn life() -> Vec<Exchange> {
    let path = format!("{GROUP}/providers/Microsoft.Network/routeTables/rt");
    let poll = "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Network/locations/\
        westeurope/operations/o";
    let mut put = exchange(1, "PUT", &path, 201, table("Updating"));
    put.request_body = json!({ "location": "westeurope", "properties": { "routes": [] } });
    let place = json!(format!("https://management.azure.com{poll}?api-version=2025-05-01"));
    put.headers.insert("azure-asyncoperation".to_owned(), place);
    vec![
        put,
        exchange(2, "GET", poll, 200, json!({ "status": "InProgress" })),
        exchange(3, "GET", poll, 200, json!({ "status": "Succeeded" })),
        exchange(4, "GET", &path, 200, table("Succeeded")),
    ]
}

fn verdicts(exchanges: Vec<Exchange>) -> Vec<Comparison> {
    let report = compare(exchanges).unwrap();
    report.exchanges.into_iter().map(|each| each.verdict).collect()
}

fn about(verdict: &Comparison) -> Vec<&str> {
    match verdict {
        Comparison::Different(all) => {
            all.iter().map(|(difference, _)| difference.about.as_str()).collect()
        }
        Comparison::Alike | Comparison::Unprepared(_) => Vec::new(),
    }
}

#[test]
fn a_recording_is_replayed_in_its_order_while_time_passes() {
    let mut shuffled = life();
    shuffled.reverse();
    for verdict in verdicts(shuffled) {
        assert!(matches!(verdict, Comparison::Alike), "{verdict:?}");
    }
}

#[test]
fn what_differs_is_told_by_what_it_is_about() {
    let path = format!("{GROUP}/providers/Microsoft.Network/routeTables/rt");
    let mut told = table("Succeeded");
    told["type"] = json!("Microsoft.Network/RouteTables");
    told["properties"]["resourceGuid"] = json!(7);
    let error = |code: &str| json!({ "error": { "code": code, "message": "No." } });
    let rows = [
        (exchange(1, "GET", &path, 200, told), vec!["type", "field properties.resourceGuid"]),
        (exchange(1, "GET", &path, 200, table("Odd")), vec!["state Odd"]),
        (exchange(1, "GET", &path, 404, error("Gone")), vec!["code Gone"]),
        (
            exchange(1, "GET", &path, 404, json!({ "code": "ResourceNotFound" })),
            vec!["nesting ResourceNotFound"],
        ),
        (exchange(1, "GET", &path, 204, Value::Null), vec![]),
        (exchange(1, "GET", &path, 200, json!({})), vec![]),
    ];
    for (exchange, wanted) in rows {
        let found = verdicts(vec![exchange.clone()]);
        assert_eq!(about(&found[0]), wanted, "{exchange:?}");
    }
}

#[test]
fn what_cannot_be_replayed_is_counted_apart() {
    let path = format!("{GROUP}/providers/Microsoft.Network/routeTables/rt");
    for (exchange, wanted) in [
        (exchange(1, "GET", &path, 503, Value::Null), Unprepared::AzuresFault),
        (exchange(1, "PUT", &path, 412, Value::Null), Unprepared::RequestHeaders),
        (exchange(1, "PUT", &path, 201, Value::Null), Unprepared::NoBody),
    ] {
        let found = verdicts(vec![exchange]);
        assert!(
            matches!(found[0], Comparison::Unprepared(reason) if reason == wanted),
            "{found:?}"
        );
    }
}

#[test]
fn what_azure_did_not_find_is_not_there_and_what_it_found_is() {
    let zone = format!(
        "{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"
    );
    let error = |code: &str| json!({ "error": { "code": code, "message": "No." } });
    let group = json!({ "name": "rg", "location": "westeurope", "properties": { "provisioningState": "Succeeded" } });
    for exchange in [
        exchange(1, "GET", &zone, 404, error("ResourceNotFound")),
        exchange(1, "GET", &zone, 404, error("ResourceGroupNotFound")),
        exchange(1, "GET", GROUP, 404, error("ResourceGroupNotFound")),
        exchange(1, "GET", GROUP, 200, group),
    ] {
        let found = verdicts(vec![exchange.clone()]);
        assert!(matches!(found[0], Comparison::Alike), "{exchange:?}: {found:?}");
    }
}

#[test]
fn recorded_subscriptions_are_replaced_wherever_they_stand() {
    let id = "11111111-1111-1111-1111-111111111111";
    let text = format!("at /subscriptions/{id}/a and /Subscriptions/{id}, not /subscriptions/x");
    let wanted = format!(
        "at /subscriptions/{SUBSCRIPTION}/a and /Subscriptions/{SUBSCRIPTION}, not /subscriptions/x"
    );
    assert_eq!(of_practice(&text), wanted);
}
