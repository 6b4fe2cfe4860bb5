//! What Azure's what-if is known to list although no deployment changes it.
//!
//! Each row names where that was established. What is in no row is a change: a reason too many would hide one.

use serde_json::Value;

use super::ForeseenProperty;
use crate::domain::plan::PlannedResource;
use crate::domain::resource::{PRIVATE_ENDPOINT, VIRTUAL_NETWORK};

/// A property that the service fills in and keeps, whatever a template leaves out.
struct KnownNoise {
    /// The resource's type; empty for every type.
    resource_type: &'static str,
    /// How its path ends, with `[]` for every index.
    ends: &'static str,
    /// Why it is none.
    why: &'static str,
}

const fn known(resource_type: &'static str, ends: &'static str, why: &'static str) -> KnownNoise {
    KnownNoise { resource_type, ends, why }
}

/// Holds only for what the template does not set: a value that is sent is a change.
const NOISE: [KnownNoise; 10] = [
    // Azure/arm-template-whatif#281, #314: the peerings are still there after the deployment.
    known(VIRTUAL_NETWORK, "properties.virtualNetworkPeerings", PEERINGS),
    // Azure/arm-template-whatif#394.
    known(VIRTUAL_NETWORK, "properties.privateEndpointVNetPolicies", DEFAULT),
    // Azure/arm-template-whatif#284, #394: foreseen as `Enabled`, which the deployment does not do.
    known(
        VIRTUAL_NETWORK,
        "properties.subnets[].properties.privateEndpointNetworkPolicies",
        DEFAULT,
    ),
    // Azure/arm-template-whatif#46.
    known(
        VIRTUAL_NETWORK,
        "properties.subnets[].properties.privateLinkServiceNetworkPolicies",
        DEFAULT,
    ),
    // Azure/arm-template-whatif#61.
    known(PRIVATE_ENDPOINT, "properties.customDnsConfigs", READ_ONLY),
    known(PRIVATE_ENDPOINT, "properties.privateLinkServiceConnections[].id", READ_ONLY),
    // Azure/arm-template-whatif#381.
    known(ZONE_GROUP, "properties.privateDnsZoneConfigs[].id", READ_ONLY),
    known(ZONE_GROUP, "properties.privateDnsZoneConfigs[].type", READ_ONLY),
    known("", ".etag", READ_ONLY),
    known("", ".provisioningState", READ_ONLY),
];

const ZONE_GROUP: &str = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";
const PEERINGS: &str = "Peerings are resources of their own: a deployment leaves them alone.";
const DEFAULT: &str = "The template does not set it: a deployment keeps what is there.";
const READ_ONLY: &str = "Only Azure writes it: no deployment can change it.";

/// Why a property that Azure names is known to be no change; `None` where it is one, or may be.
pub(super) fn why(
    planned: Option<&PlannedResource>,
    property: &ForeseenProperty,
) -> Option<String> {
    if is_unresolved(&property.after) {
        return Some("Its value is known only while the deployment runs.".into());
    }
    let planned = planned?;
    match sent(&planned.body, &property.path) {
        Some(value) if *value == property.before && *value != property.after => {
            Some("The template sends the value that it has.".into())
        }
        Some(_) => None,
        None => {
            let path: String =
                property.path.chars().filter(|sign| !sign.is_ascii_digit()).collect();
            let row = NOISE.iter().find(|row| row.names(&planned.resource_type, &path))?;
            Some(row.why.into())
        }
    }
}

impl KnownNoise {
    fn names(&self, resource_type: &str, path: &str) -> bool {
        let of_type = self.resource_type.is_empty() || self.resource_type == resource_type;
        of_type && path.to_lowercase().ends_with(&self.ends.to_lowercase())
    }
}

/// Whether a value is an expression that stays one until the deployment runs.
fn is_unresolved(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.starts_with('[') && !text.starts_with("[[") && text.ends_with(']') && text.contains('(')
}

/// What a template sends at a path such as `properties.subnets[2].name`.
fn sent<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    let mut pointer = String::with_capacity(path.len() + 1);
    for sign in path.chars() {
        match sign {
            '.' | '[' => pointer.push('/'),
            ']' => {}
            other => pointer.push(other),
        }
    }
    body.pointer(&format!("/{pointer}"))
}
