//! The life of an environment: made, looked at again, found from another machine, removed.

use std::collections::BTreeMap;

use privateaml::{
    domain::{
        environment::{EnvironmentScope, Keeping, KnownFrom, Phase, Record},
        operation::{Ended, Event},
        progress::StepState,
    },
    engine::{Control, DeleteOptions, delete_environment, find, follow, list},
    store::keychain::MemoryStore,
};

use super::bench::{Bench, FULL_NAME, GROUP, ready, request, settings, stands};

#[tokio::test]
async fn an_environment_is_made_and_checked() {
    let mut bench = Bench::new();
    let ready = ready(bench.deploy().await);
    assert_eq!(ready.record.phase, Phase::Ready);
    assert_eq!(bench.record().unwrap(), ready.record);
    assert_eq!(ready.outputs["routeMatchesFirewall"], true);
    assert!(ready.credentials.unwrap().contains(FULL_NAME));
    assert!(bench.password_agrees().await);
    let heard = bench.heard();
    let plan = heard.iter().rev().find_map(|event| match event {
        Event::Planned(plan) => Some(plan.clone()),
        _ => None,
    });
    let plan = plan.unwrap();
    let (took, critical) = (ready.took.unwrap().as_secs_f64(), f64::from(plan.critical_seconds));
    assert!((took - critical).abs() <= 0.03 * critical, "{took} of {critical}");
    // Whoever hears the changes alone sees every planned resource done, and nothing unplanned.
    let changes = heard.iter().filter_map(|event| match event {
        Event::Steps { changed, turned, .. } => Some((changed, turned)),
        _ => None,
    });
    let mut done: Vec<&str> = changes
        .flat_map(|(changed, turned)| changed.iter().filter(|step| turned.contains(&step.symbol)))
        .filter(|step| step.state == StepState::Done)
        .map(|step| step.symbol.as_str())
        .collect();
    done.sort_unstable();
    let mut planned: Vec<&str> = plan.resources.iter().map(|each| each.symbol.as_str()).collect();
    planned.sort_unstable();
    assert_eq!(done, planned);
}

#[tokio::test]
async fn one_that_stands_is_left_alone() {
    let bench = Bench::new();
    let first = ready(bench.deploy().await);
    let found = stands(bench.deploy().await);
    assert_eq!(found.deployment, first.deployment);
    assert!(found.problems.is_empty(), "{:#?}", found.problems);
    assert_eq!(found.outputs, first.outputs);
    let changed: Vec<_> = found.forecast.changes.iter().collect();
    assert!(changed.is_empty(), "{changed:#?}");
    // A change is told, and the record keeps what stands.
    let (mut wider, control) = (request(), Control::default());
    wider.settings.log_retention_days = 90;
    let found = stands(bench.deploy_with(&wider, &control).await);
    assert!(!found.forecast.changes.is_empty());
    assert_eq!(bench.record().unwrap(), first.record);
    // What cannot change is refused.
    let mut moved = request();
    moved.settings.address_space = "10.2.0.0/22".parse().unwrap();
    let problem = bench.deploy_with(&moved, &control).await.unwrap_err();
    assert_eq!(problem.code, "SettingsDiffer");
    assert_eq!(problem.place.as_deref(), Some("--cidr"));
}

/// A password is not needed to see what would change: a store that is locked does not matter then.
#[tokio::test]
async fn without_credentials_a_preview_shows_no_change() {
    let mut bench = Bench::new();
    ready(bench.deploy().await);
    bench.secrets = MemoryStore::new().into();
    let found = stands(bench.deploy().await);
    let changed: Vec<_> = found.forecast.changes.iter().collect();
    assert!(changed.is_empty(), "{changed:#?}");
}

#[tokio::test]
async fn another_machine_finds_everything_but_the_password() {
    let mut bench = Bench::new();
    let mut wanted = request();
    wanted.settings.tags.insert("owner".into(), "ada".into());
    wanted.settings.deny.insert("github".into());
    let control = Control::default();
    let made = ready(bench.deploy_with(&wanted, &control).await);
    bench.context().records.remove(FULL_NAME).unwrap();
    bench.secrets = MemoryStore::new().into();
    let context = bench.context();
    let (rows, broken) = list(&context).await.unwrap();
    assert_eq!((rows.len(), broken.len()), (1, 0));
    assert_eq!(rows[0].known, KnownFrom::AzureOnly);
    let found = find(&context, "test").await.unwrap();
    assert_eq!(found.settings, wanted.settings);
    let problem = find(&context, "tess").await.unwrap_err();
    assert_eq!(problem.code, "EnvironmentNotFound");
    // The tags tell what cannot change.
    let mut moved = request();
    moved.settings.address_space = "10.2.0.0/22".parse().unwrap();
    let problem = bench.deploy_with(&moved, &control).await.unwrap_err();
    assert_eq!(problem.code, "SettingsDiffer");
    let found = stands(bench.deploy_with(&wanted, &control).await);
    assert_eq!(found.record.settings, wanted.settings);
    assert_eq!(found.record.user_name, made.record.user_name);
    assert_eq!(found.deployment, made.deployment);
}

#[tokio::test]
async fn an_environment_known_elsewhere_is_not_made_twice() {
    let bench = Bench::new();
    ready(bench.deploy().await);
    let mut wanted = request();
    wanted.resource_group = "rg-other".into();
    let made = bench.deploy_with(&wanted, &Control::default()).await;
    assert_eq!(made.unwrap_err().code, "EnvironmentElsewhere");
}

/// Choices that failed before anything stood can be corrected under the same name.
#[tokio::test]
async fn what_was_never_sent_can_still_change() {
    let bench = Bench::with(&[privateaml::practice::Fault::Sku]);
    let mut wanted = request();
    drop(bench.deploy_with(&wanted, &Control::default()).await.unwrap_err());
    wanted.settings.address_space = "10.2.0.0/22".parse().unwrap();
    let problem = bench.deploy_with(&wanted, &Control::default()).await.unwrap_err();
    assert_ne!(problem.code, "SettingsDiffer");
}

#[tokio::test]
async fn a_detached_deployment_can_be_followed_and_removed() {
    let mut bench = Bench::new();
    let (mut wanted, control) = (request(), Control::default());
    wanted.detach = true;
    let Ok(Ended::Left { deployment }) = bench.deploy_with(&wanted, &control).await else {
        panic!("left");
    };
    let context = bench.context();
    let record = find(&context, FULL_NAME).await.unwrap();
    let ended = follow(&context, record.clone(), &control, &bench.events).await;
    assert_eq!(Some(ready(ended).deployment), deployment);
    bench.heard();
    let removed =
        delete_environment(&context, &record, DeleteOptions::default(), &control, &bench.events)
            .await;
    assert!(matches!(removed, Ok(Ended::Done(_))), "{removed:?}");
    let told = |event: &Event| matches!(event, Event::Deleting { .. });
    assert!(bench.heard().iter().any(told));
    assert_eq!(bench.record(), None);
    assert!(bench.secrets.accounts().is_empty());
    assert_eq!(context.arm.resource_group(GROUP).await.unwrap(), None);
    // Removing what is gone is no failure.
    let again =
        delete_environment(&context, &record, DeleteOptions::default(), &control, &bench.events)
            .await;
    assert!(matches!(again, Ok(Ended::Done(_))), "{again:?}");
}

#[tokio::test]
async fn a_group_of_others_is_neither_used_nor_removed() {
    let bench = Bench::new();
    let context = bench.context();
    let tags = BTreeMap::from([("owner".to_owned(), "ada".to_owned())]);
    let made = context.arm.create_resource_group(GROUP, "northeurope", &tags);
    made.await.unwrap();
    assert_eq!(bench.deploy().await.unwrap_err().code, "ResourceGroupInUse");
    let place = EnvironmentScope {
        subscription_id: context.arm.subscription_id().into(),
        tenant_id: String::new(),
        resource_group: GROUP.into(),
        practice: true,
    };
    let now = jiff::Timestamp::UNIX_EPOCH;
    let record = Record::new(settings(), place, Keeping::Keychain, now);
    let removed = delete_environment(
        &context,
        &record,
        DeleteOptions::default(),
        &Control::default(),
        &bench.events,
    )
    .await;
    assert_eq!(removed.unwrap_err().code, "ResourceGroupInUse");
    assert!(context.arm.resource_group(GROUP).await.unwrap().is_some());
}
