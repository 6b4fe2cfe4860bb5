//! Sizes of virtual machines with what Azure says of them.
//!
//! Cores, memory and families: <https://learn.microsoft.com/azure/virtual-machines/sizes/overview>.

use serde_json::{Value, json};

use super::location;
use crate::domain::region;
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::Cloud;

/// A size.
#[derive(Debug, Clone, Copy)]
struct Size {
    name: &'static str,
    family: &'static str,
    cores: u32,
    memory_gib: u32,
    /// First-generation only: no Trusted Launch.
    old: bool,
}

const fn size(
    name: &'static str,
    family: &'static str,
    cores: u32,
    memory_gib: u32,
    old: bool,
) -> Size {
    Size { name, family, cores, memory_gib, old }
}

const SIZES: &[Size] = &[
    size("Standard_D2s_v5", "standardDSv5Family", 2, 8, false),
    size("Standard_D4s_v5", "standardDSv5Family", 4, 16, false),
    size("Standard_D8s_v5", "standardDSv5Family", 8, 32, false),
    size("Standard_D2ds_v4", "standardDDSv4Family", 2, 8, false),
    size("Standard_D2ds_v5", "standardDDSv5Family", 2, 8, false),
    size("Standard_D4ds_v5", "standardDDSv5Family", 4, 16, false),
    size("Standard_D2as_v5", "standardDASv5Family", 2, 8, false),
    size("Standard_D4as_v5", "standardDASv5Family", 4, 16, false),
    size("Standard_E2s_v5", "standardESv5Family", 2, 16, false),
    size("Standard_E4s_v3", "standardESv3Family", 4, 32, false),
    size("Standard_B2s", "standardBSFamily", 2, 4, false),
    size("Standard_B2ms", "standardBSFamily", 2, 8, false),
    size("Standard_DS2_v2", "standardDSv2Family", 2, 7, false),
    size("Standard_DS3_v2", "standardDSv2Family", 4, 14, false),
    size("Standard_A2_v2", "standardAv2Family", 2, 4, true),
];

/// US dollars an hour of each size in eastus, without Windows: by cores and memory.
pub(super) fn prices() -> impl Iterator<Item = (&'static str, f64)> {
    SIZES
        .iter()
        .map(|size| (size.name, f64::from(size.cores) * 0.04 + f64::from(size.memory_gib) * 0.002))
}

/// The names of all sizes.
pub fn names() -> Vec<&'static str> {
    SIZES.iter().map(|size| size.name).collect()
}

/// The family whose sizes the faults `sku` and `quota` take away; the others are the way out.
const STRUCK: &str = "standardDSv5Family";

/// Whether a size is one that the faults `sku` and `quota` take away.
pub fn is_struck(name: &str) -> bool {
    SIZES.iter().any(|size| size.name.eq_ignore_ascii_case(name) && size.family == STRUCK)
}

fn sku(cloud: &Cloud, size: &Size, location: &region::Region) -> Value {
    let capability = |name: &str, value: String| json!({ "name": name, "value": value });
    let generations = if size.old { "V1" } else { "V1,V2" };
    let zones: &[&str] = if location.zones { &["1", "2", "3"] } else { &[] };
    let restrictions = if cloud.fault("sku").is_some() && size.family == STRUCK {
        json!([{
            "type": "Location",
            "values": [location.name],
            "restrictionInfo": { "locations": [location.name] },
            "reasonCode": "NotAvailableForSubscription",
        }])
    } else {
        json!([])
    };
    json!({
        "resourceType": "virtualMachines",
        "name": size.name,
        "tier": "Standard",
        "size": size.name.trim_start_matches("Standard_"),
        "family": size.family,
        "locations": [location.name],
        "locationInfo": [{ "location": location.name, "zones": zones, "zoneDetails": [] }],
        "capabilities": [
            capability("vCPUs", size.cores.to_string()),
            capability("MemoryGB", size.memory_gib.to_string()),
            capability("HyperVGenerations", generations.to_owned()),
            capability("TrustedLaunchDisabled", if size.old { "True" } else { "False" }.to_owned()),
            capability("EncryptionAtHostSupported", if size.old { "False" } else { "True" }.to_owned()),
            capability("PremiumIO", if size.old { "False" } else { "True" }.to_owned()),
            capability("CpuArchitectureType", "x64".to_owned()),
        ],
        "restrictions": restrictions,
    })
}

/// Compute's list of SKUs, with `$filter=location eq '…'`.
pub(super) fn skus(cloud: &Cloud, request: &Request) -> Reply {
    let wanted =
        request.query("$filter").and_then(|filter| filter.split('\'').nth(1)).map(str::to_owned);
    let places = location::all().filter(|location| {
        wanted.as_ref().is_none_or(|wanted| location.name.eq_ignore_ascii_case(wanted))
    });
    Reply::list(
        places
            .flat_map(|location| SIZES.iter().map(move |size| (size, location)))
            .map(|(size, location)| sku(cloud, size, location))
            .collect(),
    )
}

/// The plain list of sizes of a region, as both Compute and machine learning give it.
pub(super) fn sizes() -> Reply {
    let items: Vec<Value> = SIZES
        .iter()
        .map(|size| {
            json!({
                "name": size.name,
                "family": size.family,
                "vCPUs": size.cores,
                "numberOfCores": size.cores,
                "memoryGB": size.memory_gib,
                "memoryInMB": size.memory_gib * 1024,
                "maxDataDiskCount": size.cores * 2,
                "osVhdSizeMB": 1_047_552,
                "resourceDiskSizeInMB": 0,
                "maxResourceVolumeMB": 0,
                "gpus": 0,
                "lowPriorityCapable": true,
                "premiumIO": !size.old,
            })
        })
        .collect();
    Reply::ok(json!({ "value": items.clone(), "amlCompute": items }))
}
