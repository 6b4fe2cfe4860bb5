//! A server on loopback that gives the answers it was told to, in their order, and a client that asks it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::{Router, body::Body, http::Response};
use azure_core::{
    credentials::{AccessToken, TokenCredential, TokenRequestOptions},
    time::{Duration as Span, OffsetDateTime},
};
use privateaml::{
    azure::{
        arm::Arm,
        cloud::Endpoints,
        http::{Connection, Http, Policy},
    },
    domain::settings::Cloud,
};
use serde_json::Value;
use tokio_util::task::AbortOnDropHandle;
use url::Url;

/// An answer to come: status, headers, body.
pub struct Answer(pub u16, pub Vec<(String, String)>, pub Value);

type Queue = Arc<Mutex<VecDeque<Answer>>>;

/// The server with its client. The last answer is given again and again.
pub struct Script {
    pub arm: Arm,
    pub base: Url,
    queue: Queue,
    _task: AbortOnDropHandle<()>,
}

#[derive(Debug)]
struct Anybody;

#[async_trait]
impl TokenCredential for Anybody {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        Ok(AccessToken::new("token", OffsetDateTime::now_utc() + Span::HOUR))
    }
}

impl Script {
    pub async fn start() -> Self {
        privateaml::azure::http::install_provider();
        let queue = Queue::default();
        let answers = Arc::clone(&queue);
        let app = Router::new().fallback(move || {
            let answer = next(&answers);
            async move { answer }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let endpoints = Endpoints::overridden(&base, Cloud::Public).unwrap();
        let http =
            Http::new(Connection::direct(None), endpoints, Arc::new(Anybody)).with_policy(Policy {
                attempts: 1,
                connects: 1,
                first: Duration::from_millis(1),
                longest: Duration::from_millis(1),
                total: Duration::from_millis(1),
            });
        Self {
            arm: Arm::new(http, "00000000-0000-0000-0000-000000000000"),
            base,
            queue,
            _task: AbortOnDropHandle::new(task),
        }
    }

    /// What is answered from now on.
    pub fn answer(&self, answers: Vec<Answer>) {
        *self.queue.lock().unwrap() = answers.into();
    }
}

fn next(queue: &Queue) -> Response<Body> {
    let mut queue = queue.lock().unwrap();
    let last = queue.len() == 1;
    let answer = queue.front().expect("an answer was told");
    let mut response = Response::builder().status(answer.0);
    for (name, value) in &answer.1 {
        response = response.header(name, value);
    }
    let body = match &answer.2 {
        Value::Null => Body::empty(),
        // What is no object was recorded as the text that it is.
        Value::String(text) => Body::from(text.clone()),
        other => Body::from(other.to_string()),
    };
    if !last {
        queue.pop_front();
    }
    response.body(body).unwrap()
}
