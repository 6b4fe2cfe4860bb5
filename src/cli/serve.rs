//! `practice serve`: the practice cloud alone, until it is told to stop.
//!
//! It prints its address as one JSON line for whoever starts it from a script. It must not be reachable from outside
//! this machine: the practice cloud binds loopback only.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::arguments::Global;
use super::azure_session;
use super::exit::Ending;
use super::signals::Signals;
use crate::plain::output::Output;
use crate::practice;
use crate::store::paths::Paths;

/// `practice serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Port on 127.0.0.1; a free one when left out.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Serve https; a certificate authority is written into this directory for clients to trust.
    #[arg(long, value_name = "DIR")]
    pub tls: Option<PathBuf>,
    /// Write each exchange as one JSON line, without tokens and secrets.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Put hubs into it that an environment may be connected to; they stay.
    #[arg(long, conflicts_with = "no_hubs")]
    pub hubs: bool,
}

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// When the port is taken, or a directory or file that was named cannot be written.
pub async fn run(serve: &Serve, global: &Global, paths: &Paths) -> Result<(), Ending> {
    let mut options = azure_session::practice_options(global, paths)?;
    options.hubs = serve.hubs;
    options.port = serve.port;
    options.tls.clone_from(&serve.tls);
    options.record.clone_from(&serve.record);
    let server = practice::start(options)?;
    // The address is for programs, whatever the mode.
    Output::new(true, true).event(
        "practice",
        json!({
            "url": server.url().as_str(),
            "subscription": practice::SUBSCRIPTION,
            "subscriptions": server.subscriptions(),
            "tenant": practice::TENANT,
            "speed": global.speed,
            "dns": server.dns().to_string(),
            "hub_dns": server.hub_dns().to_string(),
            "ca": serve.tls.as_ref().map(|directory| directory.join("ca.pem")),
        }),
    );
    Signals::listen()?.next().await;
    server.shutdown().await;
    Ok(())
}
