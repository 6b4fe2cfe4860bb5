//! Whether a new hub can work: its addresses meet nothing, and the VPN device can be reached.

use std::net::Ipv4Addr;

use ipnetwork::{IpNetwork, Ipv4Network};

use super::NewHub;
use crate::domain::network::{KnownNetwork, Severity, free_range, unusable};
use crate::domain::problem::{Problem, Result};

/// Length of the smallest address space: a /27 for the gateway and a /28 for the resolver fit into a /26.
pub const SMALLEST_PREFIX: u8 = 26;
/// Length of the largest.
pub const LARGEST_PREFIX: u8 = 8;
/// What is offered where it is free.
const OFFERED: &str = "10.0.0.0/16";

/// Refuses a hub that cannot work. `known` are the networks that exist, environments among them.
///
/// # Errors
/// The first thing that stands against it, with the flag that it is about and, where there is one, a range that is
/// free.
pub fn check(hub: &NewHub, known: &[KnownNetwork]) -> Result<()> {
    space(hub.address_space, known)?;
    on_premises_address(hub.on_premises_address)?;
    on_premises_ranges(hub, known)
}

/// Whether an address space can be a hub's.
///
/// # Errors
/// When it is too small or too large, is not for private use, or meets a network that exists.
pub fn space(space: Ipv4Network, known: &[KnownNetwork]) -> Result<()> {
    if !(LARGEST_PREFIX..=SMALLEST_PREFIX).contains(&space.prefix())
        || space.network() != space.ip()
    {
        return Err(Problem::new(
            "HubAddressSpace",
            format!("{space} cannot be the address space of a hub."),
            "Give a range from /8 to /26 that begins at its first address, such as 10.0.0.0/16.",
        )
        .at("--cidr"));
    }
    if let Some(finding) =
        unusable(space).into_iter().find(|each| each.severity >= Severity::Warning)
    {
        return Err(Problem::from(finding).at("--cidr"));
    }
    if let Some((name, met)) = meeting(space, known) {
        return Err(Problem::new(
            "HubAddressSpace",
            format!("{space} overlaps {met} of the network {name}: a hub could never be connected with it."),
            instead(space.prefix(), known),
        )
        .at("--cidr"));
    }
    Ok(())
}

/// Whether an address can be a VPN device's.
///
/// # Errors
/// When Azure could not reach it over the internet.
pub fn on_premises_address(address: Ipv4Addr) -> Result<()> {
    let carrier = Ipv4Network::new(Ipv4Addr::new(100, 64, 0, 0), 10);
    let hidden = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.octets().first() == Some(&0)
        || carrier.is_ok_and(|shared| shared.contains(address));
    if !hidden {
        return Ok(());
    }
    Err(Problem::new(
        "OnPremisesAddress",
        format!("{address} is not a public address: Azure cannot reach a VPN device there."),
        "Give the address that the VPN device has on the internet; behind a router it is the router's.",
    )
    .at("--on-premises-address"))
}

/// Whether the ranges on-premises can be behind the tunnel.
///
/// # Errors
/// When there is none, or one meets the hub, a network that exists, or another one of them.
pub fn on_premises_ranges(hub: &NewHub, known: &[KnownNetwork]) -> Result<()> {
    if hub.on_premises_ranges.is_empty() {
        return Err(Problem::new(
            "OnPremisesRange",
            "No range on-premises is given: nothing would go through the tunnel.",
            "Give the ranges behind the VPN device, such as --on-premises-range 192.168.0.0/16.",
        )
        .at("--on-premises-range"));
    }
    for (index, range) in hub.on_premises_ranges.iter().enumerate() {
        on_premises_range(*range, Some(hub.address_space), known)?;
        let before = hub.on_premises_ranges.iter().take(index);
        if let Some(other) = before.into_iter().find(|other| other.overlaps(*range)) {
            return Err(refused(
                *range,
                &format!("overlaps {other}, which is given as well"),
                "Give each range once.",
            ));
        }
    }
    super::tags(hub).map(|_| ())
}

/// Whether one range can be behind the tunnel.
///
/// # Errors
/// When it is everything, is not at its first address, or meets the hub or a network that exists.
pub fn on_premises_range(
    range: Ipv4Network,
    space: Option<Ipv4Network>,
    known: &[KnownNetwork],
) -> Result<()> {
    if range.prefix() == 0 || range.network() != range.ip() {
        return Err(refused(
            range,
            "is no range of a site",
            "Give ranges that start at their first address, such as 192.168.0.0/16.",
        ));
    }
    if let Some(space) = space.filter(|space| space.overlaps(range)) {
        let taken = KnownNetwork {
            name: String::new(),
            prefixes: vec![IpNetwork::V4(range)],
            relation: crate::domain::network::Relation::Readable,
        };
        let all: Vec<KnownNetwork> = known.iter().cloned().chain([taken]).collect();
        return Err(Problem::new(
            "OnPremisesRange",
            format!("{range} on-premises overlaps the hub's own {space}: answers would not find their way."),
            instead(space.prefix(), &all),
        )
        .at("--cidr"));
    }
    match meeting(range, known) {
        Some((name, met)) => Err(refused(
            range,
            &format!("overlaps {met} of the network {name}, which could then not be connected"),
            "Give only the ranges that really are behind the VPN device.",
        )),
        None => Ok(()),
    }
}

fn refused(range: Ipv4Network, why: &str, advice: &str) -> Problem {
    Problem::new("OnPremisesRange", format!("{range} on-premises {why}."), advice)
        .at("--on-premises-range")
}

/// The first network that a range meets, with the range of it that is met.
fn meeting(range: Ipv4Network, known: &[KnownNetwork]) -> Option<(&str, Ipv4Network)> {
    known.iter().find_map(|network| {
        let met = network.prefixes.iter().find_map(|prefix| match prefix {
            IpNetwork::V4(prefix) if prefix.overlaps(range) => Some(*prefix),
            _ => None,
        })?;
        Some((network.name.as_str(), met))
    })
}

fn instead(prefix: u8, known: &[KnownNetwork]) -> String {
    match free_range(prefix, known).or_else(|| free_range(SMALLEST_PREFIX, known)) {
        Some(free) => format!("{free} is free: --cidr {free}"),
        None => "No private range is free beside the networks that are known; give a smaller one."
            .into(),
    }
}

/// An address space to offer: the usual one, or the first that is free beside the networks and the ranges on-premises.
pub fn free_space(known: &[KnownNetwork], on_premises: &[Ipv4Network]) -> Option<Ipv4Network> {
    let sites = on_premises.iter().map(|range| KnownNetwork {
        name: "on-premises".into(),
        prefixes: vec![IpNetwork::V4(*range)],
        relation: crate::domain::network::Relation::Readable,
    });
    let all: Vec<KnownNetwork> = known.iter().cloned().chain(sites).collect();
    let usual = OFFERED.parse().ok().filter(|space| meeting(*space, &all).is_none());
    usual
        .or_else(|| free_range(16, &all))
        .or_else(|| free_range(22, &all))
        .or_else(|| free_range(SMALLEST_PREFIX, &all))
}
