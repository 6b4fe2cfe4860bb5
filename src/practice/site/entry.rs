//! The way out of the office: HTTP CONNECT to an address or a name, let through or not as the networks stand.
//!
//! A connection that would never be answered is told at once with 504, and one that would be refused with 502: nobody
//! shall wait for a timeout to practise. Behind an open port there is plain HTTP: a service that says whether it was
//! reached privately.

use std::{net::Ipv4Addr, sync::Arc};

use axum::body::Body;
use hyper::{Response, StatusCode, body::Incoming, service::service_fn};

use super::Switches;
use super::answer::{Asked, DnsAnswer, answer, public_address};
use super::reach::{Outcome, reach};
use crate::practice::data_plane;
use crate::practice::request::Request;
use crate::practice::server::{ServerState, response};
use crate::practice::state::Cloud;

/// Runs something on the state, which it does not change; `None` when the state cannot be read.
pub(super) fn with<T>(shared: &ServerState, run: impl FnOnce(&Cloud) -> T) -> Option<T> {
    let now = shared.clock.now();
    let mut store = shared.store.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    store.transact(now, |cloud| run(cloud)).ok()
}

/// Where a request for a connection leads.
fn decide(cloud: &Cloud, host: &str, port: u16) -> Outcome {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return reach(cloud, address, port);
    }
    // Only a proxy is asked for a name; it stands outside, where names are public.
    let address = if Switches::of(cloud).proxy {
        public_address(cloud, host)
    } else {
        match answer(cloud, Asked::Site, host) {
            DnsAnswer::Address(_, address) => Some(address),
            DnsAnswer::NoSuchName(_) | DnsAnswer::ServerFailure => None,
        }
    };
    address.map_or(Outcome::Silent, |address| reach(cloud, address, port))
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Answers CONNECT, and goes on behind it when the port is open.
pub async fn pass(shared: Arc<ServerState>, incoming: hyper::Request<Incoming>) -> Response<Body> {
    let target = incoming.uri().authority().cloned();
    let Some((host, port)) =
        target.and_then(|each| Some((each.host().to_owned(), each.port_u16()?)))
    else {
        return empty(StatusCode::BAD_REQUEST);
    };
    let worker = Arc::clone(&shared);
    let decided =
        tokio::task::spawn_blocking(move || with(&worker, |cloud| decide(cloud, &host, port)));
    let private = match decided.await {
        Ok(Some(Outcome::Private)) => true,
        Ok(Some(Outcome::Public)) => false,
        Ok(Some(Outcome::Refused)) => return empty(StatusCode::BAD_GATEWAY),
        Ok(Some(Outcome::Silent)) => return empty(StatusCode::GATEWAY_TIMEOUT),
        Ok(None) | Err(_) => return empty(StatusCode::INTERNAL_SERVER_ERROR),
    };
    tokio::spawn(async move {
        let stop = shared.stop.clone();
        let Ok(upgraded) = hyper::upgrade::on(incoming).await else { return };
        let service = service_fn(move |request| serve(Arc::clone(&shared), private, request));
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(upgraded, service);
        tokio::select! {
            () = stop.cancelled() => {}
            // Most only open the port and go: that is no error.
            _ = connection => {}
        }
    });
    empty(StatusCode::OK)
}

/// What a service behind the port says.
async fn serve(
    shared: Arc<ServerState>,
    private: bool,
    incoming: hyper::Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let (parts, _) = incoming.into_parts();
    let target = parts.uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
    let mut request = Request::new(parts.method, target);
    if let Some(host) = parts.headers.get("host").and_then(|host| host.to_str().ok()) {
        request.headers.insert("host".to_owned(), host.to_owned());
    }
    let replied = tokio::task::spawn_blocking(move || {
        with(&shared, |cloud| {
            if private {
                data_plane::answer_privately(cloud, &request)
            } else {
                data_plane::answer(cloud, &request)
            }
        })
    });
    Ok(match replied.await {
        Ok(Some(reply)) => {
            let headers = reply.headers.iter().cloned().collect();
            response(reply, &headers)
        }
        _ => empty(StatusCode::INTERNAL_SERVER_ERROR),
    })
}
