//! The HTTP server: reads a request, runs it on the state under its lock, and writes the answer.
//!
//! It listens on loopback only. Everything that every answer carries is added here; what a request means is decided in
//! `route`.

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use axum::body::{Body, to_bytes};
use hyper::{
    Response, StatusCode,
    body::Incoming,
    header::{HeaderName, HeaderValue},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::clock::Clock;
use super::fault::{self, Strike};
use super::record::Recorder;
use super::reply::Reply;
use super::request::Request;
use super::state::Store;
use super::{loose_json, route, site};
use crate::domain::problem::{Problem, Result};
use crate::domain::secret::Secret;

/// Azure takes templates up to 4 MiB; a request may be a little longer.
const LONGEST_BODY: usize = 4 * 1024 * 1024;

/// One thread that works on the state: one request at a time has it anyhow. A thread for each would wait for the
/// others, which costs more than most requests do.
#[derive(Debug)]
pub(super) struct Turns(mpsc::Sender<Box<dyn FnOnce() + Send>>);

impl Turns {
    /// Starts the thread; it ends when the last request of the server has.
    pub(super) fn start() -> std::io::Result<Self> {
        let (sender, jobs) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
        let work = move || {
            for job in jobs {
                if catch_unwind(AssertUnwindSafe(job)).is_err() {
                    tracing::error!("a request could not be carried out");
                }
            }
        };
        thread::Builder::new().name("practice cloud".to_owned()).spawn(work)?;
        Ok(Self(sender))
    }

    /// Does something when it is its turn; `None` when that failed.
    async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, answer) = oneshot::channel();
        let job = move || {
            // Whoever asked may have gone.
            let _ = sender.send(work());
        };
        self.0.send(Box::new(job)).ok()?;
        answer.await.ok()
    }
}

/// What every connection shares.
#[derive(Debug)]
pub(super) struct ServerState {
    pub(super) store: Mutex<Store>,
    pub(super) turns: Turns,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) recorder: Option<Recorder>,
    pub(super) base: String,
    pub(super) count: AtomicU64,
    /// Where the site's DNS is asked.
    pub(super) site_dns: site::SiteDns,
    /// Ends what outlives a request.
    pub(super) stop: CancellationToken,
}

/// Binds loopback; port 0 takes any.
pub(super) fn bind(port: u16) -> Result<(TcpListener, SocketAddr)> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let failed = |error: std::io::Error| {
        Problem::new(
            "PortUnavailable",
            "The practice cloud cannot listen on its port.",
            "Choose another port, or 0 for any free one.",
        )
        .at(address.to_string())
        .saying(error.to_string())
    };
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Accepts connections until told to stop, then lets those under way end.
pub(super) async fn serve(
    listener: tokio::net::TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<ServerState>,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file handles or the like: the next turn may work, but must not spin.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        // Answers are short: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let (tls, shared, stop) = (tls.clone(), Arc::clone(&shared), stop.clone());
        connections.spawn(async move {
            match tls {
                None => converse(stream, shared, stop).await,
                Some(acceptor) => match acceptor.accept(stream).await {
                    Ok(stream) => converse(stream, shared, stop).await,
                    Err(error) => tracing::debug!(%error, "no TLS connection came about"),
                },
            }
        });
    }
    connections.close();
    connections.wait().await;
}

async fn converse<S>(stream: S, shared: Arc<ServerState>, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| exchange(Arc::clone(&shared), request));
    let connection = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// An error here closes the connection without an answer, which is what a dropped connection is.
#[derive(Debug, thiserror::Error)]
#[error("the connection was dropped on demand")]
struct Dropped;

async fn exchange(
    shared: Arc<ServerState>,
    incoming: hyper::Request<Incoming>,
) -> Result<Response<Body>, Dropped> {
    if incoming.method() == hyper::Method::CONNECT {
        return Ok(site::pass(shared, incoming).await);
    }
    let read = read(&shared, incoming).await;
    let worker = Arc::clone(&shared);
    let outcome = shared
        .turns
        .take(move || match read {
            Ok((request, bearer)) => run(&worker, &request, bearer.as_ref()).map(|ran| {
                let (reply, headers) = finish(&worker, Some(&request), ran.reply, ran.date);
                (reply, headers, ran.delay)
            }),
            Err(reply) => {
                let (reply, headers) = finish(&worker, None, reply, worker.clock.now());
                Some((reply, headers, Duration::ZERO))
            }
        })
        .await;
    let (reply, headers, delay) = outcome.flatten().ok_or(Dropped)?;
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    Ok(response(reply, &headers))
}

/// Reads a request whole. The token is kept apart, so that nobody records it by accident.
async fn read(
    shared: &ServerState,
    incoming: hyper::Request<Incoming>,
) -> Result<(Request, Option<Secret>), Reply> {
    let (parts, body) = incoming.into_parts();
    let target = parts.uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
    let mut request = Request::new(parts.method, target);
    request.base.clone_from(&shared.base);
    request.site_dns = Some(shared.site_dns);
    let mut bearer = None;
    for (name, value) in &parts.headers {
        let Ok(text) = value.to_str() else { continue };
        if name == hyper::header::AUTHORIZATION {
            bearer = text
                .split_once(' ')
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map(|(_, token)| Secret::new(token.trim().to_owned()));
        } else if name != hyper::header::COOKIE {
            request.headers.insert(name.as_str().to_owned(), text.to_owned());
        }
    }
    let correlation = request
        .header("x-ms-correlation-request-id")
        .or_else(|| request.header("x-ms-client-request-id"))
        .map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned);
    request.headers.insert("x-ms-correlation-request-id".to_owned(), correlation);
    let bytes = to_bytes(Body::new(body), LONGEST_BODY).await.map_err(|_| {
        fault!(
            413,
            "RequestContentTooLarge",
            "The request content size exceeds the maximum size of 4 MB."
        )
    })?;
    request.body = body_value(&request, &bytes)?;
    Ok((request, bearer))
}

fn body_value(request: &Request, bytes: &[u8]) -> Result<Value, Reply> {
    let form = request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if form {
        return Ok(url::form_urlencoded::parse(bytes)
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect::<serde_json::Map<_, _>>()
            .into());
    }
    let text = String::from_utf8_lossy(bytes);
    loose_json::read(&text).map_err(|error| {
        fault!(
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized: '{error}'."
        )
    })
}

/// What came of a request.
struct Ran {
    reply: Reply,
    /// The time of the answer, by the cloud's clock.
    date: jiff::Timestamp,
    /// How much later than usual it is sent.
    delay: Duration,
}

/// Runs a request on the state; `None` means that its answer gets lost.
fn run(shared: &ServerState, request: &Request, bearer: Option<&Secret>) -> Option<Ran> {
    let number = shared.count.fetch_add(1, Ordering::Relaxed);
    let now = shared.clock.now();
    let mut store = shared.store.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let result = store.transact(now, |cloud| {
        let strike = if route::is_resource_manager(request) {
            fault::strike_connection(cloud, number)
        } else {
            None
        };
        let reply = match strike {
            Some(Strike::LoseRequest) => None,
            Some(Strike::Answer(reply)) => Some(reply),
            Some(Strike::LoseAnswer) => {
                route::answer(cloud, request, bearer.map(Secret::expose));
                None
            }
            None => Some(route::answer(cloud, request, bearer.map(Secret::expose))),
        };
        reply.map(|reply| Ran { reply, date: cloud.now(), delay: fault::delay(cloud, request) })
    });
    result.unwrap_or_else(|problem| {
        tracing::error!(%problem, "the practice cloud's state failed");
        let reply = fault!(500, "InternalServerError", "{problem}");
        Some(Ran { reply, date: now, delay: Duration::ZERO })
    })
}

/// Adds what every answer carries, and records the exchange.
fn finish(
    shared: &ServerState,
    request: Option<&Request>,
    reply: Reply,
    date: jiff::Timestamp,
) -> (Reply, BTreeMap<String, String>) {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    let mut set = |name: &str, value: String| {
        headers.insert(name.to_owned(), value);
    };
    let request_id = uuid::Uuid::new_v4().to_string();
    set("x-ms-practice", "true".to_owned());
    set("server", "privateaml-practice".to_owned());
    set("cache-control", "no-cache".to_owned());
    set(
        "date",
        jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&date)
            .unwrap_or_default(),
    );
    set("x-ms-request-id", request_id.clone());
    if let Some(request) = request {
        if let Some(id) = request.header("x-ms-client-request-id") {
            set("x-ms-client-request-id", id.to_owned());
        }
        if let Some(id) = request.header("x-ms-correlation-request-id") {
            set("x-ms-correlation-request-id", id.to_owned());
            set("x-ms-routing-request-id", format!("PRACTICE:{request_id}"));
        }
        let (kind, limit) = match request.method.as_str() {
            "GET" | "HEAD" => ("reads", 249),
            "DELETE" => ("deletes", 199),
            _ => ("writes", 199),
        };
        set(&format!("x-ms-ratelimit-remaining-subscription-{kind}"), limit.to_string());
    }
    if !reply.is_empty() {
        set("content-type", "application/json; charset=utf-8".to_owned());
    }
    for (name, value) in &reply.headers {
        headers.insert(name.clone(), value.clone());
    }
    if let (Some(recorder), Some(request)) = (&shared.recorder, request) {
        recorder.write(request, &reply, &headers);
    }
    (reply, headers)
}

pub(super) fn response(mut reply: Reply, headers: &BTreeMap<String, String>) -> Response<Body> {
    let body = match reply.text.take() {
        Some(text) => Body::from(text),
        None if reply.body.is_null() => Body::empty(),
        None => Body::from(reply.body.to_string()),
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
