//! Looks from where this program runs: asks DNS for each name, opens ports, and asks the workspace's interface.
//!
//! No token is ever sent. On the practice cloud everything goes through its on-premises site on loopback, and no packet
//! leaves the machine. It must not judge what it finds.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::resolver;
use crate::azure::http::{Http, Request, USER_AGENT};
use crate::domain::peering::verify::{
    API_PATH, Expectations, ExpectedName, Https, Lookup, Observation, PublicName, SYSTEM, Tcp,
};
use crate::domain::problem::{Problem, Result};

/// Names that are looked at at a time.
const AT_ONCE: usize = 8;
/// What opens within the office opens at once; what takes longer does not come.
const PATIENCE: Duration = Duration::from_secs(5);
const WEB_PATIENCE: Duration = Duration::from_secs(12);
const DNS_PORT: u16 = 53;
/// Most of an answer that is read, in bytes.
const LONGEST: u64 = 16 * 1024;

/// From where it is looked.
#[derive(Debug, Clone)]
pub struct Vantage {
    /// The DNS server to ask; the machine's own resolver when there is none.
    server: Option<SocketAddr>,
    /// The practice cloud's site, in whose place this machine stands.
    site: Option<Site>,
}

#[derive(Debug, Clone, Copy)]
struct Site {
    entry: SocketAddr,
    hub: SocketAddr,
    proxy: bool,
}

impl Vantage {
    /// This machine as it is, or with another DNS server.
    pub fn here(server: Option<SocketAddr>) -> Self {
        Self { server, site: None }
    }

    /// A desk in the practice cloud's on-premises site; with `hub`, asking the hub's DNS server.
    ///
    /// # Errors
    /// When the practice cloud does not tell of its site.
    pub async fn practice(http: &Http, hub: bool) -> Result<Self> {
        let untold = || {
            Problem::new(
                "NoPracticeSite",
                "This practice cloud has no on-premises site.",
                "Start it with this version of the program.",
            )
        };
        let answer = http.send(Request::get("/practice/site")).await?;
        let address = |name: &str| -> Option<SocketAddr> {
            let text = answer.body.pointer(&format!("/desk/{name}"))?;
            text.as_str()?.parse().ok()
        };
        let addresses = http.endpoints().resource_manager.socket_addrs(|| None);
        let entry = addresses
            .ok()
            .and_then(|addresses| addresses.into_iter().find(|each| each.ip().is_loopback()));
        let (Some(dns), Some(hub_dns), Some(entry)) = (address("dns"), address("hubDns"), entry)
        else {
            return Err(untold());
        };
        let proxy = answer.body.pointer("/switches/proxy") == Some(&Value::Bool(true));
        Ok(Self {
            server: Some(if hub { hub_dns } else { dns }),
            site: Some(Site { entry, hub: hub_dns, proxy }),
        })
    }

    async fn lookup(&self, expected: &Expectations, host: &str) -> Lookup {
        match (self.server, self.site) {
            (Some(server), Some(site)) if server == site.hub => {
                resolver::server(server, &hub_name(expected, server), host).await
            }
            (Some(server), Some(_)) => resolver::server(server, SYSTEM, host).await,
            (Some(server), None) => resolver::server(server, &server.ip().to_string(), host).await,
            (None, _) => resolver::system(host).await,
        }
    }

    /// What the hub's server says, where it is known and another one was asked.
    async fn hub(&self, expected: &Expectations, host: &str) -> Option<Lookup> {
        let server = match self.site {
            Some(site) => site.hub,
            None => SocketAddr::from((*expected.resolvers.first()?, DNS_PORT)),
        };
        if self.server == Some(server) {
            return None;
        }
        Some(resolver::server(server, &hub_name(expected, server), host).await)
    }

    async fn open(&self, address: Ipv4Addr, port: u16) -> Tcp {
        let begun = Instant::now();
        let opened = match self.site {
            Some(site) => through(site.entry, &format!("{address}:{port}")).await.map(drop),
            None => match timeout(PATIENCE, TcpStream::connect((address, port))).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(refusal(error.kind())),
                Err(_) => Err(Tcp::Silent),
            },
        };
        match opened {
            Ok(()) => Tcp::Open(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)),
            Err(why) => why,
        }
    }

    /// What a web server says when it is asked at an address, past every proxy.
    async fn direct(&self, host: &str, address: Ipv4Addr) -> Https {
        if let Some(site) = self.site {
            return plain(site.entry, &format!("{address}:443"), host).await;
        }
        let client =
            reqwest::Client::builder().no_proxy().resolve(host, SocketAddr::from((address, 443)));
        secured(client, host, API_PATH).await
    }

    /// The same through the machine's proxy, where it has one.
    async fn proxied(&self, host: &str, path: &str) -> Option<Https> {
        match self.site {
            Some(site) if site.proxy => Some(plain(site.entry, &format!("{host}:443"), host).await),
            None if has_proxy() => Some(secured(reqwest::Client::builder(), host, path).await),
            // Windows and macOS keep one elsewhere, which the client finds: only an answer tells that there is a way.
            None if cfg!(any(windows, target_os = "macos")) => {
                let answer = secured(reqwest::Client::builder(), host, path).await;
                matches!(answer, Https::Answered(..)).then_some(answer)
            }
            Some(_) | None => None,
        }
    }
}

/// How the hub's server is told of: by its address, also where another one stands in for it.
fn hub_name(expected: &Expectations, server: SocketAddr) -> String {
    let known = expected.resolvers.first().map(ToString::to_string);
    known.unwrap_or_else(|| server.ip().to_string())
}

/// Whether the environment names a proxy.
fn has_proxy() -> bool {
    ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Looks at every name.
pub async fn look(expected: &Expectations, from: &Vantage) -> Vec<Observation> {
    let names = expected.names.iter();
    let private: Vec<_> = names.map(|name| private(expected, name, from)).collect();
    let names = expected.public.iter();
    let public: Vec<_> = names.map(|name| public(expected, name, from)).collect();
    let private = stream::iter(private).buffered(AT_ONCE);
    let public = stream::iter(public).buffered(AT_ONCE);
    private.chain(public).collect().await
}

async fn private(expected: &Expectations, name: &ExpectedName, from: &Vantage) -> Observation {
    let lookup = from.lookup(expected, &name.host).await;
    let found = lookup.addresses.first().copied();
    let hub = if found == Some(name.address) { None } else { from.hub(expected, &name.host).await };
    let is_api = expected.api.as_deref() == Some(name.host.as_str());
    let tcp = from.open(name.address, name.port).await;
    // Waiting for an answer from where nothing opens tells nothing more.
    let reached = matches!(tcp, Tcp::Open(_)) || found != Some(name.address);
    let https = match found.filter(|_| is_api && reached) {
        Some(address) => Some(from.direct(&name.host, address).await),
        None => None,
    };
    let proxied = if is_api { from.proxied(&name.host, API_PATH).await } else { None };
    Observation {
        host: name.host.clone(),
        lookup: Some(lookup),
        hub,
        tcp: Some(tcp),
        // What a proxy changes nothing about tells nothing of it; the settings can lead past it.
        proxied: proxied.filter(|answer| Some(answer) != https.as_ref()),
        https,
    }
}

async fn public(expected: &Expectations, name: &PublicName, from: &Vantage) -> Observation {
    let lookup = from.lookup(expected, &name.host).await;
    let tcp = match lookup.addresses.first() {
        Some(address) => Some(from.open(*address, 443).await),
        None => None,
    };
    Observation {
        host: name.host.clone(),
        proxied: from.proxied(&name.host, "/").await,
        lookup: Some(lookup),
        hub: None,
        tcp,
        https: None,
    }
}

fn refusal(kind: ErrorKind) -> Tcp {
    match kind {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Tcp::Refused,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Tcp::NoRoute,
        _ => Tcp::Silent,
    }
}

async fn secured(client: reqwest::ClientBuilder, host: &str, path: &str) -> Https {
    let client = client
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(WEB_PATIENCE)
        .build();
    let Ok(client) = client else { return Https::Failed("no client could be created".to_owned()) };
    let answer = client.get(format!("https://{host}{path}")).send().await;
    match answer {
        Ok(answer) => {
            let status = answer.status().as_u16();
            let body = answer.text().await.unwrap_or_default();
            Https::answered(status, &body)
        }
        Err(error) if error.is_timeout() => Https::Failed("it took too long".to_owned()),
        Err(error) if is_certificate(&error) => {
            Https::Failed("its certificate is not trusted".to_owned())
        }
        Err(_) => Https::Failed("no connection".to_owned()),
    }
}

/// Whether a certificate is at the bottom of it.
fn is_certificate(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(each) = cause {
        if each.to_string().contains("certificate") {
            return true;
        }
        cause = each.source();
    }
    false
}

/// Opens the practice site's entry to a target.
async fn through(entry: SocketAddr, target: &str) -> Result<TcpStream, Tcp> {
    let opened = timeout(PATIENCE, async {
        let mut stream = TcpStream::connect(entry).await?;
        let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") && head.len() < 4096 {
            head.push(stream.read_u8().await?);
        }
        Ok::<_, std::io::Error>((stream, status(&head)))
    });
    match opened.await {
        Ok(Ok((stream, Some(200)))) => Ok(stream),
        Ok(Ok((_, Some(502)))) => Err(Tcp::Refused),
        _ => Err(Tcp::Silent),
    }
}

fn status(head: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(head);
    text.split_whitespace().nth(1)?.parse().ok()
}

/// Asks a service of the practice cloud, which speaks plain HTTP behind its entry.
async fn plain(entry: SocketAddr, target: &str, host: &str) -> Https {
    let Ok(mut stream) = through(entry, target).await else {
        return Https::Failed("no connection".to_owned());
    };
    let request = format!("GET {API_PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let asked = timeout(PATIENCE, async {
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(LONGEST).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    });
    match asked.await {
        Ok(Ok(answer)) => match status(&answer) {
            Some(status) => Https::answered(status, &String::from_utf8_lossy(&answer)),
            None => Https::Failed("no answer".to_owned()),
        },
        _ => Https::Failed("no answer".to_owned()),
    }
}
