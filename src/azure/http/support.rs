//! A scripted server on loopback and a counting credential, for the tests of everything under `azure`.

use std::{
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request as Incoming,
    http::Response,
};
use azure_core::{
    credentials::{AccessToken, TokenCredential, TokenRequestOptions},
    time::OffsetDateTime,
};
use serde_json::Value;
use tokio_util::task::AbortOnDropHandle;
use url::Url;

use super::{Connection, Http, Policy};
use crate::azure::cloud::Endpoints;
use crate::domain::settings::Cloud;

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub(in crate::azure) struct SeenRequest {
    pub(in crate::azure) method: String,
    pub(in crate::azure) path: String,
    pub(in crate::azure) query: String,
    pub(in crate::azure) token: String,
    pub(in crate::azure) call: String,
    pub(in crate::azure) length: Option<String>,
    pub(in crate::azure) body: String,
    host: String,
}

impl SeenRequest {
    /// A full address at this very server.
    pub(in crate::azure) fn here(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    pub(in crate::azure) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

/// What the server does.
#[derive(Debug, Clone)]
pub(in crate::azure) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    broken: bool,
}

impl Reply {
    pub(in crate::azure) fn json(status: u16, body: impl Into<Value>) -> Self {
        Self { body: Some(body.into().to_string()), ..Self::empty(status) }
    }

    /// Something that is no JSON, as a proxy answers.
    pub(in crate::azure) fn text(status: u16, body: &str) -> Self {
        Self { body: Some(body.to_owned()), ..Self::empty(status) }
    }

    pub(in crate::azure) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None, broken: false }
    }

    /// Breaks the connection in the middle of the answer.
    pub(in crate::azure) fn broken() -> Self {
        Self { broken: true, ..Self::empty(200) }
    }

    pub(in crate::azure) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    fn response(self) -> Response<Body> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = if self.broken {
            Body::from_stream(futures::stream::iter([
                Ok(Bytes::from_static(b"{\"val")),
                Err(std::io::Error::other("cut")),
            ]))
        } else {
            self.body.map_or_else(Body::empty, Body::from)
        };
        response.body(body).unwrap()
    }
}

/// A server that answers by a script; it ends when dropped.
pub(in crate::azure) struct Server {
    pub(in crate::azure) url: Url,
    seen: Arc<Mutex<Vec<SeenRequest>>>,
    _task: AbortOnDropHandle<()>,
}

impl Server {
    /// The script is given the request and how many came before it with the same method and path.
    pub(in crate::azure) async fn start(
        script: impl Fn(&SeenRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let seen: Arc<Mutex<Vec<SeenRequest>>> = Arc::default();
        let (kept, script) = (Arc::clone(&seen), Arc::new(script));
        let router = Router::new().fallback(move |incoming: Incoming| {
            let (kept, script) = (Arc::clone(&kept), Arc::clone(&script));
            async move {
                let request = see(incoming).await;
                let before = {
                    let mut kept = kept.lock().unwrap();
                    let before = kept
                        .iter()
                        .filter(|one| one.method == request.method && one.path == request.path)
                        .count();
                    kept.push(request.clone());
                    before
                };
                script(&request, before).response()
            }
        });
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url: url.parse().unwrap(), seen, _task: AbortOnDropHandle::new(task) }
    }

    pub(in crate::azure) fn seen(&self) -> Vec<SeenRequest> {
        self.seen.lock().unwrap().clone()
    }

    pub(in crate::azure) fn endpoints(&self) -> Endpoints {
        Endpoints::overridden(&self.url, Cloud::Public).unwrap()
    }

    /// A client of this server, with short pauses.
    pub(in crate::azure) fn http(&self, credential: Arc<dyn TokenCredential>) -> Http {
        Http::new(Connection::direct(None), self.endpoints(), credential).with_policy(QUICK)
    }
}

/// Pauses of a few milliseconds.
pub(in crate::azure) const QUICK: Policy = Policy {
    attempts: 4,
    connects: 3,
    first: Duration::from_millis(2),
    longest: Duration::from_millis(5),
    total: Duration::from_secs(5),
};

async fn see(incoming: Incoming) -> SeenRequest {
    let (parts, body) = incoming.into_parts();
    let header = |name: &str| {
        let value = parts.headers.get(name).map(|value| value.to_str().unwrap());
        value.map(str::to_owned)
    };
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    SeenRequest {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        token: header("authorization").unwrap_or_default(),
        call: header("x-ms-client-request-id").unwrap_or_default(),
        length: header("content-length"),
        body: String::from_utf8(bytes.to_vec()).unwrap(),
        host: header("host").unwrap_or_default(),
    }
}

/// Gives `token-1`, `token-2` and so on, each living for some seconds.
#[derive(Debug)]
pub(in crate::azure) struct Counting {
    given: AtomicU64,
    lives: i64,
}

impl Counting {
    pub(in crate::azure) fn new(lives: i64) -> Arc<Self> {
        Arc::new(Self { given: AtomicU64::new(0), lives })
    }

    pub(in crate::azure) fn given(&self) -> u64 {
        self.given.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl TokenCredential for Counting {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        let end = OffsetDateTime::now_utc() + azure_core::time::Duration::seconds(self.lives);
        Ok(AccessToken::new(format!("token-{number}"), end))
    }
}

/// Runs one ignored test in a process that finds no certificates of the system, as in a bare container.
pub(in crate::azure) fn without_system_roots(test: &str) {
    let empty = tempfile::tempdir().unwrap();
    let none = empty.path().join("none.pem");
    run_alone(test, &[("SSL_CERT_FILE", &none), ("SSL_CERT_DIR", empty.path())]);
}

/// Runs one ignored test in a process of its own, with variables set.
pub(in crate::azure) fn run_alone(test: &str, variables: &[(&str, &Path)]) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", test])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && words.contains("1 passed"), "{words}");
}
