//! Addresses that must not meet: those of the environment with those of the hub, of what the hub is connected to, and of
//! what its gateways lead to.

use ipnetwork::{IpNetwork, Ipv4Network};

use super::{Spoke, good, last, refused, warns};
use crate::domain::{
    network::{KnownNetwork, Relation, SMALLEST_PREFIX, free_range},
    peering::{
        hub::{Hub, Known, Reason},
        mistake::Mistake,
    },
};

/// A range that is taken, and by what.
struct Taken {
    /// As a sentence goes on behind "overlaps 10.0.0.0/16 of".
    whose: String,
    /// What follows from an overlap.
    so: &'static str,
    prefix: String,
}

/// True when two ranges have an address in common.
pub(super) fn meet(one: Ipv4Network, other: Ipv4Network) -> bool {
    let (first, second) = (
        (one.network(), one.broadcast()),
        (other.network(), other.broadcast()),
    );
    first.0 <= second.1 && second.0 <= first.1
}

pub(super) fn judge(hub: &Hub, spoke: &Spoke) -> Vec<Reason> {
    let taken = taken(hub, spoke);
    let own = spoke.address_space;
    let mut reasons: Vec<Reason> = taken
        .iter()
        .filter(|each| parse(&each.prefix).is_some_and(|range| meet(own, range)))
        .map(|each| {
            refused(
                Mistake::Overlap,
                format!(
                    "{own} overlaps {} of {}: {}",
                    each.prefix, each.whose, each.so
                ),
                offer(hub, spoke, &taken),
            )
        })
        .collect();
    if reasons.is_empty() {
        reasons.push(good(
            Mistake::Overlap,
            format!(
                "{own} meets no range of it, of its peers, or on-premises, as far as was read."
            ),
        ));
    }
    if let Known::Unread(why) = &hub.on_premises
        && !hub.on_premises.is_later()
    {
        reasons.push(warns(
            Mistake::Overlap,
            format!("The ranges on-premises could not be read: {why}"),
            format!("Ask the hub's owner whether {own} is free on-premises."),
        ));
    }
    let learns = hub
        .gateways
        .read()
        .into_iter()
        .flatten()
        .find(|each| each.bgp);
    if let Some(gateway) = learns {
        reasons.push(warns(
            Mistake::Overlap,
            format!(
                "Its gateway {} learns ranges by BGP, which were not read.",
                gateway.name
            ),
            format!("Ask the hub's owner whether {own} is free on-premises."),
        ));
    }
    reasons
}

fn parse(prefix: &str) -> Option<Ipv4Network> {
    match prefix.parse().ok()? {
        IpNetwork::V4(range) => Some(range),
        IpNetwork::V6(_) => None,
    }
}

fn taken(hub: &Hub, spoke: &Spoke) -> Vec<Taken> {
    let mut taken: Vec<Taken> = Vec::new();
    let mut add = |whose: String, so: &'static str, prefixes: &[String]| {
        taken.extend(prefixes.iter().map(|prefix| Taken {
            whose: whose.clone(),
            so,
            prefix: prefix.clone(),
        }));
    };
    add(
        format!("the hub {}", hub.name),
        "Azure refuses to peer them.",
        &hub.prefixes,
    );
    for peer in &hub.peers {
        if !peer.id.eq_ignore_ascii_case(&spoke.network_id) {
            add(
                format!("{}, with which the hub is already connected", peer.name),
                "Azure refuses to peer the hub with both.",
                &peer.prefixes,
            );
        }
    }
    for range in hub.on_premises.read().into_iter().flatten() {
        add(
            format!("{} on-premises", range.source),
            "packets for one would be sent to the other.",
            std::slice::from_ref(&range.prefix),
        );
    }
    for gateway in hub.gateways.read().into_iter().flatten() {
        add(
            format!("the VPN clients of {}", gateway.name),
            "packets for one would be sent to the other.",
            &gateway.client_pool,
        );
    }
    taken
}

/// The address space of an environment stays for its life: another one needs a new environment.
fn offer(hub: &Hub, spoke: &Spoke, taken: &[Taken]) -> String {
    let known: Vec<KnownNetwork> = taken
        .iter()
        .map(|each| KnownNetwork {
            name: last(&each.whose).to_owned(),
            prefixes: each.prefix.parse().into_iter().collect(),
            relation: Relation::Hub,
        })
        .collect();
    let wanted = spoke.address_space.prefix().min(SMALLEST_PREFIX);
    match free_range(wanted, &known) {
        Some(free) => format!(
            "Choose another hub, or make a new environment with a range that is free beside this one: privateaml deploy \
             --cidr {free} --hub {}",
            hub.id
        ),
        None => "Choose another hub: no private range of this size is free beside it.".to_owned(),
    }
}
