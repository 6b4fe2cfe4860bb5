//! The practice cloud's on-premises site: a company's office behind a VPN, seen from a desk in it.
//!
//! Its DNS answers on loopback as that of the chosen topology would, and its entry (HTTP CONNECT) lets through what the
//! practice networks let through. What is wrong on-premises itself is switched with `PUT /practice/site`. No packet
//! leaves the machine, and nothing here changes a network.

mod answer;
mod dns;
mod entry;
mod reach;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) use self::answer::Asked;
pub(super) use self::dns::{bind, serve};
pub(super) use self::entry::pass;
use super::reply::Reply;
use super::request::Request;
use super::state::Cloud;

/// Where the switches are kept in the state.
const KEPT: &str = "/practice/site";

/// What is as it should not be on-premises.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch by itself")]
struct Switches {
    /// Domains that DNS on-premises does not forward to the hub; `*` for none at all.
    not_forwarded: Vec<String>,
    /// Machines are set to a proxy that sends everything to the internet.
    proxy: bool,
    /// A proxy in between does the same, whatever machines are set to.
    transparent_proxy: bool,
    /// The client remembers answers from before, and has its VPN profile from before.
    stale_client: bool,
    /// The firewall on-premises lets nothing out to the internet.
    public_blocked: bool,
    /// On-premises does not know the way to the environment's range.
    no_route: bool,
    /// The hub's firewall drops what comes back another way than it went.
    returns_dropped: bool,
}

/// Where the site's DNS is asked.
#[derive(Debug, Clone, Copy)]
pub struct SiteDns {
    /// The office's own DNS server.
    pub site: SocketAddr,
    /// The DNS server in the hub, asked directly.
    pub hub: SocketAddr,
}

impl Switches {
    fn of(cloud: &Cloud) -> Self {
        let kept = cloud.root.settings.get(KEPT).cloned();
        kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default()
    }
}

/// Answers `GET` and `PUT /practice/site`. A PUT changes the switches that it names and leaves the others.
pub(super) fn handle(cloud: &mut Cloud, request: &Request) -> Reply {
    if request.method == hyper::Method::PUT {
        let mut wanted = serde_json::to_value(Switches::of(cloud)).unwrap_or_default();
        if let (Some(wanted), Some(changes)) = (wanted.as_object_mut(), request.body.as_object()) {
            wanted.extend(changes.clone());
        }
        match serde_json::from_value::<Switches>(wanted.clone()) {
            Ok(_) => {
                cloud.root.settings.insert(KEPT.to_owned(), wanted);
            }
            Err(error) => return fault!(400, "UnknownSwitch", "{error}"),
        }
    }
    let site_dns = request.site_dns.map_or(
        Value::Null,
        |site_dns| json!({ "dns": site_dns.site.to_string(), "hubDns": site_dns.hub.to_string() }),
    );
    Reply::ok(json!({ "switches": Switches::of(cloud), "desk": site_dns }))
}
