//! Virtual networks that the account can read, with what they are connected to.
//!
//! They tell which address ranges are taken before a new one is chosen. This module reads only.

use std::collections::BTreeMap;

use serde_json::Value;

use super::arm::{Arm, each, text, versioned};
use crate::domain::json::HasJson as _;
use crate::domain::network::{SeenNetwork, SeenPeer};
use crate::domain::problem::{Problem, Result};

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
    /// DNS servers that it hands out; none means Azure's own.
    pub dns_servers: Vec<String>,
    /// Whether it has a subnet for gateways, without which there is none in it.
    pub gateway_subnet: bool,
    /// Whether it has a subnet for Azure Route Server.
    pub route_server: bool,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
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
    pub async fn virtual_networks(&self) -> Result<Vec<VirtualNetwork>> {
        let path = self.within("/providers/Microsoft.Network/virtualNetworks");
        self.list_of(path, network).await
    }

    /// One virtual network by its id, in whatever subscription it lives; `None` when there is none.
    ///
    /// # Errors
    /// As every call.
    pub async fn virtual_network(&self, id: &str) -> Result<Option<VirtualNetwork>> {
        let found = self.resource(id).await?;
        let read = found.as_ref().map(std::slice::from_ref).map(|one| each(one, network));
        Ok(read.transpose()?.and_then(|networks| networks.into_iter().next()))
    }

    /// The hub of the given id: one of `networks`, else read from the subscription it lives in.
    ///
    /// # Errors
    /// `HubNotFound` when there is none, or the account may not see it; else as every call.
    pub async fn hub(&self, id: &str, networks: &[VirtualNetwork]) -> Result<VirtualNetwork> {
        let listed = networks.iter().find(|network| network.id.eq_ignore_ascii_case(id));
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

    /// What a network is connected to; `None` when there is no such network.
    ///
    /// # Errors
    /// As every call.
    pub async fn virtual_network_peerings(&self, id: &str) -> Result<Option<Vec<Peering>>> {
        let path = versioned(&format!("{}/virtualNetworkPeerings", id.trim_end_matches('/')));
        let items: Option<Vec<Value>> = self.list_if_there(path).await?;
        items.map(|items| each(&items, peering)).transpose()
    }
}

impl VirtualNetwork {
    /// The network as address spaces are checked against it.
    pub fn seen(self) -> SeenNetwork {
        let peers = self.peerings.into_iter().map(|peer| SeenPeer {
            name: peer
                .remote_id
                .rsplit('/')
                .next()
                .filter(|name| !name.is_empty())
                .unwrap_or(&peer.name)
                .to_owned(),
            id: peer.remote_id,
            prefixes: peer.remote_prefixes,
        });
        SeenNetwork {
            peers: peers.collect(),
            id: self.id,
            name: self.name,
            region: self.location,
            prefixes: self.prefixes,
        }
    }
}

fn network(item: &Value) -> Option<VirtualNetwork> {
    let properties = item.get("properties")?;
    Some(VirtualNetwork {
        id: text(item, &["id"])?,
        name: text(item, &["name"])?,
        location: text(item, &["location"]).unwrap_or_default(),
        prefixes: prefixes(properties.get("addressSpace")),
        peerings: properties.items("/virtualNetworkPeerings").iter().filter_map(peering).collect(),
        dns_servers: texts(properties.pointer("/dhcpOptions/dnsServers")),
        gateway_subnet: has_subnet(properties, "GatewaySubnet"),
        route_server: has_subnet(properties, "RouteServerSubnet"),
        tags: item
            .get("tags")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
    })
}

fn has_subnet(properties: &Value, name: &str) -> bool {
    let mut subnets = properties.items("/subnets").iter();
    subnets.any(|subnet| subnet.says("/name", name))
}

fn peering(item: &Value) -> Option<Peering> {
    let properties = item.get("properties")?;
    let remote = properties
        .get("remoteVirtualNetworkAddressSpace")
        .or_else(|| properties.get("remoteAddressSpace"));
    Some(Peering {
        name: text(item, &["name"])?,
        state: text(properties, &["peeringState"]).unwrap_or_default(),
        remote_id: text(properties, &["remoteVirtualNetwork", "id"]).unwrap_or_default(),
        remote_prefixes: prefixes(remote),
        gateway_transit: properties.flag("/allowGatewayTransit"),
        remote_gateways: properties.flag("/useRemoteGateways"),
    })
}

fn prefixes(space: Option<&Value>) -> Vec<String> {
    texts(space.and_then(|space| space.get("addressPrefixes")))
}

/// The texts of a list; none when it is absent.
pub(super) fn texts(list: Option<&Value>) -> Vec<String> {
    list.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|text| text.as_str().map(str::to_owned))
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
                "dhcpOptions": {"dnsServers": ["10.0.0.53"]},
                "subnets": [{"name": "gatewaysubnet"}],
                "virtualNetworkPeerings": [{"name": "to-spoke", "properties": {
                    "peeringState": "Disconnected", "allowGatewayTransit": true,
                    "remoteVirtualNetwork": {"id": "/x"},
                    "remoteAddressSpace": {"addressPrefixes": ["10.9.0.0/22"]}}}]
            }
        }))
        .unwrap();
        assert_eq!(read.prefixes, ["10.0.0.0/16", "fd00::/48"]);
        assert_eq!(read.dns_servers, ["10.0.0.53"]);
        assert!(read.gateway_subnet);
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
            dns_servers: Vec::new(),
            gateway_subnet: false,
            route_server: false,
            tags: BTreeMap::new(),
        }
    }

    #[test]
    fn the_other_side_of_a_peering_is_called_by_its_own_name() {
        let network = VirtualNetwork {
            id: "/subscriptions/s/virtualNetworks/hub".into(),
            name: "hub".into(),
            location: "westeurope".into(),
            prefixes: vec!["10.0.0.0/16".into()],
            peerings: vec![Peering {
                name: "p".into(),
                state: "Disconnected".into(),
                remote_id: "/subscriptions/s/virtualNetworks/spoke".into(),
                remote_prefixes: vec!["10.2.0.0/22".into()],
                gateway_transit: false,
                remote_gateways: false,
            }],
            dns_servers: Vec::new(),
            gateway_subnet: false,
            route_server: false,
            tags: BTreeMap::new(),
        };
        let seen = network.seen();
        assert_eq!(seen.peers[0].name, "spoke");
        assert_eq!(seen.peers[0].prefixes, ["10.2.0.0/22"]);
    }
}
