//! Quotas: what a new subscription may use in a region, and what it uses.

use serde_json::{Value, json};

use crate::practice::{reply::Reply, resource::merge, state::Cloud};

fn entry(name: &str, shown: &str, used: usize, limit: usize, unit: &str) -> Value {
    json!({
        "name": { "value": name, "localizedValue": shown },
        "currentValue": used,
        "limit": limit,
        "unit": unit,
    })
}

fn count(cloud: &Cloud, subscription: &str, resource_type: &str, place: &str) -> usize {
    cloud
        .resources(subscription)
        .filter(|stored| {
            stored.is(resource_type) && stored.text("/location").eq_ignore_ascii_case(place)
        })
        .count()
}

pub(super) fn list(cloud: &Cloud, subscription: &str, namespace: &str, place: &str) -> Reply {
    let used = |resource_type: &str| count(cloud, subscription, resource_type, place);
    let items = match namespace {
        "microsoft.compute" => compute(cloud, used("Microsoft.Compute/virtualMachines")),
        "microsoft.network" => network(used),
        "microsoft.storage" => vec![entry(
            "StorageAccounts",
            "Storage Accounts",
            used("Microsoft.Storage/storageAccounts"),
            250,
            "Count",
        )],
        "microsoft.machinelearningservices" => learning(cloud, subscription, place),
        _ => Vec::new(),
    };
    Reply::list(items)
}

fn network(used: impl Fn(&str) -> usize) -> Vec<Value> {
    vec![
        entry(
            "VirtualNetworks",
            "Virtual Networks",
            used("Microsoft.Network/virtualNetworks"),
            1000,
            "Count",
        ),
        entry(
            "PublicIPAddresses",
            "Public IP Addresses",
            used("Microsoft.Network/publicIPAddresses"),
            20,
            "Count",
        ),
        entry(
            "StandardSkuPublicIpAddresses",
            "Public IPv4 Addresses - Standard",
            used("Microsoft.Network/publicIPAddresses"),
            20,
            "Count",
        ),
        entry(
            "StaticPublicIPAddresses",
            "Static Public IP Addresses",
            used("Microsoft.Network/publicIPAddresses"),
            20,
            "Count",
        ),
        entry(
            "AzureFirewalls",
            "Azure Firewalls",
            used("Microsoft.Network/azureFirewalls"),
            200,
            "Count",
        ),
        entry(
            "NetworkSecurityGroups",
            "Network Security Groups",
            used("Microsoft.Network/networkSecurityGroups"),
            5000,
            "Count",
        ),
        entry(
            "PrivateEndpoints",
            "Private Endpoints",
            used("Microsoft.Network/privateEndpoints"),
            1000,
            "Count",
        ),
    ]
}

fn compute(cloud: &Cloud, machines: usize) -> Vec<Value> {
    let limit = if cloud.fault("quota").is_some() { 0 } else { 10 };
    vec![
        entry("cores", "Total Regional vCPUs", machines * 2, limit, "Count"),
        entry("virtualMachines", "Virtual Machines", machines, 25000, "Count"),
        entry("standardDSv5Family", "Standard DSv5 Family vCPUs", machines * 2, limit, "Count"),
        entry("standardDDSv4Family", "Standard DDSv4 Family vCPUs", 0, limit, "Count"),
        entry("standardDDSv5Family", "Standard DDSv5 Family vCPUs", 0, limit, "Count"),
        entry("standardDASv5Family", "Standard DASv5 Family vCPUs", 0, limit, "Count"),
        entry("standardESv5Family", "Standard ESv5 Family vCPUs", 0, limit, "Count"),
        entry("standardBSFamily", "Standard BS Family vCPUs", 0, limit, "Count"),
    ]
}

fn learning(cloud: &Cloud, subscription: &str, place: &str) -> Vec<Value> {
    let limit = if cloud.fault("quota").is_some() { 0 } else { 24 };
    [
        ("Total Cluster Dedicated Regional vCPUs", "Total Cluster Dedicated Regional vCPUs"),
        ("standardDSv2Family", "Standard DSv2 Family Cluster Dedicated vCPUs"),
        ("standardDSv5Family", "Standard DSv5 Family Cluster Dedicated vCPUs"),
        ("standardESv3Family", "Standard ESv3 Family Cluster Dedicated vCPUs"),
    ]
    .iter()
    .map(|(name, shown)| {
        let mut item = entry(name, shown, 0, limit, "Count");
        let added = json!({
            "type": "Microsoft.MachineLearningServices/vmFamily/usages",
            "id": format!("/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/\
             {place}/vmFamily/{name}/usages"),
        });
        merge(&mut item, &added);
        item
    })
    .collect()
}
