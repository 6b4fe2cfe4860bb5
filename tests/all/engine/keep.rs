//! An environment in use: its power, its password set anew, its pause and the way back.

use privateaml::{
    azure::machine::Power,
    domain::{
        environment::Phase,
        operation::{Ended, Event, OperationStep},
        secret::Credentials,
    },
    engine::{Control, find, pause, reset, reset::held, resume, start, status, stop},
    practice::Fault,
    store::keychain::{MemoryStore, SecretStore as _},
};
use serde_json::Value;

use super::bench::{Bench, FULL_NAME, power, ready, request};

fn below(context: &privateaml::engine::Context, rest: &str) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/rg-test4821/providers/{rest}",
        context.arm.subscription_id()
    )
}

fn acts(bench: &mut Bench) -> Vec<OperationStep> {
    let heard = bench.heard().into_iter();
    heard
        .filter_map(|event| match event {
            Event::Act { act, .. } => Some(act),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn the_jumpbox_is_stopped_so_that_it_costs_nothing_and_started_again() {
    let mut bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    assert_eq!(power(&context, &record).await.unwrap(), Power::Running);
    bench.heard();
    assert_eq!(
        start(&context, &record, &Control::default(), &bench.events).await.unwrap(),
        Ended::Done(Power::Running)
    );
    assert_eq!(acts(&mut bench), []);
    stop(&context, &record, &Control::default(), &bench.events).await.unwrap();
    assert_eq!(power(&context, &record).await.unwrap(), Power::Deallocated);
    assert_eq!(acts(&mut bench).len(), 1);
    let before = start(&context, &record, &Control::default(), &bench.events).await.unwrap();
    assert_eq!(before, Ended::Done(Power::Deallocated));
    assert_eq!(power(&context, &record).await.unwrap(), Power::Running);
}

#[tokio::test]
async fn a_new_password_is_valid_and_the_old_one_is_forgotten() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    let old = bench.secrets.read(&record.account()).await.unwrap().unwrap();
    stop(&context, &record, &Control::default(), &bench.events).await.unwrap();
    let done = reset(&context, &record, None, &Control::default(), &bench.events).await.unwrap();
    let new = bench.secrets.read(&done.account()).await.unwrap().unwrap();
    assert_ne!(new.password, old.password);
    assert_eq!(new.user_name, old.user_name);
    assert!(bench.password_agrees().await);
    assert_eq!(bench.secrets.accounts(), [record.account()]);
    assert_eq!(bench.record().unwrap().reset, None);
    assert_eq!(power(&context, &record).await.unwrap(), Power::Running);
    // The extension's name is taken over, whatever it is.
    reset(&context, &record, None, &Control::default(), &bench.events).await.unwrap();
    assert!(bench.password_agrees().await);
}

#[tokio::test]
async fn another_machine_sets_a_password_of_its_own() {
    let mut bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    bench.context().records.remove(FULL_NAME).unwrap();
    bench.secrets = MemoryStore::new().into();
    let context = bench.context();
    let found = find(&context, "test").await.unwrap();
    let done = reset(&context, &found, None, &Control::default(), &bench.events).await.unwrap();
    assert_eq!(done.user_name, record.user_name);
    assert!(bench.password_agrees().await);
    assert_eq!(bench.record().unwrap().phase, Phase::Ready);
}

#[tokio::test]
async fn a_reset_that_fails_leaves_the_old_password_in_use() {
    let bench = Bench::with(&[Fault::ResetError]);
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    let old = bench.secrets.read(&record.account()).await.unwrap().unwrap();
    let failed = reset(&context, &record, None, &Control::default(), &bench.events).await;
    let problem = failed.unwrap_err();
    assert!(problem.advice.contains("old password stays"), "{problem}");
    assert!(problem.advice.contains("--reset"), "{problem}");
    assert!(bench.password_agrees().await);
    let kept = held(&context, &record).await.unwrap();
    assert_eq!(kept.current.unwrap(), old);
    let second = kept.pending.unwrap();
    // The next try sends the same new password: no third one can be lost.
    reset(&context, &record, None, &Control::default(), &bench.events).await.unwrap();
    assert!(bench.password_agrees().await);
    let kept = held(&context, &record).await.unwrap();
    assert_eq!((kept.current.unwrap(), kept.pending), (second, None));
}

#[tokio::test]
async fn without_a_place_nothing_is_set() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context_of(None);
    let failed = reset(&context, &record, None, &Control::default(), &bench.events).await;
    assert_eq!(failed.unwrap_err().code, "NowhereToKeep");
    assert!(bench.password_agrees().await);
}

/// A program that was killed before Azure heard of the new password leaves nothing of it.
#[tokio::test]
async fn what_azure_never_heard_of_is_forgotten() {
    let bench = Bench::new();
    let mut record = ready(bench.deploy().await).record;
    let context = bench.context();
    record.reset = Some("never-sent".into());
    context.records.write(&record).unwrap();
    let made = Credentials::generate(&mut rand::rng());
    bench.secrets.write(&record.pending_account(), &made).await.unwrap();
    assert!(held(&context, &record).await.unwrap().pending.is_none());
    assert_eq!(bench.secrets.accounts(), [record.account()]);
    assert!(bench.password_agrees().await);
}

/// Nothing in the shared subnet reaches the outside, so no compute instance comes up in it.
async fn nothing_comes_up(context: &privateaml::engine::Context) {
    let compute = "Microsoft.MachineLearningServices/workspaces/ml-test4821/computes";
    let listed = below(context, compute);
    let listed = context.arm.resources_at(&listed).await.unwrap();
    let instance =
        listed.iter().find(|each| each["properties"]["computeType"] == "ComputeInstance").unwrap();
    assert_eq!(instance["properties"]["properties"]["state"], "Stopped");
    let id = instance["id"].as_str().unwrap();
    let started = context.arm.act(id, "start", None, true).await;
    let failed = context.arm.finish(started.unwrap(), |_| ()).await;
    assert!(failed.unwrap_err().original.unwrap().contains("default route"));
}

#[tokio::test]
async fn a_pause_switches_off_what_costs_and_a_resume_brings_it_back() {
    let mut bench = Bench::with(&[Fault::FirewallMoves]);
    let mut wanted = request();
    wanted.settings.compute_instance = true;
    let record = ready(bench.deploy_with(&wanted, &Control::default()).await).record;
    let (context, control) = (bench.context(), Control::default());
    let firewall = below(&context, "Microsoft.Network/azureFirewalls/fw-test4821");
    let before = context.arm.resource(&firewall).await.unwrap().unwrap();
    let paused = pause(&context, &record, &control, &bench.events).await.unwrap();
    assert_eq!(paused, Ended::Done(()));
    assert_eq!(power(&context, &record).await.unwrap(), Power::Deallocated);
    let off = context.arm.resource(&firewall).await.unwrap().unwrap();
    assert_eq!(off["properties"]["ipConfigurations"], serde_json::json!([]));
    for kept in ["/properties/firewallPolicy", "/properties/sku", "/tags", "/zones"] {
        assert_eq!(off.pointer(kept), before.pointer(kept), "{kept}");
    }
    let told = status(&context, record.clone()).await.unwrap();
    assert_eq!(told.record.phase, Phase::Paused);
    assert_eq!(told.problems.len(), 1);
    let group = context.arm.resource_group("rg-test4821").await.unwrap().unwrap();
    assert!(!group.tags.contains_key("privateaml-intent"));
    nothing_comes_up(&context).await;
    bench.heard();
    // A second pause finds nothing to do but to stop that instance again.
    pause(&context, &record, &control, &bench.events).await.unwrap();
    let again = acts(&mut bench);
    assert!(matches!(again.as_slice(), [OperationStep::StoppingComputes { .. }]));
    resume(&context, &record, &control, &bench.events).await.unwrap();
    let on = context.arm.resource(&firewall).await.unwrap().unwrap();
    let at = |body: &Value, pointer: &str| {
        let whole = format!("/properties/ipConfigurations/0/properties/{pointer}");
        body.pointer(&whole).cloned().unwrap()
    };
    for same in ["publicIPAddress/id", "subnet/id"] {
        assert_eq!(at(&on, same), at(&before, same));
    }
    let address = at(&on, "privateIPAddress");
    assert_ne!(address, at(&before, "privateIPAddress"));
    let table = below(&context, "Microsoft.Network/routeTables/rt-test4821");
    let table = context.arm.resource(&table).await.unwrap().unwrap();
    let route = &table["properties"]["routes"][0]["properties"];
    assert_eq!(route["nextHopIpAddress"], address);
    assert_eq!(table["properties"]["disableBgpRoutePropagation"], false);
    let repaired = |act: &OperationStep| matches!(act, OperationStep::RepairingRoute { .. });
    assert!(acts(&mut bench).iter().any(repaired));
    let told = status(&context, record.clone()).await.unwrap();
    assert_eq!(told.record.phase, Phase::Ready, "{:#?}", told.problems);
    assert_eq!(bench.record().unwrap().phase, Phase::Ready);
}

/// The intent is seen from any machine: a removal that was begun is finished, not paused.
#[tokio::test]
async fn what_somebody_has_begun_is_seen_by_others() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let (context, control) = (bench.context(), Control::default());
    let intent = |word: &str| {
        std::collections::BTreeMap::from([("privateaml-intent".to_owned(), word.to_owned())])
    };
    let group = "rg-test4821";
    for (word, phase) in
        [("resume", Phase::Ready), ("pause", Phase::Paused), ("delete", Phase::Deleting)]
    {
        context.arm.merge_tags(group, &intent(word)).await.unwrap();
        let told = status(&context, record.clone()).await.unwrap();
        assert_eq!(told.record.phase, phase, "{word}");
        let advice = &told.problems.last().unwrap().advice;
        assert!(advice.contains(&format!("privateaml {word} test4821")), "{advice}");
    }
    let paused = pause(&context, &record, &control, &bench.events).await;
    assert_eq!(paused.unwrap_err().code, "DeletionBegun");
    // Only the named value is taken away.
    context.arm.remove_tags(group, &intent("pause")).await.unwrap();
    let resumed = resume(&context, &record, &control, &bench.events).await;
    assert_eq!(resumed.unwrap_err().code, "DeletionBegun");
    context.arm.remove_tags(group, &intent("delete")).await.unwrap();
    let found = context.arm.resource_group(group).await.unwrap().unwrap();
    assert_eq!(found.tags["privateaml-name"], "test");
    resume(&context, &record, &control, &bench.events).await.unwrap();
}

#[tokio::test]
async fn what_is_being_deployed_is_not_paused() {
    let bench = Bench::at(60.0, &[]);
    let mut wanted = request();
    wanted.detach = true;
    let control = Control::default();
    bench.deploy_with(&wanted, &control).await.unwrap();
    let context = bench.context();
    let record = bench.record().unwrap();
    let paused = pause(&context, &record, &control, &bench.events).await;
    assert_eq!(paused.unwrap_err().code, "DeploymentRunning");
    let group = context.arm.resource_group("rg-test4821").await.unwrap().unwrap();
    assert!(!group.tags.contains_key("privateaml-intent"));
}
