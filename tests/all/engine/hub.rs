//! A hub of ours: made, left and met again, found from another machine, given a new key, removed.

use std::{path::Path, sync::Arc};

use privateaml::{
    domain::{
        environment::remains::Remain,
        operation::{DeployedHub, Ended, Event},
        peering::{GatewaySku, NewHub},
        problem::Problem,
        secret::Secret,
    },
    engine::{
        Context, Control, DeleteOptions, Events, delete_environment,
        list::{ListPart, list_each},
        peering::{HubPhase, SharedKey, delete_hub, find_hub, kept_key, make_hub},
    },
    store::keychain::{Failing, MemoryStore, PracticeStore},
};
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;

use super::bench::{Bench, GROUP, ready};

/// Simulated seconds per real second: the gateway takes half a second.
const QUICK: f64 = 3000.0;

fn office() -> NewHub {
    NewHub {
        name: "office".parse().unwrap(),
        region: "westeurope".into(),
        address_space: "10.8.0.0/16".parse().unwrap(),
        sku: GatewaySku::VpnGw1AZ,
        on_premises_address: "203.0.113.7".parse().unwrap(),
        on_premises_ranges: vec!["192.168.0.0/16".parse().unwrap()],
        resolver: true,
    }
}

async fn make(
    bench: &Bench,
    context: &Context,
    key: SharedKey,
) -> Result<Ended<DeployedHub>, Problem> {
    make_hub(context, &office(), key, &Control::default(), &bench.events).await
}

fn made(outcome: Result<Ended<DeployedHub>, Problem>) -> DeployedHub {
    match outcome {
        Ok(Ended::Done(stands)) => stands,
        other => panic!("not made: {other:#?}"),
    }
}

/// Makes the hub and stops it by `stop` once Azure has taken the deployment.
async fn until_started(context: &Context, stop: impl Fn(&Control)) -> Ended<DeployedHub> {
    let (events, mut heard) = unbounded_channel();
    let events = Events::from(events);
    let (hub, control) = (office(), Control::default());
    let run = make_hub(context, &hub, SharedKey::kept(), &control, &events);
    let listen = async {
        while let Some(event) = heard.recv().await {
            if matches!(event, Event::Started { .. }) {
                return stop(&control);
            }
        }
    };
    tokio::join!(run, listen).0.unwrap()
}

/// Every file below a directory, as text.
fn files(directory: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let content = std::fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&content).into_owned();
            found.push((path.display().to_string(), text));
        }
    }
    found
}

#[tokio::test]
async fn a_hub_is_made_told_and_left_alone_the_second_time() {
    let mut bench = Bench::at(QUICK, &[]);
    let context = bench.context();
    let stands = made(make(&bench, &context, SharedKey::kept()).await);
    assert!(stands.network_id.ends_with("/virtualNetworks/vnet-hub-office"));
    assert!(stands.gateway_address.is_some());
    assert_eq!(stands.resolver_address.as_deref(), Some("10.8.0.36"));
    assert!(stands.key.is_some());
    assert!(stands.took.unwrap().as_secs() > 1200);
    let heard = bench.heard();
    let position = |fits: fn(&Event) -> bool| heard.iter().position(fits).unwrap();
    let kept = position(|event| matches!(event, Event::SecretKept { .. }));
    let started = position(|event| matches!(event, Event::Started { .. }));
    assert!(kept < started, "the key was not kept first");
    let first = kept_key(&context, &office().name).await.unwrap().unwrap();

    let again = make(&bench, &context, SharedKey::kept()).await.unwrap();
    assert!(
        matches!(again, Ended::Done(ref same) if same.took.is_none() && same.network_id == stands.network_id)
    );
    assert!(!bench.heard().iter().any(|event| matches!(event, Event::Started { .. })));
    let second = kept_key(&context, &office().name).await.unwrap().unwrap();
    assert!(first == second);

    let mut other = office();
    other.resolver = false;
    let control = Control::default();
    let refused = make_hub(&context, &other, SharedKey::kept(), &control, &bench.events);
    assert_eq!(refused.await.unwrap_err().code, "SettingsDiffer");
}

#[tokio::test]
async fn what_runs_is_left_and_met_again_from_another_machine() {
    let bench = Bench::at(600.0, &[]);
    let context = bench.context();
    let left = until_started(&context, |control| control.leave.cancel()).await;
    assert!(matches!(left, Ended::Left { deployment: Some(_) }), "{left:#?}");
    let stranger = bench.context_of(Some(Arc::new(MemoryStore::new())));
    let found = find_hub(&stranger, &office().name).await.unwrap().unwrap();
    assert_eq!((found.phase, &found.hub), (HubPhase::Deploying, &office()));
    let stands = made(make(&bench, &stranger, SharedKey::kept()).await);
    // Following makes no key: the one that was sent is on the first machine.
    assert_eq!(stands.key, None);
    let found = find_hub(&context, &office().name).await.unwrap().unwrap();
    assert_eq!(found.phase, HubPhase::Stands);
}

#[tokio::test]
async fn one_that_was_cancelled_is_finished_with_the_same_key() {
    let bench = Bench::at(600.0, &[]);
    let context = bench.context();
    let cancelled = until_started(&context, |control| control.cancel.cancel()).await;
    assert!(matches!(cancelled, Ended::Stopped(_)), "{cancelled:#?}");
    let first = kept_key(&context, &office().name).await.unwrap().unwrap();
    let found = find_hub(&context, &office().name).await.unwrap().unwrap();
    assert_eq!(found.phase, HubPhase::Unfinished);
    made(make(&bench, &context, SharedKey::kept()).await);
    assert!(first == kept_key(&context, &office().name).await.unwrap().unwrap());
}

#[tokio::test]
async fn the_shared_key_stands_in_no_file() {
    let bench = Bench::at(QUICK, &[]);
    let store = PracticeStore::new(bench.paths().credentials(true));
    let context = bench.context_of(Some(Arc::new(store)));
    let given = "given-by-a-person-4711";
    let key = || SharedKey::kept().with(Some(Secret::new(given.into())));
    made(make(&bench, &context, key()).await);
    let kept = kept_key(&context, &office().name).await.unwrap().unwrap();
    assert_eq!(kept.expose(), given);
    let renewed = make(&bench, &context, SharedKey::renewed()).await;
    made(renewed);
    let new = kept_key(&context, &office().name).await.unwrap().unwrap();
    assert!(new != kept);
    let all = files(bench.home.path());
    assert!(
        all.iter().any(|(_, text)| text.contains("cn-hub-office")),
        "the cloud's state was not looked at"
    );
    for (name, text) in all {
        assert!(!text.contains(given) && !text.contains(new.expose()), "{name}");
    }
}

#[tokio::test]
async fn a_store_that_keeps_nothing_is_known_before_anything_is_made() {
    let bench = Bench::at(QUICK, &[]);
    let store = Arc::new(MemoryStore::new());
    store.set_failing(Some(Failing::Writes));
    let context = bench.context_of(Some(store));
    let problem = make(&bench, &context, SharedKey::kept()).await.unwrap_err();
    assert!(!problem.advice.is_empty());
    assert!(find_hub(&context, &office().name).await.unwrap().is_none());
    let weak = SharedKey::kept().with(Some(Secret::new("short".into())));
    let problem = make(&bench, &bench.context(), weak).await.unwrap_err();
    assert_eq!(problem.code, "SharedKeyUnusable");
}

#[tokio::test]
async fn a_group_of_somebody_else_is_not_touched() {
    let bench = Bench::at(QUICK, &[]);
    let context = bench.context();
    let tags = [("owner".to_owned(), "somebody".to_owned())].into();
    let group = office().name.resource_group();
    context.arm.create_resource_group(&group, "westeurope", &tags).await.unwrap();
    let problem = make(&bench, &context, SharedKey::kept()).await.unwrap_err();
    assert_eq!(problem.code, "ResourceGroupInUse");
    let control = Control::default();
    let problem = delete_hub(&context, &office().name, &control, &bench.events).await.unwrap_err();
    assert_eq!(problem.code, "ResourceGroupInUse");
}

#[tokio::test]
async fn a_hub_is_no_environment_and_goes_only_when_nothing_is_connected() {
    let bench = Bench::at(QUICK, &[]);
    let context = bench.context();
    ready(bench.deploy().await);
    let stands = made(make(&bench, &context, SharedKey::kept()).await);
    let (rows, problems) = privateaml::engine::list(&context).await.unwrap();
    assert!(problems.is_empty());
    let names: Vec<&str> = rows.iter().map(|row| row.record.full_name.as_str()).collect();
    assert_eq!(names, ["test4821"]);
    let mut hubs = Vec::new();
    let told = |part| {
        if let ListPart::Read { hubs: found, .. } = part {
            hubs.extend(found);
        }
    };
    list_each(&context, told).await.unwrap();
    assert_eq!(hubs.iter().map(|row| &row.hub).collect::<Vec<_>>(), [&office()]);

    let spoke = format!(
        "/subscriptions/{}/resourceGroups/{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-test4821",
        context.arm.subscription_id()
    );
    let half = format!("{}/virtualNetworkPeerings/to-test4821", stands.network_id);
    let body = json!({"properties": {"remoteVirtualNetwork": {"id": spoke},
        "allowVirtualNetworkAccess": true, "allowForwardedTraffic": true, "allowGatewayTransit": true}});
    let started = context.arm.put_resource(&half, &body).await.unwrap();
    context.arm.finish(started, |_| ()).await.unwrap();
    let again = make(&bench, &context, SharedKey::kept()).await.unwrap();
    assert!(
        matches!(again, Ended::Done(ref same) if same.took.is_none() && same.connected == ["10.1.0.0/22"]),
        "{again:#?}"
    );

    let control = Control::default();
    let name = office().name;
    let problem = delete_hub(&context, &name, &control, &bench.events).await.unwrap_err();
    assert_eq!(problem.code, "HubInUse");
    assert!(problem.advice.contains("privateaml peer test4821 --remove"), "{}", problem.advice);
    let started = context.arm.delete_resource(&half).await.unwrap();
    context.arm.finish(started, |_| ()).await.unwrap();
    let removed = delete_hub(&context, &name, &control, &bench.events).await.unwrap();
    assert_eq!(removed, Ended::Done(()));
    assert!(find_hub(&context, &name).await.unwrap().is_none());
    assert!(kept_key(&context, &name).await.unwrap().is_none());
    assert_eq!(
        delete_hub(&context, &name, &control, &bench.events).await.unwrap(),
        Ended::Done(())
    );
}

#[tokio::test]
async fn an_environment_that_goes_names_the_hub_that_stays() {
    let bench = Bench::at(QUICK, &[]);
    let context = bench.context();
    let mut record = ready(bench.deploy().await).record;
    let stands = made(make(&bench, &context, SharedKey::kept()).await);
    record.settings.hub = Some(stands.network_id);
    context.records.write(&record).unwrap();
    let control = Control::default();
    let options = DeleteOptions::default();
    let ended = delete_environment(&context, &record, options, &control, &bench.events).await;
    let Ok(Ended::Done(remains)) = ended else { panic!("{ended:?}") };
    let told: Vec<String> = remains.iter().map(Remain::sentence).collect();
    assert!(
        told.iter().any(|each| each.contains("The hub office")
            && each.contains("stays")
            && each.contains("privateaml hub office --delete")),
        "{told:?}"
    );
}
