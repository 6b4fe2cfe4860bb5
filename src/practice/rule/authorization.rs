//! Role assignments: names that are ids, one assignment for the same role, principal and scope, principals that exist.

use jiff::SignedDuration;
use uuid::Uuid;

use super::{Proposed, child};
use crate::practice::identifier::ResourceId;
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, TENANT};
use crate::practice::token;

const ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments";
/// How long a new identity is unknown to the directory's other copies, unless the principal's type is given.
const REPLICATION: SignedDuration = SignedDuration::from_secs(30);

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<()> {
    let name = proposed.id.name();
    if !proposed.is(ASSIGNMENT) || Uuid::try_parse(name).is_ok() || name.starts_with('[') {
        return Ok(());
    }
    Err(bad_request!(
        "InvalidRoleAssignmentId",
        "The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID."
    ))
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(ASSIGNMENT) {
        return Ok(());
    }
    let principal = proposed.text("/properties/principalId");
    if Uuid::try_parse(principal).is_err() {
        return Err(bad_request!(
            "InvalidPrincipalId",
            "A valid principal ID must be provided for role assignment; '{principal}' is none."
        ));
    }
    principal_is_known(cloud, proposed, principal)?;
    no_twin(cloud, proposed, principal)
}

/// A principal that the directory does not have is refused, unless its type is given: then the directory is not asked
/// (stolostron/azure-service-operator, `Test_Authorization_RoleAssignment_OnResourceGroup_CRUD`;
/// <https://learn.microsoft.com/azure/role-based-access-control/troubleshooting>).
fn principal_is_known(cloud: &Cloud, proposed: &Proposed<'_>, principal: &str) -> Result<()> {
    if !proposed.text("/properties/principalType").is_empty() {
        return Ok(());
    }
    if principal.eq_ignore_ascii_case(token::OBJECT_ID) {
        return Ok(());
    }
    let identity = cloud.all_resources().find(|resource| {
        [resource.text("/identity/principalId"), resource.text("/properties/principalId")]
            .contains(&principal)
            && !resource.is(ASSIGNMENT)
    });
    let is_old =
        identity.is_some_and(|found| cloud.now().duration_since(found.created) >= REPLICATION);
    if is_old {
        return Ok(());
    }
    Err(bad_request!(
        "PrincipalNotFound",
        "Principal {} does not exist in the directory {TENANT}. Check that you have the correct principal ID. If \
         you are creating this principal and then immediately assigning a role, this error might be related to a \
         replication delay. In this case, set the role assignment principalType property to a value, such as \
         ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype",
        principal.replace('-', "")
    ))
}

fn scope_of(id: &ResourceId) -> String {
    id.target()
        .map_or_else(|| id.scope().path(&id.group).to_ascii_lowercase(), |target| target.key())
}

/// The last segment of a role definition's id: its GUID.
fn role(text: &str) -> String {
    text.rsplit('/').next().unwrap_or("").to_ascii_lowercase()
}

fn no_twin(cloud: &Cloud, proposed: &Proposed<'_>, principal: &str) -> Result<()> {
    let wanted = role(proposed.text("/properties/roleDefinitionId"));
    let scope = scope_of(proposed.id);
    let twin = cloud.resources_in(&proposed.id.scope()).find(|other| {
        other.is(ASSIGNMENT)
            && other.id.key() != proposed.id.key()
            && scope_of(&other.id) == scope
            && role(other.text("/properties/roleDefinitionId")) == wanted
            && other.says("/properties/principalId", principal)
    });
    let Some(twin) = twin else { return Ok(()) };
    Err(conflict!(
        "RoleAssignmentExists",
        "The role assignment already exists. The ID of the existing role assignment is {}.",
        twin.name.replace('-', "")
    ))
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let scope = id.target().map_or_else(|| id.scope().path(&id.group), |target| target.to_string());
    let created = cloud.resource(id).map(|found| found.created.to_string());
    child::show_properties!(cloud, id, { "scope": scope, "createdOn": created, "updatedOn": created });
}
