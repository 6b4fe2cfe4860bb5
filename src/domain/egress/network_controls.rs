//! The way of a packet out of the shared subnet: platform addresses, Azure's own routes, the route table, what gateways
//! have learned.
//!
//! Traffic that another hop takes never reaches the firewall, so its rules say nothing about it. What was not read is
//! said to be unread; it must not be taken for "there is none".

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use serde_json::Value;

use super::platform::TrafficEnd;
use super::route::{self, Route, RouteTable, Takes};
use super::security_group::SecurityRules;
use super::{Facts, Fit, Hop, Learned, NextHop, Path, Platform, Prefix, ResolvedQuery, is_private};
use crate::domain::private_name::PrivateName;

/// The controls of the shared subnet, as far as they were read. What is absent here was not read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkControls {
    /// Ranges of the environment's own network.
    pub own: Vec<Ipv4Network>,
    /// Ranges of networks that are connected to it.
    pub connected: Vec<Ipv4Network>,
    /// Names that lead to private endpoints inside.
    pub inside: Vec<PrivateName>,
    /// Whether the route table counts for private endpoints too (`privateEndpointNetworkPolicies`).
    pub endpoints_follow_table: bool,
    /// Region of the network, such as `westeurope`.
    pub region: String,
    /// Service endpoints of the subnet, such as `Microsoft.Storage`.
    pub service_endpoints: Vec<String>,
    /// Whether the subnet has a service endpoint policy.
    pub endpoint_policy: bool,
    /// The NAT gateway of the subnet, by name.
    pub nat_gateway: Option<String>,
    /// Whether Azure gives machines without an address of their own one to leave with (`defaultOutboundAccess`).
    pub default_outbound: bool,
    /// DNS servers of the network; none means Azure's own.
    pub dns_servers: Vec<Ipv4Addr>,
    /// The firewall's private address; `None` when it has none, as while it is paused.
    pub firewall: Option<Ipv4Addr>,
    /// The subnet of the firewall.
    pub firewall_subnet: Option<Ipv4Network>,
    /// What gateways have learned, where the network has any.
    pub learned: Learned,
    pub(super) nsg: SecurityRules,
    /// Absent when it was not read, with the reason in `unread_routes`.
    pub(super) table: Option<RouteTable>,
    pub(super) unread_routes: String,
    /// The table of the firewall's own subnet; `None` when it was not read.
    pub(super) behind: Option<RouteTable>,
}

impl NetworkControls {
    /// Adds the routes of a `Microsoft.Network/routeTables`; `Null` where the subnet has none.
    pub fn with_routes(mut self, table: &Value) -> Self {
        self.table = Some(RouteTable::read(table));
        self
    }

    /// Says why the route table was not read.
    pub fn without_routes(mut self, why: &str) -> Self {
        why.clone_into(&mut self.unread_routes);
        self
    }

    /// Adds the routes of the firewall's own subnet; `Null` where it has no table.
    pub fn with_routes_behind(mut self, table: &Value) -> Self {
        self.behind = Some(RouteTable::read(table));
        self
    }

    /// The address inside that a name leads to, where it is a private endpoint's.
    pub(super) fn endpoint(&self, host: &str) -> Option<&PrivateName> {
        let public = host.replacen(".privatelink.", ".", 1);
        self.inside.iter().find(|name| {
            let known = name.host.to_ascii_lowercase();
            match known.strip_prefix("*.") {
                Some(domain) => {
                    let front = public.strip_suffix(domain);
                    front.is_some_and(|front| front.ends_with('.') && front.len() > 1)
                }
                None => known == public,
            }
        })
    }

    /// Whether an address is in the network or in one that is connected to it.
    pub(super) fn is_inside(&self, address: Ipv4Addr) -> bool {
        let mut ranges = self.own.iter().chain(&self.connected);
        ranges.any(|range| range.contains(address))
    }

    /// The ways that a target may take. The first is taken unless the condition of another is met.
    pub(super) fn paths(&self, target: &ResolvedQuery<'_>, known: &Facts) -> Vec<Path> {
        let sure = |next_hop| vec![Path { when: None, next_hop }];
        let Some(address) = target.address else {
            return sure(NextHop::NotRead { what: "the address is not known".to_owned() });
        };
        if let Some(platform) = Platform::of(address) {
            return sure(platform_way(address, platform));
        }
        let mut others = Vec::new();
        for service in &self.service_endpoints {
            let next_hop =
                NextHop::Endpoint { service: service.clone(), policy: self.endpoint_policy };
            match self.over_endpoint(service, target, known) {
                // Azure: such a route "can't be overridden, even when you use a route table".
                Fit::Yes(_) => return sure(next_hop),
                Fit::Perhaps(chance) if chance.odds.counts() => {
                    others.push(Path { when: Some(chance.when), next_hop });
                }
                _ => {}
            }
        }
        let Some(RouteTable { routes, propagates }) = &self.table else {
            return sure(NextHop::NotRead { what: self.unread_routes.clone() });
        };
        // Of equal prefixes the last one counts: Azure's own, what was learned, the table's.
        let mut best = self.system(address, target, routes);
        let preferred = best.0 > 0 && matches!(best.1, NextHop::Inside { .. });
        if *propagates && !preferred {
            for (range, source) in &self.learned.ranges {
                if range.contains(address) && range.prefix() >= best.0 {
                    let route = format!("the route to {range}, known from {source},");
                    best = (range.prefix(), NextHop::Gateway { route });
                }
            }
        }
        // Of a range and a tag's prefix of equal length the range counts.
        let by_tag = |route: &&Route| matches!(route.prefix, Prefix::Tag(_));
        let (tags, ranges): (Vec<&Route>, Vec<&Route>) = routes.iter().partition(by_tag);
        for route in tags.into_iter().chain(ranges) {
            match route::takes(route, target, known.service_tags.as_ref()) {
                Some(Takes::Surely(length)) if length >= best.0 => {
                    best = (length, self.by(route));
                }
                Some(Takes::If(when)) => {
                    others.push(Path { when: Some(when), next_hop: self.by(route) });
                }
                _ => {}
            }
        }
        if let (Some(why), true, false) = (&self.learned.unread, *propagates, preferred) {
            let destination = &target.query.destination;
            let when = format!("the gateway has learned a route to {destination} ({why})");
            let next_hop = NextHop::Gateway { route: "a route that it has learned".to_owned() };
            others.push(Path { when: Some(when), next_hop });
        }
        let mut paths = sure(best.1);
        paths.append(&mut others);
        paths
    }

    /// Azure's own route to an address, with the length of its prefix.
    fn system(
        &self,
        address: Ipv4Addr,
        target: &ResolvedQuery<'_>,
        routes: &[Route],
    ) -> (u8, NextHop) {
        let inside = |why: String| NextHop::Inside { why };
        if let Some(host) = target.host()
            && let Some(name) = self.endpoint(host)
        {
            let place = if name.address.is_empty() {
                "whose address Azure does not tell yet".to_owned()
            } else {
                format!("at {}", name.address)
            };
            let why = format!("the name leads to a private endpoint of this environment, {place}");
            let length = if self.endpoints_follow_table {
                longest(&self.own, address).unwrap_or(0)
            } else {
                32
            };
            return (length, inside(why));
        }
        let is_endpoint = self.inside.iter().any(|name| name.address.parse() == Ok(address));
        if is_endpoint && !self.endpoints_follow_table {
            let why = "the address is that of a private endpoint of this environment";
            return (32, inside(why.to_owned()));
        }
        match (longest(&self.own, address), longest(&self.connected, address)) {
            (None, None) => {}
            (own, connected) if own >= connected => {
                let why = "the address is in the environment's own network";
                return (own.unwrap_or(0), inside(why.to_owned()));
            }
            (_, connected) => {
                let why = "the address is in a network that is connected to this one";
                return (connected.unwrap_or(0), inside(why.to_owned()));
            }
        }
        // Azure takes its refusal of private ranges back where a table leads everything elsewhere.
        if is_private(address) && !routes.iter().any(Route::is_default) {
            let why = "no route leads to this private address";
            return (8, NextHop::Nowhere { why: why.to_owned() });
        }
        let route = "Azure's own default route (0.0.0.0/0)".to_owned();
        (0, NextHop::Internet { route, by: self.leaving() })
    }

    fn by(&self, route: &Route) -> NextHop {
        let words = route.words();
        match &route.hop {
            Hop::Appliance(Some(hop)) if Some(*hop) == self.firewall => {
                NextHop::Firewall { route: words }
            }
            Hop::Appliance(Some(hop)) if !self.is_firewalls_place(*hop) => {
                NextHop::Appliance { route: words, hop: *hop }
            }
            Hop::Appliance(Some(hop)) => NextHop::Nowhere {
                why: match self.firewall {
                    None => format!(
                        "{words} leads to the firewall, which has no address: it is paused, or not deployed yet"
                    ),
                    Some(firewall) => format!(
                        "{words} leads to {hop} in the firewall's subnet, but the firewall's address is {firewall}"
                    ),
                },
            },
            Hop::Appliance(None) => NextHop::Nowhere {
                why: format!("{words} leads to an appliance without an address"),
            },
            Hop::Nothing => NextHop::Nowhere { why: format!("{words} drops it") },
            Hop::Local => NextHop::Inside { why: format!("{words} routes it inside the network") },
            Hop::Gateway => NextHop::Gateway { route: words },
            Hop::Internet => NextHop::Internet { route: words, by: self.leaving() },
            Hop::Unknown(kind) => NextHop::NotRead {
                what: format!(
                    "{words} has a next hop of a kind that this program does not know, {kind}"
                ),
            },
        }
    }

    /// Whether only the environment's firewall can be at an address.
    fn is_firewalls_place(&self, hop: Ipv4Addr) -> bool {
        self.firewall_subnet.is_some_and(|subnet| subnet.contains(hop))
    }

    /// What traffic without a firewall leaves with
    /// (<https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access>).
    fn leaving(&self) -> String {
        match &self.nat_gateway {
            Some(name) => format!("it leaves through the NAT gateway {name}"),
            None if self.default_outbound => {
                "Azure gives it an address to leave with (default outbound access)".to_owned()
            }
            None => "the subnet has neither a NAT gateway nor default outbound access, so only a machine \
                with a public address or behind a load balancer's outbound rule gets out; the machines' \
                cards were not read".to_owned(),
        }
    }

    /// Where the firewall's own subnet leads what the firewall lets through, when that is not the internet.
    pub(super) fn behind_firewall(
        &self,
        target: &ResolvedQuery<'_>,
        known: &Facts,
    ) -> Option<String> {
        let Some(RouteTable { routes, propagates }) = &self.behind else {
            return Some("the routes of the firewall's own subnet were not read".to_owned());
        };
        let address = target.address?;
        let mut best = (0, None);
        for (range, source) in self.learned.ranges.iter().filter(|_| *propagates) {
            if range.contains(address) && range.prefix() >= best.0 {
                let words = format!(
                    "the route to {range}, known from {source}, leads to the network gateway"
                );
                best = (range.prefix(), Some(words));
            }
        }
        for route in routes {
            let elsewhere = (route.hop != Hop::Internet)
                .then(|| format!("{} of the firewall's own subnet leads elsewhere", route.words()));
            match route::takes(route, target, known.service_tags.as_ref()) {
                Some(Takes::Surely(length)) if length >= best.0 => best = (length, elsewhere),
                Some(Takes::If(when)) => {
                    if let Some(words) = elsewhere {
                        return Some(format!("behind the firewall, {words} if {when}"));
                    }
                }
                _ => {}
            }
        }
        best.1.map(|words| format!("behind the firewall, {words}"))
    }

    /// First and last address of everything here that tells addresses apart.
    pub(super) fn edges(&self) -> impl Iterator<Item = (u32, u32)> {
        let learned = self.learned.ranges.iter().map(|(range, _)| range);
        let tables = self.table.iter().chain(&self.behind);
        let routes = tables.flat_map(|table| &table.routes);
        let routes = routes.filter_map(|route| match &route.prefix {
            Prefix::Range(range) => Some(range),
            Prefix::Tag(_) => None,
        });
        let networks = self.own.iter().chain(&self.connected);
        networks
            .chain(learned)
            .chain(routes)
            .map(|range| (range.network().to_bits(), range.broadcast().to_bits()))
    }
}

fn platform_way(address: Ipv4Addr, platform: &Platform) -> NextHop {
    let what = format!("{address} is {}", platform.what);
    match platform.end {
        TrafficEnd::Nowhere => NextHop::Nowhere {
            why: format!("{what}; it follows no route table and never reaches the firewall"),
        },
        end => NextHop::Host { what, machine: end == TrafficEnd::Machine },
    }
}

fn longest(ranges: &[Ipv4Network], address: Ipv4Addr) -> Option<u8> {
    let holding = ranges.iter().filter(|range| range.contains(address));
    holding.map(|range| range.prefix()).max()
}
