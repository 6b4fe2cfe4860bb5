//! Halves of peerings: their states and sync levels, and what Azure does not let anybody do to them.

use serde_json::{Value, json};

use super::{at, id, make, put, refuses, virtual_network};
use crate::practice::catalog::subscription;
use crate::practice::provider;
use crate::practice::testing::{Bench, in_group};

fn network(name: &str) -> String {
    format!("Microsoft.Network/virtualNetworks/{name}")
}

fn half(from: &str, name: &str) -> String {
    format!("{}/virtualNetworkPeerings/{name}", network(from))
}

fn peer(remote: &str) -> Value {
    json!({ "properties": { "remoteVirtualNetwork": id(&network(remote)) } })
}

/// Two networks, connected.
fn connected() -> Bench {
    let mut bench = Bench::with_group();
    for (name, prefix) in [("hub", "10.0.0.0/16"), ("spoke", "10.1.0.0/22")] {
        make(&mut bench, &network(name), virtual_network(prefix, &json!([])));
    }
    make(&mut bench, &half("hub", "to-spoke"), peer("spoke"));
    make(&mut bench, &half("spoke", "to-hub"), peer("hub"));
    bench
}

fn told(bench: &mut Bench, rest: &str) -> (String, String) {
    let view = bench.get(&at(rest)).body;
    let text = |key: &str| view["properties"][key].as_str().unwrap().to_owned();
    (text("peeringState"), text("peeringSyncLevel"))
}

fn both(bench: &mut Bench) -> [String; 2] {
    ["spoke", "hub"].map(|name| {
        let other = if name == "hub" { "to-spoke" } else { "to-hub" };
        let (state, sync) = told(bench, &half(name, other));
        format!("{state} {sync}")
    })
}

#[test]
fn a_changed_address_space_is_synced_on_the_side_that_does_not_know_it() {
    let mut bench = connected();
    assert_eq!(both(&mut bench), ["Connected FullyInSync", "Connected FullyInSync"]);
    let mut wider = virtual_network("10.1.0.0/22", &json!([]));
    wider["properties"]["addressSpace"]["addressPrefixes"] = json!(["10.1.0.0/22", "10.2.0.0/24"]);
    let written = make(&mut bench, &network("spoke"), wider);
    // The network was written without its peerings, and keeps them.
    assert_eq!(written["properties"]["virtualNetworkPeerings"][0]["name"], "to-hub");
    let apart = ["Connected LocalNotInSync", "Connected RemoteNotInSync"];
    assert_eq!(both(&mut bench), apart);
    make(&mut bench, &half("hub", "to-spoke"), peer("spoke"));
    assert_eq!(both(&mut bench), apart, "a plain write learns nothing");
    let path = format!("{}&syncRemoteAddressSpace=true", at(&half("hub", "to-spoke")));
    let begun = bench.put(&path, peer("spoke"));
    assert!(begun.status < 300, "{}", begun.body);
    bench.pass(600);
    assert_eq!(both(&mut bench), ["Connected FullyInSync", "Connected FullyInSync"]);
    let view = bench.get(&at(&half("hub", "to-spoke"))).body;
    assert_eq!(view["properties"]["remoteAddressSpace"]["addressPrefixes"][1], "10.2.0.0/24");
    assert!(view.get("syncing").is_none());
}

#[test]
fn a_half_that_was_left_behind_must_be_made_again() {
    let mut bench = connected();
    bench.delete(&at(&half("hub", "to-spoke")));
    bench.pass(600);
    assert_eq!(told(&mut bench, &half("spoke", "to-hub")).0, "Disconnected");
    make(&mut bench, &half("spoke", "to-hub"), peer("hub"));
    assert_eq!(told(&mut bench, &half("spoke", "to-hub")).0, "Disconnected");
    refuses(
        &mut bench,
        &[(&half("hub", "to-spoke"), peer("spoke"), "RemotePeeringIsDisconnected")],
    );
    bench.delete(&at(&half("spoke", "to-hub")));
    bench.pass(600);
    make(&mut bench, &half("hub", "to-spoke"), peer("spoke"));
    make(&mut bench, &half("spoke", "to-hub"), peer("hub"));
    assert_eq!(both(&mut bench), ["Connected FullyInSync", "Connected FullyInSync"]);
}

#[test]
fn a_network_that_goes_leaves_the_other_half_behind() {
    let mut bench = connected();
    bench.delete(&at(&network("spoke")));
    bench.pass(600);
    assert_eq!(told(&mut bench, &half("hub", "to-spoke")).0, "Disconnected");
}

#[test]
fn a_group_that_goes_leaves_the_other_half_behind() {
    let mut bench = connected();
    let group = in_group("").replace("/providers/", "").replace("rg-test", "rg-away");
    bench.put(&group, json!({ "location": "westeurope" }));
    let away = |rest: &str| at(rest).replace("rg-test", "rg-away");
    bench.make(&away(&network("away")), virtual_network("10.9.0.0/22", &json!([])));
    let remote =
        |rest: &str| json!({ "properties": { "remoteVirtualNetwork": { "id": in_group(rest) } } });
    bench.make(&away(&half("away", "to-hub")), remote(&network("hub")));
    let back = in_group(&network("away")).replace("rg-test", "rg-away");
    let back = json!({ "properties": { "remoteVirtualNetwork": { "id": back } } });
    make(&mut bench, &half("hub", "to-away"), back);
    assert_eq!(told(&mut bench, &half("hub", "to-away")).0, "Connected");
    assert_eq!(bench.delete(&group).status, 202);
    bench.pass(86_400);
    assert_eq!(told(&mut bench, &half("hub", "to-away")).0, "Disconnected");
}

#[test]
fn a_half_keeps_its_network_and_is_the_only_one() {
    let mut bench = connected();
    make(&mut bench, &network("other"), virtual_network("10.9.0.0/22", &json!([])));
    let mut wide = virtual_network("10.1.0.0/22", &json!([]));
    wide["properties"]["addressSpace"]["addressPrefixes"] = json!(["10.1.0.0/22", "10.0.4.0/24"]);
    refuses(
        &mut bench,
        &[
            (&half("spoke", "to-hub"), peer("other"), "RemoteVirtualNetworkCannotBeChanged"),
            (&half("spoke", "again"), peer("hub"), "AnotherPeeringAlreadyReferencesRemoteVnet"),
            (&network("spoke"), wide, "VnetAddressSpacesOverlap"),
        ],
    );
}

#[test]
fn a_write_on_one_side_keeps_the_other_side_waiting() {
    let mut bench = connected();
    let mut changed = peer("spoke");
    changed["properties"]["allowForwardedTraffic"] = json!(true);
    let begun = put(&mut bench, &half("hub", "to-spoke"), changed);
    assert!(begun.status < 300);
    refuses(&mut bench, &[(&half("spoke", "to-hub"), peer("hub"), "AnotherOperationInProgress")]);
    let removal = bench.delete(&at(&half("spoke", "to-hub")));
    assert_eq!(Bench::code(&removal), "AnotherOperationInProgress");
    bench.pass(600);
    assert_eq!(bench.delete(&at(&half("spoke", "to-hub"))).status, 202);
}

#[test]
fn a_zone_of_the_same_name_in_another_subscription_is_in_the_way() {
    let mut bench = connected();
    let far = subscription::id(2);
    bench.on(|cloud| {
        cloud.root.subscriptions = 2;
        provider::set_state(cloud, &far, "Microsoft.Network", "Registered");
    });
    let zone = "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net";
    let link = format!("{zone}/virtualNetworkLinks/hub");
    let global = json!({ "location": "global", "properties": {} });
    let linked = json!({ "location": "global", "properties": {
        "virtualNetwork": id(&network("hub")), "registrationEnabled": false,
    }});
    let there = |rest: &str| at(rest).replace(&subscription::id(1), &far);
    let group = in_group("").replace("/providers/", "").replace(&subscription::id(1), &far);
    bench.put(&group, json!({ "location": "westeurope" }));
    bench.make(&there(zone), global.clone());
    bench.make(&there(&link), linked.clone());
    make(&mut bench, zone, global);
    refuses(&mut bench, &[(&link, linked, "BadRequest")]);
}

#[test]
fn a_client_adds_a_record_and_its_zone_counts_it() {
    let mut bench = Bench::with_group();
    let zone = "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net";
    make(&mut bench, zone, json!({ "location": "global", "properties": {} }));
    let record = format!("{zone}/A/stgtest4821");
    let body = json!({ "properties": { "ttl": 300, "aRecords": [{ "ipv4Address": "10.1.2.132" }],
        "metadata": { "privateaml": "test4821" } } });
    let made = make(&mut bench, &record, body);
    assert_eq!(made["properties"]["metadata"]["privateaml"], "test4821");
    assert_eq!(made["properties"]["fqdn"], "stgtest4821.privatelink.blob.core.windows.net.");
    let count =
        |bench: &mut Bench| bench.get(&at(zone)).body["properties"]["numberOfRecordSets"].clone();
    assert_eq!(count(&mut bench), 2);
    assert_eq!(bench.delete(&at(&record)).status, 200);
    assert_eq!(count(&mut bench), 1);
}
