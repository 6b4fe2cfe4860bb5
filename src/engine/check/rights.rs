//! What the account may do at the subscription: its roles, deny assignments, and roles that it could activate. Rights on
//! a single group, and those of groups that a deny assignment names, are not in the answers.

use crate::azure::arm::Permissions;
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, code};
use crate::domain::problem::Result;
use crate::engine::Context;

const ASSIGN: &str = "Microsoft.Authorization/roleAssignments/write";
const NEEDED: [&str; 2] = [
    "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.Resources/deployments/write",
];

/// What the roles give that hold these rights.
const DEPLOYING_ROLES: [&str; 2] = ["Owner", "Contributor"];
const ASSIGNING_ROLES: [&str; 3] =
    ["Owner", "User Access Administrator", "Role Based Access Control Administrator"];

/// Judges the account's rights.
pub(super) async fn check(context: &Context, assigns_roles: bool) -> Result<Vec<CheckFinding>> {
    let scope = format!("/subscriptions/{}", context.arm.subscription_id());
    let (rights, denied) =
        futures::join!(context.arm.permissions(&scope), context.arm.deny_assignments());
    let rights = rights?;
    let deploys = NEEDED.into_iter().all(|action| rights.can(action));
    let assigns = !assigns_roles || rights.can(ASSIGN) || rights.can_at_times(ASSIGN);
    let mut found = Vec::new();
    if !deploys {
        found.push(lacks_deployment(context).await);
    } else if !assigns {
        found.push(lacks_assignment(context).await);
    } else if assigns_roles && rights.can_at_times(ASSIGN) {
        found.push(CheckFinding::unknown(
            CheckKind::Rights,
            "A condition limits which roles you may assign; Azure's validation tells whether these are among them.",
        ));
    }
    // Few may read deny assignments; Azure sets them for managed applications and deployment stacks only.
    let are_read = denied.is_ok();
    if let (Ok(denied), Some(caller)) = (denied, &context.caller) {
        let needed = NEEDED.into_iter().chain(assigns_roles.then_some(ASSIGN));
        let needed: Vec<&str> = needed.collect();
        let in_the_way = denied.iter().find(|each| {
            let taken = Permissions::of(&each.actions, &each.not_actions);
            each.is_for(&caller.object_id) && needed.iter().any(|action| taken.can(action))
        });
        found.extend(in_the_way.map(|each| {
            CheckFinding::problem(
                CheckKind::Rights,
                code::DENY_ASSIGNMENT,
                format!(
                    "The deny assignment {} takes a permission away that is needed.",
                    each.name
                ),
                "Ask whoever manages the subscription, or choose another subscription.",
            )
        }));
    }
    if found.is_empty() {
        let what = if are_read {
            "You have the required permissions"
        } else {
            "Your roles give the required permissions; deny assignments could not be read"
        };
        found.push(CheckFinding::pass(CheckKind::Rights, what));
    }
    Ok(found)
}

async fn lacks_deployment(context: &Context) -> CheckFinding {
    if let Some(role) = eligible(context, &DEPLOYING_ROLES).await {
        return not_activated(&role);
    }
    CheckFinding::problem(
        CheckKind::Rights,
        code::NO_RIGHT_TO_DEPLOY,
        format!(
            "No permission to create resource groups or deployments in {}.",
            context.subscription_name
        ),
        "Ask for the role Contributor. Permissions on one group alone are not seen here.",
    )
}

async fn lacks_assignment(context: &Context) -> CheckFinding {
    let by_key = Action::set("--datastore-access", "account-key");
    if let Some(role) = eligible(context, &ASSIGNING_ROLES).await {
        return not_activated(&role).helped_by([by_key]);
    }
    CheckFinding::problem(
        CheckKind::Rights,
        code::ROLE_ASSIGNMENT_DENIED,
        "No permission to assign roles, which identity-based data access needs.",
        "Ask for the role Owner or Role Based Access Control Administrator; or reach the data by the storage \
         account's key, which whoever has it can use.",
    )
    .helped_by([by_key])
}

/// The first of these roles that the account may activate.
async fn eligible(context: &Context, roles: &[&str]) -> Option<String> {
    let eligible = context.arm.eligible_roles().await.ok()?;
    eligible.into_iter().find(|role| roles.contains(&role.as_str()))
}

fn not_activated(role: &str) -> CheckFinding {
    CheckFinding::problem(
        CheckKind::Rights,
        code::ROLE_NOT_ACTIVATED,
        format!("The role {role} is eligible for you, but not activated."),
        "Activate it in the portal under Privileged Identity Management, and check again some minutes later.",
    )
    .helped_by([Action::Retry])
}
