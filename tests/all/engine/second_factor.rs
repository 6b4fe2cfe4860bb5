//! What Azure refuses until somebody signs in anew, and what it refuses until its own roles are known.

use std::sync::Arc;

use privateaml::{
    azure::{
        auth::{ShowCode, SignInOptions, by_device_code},
        http::{Connection, Http, Request, STRONGER_SIGN_IN},
    },
    domain::operation::Event,
    practice::{Fault, SUBSCRIPTION},
};
use serde_json::json;

use super::bench::{Bench, GROUP, ready};

#[tokio::test]
async fn a_second_factor_is_asked_for_before_anything_is_created() {
    let bench = Bench::with(&[Fault::SecondFactor]);
    let problem = bench.deploy().await.unwrap_err();
    assert_eq!(problem.code, STRONGER_SIGN_IN, "{problem:?}");
    assert!(problem.what.contains("multi-factor") && problem.what.contains("not carried it out"));
    let received =
        "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlcyI6WyJwMSJdfX19";
    let command = format!("--claims-challenge \"{received}\"");
    assert!(problem.advice.contains(&command), "{}", problem.advice);
    assert!(problem.advice.contains("same command"), "{}", problem.advice);
    let group = bench.context().arm.resource_group(GROUP).await.unwrap();
    assert_eq!(group, None);
}

/// What Azure wants goes into the sign-in by code, and its token is taken.
#[tokio::test]
async fn a_sign_in_by_code_shows_the_second_factor() {
    let bench = Bench::with(&[Fault::SecondFactor]);
    let context = bench.context();
    let put = || {
        let path =
            format!("/subscriptions/{SUBSCRIPTION}/resourcegroups/rg-x?api-version=2021-04-01");
        Request::put(path, &json!({"location": "westeurope"}))
    };
    let refused = context.arm.http().send(put()).await.unwrap_err();
    assert_eq!(refused.code, STRONGER_SIGN_IN);
    let wanted = context.arm.http().take_challenge().unwrap();
    let endpoints = context.arm.http().endpoints().clone();
    let connection = Connection::to(&endpoints, None);
    let options = SignInOptions::default();
    let show: ShowCode = Arc::new(|_| {});
    let claims = Some(wanted.claims());
    let signed_in = by_device_code(&connection, &endpoints, &options, &show, claims);
    let http =
        Http::new(connection.clone(), endpoints.clone(), signed_in.await.unwrap().credential);
    http.send(put()).await.unwrap();
    assert_eq!(http.take_challenge(), None);
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
