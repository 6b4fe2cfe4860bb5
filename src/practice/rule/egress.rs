//! Whether anything reaches the outside from a subnet: its default route must lead to a firewall that is switched on.
//!
//! Only what a route table says is looked at; a subnet without a default route of its own is not judged.

use serde_json::Value;

use crate::practice::{
    identifier::ResourceId,
    state::{Cloud, StoredResource},
};

/// True when the default route of a subnet leads to an address that no firewall answers at.
#[must_use]
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
    let routes = table.body.pointer("/properties/routes")?.as_array()?;
    let text = |route: &'_ Value, pointer: &str| {
        route.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
    };
    let default = routes.iter().find(|route| {
        text(route, "/properties/addressPrefix").as_deref() == Some("0.0.0.0/0")
            && text(route, "/properties/nextHopType").as_deref() == Some("VirtualAppliance")
    })?;
    default.pointer("/properties/nextHopIpAddress")?.as_str()
}

fn answers(firewall: &StoredResource, address: &str) -> bool {
    let configurations =
        firewall.runtime.pointer("/properties/ipConfigurations").and_then(Value::as_array);
    configurations.into_iter().flatten().any(|configuration| {
        configuration.pointer("/properties/privateIPAddress").and_then(Value::as_str)
            == Some(address)
    })
}
