//! A network that an environment may be connected to, and how well it fits.

use serde::{Deserialize, Serialize};

use super::Mistake;

/// Something that was read, or why it was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known<T> {
    /// It was read.
    Read(T),
    /// It was not; the reason in one sentence. It must not be taken for "there is none".
    Unread(String),
}

/// Why something was not read that is only read of the hub that is chosen.
const LATER: &str = "It is read when the hub is chosen.";

impl<T> Known<T> {
    /// Left for later: reading it of every network would take too many reads.
    pub fn later() -> Self {
        Self::Unread(LATER.to_owned())
    }

    /// Whether it was left for later, rather than refused.
    pub fn is_later(&self) -> bool {
        matches!(self, Self::Unread(why) if why == LATER)
    }

    /// The same of what was made of it.
    pub fn map<Other>(self, make: impl FnOnce(T) -> Other) -> Known<Other> {
        match self {
            Self::Read(value) => Known::Read(make(value)),
            Self::Unread(why) => Known::Unread(why),
        }
    }

    /// What was read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Unread(_) => None,
        }
    }
}

/// The facts about a network that could be a hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hub {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Name of its subscription, or its id where the name is not known.
    pub subscription: String,
    /// Id of its tenant; empty when it is not known.
    pub tenant_id: String,
    /// Its address ranges, as Azure writes them.
    pub prefixes: Vec<String>,
    /// DNS servers that the network hands out; none means Azure's own.
    pub dns_servers: Vec<String>,
    /// Networks that it is connected to.
    pub peers: Vec<Peer>,
    /// Its gateways.
    pub gateways: Known<Vec<Gateway>>,
    /// Ranges on-premises that its gateways lead to.
    pub on_premises: Known<Vec<Range>>,
    /// Ranges on-premises that its gateways have learned by BGP; empty where none learns any.
    #[serde(default = "Known::later")]
    pub learned: Known<Vec<Range>>,
    /// Whether it has a subnet for Azure Route Server, which its spokes use in place of a gateway.
    #[serde(default)]
    pub route_server: bool,
    /// Network cards in it that forward what is not theirs: appliances that route.
    #[serde(default = "Known::later")]
    pub appliances: Known<Vec<Appliance>>,
    /// Private address of a firewall in it that forwards traffic.
    pub firewall: Known<Option<String>>,
    /// Addresses of DNS Private Resolver inbound endpoints in it.
    pub resolvers: Known<Vec<String>>,
    /// Private DNS zones linked to it.
    pub zones: Known<Vec<LinkedZone>>,
    /// What the account may do on it.
    pub rights: Known<Rights>,
}

/// A network that a hub is connected to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its address ranges.
    pub prefixes: Vec<String>,
    /// `peeringState` of the hub's half, as Azure writes it.
    pub state: String,
    /// Whether the hub's half uses this network's gateway: then it is a spoke itself.
    #[serde(default)]
    pub remote_gateways: bool,
}

/// A network appliance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appliance {
    /// The name of its network card.
    pub name: String,
    /// Its private address.
    pub address: String,
}

/// What a gateway is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GatewayKind {
    /// VPN.
    Vpn,
    /// `ExpressRoute`.
    ExpressRoute,
}

/// A virtual network gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gateway {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: GatewayKind,
    /// Its tier, such as `VpnGw1AZ`.
    pub sku: String,
    /// `provisioningState`, such as `Succeeded` or `Updating`.
    pub state: String,
    /// Whether it is route-based (`vpnType`).
    pub route_based: bool,
    /// Whether it learns routes by BGP.
    pub bgp: bool,
    /// Address pool of point-to-site clients.
    pub client_pool: Vec<String>,
}

impl Gateway {
    /// Whether it learns ranges on-premises by BGP. An `ExpressRoute` gateway always does, whatever `enableBgp` says
    /// (<https://learn.microsoft.com/azure/expressroute/expressroute-routing>).
    pub fn learns(&self) -> bool {
        self.bgp || self.kind == GatewayKind::ExpressRoute
    }
}

impl Hub {
    /// The first of its gateways that learns ranges by BGP.
    pub fn learner(&self) -> Option<&Gateway> {
        self.gateways.read()?.iter().find(|each| each.learns())
    }

    /// What routes in it in place of a gateway: an appliance, else a firewall; its name and its address.
    pub fn router(&self) -> Option<(&str, &str)> {
        let appliance = self.appliances.read().and_then(|all| all.first());
        let firewall = || self.firewall.read()?.as_deref().map(|address| ("its firewall", address));
        appliance.map(|each| (each.name.as_str(), each.address.as_str())).or_else(firewall)
    }

    /// Where a default route was learned from, as far as that was read.
    pub fn default_route(&self) -> Option<&Range> {
        let mut learned = self.learned.read()?.iter();
        learned.find(|range| range.prefix == DEFAULT_ROUTE)
    }
}

/// Every address.
const DEFAULT_ROUTE: &str = "0.0.0.0/0";

/// A range of addresses on-premises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// Where it was read: the name of a local network gateway, or of the gateway that learned it.
    pub source: String,
    /// The range.
    pub prefix: String,
}

/// A private DNS zone that is linked to the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedZone {
    /// The zone's id.
    pub id: String,
    /// The zone's name.
    pub name: String,
    /// The link's id.
    pub link_id: String,
}

/// What the account may do on the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// Make the hub's half (`Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write`).
    pub write: bool,
    /// Let our half lead there (`Microsoft.Network/virtualNetworks/peer/action`).
    pub peer: bool,
    /// Link zones to it (`Microsoft.Network/virtualNetworks/join/action`).
    pub join: bool,
}

/// How well a hub fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// It can be connected and everything needed is there.
    Good,
    /// It can be connected; something is missing or not known.
    Warns,
    /// Azure would refuse.
    Refused,
}

/// A reason for a fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// How much it weighs.
    pub fit: Fit,
    /// The step that it belongs to.
    pub mistake: Mistake,
    /// What was found, in one sentence.
    pub what: String,
    /// What to do, in one or two sentences; empty for a good reason.
    pub remedy: String,
}

/// A network, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its facts.
    pub hub: Hub,
    /// How well it fits: as its worst reason.
    pub fit: Fit,
    /// Why, worst first.
    pub reasons: Vec<Reason>,
}
