//! `delete`: takes an environment away in the order in which nothing of it stays in the way, and says what remains.
//!
//! What Azure would keep, or would stumble over, goes first and one after the other: computes (their network cards
//! hold the subnet), the far sides of peerings and links, diagnostic settings, the workspace for good, endpoints, the
//! connections of the private link scope, the log workspace for good, the vault. The steps stop there: everything
//! else is left to the removal of the group, for Azure knows the order of what remains and works on it in parallel,
//! where steps of ours would only make it slower. An intent is noted first; each step looks at what is there, so a
//! removal that was interrupted goes on when it is called again. Credentials and record go last, once Azure has
//! confirmed. It must not touch what is not the environment's.

pub(super) mod group;
mod lock;
mod network;
mod step;

use super::decide::GroupState;
use super::event::Events;
use super::survey::{Survey, agree, foreign};
use super::work::Work;
use super::{Blueprint, Context, Control, cost, finish, intent};
use crate::azure::arm::ResourceSummary;
use crate::domain::environment::intent::Intent;
use crate::domain::environment::remains::Remain;
use crate::domain::environment::{Phase, Record};
use crate::domain::operation::{Ended, OperationStep, Stage};
use crate::domain::peering::{IdParts, new_hub};
use crate::domain::problem::Result;
use crate::domain::settings::DnsZones;
use crate::engine::guard::hold;

/// How many steps there are.
const STEPS: usize = 10;

/// What may be done on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeleteOptions {
    /// Whether locks on the environment are removed; otherwise they are named and nothing is deleted.
    pub remove_locks: bool,
}

/// Removes an environment with everything in its group, its credentials and its record, and tells what remains. A
/// deployment that runs is cancelled first.
///
/// # Errors
/// When Azure refuses (a lock, missing rights), the group belongs to something else, or another window is about to
/// send a deployment.
pub async fn delete_environment(
    context: &Context,
    record: &Record,
    options: DeleteOptions,
    control: &Control,
    events: &Events,
) -> Result<Ended<Vec<Remain>>> {
    let _lock = hold(context, record)?;
    let work = remove(Work { context, events }, record, options);
    let mut ended = control.unless_left(work).await?;
    if let Ended::Done(remains) = &mut ended {
        remains.extend(forget(context, record).await?);
    }
    Ok(ended)
}

async fn remove(work: Work<'_>, record: &Record, options: DeleteOptions) -> Result<Vec<Remain>> {
    let (context, events) = (work.context, work.events);
    let group = &record.resource_group;
    agree(context, record)?;
    events.stage(Stage::Looking);
    let survey = Survey::read(context, group, &record.full_name, record.last_deployment()).await?;
    let ours = survey.intent() == Some(Intent::Delete);
    match survey.group {
        GroupState::Absent => return left_over(work, record).await,
        GroupState::Foreign => return Err(foreign(group)),
        GroupState::BeingDeleted => {
            if !ours {
                let name = format!("ml-{}", record.full_name);
                keep(context, record, vec![Remain::Workspace { name }])?;
            }
        }
        GroupState::Ours => {
            lock::release(work, record, options).await?;
            // The intent goes with the group.
            intent::set(work, group, Intent::Delete).await?;
            finish::note(context, &mut record.clone(), Phase::Deleting)?;
            let running = survey.deployments.iter().find(|each| !each.is_finished());
            if let Some(running) = running {
                group::stop(context, group, &running.name, events).await?;
            }
            take_apart(work, record).await?;
        }
    }
    let name = group.clone();
    work.step(OperationStep::DeletingGroup { name }, STEPS, STEPS);
    group::remove(context, group, events).await?;
    left_over(work, record).await
}

/// The steps before the group's own removal.
async fn take_apart(work: Work<'_>, record: &Record) -> Result<()> {
    let context = work.context;
    let resources = context.arm.resources(&record.resource_group).await?;
    step::computes(work, &resources).await?;
    let foreign = network::leave(work, record, &resources).await?;
    keep(context, record, foreign)?;
    // A template that cannot be read any more has no say in what is deleted.
    if let Ok(plan) = Blueprint::of(record)
        .and_then(|blueprint| blueprint.plan(context, &record.settings, &record.resource_group))
    {
        step::diagnostics(work, &plan).await;
    }
    keep(context, record, step::workspaces(work, &resources).await)?;
    step::endpoints(work, &resources).await?;
    step::scopes(work, &resources).await?;
    keep(context, record, step::logs(work, &resources).await)?;
    step::vaults(work, &resources).await?;
    step::purge_vaults(work, &record.resource_group).await;
    Ok(())
}

/// The resources of a type among those that a group has.
fn of_type<'a>(
    resources: &'a [ResourceSummary],
    kind: &'a str,
) -> impl Iterator<Item = &'a ResourceSummary> {
    resources.iter().filter(move |resource| resource.resource_type.eq_ignore_ascii_case(kind))
}

/// Notes in the record what is known to remain, so that it is told at the end whoever is interrupted.
fn keep(context: &Context, record: &Record, remains: Vec<Remain>) -> Result<()> {
    let known = context.records.read(&record.full_name)?;
    let mut newest = known.unwrap_or_else(|| record.clone());
    newest.phase = Phase::Deleting;
    for remain in remains {
        if !newest.remains.contains(&remain) {
            newest.remains.push(remain);
        }
    }
    context.records.write(&newest)
}

/// The hub that an environment was connected to, where this program created it. One that cannot be read is not told: it
/// stays in the list.
async fn hub_left(context: &Context, network: &str) -> Option<Remain> {
    let parts = IdParts::of(network);
    let context = context.of_subscription(parts.subscription);
    let group = context.arm.resource_group(parts.resource_group).await.ok()??;
    let hub = new_hub::from_tags(&group.location, &group.tags)?.ok()?;
    let cost = cost::of_hub(&context, &hub).await.ok()?;
    let cost = if context.practice { "nothing: practice".to_owned() } else { cost.about() };
    Some(Remain::Hub { name: hub.name.to_string(), cost })
}

/// What remains once the group is gone.
async fn left_over(work: Work<'_>, record: &Record) -> Result<Vec<Remain>> {
    let context = work.context;
    let known = context.records.read(&record.full_name)?;
    let hub = known.as_ref().unwrap_or(record).settings.hub.clone();
    let mut remains = known.map(|record| record.remains).unwrap_or_default();
    if let Some(hub) = hub {
        remains.extend(hub_left(context, &hub).await);
    }
    if record.settings.dns_zones == DnsZones::Existing {
        remains.push(Remain::RegisteredNames);
    }
    step::purge_vaults(work, &record.resource_group).await;
    remains.extend(step::kept_by_azure(context, &record.resource_group).await);
    Ok(remains)
}

/// Removes what this machine keeps of an environment that is gone. Credentials that cannot be removed open nothing any
/// more: they are told, and the record goes all the same.
async fn forget(context: &Context, record: &Record) -> Result<Option<Remain>> {
    let mut left = None;
    if let Some(store) = &context.secrets {
        for account in [record.account(), record.pending_account()] {
            if let Err(problem) = store.delete(&account).await {
                left = Some(Remain::Credentials {
                    place: store.describe(&account),
                    why: problem.what,
                });
                break;
            }
        }
    }
    context.records.remove(&record.full_name)?;
    Ok(left)
}
