//! What a name is answered with: by the DNS server in the hub, and by the one on-premises that forwards to it or does
//! not.
//!
//! A service with a private endpoint has an alias in its public name: whoever sees a zone `privatelink.*` takes the
//! record there, and the zone's silence for "no such name"; everybody else gets the public address
//! (<https://learn.microsoft.com/azure/private-link/private-endpoint-dns>).

use crate::practice::json::HasJson as _;
use std::net::Ipv4Addr;

use super::Switches;
use super::reach::{half, hubs};
use crate::domain::peering::forward;
use crate::domain::settings::Cloud as Kind;
use crate::practice::identifier::ResourceId;
use crate::practice::rule;
use crate::practice::state::{Cloud, StoredResource};

const ENDPOINT: &str = "Microsoft.Network/privateEndpoints";
const LINK: &str = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";
/// Domains that lead nowhere by agreement (RFC 2606, RFC 6761).
const NOWHERE: [&str; 4] = [".invalid", ".test", ".local", ".localhost"];
/// Part of the name of a workspace's interface that a client from before still remembers.
const REMEMBERED: &str = ".workspace.";

/// How the names of accounts begin that another tenant has elsewhere in Azure, each with a private endpoint of its own:
/// `anothertenant.blob.core.windows.net` exists for everybody, and its alias is in no zone that could be linked here.
const ELSEWHERE: &str = "anothertenant";

/// Which server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// That of the office.
    Site,
    /// That in the hub, directly.
    Hub,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DnsAnswer {
    /// An address, behind an alias where the service has a private endpoint.
    Address(Option<String>, Ipv4Addr),
    /// There is no such name; with an alias, its zone has no record.
    NoSuchName(Option<String>),
    /// The server that the question is forwarded to does not answer.
    ServerFailure,
}

/// Answers a name.
pub(super) fn answer(cloud: &Cloud, asked: Asked, host: &str) -> DnsAnswer {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let switches = Switches::of(cloud);
    let hub = match endpoint(cloud, &host) {
        Some(endpoint) => network_of(cloud, endpoint).and_then(|network| hub_of(cloud, network)),
        None if is_elsewhere(&host) => office_hub(cloud),
        None => return public(&host, None),
    };
    let alias = alias(&host);
    let server = hub.and_then(|hub| server(cloud, hub));
    match asked {
        Asked::Hub => match (hub, server) {
            (Some(hub), Some(_)) => seen_from(cloud, hub, &host, alias),
            _ => DnsAnswer::ServerFailure,
        },
        Asked::Site => {
            let domain = forward::domain_of(Kind::Public, &host).unwrap_or_default();
            let forwarded = !switches
                .not_forwarded
                .iter()
                .any(|each| each == "*" || each.eq_ignore_ascii_case(&domain));
            let remembers = switches.stale_client && !remembered(&host);
            match (hub, server) {
                (Some(hub), Some(_)) if forwarded && !remembers => {
                    seen_from(cloud, hub, &host, alias)
                }
                _ => public(&host, Some(alias)),
            }
        }
    }
}

fn remembered(host: &str) -> bool {
    host.contains(REMEMBERED) && !host.contains(".cert.")
}

/// A public answer. Names that belong to nobody in the practice cloud exist all the same, as the rest of the world
/// does.
fn public(host: &str, alias: Option<String>) -> DnsAnswer {
    let known = alias.is_some() || forward::domain_of(Kind::Public, host).is_none();
    if !known || !host.contains('.') || NOWHERE.iter().any(|end| host.ends_with(end)) {
        return DnsAnswer::NoSuchName(None);
    }
    let sum = host.bytes().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    DnsAnswer::Address(alias, Ipv4Addr::new(203, 0, 113, sum.max(1)))
}

/// The public address of a name, whoever asks.
pub(super) fn public_address(cloud: &Cloud, host: &str) -> Option<Ipv4Addr> {
    let has_endpoint = endpoint(cloud, host).is_some() || is_elsewhere(host);
    match public(host, has_endpoint.then(|| alias(host))) {
        DnsAnswer::Address(_, address) => Some(address),
        DnsAnswer::NoSuchName(_) | DnsAnswer::ServerFailure => None,
    }
}

/// The name to which a service's public name is an alias: the private zone's name in place of the public domain.
fn alias(host: &str) -> String {
    let domain = forward::domain_of(Kind::Public, host).unwrap_or_default();
    let zone = forward::zone_of(Kind::Public, host).unwrap_or_default();
    let label = host.strip_suffix(&domain).unwrap_or(host);
    format!("{label}{zone}")
}

/// Whether a name is that of another tenant's account.
fn is_elsewhere(host: &str) -> bool {
    let domain = forward::domain_of(Kind::Public, host).unwrap_or_default();
    let label = host.strip_suffix(&format!(".{domain}"));
    label.is_some_and(|label| label.starts_with(ELSEWHERE) && !label.contains('.'))
}

/// The hub whose server the office asks for what is nobody's here: one that an environment is connected to, else any.
fn office_hub(cloud: &Cloud) -> Option<&StoredResource> {
    let endpoints = cloud.all_resources().filter(|each| each.is(ENDPOINT));
    let networks = endpoints.filter_map(|endpoint| network_of(cloud, endpoint));
    let connected = networks.filter_map(|network| {
        let hub = hub_of(cloud, network)?;
        half(cloud, hub, network).is_some().then_some(hub)
    });
    let any = || hubs(cloud).find(|hub| server(cloud, hub).is_some());
    connected.into_iter().next().or_else(any)
}

/// A private endpoint that a name leads to.
fn endpoint<'cloud>(cloud: &'cloud Cloud, host: &str) -> Option<&'cloud StoredResource> {
    cloud.all_resources().filter(|each| each.is(ENDPOINT)).find(|endpoint| {
        rule::endpoint_names(cloud, &endpoint.id)
            .iter()
            .any(|each| matches(each.text("/fqdn"), host))
    })
}

/// Whether a name, which can begin with `*.`, is the host's.
fn matches(name: &str, host: &str) -> bool {
    match name.strip_prefix('*') {
        Some(rest) => host.len() > rest.len() && host.ends_with(&rest.to_ascii_lowercase()),
        None => name.eq_ignore_ascii_case(host),
    }
}

fn network_of<'cloud>(
    cloud: &'cloud Cloud,
    endpoint: &StoredResource,
) -> Option<&'cloud StoredResource> {
    let subnet = endpoint.id_at("/properties/subnet/id")?;
    cloud.resource(&subnet.parent()?)
}

/// The hub that a network is connected to, or is about to be; else any that has a gateway.
fn hub_of<'cloud>(
    cloud: &'cloud Cloud,
    network: &StoredResource,
) -> Option<&'cloud StoredResource> {
    let mut found: Vec<&StoredResource> = hubs(cloud).collect();
    found.sort_by_key(|hub| {
        let halves = half(cloud, network, hub).is_some() || half(cloud, hub, network).is_some();
        (!halves, server(cloud, hub).is_none())
    });
    found.into_iter().next()
}

/// The address of the DNS server in a hub: a resolver's inbound endpoint, else a server that the network hands out.
pub(super) fn server(cloud: &Cloud, hub: &StoredResource) -> Option<String> {
    let id = hub.id.to_string();
    let inbound = cloud
        .all_resources()
        .filter(|each| each.is("Microsoft.Network/dnsResolvers/inboundEndpoints"))
        .filter(|each| each.provisioning_state == "Succeeded")
        .find_map(|each| {
            let resolver = cloud.resource(&each.id.parent()?)?;
            let network = resolver.text("/properties/virtualNetwork/id");
            if !network.eq_ignore_ascii_case(&id) {
                return None;
            }
            Some(each.get("/properties/ipConfigurations/0/privateIpAddress")?.as_str()?.to_owned())
        });
    let handed_out = || {
        let own = hub.get("/properties/dhcpOptions/dnsServers/0")?.as_str()?;
        Some(own.to_owned())
    };
    inbound.or_else(handed_out)
}

/// The answer to whoever asks Azure's DNS from within a network: by the zones that are linked to it.
fn seen_from(cloud: &Cloud, network: &StoredResource, host: &str, alias: String) -> DnsAnswer {
    let id = network.id.to_string();
    let zone = cloud
        .all_resources()
        .filter(|each| each.is(LINK))
        .filter(|link| link.says("/properties/virtualNetwork/id", &id))
        .filter_map(|link| Some((link, link.id.parent()?)))
        .filter(|(_, zone)| alias.ends_with(&format!(".{}", zone.name().to_ascii_lowercase())))
        .max_by_key(|(_, zone)| zone.name().len());
    let Some((link, zone)) = zone else { return public(host, Some(alias)) };
    match record(cloud, &zone, &alias) {
        Some(address) => DnsAnswer::Address(Some(alias), address),
        // A name that the zone does not have is asked for outside
        // (<https://learn.microsoft.com/azure/dns/private-dns-fallback>).
        None if falls_back(link, &zone) => public(host, Some(alias)),
        None => DnsAnswer::NoSuchName(Some(alias)),
    }
}

fn falls_back(link: &StoredResource, zone: &ResourceId) -> bool {
    let policy = link.text("/properties/resolutionPolicy");
    let is_private_link = zone.name().to_ascii_lowercase().starts_with("privatelink.");
    is_private_link && policy.eq_ignore_ascii_case("NxDomainRedirect")
}

/// The address in a zone's record of a name; a record `*` stands for every name that has none of its own.
fn record(cloud: &Cloud, zone: &ResourceId, alias: &str) -> Option<Ipv4Addr> {
    let label = alias.strip_suffix(&format!(".{}", zone.name().to_ascii_lowercase()))?;
    let address = |label: &str| {
        let found = cloud.resource(&zone.child("A", label))?;
        let address = found.get("/properties/aRecords/0/ipv4Address")?;
        address.as_str()?.parse().ok()
    };
    let mut rest = label;
    let mut found = address(label);
    while found.is_none() {
        let Some((_, above)) = rest.split_once('.') else { break };
        found = address(&format!("*.{above}"));
        rest = above;
    }
    found.or_else(|| address("*"))
}
