//! Addresses that are nobody's on the internet: Azure's own on every host, the machine itself, and those that no
//! network carries. They follow no route table and never reach a firewall.
//!
//! What a security group does about them is the gate's business.

use std::net::Ipv4Addr;

use crate::domain::network::PRIVATE;

/// Where such traffic ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TrafficEnd {
    /// On the Azure host that the machine runs on.
    Host,
    /// In the machine itself.
    Machine,
    /// Nowhere: no network carries it.
    Nowhere,
}

/// One range of such addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Platform {
    range: (u32, u32),
    pub(super) end: TrafficEnd,
    pub(super) what: &'static str,
    /// The service tag by which alone a security group can hold it.
    pub(super) tag: Option<&'static str>,
}

/// Azure's address on every host
/// (<https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>).
pub(super) const WIRE_SERVER: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
/// The metadata service (<https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service>).
const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

const fn platform(
    first: Ipv4Addr,
    prefix: u32,
    end: TrafficEnd,
    what: &'static str,
    tag: Option<&'static str>,
) -> Platform {
    let first = first.to_bits();
    let rest = if prefix == 32 { 0 } else { u32::MAX >> prefix };
    Platform { range: (first, first | rest), end, what, tag }
}

/// Narrow ranges first. The tags stand in "Azure platform considerations" of
/// <https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview>.
const ALL: [Platform; 7] = [
    platform(
        WIRE_SERVER,
        32,
        TrafficEnd::Host,
        "Azure's own address for DNS, the machine agent and health probes",
        Some("AzurePlatformDNS"),
    ),
    platform(
        METADATA,
        32,
        TrafficEnd::Host,
        "Azure's metadata service, which also hands out tokens of the machine's identity",
        Some("AzurePlatformIMDS"),
    ),
    platform(Ipv4Addr::new(169, 254, 0, 0), 16, TrafficEnd::Host, "a link-local address", None),
    platform(
        Ipv4Addr::new(127, 0, 0, 0),
        8,
        TrafficEnd::Machine,
        "the machine itself (loopback)",
        None,
    ),
    platform(
        Ipv4Addr::UNSPECIFIED,
        8,
        TrafficEnd::Machine,
        "no destination on a network (0.0.0.0/8 means this machine)",
        None,
    ),
    platform(
        Ipv4Addr::new(224, 0, 0, 0),
        4,
        TrafficEnd::Nowhere,
        "a multicast address, and Azure's networks carry no multicast",
        None,
    ),
    platform(
        Ipv4Addr::new(240, 0, 0, 0),
        4,
        TrafficEnd::Nowhere,
        "a reserved or broadcast address, which no network carries",
        None,
    ),
];

impl Platform {
    /// The entry that holds an address.
    pub(super) fn of(address: Ipv4Addr) -> Option<&'static Self> {
        let number = u32::from(address);
        ALL.iter().find(|each| (each.range.0..=each.range.1).contains(&number))
    }
}

/// First and last address of every such range, and of the private ones: where a list of public addresses is cut.
pub(super) fn edges() -> impl Iterator<Item = (u32, u32)> {
    ALL.iter()
        .map(|each| each.range)
        .chain(PRIVATE.iter().map(|range| (range.network().to_bits(), range.broadcast().to_bits())))
}

/// True for an address of a private range.
pub(super) fn is_private(address: Ipv4Addr) -> bool {
    PRIVATE.iter().any(|range| range.contains(address))
}
