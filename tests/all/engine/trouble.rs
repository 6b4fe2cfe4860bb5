//! What goes wrong on the way: the network, the store of credentials, another window, rights.

use std::time::Duration;

use privateaml::{
    domain::{
        action::Action,
        environment::Phase,
        operation::{Ended, Event, Notice},
        settings::DatastoreAccess,
    },
    engine::{Control, deploy},
    practice::{Fault, Options},
    store::keychain::Failing,
};

use super::bench::{Bench, GROUP, ready, request, start};

/// The cloud goes away in the middle, and comes back at the same address.
#[tokio::test]
async fn a_lost_network_is_survived() {
    let mut bench = Bench::at(20.0, &[]);
    let (home, port) = (bench.home.path().to_owned(), bench.server.url().port().unwrap());
    let (context, events) = (bench.context(), bench.events.clone());
    let (control, wanted) = (Control::default(), request());
    let running = tokio::spawn(async move { deploy(&context, &wanted, &control, &events).await });
    bench.until(Phase::Deploying).await;
    // Replaced by one on another port, so that the first can end.
    let gone = std::mem::replace(&mut bench.server, start(&home, 20.0, &[]));
    gone.shutdown().await;
    let mut notices = Vec::new();
    while !notices.iter().any(|each| matches!(each, Notice::StillTrying(_))) {
        assert!(!running.is_finished());
        tokio::time::sleep(Duration::from_millis(50)).await;
        notices.extend(bench.notices());
    }
    let mut options = Options::new(bench.paths().practice_cloud());
    (options.port, options.speed) = (port, 3000.0);
    bench.server = privateaml::practice::start(options).unwrap();
    let ready = ready(running.await.unwrap());
    assert_eq!(ready.record.attempts.len(), 1);
    assert!(bench.notices().contains(&Notice::Reconnected));
    assert!(bench.password_agrees().await);
}

/// Leaving must not wait for a network that is not there.
#[tokio::test]
async fn leaving_needs_no_network() {
    let mut bench = Bench::at(20.0, &[]);
    let home = bench.home.path().to_owned();
    let (context, events) = (bench.context(), bench.events.clone());
    let (control, wanted) = (Control::default(), request());
    let leave = control.leave.clone();
    let running = tokio::spawn(async move { deploy(&context, &wanted, &control, &events).await });
    bench.until(Phase::Deploying).await;
    let gone = std::mem::replace(&mut bench.server, start(&home, 20.0, &[]));
    gone.shutdown().await;
    leave.cancel();
    let outcome = tokio::time::timeout(Duration::from_secs(5), running).await;
    let outcome = outcome.unwrap().unwrap().unwrap();
    assert!(matches!(outcome, Ended::Left { .. }));
}

#[tokio::test]
async fn a_store_that_does_not_keep_is_told_before_anything_is_made() {
    let bench = Bench::new();
    for (failing, code) in [
        (Failing::Writes, "KeychainUnavailable"),
        (Failing::Forgets, "CredentialsNotKept"),
        (Failing::Changes, "CredentialsNotKept"),
    ] {
        bench.secrets.set_failing(Some(failing));
        assert_eq!(bench.deploy().await.unwrap_err().code, code, "{failing:?}");
        let group = bench.context().arm.resource_group(GROUP).await.unwrap();
        assert_eq!((group, bench.record()), (None, None), "{failing:?}");
    }
    // "Try again" works once the store does.
    bench.secrets.set_failing(None);
    ready(bench.deploy().await);
}

#[tokio::test]
async fn two_windows_send_one_deployment() {
    let bench = Bench::at(100.0, &[]);
    let (one, other) = tokio::join!(bench.deploy(), bench.deploy());
    let (one, other) = (ready(one), ready(other));
    assert_eq!(one.deployment, other.deployment);
    assert_eq!(bench.record().unwrap().attempts.len(), 1);
    assert!(bench.password_agrees().await);
}

/// Both windows see the failure; one sends again, and the other follows that.
#[tokio::test]
async fn two_windows_repeat_a_failure_once() {
    let mut bench = Bench::at(150.0, &[Fault::FirewallError]);
    let (one, other) = tokio::join!(bench.deploy(), bench.deploy());
    assert_eq!(ready(one).deployment, ready(other).deployment);
    assert_eq!(bench.record().unwrap().attempts.len(), 2);
    assert!(bench.password_agrees().await);
    let repeated = bench.heard().into_iter().filter_map(|event| match event {
        Event::Retrying { attempt, because, .. } => Some((attempt, because[0].code.clone())),
        _ => None,
    });
    let repeated: Vec<_> = repeated.collect();
    // On a slow machine a window may look only after the failure: then it sends again without a word of waiting.
    assert!(matches!(repeated.len(), 1 | 2), "{repeated:?}");
    let said = (1, "InternalServerError".to_owned());
    assert!(repeated.iter().all(|each| *each == said), "{repeated:?}");
}

#[tokio::test]
async fn who_cannot_assign_roles_is_told_and_never_gets_keys_unasked() {
    let bench = Bench::with(&[Fault::NoRoleAssignments]);
    let problem = bench.deploy().await.unwrap_err();
    let by_key = Action::set("--datastore-access", "account-key");
    assert!(problem.remedies().contains(&by_key), "{problem:?}");
    let group = bench.context().arm.resource_group(GROUP).await.unwrap();
    assert_eq!(group, None);
    assert_eq!(bench.record(), None);
    let mut wanted = request();
    wanted.settings.datastore_access = DatastoreAccess::AccountKey;
    let made = bench.deploy_with(&wanted, &Control::default()).await;
    let access = ready(made).record.settings.datastore_access;
    assert_eq!(access, DatastoreAccess::AccountKey);
}
