//! Deleting a resource: refused while locked or in use, then under way for a while, then gone.

use jiff::SignedDuration;

use super::{lock, write};
use crate::{
    practice::{
        asynchronous,
        catalog::{
            self,
            kind::{Kind, Writing},
        },
        clock::later,
        identifier::ResourceId,
        reply::{ArmError, Reply},
        request::Request,
        state::{Cloud, OperationStatus, StoredResource, What},
    },
    template::duration::{Durations, kind},
};

/// Network resources that cannot go while another one names them, with Azure's code for it.
const HELD: [(&str, &str); 6] = [
    (
        "microsoft.network/virtualnetworks/subnets",
        "InUseSubnetCannotBeDeleted",
    ),
    (
        "microsoft.network/networksecuritygroups",
        "InUseNetworkSecurityGroupCannotBeDeleted",
    ),
    (
        "microsoft.network/routetables",
        "InUseRouteTableCannotBeDeleted",
    ),
    (
        "microsoft.network/publicipaddresses",
        "PublicIPAddressCannotBeDeleted",
    ),
    ("microsoft.network/networkinterfaces", "NicInUse"),
    ("microsoft.network/firewallpolicies", "FirewallPolicyInUse"),
];

/// How long a deletion takes, in simulated time.
#[must_use]
pub fn removal_span(stored: &StoredResource) -> SignedDuration {
    let times = Durations::embedded().of(&stored.resource_type, kind(&stored.body));
    SignedDuration::from_secs(i64::from(times.delete.typical))
}

/// Answers a DELETE.
pub(super) fn delete(
    cloud: &mut Cloud,
    request: &Request,
    id: &ResourceId,
) -> Result<Reply, ArmError> {
    if request
        .query("forcetopurge")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    {
        purge(cloud, id);
    }
    let Some(stored) = cloud.resource(id) else {
        return Ok(Reply::empty(204));
    };
    lock::deletion_lock(cloud, &id.subscription, &id.key())?;
    if stored.is_busy() {
        return Err(ArmError::new(
            409,
            "AnotherOperationInProgress",
            format!(
                "Another operation on this or dependent resource is in progress. The resource '{id}' is in state '{}'.",
                stored.provisioning_state
            ),
        ));
    }
    check_unused(cloud, stored)?;
    let span = removal_span(stored);
    let at_once = Kind::of(&id.resource_type())
        .is_none_or(|kind| matches!(kind.writing, Writing::AtOnce | Writing::AtOnceCreated));
    if at_once {
        gone(cloud, id, None);
        return Ok(Reply::empty(200));
    }
    if let Some(stored) = cloud.resource_mut(id) {
        "Deleting".clone_into(&mut stored.provisioning_state);
    }
    let due = later(cloud.now(), span);
    let operation = asynchronous::begin(cloud, due, None);
    cloud.schedule(
        due,
        What::ResourceGone {
            id: id.clone(),
            operation: Some(operation.clone()),
        },
    );
    let scope = format!("/subscriptions/{}", id.subscription);
    let reply = Reply::empty(202)
        .header(
            "azure-asyncoperation",
            asynchronous::status_url(request, &scope, id.namespace(), &operation),
        )
        .header(
            "location",
            asynchronous::location_url(request, &scope, id.namespace(), &operation),
        );
    Ok(asynchronous::with_pause(
        reply,
        cloud,
        asynchronous::POLL_PAUSE,
    ))
}

/// A workspace for machine learning can be deleted for good, now or after it went into the recycle bin.
fn purge(cloud: &mut Cloud, id: &ResourceId) {
    let key = id.key();
    cloud
        .root
        .deleted
        .retain(|gone| !gone.id.eq_ignore_ascii_case(&key));
    if let Some(stored) = cloud.resource_mut(id) {
        let mark = serde_json::json!({ "purge": true });
        super::view::merge(&mut stored.runtime, &mark);
    }
}

fn check_unused(cloud: &Cloud, stored: &StoredResource) -> Result<(), ArmError> {
    let lowered = stored.resource_type.to_ascii_lowercase();
    let Some((_, code)) = HELD.iter().find(|(known, _)| *known == lowered) else {
        return Ok(());
    };
    let key = stored.id.key();
    let named = format!("\"{key}");
    let user = cloud.resources(&stored.id.subscription).find(|other| {
        let other_key = other.id.key();
        let related = other_key.starts_with(&key) || key.starts_with(&other_key);
        !related && other.body.to_string().to_ascii_lowercase().contains(&named)
    });
    user.map_or(Ok(()), |user| {
        Err(ArmError::new(
            400,
            *code,
            format!(
                "{} is in use by {} and cannot be deleted.",
                stored.id, user.id
            ),
        ))
    })
}

/// A deletion has ended: the resource goes with its children, and its name into the recycle bin where its type has one.
pub fn gone(cloud: &mut Cloud, id: &ResourceId, operation: Option<&str>) {
    let kept = cloud
        .resource(id)
        .filter(|stored| stored.get("/purge").is_none());
    if let Some(stored) = kept.cloned() {
        catalog::remember(cloud, &stored);
    }
    write::remove(cloud, id);
    if let Some(operation) = operation {
        asynchronous::end(cloud, operation, OperationStatus::Succeeded, None);
    }
}
