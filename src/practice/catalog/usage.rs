//! Quotas: what a new subscription may use in a region, and what it uses.

use serde_json::{Value, json};

use crate::practice::json;
use crate::practice::reply::Reply;
use crate::practice::state::Cloud;

fn entry(name: &str, shown: &str, used: usize, limit: usize) -> Value {
    json!({
        "name": { "value": name, "localizedValue": shown },
        "currentValue": used,
        "limit": limit,
        "unit": "Count",
    })
}

fn count(cloud: &Cloud, subscription: &str, resource_type: &str, place: &str) -> usize {
    let all = cloud.resources(subscription).filter(|stored| stored.is(resource_type));
    all.filter(|stored| stored.says("/location", place)).count()
}

/// Name, name for people, the type that is counted, and how many there may be.
#[rustfmt::skip]
const COUNTED: &[(&str, &str, &str, usize)] = &[
    ("VirtualNetworks", "Virtual Networks", "Microsoft.Network/virtualNetworks", 1000),
    ("PublicIPAddresses", "Public IP Addresses", "Microsoft.Network/publicIPAddresses", 20),
    ("StandardSkuPublicIpAddresses", "Public IPv4 Addresses - Standard", "Microsoft.Network/publicIPAddresses", 20),
    ("StaticPublicIPAddresses", "Static Public IP Addresses", "Microsoft.Network/publicIPAddresses", 20),
    ("AzureFirewalls", "Azure Firewalls", "Microsoft.Network/azureFirewalls", 200),
    ("NetworkSecurityGroups", "Network Security Groups", "Microsoft.Network/networkSecurityGroups", 5000),
    ("PrivateEndpoints", "Private Endpoints", "Microsoft.Network/privateEndpoints", 1000),
    ("StorageAccounts", "Storage Accounts", "Microsoft.Storage/storageAccounts", 250),
];

pub(super) fn list(cloud: &Cloud, subscription: &str, namespace: &str, place: &str) -> Reply {
    let used = |resource_type: &str| count(cloud, subscription, resource_type, place);
    Reply::list(match namespace {
        "microsoft.compute" => compute(cloud, used("Microsoft.Compute/virtualMachines")),
        "microsoft.machinelearningservices" => learning(cloud, subscription, place),
        _ => COUNTED
            .iter()
            .filter(|(_, _, kind, _)| {
                kind.to_ascii_lowercase().starts_with(&format!("{namespace}/"))
            })
            .map(|(name, shown, kind, limit)| {
                let full = cloud.fault("limits").is_some();
                entry(name, shown, used(kind), if full { used(kind) } else { *limit })
            })
            .collect(),
    })
}

fn compute(cloud: &Cloud, machines: usize) -> Vec<Value> {
    let limit = 10;
    let struck = if cloud.fault("quota").is_some() { 0 } else { limit };
    vec![
        entry("cores", "Total Regional vCPUs", machines * 2, limit),
        entry("virtualMachines", "Virtual Machines", machines, 25000),
        entry("standardDSv5Family", "Standard DSv5 Family vCPUs", machines * 2, struck),
        entry("standardDDSv4Family", "Standard DDSv4 Family vCPUs", 0, limit),
        entry("standardDDSv5Family", "Standard DDSv5 Family vCPUs", 0, limit),
        entry("standardDASv5Family", "Standard DASv5 Family vCPUs", 0, limit),
        entry("standardESv5Family", "Standard ESv5 Family vCPUs", 0, limit),
        entry("standardBSFamily", "Standard BS Family vCPUs", 0, limit),
    ]
}

fn learning(cloud: &Cloud, subscription: &str, place: &str) -> Vec<Value> {
    let limit = if cloud.fault("ml-quota").is_some() { 0 } else { 24 };
    [
        ("Total Cluster Dedicated Regional vCPUs", "Total Cluster Dedicated Regional vCPUs"),
        ("standardDSv2Family", "Standard DSv2 Family Cluster Dedicated vCPUs"),
        ("standardDSv5Family", "Standard DSv5 Family Cluster Dedicated vCPUs"),
        ("standardESv3Family", "Standard ESv3 Family Cluster Dedicated vCPUs"),
    ]
    .iter()
    .map(|(name, shown)| {
        let mut item = entry(name, shown, 0, limit);
        let added = json!({
            "type": "Microsoft.MachineLearningServices/vmFamily/usages",
            "id": format!("/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/\
             {place}/vmFamily/{name}/usages"),
        });
        json::merge(&mut item, added);
        item
    })
    .collect()
}
