//! What Azure has of an environment: its group and its deployments. Reads only.

use super::Context;
use super::decide::{GroupState, Sent};
use crate::azure::arm::{Deployment, ResourceGroup};
use crate::domain::environment::{Record, is_own_deployment, tags};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::progress::DeploymentEnd;

/// What was found.
#[derive(Debug)]
pub(super) struct Survey {
    pub group: GroupState,
    pub resource_group: Option<ResourceGroup>,
    /// Deployments of this environment, newest first.
    pub deployments: Vec<Deployment>,
}

impl Survey {
    /// Looks for an environment. `remembered` is the deployment that the record names last: it is asked for by name,
    /// because the list may not have it yet.
    pub(super) async fn read(
        context: &Context,
        group: &str,
        full_name: &str,
        remembered: Option<&str>,
    ) -> Result<Self> {
        let read = context.arm.resource_group(group).await;
        let Some(found) = read.map_err(|problem| unseen(context, problem))? else {
            // That nothing is there is believed of a subscription that answers itself, and of no other.
            let answers = context.arm.subscription().await;
            answers.map_err(|problem| unseen(context, problem))?;
            return Ok(Self {
                group: GroupState::Absent,
                resource_group: None,
                deployments: Vec::new(),
            });
        };
        if found.state() == "Deleting" {
            return Ok(Self {
                group: GroupState::BeingDeleted,
                resource_group: Some(found),
                deployments: Vec::new(),
            });
        }
        let mut deployments = context.arm.deployments(group).await?;
        deployments.retain(|each| is_own_deployment(full_name, &each.name));
        if let Some(name) = remembered
            && !deployments.iter().any(|each| each.name == name)
            && let Some(late) = context.arm.deployment(group, name).await?
        {
            deployments.insert(0, late);
        }
        let ours = !deployments.is_empty() || is_marked(&found, full_name);
        Ok(Self {
            group: if ours { GroupState::Ours } else { GroupState::Foreign },
            resource_group: Some(found),
            deployments,
        })
    }

    /// The deployments as `decide` wants them.
    pub(super) fn sent(&self) -> Vec<Sent> {
        self.deployments
            .iter()
            .map(|each| Sent { name: each.name.clone(), end: DeploymentEnd::of(&each.state) })
            .collect()
    }

    /// The deployment of a name.
    pub(super) fn deployment(&self, name: &str) -> Option<&Deployment> {
        self.deployments.iter().find(|each| each.name == name)
    }
}

/// True when the group's tags name this environment.
fn is_marked(group: &ResourceGroup, full_name: &str) -> bool {
    matches!(
        tags::from_tags(&group.location, &group.tags),
        Some(Ok(found)) if found.settings.full_name() == full_name
    )
}

/// What it means that a subscription is not seen: nothing is known of what is in it.
fn unseen(context: &Context, problem: Problem) -> Problem {
    let codes =
        ["SubscriptionNotFound", "InvalidSubscriptionId", "InvalidAuthenticationTokenTenant"];
    if !codes.contains(&problem.code.as_str()) {
        return problem;
    }
    Problem {
        original: problem.original,
        correlation_id: problem.correlation_id,
        ..subscription_not_seen(context.arm.subscription_id(), "")
    }
}

/// The refusal to act in a subscription that the account does not see; `tenant` is the one it belongs to, where known.
fn subscription_not_seen(subscription: &str, tenant: &str) -> Problem {
    let whose = if tenant.is_empty() {
        "the tenant that it belongs to".to_owned()
    } else {
        format!("its tenant: az login --tenant {tenant}")
    };
    Problem::new(
        "SubscriptionNotSeen",
        format!("This account does not see the subscription {subscription}, so nothing is known of what is in it."),
        format!(
            "Sign in to {whose}, with an account that has access; then run the same command again. Nothing \
             was changed, and              nothing is forgotten."
        ),
    )
    .at(subscription.to_owned())
    .retry(Retry::AfterChange)
}

/// Refuses to change an environment where it is not certain that the sign-in, the subscription and the record mean the
/// same one.
///
/// # Errors
/// Naming what does not agree. Nothing is asked of Azure.
pub fn agree(context: &Context, record: &Record) -> Result<()> {
    let elsewhere = |what: String, advice: &str| {
        Err(Problem::new("RecordElsewhere", what, advice)
            .at(record.full_name.clone())
            .retry(Retry::AfterChange))
    };
    if record.practice != context.practice {
        let (own, other) = if record.practice {
            ("the practice cloud", "Azure")
        } else {
            ("Azure", "the practice cloud")
        };
        let what = format!("{} is an environment of {own}, and this is {other}.", record.full_name);
        return elsewhere(
            what,
            "Run the command with or without --practice, as the environment was created.",
        );
    }
    let subscription = context.arm.subscription_id();
    if !subscription.eq_ignore_ascii_case(&record.subscription_id) {
        let what = format!(
            "{} is in the subscription {}, not in {subscription}.",
            record.full_name, record.subscription_id
        );
        return elsewhere(what, "Leave --subscription out, or give the environment's own.");
    }
    let mut seen = context.subscriptions.iter();
    match seen.find(|each| each.subscription_id.eq_ignore_ascii_case(subscription)) {
        None if !context.subscriptions.is_empty() => {
            Err(subscription_not_seen(subscription, &record.tenant_id))
        }
        Some(found) => match &found.tenant_id {
            Some(tenant) if differ(tenant, &record.tenant_id) => elsewhere(
                format!(
                    "{} is recorded in the tenant {}, but its subscription belongs to {tenant}.",
                    record.full_name, record.tenant_id
                ),
                "Check with `privateaml list` which environment is meant.",
            ),
            _ => Ok(()),
        },
        None => Ok(()),
    }
}

/// Whether two ids are known and not the same.
fn differ(one: &str, other: &str) -> bool {
    !one.is_empty() && !other.is_empty() && !one.eq_ignore_ascii_case(other)
}

/// The refusal to touch a group that belongs to something else.
pub(super) fn foreign(group: &str) -> Problem {
    Problem::new(
        "ResourceGroupInUse",
        "A resource group of this name exists and is not this environment's.",
        "Choose another --suffix or --resource-group: an environment has a group of its own, which is deleted with it.",
    )
    .at(group.to_owned())
}

/// The refusal to work in a group that is being removed.
pub(super) fn being_deleted(group: &str) -> Problem {
    Problem::new(
        "ResourceGroupBeingDeleted",
        "The resource group is still being deleted.",
        "Wait for the end (`privateaml status`), or choose another --suffix.",
    )
    .at(group.to_owned())
}
