//! What single resource types demand of a write, and what their providers add on reading.
//!
//! A write is judged in two steps, as in Azure: `preflight` needs only the request and names that are taken, and is
//! what a deployment's validation runs; `check` also looks at the other resources, at the moment of writing. Nothing
//! here schedules, answers a request or looks at a template.

mod address;
mod authorization;
mod busy;
mod child;
mod compute;
mod container_registry;
mod credential;
mod dev_test_lab;
mod dns;
mod duration;
mod egress;
mod endpoint;
mod fault;
mod firewall;
mod fully_qualified;
mod gateway;
mod interface;
mod key_vault;
mod location;
mod machine_learning;
mod managed_identity;
mod monitor;
mod name;
mod network;
mod peering;
mod peering_gateway;
mod property;
mod reference;
mod resolver;
mod security;
mod shown;
mod size;
mod storage;
#[cfg(test)]
mod tests;
mod version;

use crate::practice::json::HasJson;
use serde_json::Value;

pub use self::duration::seconds;
pub use self::egress::is_cut;
pub use self::endpoint::names as endpoint_names;
pub use self::fault::policy_tags;
pub use self::gateway::{NEGOTIATED, SITE_DEVICE, SITE_RANGE, negotiated};
pub use self::location::check as check_location;
pub use self::name::check_inline as check_name;
pub use self::peering::note_sync;
pub use self::reference::{not_found, written_ids};
pub use self::shown::unasked;
pub use self::version::{is_version, kind_of};
use super::identifier::{ResourceId, Scope};
use super::reply::Result;
use super::state::{Cloud, StoredResource};

/// A write as it was asked for, before anything is changed.
#[derive(Debug, Clone, Copy)]
pub struct Proposed<'request> {
    /// The resource to be written.
    pub id: &'request ResourceId,
    /// API version of the request.
    pub api_version: &'request str,
    /// The whole body after merging (a PATCH is merged already). Secrets are still in it.
    pub body: &'request Value,
    /// What stands under this id now.
    pub existing: Option<&'request StoredResource>,
}

impl<'request> Proposed<'request> {
    /// A value by its JSON pointer; `null` counts as absent, as it does in Azure.
    fn get(&self, pointer: &str) -> Option<&'request Value> {
        self.body.pointer(pointer).filter(|value| !value.is_null())
    }

    /// A text by its JSON pointer; empty when absent.
    fn text(&self, pointer: &str) -> &'request str {
        self.get(pointer).and_then(Value::as_str).unwrap_or("")
    }

    /// A list by its JSON pointer; empty when absent.
    fn items(&self, pointer: &str) -> &'request [Value] {
        self.get(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn is(&self, resource_type: &str) -> bool {
        self.id.is(resource_type)
    }
}

impl HasJson for Proposed<'_> {
    fn at(&self, pointer: &str) -> Option<&Value> {
        self.get(pointer)
    }
}

/// A moment in a resource's life at which its provider adds or takes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The write was accepted and is going on.
    Begun,
    /// The write is done; the state is `Succeeded`.
    Done,
    /// The resource is about to be taken away.
    Going,
}

/// Says whether Azure would take this write, as far as that can be told before it starts.
///
/// # Errors
/// The error that the type's provider would give.
pub fn preflight(cloud: &Cloud, proposed: Proposed<'_>) -> Result<()> {
    version::check(cloud, &proposed)?;
    if !proposed.text("/location").starts_with('[') {
        location::check(proposed.id, proposed.text("/location"), proposed.existing)?;
    }
    name::check(&proposed)?;
    property::check(&proposed)?;
    fault::check(cloud, &proposed)?;
    match proposed.id.namespace().to_ascii_lowercase().as_str() {
        "microsoft.network" => {
            network::preflight(&proposed)?;
            security::preflight(&proposed)?;
            gateway::preflight(&proposed)?;
            firewall::preflight(&proposed)
        }
        "microsoft.compute" => compute::preflight(&proposed),
        "microsoft.storage" => storage::preflight(cloud, &proposed),
        "microsoft.keyvault" => key_vault::preflight(cloud, &proposed),
        "microsoft.containerregistry" => container_registry::preflight(cloud, &proposed),
        "microsoft.machinelearningservices" => machine_learning::preflight(cloud, &proposed),
        "microsoft.devtestlab" => dev_test_lab::preflight(&proposed),
        "microsoft.insights" | "microsoft.operationalinsights" => monitor::preflight(&proposed),
        "microsoft.authorization" => authorization::preflight(&proposed),
        _ => Ok(()),
    }
}

/// Says whether Azure would take this write now.
///
/// # Errors
/// The error that the type's provider would give.
pub fn check(cloud: &Cloud, proposed: Proposed<'_>) -> Result<()> {
    preflight(cloud, proposed)?;
    fault::outage(cloud, &proposed)?;
    busy::check(cloud, &proposed)?;
    reference::check(cloud, &proposed)?;
    match proposed.id.namespace().to_ascii_lowercase().as_str() {
        "microsoft.network" => {
            network::check(cloud, &proposed)?;
            security::check(cloud, &proposed)?;
            peering::check(cloud, &proposed)?;
            gateway::check(cloud, &proposed)?;
            resolver::check(cloud, &proposed)?;
            firewall::check(cloud, &proposed)?;
            endpoint::check(cloud, &proposed)?;
            interface::check(cloud, &proposed)?;
            dns::check(cloud, &proposed)
        }
        "microsoft.compute" => compute::check(cloud, &proposed),
        "microsoft.machinelearningservices" => machine_learning::check(cloud, &proposed),
        "microsoft.insights" => monitor::check(cloud, &proposed),
        "microsoft.authorization" => authorization::check(cloud, &proposed),
        _ => Ok(()),
    }
}

/// Says whether Azure would begin a removal now, as far as other writes that are going on are concerned.
///
/// # Errors
/// The error that the type's provider would give.
pub fn check_removal(cloud: &Cloud, stored: &StoredResource) -> Result<()> {
    busy::check_removal(cloud, stored)?;
    monitor::check_removal(stored)
}

/// A resource group is about to be taken away with all that is in it.
pub fn group_going(cloud: &mut Cloud, scope: &Scope) {
    peering::group_going(cloud, scope);
}

/// What a provider does beside a write.
type Effect = fn(&mut Cloud, &ResourceId);

/// What follows when a write has begun, by type.
const BEGUN: &[(&str, Effect)] = &[
    ("microsoft.network/connections", gateway::connection_begun),
    ("microsoft.keyvault/vaults", key_vault::begun),
    // Told in the first answer already (recorded: `microsoft.containerregistry_registries.jsonl`,
    // `microsoft.network_networksecuritygroups.jsonl`,
    // `microsoft.network_virtualnetworks_virtualnetworkpeerings.jsonl`).
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", peering::done),
    ("microsoft.containerregistry/registries", container_registry::done),
    ("microsoft.network/networksecuritygroups", security::done),
];

/// What follows when a write is done.
const DONE: &[(&str, Effect)] = &[
    ("microsoft.network/virtualnetworks", network::done),
    ("microsoft.network/virtualnetworks/subnets", network::subnet_done),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", peering::done),
    ("microsoft.network/networksecuritygroups", security::done),
    ("microsoft.network/routetables", security::routes_done),
    ("microsoft.network/publicipaddresses", firewall::public_address_done),
    ("microsoft.network/azurefirewalls", firewall::done),
    ("microsoft.network/firewallpolicies/rulecollectiongroups", firewall::rules_done),
    ("microsoft.network/virtualnetworkgateways", gateway::done),
    ("microsoft.network/localnetworkgateways", gateway::site_done),
    ("microsoft.network/connections", gateway::connection_done),
    ("microsoft.network/dnsresolvers", resolver::done),
    ("microsoft.network/dnsresolvers/inboundendpoints", resolver::inbound_done),
    ("microsoft.network/bastionhosts", firewall::bastion_done),
    ("microsoft.network/networkinterfaces", interface::done),
    ("microsoft.network/privateendpoints", endpoint::done),
    ("microsoft.network/privateendpoints/privatednszonegroups", dns::zone_group_done),
    ("microsoft.network/privatednszones", dns::zone_done),
    ("microsoft.network/privatednszones/virtualnetworklinks", dns::link_done),
    ("microsoft.network/privatednszones/a", dns::record_done),
    ("microsoft.compute/virtualmachines", compute::done),
    ("microsoft.compute/virtualmachines/extensions", compute::extension_done),
    ("microsoft.storage/storageaccounts", storage::done),
    ("microsoft.keyvault/vaults", key_vault::done),
    ("microsoft.keyvault/vaults/secrets", key_vault::secret_done),
    ("microsoft.keyvault/vaults/accesspolicies", key_vault::policies_done),
    ("microsoft.containerregistry/registries", container_registry::done),
    ("microsoft.machinelearningservices/workspaces", machine_learning::done),
    ("microsoft.machinelearningservices/workspaces/computes", machine_learning::compute_done),
    ("microsoft.operationalinsights/workspaces", monitor::logs_done),
    ("microsoft.insights/components", monitor::component_done),
    ("microsoft.insights/privatelinkscopes/scopedresources", monitor::scoped_done),
    ("microsoft.authorization/roleassignments", authorization::done),
];

/// What follows when a resource is about to go.
const GOING: &[(&str, Effect)] = &[
    ("microsoft.network/virtualnetworks/subnets", network::subnet_going),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", peering::going),
    ("microsoft.network/azurefirewalls", firewall::release_public_addresses),
    ("microsoft.network/bastionhosts", firewall::release_public_addresses),
    ("microsoft.network/virtualnetworkgateways", firewall::release_public_addresses),
    ("microsoft.network/privateendpoints", endpoint::going),
    ("microsoft.network/privateendpoints/privatednszonegroups", dns::zone_group_going),
    ("microsoft.network/privatednszones/virtualnetworklinks", dns::link_going),
    ("microsoft.network/privatednszones/a", dns::link_going),
    ("microsoft.compute/virtualmachines", compute::going),
    ("microsoft.compute/virtualmachines/extensions", compute::extension_going),
    ("microsoft.insights/privatelinkscopes/scopedresources", monitor::scoped_going),
];

/// Fills in what the resource's provider adds at the given moment, and changes other resources that follow from it.
pub fn runtime(cloud: &mut Cloud, id: &ResourceId, moment: Moment) {
    if moment == Moment::Done {
        managed_identity::done(cloud, id);
    }
    let effects = match moment {
        Moment::Begun => BEGUN,
        Moment::Done => DONE,
        Moment::Going => GOING,
    };
    if let Some((_, effect)) = effects.iter().find(|(kind, _)| id.is(kind)) {
        effect(cloud, id);
    }
}
