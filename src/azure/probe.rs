//! Knocks at the public endpoints of the environment's services, as a stranger would.
//!
//! No token is ever sent: a service that lets a stranger in must show that. On a practice cloud the hosts are
//! resolved to its own loopback address, so that no request leaves the machine. It must not judge the answers.

use std::{net::SocketAddr, time::Duration};

use reqwest::Client;
use url::Url;

use super::http::{Http, USER_AGENT};
use crate::domain::comparison::{Probe, ProbeAnswer, code_in};

/// A refusal comes at once; what takes longer tells nothing.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most of an answer that is read.
const LONGEST: usize = 4000;

/// Asks one service, and tells what it said.
pub async fn probe(http: &Http, probe: &Probe) -> ProbeAnswer {
    let refused = |code: &str| ProbeAnswer { code: code.to_owned(), ..ProbeAnswer::default() };
    ask(http, probe).await.unwrap_or_else(refused)
}

async fn ask(http: &Http, probe: &Probe) -> Result<ProbeAnswer, &'static str> {
    let endpoints = http.endpoints();
    let mut addresses = Vec::new();
    let request = if endpoints.is_loopback() {
        let here =
            loopback(&endpoints.resource_manager).ok_or("the practice cloud has no address")?;
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .no_proxy()
            .resolve(&probe.host, here)
            .build()
            .map_err(|_| "no client could be created")?;
        client.get(format!("http://{}:{}{}", probe.host, here.port(), probe.path))
    } else {
        let found = tokio::net::lookup_host((probe.host.as_str(), 443)).await;
        let found = found.map_err(|_| "the name does not resolve here")?;
        addresses.extend(found.map(|each| each.ip().to_string()));
        let client = http.connection().client().await;
        let client = client.map_err(|_| "no client could be created")?;
        client.get(format!("https://{}{}", probe.host, probe.path))
    };
    let answer =
        request.timeout(PATIENCE).send().await.map_err(|error| {
            if error.is_timeout() { "it took too long" } else { "no connection" }
        })?;
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap_or_default();
    let body: String = body.chars().take(LONGEST).collect();
    Ok(ProbeAnswer { addresses, status: Some(status), code: code_in(&body) })
}

fn loopback(address: &Url) -> Option<SocketAddr> {
    let addresses = address.socket_addrs(|| None).ok()?;
    addresses.into_iter().find(|each| each.ip().is_loopback())
}
