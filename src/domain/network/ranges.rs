//! Ranges that Azure refuses, ranges that belong to somebody else, and a range that is still free.
//!
//! This module must not read networks from anywhere; it compares what it is given.

use std::net::Ipv4Addr;

use ipnetwork::{IpNetwork, Ipv4Network};

use super::{Finding, KnownNetwork, LARGEST_PREFIX, Relation, SMALLEST_PREFIX, Severity};

/// First and last address, as numbers.
type Span = (u32, u32);

/// What no address space can have: what Azure refuses
/// (<https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq>), and what no host has (RFC 1122,
/// section 3.2.1.3, and RFC 1112, section 4).
const FORBIDDEN: [(Ipv4Addr, u8, &str); 6] = [
    (Ipv4Addr::UNSPECIFIED, 8, "addresses that no host can have (0.0.0.0/8)"),
    (
        Ipv4Addr::new(240, 0, 0, 0),
        4,
        "reserved addresses, which no network routes, and the broadcast address (240.0.0.0/4)",
    ),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast addresses, which Azure refuses (224.0.0.0/4)"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback addresses, which Azure refuses (127.0.0.0/8)"),
    (
        Ipv4Addr::new(169, 254, 0, 0),
        16,
        "link-local addresses, which Azure refuses (169.254.0.0/16)",
    ),
    (
        Ipv4Addr::new(168, 63, 129, 16),
        32,
        "the address of Azure's own DNS and health service, which Azure refuses (168.63.129.16)",
    ),
];

/// Docker's own network on the nodes of Azure Machine Learning
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-secure-training-vnet>).
const DOCKER: (Ipv4Addr, u8) = (Ipv4Addr::new(172, 17, 0, 0), 16);

/// Ranges for private use: RFC 1918 and RFC 6598.
const PRIVATE: [(Ipv4Addr, u8); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
];

fn span(address: Ipv4Addr, prefix: u8) -> Span {
    let mask = u32::MAX.checked_shr(u32::from(prefix)).unwrap_or(0);
    let first = u32::from(address) & !mask;
    (first, first | mask)
}

fn span_of(network: Ipv4Network) -> Span {
    span(network.ip(), network.prefix())
}

fn meet(one: Span, other: Span) -> bool {
    one.0 <= other.1 && other.0 <= one.1
}

fn within(inner: Span, outer: Span) -> bool {
    outer.0 <= inner.0 && inner.1 <= outer.1
}

/// Ranges of known networks that an IPv4 address space can meet.
fn known_spans(known: &[KnownNetwork]) -> impl Iterator<Item = Span> + '_ {
    known.iter().flat_map(|network| &network.prefixes).filter_map(|prefix| match prefix {
        IpNetwork::V4(prefix) => Some(span_of(*prefix)),
        IpNetwork::V6(_) => None,
    })
}

/// What Azure or the computes cannot live with, and what belongs to somebody else.
#[must_use]
pub fn unusable(network: Ipv4Network) -> Vec<Finding> {
    let asked = span_of(network);
    let mut findings: Vec<Finding> = FORBIDDEN
        .iter()
        .filter(|(address, prefix, _)| meet(asked, span(*address, *prefix)))
        .map(|(_, _, what)| {
            Finding::new(
                Severity::Error,
                "AddressSpaceForbidden",
                format!("{network} holds {what}."),
                "Use a private range, such as 10.1.0.0/22.",
            )
        })
        .collect();
    if meet(asked, span(DOCKER.0, DOCKER.1)) {
        findings.push(Finding::new(
            Severity::Error,
            "AddressSpaceOfDocker",
            format!(
                "{network} meets 172.17.0.0/16, which Docker uses on every compute node: nodes could not reach it."
            ),
            "Use another private range, such as 172.18.0.0/22 or 10.1.0.0/22.",
        ));
    }
    let private = PRIVATE.iter().any(|(address, prefix)| within(asked, span(*address, *prefix)));
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
    let asked = span_of(network);
    let wanted = network.prefix().clamp(LARGEST_PREFIX, SMALLEST_PREFIX);
    let mut offer = None;
    let mut findings = Vec::new();
    for other in known {
        let Some(met) = other.prefixes.iter().find(
            |prefix| matches!(prefix, IpNetwork::V4(prefix) if meet(asked, span_of(*prefix))),
        ) else {
            continue;
        };
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
    match free {
        Some(free) => {
            Finding::new(severity, "AddressSpaceOverlaps", what, format!("{free} is free."))
                .offering(free.to_string())
        }
        None => Finding::new(
            severity,
            "AddressSpaceOverlaps",
            what,
            format!(
                "No private /{} is free beside the networks that are known: use a smaller range (a larger number).",
                network.prefix()
            ),
        ),
    }
}

/// The first private range of a size that meets neither a known network nor Docker's, from 10.1.0.0 on.
#[must_use]
pub fn free_range(prefix_len: u8, known: &[KnownNetwork]) -> Option<Ipv4Network> {
    if !(LARGEST_PREFIX..=32).contains(&prefix_len) {
        return None;
    }
    let mut taken: Vec<Span> = known_spans(known).collect();
    taken.push(span(DOCKER.0, DOCKER.1));
    let step = 1_u64 << (32 - prefix_len);
    // From 10.1.0.0 first: 10.0.0.0 is what most networks begin with.
    let first_choice =
        (u32::from(Ipv4Addr::new(10, 1, 0, 0)), u32::from(Ipv4Addr::new(10, 255, 255, 255)));
    std::iter::once(first_choice)
        .chain(PRIVATE.iter().map(|(address, prefix)| span(*address, *prefix)))
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
