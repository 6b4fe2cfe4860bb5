//! Tests over real loopback HTTP: what a client meets on the wire.

use std::{path::Path, sync::Arc, time::Duration};

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use super::{
    Fault, ManualClock, Options, SUBSCRIPTION, Server, TENANT, clock::Clock, start,
    testing::subscription,
};

fn options(directory: &Path) -> Options {
    let clock = ManualClock::at("2026-01-01T00:00:00Z".parse().unwrap());
    Options {
        speed: 1.0,
        clock: Arc::new(clock),
        ..Options::new(directory.to_owned())
    }
}

fn client() -> Client {
    // A test may run before any other code has chosen a provider; a second choice is refused, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .map(|der| reqwest::Certificate::from_der(der).unwrap());
    Client::builder()
        .no_proxy()
        .tls_certs_only(roots)
        .build()
        .unwrap()
}

async fn token(client: &Client, server: &Server) -> String {
    let url = server
        .url()
        .join(&format!("{TENANT}/oauth2/v2.0/token"))
        .unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "any"),
        ("client_secret", "Example-1"),
        ("scope", "https://management.azure.com/.default"),
    ];
    let answer: Value = client
        .post(url)
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(answer.get("id_token").is_none(), "MSAL fails on one");
    answer["access_token"].as_str().unwrap().to_owned()
}

fn url(server: &Server, path: &str) -> url::Url {
    server
        .url()
        .join(&format!("{path}?api-version=2022-12-01"))
        .unwrap()
}

async fn get(
    client: &Client,
    server: &Server,
    token: &str,
    path: &str,
) -> reqwest::Result<Response> {
    client
        .get(url(server, path))
        .bearer_auth(token)
        .send()
        .await
}

#[tokio::test]
async fn every_answer_says_practice_and_carries_the_request_ids() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(options(directory.path())).unwrap();
    let client = client();
    let token = token(&client, &server).await;
    let answer = client
        .get(url(&server, "/subscriptions"))
        .bearer_auth(&token)
        .header(
            "x-ms-client-request-id",
            "11111111-1111-4111-8111-111111111111",
        )
        .send()
        .await
        .unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-ms-practice"), "true");
    assert_eq!(header("server"), "privateaml-practice");
    assert_eq!(
        header("x-ms-correlation-request-id"),
        "11111111-1111-4111-8111-111111111111"
    );
    assert_eq!(header("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
    assert!(
        answer
            .headers()
            .contains_key("x-ms-ratelimit-remaining-subscription-reads")
    );
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["value"][0]["subscriptionId"], SUBSCRIPTION);
    assert!(
        body["value"][0]["displayName"]
            .as_str()
            .unwrap()
            .contains("Practice")
    );
    server.shutdown().await;
}

#[tokio::test]
async fn without_a_token_or_a_version_there_is_an_error_in_azures_shape() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(options(directory.path())).unwrap();
    let client = client();
    let refused = client
        .get(url(&server, "/subscriptions"))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(refused.headers().contains_key("www-authenticate"));
    let token = token(&client, &server).await;
    let bare = server.url().join("/subscriptions").unwrap();
    let refused = client.get(bare).bearer_auth(&token).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "MissingApiVersionParameter");
    let unknown = get(
        &client,
        &server,
        &token,
        "/subscriptions/22222222-2222-4222-8222-222222222222",
    )
    .await
    .unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    server.shutdown().await;
}

#[tokio::test]
async fn tls_is_trusted_through_the_written_authority() {
    let directory = tempfile::tempdir().unwrap();
    let tls = directory.path().join("tls");
    let server = start(Options {
        tls: Some(tls.clone()),
        ..options(directory.path())
    })
    .unwrap();
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
        let body: Value = trusting
            .get(address)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(
            body["token_endpoint"]
                .as_str()
                .unwrap()
                .starts_with("https://127.0.0.1")
        );
    }
    let distrusting = client().get(server.url().join(&path).unwrap()).send().await;
    assert!(distrusting.is_err());
    server.shutdown().await;
}

#[tokio::test]
async fn two_servers_share_one_directory_and_a_restart_keeps_everything() {
    let directory = tempfile::tempdir().unwrap();
    let (one, two) = (
        start(options(directory.path())).unwrap(),
        start(options(directory.path())).unwrap(),
    );
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
        let answer = self::client()
            .get(url(&server, "/subscriptions"))
            .bearer_auth(&token)
            .send()
            .await;
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
async fn a_token_expires_once_and_a_new_one_is_good() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z".parse().unwrap()));
    let server = start(Options {
        faults: vec![Fault::TokenExpiry(2)],
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        ..options(directory.path())
    })
    .unwrap();
    let client = client();
    let old = token(&client, &server).await;
    let status = async |token: &str| {
        get(&client, &server, token, "/subscriptions")
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(status(&old).await, 200);
    clock.pass(Duration::from_secs(3));
    assert_eq!(status(&old).await, 401);
    assert_eq!(status(&old).await, 401);
    let new = token(&client, &server).await;
    clock.pass(Duration::from_secs(60));
    assert_eq!(status(&new).await, 200);
    server.shutdown().await;
}

#[tokio::test]
async fn a_device_code_is_pending_until_it_is_confirmed() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(options(directory.path())).unwrap();
    let client = client();
    let at = |path: &str| server.url().join(path).unwrap();
    let begun: Value = client
        .post(at(&format!("{TENANT}/oauth2/v2.0/devicecode")))
        .form(&[("client_id", "any"), ("scope", "openid")])
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let poll = async || -> Value {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", "any"),
            ("device_code", begun["device_code"].as_str().unwrap()),
        ];
        let url = at(&format!("{TENANT}/oauth2/v2.0/token"));
        client
            .post(url)
            .form(&form)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    assert_eq!(poll().await["error"], "authorization_pending");
    let code = begun["user_code"].as_str().unwrap();
    let page = at(&format!("practice/devicelogin?code={code}"));
    assert_eq!(
        client.get(page).send().await.unwrap().status(),
        StatusCode::OK
    );
    let signed_in = poll().await;
    assert!(signed_in["access_token"].is_string() && signed_in["id_token"].is_string());
    assert_eq!(poll().await["error"], "expired_token");
    server.shutdown().await;
}

#[tokio::test]
async fn a_recording_has_the_exchange_without_token_or_secret() {
    let directory = tempfile::tempdir().unwrap();
    let record = directory.path().join("traffic.jsonl");
    let server = start(Options {
        record: Some(record.clone()),
        ..options(directory.path())
    })
    .unwrap();
    let client = client();
    let token = token(&client, &server).await;
    get(&client, &server, &token, "/subscriptions")
        .await
        .unwrap();
    server.shutdown().await;
    let text = std::fs::read_to_string(&record).unwrap();
    assert!(
        !text.contains(&token) && !text.contains("Example-1"),
        "{text}"
    );
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&line["method"], &line["status"]),
        (&json!("GET"), &json!(200))
    );
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
    let broken = client
        .put(url(&server, &path))
        .bearer_auth(&token)
        .body("{ location");
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
        (
            "PortUnavailable",
            Options {
                port,
                ..options(directory.path())
            },
        ),
        (
            "InvalidSpeed",
            Options {
                speed: 0.0,
                ..options(directory.path())
            },
        ),
        (
            "InvalidSpeed",
            Options {
                speed: f64::NAN,
                ..options(directory.path())
            },
        ),
        (
            "RecordUnwritable",
            Options {
                record: Some(directory.path().join("no/dir")),
                ..options(directory.path())
            },
        ),
    ];
    for (code, options) in cases {
        let problem = start(options).unwrap_err();
        assert_eq!(problem.code, code);
        assert!(!problem.advice.is_empty());
    }
    running.shutdown().await;
}
