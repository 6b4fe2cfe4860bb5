//! Leaving and cancelling at different moments, and what the same command makes of it afterwards.

use privateaml::{
    domain::{
        environment::{Keeping, Phase},
        operation::{Ended, Event, Stage},
        progress::{Step, StepState},
    },
    engine::{Context, Control, DeleteOptions, credentials, delete_environment, deploy, status},
};

use super::bench::{Bench, GROUP, ready, request};

fn some_done(event: &Event) -> bool {
    matches!(event, Event::Steps { changed, .. } if changed.iter().any(Step::is_done))
}

fn is_made(symbol: &'static str) -> impl Fn(&Event) -> bool {
    move |event| {
        let Event::Steps { changed, .. } = event else {
            return false;
        };
        changed.iter().any(|change| change.symbol == symbol && change.state == StepState::Done)
    }
}

fn leave(control: &Control) {
    control.leave.cancel();
}

fn cancel(control: &Control) {
    control.cancel.cancel();
}

#[tokio::test]
async fn leaving_and_coming_back_leads_to_the_same_deployment() {
    let mut bench = Bench::at(30.0, &[]);
    let context = bench.context();
    let outcome = bench.deploy_until(&context, some_done, leave).await;
    let Ok(Ended::Left { deployment }) = outcome else {
        panic!("left: {outcome:?}");
    };
    let seen = status(&context, bench.record().unwrap()).await.unwrap();
    assert_eq!(seen.record.phase, Phase::Deploying);
    assert!(seen.counts.unwrap().done > 0);
    bench.hurry();
    let ready = ready(bench.deploy().await);
    assert_eq!(Some(ready.deployment), deployment);
    assert_eq!(ready.record.attempts.len(), 1);
    assert!(bench.password_agrees().await);
}

/// Before the deployment is sent nothing runs: neither leaving nor cancelling may wait for the preparation's end.
#[tokio::test]
async fn stopping_during_the_preparation_sends_nothing() {
    let moments: [fn(&Event) -> bool; 3] = [
        |event| matches!(event, Event::Stage(Stage::Looking)),
        |event| matches!(event, Event::Stage(Stage::Registering(_))),
        |event| matches!(event, Event::Stage(Stage::Validating)),
    ];
    let bench = Bench::new();
    let context = bench.context();
    for moment in moments {
        let outcome = bench.deploy_until(&context, moment, leave).await;
        assert!(matches!(&outcome, Ok(Ended::Left { deployment: None })), "{outcome:?}");
    }
    let outcome = bench.deploy_until(&context, moments[0], cancel).await;
    assert!(
        matches!(&outcome, Ok(Ended::Stopped(stopped)) if stopped.deployment.is_none()),
        "{outcome:?}"
    );
    let ready = ready(bench.deploy().await);
    assert_eq!(ready.record.attempts.len(), 1);
    assert!(bench.password_agrees().await);
}

#[tokio::test]
async fn what_was_cancelled_is_told_and_can_be_finished() {
    let mut bench = Bench::at(60.0, &[]);
    let context = bench.context();
    let outcome = bench.deploy_until(&context, is_made("virtualNetwork"), cancel).await;
    let Ok(Ended::Stopped(stopped)) = outcome else {
        panic!("cancelled: {outcome:?}");
    };
    assert!(stopped.kept.resources.unwrap() > 0);
    assert!(stopped.kept.cost.is_some());
    assert_eq!(stopped.record.unwrap().phase, Phase::Cancelled);
    bench.hurry();
    let ready = ready(bench.deploy().await);
    assert_eq!(ready.record.attempts.len(), 2);
    assert_ne!(Some(ready.deployment), stopped.deployment);
    assert!(bench.password_agrees().await);
    // What the first attempt made counts as made from the first look on.
    let first = bench.heard().into_iter().find_map(|event| match event {
        Event::Steps { changed, .. } => Some(changed),
        _ => None,
    });
    assert!(first.unwrap().iter().any(Step::is_done));
}

async fn cancelled_once_the_machine_stood(bench: &Bench, context: &Context) {
    let outcome = bench.deploy_until(context, is_made("jumpbox"), cancel).await;
    assert!(matches!(outcome, Ok(Ended::Stopped(_))), "{outcome:?}");
}

#[tokio::test]
async fn without_a_store_the_machine_keeps_its_password() {
    let bench = Bench::at(100.0, &[]);
    let context = bench.context_of(None);
    cancelled_once_the_machine_stood(&bench, &context).await;
    let user_name = bench.record().unwrap().user_name;
    assert!(user_name.is_some());
    let (wanted, control) = (request(), Control::default());
    let again = deploy(&context, &wanted, &control, &bench.events).await;
    let ready = ready(again);
    assert_eq!(ready.credentials, None);
    assert_eq!(ready.record.credentials, Keeping::None);
    assert_eq!(ready.record.user_name, user_name);
    assert_eq!(credentials::absent(&ready.record).code, "NoCredentials");
}

/// With the credentials at hand the same ones are sent again, and the machine takes no others.
#[tokio::test]
async fn a_machine_that_stands_gets_the_same_credentials() {
    let bench = Bench::at(100.0, &[]);
    let context = bench.context();
    cancelled_once_the_machine_stood(&bench, &context).await;
    assert!(bench.password_agrees().await);
    ready(bench.deploy().await);
    assert!(bench.password_agrees().await);
}

#[tokio::test]
async fn what_runs_is_cancelled_before_it_is_removed() {
    let bench = Bench::new();
    let context = bench.context();
    let outcome = bench.deploy_until(&context, some_done, leave).await;
    assert!(matches!(outcome, Ok(Ended::Left { .. })), "{outcome:?}");
    let record = bench.record().unwrap();
    let removed = delete_environment(
        &context,
        &record,
        DeleteOptions::default(),
        &Control::default(),
        &bench.events,
    )
    .await;
    assert!(matches!(removed, Ok(Ended::Done(_))), "{removed:?}");
    assert_eq!(context.arm.resource_group(GROUP).await.unwrap(), None);
    assert_eq!(bench.record(), None);
    assert!(bench.secrets.accounts().is_empty());
}
