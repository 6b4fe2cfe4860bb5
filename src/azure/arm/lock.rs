//! Locks, which keep people from deleting or changing what carries them.
//!
//! Source: <https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources>.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Arm, text};
use crate::domain::problem::Result;

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Its id, behind that of what it is on.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `CanNotDelete` or `ReadOnly`.
    pub level: String,
}

impl Lock {
    /// A lock of a list.
    pub(in crate::azure) fn of(item: &Value) -> Option<Self> {
        Some(Self {
            id: text(item, &["id"])?,
            name: text(item, &["name"])?,
            level: text(item, &["properties", "level"]).unwrap_or_default(),
        })
    }

    /// What the lock is on: a subscription, a group or a resource.
    pub fn scope(&self) -> &str {
        let lowered = self.id.to_ascii_lowercase();
        let end = lowered.rfind("/providers/microsoft.authorization/locks/");
        end.and_then(|end| self.id.get(..end)).unwrap_or(&self.id)
    }

    /// True for a lock on a whole subscription.
    pub fn is_on_subscription(&self) -> bool {
        !self.scope().to_ascii_lowercase().contains("/resourcegroups/")
    }
}

impl Arm {
    /// The locks that stand in the way of a group: on the subscription, on the group and on what is in it.
    ///
    /// # Errors
    /// As every call. Whoever may not see the subscription's locks gets those of the group.
    pub async fn locks(&self, group: &str) -> Result<Vec<Lock>> {
        const AT: &str = "/providers/Microsoft.Authorization/locks";
        let mut found = self.list_of(self.in_group(group, AT), Lock::of).await?;
        let whole = self.within(AT);
        match self.list_of(whole, Lock::of).await {
            Ok(locks) => found.extend(locks),
            Err(problem) if problem.code == "AuthorizationFailed" => {}
            Err(problem) => return Err(problem),
        }
        let mut locks: Vec<Lock> = Vec::new();
        let ours = format!("/resourcegroups/{}", group.to_ascii_lowercase());
        for lock in found {
            let scope = lock.scope().to_ascii_lowercase();
            let concerns = lock.is_on_subscription()
                || scope.ends_with(&ours)
                || scope.contains(&format!("{ours}/"));
            let known = locks.iter().any(|each| each.id.eq_ignore_ascii_case(&lock.id));
            if concerns && !known {
                locks.push(lock);
            }
        }
        Ok(locks)
    }

    /// Removes a lock. One that is not there counts as removed.
    ///
    /// # Errors
    /// As every call.
    pub async fn remove_lock(&self, lock: &Lock) -> Result<()> {
        self.delete_resource(&lock.id).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_says_what_it_is_on() {
        let on = |scope: &str| Lock {
            id: format!("{scope}/providers/Microsoft.Authorization/locks/keep"),
            name: "keep".into(),
            level: "CanNotDelete".into(),
        };
        let group = "/subscriptions/s/resourceGroups/rg-a";
        assert_eq!(on(group).scope(), group);
        assert!(!on(group).is_on_subscription());
        assert!(on("/subscriptions/s").is_on_subscription());
        let vault = format!("{group}/providers/Microsoft.KeyVault/vaults/kv");
        assert_eq!(on(&vault).scope(), vault);
    }
}
