//! The way into an environment: its jumpbox, and whether Bastion lets the native client through. Reads only.

use serde_json::Value;

use super::pause::{is_paused, of_type};
use super::{Context, power};
use crate::domain::environment::Record;
use crate::domain::json::{items, text};
use crate::domain::peering::az::quote;
use crate::domain::problem::Result;
use crate::domain::resource;

/// The way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrance {
    /// The jumpbox's id.
    pub machine: String,
    /// The command of the native client, where Bastion admits it (Standard and Premium with tunnelling,
    /// <https://learn.microsoft.com/azure/bastion/connect-vm-native-client-windows>).
    pub native: Option<String>,
    /// Whether the environment is paused: the jumpbox can be reached, but nothing reaches the outside from it.
    pub paused: bool,
    /// Whether another network is connected to the environment's.
    pub linked: bool,
}

/// Reads the way in.
///
/// # Errors
/// When the environment has no jumpbox in its template, or Azure cannot be read.
pub async fn entrance(context: &Context, record: &Record) -> Result<Entrance> {
    let plan = power::plan(context, record)?;
    let machine = power::jumpbox(&plan)?.id.clone();
    let mut native = None;
    for bastion in of_type(&plan, resource::BASTION) {
        let read = context.arm.resource(&bastion.id);
        if read.await?.as_ref().is_some_and(admits_native) {
            native = Some(format!(
                "az network bastion rdp --name {} --resource-group {} --subscription {} --target-resource-id {}",
                quote(&bastion.name),
                quote(&record.resource_group),
                quote(&record.subscription_id),
                quote(&machine)
            ));
        }
    }
    let mut paused = false;
    for firewall in of_type(&plan, resource::FIREWALL) {
        let read = context.arm.resource(&firewall.id);
        paused |= read.await?.as_ref().is_some_and(is_paused);
    }
    let mut linked = false;
    for network in of_type(&plan, resource::VIRTUAL_NETWORK) {
        let read = context.arm.resource(&network.id);
        linked |= read.await?.as_ref().is_some_and(is_linked);
    }
    Ok(Entrance { machine, native, paused, linked })
}

fn is_linked(network: &Value) -> bool {
    let peerings = items(network, "/properties/virtualNetworkPeerings");
    peerings.iter().any(|peering| text(peering, "/properties/peeringState") == "Connected")
}

fn admits_native(bastion: &Value) -> bool {
    let sku = bastion.pointer("/sku/name").and_then(Value::as_str);
    let tunnelling = bastion.pointer("/properties/enableTunneling");
    matches!(sku, Some("Standard" | "Premium"))
        && tunnelling.and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_network_is_linked_once_the_other_side_has_answered() {
        let network = |state: &str| {
            json!({"properties": {"virtualNetworkPeerings": [
                {"properties": {"peeringState": state}},
            ]}})
        };
        assert!(is_linked(&network("Connected")));
        assert!(!is_linked(&network("Initiated")));
        assert!(!is_linked(&json!({"properties": {}})));
    }

    #[test]
    fn the_native_client_needs_standard_and_tunnelling() {
        let bastion = |sku: &str, on: bool| json!({"sku": {"name": sku}, "properties": {"enableTunneling": on}});
        assert!(admits_native(&bastion("Standard", true)));
        assert!(admits_native(&bastion("Premium", true)));
        assert!(!admits_native(&bastion("Standard", false)));
        assert!(!admits_native(&bastion("Basic", true)));
    }
}
