//! Addresses that must not meet: those of the environment with those of the hub, of what the hub is connected to, and
//! of what its gateways lead to.

use ipnetwork::Ipv4Network;

use super::{Spoke, good, last, refused, warns};
use crate::domain::network::{KnownNetwork, Relation, SMALLEST_PREFIX, free_range};
use crate::domain::peering::{Hub, Known, Mistake, Reason};

/// A range that is taken, and by what.
struct Taken {
    /// As a sentence goes on behind "overlaps 10.0.0.0/16 of".
    whose: String,
    /// What follows from an overlap.
    so: &'static str,
    prefix: String,
}

pub(super) fn judge(hub: &Hub, spoke: &Spoke) -> Vec<Reason> {
    let taken = taken(hub, spoke);
    let own = spoke.address_space;
    let mut reasons: Vec<Reason> = taken
        .iter()
        .filter(|each| each.prefix.parse().is_ok_and(|range: Ipv4Network| range.overlaps(own)))
        .map(|each| {
            refused(
                Mistake::Overlap,
                format!("{own} overlaps {} of {}: {}", each.prefix, each.whose, each.so),
                offer(hub, spoke, &taken),
            )
        })
        .collect();
    if reasons.is_empty() {
        let beyond = if is_on_premises_read(hub) {
            ", of its peers, or of the sites that its gateways lead to"
        } else {
            " or of its peers"
        };
        reasons.push(good(Mistake::Overlap, format!("{own} meets no range of it{beyond}.")));
    }
    reasons.extend(unread(hub, own));
    reasons
}

/// Whether every range on-premises behind its gateways is known.
fn is_on_premises_read(hub: &Hub) -> bool {
    let gateways = hub.gateways.read();
    let learned = hub.learner().is_none() || hub.learned.read().is_some();
    gateways.is_some_and(|all| !all.is_empty()) && hub.on_premises.read().is_some() && learned
}

/// What is not known of the ranges on-premises.
fn unread(hub: &Hub, own: Ipv4Network) -> Vec<Reason> {
    let ask = format!("Ask the hub's owner whether {own} is free on-premises.");
    let mut reasons = Vec::new();
    if let Known::Unread(why) = &hub.on_premises
        && !hub.on_premises.is_later()
    {
        let what = format!("The ranges on-premises could not be read: {why}");
        reasons.push(warns(Mistake::Overlap, what, ask.clone()));
    }
    if let (Some(gateway), Known::Unread(why)) = (hub.learner(), &hub.learned) {
        let why = if hub.learned.is_later() {
            "they are read when the hub is chosen".to_owned()
        } else {
            why.clone()
        };
        reasons.push(warns(
            Mistake::Overlap,
            format!(
                "Its gateway {} learns ranges on-premises by BGP, which were not read: {why}",
                gateway.name
            ),
            format!(
                "{ask} Ask too whether on-premises advertises a default route (0.0.0.0/0): it would take the \
                 environment's firewall off the internet."
            ),
        ));
    }
    reasons
}

fn taken(hub: &Hub, spoke: &Spoke) -> Vec<Taken> {
    let mut taken: Vec<Taken> = Vec::new();
    let mut add = |whose: String, so: &'static str, prefixes: &[String]| {
        let each = |prefix: &String| Taken { whose: whose.clone(), so, prefix: prefix.clone() };
        taken.extend(prefixes.iter().map(each));
    };
    add(format!("the hub {}", hub.name), "Azure refuses to peer them.", &hub.prefixes);
    for peer in &hub.peers {
        if !peer.id.eq_ignore_ascii_case(&spoke.network_id) {
            add(
                format!("{}, with which the hub is already connected", peer.name),
                "Azure refuses to peer the hub with both.",
                &peer.prefixes,
            );
        }
    }
    let learned = hub.learned.read().into_iter().flatten();
    let learned = learned.filter(|range| Some(*range) != hub.default_route());
    for range in hub.on_premises.read().into_iter().flatten().chain(learned) {
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
        .chain(spoke.known.iter().cloned())
        .collect();
    let wanted = spoke.address_space.prefix().min(SMALLEST_PREFIX);
    match free_range(wanted, &known) {
        Some(free) => format!(
            "Choose another hub, or deploy a new environment with a range that is free beside this one: privateaml \
             deploy --cidr {free} --hub {}",
            hub.id
        ),
        None => "Choose another hub: no private range of this size is free beside it.".to_owned(),
    }
}
