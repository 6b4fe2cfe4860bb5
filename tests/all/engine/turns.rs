//! A hub that changes under an environment that is connected to it: out of sync for good, gone, and its links'
//! fallback.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use privateaml::{
    domain::{
        environment::Record,
        operation::Ended,
        peering::{
            HubConnection, StepStatus, Topic,
            hub_side::{self, HubReading},
            zones::Fallback,
        },
    },
    engine::{
        Context, Control,
        peering::{self, LinkOptions, connection, link, recorded_hub, unlink},
    },
    practice::SUBSCRIPTION,
};
use reqwest::Method;
use serde_json::Value;

use super::{
    bench::{Bench, GROUP, ready},
    liar::Liar,
    stranger::Stranger,
};

fn hub() -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub-weu"
    )
}

async fn connected() -> (Bench, Stranger) {
    let bench = Bench::with_hubs(1);
    ready(bench.deploy().await);
    let stranger = Stranger::at(&bench.server).await;
    linked(&bench, &bench.context(), LinkOptions::default()).await;
    (bench, stranger)
}

async fn linked(bench: &Bench, context: &Context, options: LinkOptions) -> Ended<HubConnection> {
    let (record, control) = (bench.record().unwrap(), Control::default());
    link(context, &record, &hub(), options, &control, &bench.events).await.unwrap()
}

fn first(connection: &HubConnection) -> (StepStatus, String) {
    let step = connection.steps.iter().find(|step| step.topic == Topic::Link).unwrap();
    let lacks = step.lacks.iter().map(|lack| format!("{} {}", lack.what, lack.remedy));
    (step.standing, lacks.collect())
}

/// Azure can say `RemoteNotInSync` for good (Azure/azure-powershell#24168).
#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_stays_is_tried_once_a_side_and_then_told() {
    let (bench, _) = connected().await;
    let liar = Liar::before(&bench).await;
    let writes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&writes);
    liar.lie(move |method, path| {
        if *method == Method::PUT && path.contains("/virtualnetworkpeerings/") {
            counted.fetch_add(1, Ordering::Relaxed);
        }
        None
    });
    liar.edit(|path, body| {
        if path.contains("/vnet-test4821/virtualnetworkpeerings") {
            body.replace("\"FullyInSync\"", "\"RemoteNotInSync\"")
        } else {
            body
        }
    });
    let Ended::Done(found) = linked(&bench, &liar.context(&bench), LinkOptions::default()).await
    else {
        panic!("waiting");
    };
    assert!(found.waits());
    assert_eq!(writes.load(Ordering::Relaxed), 2, "one sync of each side");
    let (standing, told) = first(&found);
    assert_eq!(standing, StepStatus::Waiting);
    assert!(told.contains("Both sides were synced") && told.contains("--remove"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_gone_is_told_as_gone_and_its_connection_is_taken_away() {
    let (bench, stranger) = connected().await;
    stranger.delete(&format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub")).await;
    let (context, record) = (bench.context(), bench.record().unwrap());
    let problem = connection(&context, &record, &hub()).await.unwrap_err();
    let side = peering::hub_side::read(&context, &record, &hub()).await;
    assert_eq!(side.hub, HubReading::Gone);
    let lacks = hub_side::lacks(&side);
    assert_eq!(lacks.len(), 1, "{lacks:?}");
    for told in [problem.to_string(), format!("{} {}", lacks[0].found, lacks[0].remedy)] {
        assert!(told.contains("does not exist any more"), "{told}");
        assert!(told.contains("privateaml peer test4821 --remove"), "{told}");
    }
    let control = Control::default();
    let gone = unlink(&context, &record, &control, &bench.events).await;
    assert!(matches!(&gone, Ok(Ended::Done(left)) if left.is_empty()), "{gone:?}");
    let record: Record = bench.record().unwrap();
    assert_eq!(recorded_hub(&context, &record).await.unwrap(), None);
    // An id that nobody has noted can be mistyped.
    let problem = connection(&context, &record, &hub()).await.unwrap_err();
    assert_eq!(problem.code, "HubNotFound");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_exist_get_another_fallback_only_when_it_is_asked_for() {
    let (bench, stranger) = connected().await;
    let zone = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
    );
    let policies = async || {
        let path = format!("{zone}/virtualNetworkLinks");
        let all = stranger.ask(Method::GET, &path, Value::Null).await;
        let mut found: Vec<(bool, String)> = all["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|link| {
                let properties = &link["properties"];
                let network = properties["virtualNetwork"]["id"].as_str().unwrap();
                let policy = properties["resolutionPolicy"].as_str().unwrap();
                (network.ends_with("/vnet-hub-weu"), policy.to_owned())
            })
            .collect();
        found.sort();
        found
    };
    let stand = |hub: &str| vec![(false, "Default".to_owned()), (true, hub.to_owned())];
    assert_eq!(policies().await, stand("NxDomainRedirect"));
    let context = bench.context();
    for (asked, hub) in [
        (Some(Fallback::None), "Default"),
        (None, "Default"),
        (Some(Fallback::Internet), "NxDomainRedirect"),
    ] {
        let options = LinkOptions { fallback: asked };
        let Ended::Done(_) = linked(&bench, &context, options).await else {
            panic!("done");
        };
        assert_eq!(policies().await, stand(hub), "{asked:?}");
    }
}

/// Azure makes our end of a hub connection; it leads to a network that this account cannot see.
#[tokio::test(flavor = "multi_thread")]
async fn a_virtual_wan_hub_is_left_to_its_owner_and_recognised_once_it_is_connected() {
    let bench = Bench::with_hubs(1);
    ready(bench.deploy().await);
    let (context, record) = (bench.context(), bench.record().unwrap());
    let shown = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/RG_hub-weu_0d6e/providers/Microsoft.Network/virtualNetworks/HV_hub-weu_0d6e1a2b";
    let hub = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-wan/providers/Microsoft.Network/virtualHubs/hub-weu"
    );
    for id in [shown, &hub] {
        let control = Control::default();
        let options = LinkOptions::default();
        let refused = link(&context, &record, id, options, &control, &bench.events).await;
        let problem = refused.unwrap_err();
        assert_eq!(problem.code, "VirtualWanHub", "{problem}");
        assert!(problem.advice.contains("--hand-over"), "{problem}");
        assert_eq!(peering::hub_connection(&context, &record, id).await.unwrap(), None);
    }
    assert_eq!(recorded_hub(&context, &record).await.unwrap(), None);

    let liar = Liar::before(&bench).await;
    let half = serde_json::json!({"value": [{"id": "/x", "name": "RemoteVnetToHubPeering_1b0c", "properties": {
        "peeringState": "Connected", "peeringSyncLevel": "FullyInSync", "provisioningState": "Succeeded",
        "allowVirtualNetworkAccess": true, "allowForwardedTraffic": true, "useRemoteGateways": true,
        "remoteVirtualNetwork": {"id": shown}}}]});
    liar.edit(move |path, body| {
        if path.ends_with("/vnet-test4821/virtualnetworkpeerings") {
            half.to_string()
        } else {
            body
        }
    });
    let context = liar.context(&bench);
    let found = peering::hub_connection(&context, &record, &hub).await.unwrap();
    assert_eq!(found.unwrap().name, "RemoteVnetToHubPeering_1b0c");
    peering::note_hub(&context, &record, &hub, &bench.events).await.unwrap();
    let side = peering::hub_side::read(&context, &record, &hub).await;
    assert_eq!(side.hub, HubReading::VirtualWan);
    let lacks = hub_side::lacks(&side);
    assert!(lacks.iter().all(|lack| !lack.known), "only unknown is left: {lacks:#?}");
    // What is the owner's is handed over.
    let control = Control::default();
    let Ok(Ended::Done(left)) = unlink(&context, &record, &control, &bench.events).await else {
        panic!("unlinked");
    };
    assert!(left[0].sentence().contains("az network vhub connection delete"), "{left:?}");
}
