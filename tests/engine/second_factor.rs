//! What Azure refuses until somebody signs in anew, and what it refuses until its own roles are known.

use privateaml::{azure::http::STRONGER_SIGN_IN, engine::Event, practice::Fault};

use crate::bench::{Bench, GROUP, ready};

#[tokio::test]
async fn a_second_factor_is_asked_for_before_anything_is_created() {
    let bench = Bench::with(&[Fault::SecondFactor]);
    let problem = bench.deploy().await.unwrap_err();
    assert_eq!(problem.code, STRONGER_SIGN_IN, "{problem:?}");
    assert!(problem.what.contains("multi-factor") && problem.what.contains("Nothing was changed"));
    let received =
        "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlcyI6WyJwMSJdfX19";
    let command = format!("--claims-challenge \"{received}\"");
    assert!(problem.advice.contains(&command), "{}", problem.advice);
    assert!(
        problem.advice.contains("same command"),
        "{}",
        problem.advice
    );
    let group = bench.context().arm.resource_group(GROUP).await.unwrap();
    assert_eq!(group, None);
}

/// The workspace's identity was given its roles seconds before: the refusal names it and not the person.
#[tokio::test]
async fn roles_that_are_not_known_yet_are_waited_for() {
    let mut bench = Bench::with(&[Fault::LateRoles]);
    let ready = ready(bench.deploy().await);
    assert_eq!(ready.record.attempts.len(), 2);
    let because: Vec<String> = bench
        .heard()
        .into_iter()
        .filter_map(|event| match event {
            Event::Retrying { because, .. } => Some(because[0].what.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(because.len(), 1, "{because:?}");
    assert!(because[0].contains("roles of an identity"), "{because:?}");
}
