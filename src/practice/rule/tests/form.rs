//! The forms of answers that differ from type to type, as they are recorded.

use hyper::Method;
use serde_json::{Value, json};

use super::{at, card, endpoint, id, make, make_network, put, refuses, regional, storage, vault};
use crate::practice::reply::Reply;
use crate::practice::state::SUBSCRIPTION;
use crate::practice::testing::{Bench, in_group};

const ZONE: &str = "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net";

fn patch(bench: &mut Bench, rest: &str, body: Value) -> Reply {
    bench.ask(Method::PATCH, &at(rest), body)
}

#[test]
fn a_vault_tells_by_its_own_state_when_it_is_made() {
    let mut bench = Bench::with_group();
    let kv = "Microsoft.KeyVault/vaults/kv-test1234";
    let state = |body: &Value| body["properties"]["provisioningState"].clone();
    let begun = put(&mut bench, kv, vault());
    assert_eq!((begun.status, state(&begun.body)), (200, json!("RegisteringDns")));
    assert_eq!(begun.get("azure-asyncoperation"), None);
    assert!(begun.body["properties"]["vaultUri"].is_string());
    assert_eq!(state(&bench.get(&at(kv)).body), "RegisteringDns");
    bench.pass(600);
    assert_eq!(state(&bench.get(&at(kv)).body), "Succeeded");
    let changed = put(&mut bench, kv, vault());
    assert_eq!((changed.status, state(&changed.body)), (200, json!("Succeeded")));
    assert_eq!(bench.delete(&at(kv)).status, 200);
    assert_eq!(bench.get(&at(kv)).status, 404);
    assert_eq!(bench.delete(&at(kv)).status, 204);
}

#[test]
fn a_storage_account_goes_at_once_and_shows_what_nobody_asked_for() {
    let mut bench = Bench::with_group();
    let account = "Microsoft.Storage/storageAccounts/stgtest1234";
    let made = make(&mut bench, account, storage());
    let shown = &made["properties"];
    assert_eq!(shown["encryption"]["keySource"], "Microsoft.Storage");
    assert_eq!(shown["encryption"]["services"]["blob"]["enabled"], true);
    assert_eq!(shown["networkAcls"]["defaultAction"], "Allow");
    let mut closed = storage();
    closed["properties"]["networkAcls"] = json!({ "defaultAction": "Deny" });
    let made = make(&mut bench, account, closed);
    assert_eq!(made["properties"]["networkAcls"]["defaultAction"], "Deny");
    assert_eq!(bench.delete(&at(account)).status, 200);
    assert_eq!(bench.delete(&at(account)).status, 204);
}

#[test]
fn zones_links_and_resolvers_say_later_that_they_are_done() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let zone = json!({ "location": "global", "tags": { "a": "b" } });
    let link = format!("{ZONE}/virtualNetworkLinks/l");
    let linked = json!({ "location": "global", "properties": {
        "virtualNetwork": id("Microsoft.Network/virtualNetworks/vnet"), "registrationEnabled": false,
    }});
    let resolver =
        regional(json!({ "virtualNetwork": id("Microsoft.Network/virtualNetworks/vnet") }));
    for (rest, body) in [
        (ZONE, zone),
        (link.as_str(), linked),
        ("Microsoft.Network/dnsResolvers/resolver", resolver),
    ] {
        let begun = put(&mut bench, rest, body);
        assert_eq!((begun.status, &begun.body), (202, &json!({})), "{rest}");
        assert!(begun.get("location").is_some());
        bench.pass(600);
    }
    for (rest, body) in [
        (ZONE, json!({ "tags": { "c": "d" } })),
        (link.as_str(), json!({ "properties": { "resolutionPolicy": "NxDomainRedirect" } })),
    ] {
        let begun = patch(&mut bench, rest, body);
        assert_eq!((begun.status, &begun.body), (202, &json!({})), "{rest}");
        let status = begun.get("azure-asyncoperation").unwrap().to_owned();
        assert_eq!(bench.get(&status).body["status"], "Succeeded");
        assert_eq!(bench.get(begun.get("location").unwrap()).status, 200);
    }
    assert_eq!(bench.get(&at(ZONE)).body["tags"], json!({ "c": "d" }));
    let shown = bench.get(&at(&link)).body;
    assert_eq!(shown["properties"]["resolutionPolicy"], "NxDomainRedirect");
    let wrong = json!({ "properties": { "resolutionPolicy": "Sometimes" } });
    assert_eq!(Bench::code(&patch(&mut bench, &link, wrong)), "InvalidParameter");
    let refused = bench.delete(&at(ZONE));
    assert_eq!(Bench::code(&refused), "CannotDeleteResource");
}

#[test]
fn a_card_is_there_at_once_and_takes_its_time_to_go() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let nic = "Microsoft.Network/networkInterfaces/nic";
    let made = put(&mut bench, nic, card("SharedSubnet"));
    assert_eq!(
        (made.status, &made.body["properties"]["provisioningState"]),
        (201, &json!("Succeeded"))
    );
    assert_eq!(bench.delete(&at(nic)).status, 202);
}

#[test]
fn two_providers_spell_ids_their_own_way() {
    let mut bench = Bench::with_group();
    let made =
        put(&mut bench, "Microsoft.ManagedIdentity/userAssignedIdentities/Me", regional(json!({})));
    let own = format!(
        "/subscriptions/{SUBSCRIPTION}/resourcegroups/rg-test/providers/Microsoft.ManagedIdentity/\
         userAssignedIdentities/Me"
    );
    assert_eq!(made.body["id"], own);
    assert_eq!(made.get("location"), Some(format!("{own}?api-version=").as_str()));
    let account = "Microsoft.Storage/storageAccounts/stgtest1234";
    make(&mut bench, account, storage());
    let logs = "Microsoft.OperationalInsights/workspaces/log-test";
    make(&mut bench, logs, regional(json!({})));
    let setting = json!({ "properties": { "workspaceId": in_group(logs), "logs": [] } });
    let rest = format!("{account}/providers/Microsoft.Insights/diagnosticSettings/All");
    let made = put(&mut bench, &rest, setting);
    let id = in_group(account).to_ascii_lowercase();
    assert_eq!(
        made.body["id"],
        format!("{id}/providers/microsoft.insights/diagnosticSettings/All")
    );
    assert!(made.body["properties"].as_object().unwrap().contains_key("eventHubName"));
}

#[test]
fn names_are_told_by_the_endpoint_or_by_its_group() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let account = "Microsoft.Storage/storageAccounts/stgtest1234";
    make(&mut bench, account, storage());
    let pe = "Microsoft.Network/privateEndpoints/pe";
    let mut body = endpoint(account, "blob");
    body["properties"]["customDnsConfigs"] =
        json!([{ "fqdn": "a.example", "ipAddresses": ["10.1.2.132"] }]);
    make(&mut bench, pe, body.clone());
    make(&mut bench, ZONE, json!({ "location": "global" }));
    let group = json!({ "properties": { "privateDnsZoneConfigs": [{
        "name": "blob", "properties": { "privateDnsZoneId": in_group(ZONE) },
    }]}});
    make(&mut bench, &format!("{pe}/privateDnsZoneGroups/default"), group);
    refuses(&mut bench, &[(pe, body, "BadRequest")]);
    make(&mut bench, pe, endpoint(account, "blob"));
}
