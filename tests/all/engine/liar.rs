//! Something between the engine and the practice cloud that answers in the cloud's place: a proxy's page, nothing,
//! another shape, a refusal of another kind. What it answers to never reaches the cloud.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Method, Response},
};
use privateaml::{
    azure::{
        arm::Arm,
        auth::LoopbackCredential,
        cloud::Endpoints,
        http::{Connection, Http, Policy, install_provider},
    },
    domain::settings::Cloud,
    engine::Context,
    practice::SUBSCRIPTION,
};
use serde_json::json;
use tokio_util::task::AbortOnDropHandle;

use super::bench::Bench;

/// An answer that is not the cloud's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// A proxy's page, with 404.
    Page404,
    /// A guest network's page, with 200.
    Page200,
    /// A 404 without a body.
    Empty404,
    /// A 404 with JSON that is no error of Azure's.
    Json404,
    /// Azure's answer to somebody who does not see the subscription.
    SubscriptionNotFound,
    /// Azure's answer to a token of another tenant.
    WrongTenant,
    /// 200 without a body.
    Empty200,
    /// 204.
    Empty204,
    /// 200 with `null`.
    Null200,
    /// 200 with `{}`.
    Object200,
    /// 202 without an address to ask at.
    Accepted,
    /// A refusal that no repetition helps.
    Conflict,
}

/// Those with which nothing at all can be known.
pub const EVERYWHERE: [Lie; 10] = [
    Lie::Page404,
    Lie::Page200,
    Lie::Empty404,
    Lie::Json404,
    Lie::SubscriptionNotFound,
    Lie::WrongTenant,
    Lie::Empty200,
    Lie::Empty204,
    Lie::Null200,
    Lie::Object200,
];

impl Lie {
    fn response(self) -> Response<Body> {
        let page = || Body::from("<html><title>Not here</title></html>");
        let error = |code: &str| {
            Body::from(json!({ "error": { "code": code, "message": "It is not." } }).to_string())
        };
        let (status, body) = match self {
            Self::Page404 => (404, page()),
            Self::Page200 => (200, page()),
            Self::Empty404 => (404, Body::empty()),
            Self::Json404 => {
                (404, Body::from(r#"{"statusCode":404,"message":"Resource not found"}"#))
            }
            Self::SubscriptionNotFound => (404, error("SubscriptionNotFound")),
            Self::WrongTenant => (401, error("InvalidAuthenticationTokenTenant")),
            Self::Empty200 => (200, Body::empty()),
            Self::Empty204 => (204, Body::empty()),
            Self::Null200 => (200, Body::from("null")),
            Self::Object200 => (200, Body::from("{}")),
            Self::Accepted => (202, Body::empty()),
            Self::Conflict => (409, error("OperationNotAllowed")),
        };
        Response::builder().status(status).body(body).unwrap()
    }
}

/// Changes the cloud's own answer to a GET of a path in lower case.
type Edit = Box<dyn Fn(&str, String) -> String + Send + Sync>;
type Rule = Box<dyn Fn(&Method, &str) -> Option<Lie> + Send + Sync>;

/// The liar; honest until it is told what to lie about.
pub struct Liar {
    address: SocketAddr,
    rule: Arc<Mutex<Option<Rule>>>,
    edit: Arc<Mutex<Option<Edit>>>,
    _task: AbortOnDropHandle<()>,
}

impl Liar {
    /// Before the cloud of a bench.
    pub async fn before(bench: &Bench) -> Self {
        let rule: Arc<Mutex<Option<Rule>>> = Arc::default();
        let edit: Arc<Mutex<Option<Edit>>> = Arc::default();
        let (asked, edited) = (Arc::clone(&rule), Arc::clone(&edit));
        let cloud = bench.server.url();
        install_provider();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(move |request: Request| {
            let (asked, edited) = (Arc::clone(&asked), Arc::clone(&edited));
            let (cloud, client) = (cloud.clone(), client.clone());
            async move {
                let lie = {
                    let rule = asked.lock().unwrap();
                    let path = request.uri().path().to_lowercase();
                    rule.as_ref().and_then(|rule| rule(request.method(), &path))
                };
                match lie {
                    Some(lie) => lie.response(),
                    None => forward(&client, &cloud, address, request, &edited).await,
                }
            }
        });
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, rule, edit, _task: AbortOnDropHandle::new(task) }
    }

    /// Lies where a method and a path in lower case say so.
    pub fn lie(&self, rule: impl Fn(&Method, &str) -> Option<Lie> + Send + Sync + 'static) {
        *self.rule.lock().unwrap() = Some(Box::new(rule));
    }

    /// Changes what the cloud answers to a GET.
    pub fn edit(&self, edit: impl Fn(&str, String) -> String + Send + Sync + 'static) {
        *self.edit.lock().unwrap() = Some(Box::new(edit));
    }

    /// Lies about everything of a subscription.
    pub fn everywhere(&self, lie: Lie) {
        self.lie(move |_, path| path.starts_with("/subscriptions/").then_some(lie));
    }

    pub fn honest(&self) {
        *self.rule.lock().unwrap() = None;
    }

    /// The engine's context over the liar. Repetitions are as many as ever, and quick.
    pub fn context(&self, bench: &Bench) -> Context {
        let url = format!("http://{}", self.address).parse().unwrap();
        let endpoints = Endpoints::overridden(&url, Cloud::Public).unwrap();
        let connection = Connection::to(&endpoints, None);
        let credential = LoopbackCredential::new(connection.clone(), endpoints.clone(), None);
        let pause = std::time::Duration::from_millis(2);
        let policy = Policy { first: pause, longest: pause, ..Policy::default() };
        let http = Http::new(connection, endpoints, Arc::new(credential)).with_policy(policy);
        Context { arm: Arm::new(http, SUBSCRIPTION), ..bench.context() }
    }
}

/// Passes a request on. The cloud names its own address in its answers: the liar's takes its place.
async fn forward(
    client: &reqwest::Client,
    cloud: &url::Url,
    own: SocketAddr,
    request: Request,
    edited: &Mutex<Option<Edit>>,
) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let read = (parts.method == Method::GET).then(|| parts.uri.path().to_lowercase());
    parts.headers.remove("host");
    parts.headers.remove("accept-encoding");
    let target = parts.uri.path_and_query().map_or("/", |all| all.as_str());
    let answer = client
        .request(parts.method, cloud.join(target).unwrap())
        .headers(parts.headers)
        .body(axum::body::to_bytes(body, 16 << 20).await.unwrap())
        .send()
        .await
        .unwrap();
    let theirs = format!("127.0.0.1:{}", cloud.port().unwrap());
    let ours = own.to_string();
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if name != "transfer-encoding" && name != "content-length" {
            let value = value.to_str().unwrap().replace(&theirs, &ours);
            response = response.header(name, value);
        }
    }
    let mut body = answer.text().await.unwrap().replace(&theirs, &ours);
    if let (Some(path), Some(edit)) = (read, edited.lock().unwrap().as_ref()) {
        body = edit(&path, body);
    }
    response.body(Body::from(body)).unwrap()
}
