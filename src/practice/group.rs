//! Resource groups: made, changed, found by tag, deleted with all that is in them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::asynchronous::{self, RESULT};
use super::catalog::location;
use super::clock::later;
use super::identifier::{ResourceId, Scope};
use super::json::HasJson as _;
use super::reply::{ArmError, Reply, Result};
use super::request::Request;
use super::state::{Cloud, StoredGroup, StoredResource, What};
use super::{resource, rule};

/// The answer for a group that is not there.
pub fn not_found(name: &str) -> Reply {
    unknown(name).into()
}

/// The refusal of what concerns a group that is not there.
pub fn unknown(name: &str) -> ArmError {
    arm_error!(404, "ResourceGroupNotFound", "Resource group '{name}' could not be found.")
}

/// `GET /subscriptions/{id}/resourcegroups`.
pub fn list(cloud: &Cloud, request: &Request) -> Reply {
    let filter = resource::Filter::of(request.query("$filter").unwrap_or(""));
    let rows: Vec<&StoredGroup> = cloud
        .groups(request.segment(1))
        .filter(|group| filter.admits_tags(Some(&group.tags)))
        .collect();
    resource::page_of(request, &rows, |group| view(group))
}

/// Answers a request for one group.
pub fn handle(cloud: &mut Cloud, request: &Request) -> Reply {
    let (subscription, name) = (request.segment(1).to_owned(), request.segment(3).to_owned());
    let scope = Scope::group(&subscription, &name);
    match request.method.as_str() {
        "PUT" => put(cloud, request, &scope, &name).into(),
        "HEAD" => Reply::empty(if cloud.group(&scope).is_some() { 204 } else { 404 }),
        "GET" => {
            cloud.group(&scope).map_or_else(|| not_found(&name), |group| Reply::ok(view(group)))
        }
        "PATCH" => patch(cloud, request, &scope, &name),
        "DELETE" => delete(cloud, request, &scope, &name).into(),
        _ => fault!(405, "MethodNotAllowed", "The method is not allowed here."),
    }
}

fn view(group: &StoredGroup) -> Value {
    json!({
        "id": group.id(),
        "name": group.name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.location,
        "tags": group.tags,
        "properties": { "provisioningState": group.provisioning_state },
    })
}

fn tags(body: &Value) -> Option<Map<String, Value>> {
    body.get("tags").and_then(Value::as_object).cloned()
}

/// Rules of the name: <https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules>.
fn is_name(name: &str) -> bool {
    (1..=90).contains(&name.chars().count())
        && !name.ends_with('.')
        && name.chars().all(|c| c.is_alphanumeric() || "-_.()".contains(c))
}

fn put(cloud: &mut Cloud, request: &Request, scope: &Scope, name: &str) -> Result<Reply> {
    if !is_name(name) {
        return Err(bad_request!(
            "InvalidResourceGroup",
            "The provided resource group name '{name}' has these invalid characters or length."
        ));
    }
    let wanted = request.body.text("/location");
    let Some(place) = location::of(wanted) else {
        let (code, message) = if wanted.is_empty() {
            (
                "LocationRequired",
                "The location property is required for this definition.".to_owned(),
            )
        } else {
            (
                "LocationNotAvailableForResourceGroup",
                format!("The provided location '{wanted}' is not available for resource group."),
            )
        };
        return Err(ArmError::new(400, code, message));
    };
    let now = cloud.now();
    if let Some(group) = cloud.group(scope) {
        if group.is_being_deleted() {
            return Err(being_deleted(name));
        }
        if group.location != place.name {
            return Err(conflict!(
                "InvalidResourceGroupLocation",
                "Invalid resource group location '{wanted}'. The Resource group already exists in location '{}'.",
                group.location
            ));
        }
    }
    if cloud.fault("region-outage").is_some() && cloud.group(scope).is_none() {
        return Err(arm_error!(
            503,
            "ServiceUnavailable",
            "The region '{}' is not available at the moment.",
            place.name
        ));
    }
    let status = if cloud.group(scope).is_some() { 200 } else { 201 };
    if status == 201 {
        cloud.put_group(StoredGroup::new(request.segment(1), name, &place.name, now));
    }
    let Some(group) = cloud.group_mut(scope) else { return Ok(not_found(name)) };
    group.tags = tags(&request.body).unwrap_or_default();
    group.changed = now;
    Ok(Reply::of(status, view(group)))
}

fn patch(cloud: &mut Cloud, request: &Request, scope: &Scope, name: &str) -> Reply {
    let now = cloud.now();
    let Some(group) = cloud.group_mut(scope) else { return not_found(name) };
    if group.is_being_deleted() {
        return being_deleted(name).into();
    }
    if let Some(tags) = tags(&request.body) {
        group.tags = tags;
        group.changed = now;
    }
    Reply::ok(view(group))
}

/// The refusal of what concerns a group that is going.
pub fn being_deleted(name: &str) -> ArmError {
    conflict!(
        "ResourceGroupBeingDeleted",
        "The resource group '{name}' is in deprovisioning state and cannot perform this operation."
    )
}

/// Begins a deletion: what stands on others goes first, each resource at its own time, the group last.
fn delete(cloud: &mut Cloud, request: &Request, scope: &Scope, name: &str) -> Result<Reply> {
    let Some(group) = cloud.group(scope) else { return Ok(not_found(name)) };
    let path = group.id();
    if group.is_being_deleted() {
        return Err(being_deleted(name));
    }
    resource::deletion_lock(cloud, &scope.subscription, &path)?;
    let (schedule, end) = removal_schedule(cloud, scope);
    let operation = asynchronous::begin(cloud, end, None);
    for (id, due) in schedule {
        cloud.schedule(due, What::ResourceGone { id, operation: None });
    }
    cloud.schedule(
        end,
        What::GroupGone { scope: scope.clone(), operation: Some(operation.clone()) },
    );
    if let Some(group) = cloud.group_mut(scope) {
        "Deleting".clone_into(&mut group.provisioning_state);
    }
    Ok(asynchronous::accepted(cloud, request, "Microsoft.Resources", &operation, &[RESULT]))
}

/// When each resource of a group goes, and when the group does.
fn removal_schedule(cloud: &Cloud, scope: &Scope) -> (Vec<(ResourceId, Timestamp)>, Timestamp) {
    let mut stages: BTreeMap<u8, Vec<&StoredResource>> = BTreeMap::new();
    for stored in cloud.resources_in(scope).filter(|stored| stored.id.parent().is_none()) {
        stages.entry(stage(&stored.resource_type)).or_default().push(stored);
    }
    let mut schedule = Vec::new();
    let mut begin = cloud.now();
    for stage in stages.into_values() {
        let mut end = begin;
        for stored in stage {
            let due = later(begin, resource::removal_span(stored));
            end = end.max(due);
            schedule.push((stored.id.clone(), due));
        }
        begin = end;
    }
    (schedule, later(begin, SignedDuration::from_secs(15)))
}

/// What must be gone before what: smaller goes first.
fn stage(resource_type: &str) -> u8 {
    match resource_type.to_ascii_lowercase().as_str() {
        "microsoft.network/virtualnetworks"
        | "microsoft.network/privatednszones"
        | "microsoft.network/publicipaddresses"
        | "microsoft.network/networkinterfaces"
        | "microsoft.network/firewallpolicies"
        | "microsoft.storage/storageaccounts"
        | "microsoft.keyvault/vaults"
        | "microsoft.containerregistry/registries"
        | "microsoft.managedidentity/userassignedidentities"
        | "microsoft.insights/components" => 1,
        "microsoft.network/networksecuritygroups"
        | "microsoft.network/routetables"
        | "microsoft.network/serviceendpointpolicies"
        | "microsoft.operationalinsights/workspaces" => 2,
        _ => 0,
    }
}

/// A deletion has ended. What was still due for the group happens no more.
pub fn gone(cloud: &mut Cloud, scope: &Scope, operation: Option<&str>) {
    rule::group_going(cloud, scope);
    cloud.remove_group(scope);
    cloud.root.drop_events(|what| match what {
        What::DeploymentStep { scope: of, .. } => of == scope,
        What::ResourceDone { id, .. }
        | What::ResourceGone { id, .. }
        | What::ActionDone { id, .. } => id.scope() == *scope,
        _ => false,
    });
    asynchronous::succeed(cloud, operation);
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::*;
    use crate::practice::testing::{Bench, in_group, subscription};

    fn path(name: &str) -> String {
        format!("{}/resourcegroups/{name}", subscription())
    }

    #[test]
    fn a_group_is_made_found_by_its_tag_and_changed() {
        let mut bench = Bench::new();
        let body = json!({ "location": "West Europe", "tags": {"privateaml": "test"} });
        assert_eq!(bench.put(&path("rg-a"), body.clone()).status, 201);
        assert_eq!(bench.put(&path("RG-A"), body).status, 200);
        assert_eq!(bench.ask(Method::HEAD, &path("rg-a"), Value::Null).status, 204);
        assert_eq!(bench.ask(Method::HEAD, &path("rg-b"), Value::Null).status, 404);
        let filter = format!(
            "{}/resourcegroups?$filter=tagname eq 'privateaml' and tagvalue eq 'test'",
            subscription()
        );
        let found = bench.get(&filter);
        assert_eq!(found.body["value"][0]["name"], "rg-a");
        let patched = bench.ask(Method::PATCH, &path("rg-a"), json!({ "tags": {} }));
        assert_eq!(patched.body["tags"], json!({}));
        assert_eq!(bench.get(&filter).body["value"], json!([]));
        let moved = bench.put(&path("rg-a"), json!({ "location": "eastus" }));
        assert_eq!(Bench::code(&moved), "InvalidResourceGroupLocation");
    }

    #[test]
    fn a_deletion_ends_in_its_time_and_leaves_the_vaults_name_behind() {
        let mut bench = Bench::with_group();
        let vault =
            format!("{}?api-version=2026-02-01", in_group("Microsoft.KeyVault/vaults/kv-test1234"));
        let body = json!({ "location": "westeurope", "properties": {
            "tenantId": crate::practice::TENANT, "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": true, "accessPolicies": [],
        }});
        bench.make(&vault, body);
        let begun = bench.delete(&path("rg-test"));
        assert_eq!(begun.status, 202);
        let location = begun.get("location").unwrap().to_owned();
        assert_eq!(bench.get(&location).status, 202);
        let refused = bench.put(&path("rg-test"), json!({ "location": "westeurope" }));
        assert_eq!(Bench::code(&refused), "ResourceGroupBeingDeleted");
        bench.pass(3600);
        assert_eq!(bench.get(&location).status, 200);
        assert_eq!(Bench::code(&bench.get(&path("rg-test"))), "ResourceGroupNotFound");
        let providers = format!("{}/providers/Microsoft.KeyVault", subscription());
        let deleted = bench.get(&format!("{providers}/deletedVaults"));
        assert_eq!(deleted.body["value"][0]["name"], "kv-test1234");
        let question = json!({ "name": "kv-test1234", "type": "Microsoft.KeyVault/vaults" });
        let taken = bench.post(&format!("{providers}/checkNameAvailability"), question.clone());
        assert_eq!(taken.body["nameAvailable"], false);
        let purge = format!("{providers}/locations/westeurope/deletedVaults/kv-test1234/purge");
        assert_eq!(bench.post(&purge, Value::Null).status, 202);
        let free = bench.post(&format!("{providers}/checkNameAvailability"), question);
        assert_eq!(free.body["nameAvailable"], true);
    }

    #[test]
    fn many_groups_come_in_pages() {
        let mut bench = Bench::new();
        for number in 0..7 {
            bench.put(&path(&format!("rg-{number}")), json!({ "location": "westeurope" }));
        }
        let mut next = format!("{}/resourcegroups?$top=3", subscription());
        let mut names = Vec::new();
        loop {
            let page = bench.get(&next).body;
            for row in page["value"].as_array().unwrap() {
                names.push(row["name"].as_str().unwrap().to_owned());
            }
            match page["nextLink"].as_str() {
                Some(link) => link.clone_into(&mut next),
                None => break,
            }
        }
        assert_eq!(names.len(), 7);
    }
}
