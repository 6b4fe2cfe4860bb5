//! What answers names in a network: DNS Private Resolvers, private DNS zones and their links. This module reads only.

use serde_json::Value;

use super::arm::{Arm, each_text, text, versioned};
use crate::domain::json::HasJson as _;
use crate::domain::problem::Result;

/// A DNS Private Resolver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsResolver {
    /// Its id.
    pub id: String,
    /// Id of the network that it stands in.
    pub network_id: String,
}

/// A private DNS zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateZone {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Number of networks that it is linked to; `None` when Azure does not tell.
    pub links: Option<u64>,
}

/// The link of a zone to a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneLink {
    /// Its id.
    pub id: String,
    /// Id of the network.
    pub network_id: String,
}

impl Arm {
    /// All DNS Private Resolvers of the subscription.
    ///
    /// # Errors
    /// As every call.
    pub async fn dns_resolvers(&self) -> Result<Vec<DnsResolver>> {
        let path = self.within("/providers/Microsoft.Network/dnsResolvers");
        self.list_of(path, |item| {
            Some(DnsResolver {
                id: text(item, &["id"])?,
                network_id: text(item, &["properties", "virtualNetwork", "id"])?,
            })
        })
        .await
    }

    /// The addresses of a resolver's inbound endpoints.
    ///
    /// # Errors
    /// As every call.
    pub async fn inbound_addresses(&self, resolver: &str) -> Result<Vec<String>> {
        let items = self.resources_at(&format!("{resolver}/inboundEndpoints")).await?;
        Ok(items
            .iter()
            .flat_map(|item| {
                each_text(item.items("/properties/ipConfigurations"), "privateIpAddress")
            })
            .collect())
    }

    /// All private DNS zones of the subscription.
    ///
    /// # Errors
    /// As every call.
    pub async fn private_zones(&self) -> Result<Vec<PrivateZone>> {
        let path = self.within("/providers/Microsoft.Network/privateDnsZones");
        self.list_of(path, |item| {
            Some(PrivateZone {
                id: text(item, &["id"])?,
                name: text(item, &["name"])?,
                links: item
                    .pointer("/properties/numberOfVirtualNetworkLinks")
                    .and_then(Value::as_u64),
            })
        })
        .await
    }

    /// The networks that a zone is linked to.
    ///
    /// # Errors
    /// As every call.
    pub async fn zone_links(&self, zone: &str) -> Result<Vec<ZoneLink>> {
        let path = versioned(&format!("{zone}/virtualNetworkLinks"));
        self.list_of(path, |item| {
            Some(ZoneLink {
                id: text(item, &["id"])?,
                network_id: text(item, &["properties", "virtualNetwork", "id"])?,
            })
        })
        .await
    }
}
