//! What the caller may do: everything, everything but assigning roles, or in some places only read.

use serde_json::json;

use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::rights;
use crate::practice::state::Cloud;

/// False while the fault `no-role-assignments` makes the caller a Contributor.
pub fn may_assign_roles(cloud: &Cloud) -> bool {
    cloud.fault("no-role-assignments").is_none()
}

/// The permissions of the caller. What Contributor lacks:
/// <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged#contributor>.
///
/// Where the caller may only read they are those of the role Reader, as if a group above gave no more.
pub(super) fn list(cloud: &Cloud, request: &Request) -> Reply {
    let scope =
        request.segments.get(..request.segments.len().saturating_sub(3)).unwrap_or_default();
    let only_reads = rights::only_reads(cloud, scope);
    let not_actions = if only_reads || may_assign_roles(cloud) {
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
    Reply::list(vec![json!({
        "actions": [if only_reads { "*/read" } else { "*" }],
        "notActions": not_actions,
        "dataActions": [],
        "notDataActions": [],
    })])
}
