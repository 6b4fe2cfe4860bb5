//! What the account may do. Advice only, but for one thing: without the right to assign roles a deployment would fail
//! after half an hour, so that is settled before.

use super::Context;
use super::deploy::KeyBased;
use super::event::Events;
use crate::domain::operation::Notice;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::resource;

const ASSIGN: &str = "Microsoft.Authorization/roleAssignments/write";
const NEEDED: [&str; 2] = [
    "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.Resources/deployments/write",
];

/// Whether the plan can be carried out as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RightsVerdict {
    /// As far as can be told.
    AsPlanned,
    /// Only with the storage account's key in place of roles, which the person has allowed.
    KeyBased,
}

/// What an account may not do in the subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// The actions that every deployment needs and the account does not have.
    pub deploy: Vec<&'static str>,
    /// Whether it may not assign roles.
    pub assign_roles: bool,
    /// Whether it may assign roles under a condition, which only Azure can judge.
    pub assigns_at_times: bool,
}

/// Asks what the account may not do. Rights on a single group are not in the answer.
///
/// # Errors
/// When the rights cannot be read.
pub async fn lacking(context: &Context) -> Result<Lacking> {
    let scope = format!("/subscriptions/{}", context.arm.subscription_id());
    let rights = context.arm.permissions(&scope).await?;
    Ok(Lacking {
        deploy: NEEDED.into_iter().filter(|action| !rights.can(action)).collect(),
        assign_roles: !rights.can(ASSIGN) && !rights.can_at_times(ASSIGN),
        assigns_at_times: rights.can_at_times(ASSIGN),
    })
}

/// Asks for the account's rights at the subscription.
pub(super) async fn check(
    context: &Context,
    plan: &Plan,
    key_based: KeyBased,
    events: &Events,
) -> Result<RightsVerdict> {
    let lacking = match lacking(context).await {
        Ok(lacking) => lacking,
        Err(problem) if problem.is_transient() => return Err(problem),
        Err(_) => {
            // Rights may come from the group alone, and not everybody may read them.
            events.notice(Notice::RightsUnclear(Vec::new()));
            return Ok(RightsVerdict::AsPlanned);
        }
    };
    if !lacking.deploy.is_empty() {
        let missing = lacking.deploy.iter().map(|action| (*action).to_owned());
        events.notice(Notice::RightsUnclear(missing.collect()));
    }
    if assigns_roles(plan) && lacking.assigns_at_times {
        let limited = format!("{ASSIGN}, which a condition limits");
        events.notice(Notice::RightsUnclear(vec![limited]));
    }
    if !assigns_roles(plan) || !lacking.assign_roles {
        return Ok(RightsVerdict::AsPlanned);
    }
    match key_based {
        KeyBased::Allowed => Ok(RightsVerdict::KeyBased),
        KeyBased::Refused => Err(cannot_assign()),
    }
}

/// True when the plan gives anybody a role.
pub(super) fn assigns_roles(plan: &Plan) -> bool {
    plan.resources
        .iter()
        .any(|resource| resource.resource_type.eq_ignore_ascii_case(resource::ROLE_ASSIGNMENT))
}

/// The refusal for an account that cannot assign roles.
pub(super) fn cannot_assign() -> Problem {
    Problem::new(
        "CannotAssignRoles",
        "This account may not assign roles, which data access by identities needs.",
        "Ask for the role Owner or Role Based Access Control Administrator; or use --datastore-access account-key, \
         which reaches the data by the storage account's key.",
    )
    .at("--datastore-access")
    .retry(Retry::AfterChange)
}
