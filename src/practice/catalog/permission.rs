//! What the caller may do: everything, everything but assigning roles, or in some places only read.

use serde_json::json;

use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::rights;
use crate::practice::state::Cloud;

/// False while a fault makes the caller a Contributor, who assigns no roles.
pub fn may_assign_roles(cloud: &Cloud) -> bool {
    let faults = ["no-role-assignments", "eligible-role"];
    faults.iter().all(|fault| cloud.fault(fault).is_none())
}

/// The permissions of the caller. What Contributor lacks:
/// <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged#contributor>.
///
/// Where the caller may only read they are those of the role Reader, as if a group above gave no more.
pub(super) fn list(cloud: &Cloud, request: &Request) -> Reply {
    let scope =
        request.segments.get(..request.segments.len().saturating_sub(3)).unwrap_or_default();
    let only_reads = rights::only_reads(cloud, scope) || cloud.fault("reader").is_some();
    let is_limited = cloud.fault("conditional-roles").is_some();
    let not_actions = if only_reads || may_assign_roles(cloud) && !is_limited {
        json!([])
    } else {
        json!([
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
            "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete",
            "Microsoft.Compute/galleries/share/action",
        ])
    };
    let mut granted = vec![json!({
        "actions": [if only_reads { "*/read" } else { "*" }],
        "notActions": not_actions,
        "dataActions": [],
        "notDataActions": [],
    })];
    if is_limited {
        granted.push(json!({
            "actions": ["Microsoft.Authorization/roleAssignments/write"],
            "notActions": [],
            "dataActions": [],
            "notDataActions": [],
            "conditionVersion": "2.0",
            "condition": "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] \
                          ForAnyOfAnyValues:GuidEquals {ba92f5b4-2d11-453d-a403-e96b0029c9fe}",
        }));
    }
    Reply::list(granted)
}

/// The lock of the fault `locked`.
pub(super) fn locks(subscription: &str) -> Reply {
    let scope = format!("/subscriptions/{subscription}");
    Reply::list(vec![json!({
        "id": format!("{scope}/providers/Microsoft.Authorization/locks/practice-lock"),
        "name": "practice-lock",
        "type": "Microsoft.Authorization/locks",
        "properties": { "level": "ReadOnly" },
    })])
}

/// The deny assignments (<https://learn.microsoft.com/rest/api/authorization/deny-assignments/list>).
pub(super) fn denied(cloud: &Cloud, subscription: &str) -> Reply {
    if cloud.fault("deny-assignment").is_none() {
        return Reply::list(Vec::new());
    }
    let scope = format!("/subscriptions/{subscription}");
    let name = "5f2d8a0c-1c39-4f0e-9d0e-2a7b8c9d0e1f";
    Reply::list(vec![json!({
        "id": format!("{scope}/providers/Microsoft.Authorization/denyAssignments/{name}"),
        "name": name,
        "type": "Microsoft.Authorization/denyAssignments",
        "properties": {
            "denyAssignmentName": "practice-no-deployments",
            "permissions": [{
                "actions": ["Microsoft.Resources/deployments/*"],
                "notActions": [],
                "dataActions": [],
                "notDataActions": [],
            }],
            "principals": [{ "id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined" }],
            "excludePrincipals": [],
            "scope": scope,
            "doNotApplyToChildScopes": false,
            "isSystemProtected": true,
        },
    })])
}

/// The roles that the caller could activate.
pub(super) fn eligible(cloud: &Cloud) -> Reply {
    if cloud.fault("eligible-role").is_none() {
        return Reply::list(Vec::new());
    }
    Reply::list(vec![json!({
        "type": "Microsoft.Authorization/roleEligibilityScheduleInstances",
        "properties": {
            "status": "Provisioned",
            "memberType": "Direct",
            "expandedProperties": { "roleDefinition": { "displayName": "Owner", "type": "BuiltInRole" } },
        },
    })])
}
