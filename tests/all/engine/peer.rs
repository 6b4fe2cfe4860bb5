//! An environment is connected to hubs as companies have them, from any state, and taken away again.

use privateaml::{
    domain::{
        audit::AuditAnswer,
        environment::Record,
        health::HealthState,
        operation::{Ended, Event},
        peering::{Far, Half, HubConnection, Mistake, PeeringState, StepStatus, SyncLevel, Topic},
        settings::BastionSku,
    },
    engine::{
        self, Context, Control, DeleteOptions, audit, inspect,
        peering::{LinkOptions, link, recorded_hub, unlink},
    },
    practice::SUBSCRIPTION,
};
use serde_json::{Value, json};

use super::{
    bench::{Bench, GROUP, ready, request},
    stranger::Stranger,
};

const ZONES: [&str; 6] = [
    "privatelink.blob.core.windows.net",
    "privatelink.file.core.windows.net",
    "privatelink.vaultcore.azure.net",
    "privatelink.azurecr.io",
    "privatelink.api.azureml.ms",
    "privatelink.notebooks.azure.net",
];

fn near_network() -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-test4821"
    )
}

fn network(group: &str, name: &str) -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{name}"
    )
}

fn good() -> String {
    network("rg-hub", "vnet-hub-weu")
}

/// An environment that stands beside hubs.
async fn made() -> (Bench, Context, Record) {
    let bench = Bench::with_hubs(1);
    ready(bench.deploy().await);
    let (context, record) = (bench.context(), bench.record().unwrap());
    (bench, context, record)
}

async fn linked(bench: &Bench, hub: &str) -> Ended<HubConnection> {
    let record = bench.record().unwrap();
    let control = Control::default();
    let options = LinkOptions::default();
    link(&bench.context(), &record, hub, options, &control, &bench.events).await.unwrap()
}

async fn done(bench: &Bench, hub: &str) -> HubConnection {
    match linked(bench, hub).await {
        Ended::Done(connection) if !connection.waits() => connection,
        other => panic!("not done: {other:#?}"),
    }
}

async fn waiting(bench: &Bench, hub: &str) -> HubConnection {
    match linked(bench, hub).await {
        Ended::Done(connection) if connection.waits() => connection,
        other => panic!("not waiting: {other:#?}"),
    }
}

async fn unlinked(bench: &Bench) -> usize {
    let record = bench.record().unwrap();
    let control = Control::default();
    match unlink(&bench.context(), &record, &control, &bench.events).await {
        Ok(Ended::Done(remains)) => remains.len(),
        other => panic!("not unlinked: {other:#?}"),
    }
}

/// The steps that were told since the last time, by name.
fn acts(bench: &mut Bench) -> Vec<String> {
    let heard = bench.heard().into_iter();
    let acts = heard.filter_map(|event| match event {
        Event::Act { act, .. } => Some(serde_json::to_value(act).unwrap()),
        _ => None,
    });
    acts.map(|act| act["step"].as_str().unwrap().to_owned()).collect()
}

fn far(connection: &HubConnection) -> &Half {
    match &connection.far {
        Far::Found(half) => half,
        other => panic!("no side of the hub: {other:?}"),
    }
}

fn step(connection: &HubConnection, topic: Topic) -> (StepStatus, Vec<Mistake>) {
    let found = connection.steps.iter().find(|step| step.topic == topic);
    let found = found.unwrap();
    let lacks = found.lacks.iter().map(|lack| lack.mistake);
    (found.standing, lacks.collect())
}

fn is_whole(half: &Half) -> bool {
    half.state == Some(PeeringState::Connected) && half.sync == Some(SyncLevel::FullyInSync)
}

async fn list(stranger: &Stranger, path: &str) -> Vec<Value> {
    let body = stranger.ask("GET".parse().unwrap(), path, Value::Null).await;
    body["value"].as_array().unwrap().clone()
}

async fn halves(stranger: &Stranger, network: &str) -> Vec<Value> {
    list(stranger, &format!("{network}/virtualNetworkPeerings")).await
}

/// The halves in a hub that lead to the environment.
async fn halves_to_us(stranger: &Stranger, hub: &str) -> Vec<Value> {
    let all = halves(stranger, hub).await;
    let ours = near_network();
    all.into_iter()
        .filter(|half| {
            let remote = half["properties"]["remoteVirtualNetwork"]["id"].as_str();
            remote.unwrap().eq_ignore_ascii_case(&ours)
        })
        .collect()
}

async fn links_to(stranger: &Stranger, hub: &str) -> usize {
    let mut count = 0;
    for zone in ZONES {
        let zone = format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/privateDnsZones/{zone}"
        );
        let links = list(stranger, &format!("{zone}/virtualNetworkLinks")).await;
        count +=
            links.iter().filter(|link| link["properties"]["virtualNetwork"]["id"] == hub).count();
    }
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_hub_is_connected_on_both_sides_and_a_second_time_changes_nothing() {
    let (mut bench, context, record) = made().await;
    let stranger = Stranger::at(&bench.server).await;
    acts(&mut bench);
    let connection = done(&bench, &good()).await;
    let near = connection.near.clone().unwrap();
    assert!(is_whole(&near) && is_whole(far(&connection)), "{connection:#?}");
    assert!(near.flags.remote_gateways && near.flags.forwarded && !near.flags.gateway_transit);
    let flags = far(&connection).flags;
    assert!(flags.gateway_transit && flags.forwarded && !flags.remote_gateways);
    assert_eq!(
        (near.name.as_str(), far(&connection).name.as_str()),
        ("to-vnet-hub-weu", "to-vnet-test4821")
    );
    assert_eq!(step(&connection, Topic::Names).0, StepStatus::Done);
    assert_eq!(links_to(&stranger, &good()).await, 6);
    assert_eq!(acts(&mut bench), ["noting-hub", "making-half", "making-half", "linking-zones"]);
    // Another machine knows the hub by the group's tags.
    assert_eq!(recorded_hub(&context, &record).await.unwrap(), Some(good()));
    assert_eq!(bench.record().unwrap().settings.hub, Some(good()));

    let before = (halves(&stranger, &near_network()).await, halves(&stranger, &good()).await);
    done(&bench, &good()).await;
    let after = (halves(&stranger, &near_network()).await, halves(&stranger, &good()).await);
    assert_eq!(acts(&mut bench), Vec::<String>::new());
    assert_eq!(before, after, "entity tags change with every write");

    let record = bench.record().unwrap();
    let seen = inspect(&context, &record).await.unwrap();
    assert_eq!(seen.drift.differences, []);
    let part = seen.parts.iter().find(|part| part.title == "Peering");
    assert_eq!(part.map(|part| part.state), Some(HealthState::Good));
    let audit = audit(&context, &record, false).await.unwrap();
    let failing = audit.points.iter().filter(|each| each.answer == AuditAnswer::DoesNotHold);
    assert_eq!(failing.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn deploying_again_leaves_the_peering_and_remembers_the_hub() {
    let (bench, _, _) = made().await;
    let stranger = Stranger::at(&bench.server).await;
    let connection = done(&bench, &good()).await;
    // The same settings as at first: they name no hub.
    let mut again = request();
    again.mend = true;
    ready(bench.deploy_with(&again, &Control::default()).await);
    assert_eq!(bench.record().unwrap().settings.hub, Some(good()));
    let halves = halves(&stranger, &near_network()).await;
    assert_eq!(halves[0]["properties"]["peeringState"], "Connected");
    assert_eq!(halves[0]["name"], connection.near.unwrap().name.as_str());
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}");
    let tags = stranger.ask("GET".parse().unwrap(), &group, Value::Null).await;
    assert!(tags["tags"].to_string().contains("vnet-hub-weu"), "{tags}");
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_the_connection_away_leaves_nothing_of_it() {
    let (mut bench, context, _) = made().await;
    let stranger = Stranger::at(&bench.server).await;
    done(&bench, &good()).await;
    assert_eq!(unlinked(&bench).await, 0);
    assert_eq!(halves(&stranger, &near_network()).await, Vec::<Value>::new());
    assert_eq!(halves_to_us(&stranger, &good()).await, Vec::<Value>::new());
    assert_eq!(links_to(&stranger, &good()).await, 0);
    let record = bench.record().unwrap();
    assert_eq!(recorded_hub(&context, &record).await.unwrap(), None);
    acts(&mut bench);
    assert_eq!(unlinked(&bench).await, 0);
    assert_eq!(acts(&mut bench), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_in_another_subscription_is_connected_too() {
    let bench = Bench::with_hubs(2);
    ready(bench.deploy().await);
    let far_away = privateaml::practice::subscription_id(2);
    let hub = network("rg-far", "vnet-far").replace(SUBSCRIPTION, &far_away);
    let connection = done(&bench, &hub).await;
    assert_eq!(step(&connection, Topic::Link).0, StepStatus::Done);
    assert!(is_whole(far(&connection)));
    assert_eq!(unlinked(&bench).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_owner_must_act_it_waits_and_goes_on_afterwards() {
    let (mut bench, context, record) = made().await;
    let hub = network("rg-team", "vnet-team");
    let owner = Stranger::owner(&bench.server).await;
    acts(&mut bench);
    let connection = waiting(&bench, &hub).await;
    assert_eq!(acts(&mut bench), ["noting-hub"]);
    assert_eq!((connection.near.clone(), &connection.far), (None, &Far::Absent));
    let (standing, lacks) = step(&connection, Topic::Link);
    assert_eq!(standing, StepStatus::Waiting);
    assert!(lacks.contains(&Mistake::Rights) && lacks.contains(&Mistake::OneSide));
    assert_eq!(connection.names.handed.len(), 6);
    assert_eq!(recorded_hub(&context, &record).await.unwrap(), Some(hub.clone()));

    let peer = |remote: &str, is_hub: bool| {
        json!({"properties": {"remoteVirtualNetwork": {"id": remote},
        "allowVirtualNetworkAccess": true, "allowForwardedTraffic": true,
        "allowGatewayTransit": is_hub, "useRemoteGateways": !is_hub}})
    };
    let theirs = format!("{hub}/virtualNetworkPeerings/to-spoke");
    owner.put(&theirs, peer(&near_network(), true)).await;
    let half_way = waiting(&bench, &hub).await;
    assert_eq!(step(&half_way, Topic::Link).0, StepStatus::Waiting);
    let ours = format!("{}/virtualNetworkPeerings/by-owner", near_network());
    owner.put(&ours, peer(&hub, false)).await;
    for zone in ZONES {
        let link = format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/privateDnsZones/{zone}/virtualNetworkLinks/to-team"
        );
        let body = json!({"location": "global", "properties": {
            "virtualNetwork": {"id": hub}, "registrationEnabled": false}});
        owner.put(&link, body).await;
    }
    let connection = done(&bench, &hub).await;
    assert_eq!(connection.near.unwrap().name, "by-owner");

    // Ours goes; theirs is named, with the command.
    assert_eq!(unlinked(&bench).await, 1);
    assert_eq!(halves(&owner, &near_network()).await, Vec::<Value>::new());
    let left = halves_to_us(&owner, &hub).await;
    assert_eq!(left[0]["properties"]["peeringState"], "Disconnected");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_that_was_left_behind_is_made_again() {
    let (mut bench, _, _) = made().await;
    let stranger = Stranger::at(&bench.server).await;
    let first = done(&bench, &good()).await;
    stranger.delete(&far(&first).id).await;
    acts(&mut bench);
    let connection = done(&bench, &good()).await;
    assert_eq!(acts(&mut bench), ["deleting-half", "making-half", "making-half"]);
    assert!(is_whole(far(&connection)));
    // And the other way round.
    stranger.delete(&connection.near.unwrap().id).await;
    done(&bench, &good()).await;
    assert_eq!(acts(&mut bench), ["deleting-half", "making-half", "making-half"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_address_space_is_synced() {
    let (mut bench, _, _) = made().await;
    let stranger = Stranger::at(&bench.server).await;
    done(&bench, &good()).await;
    stranger
        .change(&good(), |body| {
            let space = &mut body["properties"]["addressSpace"]["addressPrefixes"];
            space.as_array_mut().unwrap().push(json!("10.201.0.0/24"));
        })
        .await;
    let seen = inspect(&bench.context(), &bench.record().unwrap()).await.unwrap();
    let part = seen.parts.iter().find(|part| part.title == "Peering").unwrap();
    assert_eq!(part.state, HealthState::Warning, "{part:?}");
    assert_eq!(seen.drift.differences.len(), 1, "{:#?}", seen.drift.differences);
    let difference = &seen.drift.differences[0];
    assert!(difference.is_of_hub(), "{difference:?}");
    assert!(difference.found.contains("NotInSync"), "{difference:?}");
    acts(&mut bench);
    let connection = done(&bench, &good()).await;
    assert_eq!(acts(&mut bench), ["syncing-half"]);
    assert!(is_whole(far(&connection)) && is_whole(&connection.near.unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_switches_are_set_right_and_what_else_a_half_has_stays() {
    let (mut bench, _, _) = made().await;
    let stranger = Stranger::at(&bench.server).await;
    let peer = |remote: &str| {
        json!({"properties": {"remoteVirtualNetwork": {"id": remote},
        "allowVirtualNetworkAccess": true, "doNotVerifyRemoteGateways": true}})
    };
    let (ours, theirs) = (
        format!("{}/virtualNetworkPeerings/mine", near_network()),
        format!("{}/virtualNetworkPeerings/yours", good()),
    );
    stranger.put(&ours, peer(&good())).await;
    stranger.put(&theirs, peer(&near_network())).await;
    acts(&mut bench);
    let connection = done(&bench, &good()).await;
    assert_eq!(acts(&mut bench), ["noting-hub", "mending-half", "mending-half", "linking-zones"]);
    assert_eq!(connection.near.clone().unwrap().name, "mine");
    assert!(connection.near.unwrap().flags.remote_gateways);
    let half = &halves_to_us(&stranger, &good()).await[0]["properties"];
    assert_eq!(half["doNotVerifyRemoteGateways"], true);
    assert_eq!(half["allowGatewayTransit"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_the_networks_are_linked_and_it_is_said() {
    let (bench, _, _) = made().await;
    let connection = waiting(&bench, &network("rg-lab", "vnet-lab")).await;
    let (standing, lacks) = step(&connection, Topic::Link);
    assert_eq!((standing, lacks.as_slice()), (StepStatus::Done, &[Mistake::Gateway][..]));
    assert!(!connection.near.unwrap().flags.remote_gateways);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_hub_has_the_zones_records_are_added_and_taken_away_again() {
    let (mut bench, _, _) = made().await;
    let stranger = Stranger::at(&bench.server).await;
    let hub = network("rg-shared", "vnet-shared");
    let zone = |name: &str| {
        format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-shared/providers/Microsoft.Network/privateDnsZones/{name}/A"
        )
    };
    let blob = zone("privatelink.blob.core.windows.net");
    let foreign = json!({"properties": {"ttl": 300, "aRecords": [{"ipv4Address": "10.50.2.9"}]}});
    let vault = format!("{}/kv-test4821", zone("privatelink.vaultcore.azure.net"));
    for path in [&format!("{blob}/stgother"), &vault] {
        stranger.put(path, foreign.clone()).await;
    }
    acts(&mut bench);
    let connection = waiting(&bench, &hub).await;
    assert!(acts(&mut bench).contains(&"adding-records".to_owned()));
    // The vault's record is somebody else's, and stays as it is.
    assert_eq!(connection.names.conflicts.len(), 1, "{:#?}", connection.names);
    assert!(connection.names.conflicts[0].contains("kv-test4821"));
    assert_eq!(connection.names.clashing.len(), 3);
    assert!(step(&connection, Topic::Names).1.contains(&Mistake::ZoneConflict));
    assert_eq!(links_to(&stranger, &hub).await, 3);
    let records = list(&stranger, &blob).await;
    let ours: Vec<&Value> = records
        .iter()
        .filter(|record| record["properties"]["metadata"]["privateaml"] == "test4821")
        .collect();
    assert_eq!(ours.len(), 1, "{records:#?}");
    assert_eq!(ours[0]["name"], "stgtest4821");
    waiting(&bench, &hub).await;
    assert!(!acts(&mut bench).contains(&"adding-records".to_owned()));

    assert_eq!(unlinked(&bench).await, 0);
    let left: Vec<Value> = list(&stranger, &blob).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["name"], "stgother");
    let kept = stranger.ask("GET".parse().unwrap(), &vault, Value::Null).await;
    assert_eq!(kept["properties"]["aRecords"][0]["ipv4Address"], "10.50.2.9");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_leaves_no_half_no_link_and_no_record() {
    let (bench, context, _) = made().await;
    let stranger = Stranger::at(&bench.server).await;
    let hub = network("rg-shared", "vnet-shared");
    linked(&bench, &hub).await;
    let api = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-shared/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms/A"
    );
    assert!(!list(&stranger, &api).await.is_empty());
    let (record, options) = (bench.record().unwrap(), DeleteOptions::default());
    let control = Control::default();
    let removal = engine::delete_environment(&context, &record, options, &control, &bench.events);
    let Ok(Ended::Done(remains)) = removal.await else {
        panic!("not removed");
    };
    assert_eq!(remains.len(), 1, "the vault alone: {remains:?}");
    assert_eq!(halves_to_us(&stranger, &hub).await, Vec::<Value>::new());
    assert_eq!(list(&stranger, &api).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_azure_would_refuse_is_not_begun() {
    let (mut bench, context, record) = made().await;
    acts(&mut bench);
    let control = Control::default();
    for (group, name, code) in [
        ("rg-core", "vnet-core-ne", "HubDoesNotFit"),
        ("rg-peered", "vnet-peered", "HubDoesNotFit"),
        ("rg-hub", "vnet-nowhere", "HubNotFound"),
    ] {
        let hub = network(group, name);
        let refused =
            link(&context, &record, &hub, LinkOptions::default(), &control, &bench.events).await;
        assert_eq!(refused.unwrap_err().code, code, "{name}");
    }
    let mut developer = record.clone();
    developer.settings.bastion = BastionSku::Developer;
    let refused =
        link(&context, &developer, &good(), LinkOptions::default(), &control, &bench.events).await;
    let problem = refused.unwrap_err();
    assert_eq!(problem.code, "BastionDeveloperAndPeering");
    assert!(problem.advice.contains("mend test4821 --bastion basic"));
    assert_eq!(acts(&mut bench), Vec::<String>::new());
    // A second hub is refused while the first one is connected.
    done(&bench, &good()).await;
    let record = bench.record().unwrap();
    let second = network("rg-lab", "vnet-lab");
    let refused =
        link(&context, &record, &second, LinkOptions::default(), &control, &bench.events).await;
    assert_eq!(refused.unwrap_err().code, "AnotherHub");
}
