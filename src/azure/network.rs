//! Virtual networks that the account can read, with what they are connected to.
//!
//! They tell which address ranges are taken before a new one is chosen. This module reads only.

use serde_json::Value;

use super::arm::{Arm, text, versioned};
use crate::domain::{
    network::{KnownNetwork, Relation},
    problem::Problem,
};

const NETWORK: &str = "2025-05-01";

/// A virtual network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualNetwork {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: String,
    /// Its address ranges, as Azure writes them; IPv6 ones can be among them.
    pub prefixes: Vec<String>,
    /// Networks it is connected to.
    pub peerings: Vec<Peering>,
}

/// One side of a connection between two networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peering {
    /// Its name.
    pub name: String,
    /// `Initiated` (one side made), `Connected`, or `Disconnected` (the other side was deleted).
    pub state: String,
    /// Id of the other network.
    pub remote_id: String,
    /// Address ranges of the other network, readable even where that network itself is not.
    pub remote_prefixes: Vec<String>,
    /// Whether this side lets the other use its gateway.
    pub gateway_transit: bool,
    /// Whether this side uses the other's gateway.
    pub remote_gateways: bool,
}

impl Arm {
    /// All virtual networks of the subscription that the account can read, each with its peerings.
    ///
    /// # Errors
    /// As every call.
    pub async fn virtual_networks(&self) -> Result<Vec<VirtualNetwork>, Problem> {
        let path = self.within("/providers/Microsoft.Network/virtualNetworks", NETWORK);
        let items: Vec<Value> = self.list(path).await?;
        Ok(items.iter().filter_map(network).collect())
    }

    /// One virtual network by its id, in whatever subscription it lives; `None` when there is none.
    ///
    /// # Errors
    /// As every call.
    pub async fn virtual_network(&self, id: &str) -> Result<Option<VirtualNetwork>, Problem> {
        let found = self.resource(id, NETWORK).await?;
        Ok(found.as_ref().and_then(network))
    }

    /// The hub of the given id: one of `networks`, else read from the subscription it lives in.
    ///
    /// # Errors
    /// `HubNotFound` when there is none, or the account may not see it; else as every call.
    pub async fn hub(
        &self,
        id: &str,
        networks: &[VirtualNetwork],
    ) -> Result<VirtualNetwork, Problem> {
        let listed = networks
            .iter()
            .find(|network| network.id.eq_ignore_ascii_case(id));
        if let Some(hub) = listed {
            return Ok(hub.clone());
        }
        let read = self.virtual_network(id).await?;
        read.ok_or_else(|| {
            Problem::new(
                "HubNotFound",
                "The hub network is not there, or this account may not see it.",
                "Check the id behind --hub, and ask its owner for the role Reader on it.",
            )
            .at(id.to_owned())
        })
    }

    /// What a network is connected to.
    ///
    /// # Errors
    /// As every call.
    pub async fn virtual_network_peerings(&self, id: &str) -> Result<Vec<Peering>, Problem> {
        let path = versioned(
            &format!("{}/virtualNetworkPeerings", id.trim_end_matches('/')),
            NETWORK,
        );
        let items: Vec<Value> = self.list(path).await?;
        Ok(items.iter().filter_map(peering).collect())
    }
}

/// What an address space is checked against: the networks that can be read, the hub, and what the hub is connected to.
/// A peering whose other side is gone counts as well, because Azure refuses an overlap with it all the same.
#[must_use]
pub fn known(networks: &[VirtualNetwork], hub: Option<&VirtualNetwork>) -> Vec<KnownNetwork> {
    let peers = hub.map(|hub| hub.peerings.as_slice()).unwrap_or_default();
    let is_hub = |id: &str| hub.is_some_and(|hub| hub.id.eq_ignore_ascii_case(id));
    let is_peer = |id: &str| {
        peers
            .iter()
            .any(|peer| peer.remote_id.eq_ignore_ascii_case(id))
    };
    let readable = networks
        .iter()
        .filter(|network| !is_hub(&network.id) && !is_peer(&network.id))
        .map(|network| entry(&network.name, &network.prefixes, Relation::Readable));
    let the_hub = hub
        .iter()
        .map(|hub| entry(&hub.name, &hub.prefixes, Relation::Hub));
    let hub_name = hub.map_or("", |hub| hub.name.as_str());
    let connected = peers.iter().map(|peer| {
        let name = peer.remote_id.rsplit('/').next().unwrap_or(&peer.name);
        let relation = Relation::HubPeer(hub_name.to_owned());
        entry(name, &peer.remote_prefixes, relation)
    });
    the_hub.chain(connected).chain(readable).collect()
}

/// A range that cannot be read is left out: Azure itself writes none such.
fn entry(name: &str, prefixes: &[String], relation: Relation) -> KnownNetwork {
    KnownNetwork {
        name: name.to_owned(),
        prefixes: prefixes
            .iter()
            .filter_map(|prefix| prefix.parse().ok())
            .collect(),
        relation,
    }
}

fn network(item: &Value) -> Option<VirtualNetwork> {
    let properties = item.get("properties")?;
    Some(VirtualNetwork {
        id: text(item, &["id"])?,
        name: text(item, &["name"])?,
        location: text(item, &["location"]).unwrap_or_default(),
        prefixes: prefixes(properties.get("addressSpace")),
        peerings: properties
            .get("virtualNetworkPeerings")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(peering)
            .collect(),
    })
}

fn peering(item: &Value) -> Option<Peering> {
    let properties = item.get("properties")?;
    let flag = |key: &str| {
        properties
            .get(key)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    };
    let remote = properties
        .get("remoteVirtualNetworkAddressSpace")
        .or_else(|| properties.get("remoteAddressSpace"));
    Some(Peering {
        name: text(item, &["name"])?,
        state: text(properties, &["peeringState"]).unwrap_or_default(),
        remote_id: text(properties, &["remoteVirtualNetwork", "id"]).unwrap_or_default(),
        remote_prefixes: prefixes(remote),
        gateway_transit: flag("allowGatewayTransit"),
        remote_gateways: flag("useRemoteGateways"),
    })
}

fn prefixes(space: Option<&Value>) -> Vec<String> {
    space
        .and_then(|space| space.get("addressPrefixes"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|prefix| prefix.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::azure::http::support::{Counting, Reply, Server};

    #[test]
    fn a_network_is_read_with_what_it_is_connected_to() {
        let read = network(&json!({
            "id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub",
            "name": "hub", "location": "westeurope",
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16", "fd00::/48"]},
                "virtualNetworkPeerings": [{"name": "to-spoke", "properties": {
                    "peeringState": "Disconnected", "allowGatewayTransit": true,
                    "remoteVirtualNetwork": {"id": "/x"},
                    "remoteAddressSpace": {"addressPrefixes": ["10.9.0.0/22"]}}}]
            }
        }))
        .unwrap();
        assert_eq!(read.prefixes, ["10.0.0.0/16", "fd00::/48"]);
        assert_eq!(read.peerings[0].remote_prefixes, ["10.9.0.0/22"]);
        assert_eq!(read.peerings[0].state, "Disconnected");
        assert!(read.peerings[0].gateway_transit && !read.peerings[0].remote_gateways);
    }

    #[tokio::test]
    async fn a_hub_of_another_subscription_is_read_by_its_id() {
        let server = Server::start(|seen, _| {
            if seen.path.ends_with("/virtualNetworks/hub") {
                let space = json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}});
                let body = json!({"id": seen.path, "name": "hub", "properties": space});
                return Reply::json(200, body);
            }
            let error = json!({"code": "ResourceNotFound", "message": "no"});
            Reply::json(404, json!({ "error": error }))
        })
        .await;
        let arm = Arm::new(server.http(Counting::new(3600)), "s");
        let at = |name: &str| {
            format!(
                "/subscriptions/other/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/{name}"
            )
        };
        let hub = arm.hub(&at("hub"), &[]).await.unwrap();
        assert_eq!(hub.prefixes, ["10.0.0.0/16"]);
        let problem = arm.hub(&at("gone"), &[]).await.unwrap_err();
        assert_eq!(problem.code, "HubNotFound");
        let near = named("near", "10.4.0.0/22", Vec::new());
        let asked = server.seen().len();
        let shouted = near.id.to_uppercase();
        let listed = arm.hub(&shouted, std::slice::from_ref(&near)).await;
        assert_eq!(listed.unwrap(), near);
        assert_eq!(server.seen().len(), asked);
    }

    fn named(name: &str, prefix: &str, peerings: Vec<Peering>) -> VirtualNetwork {
        VirtualNetwork {
            id: format!("/subscriptions/s/virtualNetworks/{name}"),
            name: name.into(),
            location: "westeurope".into(),
            prefixes: vec![prefix.into()],
            peerings,
        }
    }

    #[test]
    fn each_network_is_known_once_by_its_nearest_relation() {
        let peering = |remote: &str, prefix: &str| Peering {
            name: "p".into(),
            state: "Disconnected".into(),
            remote_id: format!("/Subscriptions/s/virtualNetworks/{remote}"),
            remote_prefixes: vec![prefix.into()],
            gateway_transit: false,
            remote_gateways: false,
        };
        let hub = named(
            "hub",
            "10.0.0.0/16",
            vec![
                peering("spoke", "10.2.0.0/22"),
                peering("unseen", "10.3.0.0/22"),
            ],
        );
        let networks = [
            hub.clone(),
            named("spoke", "10.2.0.0/22", Vec::new()),
            named("other", "10.4.0.0/22", Vec::new()),
        ];
        let all = known(&networks, Some(&hub));
        let found: Vec<(&str, &Relation)> = all
            .iter()
            .map(|each| (each.name.as_str(), &each.relation))
            .collect();
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
        assert_eq!(known(&networks, None).len(), 3);
    }
}
