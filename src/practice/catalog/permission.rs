//! What the caller may do: everything, or everything but assigning roles.

use serde_json::json;

use crate::practice::{reply::Reply, state::Cloud};

/// False while the fault `no-role-assignments` makes the caller a Contributor.
#[must_use]
pub fn may_assign_roles(cloud: &Cloud) -> bool {
    cloud.fault("no-role-assignments").is_none()
}

/// The permissions of the caller. What Contributor lacks:
/// <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged#contributor>.
pub(super) fn list(cloud: &Cloud) -> Reply {
    let not_actions = if may_assign_roles(cloud) {
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
        "actions": ["*"],
        "notActions": not_actions,
        "dataActions": [],
        "notDataActions": [],
    })])
}
