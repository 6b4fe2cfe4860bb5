//! Gateways, the sites on-premises that they lead to, and what else leads traffic in a hub: firewalls, forwarding
//! cards.
//!
//! Gateways, sites and connections can be listed by resource group only; the list of all resources tells which groups
//! have any (<https://learn.microsoft.com/rest/api/network-gateway/virtual-network-gateways/list>). This module reads
//! only.

use std::collections::BTreeSet;

use serde_json::Value;

use super::arm::{Arm, segment, text};
use super::network::texts;
use crate::domain::json::HasJson as _;
use crate::domain::problem::{Problem, Result};

/// What can be listed by resource group only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouped {
    /// `virtualNetworkGateways`.
    Gateways,
    /// `localNetworkGateways`.
    Sites,
    /// `connections`.
    Connections,
}

impl Grouped {
    /// The type in Azure's own spelling.
    pub fn resource_type(self) -> &'static str {
        match self {
            Self::Gateways => "Microsoft.Network/virtualNetworkGateways",
            Self::Sites => "Microsoft.Network/localNetworkGateways",
            Self::Connections => "Microsoft.Network/connections",
        }
    }
}

/// A virtual network gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualNetworkGateway {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of the network that it stands in; empty when Azure does not tell.
    pub network_id: String,
    /// `Vpn` or `ExpressRoute`, as Azure writes it.
    pub kind: String,
    /// Its tier.
    pub sku: String,
    /// `provisioningState`.
    pub state: String,
    /// Whether it is route-based.
    pub route_based: bool,
    /// Whether it learns routes by BGP.
    pub bgp: bool,
    /// Address pool of VPN clients.
    pub client_pool: Vec<String>,
}

/// A site on-premises (`localNetworkGateways`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalNetworkGateway {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its ranges.
    pub prefixes: Vec<String>,
}

/// A connection of a gateway to a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayConnection {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of the gateway.
    pub gateway_id: String,
    /// Id of the site; empty for a connection to something else.
    pub site_id: String,
    /// `connectionStatus`: `Unknown`, `Connecting`, `Connected` or `NotConnected`; empty when Azure does not tell.
    pub status: String,
}

/// A firewall that stands in a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkFirewall {
    /// Its id.
    pub id: String,
    /// Id of the network.
    pub network_id: String,
    /// Its private address; `None` while it is stopped.
    pub address: Option<String>,
}

impl Arm {
    /// The resource groups of the subscription that hold any of a kind.
    ///
    /// # Errors
    /// As every call.
    pub async fn groups_with(&self, kind: Grouped) -> Result<Vec<String>> {
        let filter = segment(&format!("resourceType eq '{}'", kind.resource_type()));
        let path = self.within(&format!("/resources?$filter={filter}"));
        let id = |item: &Value| group_of(item.get("id")?.as_str()?);
        let groups: BTreeSet<String> = self.list_of(path, id).await?.into_iter().collect();
        Ok(groups.into_iter().collect())
    }

    async fn grouped<T>(
        &self,
        kind: Grouped,
        group: &str,
        item: fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>> {
        let path = format!("/resourceGroups/{}/providers/{}", segment(group), kind.resource_type());
        self.list_of(self.within(&path), item).await
    }

    /// The gateways of a resource group.
    ///
    /// # Errors
    /// As every call.
    pub async fn gateways(&self, group: &str) -> Result<Vec<VirtualNetworkGateway>> {
        self.grouped(Grouped::Gateways, group, gateway).await
    }

    /// The sites on-premises of a resource group.
    ///
    /// # Errors
    /// As every call.
    pub async fn local_gateways(&self, group: &str) -> Result<Vec<LocalNetworkGateway>> {
        self.grouped(Grouped::Sites, group, site).await
    }

    /// The connections of a resource group.
    ///
    /// # Errors
    /// As every call.
    pub async fn gateway_connections(&self, group: &str) -> Result<Vec<GatewayConnection>> {
        self.grouped(Grouped::Connections, group, connection).await
    }

    /// The ranges that a gateway has learned from others by BGP.
    ///
    /// # Errors
    /// As every call; the account also needs `Microsoft.Network/virtualNetworkGateways/getLearnedRoutes/action`.
    pub async fn learned_routes(&self, gateway: &str) -> Result<Vec<String>> {
        let started = self.act(gateway, "getLearnedRoutes", None, true).await?;
        let body = self.finish(started, |_| ()).await?;
        learned(&body).ok_or_else(|| {
            Problem::new(
                "LearnedRoutesUnread",
                "Azure did not tell what the gateway has learned.",
                "Ask the gateway's owner: az network vnet-gateway list-learned-routes",
            )
            .at(gateway.to_owned())
        })
    }

    /// Cards in a network that forward what is not theirs, each by its name and its first private address.
    ///
    /// # Errors
    /// As every call.
    pub async fn forwarding_cards(&self, network: &str) -> Result<Vec<(String, String)>> {
        let path = self.within("/providers/Microsoft.Network/networkInterfaces");
        let cards = self.list_of(path, |card| {
            let properties = card.get("properties")?;
            let address = properties.text("/ipConfigurations/0/properties/privateIPAddress");
            let forwards = properties.flag("/enableIPForwarding");
            Some((forwards, first_network(properties), text(card, &["name"])?, address.to_owned()))
        });
        let here = cards
            .await?
            .into_iter()
            .filter(|(forwards, own, ..)| *forwards && own.eq_ignore_ascii_case(network));
        Ok(here.map(|(_, _, name, address)| (name, address)).collect())
    }

    /// All firewalls of the subscription.
    ///
    /// # Errors
    /// As every call.
    pub async fn network_firewalls(&self) -> Result<Vec<NetworkFirewall>> {
        let path = self.within("/providers/Microsoft.Network/azureFirewalls");
        self.list_of(path, firewall).await
    }
}

/// The ranges in an answer about learned routes, sorted; `None` for another shape. A route without a range may be the
/// very one that matters, so it is no answer. What is the network's own was not learned from anybody.
fn learned(body: &Value) -> Option<Vec<String>> {
    let mut ranges = BTreeSet::new();
    for route in body.get("value")?.as_array()? {
        let range = text(route, &["network"])?;
        if text(route, &["origin"]).as_deref() != Some("Network") {
            ranges.insert(range);
        }
    }
    Some(ranges.into_iter().collect())
}

/// The name of the resource group in an id, in lower case.
fn group_of(id: &str) -> Option<String> {
    let mut parts = id.split('/');
    parts.find(|part| part.eq_ignore_ascii_case("resourceGroups"))?;
    parts.next().map(str::to_lowercase)
}

/// The id of the network that a subnet belongs to.
fn network_of(subnet: &str) -> String {
    let end = subnet.to_lowercase().find("/subnets/");
    end.and_then(|end| subnet.get(..end)).unwrap_or_default().to_owned()
}

/// The subnet of the first configuration of what stands in one.
fn first_network(properties: &Value) -> String {
    network_of(properties.text("/ipConfigurations/0/properties/subnet/id"))
}

fn gateway(item: &Value) -> Option<VirtualNetworkGateway> {
    let properties = item.get("properties")?;
    let pool = properties.pointer("/vpnClientConfiguration/vpnClientAddressPool/addressPrefixes");
    Some(VirtualNetworkGateway {
        id: text(item, &["id"])?,
        name: text(item, &["name"])?,
        network_id: first_network(properties),
        kind: text(properties, &["gatewayType"]).unwrap_or_default(),
        sku: text(properties, &["sku", "name"]).unwrap_or_default(),
        state: text(properties, &["provisioningState"]).unwrap_or_default(),
        route_based: !properties.says("/vpnType", "PolicyBased"),
        bgp: properties.flag("/enableBgp") || properties.flag("/bgp"),
        client_pool: texts(pool),
    })
}

fn site(item: &Value) -> Option<LocalNetworkGateway> {
    Some(LocalNetworkGateway {
        id: text(item, &["id"])?,
        name: text(item, &["name"])?,
        prefixes: texts(item.pointer("/properties/localNetworkAddressSpace/addressPrefixes")),
    })
}

fn connection(item: &Value) -> Option<GatewayConnection> {
    let properties = item.get("properties")?;
    Some(GatewayConnection {
        id: text(item, &["id"])?,
        name: text(item, &["name"])?,
        gateway_id: text(properties, &["virtualNetworkGateway1", "id"])?,
        site_id: text(properties, &["localNetworkGateway2", "id"]).unwrap_or_default(),
        status: text(properties, &["connectionStatus"]).unwrap_or_default(),
    })
}

fn firewall(item: &Value) -> Option<NetworkFirewall> {
    let properties = item.get("properties")?;
    let address = properties
        .pointer("/ipConfigurations/0/properties/privateIPAddress")
        .and_then(Value::as_str);
    Some(NetworkFirewall {
        id: text(item, &["id"])?,
        network_id: first_network(properties),
        address: address.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_gateway_is_read_with_its_network_and_the_pool_of_its_clients() {
        let network =
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub";
        let read = gateway(&json!({ "id": "/x/vgw", "name": "vgw", "properties": {
            "gatewayType": "Vpn", "vpnType": "PolicyBased", "enableBgp": true,
            "provisioningState": "Updating", "sku": {"name": "VpnGw1AZ"},
            "vpnClientConfiguration": {"vpnClientAddressPool": {"addressPrefixes": ["172.31.0.0/24"]}},
            "ipConfigurations": [{"properties": {"subnet": {"id": format!("{network}/Subnets/GatewaySubnet")}}}],
        }}))
        .unwrap();
        assert_eq!(read.network_id, network);
        assert_eq!((read.state.as_str(), read.sku.as_str()), ("Updating", "VpnGw1AZ"));
        assert!(read.bgp && !read.route_based);
        assert_eq!(read.client_pool, ["172.31.0.0/24"]);
    }

    #[test]
    fn an_express_route_gateway_has_no_vpn_type_and_counts_as_route_based() {
        let read = gateway(
            &json!({ "id": "/x", "name": "er", "properties": { "gatewayType": "ExpressRoute" }}),
        );
        assert!(read.unwrap().route_based);
    }

    #[test]
    fn learned_routes_of_another_shape_are_no_answer() {
        let body = json!({"value": [
            {"network": "192.168.0.0/16", "origin": "EBgp"}, {"network": "10.0.0.0/16", "origin": "Network"},
            {"network": "0.0.0.0/0", "origin": "EBgp"}, {"network": "0.0.0.0/0", "origin": "IBgp"},
        ]});
        let ranges = vec!["0.0.0.0/0".to_owned(), "192.168.0.0/16".to_owned()];
        assert_eq!(learned(&body), Some(ranges));
        assert_eq!(learned(&json!({"value": []})), Some(Vec::new()));
        for body in [json!({}), json!({"value": null}), json!({"value": [{"origin": "EBgp"}]})] {
            assert_eq!(learned(&body), None, "{body}");
        }
    }

    #[test]
    fn a_connection_to_another_network_has_no_site() {
        let read = connection(&json!({ "id": "/c", "name": "c", "properties": {
            "virtualNetworkGateway1": {"id": "/g"}, "virtualNetworkGateway2": {"id": "/h"} }}))
        .unwrap();
        assert_eq!((read.site_id.as_str(), read.status.as_str()), ("", ""));
        assert_eq!(group_of("/subscriptions/s/resourcegroups/RG-Hub/x").as_deref(), Some("rg-hub"));
    }
}
