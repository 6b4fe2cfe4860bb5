//! Deleting a resource: refused while locked or in use, then under way for a while, then gone.

use jiff::SignedDuration;

use super::{lock, view, write};
use crate::practice::asynchronous::{self, RESULT, STATUS};
use crate::practice::catalog;
use crate::practice::catalog::kind::ResourceType;
use crate::practice::clock::later;
use crate::practice::identifier::ResourceId;
use crate::practice::reply::{Reply, Result};
use crate::practice::request::Request;
use crate::practice::state::{Cloud, StoredResource, What};
use crate::practice::{json, rule};
use crate::template::duration::{Durations, kind};

/// Network resources that cannot go while another one names them, with Azure's code for it.
const HELD: [(&str, &str); 7] = [
    ("microsoft.network/virtualnetworks", "InUseSubnetCannotBeDeleted"),
    ("microsoft.network/virtualnetworks/subnets", "InUseSubnetCannotBeDeleted"),
    ("microsoft.network/networksecuritygroups", "InUseNetworkSecurityGroupCannotBeDeleted"),
    ("microsoft.network/routetables", "InUseRouteTableCannotBeDeleted"),
    ("microsoft.network/publicipaddresses", "PublicIPAddressCannotBeDeleted"),
    ("microsoft.network/networkinterfaces", "NicInUse"),
    ("microsoft.network/firewallpolicies", "FirewallPolicyInUse"),
];

/// How long a deletion takes, in simulated time.
pub fn removal_span(stored: &StoredResource) -> SignedDuration {
    let times = Durations::embedded().of(&stored.resource_type, kind(&stored.body));
    SignedDuration::from_secs(i64::from(times.delete.typical))
}

/// Answers a DELETE.
pub(super) fn delete(cloud: &mut Cloud, request: &Request, id: &ResourceId) -> Result<Reply> {
    if cloud.resource(id).is_none() {
        if is_final(request, id) {
            purge(cloud, id);
        }
        // Recorded: `microsoft.network_virtualnetworks_virtualnetworkpeerings.jsonl#18`.
        let missing = super::handle::first_missing(cloud, id);
        if missing.key() != id.key() {
            return Err(super::handle::missing(&missing));
        }
        return Ok(Reply::empty(204));
    }
    admit(cloud, request, id)?;
    if is_final(request, id) {
        purge(cloud, id);
    }
    let Some(stored) = cloud.resource(id) else { return Ok(Reply::empty(204)) };
    let span = removal_span(stored);
    if ResourceType::of(&id.resource_type()).is_none_or(ResourceType::goes_at_once) {
        // A role assignment is shown once more (recorded: `microsoft.authorization_roleassignments.jsonl#1`).
        let last =
            id.is("Microsoft.Authorization/roleAssignments").then(|| view::render(cloud, stored));
        gone(cloud, id, None);
        return Ok(last.map_or_else(|| Reply::empty(200), Reply::ok));
    }
    if let Some(stored) = cloud.resource_mut(id) {
        "Deleting".clone_into(&mut stored.provisioning_state);
    }
    let due = later(cloud.now(), span);
    let operation = asynchronous::begin(cloud, due, None);
    cloud.schedule(due, What::ResourceGone { id: id.clone(), operation: Some(operation.clone()) });
    Ok(asynchronous::accepted(cloud, request, id.namespace(), &operation, &[STATUS, RESULT]))
}

/// Whether Azure would begin to delete a resource that is there.
fn admit(cloud: &Cloud, request: &Request, id: &ResourceId) -> Result<()> {
    let Some(stored) = cloud.resource(id) else { return Ok(()) };
    lock::deletion_lock(cloud, &id.subscription, &id.key())?;
    if stored.is_busy() {
        return Err(write::busy(id, &stored.provisioning_state));
    }
    says_what_becomes_of_nodes(request, id)?;
    rule::check_removal(cloud, stored)?;
    check_nested(cloud, stored)?;
    check_unused(cloud, stored)
}

/// Whether it is to be deleted for good: workspaces of two kinds have a flag for it, each its own.
fn is_final(request: &Request, id: &ResourceId) -> bool {
    let asked =
        |name: &str| request.query(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let logs = id.is("Microsoft.OperationalInsights/workspaces");
    asked("forcetopurge") || logs && asked("force")
}

/// A workspace for machine learning can be deleted for good, now or after it went into the recycle bin.
fn purge(cloud: &mut Cloud, id: &ResourceId) {
    let key = id.key();
    cloud.root.deleted.retain(|gone| !gone.id.eq_ignore_ascii_case(&key));
    if let Some(stored) = cloud.resource_mut(id) {
        json::merge(&mut stored.runtime, serde_json::json!({ "purge": true }));
    }
}

/// A compute is removed or only let go, and the caller must say which (reference of `Compute - Delete`).
fn says_what_becomes_of_nodes(request: &Request, id: &ResourceId) -> Result<()> {
    let is_compute = id.is("Microsoft.MachineLearningServices/workspaces/computes");
    let told = request
        .query("underlyingresourceaction")
        .is_some_and(|word| ["delete", "detach"].contains(&word.to_ascii_lowercase().as_str()));
    if !is_compute || told {
        return Ok(());
    }
    Err(bad_request!(
        "BadRequest",
        "The query parameter underlyingResourceAction is required: Delete or Detach."
    ))
}

/// A zone goes after its links.
fn check_nested(cloud: &Cloud, stored: &StoredResource) -> Result<()> {
    if !stored.is("Microsoft.Network/privateDnsZones") {
        return Ok(());
    }
    let Some(linked) = cloud.children(&stored.id, "virtualNetworkLinks").next() else {
        return Ok(());
    };
    Err(conflict!(
        "CannotDeleteResource",
        "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '{}/{}'. \
         Please delete all nested resources before deleting this resource.",
        linked.id.resource_type(),
        linked.id.full_name()
    ))
}

fn check_unused(cloud: &Cloud, stored: &StoredResource) -> Result<()> {
    let lowered = stored.resource_type.to_ascii_lowercase();
    let Some((_, code)) = HELD.iter().find(|(known, _)| *known == lowered) else { return Ok(()) };
    let key = stored.id.key();
    // What stands in a network names one of its subnets; links and peerings name the network and do not hold it.
    let below = if lowered == "microsoft.network/virtualnetworks" { "/subnets/" } else { "" };
    let named = format!("\"{key}{below}");
    let user = cloud.resources(&stored.id.subscription).find(|other| {
        let other_key = other.id.key();
        let related = other_key.starts_with(&key) || key.starts_with(&other_key);
        !related && other.body.to_string().to_ascii_lowercase().contains(&named)
    });
    let Some(user) = user else { return Ok(()) };
    Err(bad_request!(*code, "{} is in use by {} and cannot be deleted.", stored.id, user.id))
}

/// A deletion has ended: the resource goes with its children, and its name into the recycle bin where its type has one.
pub fn gone(cloud: &mut Cloud, id: &ResourceId, operation: Option<&str>) {
    let kept = cloud.resource(id).filter(|stored| stored.get("/purge").is_none());
    if let Some(stored) = kept.cloned() {
        catalog::remember(cloud, &stored);
    }
    write::remove(cloud, id);
    asynchronous::succeed(cloud, operation);
}
