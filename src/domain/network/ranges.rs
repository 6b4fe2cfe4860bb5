//! Ranges that Azure refuses, ranges that belong to somebody else, and a range that is still free.
//!
//! This module must not read networks from anywhere; it compares what it is given.

use std::{net::Ipv4Addr, sync::LazyLock};

use ipnetwork::{IpNetwork, Ipv4Network};

use super::{Finding, KnownNetwork, LARGEST_PREFIX, Relation, SMALLEST_PREFIX, Severity};

/// First and last address, as numbers.
type Span = (u32, u32);

/// What no address space can have: what Azure refuses
/// (<https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq>), and what no host has (RFC 1122,
/// section 3.2.1.3, and RFC 1112, section 4).
const FORBIDDEN: [(&str, &str); 6] = [
    ("0.0.0.0/8", "addresses that no host can have"),
    ("240.0.0.0/4", "reserved addresses, which no network routes, and the broadcast address"),
    ("224.0.0.0/4", "multicast addresses, which Azure refuses"),
    ("127.0.0.0/8", "loopback addresses, which Azure refuses"),
    ("169.254.0.0/16", "link-local addresses, which Azure refuses"),
    ("168.63.129.16", "the address of Azure's own DNS and health service, which Azure refuses"),
];

/// Docker's own network on the nodes of Azure Machine Learning
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-secure-training-vnet>).
const DOCKER: &str = "172.17.0.0/16";

/// Ranges for private use, which Azure never routes to the internet by itself: RFC 1918 and RFC 6598
/// (<https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default>).
pub static PRIVATE: LazyLock<Vec<Ipv4Network>> = LazyLock::new(|| {
    let ranges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
    ranges.iter().filter_map(|range| range.parse().ok()).collect()
});

fn span(range: Ipv4Network) -> Span {
    (range.network().to_bits(), range.broadcast().to_bits())
}

fn meet(one: Span, other: Span) -> bool {
    one.0 <= other.1 && other.0 <= one.1
}

/// Whether a network meets a range that is written down here.
fn meets(network: Ipv4Network, range: &str) -> bool {
    range.parse().is_ok_and(|range: Ipv4Network| range.overlaps(network))
}

/// Ranges of known networks that an IPv4 address space can meet.
fn known_spans(known: &[KnownNetwork]) -> impl Iterator<Item = Span> + '_ {
    known.iter().flat_map(|network| &network.prefixes).filter_map(|prefix| match prefix {
        IpNetwork::V4(prefix) => Some(span(*prefix)),
        IpNetwork::V6(_) => None,
    })
}

/// What Azure or the computes cannot live with, and what belongs to somebody else.
pub fn unusable(network: Ipv4Network) -> Vec<Finding> {
    let forbidden = FORBIDDEN.iter().filter(|(range, _)| meets(network, range));
    let findings = forbidden.map(|(range, what)| {
        Finding::new(
            Severity::Error,
            "AddressSpaceForbidden",
            format!("{network} holds {what} ({range})."),
            "Use a private range, such as 10.1.0.0/22.",
        )
    });
    let mut findings: Vec<Finding> = findings.collect();
    if meets(network, DOCKER) {
        findings.push(Finding::new(
            Severity::Error,
            "AddressSpaceOfDocker",
            format!(
                "{network} meets 172.17.0.0/16, which Docker uses on every compute node: nodes could not reach it."
            ),
            "Use another private range, such as 172.18.0.0/22 or 10.1.0.0/22.",
        ));
    }
    let (first, last) = (network.network(), network.broadcast());
    let private = PRIVATE.iter().any(|range| range.contains(first) && range.contains(last));
    if findings.is_empty() && !private {
        findings.push(Finding::new(
            Severity::Warning,
            "AddressSpacePublic",
            format!("{network} is not a private range: its real owner becomes unreachable from inside."),
            "Use a range within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10, such as 10.1.0.0/22.",
        ));
    }
    findings
}

/// Known networks that the address space meets, each by name.
pub(super) fn overlaps(network: Ipv4Network, known: &[KnownNetwork]) -> Vec<Finding> {
    let wanted = network.prefix().clamp(LARGEST_PREFIX, SMALLEST_PREFIX);
    let mut offer = None;
    let mut findings = Vec::new();
    for other in known {
        let meets = |prefix: &&IpNetwork| matches!(prefix, IpNetwork::V4(prefix) if prefix.overlaps(network));
        let Some(met) = other.prefixes.iter().find(meets) else { continue };
        let free = *offer.get_or_insert_with(|| free_range(wanted, known));
        findings.push(overlap(network, other, *met, free));
    }
    findings
}

fn overlap(
    network: Ipv4Network,
    other: &KnownNetwork,
    met: IpNetwork,
    free: Option<Ipv4Network>,
) -> Finding {
    let name = &other.name;
    let (severity, what) = match &other.relation {
        Relation::Readable => (
            Severity::Warning,
            format!(
                "{network} overlaps {met} of the network {name}: the two can never be connected."
            ),
        ),
        Relation::Hub => (
            Severity::Error,
            format!("{network} overlaps {met} of the hub {name}: Azure refuses to peer them."),
        ),
        Relation::HubPeer(hub) => (
            Severity::Error,
            format!(
                "{network} overlaps {met} of {name}, with which the hub {hub} is already connected: Azure refuses to \
                 peer the hub with both."
            ),
        ),
    };
    let remedy = match free {
        Some(free) => format!("{free} is free."),
        None => format!(
            "No private /{} is free beside the networks that are known: use a smaller range (a larger number).",
            network.prefix()
        ),
    };
    let replacement = free.map(|free| free.to_string());
    Finding { replacement, ..Finding::new(severity, "AddressSpaceOverlaps", what, remedy) }
}

/// The first private range of a size that meets neither a known network nor Docker's, from 10.1.0.0 on.
pub fn free_range(prefix_len: u8, known: &[KnownNetwork]) -> Option<Ipv4Network> {
    if !(LARGEST_PREFIX..=32).contains(&prefix_len) {
        return None;
    }
    let mut taken: Vec<Span> = known_spans(known).collect();
    taken.extend(DOCKER.parse().map(span));
    let step = 1_u64 << (32 - prefix_len);
    // From 10.1.0.0 first: 10.0.0.0 is what most networks begin with.
    let first_choice =
        (Ipv4Addr::new(10, 1, 0, 0).to_bits(), Ipv4Addr::new(10, 255, 255, 255).to_bits());
    std::iter::once(first_choice)
        .chain(PRIVATE.iter().map(|range| span(*range)))
        .find_map(|pool| first_free(pool, step, &taken))
        .and_then(|first| Ipv4Network::new(Ipv4Addr::from(first), prefix_len).ok())
}

/// The first multiple of `step` in the pool from which `step` addresses are free.
fn first_free(pool: Span, step: u64, taken: &[Span]) -> Option<u32> {
    let mut first = u64::from(pool.0).next_multiple_of(step);
    loop {
        let last = first + step - 1;
        if last > u64::from(pool.1) {
            return None;
        }
        let candidate = (u32::try_from(first).ok()?, u32::try_from(last).ok()?);
        // Behind the furthest range that is in the way, so that each range is passed once.
        match taken.iter().filter(|other| meet(candidate, **other)).map(|other| other.1).max() {
            None => return Some(candidate.0),
            Some(end) => first = (u64::from(end) + 1).next_multiple_of(step),
        }
    }
}
