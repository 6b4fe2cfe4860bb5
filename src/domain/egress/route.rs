//! The routes of a subnet and which of them takes an address: the longest prefix, and of two equal ones the table's
//! before what a gateway has learned before Azure's own
//! (<https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route>).
//!
//! Where a hop leads in this environment is for the controls to say.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use serde_json::Value;

use super::known::host_in_tag;
use super::{Chance, Fit, ResolvedQuery, ServiceTags, fit};
use crate::domain::json::{is_on, items, text, told};

/// One route of a route table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Route {
    name: String,
    pub(super) prefix: Prefix,
    pub(super) hop: Hop,
}

/// What a route is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Prefix {
    Range(Ipv4Network),
    /// A service tag, such as `Storage.WestEurope`.
    Tag(String),
}

/// Where a route leads.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Hop {
    /// An appliance; without an address where the table has none.
    Appliance(Option<Ipv4Addr>),
    Gateway,
    Internet,
    Local,
    Nothing,
    /// A kind that this program does not know.
    Unknown(String),
}

impl Route {
    /// The route in words, such as `the route default-to-firewall (0.0.0.0/0)`.
    pub(super) fn words(&self) -> String {
        let prefix = match &self.prefix {
            Prefix::Range(range) => range.to_string(),
            Prefix::Tag(tag) => tag.clone(),
        };
        if self.name.is_empty() {
            format!("the route {prefix}")
        } else {
            format!("the route {} ({prefix})", self.name)
        }
    }

    pub(super) fn is_default(&self) -> bool {
        matches!(self.prefix, Prefix::Range(range) if range.prefix() == 0)
    }

    fn read(item: &Value) -> Option<Self> {
        let prefix = told(item, "/properties/addressPrefix")?;
        let prefix = match prefix.parse() {
            Ok(range) => Prefix::Range(range),
            // The network has IPv4 only.
            Err(_) if prefix.contains(':') => return None,
            Err(_) => Prefix::Tag(prefix.to_owned()),
        };
        let hop = match told(item, "/properties/nextHopType")?.to_ascii_lowercase().as_str() {
            "virtualappliance" => {
                Hop::Appliance(text(item, "/properties/nextHopIpAddress").parse().ok())
            }
            "virtualnetworkgateway" => Hop::Gateway,
            "internet" => Hop::Internet,
            "vnetlocal" => Hop::Local,
            "none" => Hop::Nothing,
            other => Hop::Unknown(other.to_owned()),
        };
        Some(Self { name: text(item, "/name").to_owned(), prefix, hop })
    }
}

/// A route table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RouteTable {
    pub(super) routes: Vec<Route>,
    /// Whether routes that gateways have learned reach its subnet.
    pub(super) propagates: bool,
}

impl RouteTable {
    /// Reads a `Microsoft.Network/routeTables`; a subnet without one has no routes of its own.
    pub(super) fn read(table: &Value) -> Self {
        Self {
            routes: items(table, "/properties/routes").iter().filter_map(Route::read).collect(),
            propagates: !is_on(table, "/properties/disableBgpRoutePropagation"),
        }
    }
}

/// How a route may take a target.
pub(super) enum Takes {
    /// It does, with a prefix of this length.
    Surely(u8),
    /// It does if this is so.
    If(String),
}

/// Whether a route takes a target; `None` when it does not, or when nothing speaks for it.
pub(super) fn takes(
    route: &Route,
    target: &ResolvedQuery<'_>,
    tags: Option<&ServiceTags>,
) -> Option<Takes> {
    let address = target.address?;
    match &route.prefix {
        Prefix::Range(range) => range.contains(address).then(|| Takes::Surely(range.prefix())),
        Prefix::Tag(tag) => match in_tag(target, tag, tags) {
            Fit::Yes(_) => {
                let length = tags.and_then(|tags| tags.prefix(tag, address));
                Some(Takes::Surely(length.unwrap_or(32)))
            }
            Fit::Perhaps(Chance { when, odds, .. }) => odds.counts().then_some(Takes::If(when)),
            Fit::No => None,
        },
    }
}

/// Whether the addresses of a service tag hold a target.
pub(super) fn in_tag(target: &ResolvedQuery<'_>, tag: &str, tags: Option<&ServiceTags>) -> Fit {
    match (target.host(), target.address) {
        (Some(host), _) => {
            let when = format!("the address of {host} belongs to the service tag {tag}");
            fit::behind(host_in_tag(host, tag), when, tag)
        }
        (None, Some(address)) => fit::tagged(tag, address, tags),
        (None, None) => Fit::No,
    }
}
