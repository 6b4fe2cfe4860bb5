//! What has an address in the subnets of a network: Azure tells it with the network
//! (`microsoft.network_virtualnetworks.jsonl`: `subnets[].properties.ipConfigurations` and `privateEndpoints`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::practice::json::{self, HasJson as _};
use crate::practice::state::{Cloud, StoredResource};

/// Types that have addresses in subnets.
const TYPES: [&str; 5] = [
    "Microsoft.Network/networkInterfaces",
    "Microsoft.Network/azureFirewalls",
    "Microsoft.Network/bastionHosts",
    "Microsoft.Network/virtualNetworkGateways",
    "Microsoft.Network/dnsResolvers/inboundEndpoints",
];
const ENDPOINT: &str = "Microsoft.Network/privateEndpoints";

/// Adds to a network, as GET of it alone answers, what is in each subnet. Lists leave it out: it would be looked for
/// through the whole subscription for each network.
pub(super) fn show(cloud: &Cloud, network: &StoredResource, shown: &mut Value) {
    if !network.is("Microsoft.Network/virtualNetworks") {
        return;
    }
    let mut addresses: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut endpoints: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for resource in cloud.resources(&network.id.subscription) {
        if resource.is(ENDPOINT) {
            let subnet = resource.text("/properties/subnet/id").to_ascii_lowercase();
            let id = json!({ "id": resource.id.to_string() });
            endpoints.entry(subnet).or_default().push(id);
        } else if TYPES.iter().any(|kind| resource.is(kind)) {
            for each in resource.items("/properties/ipConfigurations") {
                let text = |pointer: &str| each.pointer(pointer).and_then(Value::as_str);
                let (Some(subnet), Some(id)) = (text("/properties/subnet/id"), text("/id")) else {
                    continue;
                };
                let subnet = subnet.to_ascii_lowercase();
                addresses.entry(subnet).or_default().push(json!({ "id": id }));
            }
        }
    }
    let subnets = shown.pointer_mut("/properties/subnets").and_then(Value::as_array_mut);
    for subnet in subnets.into_iter().flatten() {
        let id = subnet.text("/id").to_ascii_lowercase();
        let Some(properties) = json::members(subnet, "/properties") else { continue };
        for (name, found) in
            [("ipConfigurations", &mut addresses), ("privateEndpoints", &mut endpoints)]
        {
            if let Some(found) = found.remove(&id) {
                properties.insert(name.to_owned(), Value::Array(found));
            }
        }
    }
}
