//! What stands before the firewall, and the route of the shared subnet.
//!
//! Traffic that stays in the network, takes a service endpoint or another hop never reaches the firewall, so its rules
//! say nothing about it. The longest prefix decides
//! (<https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview>).

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use serde::Serialize;
use serde_json::Value;

use super::{Destination, Query, fit::is_private, gate::SecurityRule, known::is_storage};

/// Where the route leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "leads", rename_all = "kebab-case")]
pub enum Way {
    /// To the firewall.
    Firewall,
    /// It stays inside the private network, or in one that is connected to it.
    Inside {
        /// What holds it there.
        why: String,
    },
    /// To Azure's service over a service endpoint, past the firewall.
    Endpoint {
        /// The service.
        service: String,
    },
    /// Somewhere that is not the firewall.
    Past {
        /// Where.
        hop: String,
    },
    /// Nowhere: it is dropped.
    Nowhere {
        /// Why.
        why: String,
    },
}

impl Way {
    pub(super) fn meets_firewall(&self) -> bool {
        matches!(self, Self::Firewall)
    }
}

/// The walls of the shared subnet, as far as they were read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Walls {
    /// Ranges of the environment's own network.
    pub own: Vec<Ipv4Network>,
    /// Ranges of networks that are connected to it.
    pub connected: Vec<Ipv4Network>,
    /// Names that lead to private endpoints inside.
    pub inside: Vec<String>,
    /// Service endpoints of the subnet, such as `Microsoft.Storage`.
    pub service_endpoints: Vec<String>,
    /// The firewall's private address; `None` when it has none, as while it is paused.
    pub firewall: Option<Ipv4Addr>,
    pub(super) gate: Option<Vec<SecurityRule>>,
    pub(super) routes: Option<Vec<Route>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Route {
    prefix: String,
    kind: String,
    address: Option<Ipv4Addr>,
}

impl Walls {
    /// Adds the routes of a `Microsoft.Network/routeTables`.
    #[must_use]
    pub fn with_routes(mut self, body: &Value) -> Self {
        let routes = body.pointer("/properties/routes").and_then(Value::as_array);
        self.routes = Some(routes.into_iter().flatten().filter_map(route).collect());
        self
    }

    pub(super) fn is_inside(&self, query: &Query) -> bool {
        match &query.destination {
            Destination::Address(address) => self
                .own
                .iter()
                .chain(&self.connected)
                .any(|range| range.contains(*address)),
            Destination::Host(host) => self.leads_inside(host),
        }
    }

    fn leads_inside(&self, host: &str) -> bool {
        self.inside
            .iter()
            .any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Where the route leads.
    pub(super) fn way(&self, query: &Query) -> Way {
        match &query.destination {
            Destination::Host(host) if self.leads_inside(host) => Way::Inside {
                why: "the name leads to a private endpoint of this environment".to_owned(),
            },
            Destination::Host(host)
                if is_storage(host)
                    && self.service_endpoints.iter().any(|service| {
                        service
                            .to_ascii_lowercase()
                            .starts_with("microsoft.storage")
                    }) =>
            {
                Way::Endpoint {
                    service: "Microsoft.Storage".to_owned(),
                }
            }
            Destination::Host(_) => self.default_way(),
            Destination::Address(address) => self.way_to(*address),
        }
    }

    fn way_to(&self, address: Ipv4Addr) -> Way {
        let within = |ranges: &[Ipv4Network]| {
            ranges
                .iter()
                .filter(|range| range.contains(address))
                .map(|range| range.prefix())
                .max()
        };
        let (own, connected) = (within(&self.own), within(&self.connected));
        let system = own.max(connected);
        let route = self
            .routes
            .iter()
            .flatten()
            .filter_map(|route| {
                let range: Ipv4Network = route.prefix.parse().ok()?;
                range.contains(address).then_some((range.prefix(), route))
            })
            .max_by_key(|(prefix, _)| *prefix);
        match (system, route) {
            // Of two prefixes of the same length the route of the table counts.
            (Some(system), found) if found.is_none_or(|(prefix, _)| prefix < system) => {
                let why = if own == Some(system) {
                    "the address is in the environment's own network"
                } else {
                    "the address is in a network that is connected to this one"
                };
                Way::Inside {
                    why: why.to_owned(),
                }
            }
            (_, Some((_, route))) => self.by(route),
            _ if is_private(address) => Way::Nowhere {
                why: "no route leads to this private address".to_owned(),
            },
            _ => self.default_way(),
        }
    }

    /// The way of everything that no closer route leads.
    fn default_way(&self) -> Way {
        let Some(routes) = &self.routes else {
            return self.firewall_way();
        };
        match routes.iter().find(|route| route.prefix == "0.0.0.0/0") {
            Some(route) => self.by(route),
            None => Way::Past {
                hop: "the internet, for the route table has no default route".to_owned(),
            },
        }
    }

    fn by(&self, route: &Route) -> Way {
        match route.kind.to_ascii_lowercase().as_str() {
            "virtualappliance" if route.address.is_some() && route.address == self.firewall => {
                Way::Firewall
            }
            "virtualappliance" if self.firewall.is_none() => self.firewall_way(),
            "virtualappliance" => Way::Nowhere {
                why: match (route.address, self.firewall) {
                    (Some(hop), Some(firewall)) => format!(
                        "the route leads to {hop}, but the firewall's address is {firewall}"
                    ),
                    _ => "the route leads to no address".to_owned(),
                },
            },
            "none" => Way::Nowhere {
                why: "a route drops it".to_owned(),
            },
            "vnetlocal" => Way::Inside {
                why: "a route keeps it in the network".to_owned(),
            },
            "virtualnetworkgateway" => Way::Past {
                hop: "the network gateway".to_owned(),
            },
            _ => Way::Past {
                hop: "the internet".to_owned(),
            },
        }
    }

    fn firewall_way(&self) -> Way {
        if self.firewall.is_some() {
            return Way::Firewall;
        }
        Way::Nowhere {
            why: "the firewall has no address: it is paused, or not made yet".to_owned(),
        }
    }
}

fn route(item: &Value) -> Option<Route> {
    let text = |name: &str| item.pointer(&format!("/properties/{name}"))?.as_str();
    Some(Route {
        prefix: text("addressPrefix")?.to_owned(),
        kind: text("nextHopType")?.to_owned(),
        address: text("nextHopIpAddress").and_then(|address| address.parse().ok()),
    })
}
