//! What bears on outbound traffic: rules of a firewall policy, service tags, names behind private endpoints, and the
//! hosts that a workspace says it needs.
//!
//! Reads only, and as they come; what they mean is the domain's business.

use serde_json::Value;

use super::arm::{Arm, segment, versioned};
use super::http::ExpectedShape;
use crate::domain::json::HasJson as _;
use crate::domain::private_name::{self, PrivateName};
use crate::domain::problem::Result;

impl Arm {
    /// The rule collection groups of a policy.
    ///
    /// # Errors
    /// As every call.
    pub async fn rule_collection_groups(&self, policy: &str) -> Result<Vec<Value>> {
        self.list(versioned(&format!("{policy}/ruleCollectionGroups"))).await
    }

    /// The names of a resource group's private endpoints: those at their network cards, then those that an endpoint
    /// without a zone group tells besides.
    ///
    /// # Errors
    /// As every call.
    pub async fn private_names(&self, group: &str) -> Result<Vec<PrivateName>> {
        let list = |kind: &str| {
            let path =
                format!("/resourceGroups/{}/providers/Microsoft.Network/{kind}", segment(group));
            self.list::<Value>(self.within(&path))
        };
        let cards = list("networkInterfaces").await?;
        let mut names: Vec<PrivateName> = cards.iter().flat_map(private_name::of_card).collect();
        for endpoint in &list("privateEndpoints").await? {
            for name in private_name::of_endpoint(endpoint) {
                if names.iter().all(|each| each.host != name.host) {
                    names.push(name);
                }
            }
        }
        Ok(names)
    }

    /// Azure's list of the addresses behind service tags; several megabytes.
    ///
    /// # Errors
    /// As every call.
    pub async fn service_tags(&self, region: &str) -> Result<Option<Value>> {
        let path =
            format!("/providers/Microsoft.Network/locations/{}/serviceTags", segment(region));
        let id = format!("/subscriptions/{}{path}", segment(self.subscription_id()));
        let shape = ExpectedShape::Object(&["/values"]);
        self.reading(&id, shape).await
    }

    /// Hosts that a workspace says it needs: each with the category it stands in and its ports.
    ///
    /// # Errors
    /// As every call.
    pub async fn outbound_dependencies(&self, workspace: &str) -> Result<Vec<OutboundDependency>> {
        let path = format!("{workspace}/outboundNetworkDependenciesEndpoints");
        let items: Vec<Value> = self.list(versioned(&path)).await?;
        Ok(items.iter().flat_map(dependencies).collect())
    }
}

/// A host that a workspace says it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundDependency {
    /// The category, such as `Azure Batch`.
    pub category: String,
    /// Host name, or a pattern such as `*.data.mcr.microsoft.com`.
    pub host: String,
    /// Its ports.
    pub ports: Vec<u16>,
}

fn dependencies(item: &Value) -> Vec<OutboundDependency> {
    let properties = item.get("properties").unwrap_or(item);
    let port = |detail: &Value| detail.get("port")?.as_u64()?.try_into().ok();
    properties
        .items("/endpoints")
        .iter()
        .map(|endpoint| OutboundDependency {
            category: properties.text("/category").to_owned(),
            host: endpoint.text("/domainName").to_owned(),
            ports: endpoint.items("/endpointDetails").iter().filter_map(port).collect(),
        })
        .filter(|dependency| !dependency.host.is_empty())
        .collect()
}
