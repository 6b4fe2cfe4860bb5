//! The list of environments: this machine's records and the groups of every subscription that the account can read.
//!
//! Each subscription is asked once, for all its groups. Azure allows 980 groups in a subscription
//! (<https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits>), so one
//! read, seldom two pages, finds our tag and that of the Terraform scripts alike, sees a group whose tags somebody took
//! away, and tells what is being deleted. A filter by tag takes one tag at a time: two reads, and a group without tags
//! would pass for a deleted one. Resource Graph would take one read for all subscriptions, but its index is late by up
//! to minutes (<https://learn.microsoft.com/azure/governance/resource-graph/overview>): a group just deleted would
//! still be called ready. The address spaces of what Terraform made need one read more, in the subscriptions that
//! have such.
//!
//! A group does not tell how its deployment ended. That is read apart (`newest`), one read a row, only for rows whose
//! state the record does not settle and that somebody looks at. Subscriptions are read side by side, a few at a time,
//! and told as they answer, so that a slow one keeps nobody waiting. Nothing here is written.

use std::collections::BTreeMap;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;

use super::Context;
use crate::azure::arm::{Arm, Deployment, ResourceGroup, Subscription};
use crate::domain::environment::row::{
    EnvironmentRow, Finder, HubRow, SeenGroup, SeenSubscription, merge,
};
use crate::domain::environment::{Keeping, Phase, Record, is_own_deployment, seed, tags};
use crate::domain::peering::new_hub;
use crate::domain::problem::{Problem, Result};
use crate::domain::progress::DeploymentEnd;

pub use crate::domain::environment::row::EnvironmentRow as Overview;

/// How many reads are under way at a time.
const SIDE_BY_SIDE: usize = 8;
/// How many of a group's newest deployments are looked through for one of ours: policies and people add their own.
const NEWEST: usize = 10;

/// A part of the list, as it becomes known.
#[derive(Debug, Clone)]
pub enum ListPart {
    /// These subscriptions are being asked from now on.
    Begun {
        /// The subscriptions.
        subscriptions: Vec<SeenSubscription>,
        /// The environments recorded in none of them.
        rows: Vec<EnvironmentRow>,
        /// Records that cannot be read.
        problems: Vec<Problem>,
    },
    /// A subscription has answered.
    Read {
        /// Which one.
        subscription: SeenSubscription,
        /// Its environments, in order.
        rows: Vec<EnvironmentRow>,
        /// The hubs in it that this program created, by name.
        hubs: Vec<HubRow>,
        /// What could not be read in it.
        problems: Vec<Problem>,
    },
}

/// All environments, in order; and what could not be read.
///
/// # Errors
/// When neither records nor Azure can be read.
pub async fn list(context: &Context) -> Result<(Vec<EnvironmentRow>, Vec<Problem>)> {
    let mut all = Vec::new();
    let mut failed = Vec::new();
    list_each(context, |part| {
        let (ListPart::Begun { rows, problems, .. } | ListPart::Read { rows, problems, .. }) = part;
        all.extend(rows);
        failed.extend(problems);
    })
    .await?;
    all.sort_by(EnvironmentRow::order);
    Ok((all, failed))
}

/// The environments of the subscription in use alone.
///
/// # Errors
/// When its groups or the records cannot be read.
pub async fn list_here(context: &Context) -> Result<(Vec<EnvironmentRow>, Vec<Problem>)> {
    let listing = context.records.list()?;
    let subscription = SeenSubscription {
        id: context.arm.subscription_id().to_owned(),
        name: context.subscription_name.clone(),
        tenant_id: context.tenant_id.clone(),
    };
    let records = of_subscription(&listing.records, &subscription);
    let mut found = read(context, &subscription, records).await?;
    found.problems.extend(listing.broken);
    Ok((found.rows, found.problems))
}

/// Tells all environments, part by part as subscriptions answer.
///
/// # Errors
/// When neither records nor the list of subscriptions can be read. A subscription that cannot be read is a problem of
/// its own part.
pub async fn list_each(context: &Context, mut told: impl FnMut(ListPart)) -> Result<()> {
    let listing = context.records.list()?;
    let found = if context.subscriptions.is_empty() {
        context.arm.subscriptions().await?.into()
    } else {
        context.subscriptions.clone()
    };
    let subscriptions: Vec<SeenSubscription> =
        found.iter().filter(|each| each.is_enabled()).map(|each| seen(context, each)).collect();
    let elsewhere = listing
        .records
        .iter()
        .filter(|record| !subscriptions.iter().any(|each| is_in(record, &each.id)))
        .map(|record| out_of_reach(context, &found, record.clone()))
        .collect();
    told(ListPart::Begun {
        subscriptions: subscriptions.clone(),
        rows: elsewhere,
        problems: listing.broken,
    });
    let mut reads = stream::iter(subscriptions)
        .map(|subscription| {
            let records = of_subscription(&listing.records, &subscription);
            part(context, subscription, records)
        })
        .buffer_unordered(SIDE_BY_SIDE);
    while let Some(part) = reads.next().await {
        told(part);
    }
    Ok(())
}

/// Reads how the newest deployments of environments stand, and tells it of each, or why it could not be read. A phase
/// of
/// `None` means that there is no deployment of the environment.
pub async fn newest_each(
    context: &Context,
    records: Vec<Record>,
    mut told: impl FnMut(Record, Result<Option<Phase>>),
) {
    let mut reads = stream::iter(records)
        .map(|record| async move {
            let read = newest(context, &record).await;
            (record, read)
        })
        .buffer_unordered(SIDE_BY_SIDE);
    while let Some((record, read)) = reads.next().await {
        told(record, read);
    }
}

/// How an environment's newest deployment stands, in whatever subscription it is; `None` when there is none of it. One
/// read, a second one where strangers' deployments fill the first.
///
/// # Errors
/// When Azure cannot be read.
pub async fn newest(context: &Context, record: &Record) -> Result<Option<Phase>> {
    let arm = context.in_subscription(record).arm;
    let group = &record.resource_group;
    let Some(first) = arm.newest_deployments(group, NEWEST).await? else { return Ok(None) };
    let own = |all: &[Deployment]| {
        let mut own = all.iter().filter(|each| is_own_deployment(&record.full_name, &each.name));
        own.next().map(phase)
    };
    match own(&first) {
        None if first.len() >= NEWEST => Ok(own(&arm.deployments(group).await?)),
        phase => Ok(phase),
    }
}

fn phase(deployment: &Deployment) -> Phase {
    match DeploymentEnd::of(&deployment.state) {
        None => Phase::Deploying,
        Some(DeploymentEnd::Succeeded) => Phase::Ready,
        Some(DeploymentEnd::Cancelled) => Phase::Cancelled,
        Some(_) => Phase::Failed,
    }
}

/// Reads one subscription; a failure makes its records rows that could not be read.
async fn part(context: &Context, subscription: SeenSubscription, records: Vec<Record>) -> ListPart {
    let Found { rows, hubs, problems } = match read(context, &subscription, records.clone()).await {
        Ok(read) => read,
        Err(problem) => {
            let rows = records
                .into_iter()
                .map(|record| EnvironmentRow::unread(record, &subscription.name, &problem))
                .collect();
            let mut problem = problem.at(format!("{} ({})", subscription.name, subscription.id));
            problem.what = format!("{} could not be read: {}", subscription.name, problem.what);
            if problem.code == "AuthorizationFailed" {
                // Listing needs less than what the usual advice asks for.
                problem.advice =
                    "Ask for the role Reader on it; all other subscriptions are listed.".into();
            }
            Found { rows, hubs: Vec::new(), problems: vec![problem] }
        }
    };
    ListPart::Read { subscription, rows, hubs, problems }
}

/// What a subscription has.
struct Found {
    rows: Vec<EnvironmentRow>,
    hubs: Vec<HubRow>,
    problems: Vec<Problem>,
}

async fn read(
    context: &Context,
    subscription: &SeenSubscription,
    records: Vec<Record>,
) -> Result<Found> {
    let arm = Arm::new(context.arm.http().clone(), subscription.id.clone());
    let groups = arm.resource_groups().await?;
    let (mut hubs, mut damaged) = (Vec::new(), Vec::new());
    for group in &groups {
        match new_hub::from_tags(&group.location, &group.tags) {
            Some(Ok(hub)) => hubs.push(HubRow {
                hub,
                subscription: subscription.clone(),
                deleting: group.state() == "Deleting",
            }),
            Some(Err(problem)) => damaged.push(problem.at(group.name.clone())),
            None => {}
        }
    }
    hubs.sort_by_key(HubRow::key);
    let networks = if groups.iter().any(is_seed) {
        // That they cannot be read leaves the address spaces open, no more.
        arm.virtual_networks().await.unwrap_or_default()
    } else {
        Vec::new()
    };
    let spaces: BTreeMap<String, _> = networks
        .into_iter()
        .filter_map(|network| {
            let space = network.prefixes.iter().find_map(|each| each.parse().ok())?;
            Some((network.id.to_lowercase(), space))
        })
        .collect();
    let groups: Vec<SeenGroup> = groups
        .into_iter()
        .map(|group| {
            let network = seed::network_of(&group.id, &group.name, &group.tags);
            SeenGroup {
                deleting: group.state() == "Deleting",
                network: spaces.get(&network.to_lowercase()).copied(),
                name: group.name,
                location: group.location,
                tags: group.tags,
            }
        })
        .collect();
    let finder = Finder {
        practice: context.practice,
        // Where they are if they are here; only a record could tell of another place.
        keeping: match context.keeping() {
            Keeping::None if context.practice => Keeping::Practice,
            Keeping::None => Keeping::Keychain,
            other => other,
        },
        now: Timestamp::now(),
    };
    let (rows, mut problems) = merge(subscription, records, &groups, finder);
    problems.extend(damaged);
    Ok(Found { rows, hubs, problems })
}

fn is_seed(group: &ResourceGroup) -> bool {
    seed::is_seed(&group.tags) && !group.tags.keys().any(|key| key.eq_ignore_ascii_case(tags::MARK))
}

fn seen(context: &Context, subscription: &Subscription) -> SeenSubscription {
    SeenSubscription {
        id: subscription.subscription_id.clone(),
        name: subscription.display_name.clone(),
        tenant_id: subscription.tenant_id.clone().unwrap_or_else(|| context.tenant_id.clone()),
    }
}

fn is_in(record: &Record, subscription: &str) -> bool {
    record.subscription_id.eq_ignore_ascii_case(subscription)
}

fn of_subscription(records: &[Record], subscription: &SeenSubscription) -> Vec<Record> {
    records.iter().filter(|record| is_in(record, &subscription.id)).cloned().collect()
}

/// The row of a record whose subscription cannot be asked.
fn out_of_reach(context: &Context, found: &[Subscription], record: Record) -> EnvironmentRow {
    let listed = found.iter().find(|each| is_in(&record, &each.subscription_id));
    let (here, there) = (&context.tenant_id, &record.tenant_id);
    if listed.is_none()
        && !here.is_empty()
        && !there.is_empty()
        && !here.eq_ignore_ascii_case(there)
    {
        return EnvironmentRow::in_other_tenant(record);
    }
    let id = record.subscription_id.clone();
    let (name, problem) = match listed {
        Some(each) => (
            each.display_name.as_str(),
            Problem::new(
                "SubscriptionDisabled",
                format!("The subscription {} is {}.", each.display_name, each.state.to_lowercase()),
                "Have it enabled again in the Azure portal, under Subscriptions.",
            ),
        ),
        None => (
            "",
            Problem::new(
                "SubscriptionNotSeen",
                "This account does not see the subscription of the environment.",
                "Ask for the role Reader on it, or sign in with an account that has it.",
            ),
        ),
    };
    EnvironmentRow::unread(record, name, &problem.at(id))
}
