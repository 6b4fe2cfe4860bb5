//! Support for tests: a practice cloud without a server, in a directory of its own, with a clock that stands still.

use std::{path::Path, sync::Arc, time::Duration};

use hyper::Method;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::clock::{Clock, ManualClock};
use super::fault::Fault;
use super::identifier::ResourceId;
use super::reply::Reply;
use super::request::Request;
use super::state::{Cloud, SUBSCRIPTION, Store, StoredResource, TENANT};
use super::{Options, Server, route};

/// A practice cloud at speed 1, so that simulated time is the clock's.
pub struct Bench {
    pub directory: TempDir,
    pub clock: Arc<ManualClock>,
    store: Store,
}

/// The path of the one subscription.
pub fn subscription() -> String {
    format!("/subscriptions/{SUBSCRIPTION}")
}

/// The path of something in group `rg-test`.
pub fn in_group(rest: &str) -> String {
    format!("{}/resourceGroups/rg-test/providers/{rest}", subscription())
}

impl Bench {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z".parse().unwrap()));
        let store = Store::open(directory.path(), clock.now(), 1.0).unwrap();
        Self { directory, clock, store }
    }

    /// With the group `rg-test` and every provider registered.
    pub fn with_group() -> Self {
        let mut bench = Self::new();
        let path = format!("{}/resourcegroups/rg-test", subscription());
        let made = bench.put(&path, serde_json::json!({ "location": "westeurope" }));
        assert_eq!(made.status, 201, "{}", made.body);
        bench.on(|cloud| {
            for (namespace, _) in super::catalog::kind::PROVIDERS {
                super::provider::set_state(cloud, SUBSCRIPTION, namespace, "Registered");
            }
        });
        bench
    }

    /// Another process that shares the directory.
    pub fn another_process(&self) -> Store {
        Store::open(self.directory.path(), self.clock.now(), 1.0).unwrap()
    }

    /// The same directory after a restart.
    pub fn restart(&mut self) {
        self.store = self.another_process();
    }

    pub fn on<T>(&mut self, work: impl FnOnce(&mut Cloud) -> T) -> T {
        self.store.transact(self.clock.now(), work).unwrap()
    }

    pub fn faults(&mut self, faults: &[Fault]) {
        self.on(|cloud| cloud.set_faults(faults));
    }

    pub fn pass(&self, seconds: u64) {
        self.clock.pass(Duration::from_secs(seconds));
    }

    /// Sends a request with a token; a missing API version is added.
    pub fn ask(&mut self, method: Method, path: &str, body: Value) -> Reply {
        let joint = if path.contains('?') { '&' } else { '?' };
        let path = if path.contains("api-version") {
            path.to_owned()
        } else {
            format!("{path}{joint}api-version=2025-05-01")
        };
        let path = path.trim_start_matches("http://127.0.0.1").to_owned();
        let token = super::token::issue("https://management.azure.com/", TENANT, self.clock.now());
        let request = Request::new(method, &path).with(body);
        let mut reply = self.on(|cloud| route::answer(cloud, &request, Some(&token)));
        reply.body = reply.value();
        reply
    }

    pub fn get(&mut self, path: &str) -> Reply {
        self.ask(Method::GET, path, Value::Null)
    }

    pub fn put(&mut self, path: &str, body: Value) -> Reply {
        self.ask(Method::PUT, path, body)
    }

    pub fn post(&mut self, path: &str, body: Value) -> Reply {
        self.ask(Method::POST, path, body)
    }

    pub fn delete(&mut self, path: &str) -> Reply {
        self.ask(Method::DELETE, path, Value::Null)
    }

    /// PUT and wait until it is done.
    pub fn make(&mut self, path: &str, body: Value) -> Value {
        let begun = self.put(path, body);
        assert!(begun.status < 300, "{path}: {}", begun.body);
        self.pass(7200);
        self.get(path).body
    }

    /// A finished resource without its provider's rules, for what is the same for all types.
    pub fn put_directly(&mut self, path: &str, body: Value) {
        let id = ResourceId::parse(path).unwrap();
        self.on(|cloud| {
            let now = cloud.now();
            cloud.put_resource(StoredResource {
                resource_type: id.resource_type(),
                name: id.name().to_owned(),
                api_version: "2025-04-01".to_owned(),
                body,
                runtime: json!({}),
                provisioning_state: "Succeeded".to_owned(),
                created: now,
                changed: now,
                etag: String::new(),
                id,
            });
        });
    }

    /// The error code of an answer.
    pub fn code(reply: &Reply) -> &str {
        let code = reply.body.pointer("/error/code");
        code.or_else(|| reply.body.get("code")).and_then(Value::as_str).unwrap_or("")
    }
}

pub fn options(directory: &Path) -> Options {
    let clock = ManualClock::at("2026-01-01T00:00:00Z".parse().unwrap());
    Options { speed: 1.0, clock: Arc::new(clock), ..Options::new(directory.to_owned()) }
}

pub fn client() -> Client {
    // A test may run before any other code has chosen a provider; a second choice is refused, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .map(|der| reqwest::Certificate::from_der(der).unwrap());
    Client::builder().no_proxy().tls_certs_only(roots).build().unwrap()
}

pub async fn token(client: &Client, server: &Server) -> String {
    let url = server.url().join(&format!("{TENANT}/oauth2/v2.0/token")).unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "any"),
        ("client_secret", "Example-1"),
        ("scope", "https://management.azure.com/.default"),
    ];
    let answer: Value = client.post(url).form(&form).send().await.unwrap().json().await.unwrap();
    assert!(answer.get("id_token").is_none(), "MSAL fails on one");
    answer["access_token"].as_str().unwrap().to_owned()
}

pub fn url(server: &Server, path: &str) -> url::Url {
    server.url().join(&format!("{path}?api-version=2022-12-01")).unwrap()
}

pub async fn get(
    client: &Client,
    server: &Server,
    token: &str,
    path: &str,
) -> reqwest::Result<Response> {
    client.get(url(server, path)).bearer_auth(token).send().await
}
