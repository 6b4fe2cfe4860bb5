//! Azure Machine Learning: workspaces with their attached resources, and computes in a subnet.

use serde_json::{Value, json};

use super::{Proposed, child, fully_qualified, key_vault};
use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, TENANT};

const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";
const COMPUTE: &str = "Microsoft.MachineLearningServices/workspaces/computes";

pub(super) fn preflight(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(WORKSPACE) {
        return Ok(());
    }
    let is_child_kind = proposed.says("/kind", "Project");
    for required in ["storageAccount", "keyVault", "applicationInsights"] {
        let missing = proposed.get(&format!("/properties/{required}")).is_none();
        // A hub may leave Application Insights out; a project takes all three from its hub.
        let optional = is_child_kind || required == "applicationInsights";
        if missing && !optional {
            return Err(bad_request!(
                "ValidationError",
                "Missing dependent resources in workspace json: {required}."
            ));
        }
    }
    let deleted = cloud.root.deleted.iter().any(|gone| {
        gone.resource_type.eq_ignore_ascii_case(WORKSPACE)
            && gone.id.eq_ignore_ascii_case(&proposed.id.to_string())
            && gone.purged_after > cloud.now()
    });
    if deleted && proposed.existing.is_none() {
        return Err(conflict!(
            "Conflict",
            "Soft-deleted workspace exists with the name '{}'. Please purge or recover it, or use another name. \
             https://aka.ms/wsoftdelete",
            proposed.id.name()
        ));
    }
    Ok(())
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is(WORKSPACE) {
        attached(cloud, proposed)
    } else if proposed.is(COMPUTE) {
        compute(cloud, proposed)
    } else {
        Ok(())
    }
}

/// What a workspace is attached to must suit it.
fn attached(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if let Some(storage) = cloud.resource_at(proposed.text("/properties/storageAccount")) {
        let is_premium = storage.text("/sku/name").starts_with("Premium");
        let is_hierarchical = storage.flag("/properties/isHnsEnabled");
        if is_premium || is_hierarchical {
            return Err(bad_request!(
                "ValidationError",
                "The storage account {} cannot be the default of a workspace: premium accounts and hierarchical \
                 namespaces are not supported.",
                storage.name
            ));
        }
    }
    let identity = proposed.text("/properties/primaryUserAssignedIdentity");
    let assigned = proposed.get("/identity/userAssignedIdentities");
    let is_assigned = assigned
        .and_then(Value::as_object)
        .is_some_and(|known| known.keys().any(|key| key.eq_ignore_ascii_case(identity)));
    if !identity.is_empty() && !is_assigned {
        return Err(bad_request!(
            "ValidationError",
            "The primary user assigned identity {identity} is not among the identities of the workspace."
        ));
    }
    Ok(())
}

fn compute(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let public = proposed
        .get("/properties/properties/enableNodePublicIp")
        .and_then(Value::as_bool)
        .unwrap_or(true);
    let Some(subnet) = proposed.id_at("/properties/properties/subnet/id") else { return Ok(()) };
    for policies in ["privateLinkServiceNetworkPolicies", "privateEndpointNetworkPolicies"] {
        let given = child::text(cloud, &subnet, &format!("/properties/{policies}"));
        // Azure's default for the first of them is Enabled.
        let on = given.eq_ignore_ascii_case("Enabled")
            || (given.is_empty() && policies.starts_with("privateLink"));
        if on && !public {
            return Err(bad_request!(
                "BadRequest",
                "PrivateLinkServiceNetworkPolicies or PrivateEndpointNetworkPolicies must be disabled on subnet \
                 {subnet} for a compute without public IP: {policies} is enabled. See \
                 https://aka.ms/AMLPLNetPolicies"
            ));
        }
    }
    let nodes =
        proposed.get("/properties/properties/scaleSettings/maxNodeCount").and_then(Value::as_i64);
    if nodes.is_some_and(|nodes| nodes < 1) {
        return Err(bad_request!(
            "BadRequest",
            "The cluster {} must have a maxNodeCount of at least 1.",
            proposed.id.name()
        ));
    }
    Ok(())
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let workspace = child::identifier(cloud, id, "workspace");
    let region = child::location(cloud, id);
    child::show_properties!(cloud, id, {
        "workspaceId": workspace,
        "discoveryUrl": format!("https://{region}.api.azureml.ms/discovery"),
        "mlFlowTrackingUri": format!("azureml://{region}.api.azureml.ms/mlflow/v1.0{id}"),
        "notebookInfo": {
            "resourceId": child::identifier(cloud, id, "notebooks").replace('-', ""),
            "fqdn": fully_qualified::notebook_host(id.name(), &region, &workspace),
            "isPrivateLinkEnabled": true,
            "notebookPreparationError": null,
        },
        "tenantId": TENANT,
        "workspaceHubConfig": null,
        "storageHnsEnabled": false,
        "creationTime": child::created(cloud, id),
        "privateLinkCount": 0,
    });
    key_vault::admit_workspace(cloud, id);
}

pub(super) fn compute_done(cloud: &mut Cloud, id: &ResourceId) {
    let kind = child::text(cloud, id, "/properties/computeType");
    let moments =
        cloud.resource(id).map(|found| (found.created.to_string(), found.changed.to_string()));
    let (created, changed) = moments.unwrap_or_default();
    let state = if kind == "ComputeInstance" {
        json!({
            "state": "Running",
            "connectivityEndpoints": { "publicIpAddress": null, "privateIpAddress": null },
            "applications": [],
            "errors": [],
        })
    } else {
        json!({
            "allocationState": "Steady",
            "allocationStateTransitionTime": changed,
            "currentNodeCount": 0,
            "targetNodeCount": 0,
            "nodeStateCounts": {
                "idleNodeCount": 0,
                "leavingNodeCount": 0,
                "preemptedNodeCount": 0,
                "preparingNodeCount": 0,
                "runningNodeCount": 0,
                "unusableNodeCount": 0,
            },
            "errors": null,
        })
    };
    child::show_properties!(cloud, id, {
        "createdOn": created,
        "modifiedOn": changed,
        "isAttachedCompute": false,
        "provisioningErrors": null,
        "properties": state,
    });
}
