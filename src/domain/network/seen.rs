//! Networks that were seen, made into what an address space is checked against.
//!
//! A chosen hub counts more than a network that can only be read: what meets the hub, or what the hub is connected
//! to, can never be peered. This module must not read networks from anywhere.

use serde::{Deserialize, Serialize};

use super::{KnownNetwork, Relation};

/// A virtual network, as Azure told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenNetwork {
    /// Its resource id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Its address ranges, as Azure writes them; IPv6 ones can be among them.
    pub prefixes: Vec<String>,
    /// The networks that it is connected to.
    pub peers: Vec<SeenPeer>,
}

/// The other side of a connection between two networks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPeer {
    /// Its resource id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its address ranges, readable even where that network itself is not.
    pub prefixes: Vec<String>,
}

/// What an address space is checked against: the hub, what the hub is connected to, and the other networks that can be
/// read. A connection whose other side is gone counts as well, because Azure refuses an overlap with it all the same.
pub fn known(networks: &[SeenNetwork], hub: Option<&SeenNetwork>) -> Vec<KnownNetwork> {
    let peers = hub.map(|hub| hub.peers.as_slice()).unwrap_or_default();
    let is_hub = |id: &str| hub.is_some_and(|hub| hub.id.eq_ignore_ascii_case(id));
    let is_peer = |id: &str| peers.iter().any(|peer| peer.id.eq_ignore_ascii_case(id));
    let the_hub = hub.iter().map(|hub| entry(&hub.name, &hub.prefixes, Relation::Hub));
    let hub_name = hub.map_or("", |hub| hub.name.as_str());
    let connected = peers.iter().map(|peer| {
        let relation = Relation::HubPeer(hub_name.to_owned());
        entry(&peer.name, &peer.prefixes, relation)
    });
    let apart = |id: &str| !is_hub(id) && !is_peer(id);
    let readable = networks.iter().filter(|network| apart(&network.id));
    let readable =
        readable.map(|network| entry(&network.name, &network.prefixes, Relation::Readable));
    // What a readable network is connected to may be readable by no other way.
    let is_listed = |id: &str| networks.iter().any(|network| network.id.eq_ignore_ascii_case(id));
    let peers = networks.iter().flat_map(|network| &network.peers);
    let beside = peers.filter(|peer| !is_listed(&peer.id) && apart(&peer.id));
    let beside = beside.map(|peer| entry(&peer.name, &peer.prefixes, Relation::Readable));
    the_hub.chain(connected).chain(readable).chain(beside).collect()
}

/// A range that cannot be read is left out: Azure itself writes none such.
fn entry(name: &str, prefixes: &[String], relation: Relation) -> KnownNetwork {
    KnownNetwork {
        name: name.to_owned(),
        prefixes: prefixes.iter().filter_map(|prefix| prefix.parse().ok()).collect(),
        relation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> String {
        format!("/subscriptions/s/virtualNetworks/{name}")
    }

    fn network(name: &str, prefix: &str, peers: Vec<SeenPeer>) -> SeenNetwork {
        SeenNetwork {
            id: id(name),
            name: name.into(),
            region: "westeurope".into(),
            prefixes: vec![prefix.into(), "not a range".into()],
            peers,
        }
    }

    #[test]
    fn each_network_is_known_once_by_its_nearest_relation() {
        let peer = |name: &str, prefix: &str| SeenPeer {
            id: id(name).to_uppercase(),
            name: name.into(),
            prefixes: vec![prefix.into()],
        };
        let hub = network(
            "hub",
            "10.0.0.0/16",
            vec![peer("spoke", "10.2.0.0/22"), peer("unseen", "10.3.0.0/22")],
        );
        let networks = [
            hub.clone(),
            network("spoke", "10.2.0.0/22", Vec::new()),
            network("other", "10.4.0.0/22", Vec::new()),
        ];
        let all = known(&networks, Some(&hub));
        let found: Vec<(&str, &Relation)> =
            all.iter().map(|each| (each.name.as_str(), &each.relation)).collect();
        let peer = Relation::HubPeer("hub".into());
        assert_eq!(
            found,
            [
                ("hub", &Relation::Hub),
                ("spoke", &peer),
                ("unseen", &peer),
                ("other", &Relation::Readable)
            ]
        );
        assert_eq!(all[0].prefixes.len(), 1);
        // Without a hub the network that only the hub's peering tells of is known too.
        assert_eq!(known(&networks, None).len(), 4);
    }
}
