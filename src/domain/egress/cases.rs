//! A question judged over every address that its destination may have: what holds for most of them, and in which case
//! something else does.
//!
//! The addresses of a host are Azure's and its owner's to know. Everything that tells addresses apart (routes, security
//! rules, firewall rules) cuts the public ones into pieces within which the verdict is the same; each piece is judged
//! by one of its addresses. So rules that together hold the whole internet are seen as such.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::evaluate::ruling;
use super::{
    Destination, EgressAnswer, Facts, FirewallOutcome, NetworkControls, NextHop, NsgDecision, Path,
    Platform, Policy, Query, ResolvedQuery, Ruling, is_private, platform,
};

/// Most ranges of addresses that a condition names.
const MOST_RANGES: usize = 3;

/// What happens under one condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathVerdict {
    /// What the security group of the shared subnet does.
    #[serde(rename = "gate")]
    pub nsg: NsgDecision,
    /// Where the route leads.
    #[serde(rename = "way")]
    pub next_hop: NextHop,
    /// What the firewall does; `None` when the traffic does not reach it.
    pub firewall: Option<Ruling>,
    /// What is not as usual behind the firewall, where it lets the traffic through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
}

/// A case in which the answer is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionalVerdict {
    /// What would have to be so.
    #[serde(rename = "if")]
    pub when: String,
    /// The answer then.
    pub answer: EgressAnswer,
    /// Why.
    #[serde(flatten)]
    pub part: PathVerdict,
}

/// Some of the addresses that a destination may have, which are all judged alike.
#[derive(Clone, Copy)]
struct Piece {
    /// Its place among all pieces.
    place: usize,
    first: u32,
    last: u32,
}

/// The pieces of one verdict.
struct VerdictGroup {
    when: Option<String>,
    part: PathVerdict,
    pieces: Vec<Piece>,
}

/// Judges a question: what holds unless one of the cases does.
pub(super) fn judge(
    query: &Query,
    policy: &Policy,
    known: &Facts,
    controls: &NetworkControls,
) -> (PathVerdict, Vec<ConditionalVerdict>) {
    let pieces = pieces(query, policy, known, controls);
    let all = size(&pieces);
    let mut groups: Vec<VerdictGroup> = Vec::new();
    for piece in pieces {
        let target = ResolvedQuery { query, address: Some(Ipv4Addr::from(piece.first)) };
        for path in controls.paths(&target, known) {
            let Path { when, next_hop } = path;
            let part = part(next_hop, &target, policy, known, controls);
            match groups.iter_mut().find(|group| group.when == when && group.part.is_like(&part)) {
                Some(group) => group.pieces.push(piece),
                None => groups.push(VerdictGroup { when, part, pieces: vec![piece] }),
            }
        }
    }
    groups.sort_by_key(|group| (group.when.is_some(), u64::MAX - size(&group.pieces)));
    let mut groups = groups.into_iter();
    let main = groups.next().map_or_else(unjudged, |group| group.part);
    let answer = main.answer();
    let cases = groups
        .filter(|group| group.part.answer() != answer)
        .map(|group| {
            let addresses = (size(&group.pieces) < all).then(|| {
                format!("{} has an address in {}", query.destination, ranges(&group.pieces))
            });
            let when: Vec<String> = addresses.into_iter().chain(group.when).collect();
            ConditionalVerdict {
                when: when.join(", and "),
                answer: group.part.answer(),
                part: group.part,
            }
        })
        .collect();
    (main, cases)
}

/// What is said when there is no address that could be judged.
fn unjudged() -> PathVerdict {
    PathVerdict {
        nsg: NsgDecision::NotRead { why: "no address was judged".to_owned() },
        next_hop: NextHop::NotRead { what: "no address was judged".to_owned() },
        firewall: None,
        behind: None,
    }
}

fn part(
    next_hop: NextHop,
    target: &ResolvedQuery<'_>,
    policy: &Policy,
    known: &Facts,
    controls: &NetworkControls,
) -> PathVerdict {
    let firewall =
        matches!(next_hop, NextHop::Firewall { .. }).then(|| ruling(policy, target, known));
    let through = firewall
        .as_ref()
        .is_some_and(|ruling| !matches!(ruling.outcome, FirewallOutcome::Denied { .. }));
    PathVerdict {
        nsg: controls.nsg(target, known),
        behind: through.then(|| controls.behind_firewall(target, known)).flatten(),
        next_hop,
        firewall,
    }
}

impl PathVerdict {
    /// The answer in one word.
    pub fn answer(&self) -> EgressAnswer {
        let beyond = match &self.next_hop {
            NextHop::Firewall { .. } => {
                self.firewall.as_ref().map_or(EgressAnswer::Maybe, Ruling::answer)
            }
            NextHop::Inside { .. } => EgressAnswer::Inside,
            NextHop::Host { .. } => EgressAnswer::Host,
            NextHop::Internet { .. } | NextHop::Endpoint { policy: false, .. } => {
                EgressAnswer::Unfiltered
            }
            NextHop::Gateway { .. } => EgressAnswer::Gateway,
            NextHop::Appliance { .. }
            | NextHop::Endpoint { policy: true, .. }
            | NextHop::NotRead { .. } => EgressAnswer::Maybe,
            NextHop::Nowhere { .. } => EgressAnswer::Denied,
        };
        let beyond = match beyond {
            EgressAnswer::Allowed if self.behind.is_some() => EgressAnswer::Maybe,
            other => other,
        };
        match (&self.nsg, beyond) {
            (NsgDecision::Denied { .. }, _) | (_, EgressAnswer::Denied) => EgressAnswer::Denied,
            (NsgDecision::Maybe { .. } | NsgDecision::NotRead { .. }, _) => EgressAnswer::Maybe,
            (
                NsgDecision::Allowed { .. } | NsgDecision::Absent | NsgDecision::Exempt { .. },
                beyond,
            ) => beyond,
        }
    }

    /// Whether the same is said of two pieces; near misses do not count.
    fn is_like(&self, other: &Self) -> bool {
        let decides = |part: &Self| {
            part.firewall.as_ref().map(|ruling| match &ruling.outcome {
                FirewallOutcome::Denied { by, .. } => (by.clone(), Vec::new()),
                FirewallOutcome::Allowed { decision } => (Some(decision.clone()), Vec::new()),
                FirewallOutcome::Maybe { conditions, .. } => (None, conditions.clone()),
            })
        };
        self.answer() == other.answer()
            && self.nsg == other.nsg
            && self.next_hop == other.next_hop
            && self.behind == other.behind
            && decides(self) == decides(other)
    }
}

/// The addresses that a destination may have, cut where something tells them apart.
fn pieces(query: &Query, policy: &Policy, known: &Facts, controls: &NetworkControls) -> Vec<Piece> {
    let one = |address: Ipv4Addr| {
        let number = u32::from(address);
        vec![Piece { place: 0, first: number, last: number }]
    };
    let host = match &query.destination {
        Destination::Address(address) => return one(*address),
        Destination::Host(host) => host,
    };
    if let Some(name) = controls.endpoint(host) {
        // An endpoint whose address Azure does not tell yet stands in the shared subnet.
        return one(name.address.parse().unwrap_or(known.source.ip()));
    }
    let mut starts = vec![0];
    let edges = platform::edges()
        .chain(controls.edges())
        .chain(controls.gate_edges())
        .chain(policy.edges(known));
    for (first, last) in edges {
        starts.push(first);
        starts.extend(last.checked_add(1));
    }
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1);
    let ends: Vec<u32> = ends.chain([u32::MAX]).collect();
    let pieces = starts.into_iter().zip(ends);
    // A public name is taken to have a public address.
    pieces
        .filter(|(first, _)| {
            let address = Ipv4Addr::from(*first);
            !is_private(address) && Platform::of(address).is_none()
        })
        .enumerate()
        .map(|(place, (first, last))| Piece { place, first, last })
        .collect()
}

fn size(pieces: &[Piece]) -> u64 {
    let sizes = pieces.iter();
    sizes.map(|piece| u64::from(piece.last - piece.first) + 1).sum()
}

/// The ranges of some pieces in words. Neighbours are joined, also over addresses that no public name has.
fn ranges(pieces: &[Piece]) -> String {
    let mut joined: Vec<(u32, u32)> = Vec::new();
    let mut next = 0;
    for piece in pieces {
        match joined.last_mut() {
            Some((_, last)) if piece.place == next => *last = piece.last,
            _ => joined.push((piece.first, piece.last)),
        }
        next = piece.place + 1;
    }
    let mut words: Vec<String> = joined
        .iter()
        .take(MOST_RANGES)
        .map(|(first, last)| {
            let (from, to) = (Ipv4Addr::from(*first), Ipv4Addr::from(*last));
            let size = u64::from(last - first) + 1;
            let aligned = u64::from(*first) % size == 0;
            match size {
                1 => from.to_string(),
                size if size.is_power_of_two() && aligned => {
                    format!("{from}/{}", 32 - size.trailing_zeros())
                }
                _ => format!("{from}-{to}"),
            }
        })
        .collect();
    if joined.len() > MOST_RANGES {
        words.push(format!("{} more ranges", joined.len() - MOST_RANGES));
    }
    words.join(", ")
}
