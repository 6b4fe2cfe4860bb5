//! Whether anything reaches the outside from a subnet: its default route must lead to a firewall that is switched on.
//!
//! Only what a route table says is looked at; a subnet without a default route of its own is not judged.

use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::state::{Cloud, StoredResource};

/// True when the default route of a subnet leads to an address that no firewall answers at.
pub fn is_cut(cloud: &Cloud, subnet: &ResourceId) -> bool {
    let table = cloud
        .resource(subnet)
        .and_then(|subnet| cloud.resource_at(subnet.text("/properties/routeTable/id")));
    let next = table.and_then(default_hop);
    next.is_some_and(|next| {
        let mut firewalls = cloud
            .resources(&subnet.subscription)
            .filter(|resource| resource.is("Microsoft.Network/azureFirewalls"))
            .peekable();
        // An appliance of somebody's own is not simulated, so it is taken to work.
        firewalls.peek().is_some() && !firewalls.any(|firewall| answers(firewall, next))
    })
}

fn default_hop(table: &StoredResource) -> Option<&str> {
    let default = table.body.items("/properties/routes").iter().find(|route| {
        route.text("/properties/addressPrefix") == "0.0.0.0/0"
            && route.text("/properties/nextHopType") == "VirtualAppliance"
    })?;
    default.pointer("/properties/nextHopIpAddress")?.as_str()
}

fn answers(firewall: &StoredResource, address: &str) -> bool {
    let mut configurations = firewall.runtime.items("/properties/ipConfigurations").iter();
    configurations.any(|each| each.text("/properties/privateIPAddress") == address)
}
