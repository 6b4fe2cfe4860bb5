//! What the VPN device on-premises must be set to. The shared key is named here, never shown.
//!
//! The algorithms are those of the tunnel in `assets/hub/gateway.json`: Azure accepts no others from it
//! (<https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-compliance-crypto>).

use serde::Serialize;

use super::NewHub;

/// One setting of a VPN device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceSetting {
    /// What it is called, as most devices do.
    pub name: &'static str,
    /// What it must be.
    pub value: String,
}

/// The settings of the device, in the order in which most devices ask for them. `gateway` is the gateway's public
/// address,
/// `environments` the ranges of what is connected to the hub.
pub fn device(hub: &NewHub, gateway: &str, environments: &[String]) -> Vec<DeviceSetting> {
    let list = |ranges: Vec<String>| ranges.join(", ");
    let ours = std::iter::once(hub.address_space.to_string()).chain(environments.iter().cloned());
    let theirs = hub.on_premises_ranges.iter().map(ToString::to_string);
    [
        ("Remote gateway", gateway.to_owned()),
        ("Local gateway", hub.on_premises_address.to_string()),
        ("Type", "route-based, traffic selectors 0.0.0.0/0 on both sides".into()),
        ("Routes into the tunnel", list(ours.collect())),
        ("Local ranges", list(theirs.collect())),
        ("Pre-shared key", format!("privateaml hub {} --show-key", hub.name)),
        ("IKE version", "2".into()),
        ("Phase 1", "AES-256, SHA-256, DH group 14, lifetime 28800 seconds".into()),
        ("Phase 2", "AES-GCM-256, PFS group 14, lifetime 27000 seconds".into()),
        ("Ports", "UDP 500 and UDP 4500 open to and from the remote gateway".into()),
        ("TCP maximum segment size", "1350 bytes".into()),
    ]
    .into_iter()
    .map(|(name, value)| DeviceSetting { name, value })
    .collect()
}
