//! The life of an environment: made, looked at, left and found again, cancelled, finished, removed.

use std::time::Duration;

use privateaml::{
    domain::{
        environment::{Keeping, Phase},
        progress::StepState,
    },
    engine::{
        Control, Deletion, Event, Notice, Outcome, Presence, delete_group, find, follow, list,
        status,
    },
    practice::Fault,
    store::keychain::Failing,
};

use crate::bench::{Bench, FULL_NAME, GROUP, ready, request, settings};

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
    let plan = heard.iter().find_map(|event| match event {
        Event::Planned(plan) => Some(plan.clone()),
        _ => None,
    });
    let plan = plan.unwrap();
    let took = ready.took.as_secs_f64();
    let critical = f64::from(plan.critical_seconds);
    assert!(
        (took - critical).abs() <= 0.03 * critical,
        "{took} of {critical}"
    );
    // Whoever hears the changes alone sees every planned resource done, and nothing unplanned.
    let changes = heard.iter().filter_map(|event| match event {
        Event::Steps { changes, .. } => Some(changes),
        _ => None,
    });
    let mut done: Vec<&str> = changes
        .flatten()
        .filter(|change| change.state == StepState::Done)
        .map(|change| change.symbol.as_str())
        .collect();
    done.sort_unstable();
    let mut planned: Vec<&str> = plan
        .resources
        .iter()
        .map(|each| each.symbol.as_str())
        .collect();
    planned.sort_unstable();
    assert_eq!(done, planned);
}

#[tokio::test]
async fn one_that_stands_is_left_alone() {
    let bench = Bench::new();
    let first = ready(bench.deploy().await);
    let Ok(Outcome::Stands(stands)) = bench.deploy().await else {
        panic!("it stands");
    };
    assert_eq!(stands.deployment, first.deployment);
    assert!(stands.problems.is_empty());
    assert_eq!(stands.outputs, first.outputs);
    let changed: Vec<_> = stands.changes.effective().collect();
    assert!(changed.is_empty(), "{changed:#?}");
    // A change is told, and made only when asked for.
    let mut wider = request();
    wider.settings.log_retention_days = 90;
    let control = Control::default();
    let Ok(Outcome::Stands(stands)) = bench.deploy_with(&wider, &control).await else {
        panic!("it stands");
    };
    assert!(stands.changes.effective().count() > 0);
    assert_eq!(bench.record().unwrap().attempts.len(), 1);
    wider.apply = true;
    let second = ready(bench.deploy_with(&wider, &control).await);
    assert_eq!(second.record.settings.log_retention_days, 90);
    assert_eq!(second.record.attempts.len(), 2);
    assert!(bench.password_agrees().await);
    // What cannot change is refused.
    let mut moved = request();
    moved.settings.address_space = "10.2.0.0/22".parse().unwrap();
    let problem = bench.deploy_with(&moved, &control).await.unwrap_err();
    assert_eq!(
        (problem.code.as_str(), problem.place.as_deref()),
        ("SettingsDiffer", Some("--cidr"))
    );
}

#[tokio::test]
async fn leaving_and_coming_back_leads_to_the_same_deployment() {
    let bench = Bench::new();
    let control = Control::default();
    let (leave, wanted) = (control.leave.clone(), request());
    let (outcome, ()) = tokio::join!(bench.deploy_with(&wanted, &control), async {
        bench.until(Phase::Deploying).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        leave.cancel();
    });
    let Ok(Outcome::Left(left)) = outcome else {
        panic!("left: {outcome:?}");
    };
    let seen = status(&bench.context(), &bench.record().unwrap())
        .await
        .unwrap();
    assert_eq!(seen.phase, Phase::Deploying);
    assert!(seen.snapshot.unwrap().counts.done > 0);
    let ready = ready(bench.deploy().await);
    assert_eq!(Some(ready.deployment), left.deployment);
    assert_eq!(ready.record.attempts.len(), 1);
    assert!(bench.password_agrees().await);
}

#[tokio::test]
async fn what_was_cancelled_is_told_and_can_be_finished() {
    let mut bench = Bench::new();
    let control = Control::default();
    let (cancel, wanted) = (control.cancel.clone(), request());
    let (outcome, ()) = tokio::join!(bench.deploy_with(&wanted, &control), async {
        bench.until(Phase::Deploying).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        cancel.cancel();
    });
    let Ok(Outcome::Cancelled(stopped)) = outcome else {
        panic!("cancelled: {outcome:?}");
    };
    assert!(!stopped.kept.resources.is_empty());
    assert!(stopped.kept.cost.is_some());
    assert_eq!(stopped.record.phase, Phase::Cancelled);
    bench.heard();
    let ready = ready(bench.deploy().await);
    assert_eq!(ready.record.attempts.len(), 2);
    assert_ne!(Some(ready.deployment), stopped.deployment);
    assert!(bench.password_agrees().await);
    // What the first attempt made was made from the beginning.
    let first = bench.heard().into_iter().find_map(|event| match event {
        Event::Steps { snapshot, .. } => Some(snapshot),
        _ => None,
    });
    assert!(first.unwrap().counts.done > 0);
}

#[tokio::test]
async fn without_a_store_the_machine_keeps_its_password() {
    let bench = Bench::new();
    let control = Control::default();
    let cancel = control.cancel.clone();
    let context = bench.context_of(None);
    let machine = format!(
        "/subscriptions/{}/resourceGroups/{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-test4821",
        context.arm.subscription_id()
    );
    let wanted = request();
    let first = privateaml::engine::deploy(&context, &wanted, &bench.events, &control);
    let (outcome, ()) = tokio::join!(first, async {
        bench.until(Phase::Deploying).await;
        loop {
            let made = context.arm.resource(&machine, "2025-04-01").await.unwrap();
            if made.is_some_and(|vm| vm["properties"]["provisioningState"] == "Succeeded") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        cancel.cancel();
    });
    assert!(matches!(outcome, Ok(Outcome::Cancelled(_))), "{outcome:?}");
    let user_name = bench.record().unwrap().user_name;
    let control = Control::default();
    let again = privateaml::engine::deploy(&context, &wanted, &bench.events, &control);
    let ready = ready(again.await);
    assert_eq!(ready.credentials, None);
    assert_eq!(ready.record.credentials, Keeping::None);
    assert_eq!(ready.record.user_name, user_name);
    let problem = privateaml::engine::credentials::read(&context, &ready.record).await;
    assert_eq!(problem.unwrap_err().code, "NoCredentials");
}

#[tokio::test]
async fn a_store_that_does_not_keep_is_told_before_anything_is_made() {
    let bench = Bench::new();
    bench.secrets.set_failing(Some(Failing::Forgets));
    let problem = bench.deploy().await.unwrap_err();
    assert_eq!(problem.code, "CredentialsNotKept");
    let group = bench.context().arm.resource_group(GROUP).await.unwrap();
    assert_eq!(group, None);
    assert_eq!(bench.record(), None);
    // "Try again" works once the store does.
    bench.secrets.set_failing(None);
    ready(bench.deploy().await);
}

#[tokio::test]
async fn another_machine_finds_everything_but_the_password() {
    let mut bench = Bench::new();
    let mut wanted = request();
    wanted.settings.tags.insert("owner".into(), "ada".into());
    wanted.settings.deny.insert("github".into());
    let made = ready(bench.deploy_with(&wanted, &Control::default()).await);
    bench.context().records.remove(FULL_NAME).unwrap();
    bench.secrets = std::sync::Arc::default();
    let context = bench.context();
    let listing = list(&context).await.unwrap();
    assert_eq!(listing.environments.len(), 1);
    let found = find(&context, "test").await.unwrap();
    assert!(!found.local);
    assert_eq!(found.presence, Presence::There);
    assert_eq!(found.record.settings, wanted.settings);
    assert_eq!(found.record.phase, Phase::Ready);
    assert_eq!(found.record.user_name, made.record.user_name);
    assert_eq!(
        found.record.last_deployment(),
        made.record.last_deployment()
    );
    assert_eq!(
        find(&context, "tess").await.unwrap_err().code,
        "NoSuchEnvironment"
    );
    let Ok(Outcome::Stands(stands)) = bench.deploy_with(&wanted, &Control::default()).await else {
        panic!("it stands");
    };
    assert_eq!(stands.record.settings, wanted.settings);
}

#[tokio::test]
async fn two_windows_send_one_deployment() {
    let bench = Bench::new();
    let (one, other) = tokio::join!(bench.deploy(), bench.deploy());
    let (one, other) = (ready(one), ready(other));
    assert_eq!(one.deployment, other.deployment);
    assert_eq!(bench.record().unwrap().attempts.len(), 1);
    assert!(bench.password_agrees().await);
}

#[tokio::test]
async fn a_detached_deployment_can_be_followed_and_removed() {
    let mut bench = Bench::new();
    let mut wanted = request();
    wanted.detach = true;
    let Ok(Outcome::Left(left)) = bench.deploy_with(&wanted, &Control::default()).await else {
        panic!("left");
    };
    let context = bench.context();
    let mut record = find(&context, FULL_NAME).await.unwrap().record;
    let ended = follow(&context, &mut record, &bench.events, &Control::default()).await;
    assert_eq!(Some(ready(ended).deployment), left.deployment);
    bench.heard();
    let removed = delete_group(&context, &record, &bench.events, &Control::default()).await;
    assert_eq!(removed.unwrap(), Deletion::Done);
    assert!(
        bench
            .heard()
            .iter()
            .any(|event| matches!(event, Event::Deleting { .. }))
    );
    assert_eq!(bench.record(), None);
    assert!(bench.secrets.accounts().is_empty());
    assert_eq!(context.arm.resource_group(GROUP).await.unwrap(), None);
    // Removing what is gone is no failure.
    let again = delete_group(&context, &record, &bench.events, &Control::default()).await;
    assert_eq!(again.unwrap(), Deletion::Done);
}

#[tokio::test]
async fn what_runs_is_cancelled_before_it_is_removed() {
    let bench = Bench::new();
    let mut wanted = request();
    wanted.detach = true;
    bench
        .deploy_with(&wanted, &Control::default())
        .await
        .unwrap();
    let (context, record) = (bench.context(), bench.record().unwrap());
    let removed = delete_group(&context, &record, &bench.events, &Control::default()).await;
    assert_eq!(removed.unwrap(), Deletion::Done);
    assert_eq!(context.arm.resource_group(GROUP).await.unwrap(), None);
}

#[tokio::test]
async fn a_group_of_others_is_neither_used_nor_removed() {
    let bench = Bench::new();
    let context = bench.context();
    let tags = std::collections::BTreeMap::from([("owner".to_owned(), "ada".to_owned())]);
    let made = context
        .arm
        .create_resource_group(GROUP, "westeurope", &tags);
    made.await.unwrap();
    assert_eq!(bench.deploy().await.unwrap_err().code, "ResourceGroupInUse");
    let place = privateaml::domain::environment::Place {
        subscription_id: context.arm.subscription_id().into(),
        tenant_id: String::new(),
        resource_group: GROUP.into(),
        practice: true,
    };
    let record = privateaml::domain::environment::Record::new(
        settings(),
        place,
        Keeping::Keychain,
        jiff::Timestamp::UNIX_EPOCH,
    );
    let removed = delete_group(&context, &record, &bench.events, &Control::default()).await;
    assert_eq!(removed.unwrap_err().code, "ResourceGroupInUse");
    assert!(context.arm.resource_group(GROUP).await.unwrap().is_some());
}

#[tokio::test]
async fn who_cannot_assign_roles_is_told_or_gets_keys() {
    let mut bench = Bench::with(&[Fault::NoRoleAssignments]);
    assert_eq!(bench.deploy().await.unwrap_err().code, "CannotAssignRoles");
    assert_eq!(
        bench.context().arm.resource_group(GROUP).await.unwrap(),
        None
    );
    let mut wanted = request();
    wanted.key_based = privateaml::engine::KeyBased::Allowed;
    let ready = ready(bench.deploy_with(&wanted, &Control::default()).await);
    assert!(bench.notices().contains(&Notice::KeyBased));
    let access = ready.record.settings.datastore_access;
    assert_eq!(
        access,
        privateaml::domain::settings::DatastoreAccess::AccountKey
    );
}
