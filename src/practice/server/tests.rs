//! Tests over real loopback HTTP: what a client meets on the wire.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::practice::testing::{client, get, options, subscription, token, url};
use crate::practice::{Fault, Options, SUBSCRIPTION, TENANT, start};

#[tokio::test]
async fn every_answer_says_practice_and_carries_the_request_ids() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(options(directory.path())).unwrap();
    let client = client();
    let token = token(&client, &server).await;
    let answer = client
        .get(url(&server, "/subscriptions"))
        .bearer_auth(&token)
        .header("x-ms-client-request-id", "11111111-1111-4111-8111-111111111111")
        .send()
        .await
        .unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-ms-practice"), "true");
    assert_eq!(header("server"), "privateaml-practice");
    assert_eq!(header("x-ms-correlation-request-id"), "11111111-1111-4111-8111-111111111111");
    assert_eq!(header("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
    assert!(answer.headers().contains_key("x-ms-ratelimit-remaining-subscription-reads"));
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["value"][0]["subscriptionId"], SUBSCRIPTION);
    assert!(body["value"][0]["displayName"].as_str().unwrap().contains("Practice"));
    server.shutdown().await;
}

#[tokio::test]
async fn tls_is_trusted_through_the_written_authority() {
    let directory = tempfile::tempdir().unwrap();
    let tls = directory.path().join("tls");
    let server = start(Options { tls: Some(tls.clone()), ..options(directory.path()) }).unwrap();
    assert_eq!(server.url().scheme(), "https");
    let pem = std::fs::read(tls.join("ca.pem")).unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let trusting = Client::builder()
        .no_proxy()
        .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
        .build()
        .unwrap();
    let path = format!("{TENANT}/v2.0/.well-known/openid-configuration");
    for host in ["127.0.0.1", "localhost"] {
        let mut address = server.url().join(&path).unwrap();
        address.set_host(Some(host)).unwrap();
        let body: Value = trusting.get(address).send().await.unwrap().json().await.unwrap();
        assert!(body["token_endpoint"].as_str().unwrap().starts_with("https://127.0.0.1"));
    }
    let distrusting = client().get(server.url().join(&path).unwrap()).send().await;
    assert!(distrusting.is_err());
    server.shutdown().await;
}

#[tokio::test]
async fn two_servers_share_one_directory_and_a_restart_keeps_everything() {
    let directory = tempfile::tempdir().unwrap();
    let (one, two) =
        (start(options(directory.path())).unwrap(), start(options(directory.path())).unwrap());
    let client = client();
    let token = token(&client, &one).await;
    let path = format!("{}/resourcegroups/rg-test", subscription());
    let made = client
        .put(url(&one, &path))
        .bearer_auth(&token)
        .json(&json!({ "location": "westeurope" }))
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), StatusCode::CREATED);
    let seen = get(&client, &two, &token, &path).await.unwrap();
    assert_eq!(seen.status(), StatusCode::OK);
    one.shutdown().await;
    two.shutdown().await;
    let again = start(options(directory.path())).unwrap();
    let kept = get(&client, &again, &token, &path).await.unwrap();
    assert_eq!(kept.status(), StatusCode::OK);
    again.shutdown().await;
}

#[tokio::test]
async fn faults_of_the_connection_strike_as_often_as_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(Options {
        faults: vec![Fault::Drop(2), Fault::Throttle(1), Fault::ServerError(1)],
        ..options(directory.path())
    })
    .unwrap();
    let client = client();
    let token = token(&client, &server).await;
    let (mut dropped, mut throttled, mut broken, mut fine) = (0, 0, 0, 0);
    for _ in 0..20 {
        // A new connection each time: reqwest repeats a request by itself when a reused one is found closed.
        let answer =
            self::client().get(url(&server, "/subscriptions")).bearer_auth(&token).send().await;
        match answer.map(|answer| answer.status().as_u16()) {
            Err(_) => dropped += 1,
            Ok(429) => throttled += 1,
            Ok(503) => broken += 1,
            Ok(200) => fine += 1,
            Ok(other) => panic!("{other}"),
        }
    }
    assert_eq!((dropped, throttled, broken, fine), (2, 1, 1, 16));
    server.shutdown().await;
}

#[tokio::test]
async fn a_recording_has_the_exchange_without_token_or_secret() {
    let directory = tempfile::tempdir().unwrap();
    let record = directory.path().join("traffic.jsonl");
    let server =
        start(Options { record: Some(record.clone()), ..options(directory.path()) }).unwrap();
    let client = client();
    let token = token(&client, &server).await;
    get(&client, &server, &token, "/subscriptions").await.unwrap();
    server.shutdown().await;
    let text = std::fs::read_to_string(&record).unwrap();
    assert!(!text.contains(&token) && !text.contains("Example-1"), "{text}");
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&line["method"], &line["status"]), (&json!("GET"), &json!(200)));
    assert_eq!(line["query"]["api-version"], "2022-12-01");
    assert_eq!(line["resp_all"]["x-ms-practice"], "true");
}

#[tokio::test]
async fn what_the_azure_cli_splices_together_reaches_the_handler() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(options(directory.path())).unwrap();
    let client = client();
    let token = token(&client, &server).await;
    let path = format!("{}/resourcegroups/rg-test", subscription());
    let loose = client
        .put(url(&server, &path))
        .bearer_auth(&token)
        .header("content-type", "application/json")
        .body("{ location: \"westeurope\", // here\n \"tags\": {} }");
    assert_eq!(loose.send().await.unwrap().status(), StatusCode::CREATED);
    let broken = client.put(url(&server, &path)).bearer_auth(&token).body("{ location");
    let answer = broken.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["code"], "InvalidRequestContent");
    server.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_started_is_a_problem_with_advice() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(options(directory.path())).unwrap();
    let port = running.url().port().unwrap();
    let cases = [
        ("PortUnavailable", Options { port, ..options(directory.path()) }),
        ("InvalidSpeed", Options { speed: 0.0, ..options(directory.path()) }),
        ("InvalidSpeed", Options { speed: f64::NAN, ..options(directory.path()) }),
        (
            "RecordUnwritable",
            Options { record: Some(directory.path().join("no/dir")), ..options(directory.path()) },
        ),
    ];
    for (code, options) in cases {
        let problem = start(options).unwrap_err();
        assert_eq!(problem.code, code);
        assert!(!problem.advice.is_empty());
    }
    running.shutdown().await;
}

/// Azure's limit for a request
/// (<https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices#template-limits>).
#[tokio::test]
async fn a_template_over_four_megabytes_is_too_large() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(options(directory.path())).unwrap();
    let client = client();
    let token = token(&client, &server).await;
    let path = format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Resources/deployments/d");
    let body =
        json!({ "location": "westeurope", "properties": { "template": "x".repeat(4 << 20) } });
    let answer =
        client.put(url(&server, &path)).bearer_auth(&token).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let told: Value = answer.json().await.unwrap();
    assert_eq!(told["error"]["code"], "RequestContentTooLarge");
    server.shutdown().await;
}
