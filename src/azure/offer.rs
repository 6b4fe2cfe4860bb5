//! What is asked before a deployment beside names and sizes: limits, images, deleted log workspaces, what takes rights
//! away and what would give them. This module decides nothing.

use jiff::Timestamp;
use serde_json::Value;

use super::arm::{Arm, Lock, segment, text, unexpected};
use super::http::{ExpectedShape, Request};
use crate::domain::check::Quota;
use crate::domain::json::HasJson as _;
use crate::domain::problem::Result;

/// The id that a deny assignment has for everybody
/// (<https://learn.microsoft.com/azure/role-based-access-control/deny-assignments>).
const EVERYBODY: &str = "00000000-0000-0000-0000-000000000000";

/// A deny assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenyAssignment {
    /// Its name.
    pub name: String,
    /// What it denies, as patterns.
    pub actions: Vec<String>,
    /// What it does not deny after all.
    pub not_actions: Vec<String>,
    /// Object ids that it is for; groups among them are not resolved.
    pub principals: Vec<String>,
    /// Object ids that it is not for.
    pub excluded: Vec<String>,
}

impl DenyAssignment {
    /// Whether it is for an account, by its object id; memberships of groups are not known.
    pub fn is_for(&self, object_id: &str) -> bool {
        let has = |ids: &[String], id: &str| ids.iter().any(|each| each.eq_ignore_ascii_case(id));
        let named = has(&self.principals, EVERYBODY) || has(&self.principals, object_id);
        named && !has(&self.excluded, object_id)
    }
}

impl Arm {
    /// Limits of a service in a region and what of them is used; `namespace` such as `Microsoft.Network`.
    ///
    /// # Errors
    /// As every call.
    pub async fn usages(&self, namespace: &str, region: &str) -> Result<Vec<Quota>> {
        let rest = format!("/providers/{namespace}/locations/{}/usages", segment(region));
        self.list_of(self.within(&rest), quota).await
    }

    /// Whether a region offers a variant of an image.
    ///
    /// # Errors
    /// As every call.
    pub async fn offers_image(
        &self,
        region: &str,
        publisher: &str,
        offer: &str,
        sku: &str,
    ) -> Result<bool> {
        let rest = format!(
            "/providers/Microsoft.Compute/locations/{}/publishers/{}/artifacttypes/vmimage/offers/{}/skus",
            segment(region),
            segment(publisher),
            segment(offer),
        );
        // This list is a bare array, without `value` and pages.
        let request = Request::get(self.within(&rest)).expecting(ExpectedShape::Array);
        let answer = match self.http().send(request).await {
            Ok(answer) => answer,
            // "Artifact: VMImage was not found."
            Err(problem) if problem.code == "NotFound" => return Ok(false),
            Err(problem) => return Err(problem),
        };
        let mut skus = answer.body.as_array().into_iter().flatten();
        Ok(skus.any(|each| each.text("/name").eq_ignore_ascii_case(sku)))
    }

    /// The locks on the subscription itself and on what is in it.
    ///
    /// # Errors
    /// As every call.
    pub async fn subscription_locks(&self) -> Result<Vec<Lock>> {
        let path = self.within("/providers/Microsoft.Authorization/locks");
        let locks = self.list_of(path, Lock::of).await?;
        Ok(locks.into_iter().filter(Lock::is_on_subscription).collect())
    }

    /// The deny assignments at the subscription.
    ///
    /// # Errors
    /// As every call; few may read them.
    pub async fn deny_assignments(&self) -> Result<Vec<DenyAssignment>> {
        let path = self.within("/providers/Microsoft.Authorization/denyAssignments");
        self.list_of(path, deny_assignment).await
    }

    /// Azure's own time; on the practice cloud, where time passes at another pace, the real time there.
    ///
    /// # Errors
    /// As every call, and when no time is told.
    pub async fn clock(&self, practice: bool) -> Result<Timestamp> {
        let told = if practice {
            let answer = self.http().send(Request::get("/practice/clock")).await?;
            answer.body.text("/now").parse().ok()
        } else {
            self.now().await?
        };
        told.ok_or_else(|| unexpected("no time is told"))
    }

    /// Names of the roles at the subscription that the account may activate
    /// (<https://learn.microsoft.com/rest/api/authorization/role-eligibility-schedule-instances/list-for-scope>).
    ///
    /// # Errors
    /// As every call; without Privileged Identity Management there is no such list.
    pub async fn eligible_roles(&self) -> Result<Vec<String>> {
        let path = self.within(
            "/providers/Microsoft.Authorization/roleEligibilityScheduleInstances?$filter=asTarget()&\
             api-version=2020-10-01",
        );
        let role = ["properties", "expandedProperties", "roleDefinition", "displayName"];
        let items: Vec<Value> = self.list(path).await?;
        Ok(items.iter().filter_map(|item| text(item, &role)).collect())
    }
}

/// A limit of any service: what it is called stands in two places.
pub(super) fn quota(item: &Value) -> Option<Quota> {
    let number = |key: &str| item.get(key).and_then(Value::as_i64);
    let name = text(item, &["name", "value"])?;
    Some(Quota {
        display: text(item, &["name", "localizedValue"]).unwrap_or_else(|| name.clone()),
        name,
        used: number("currentValue")?,
        limit: number("limit")?,
    })
}

fn deny_assignment(item: &Value) -> Option<DenyAssignment> {
    let all = item.get("properties")?;
    let texts = |item: &Value, key: &str| -> Vec<String> {
        item.items(key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let permissions = all.items("/permissions");
    let of = |key: &str| permissions.iter().flat_map(|each| texts(each, key)).collect();
    let ids = |key: &str| all.items(key).iter().filter_map(|each| text(each, &["id"])).collect();
    Some(DenyAssignment {
        name: text(all, &["denyAssignmentName"])?,
        actions: of("/actions"),
        not_actions: of("/notActions"),
        principals: ids("/principals"),
        excluded: ids("/excludePrincipals"),
    })
}
