//! The practice cloud: a simulated Azure Resource Manager on loopback.
//!
//! It speaks the dialect of Azure Resource Manager closely enough for any client that follows its rules, takes as long
//! as Azure does (at a chosen speed), and fails where Azure would. It knows nothing of the engine or of screens, is met
//! over HTTP only, and never claims to be Azure: each answer carries `x-ms-practice: true`.

#[macro_use]
mod reply;

mod activity;
mod advance;
mod asynchronous;
mod catalog;
mod clock;
pub mod compare;
mod data_plane;
mod deployment;
mod directory;
mod export;
pub mod fault;
mod graph;
mod group;
mod loose_json;
mod provider;
mod record;
mod request;
mod resource;
mod rights;
mod route;
mod rule;
mod sample_hubs;
mod secure;
mod server;
mod site;
mod state;
#[cfg(test)]
mod testing;
mod tls;
mod token;
mod traffic;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, atomic::AtomicU64},
};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

pub use self::catalog::subscription::{
    MOST as MOST_SUBSCRIPTIONS, id as subscription_id, name as subscription_name,
};
pub use self::clock::{Clock, ManualClock, WallClock};
pub use self::fault::Fault;
pub use self::rule::{SITE_DEVICE, SITE_RANGE};
pub use self::state::{SUBSCRIPTION, SUBSCRIPTION_NAME, TENANT};
use crate::domain::problem::{Problem, Result};
use crate::domain::{identifier, json};

/// Usual speed: simulated seconds per real second.
pub const DEFAULT_SPEED: f64 = 60.0;

/// How a practice cloud is to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where its state is kept; several processes may share one directory.
    pub directory: PathBuf,
    /// Simulated seconds per real second, more than 0.
    pub speed: f64,
    /// Seed that spreads durations between typical and slow; `None` means always typical.
    pub vary: Option<u64>,
    /// What goes wrong. Without any, faults of an earlier run end, unless a deployment is under way.
    pub faults: Vec<Fault>,
    /// Where real time comes from.
    pub clock: Arc<dyn Clock>,
    /// How many subscriptions it has, 1 to 200; `None` leaves as many as there are, which is one in a new cloud.
    pub subscriptions: Option<usize>,
    /// Put hubs into it that an environment may be connected to, where they are not there already; they stay.
    pub hubs: bool,
    /// File to which each exchange is appended as a JSON line.
    pub record: Option<PathBuf>,
    /// Serve https, and write the authority's certificate `ca.pem` into this directory.
    pub tls: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
}

impl Options {
    /// The usual practice cloud in a directory: speed 60, no faults, plain http, any port.
    pub fn new(directory: PathBuf) -> Self {
        Self {
            directory,
            speed: DEFAULT_SPEED,
            vary: None,
            faults: Vec::new(),
            clock: Arc::new(WallClock),
            subscriptions: None,
            hubs: false,
            record: None,
            tls: None,
            port: 0,
        }
    }
}

/// A running practice cloud. Dropping it stops accepting; [`Server::shutdown`] also waits for the end.
#[derive(Debug)]
pub struct Server {
    url: Url,
    dns: SocketAddr,
    hub_dns: SocketAddr,
    subscriptions: usize,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    /// Where it is reached, such as `http://127.0.0.1:4711/`.
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Where the on-premises site's DNS server is asked (UDP), such as `127.0.0.1:4712`.
    pub fn dns(&self) -> SocketAddr {
        self.dns
    }

    /// Where the DNS server in the hub is asked (UDP).
    pub fn hub_dns(&self) -> SocketAddr {
        self.hub_dns
    }

    /// The ids of its subscriptions, as many as it had when this server was started.
    pub fn subscriptions(&self) -> Vec<String> {
        (1..=self.subscriptions).map(subscription_id).collect()
    }

    /// Stops it and waits until the requests under way are answered. State is on disk after each request anyhow.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if let Err(error) = (&mut self.task).await {
            tracing::warn!(%error, "the practice cloud did not end well");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Starts a practice cloud. Must be called inside a tokio runtime.
///
/// # Errors
/// When the speed is not a positive number, the directory or a file cannot be used, or the port is taken.
pub fn start(options: Options) -> Result<Server> {
    if !(options.speed.is_finite() && options.speed > 0.0) {
        return Err(Problem::new(
            "InvalidSpeed",
            format!("{} is no speed for the practice cloud.", options.speed),
            "Use a number above 0: 1 is the real pace, 60 the usual one.",
        ));
    }
    let runtime = tokio::runtime::Handle::try_current().map_err(|error| {
        Problem::new(
            "NoRuntime",
            "The practice cloud was started outside its runtime.",
            "This is a fault of the program: please report it.",
        )
        .saying(error.to_string())
    })?;
    let now = options.clock.now();
    let mut store = state::Store::open(&options.directory, now, options.speed)?;
    let subscriptions = store.transact(now, |cloud| {
        cloud.set_pace(options.speed, options.vary);
        cloud.set_faults(&options.faults);
        if let Some(number) = options.subscriptions {
            catalog::subscription::set_number(cloud, number);
        }
        if options.hubs {
            sample_hubs::hubs(cloud);
        }
        cloud.root.subscriptions
    })?;
    let recorder = options.record.as_deref().map(record::Recorder::open).transpose()?;
    let tls = options
        .tls
        .as_deref()
        .map(tls::server_config)
        .transpose()?
        .map(tokio_rustls::TlsAcceptor::from);
    let (listener, address) = server::bind(options.port)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let base = format!("{scheme}://{address}");
    let unusable = |error: String| {
        Problem::new(
            "PracticeUnavailable",
            "The practice cloud cannot be started.",
            "Try again; if it stays so, please report it.",
        )
        .saying(error)
    };
    let url = Url::parse(&base).map_err(|error| unusable(error.to_string()))?;
    let (site_socket, site_address) = site::bind()?;
    let (hub_socket, hub_address) = site::bind()?;
    let failed = |error: std::io::Error| unusable(error.to_string());
    let (listener, site_socket, hub_socket) = {
        let _inside = runtime.enter();
        (
            tokio::net::TcpListener::from_std(listener).map_err(failed)?,
            tokio::net::UdpSocket::from_std(site_socket).map_err(failed)?,
            tokio::net::UdpSocket::from_std(hub_socket).map_err(failed)?,
        )
    };
    let stop = CancellationToken::new();
    let shared = Arc::new(server::ServerState {
        store: Mutex::new(store),
        turns: server::Turns::start().map_err(failed)?,
        clock: options.clock,
        recorder,
        base,
        count: AtomicU64::new(0),
        site_dns: site::SiteDns { site: site_address, hub: hub_address },
        stop: stop.clone(),
    });
    for (socket, asked) in [(site_socket, site::Asked::Site), (hub_socket, site::Asked::Hub)] {
        let stop = stop.clone();
        runtime.spawn(site::serve(socket, asked, Arc::clone(&shared), stop));
    }
    let task = runtime.spawn(server::serve(listener, tls, shared, stop.clone()));
    Ok(Server { url, dns: site_address, hub_dns: hub_address, subscriptions, stop, task })
}
