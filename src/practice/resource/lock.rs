//! Locks: a lock on a resource, its group or its subscription keeps others from deleting or changing it.
//!
//! Source: <https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources>.

use crate::practice::identifier::ResourceId;
use crate::practice::reply::Result;
use crate::practice::state::Cloud;

const LOCKS: &str = "/providers/microsoft.authorization/locks/";

/// Whether something below the given lower-case path may not be deleted.
///
/// # Errors
/// `ScopeLocked` with the lock's path.
pub fn deletion_lock(cloud: &Cloud, subscription: &str, path: &str) -> Result<()> {
    // A lock on a child also stands in the way of deleting what holds it.
    find(cloud, subscription, path, "delete", &["CanNotDelete", "ReadOnly"], true)
}

/// Whether a resource may not be written.
///
/// # Errors
/// `ScopeLocked` with the lock's path.
pub(super) fn write_lock(cloud: &Cloud, id: &ResourceId) -> Result<()> {
    find(cloud, &id.subscription, &id.key(), "write", &["ReadOnly"], false)
}

fn find(
    cloud: &Cloud,
    subscription: &str,
    path: &str,
    act: &str,
    levels: &[&str],
    below_too: bool,
) -> Result<()> {
    let path = path.to_ascii_lowercase();
    // Every write comes by here: what is no lock costs no more than a look at its type.
    let locks =
        cloud.resources(subscription).filter(|stored| stored.is("Microsoft.Authorization/locks"));
    for stored in locks {
        let key = stored.id.key();
        let Some((locked, _)) = key.split_once(LOCKS) else { continue };
        let above = path == locked || path.starts_with(&format!("{locked}/"));
        let below = below_too && locked.starts_with(&format!("{path}/"));
        // The lock itself can always be written and removed.
        let itself = path.contains(LOCKS);
        if (above || below) && !itself && levels.contains(&stored.text("/properties/level")) {
            return Err(conflict!(
                "ScopeLocked",
                "The scope '{path}' cannot perform {act} operation because following scope(s) are locked: \
                 '{locked}'. Please remove the lock and try again."
            ));
        }
    }
    Ok(())
}
