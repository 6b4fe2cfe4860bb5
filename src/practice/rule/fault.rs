//! The faults that a practice cloud was told to show, as far as they concern the writing of a resource.
//!
//! Which faults are on stands in the state; here they get the words of Azure.

use serde_json::{Value, json};

use super::Proposed;
use crate::practice::catalog;
use crate::practice::identifier::ResourceId;
use crate::practice::json;
use crate::practice::reply::{ArmError, Result};
use crate::practice::state::Cloud;

const MACHINE: &str = "Microsoft.Compute/virtualMachines";

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let on = |name: &str| cloud.fault(name).is_some();
    let is_new = proposed.existing.is_none();
    let location = proposed.text("/location");
    // One region is allowed: the way out.
    let is_regional = !location.is_empty() && !location.eq_ignore_ascii_case("global");
    if on("policy") && is_regional && !location.eq_ignore_ascii_case(ALLOWED) {
        return Err(denied_by_policy(proposed, &LOCATIONS));
    }
    for (fault, resource_type, policy) in [
        ("zone-policy", "Microsoft.Network/privateDnsZones", &ZONES),
        ("address-policy", "Microsoft.Network/publicIPAddresses", &ADDRESSES),
    ] {
        if proposed.is(resource_type) && on(fault) {
            return Err(denied_by_policy(proposed, policy));
        }
    }
    if proposed.is("Microsoft.Authorization/roleAssignments") && !catalog::may_assign_roles(cloud) {
        return Err(arm_error!(
            403,
            "AuthorizationFailed",
            "The client 'you@practice.example' does not have authorization to perform action \
             'Microsoft.Authorization/roleAssignments/write' over scope '{}' or the scope is invalid. If access was \
             recently granted, please refresh your credentials.",
            proposed.id
        ));
    }
    if !is_new {
        return Ok(());
    }
    if proposed.is("Microsoft.DevTestLab/schedules") && on("no-schedules") {
        return Err(bad_request!(
            "LocationNotAvailableForResourceType",
            "The provided location '{location}' is not available for resource type 'Microsoft.DevTestLab/schedules'. \
             List of available regions for the resource type is ''."
        ));
    }
    let size = proposed.text("/properties/hardwareProfile/vmSize");
    let is_struck = proposed.is(MACHINE) && catalog::is_struck(size);
    if is_struck && on("quota") {
        return Err(conflict!(
            "QuotaExceeded",
            "Operation could not be completed as it results in exceeding approved standardDSv5Family Cores quota. \
             Additional details - Deployment Model: Resource Manager, Location: {location}, Current Limit: 0, \
             Current Usage: 0, Additional Required: 2, (Minimum) New Limit Required: 2. Submit a request for Quota \
             increase."
        ));
    }
    if is_struck && on("sku") {
        return Err(conflict!(
            "SkuNotAvailable",
            "The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: {}' is \
             currently not available in location '{location}'. Please try another size or deploy to a different \
             location or different zone. See https://aka.ms/azureskunotavailable for details.",
            proposed.text("/properties/hardwareProfile/vmSize")
        ));
    }
    Ok(())
}

/// A policy with the effect `modify` adds tags to each resource of a region that is written
/// (<https://learn.microsoft.com/azure/governance/policy/concepts/effect-modify>).
pub fn policy_tags(cloud: &Cloud, id: &ResourceId, body: &mut Value) {
    let location = body.get("location").and_then(Value::as_str);
    let has_tags = id.parent().is_none() && location.is_some_and(|text| !text.is_empty());
    if has_tags && cloud.fault("policy-tags").is_some() {
        json::merge(body, json!({ "tags": { "costCenter": "practice" } }));
    }
}

/// A region that takes no new resources. It is met when a resource starts, not before.
pub(super) fn outage(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let location = proposed.text("/location");
    let is_regional = !location.is_empty() && !location.eq_ignore_ascii_case("global");
    if proposed.existing.is_some() || !is_regional || cloud.fault("region-outage").is_none() {
        return Ok(());
    }
    Err(arm_error!(
        503,
        "RegionDoesNotAllowProvisioning",
        "Location '{location}' is not accepting creation of new resources of type '{}' at this time. Please try \
         another region.",
        proposed.id.resource_type()
    ))
}

/// A policy of the practice cloud, in the words in which Azure names one.
struct Denial {
    reason: &'static str,
    field: &'static str,
    definition: &'static str,
    display: &'static str,
    assignment: &'static str,
}

/// The one region that the fault `policy` allows.
const ALLOWED: &str = "northeurope";

const LOCATIONS: Denial = Denial {
    reason: " Reasons: 'This region is not on the list of your organisation.'.",
    field: "location",
    definition: "e56962a6-4747-49cd-b67b-bf8b01975c4c",
    display: "Allowed locations",
    assignment: "practice-allowed-locations",
};
/// As the landing zones of Azure deny it (Azure/Enterprise-Scale, policy Deny-Private-DNS-Zones).
const ZONES: Denial = Denial {
    reason: "",
    field: "type",
    definition: "Deny-Private-DNS-Zones",
    display: "Deny the creation of private DNS",
    assignment: "practice-no-private-zones",
};
/// The same, policy Deny-PublicIP.
const ADDRESSES: Denial = Denial {
    reason: "",
    field: "type",
    definition: "Deny-PublicIP",
    display: "Deny the creation of public IP",
    assignment: "practice-no-public-addresses",
};

fn denied_by_policy(proposed: &Proposed<'_>, policy: &Denial) -> ArmError {
    let scope = format!("/subscriptions/{}", proposed.id.subscription);
    let found = match policy.field {
        "location" => proposed.text("/location").to_owned(),
        _ => proposed.id.resource_type(),
    };
    let mut error = arm_error!(
        403,
        "RequestDisallowedByPolicy",
        "Resource '{}' was disallowed by policy.{} See error details for policy resource IDs.",
        proposed.id.name(),
        policy.reason
    )
    .about(proposed.id.name());
    error.additional_info = vec![json!({
        "type": "PolicyViolation",
        "info": {
            "evaluationDetails": { "evaluatedExpressions": [{
                "result": "True",
                "expressionKind": "Field",
                "expression": policy.field,
                "path": policy.field,
                "expressionValue": found,
                "targetValue": if policy.field == "location" { json!([ALLOWED]) } else { json!(found) },
                "operator": if policy.field == "location" { "NotIn" } else { "Equals" },
            }]},
            "policyDefinitionId": format!("/providers/Microsoft.Authorization/policyDefinitions/{}", policy.definition),
            "policyDefinitionName": policy.definition,
            "policyDefinitionDisplayName": policy.display,
            "policyDefinitionEffect": "deny",
            "policyAssignmentId": format!("{scope}/providers/Microsoft.Authorization/policyAssignments/\
             {}", policy.assignment),
            "policyAssignmentName": policy.assignment,
            "policyAssignmentDisplayName": format!("Practice: {}", policy.display.to_lowercase()),
            "policyAssignmentScope": scope,
        },
    })];
    error
}
