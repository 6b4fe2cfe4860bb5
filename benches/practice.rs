//! What the practice cloud's server costs must not grow with what is in it: the thousandth write and the hundredth
//! deployment take at most 1.2 times what the first ones took.
//!
//! Run with `cargo bench --bench practice`. It fails when a figure is missed. Each figure is a median of many requests
//! over HTTP, and the best of a few runs counts: another program may disturb one, but no program makes one better.
//! `.ci/practice-speed` compares with an earlier version.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::{
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use privateaml::practice::{self, ManualClock, Options, SUBSCRIPTION, Server, TENANT};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// How much more the last ones may take than the first ones.
const MOST: f64 = 1.2;
const WRITES: usize = 1000;
const DEPLOYMENTS: usize = 100;
/// Resources of each deployment.
const PARTS: usize = 20;
/// Runs of which the best counts.
const RUNS: usize = 3;

#[tokio::main]
async fn main() -> ExitCode {
    // The client is built for TLS, though it speaks plain HTTP here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let writes = best("write", WRITES / 10, async || {
        let cloud = Cloud::start().await;
        let mut times = Vec::new();
        for number in 0..WRITES {
            times.push(cloud.write(number).await);
        }
        times
    })
    .await;
    let deployments = best("deployment", DEPLOYMENTS / 5, async || {
        let cloud = Cloud::start().await;
        // The first one makes the resources, the others find them: it is another thing.
        cloud.deploy(0).await;
        let mut times = Vec::new();
        for number in 1..=DEPLOYMENTS {
            times.push(cloud.deploy(number).await);
        }
        times
    })
    .await;
    if writes <= MOST && deployments <= MOST {
        return ExitCode::SUCCESS;
    }
    println!("MISSED: at most {MOST}");
    ExitCode::FAILURE
}

/// The median of the last so many times over that of the first so many.
async fn best(what: &str, window: usize, run: impl AsyncFn() -> Vec<Duration>) -> f64 {
    let mut ratios = Vec::new();
    for _ in 0..RUNS {
        let times = run().await;
        let first = median(&times[..window]);
        let last = median(&times[times.len() - window..]);
        let ratio = last / first;
        println!(
            "{what}: first {:.3} ms, {}th {:.3} ms, {ratio:.2} times (at most {MOST})",
            first * 1000.0,
            times.len(),
            last * 1000.0
        );
        ratios.push(ratio);
        if ratio <= MOST {
            break;
        }
    }
    ratios.into_iter().fold(f64::INFINITY, f64::min)
}

fn median(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

/// A practice cloud whose time passes when it is told so, with one group.
struct Cloud {
    server: Server,
    clock: Arc<ManualClock>,
    client: Client,
    token: String,
    _directory: tempfile::TempDir,
}

impl Cloud {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z".parse().unwrap()));
        let server = practice::start(options(directory.path(), clock.clone())).unwrap();
        let client = Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let mut cloud = Self { server, clock, client, token: String::new(), _directory: directory };
        cloud.token = cloud.sign_in().await;
        cloud.ask(Method::PUT, "", json!({ "location": "westeurope" })).await;
        let provider =
            format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network/register");
        cloud.ask_at(Method::POST, &provider, Value::Null).await;
        cloud.clock.pass(Duration::from_secs(1));
        cloud
    }

    async fn sign_in(&self) -> String {
        let path = format!("{TENANT}/oauth2/v2.0/token");
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "any"),
            ("client_secret", "Example-1"),
            ("scope", "https://management.azure.com/.default"),
        ];
        let url = self.server.url().join(&path).unwrap();
        let answer = self.client.post(url).form(&form).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Asks for something in the group.
    async fn ask(&self, method: Method, rest: &str, body: Value) -> Value {
        let path = format!("/subscriptions/{SUBSCRIPTION}/resourcegroups/rg-bench{rest}");
        self.ask_at(method, &path, body).await
    }

    async fn ask_at(&self, method: Method, path: &str, body: Value) -> Value {
        let version = if path.contains("Microsoft.Network/routeTables") {
            "2025-05-01"
        } else {
            "2025-04-01"
        };
        let url = format!("{path}?api-version={version}");
        let request = self
            .client
            .request(method, self.server.url().join(&url).unwrap())
            .bearer_auth(&self.token);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        assert!(status.is_success(), "{path}: {body}");
        body
    }

    /// One small write, and its time.
    async fn write(&self, number: usize) -> Duration {
        let body = json!({ "location": "westeurope", "properties": { "routes": [] } });
        let path = format!("/providers/Microsoft.Network/routeTables/rt{number}");
        let begin = Instant::now();
        self.ask(Method::PUT, &path, body).await;
        begin.elapsed()
    }

    /// One deployment from its submission to its end, and its time.
    async fn deploy(&self, number: usize) -> Duration {
        let resources: Vec<Value> = (0..PARTS)
            .map(|part| {
                let before = format!("Microsoft.Network/routeTables/rt{}", part.saturating_sub(1));
                json!({
                    "type": "Microsoft.Network/routeTables",
                    "apiVersion": "2025-05-01",
                    "name": format!("rt{part}"),
                    "location": "westeurope",
                    "dependsOn": if part == 0 { vec![] } else { vec![before] },
                    "properties": { "routes": [] },
                })
            })
            .collect();
        let template = json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": resources,
        });
        let body = json!({ "properties": { "mode": "Incremental", "template": template } });
        let path = format!("/providers/Microsoft.Resources/deployments/d{number}");
        let begin = Instant::now();
        self.ask(Method::PUT, &path, body).await;
        self.clock.pass(Duration::from_secs(1));
        let ended = self.ask(Method::GET, &path, Value::Null).await;
        let taken = begin.elapsed();
        assert_eq!(ended["properties"]["provisioningState"], "Succeeded");
        taken
    }
}

fn options(directory: &Path, clock: Arc<ManualClock>) -> Options {
    Options {
        // A second of the clock is an hour, and a token holds for an hour of the clock.
        speed: 3600.0,
        clock,
        ..Options::new(directory.to_owned())
    }
}
