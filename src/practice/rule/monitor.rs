//! Azure Monitor: log workspaces, Application Insights, private link scopes, diagnostic settings.

use serde_json::{Value, json};

use super::{Proposed, child};
use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource};

const SETTING: &str = "Microsoft.Insights/diagnosticSettings";
/// Where a resource tells which private link scopes name it.
const SCOPED: &str = "/properties/privateLinkScopedResources";
/// Diagnostic settings that one resource may have.
const MOST_SETTINGS: usize = 5;

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is("Microsoft.OperationalInsights/workspaces") {
        let days = proposed.get("/properties/retentionInDays").and_then(Value::as_i64);
        if days.is_some_and(|days| days != -1 && days != 7 && !(30..=730).contains(&days)) {
            return Err(bad_request!(
                "InvalidParameter",
                "'RetentionInDays' property doesn't match the SKU limits: it must be between 30 and 730 days."
            ));
        }
    }
    if !proposed.is(SETTING) {
        return Ok(());
    }
    let destinations = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId"];
    let has_destination =
        destinations.iter().any(|name| proposed.get(&format!("/properties/{name}")).is_some());
    if !has_destination {
        return Err(bad_request!(
            "BadRequest",
            "At least one data sink needs to be specified for a diagnostic setting."
        ));
    }
    let old = ["logs", "metrics"]
        .iter()
        .flat_map(|list| proposed.items(&format!("/properties/{list}")))
        .any(|item| item.flag("/retentionPolicy/enabled"));
    if old {
        return Err(bad_request!(
            "BadRequest",
            "Diagnostic settings does not support retention for new diagnostic settings."
        ));
    }
    let both = proposed.items("/properties/logs").iter().any(|item| {
        let has = |name: &str| item.get(name).is_some_and(|value| !value.is_null());
        has("category") && has("categoryGroup")
    });
    if both {
        return Err(bad_request!(
            "BadRequest",
            "A log of a diagnostic setting has either a category or a category group, not both."
        ));
    }
    Ok(())
}

/// Types that have no logs: `allLogs` on them is refused.
const WITHOUT_LOGS: [&str; 3] = [
    "Microsoft.Network/networkInterfaces",
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Network/routeTables",
];

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(SETTING) {
        return Ok(());
    }
    let Some(target) = proposed.id.target() else { return Ok(()) };
    let logs = proposed.items("/properties/logs");
    if !logs.is_empty() && WITHOUT_LOGS.iter().any(|kind| target.is(kind)) {
        return Err(bad_request!(
            "BadRequest",
            "Resource type '{}' does not support log categories.",
            target.resource_type()
        ));
    }
    let prefix = format!("{}/providers/microsoft.insights/diagnosticsettings/", target.key());
    let settings = cloud.resources_in(&proposed.id.scope()).map(|resource| resource.id.key());
    let others = settings.filter(|key| key.starts_with(&prefix) && *key != proposed.id.key());
    if others.count() >= MOST_SETTINGS {
        return Err(conflict!(
            "Conflict",
            "The resource {target} has reached the limit of {MOST_SETTINGS} diagnostic settings."
        ));
    }
    Ok(())
}

/// A log store that a private link scope names cannot be deleted
/// (<https://learn.microsoft.com/azure/azure-monitor/logs/private-link-configure>). The code is unrecorded.
pub(super) fn check_removal(stored: &StoredResource) -> Result<()> {
    if stored.runtime.items(SCOPED).is_empty() {
        return Ok(());
    }
    Err(conflict!(
        "Conflict",
        "Resource '{}' is connected to a private link scope and cannot be deleted before it is removed from the \
         scope.",
        stored.id
    ))
}

pub(super) fn logs_done(cloud: &mut Cloud, id: &ResourceId) {
    let moments =
        cloud.resource(id).map(|found| (found.created.to_string(), found.changed.to_string()));
    let (created, changed) = moments.unwrap_or_default();
    child::show_properties!(cloud, id, {
        "customerId": child::identifier(cloud, id, "customer"),
        "createdDate": created,
        "modifiedDate": changed,
        "workspaceCapping": { "dailyQuotaGb": -1.0, "dataIngestionStatus": "RespectQuota" },
    });
}

pub(super) fn component_done(cloud: &mut Cloud, id: &ResourceId) {
    let application = child::identifier(cloud, id, "application");
    let key = child::identifier(cloud, id, "instrumentation");
    let region = child::location(cloud, id);
    child::show_properties!(cloud, id, {
        "AppId": application,
        "ApplicationId": id.name(),
        "InstrumentationKey": key,
        "ConnectionString": format!("InstrumentationKey={key};IngestionEndpoint=https://\
         {region}-5.in.applicationinsights.azure.com/;ApplicationId={application}"),
        "Name": id.name(),
        "CreationDate": child::created(cloud, id),
        "Flow_Type": "Bluefield",
        "Request_Source": "rest",
    });
}

/// Both ends of a scoped resource tell of each other.
pub(super) fn scoped_done(cloud: &mut Cloud, id: &ResourceId) {
    show_link(cloud, id, true);
}

pub(super) fn scoped_going(cloud: &mut Cloud, id: &ResourceId) {
    show_link(cloud, id, false);
}

fn show_link(cloud: &mut Cloud, id: &ResourceId, present: bool) {
    let Some(linked) = child::id_at(cloud, id, "/properties/linkedResourceId") else { return };
    let own = id.to_string();
    let mut list = child::shown(cloud, &linked, SCOPED);
    list.retain(|item| item.text("/resourceId") != own);
    if present {
        let scope =
            id.parent().map_or_else(String::new, |scope| child::identifier(cloud, &scope, "scope"));
        list.push(json!({ "resourceId": own, "scopeId": scope }));
    }
    child::show_properties!(cloud, &linked, { "privateLinkScopedResources": list });
}
