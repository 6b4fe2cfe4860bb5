//! The ways that traffic can take out of the shared subnet. Which one it takes is for the controls to say.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use serde::Serialize;

/// Where the route leads. `route` names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "leads", rename_all = "kebab-case")]
pub enum NextHop {
    /// To the firewall.
    Firewall { route: String },
    /// It stays inside the private network, or in one that is connected to it.
    Inside { why: String },
    /// It ends on the Azure host or in the machine, whatever any table says.
    /// It ends on the Azure host or in the machine itself, whatever any table says.
    Host { what: String, machine: bool },
    /// To Azure's service over a service endpoint, past the firewall.
    /// To Azure's service, such as `Microsoft.Storage`, over a service endpoint, past the firewall; whether a service
    /// endpoint policy limits what it reaches there.
    Endpoint { service: String, policy: bool },
    /// To the internet, past the firewall.
    /// To the internet, past the firewall, by the address that it leaves with, in words.
    Internet { route: String, by: String },
    /// To the network gateway, past the firewall.
    Gateway { route: String },
    /// To an appliance that is not this environment's firewall.
    Appliance { route: String, hop: Ipv4Addr },
    /// Nowhere: it is dropped.
    Nowhere { why: String },
    /// Not known, for the routes were not read.
    /// Not known, for the routes were not read: what of them, and why.
    NotRead { what: String },
}

/// A way, and what must be so for it to be taken.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    pub(super) when: Option<String>,
    pub(super) next_hop: NextHop,
}

/// What the network's gateways have learned of networks behind them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learned {
    /// Ranges, each with the site or gateway that it is known from.
    pub ranges: Vec<(Ipv4Network, String)>,
    /// Why there may be more; `None` when these are all.
    pub unread: Option<String>,
}
