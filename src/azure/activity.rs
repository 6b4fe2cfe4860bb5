//! The activity log: who has changed what in a resource group.
//!
//! It reads only, and knows nothing of environments. Azure keeps ninety days
//! (<https://learn.microsoft.com/azure/azure-monitor/platform/activity-log>).

use jiff::Timestamp;
use serde_json::Value;

use super::arm::{Arm, segment, text, versioned};
use crate::domain::problem::Result;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// When, by Azure's clock.
    pub time: Timestamp,
    /// A person's name, or an application's id.
    pub caller: String,
    /// Such as `Microsoft.Network/routeTables/write`.
    pub operation: String,
    /// Id of the resource.
    pub resource_id: String,
    /// Ties it to a request or a deployment.
    pub correlation_id: String,
}

impl Arm {
    /// The changes in a group between two moments, newest first. Attempts and steps in between are left out.
    ///
    /// # Errors
    /// As every call.
    pub async fn activity(
        &self,
        group: &str,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Activity>> {
        let filter = format!(
            "eventTimestamp ge '{since}' and eventTimestamp le '{until}' and resourceGroupName eq '{group}'"
        );
        let select = "caller,correlationId,eventTimestamp,operationName,resourceId,status";
        let rest = format!(
            "/providers/Microsoft.Insights/eventtypes/management/values?$filter={}&$select={select}",
            segment(&filter)
        );
        let items: Vec<Value> = self.list(versioned(&self.within_plain(&rest))).await?;
        Ok(items.iter().filter_map(activity).collect())
    }
}

fn activity(item: &Value) -> Option<Activity> {
    let status = text(item, &["status", "value"])?;
    let operation = text(item, &["operationName", "value"])?;
    let changes = ["/write", "/delete", "/action"].iter().any(|end| operation.ends_with(end));
    if status != "Succeeded" || !changes {
        return None;
    }
    Some(Activity {
        time: text(item, &["eventTimestamp"])?.parse().ok()?,
        caller: text(item, &["caller"]).unwrap_or_default(),
        resource_id: text(item, &["resourceId"])?,
        correlation_id: text(item, &["correlationId"]).unwrap_or_default(),
        operation,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_succeeded_and_changed_something_counts() {
        let entry = |operation: &str, status: &str| {
            json!({"eventTimestamp": "2026-01-01T00:00:00.5Z", "caller": "a@b.example", "resourceId": "/x",
                   "operationName": {"value": operation}, "status": {"value": status}})
        };
        for (operation, status, counts) in [
            ("Microsoft.Network/routeTables/write", "Succeeded", true),
            ("Microsoft.Network/routeTables/delete", "Succeeded", true),
            ("Microsoft.Network/routeTables/write", "Started", false),
            ("Microsoft.Network/routeTables/write", "Failed", false),
            ("Microsoft.Network/routeTables/read", "Succeeded", false),
        ] {
            assert_eq!(
                activity(&entry(operation, status)).is_some(),
                counts,
                "{operation} {status}"
            );
        }
    }
}
