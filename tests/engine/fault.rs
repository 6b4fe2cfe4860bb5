//! Faults of the cloud and of the way to it.

use privateaml::{
    domain::environment::Phase,
    engine::{Control, Event, Notice, Outcome},
    practice::Fault,
};

use crate::bench::{Bench, ready, request, start};

#[tokio::test]
async fn what_passes_by_itself_does_not_stop_a_deployment() {
    for fault in [
        Fault::Throttle(20),
        Fault::Drop(12),
        Fault::ServerError(10),
        Fault::TokenExpiry(0),
        Fault::SlowBastion,
    ] {
        let bench = Bench::with(&[fault]);
        let ready = ready(bench.deploy().await);
        assert_eq!(ready.record.attempts.len(), 1, "{fault:?}");
        assert!(bench.password_agrees().await, "{fault:?}");
    }
}

#[tokio::test]
async fn a_failure_that_passes_is_repeated_once_and_said() {
    let mut bench = Bench::with(&[Fault::FirewallError]);
    let ready = ready(bench.deploy().await);
    assert_eq!(ready.record.attempts.len(), 2);
    assert!(bench.password_agrees().await);
    let repeated: Vec<(u32, String)> = bench
        .heard()
        .into_iter()
        .filter_map(|event| match event {
            Event::Retrying {
                attempt, because, ..
            } => Some((attempt, because[0].code.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(repeated, [(1, "InternalServerError".to_owned())]);
}

#[tokio::test]
async fn what_needs_a_change_ends_with_its_own_words() {
    for (fault, codes) in [
        (Fault::Quota, vec!["QuotaExceeded", "OperationNotAllowed"]),
        (Fault::Policy, vec!["RequestDisallowedByPolicy"]),
        (Fault::Sku, vec!["SkuNotAvailable"]),
        (Fault::NameTaken, vec!["StorageAccountAlreadyTaken"]),
        (
            Fault::SoftDeletedVault,
            vec!["VaultAlreadyExists", "ConflictError"],
        ),
        (Fault::RegionOutage, vec![]),
    ] {
        let bench = Bench::with(&[fault]);
        let problems = match bench.deploy().await {
            Err(problem) => vec![problem],
            Ok(Outcome::Failed(failed)) => failed.problems,
            other => panic!("{fault:?}: {other:#?}"),
        };
        let problem = &problems[0];
        assert!(
            codes.is_empty() || codes.contains(&problem.code.as_str()),
            "{fault:?}: {problem:#?}"
        );
        for problem in &problems {
            assert!(
                !problem.advice.is_empty() && !problem.what.contains('{'),
                "{problem:#?}"
            );
        }
    }
}

/// The cloud goes away in the middle, and comes back at the same address.
#[tokio::test]
async fn a_lost_network_is_survived() {
    let mut bench = Bench::at(150.0, &[]);
    let (home, port) = (
        bench.home.path().to_owned(),
        bench.server.url().port().unwrap(),
    );
    let context = bench.context();
    let (events, control, wanted) = (bench.events.clone(), Control::default(), request());
    let running = tokio::spawn(async move {
        privateaml::engine::deploy(&context, &wanted, &events, &control).await
    });
    bench.until(Phase::Deploying).await;
    // Replaced by one on another port, so that the first ends.
    let gone = std::mem::replace(&mut bench.server, start(&home, 150.0, &[]));
    gone.shutdown().await;
    let mut notices = Vec::new();
    while !notices
        .iter()
        .any(|each| matches!(each, Notice::StillTrying(_)))
    {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        notices.extend(bench.notices());
    }
    let mut options = privateaml::practice::Options::new(bench.paths().practice_cloud());
    options.port = port;
    options.speed = 1500.0;
    bench.server = privateaml::practice::start(options).unwrap();
    let ready = ready(running.await.unwrap());
    assert_eq!(ready.record.attempts.len(), 1);
    assert!(bench.notices().contains(&Notice::Reconnected));
    assert!(bench.password_agrees().await);
}
