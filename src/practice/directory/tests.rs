//! Tests of signing in and of tokens, over real loopback HTTP.

use std::{sync::Arc, time::Duration};

use reqwest::StatusCode;
use serde_json::Value;

use crate::practice::testing::{client, get, options, token, url};
use crate::practice::{Clock, Fault, ManualClock, Options, TENANT, start};

#[tokio::test]
async fn without_a_token_or_a_version_there_is_an_error_in_azures_shape() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(options(directory.path())).unwrap();
    let client = client();
    let refused = client.get(url(&server, "/subscriptions")).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(refused.headers().contains_key("www-authenticate"));
    let token = token(&client, &server).await;
    let bare = server.url().join("/subscriptions").unwrap();
    let refused = client.get(bare).bearer_auth(&token).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "MissingApiVersionParameter");
    let unknown =
        get(&client, &server, &token, "/subscriptions/22222222-2222-4222-8222-222222222222")
            .await
            .unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
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
        get(&client, &server, token, "/subscriptions").await.unwrap().status().as_u16()
    };
    assert_eq!(status(&old).await, 200);
    clock.pass(Duration::from_secs(3));
    assert_eq!(status(&old).await, 401);
    assert_eq!(status(&old).await, 401);
    let new = token(&client, &server).await;
    clock.pass(Duration::from_mins(1));
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
        client.post(url).form(&form).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(poll().await["error"], "authorization_pending");
    let code = begun["user_code"].as_str().unwrap();
    let page = at(&format!("practice/devicelogin?code={code}"));
    assert_eq!(client.get(page).send().await.unwrap().status(), StatusCode::OK);
    let signed_in = poll().await;
    assert!(signed_in["access_token"].is_string() && signed_in["id_token"].is_string());
    assert_eq!(poll().await["error"], "expired_token");
    server.shutdown().await;
}
