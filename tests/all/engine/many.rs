//! Many subscriptions: one read each, slow and unreadable ones beside the others, and names found wherever they are.

use std::{path::PathBuf, sync::Arc, time::Duration};

use privateaml::{
    azure::arm::Arm,
    domain::{
        environment::{
            EnvironmentScope, Keeping, KnownFrom, MadeBy, Phase, Record, row::EnvironmentRow, tags,
        },
        settings::Settings,
    },
    engine::{
        Context, Control, deploy, find, list,
        list::{ListPart, list_each, newest, newest_each},
    },
    practice::{self, Fault, Options, SUBSCRIPTION, TENANT, subscription_id},
};
use serde_json::{Value, json};

use super::bench::{Bench, FULL_NAME, GROUP, ready, request};

/// A practice cloud with so many subscriptions, that notes every exchange.
fn bench(subscriptions: usize, faults: &[Fault]) -> Bench {
    let mut bench = Bench::new();
    bench.server = serve(&bench, subscriptions, faults);
    bench
}

fn serve(bench: &Bench, subscriptions: usize, faults: &[Fault]) -> practice::Server {
    let mut options = Options::new(bench.paths().practice_cloud());
    options.speed = super::bench::SPEED;
    options.faults = faults.to_vec();
    options.subscriptions = Some(subscriptions);
    options.record = Some(exchanges(bench));
    practice::start(options).unwrap()
}

fn exchanges(bench: &Bench) -> PathBuf {
    bench.home.path().join("exchanges.jsonl")
}

/// The paths that were asked for after so many others, without those of signing in.
fn asked(bench: &Bench, after: usize) -> Vec<String> {
    let text = std::fs::read_to_string(exchanges(bench)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| line["path"].as_str().unwrap().to_owned())
        .filter(|path| path.starts_with("/subscriptions"))
        .skip(after)
        .collect()
}

fn within(context: &Context, number: usize) -> Context {
    Context {
        arm: Arm::new(context.arm.http().clone(), subscription_id(number)),
        subscription_name: practice::subscription_name(number),
        ..context.clone()
    }
}

fn settings(name: &str, digits: usize) -> Settings {
    Settings::new(
        name.parse().unwrap(),
        format!("{digits:04}").parse().unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    )
}

fn record(settings: Settings, number: usize, tenant: &str) -> Record {
    let place = EnvironmentScope {
        subscription_id: subscription_id(number),
        tenant_id: tenant.into(),
        resource_group: settings.resource_group(),
        practice: true,
    };
    let now = jiff::Timestamp::UNIX_EPOCH;
    let keeping = Keeping::Practice;
    Record { phase: Phase::Ready, ..Record::new(settings, place, keeping, now) }
}

/// Makes the group of an environment in a subscription, as another machine would have.
async fn plant(context: &Context, number: usize, settings: &Settings) {
    let tags = tags::tags(settings, None).unwrap();
    let arm = within(context, number).arm;
    let group = settings.resource_group();
    arm.create_resource_group(&group, "westeurope", &tags).await.unwrap();
}

fn named<'rows>(rows: &'rows [EnvironmentRow], name: &str) -> &'rows EnvironmentRow {
    let found = rows.iter().find(|row| row.record.full_name == name);
    found.unwrap_or_else(|| panic!("no {name} in {rows:#?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_environments_in_twenty_subscriptions_take_one_read_each() {
    let slow = 7;
    let mut bench = bench(20, &[]);
    let context = bench.context();
    for number in 1..=20 {
        for each in 0..25 {
            plant(&context, number, &settings("env", number * 100 + each)).await;
        }
    }
    bench.server = serve(&bench, 20, &[Fault::SlowSubscription(slow)]);
    let context = bench.context();
    let before = asked(&bench, 0).len();
    let mut parts = Vec::new();
    let begun = std::time::Instant::now();
    list_each(&context, |part| parts.push((begun.elapsed(), part))).await.unwrap();
    let reads = asked(&bench, before);
    assert_eq!(reads.len(), 1 + 20, "{reads:#?}");
    assert!(matches!(&parts[0].1, ListPart::Begun { subscriptions, rows, .. }
        if subscriptions.len() == 20 && rows.is_empty()));
    // Nineteen have told theirs before the slow one answers, and it waits for nobody's sake but its own.
    let (last, part) = parts.last().unwrap();
    let ListPart::Read { subscription, .. } = part else {
        panic!("{part:?}");
    };
    assert_eq!(subscription.id, subscription_id(slow as usize));
    let first = parts[1].0;
    assert!(first + Duration::from_secs(1) < *last, "{first:?} {last:?}");
    let rows: Vec<&EnvironmentRow> = parts
        .iter()
        .flat_map(|(_, part)| match part {
            ListPart::Begun { rows, .. } | ListPart::Read { rows, .. } => rows,
        })
        .collect();
    assert_eq!(rows.len(), 500);
    assert!(rows.iter().all(|row| row.known == KnownFrom::AzureOnly));
    // A state costs one read, for the rows that are looked at.
    let before = asked(&bench, 0).len();
    let three = rows.iter().take(3).map(|row| row.record.clone()).collect();
    let mut states = Vec::new();
    newest_each(&context, three, |_, read| states.push(read.unwrap())).await;
    assert_eq!(states, [None, None, None]);
    assert_eq!(asked(&bench, before).len(), 3);
}

#[tokio::test]
async fn each_row_says_where_it_is_known_from() {
    let bench = bench(3, &[Fault::UnreadableSubscription(2)]);
    let context = bench.context();
    let kept = settings("kept", 1);
    plant(&context, 3, &kept).await;
    plant(&context, 1, &settings("other", 2)).await;
    for (settings, number, tenant) in [
        (kept, 3, TENANT),
        (settings("gone", 3), 1, TENANT),
        (settings("hidden", 4), 2, TENANT),
        (settings("far", 5), 9, "00000000-0000-4000-8000-00000000b222"),
        (settings("lost", 6), 9, TENANT),
    ] {
        let record = record(settings, number, tenant);
        context.records.write(&record).unwrap();
    }
    let (rows, problems) = list(&context).await.unwrap();
    let told = |name| {
        let row = named(&rows, name);
        (row.known, row.state(), row.subscription.clone())
    };
    let subscription = practice::subscription_name;
    assert_eq!(told("kept0001"), (KnownFrom::Both, "ready".into(), subscription(3)));
    assert_eq!(told("other0002"), (KnownFrom::AzureOnly, "found in Azure".into(), subscription(1)));
    assert_eq!(told("gone0003").0, KnownFrom::Gone);
    assert_eq!(told("hidden0004").0, KnownFrom::Unread);
    assert_eq!(told("far0005").0, KnownFrom::OtherTenant);
    assert_eq!(told("lost0006").0, KnownFrom::Unread);
    let code = |name| named(&rows, name).problem.as_ref().unwrap().code.clone();
    assert_eq!(code("hidden0004"), "AuthorizationFailed");
    assert_eq!(code("lost0006"), "SubscriptionNotSeen");
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].what.contains(&subscription(2)));
}

#[tokio::test]
async fn an_environment_is_found_in_whatever_subscription_it_is() {
    let bench = bench(3, &[]);
    let context = bench.context();
    plant(&context, 3, &settings("demo", 1)).await;
    plant(&context, 2, &settings("twin", 1)).await;
    plant(&context, 3, &settings("twin", 2)).await;
    let found = find(&context, "demo").await.unwrap();
    assert_eq!(found.subscription_id, subscription_id(3));
    let there = context.in_subscription(&found);
    assert_eq!(there.arm.subscription_id(), subscription_id(3));
    assert!(there.arm.resource_group("rg-demo0001").await.unwrap().is_some());
    assert_eq!(find(&context, "twin0001").await.unwrap().subscription_id, subscription_id(2));
    let twins = find(&context, "twin").await.unwrap_err();
    assert_eq!(twins.code, "EnvironmentAmbiguous");
    assert!(twins.advice.contains("twin0001") && twins.advice.contains("twin0002"));
    // The subscription in use goes first; with none in use, all are looked into.
    let nowhere = Context { arm: Arm::new(context.arm.http().clone(), ""), ..context.clone() };
    assert!(find(&nowhere, "demo0001").await.unwrap().is_same(&found));
    let missing = find(&context, "nobody").await.unwrap_err();
    assert_eq!((missing.code.as_str(), missing.others.len()), ("EnvironmentNotFound", 0));
}

#[tokio::test]
async fn what_is_not_found_says_what_could_not_be_read() {
    let bench = bench(2, &[Fault::UnreadableSubscription(2)]);
    let missing = find(&bench.context(), "demo").await.unwrap_err();
    assert_eq!(missing.code, "EnvironmentNotFound");
    assert_eq!(missing.others.len(), 1);
    assert!(missing.advice.contains("could not be read"));
}

#[tokio::test]
async fn what_terraform_made_is_found_with_the_network_it_has() {
    let bench = bench(2, &[]);
    let context = bench.context();
    let there = within(&context, 2);
    let tags = [("project", "Private Azure ML"), ("name", "seed4711")];
    let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let made = there.arm.create_resource_group("rg-seed4711", "northeurope", &tags);
    let group = made.await.unwrap();
    let (rows, _) = list(&context).await.unwrap();
    assert!(named(&rows, "seed4711").network_unread);
    let id = format!("{}/providers/Microsoft.Network/virtualNetworks/vnet-seed4711", group.id);
    let body = json!({ "location": "northeurope", "properties": {
        "addressSpace": { "addressPrefixes": ["10.40.0.0/20"] },
        "subnets": [],
    }});
    there.arm.put_resource(&id, &body).await.unwrap();
    let before = asked(&bench, 0).len();
    let (rows, problems) = list(&context).await.unwrap();
    // Two subscriptions, their list, and the networks of the one that has such an environment.
    assert_eq!(asked(&bench, before).len(), 4);
    assert!(problems.is_empty());
    let row = named(&rows, "seed4711");
    assert!(!row.network_unread);
    assert_eq!(row.record.made_by, MadeBy::Terraform);
    let found = find(&context, "seed").await.unwrap();
    assert_eq!(found.settings.address_space.to_string(), "10.40.0.0/20");
    assert_eq!((found.settings.region.as_str(), found.made_by), ("northeurope", MadeBy::Terraform));
    assert_eq!(found.subscription_id, subscription_id(2));
}

#[tokio::test]
async fn without_local_files_the_newest_deployment_tells_the_state() {
    let mut bench = bench(3, &[]);
    let context = within(&bench.context(), 3);
    let control = Control::default();
    let made = ready(deploy(&context, &request(), &control, &bench.events).await);
    assert_eq!(made.record.subscription_id, subscription_id(3));
    context.records.remove(FULL_NAME).unwrap();
    bench.server = serve(&bench, 3, &[]);
    let context = bench.context();
    let (mut rows, _) = list(&context).await.unwrap();
    let row = &mut rows[0];
    assert!(row.is_worth_asking());
    let read = newest(&context, &row.record).await.unwrap();
    row.settle(read);
    assert_eq!((row.state().as_str(), row.known), ("ready", KnownFrom::AzureOnly));
    // Deleted elsewhere, it is gone for whoever recorded it, not ready.
    context.records.write(&made.record).unwrap();
    let removed = within(&context, 3).arm.delete_resource_group(GROUP).await;
    removed.unwrap();
    let (rows, _) = list(&context).await.unwrap();
    assert_eq!(named(&rows, FULL_NAME).state(), "deleting");
    let context =
        Context { subscriptions: Arc::from(context.arm.subscriptions().await.unwrap()), ..context };
    for _ in 0..400 {
        let (rows, _) = list(&context).await.unwrap();
        if named(&rows, FULL_NAME).known == KnownFrom::Gone {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never gone from {SUBSCRIPTION}");
}
