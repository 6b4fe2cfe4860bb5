//! `delete`: removes an environment's resource group and follows that to its end.
//!
//! Credentials and record go last, once Azure has confirmed. It may be left and called again at any moment. It must not
//! touch a group that is not the environment's.

use super::{
    Context, Control, cancel,
    decide::Group,
    event::{Event, Events, Notice, Stage, notice, stage, tell},
    finish,
    survey::{Survey, foreign},
};
use crate::{
    azure::arm::{LongRunning, Poll, Started},
    domain::{
        environment::{Phase, Record},
        problem::Problem,
    },
};

/// How a removal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Group, credentials and record are gone.
    Done,
    /// The person left; Azure goes on.
    Left,
}

/// Removes an environment with everything in its group. A deployment that runs is cancelled first.
///
/// # Errors
/// When Azure refuses (a lock, missing rights), the group belongs to something else, or another window is about to
/// send a deployment.
pub async fn delete_group(
    context: &Context,
    record: Record,
    control: &Control,
    events: &Events,
) -> Result<Removal, Problem> {
    let Some(_lock) = context.records.lock(&record.full_name)? else {
        return Err(Problem::new(
            "AnotherWindow",
            "Another window of this program is preparing this environment.",
            "Wait until it has sent its deployment, or close it; then run the command again.",
        )
        .at(record.full_name));
    };
    tokio::select! {
        biased;
        () = control.leave.cancelled() => return Ok(Removal::Left),
        removed = remove(context, &record, events) => removed?,
    }
    forget(context, &record).await?;
    Ok(Removal::Done)
}

async fn remove(context: &Context, record: &Record, events: &Events) -> Result<(), Problem> {
    let group = &record.resource_group;
    stage(events, Stage::Looking);
    let survey = Survey::read(context, group, &record.full_name, record.last_deployment()).await?;
    match survey.group {
        Group::Absent => return Ok(()),
        Group::Foreign => return Err(foreign(group)),
        Group::Ours | Group::BeingDeleted => {}
    }
    let running = survey.deployments.iter().find(|each| !each.is_finished());
    if let Some(running) = running {
        stop(context, group, &running.name, events).await?;
    }
    stage(events, Stage::Deleting(group.clone()));
    finish::note(context, &mut record.clone(), Phase::Deleting)?;
    match context.arm.delete_resource_group(group).await? {
        Started::Done(_) => Ok(()),
        Started::Running(operation) => watch(context, group, operation, events).await,
    }
}

/// Cancels a deployment and waits for its end: what it still makes would get in the way of the removal.
async fn stop(context: &Context, group: &str, name: &str, events: &Events) -> Result<(), Problem> {
    stage(events, Stage::Cancelling);
    cancel::ask(context, group, name).await?;
    let mut lost = 0;
    loop {
        let pause = match context.arm.deployment(group, name).await {
            Ok(Some(deployment)) if !deployment.is_finished() => {
                lost = 0;
                context.pace().next(deployment.pause)
            }
            Ok(_) => return Ok(()),
            Err(problem) => {
                lost += 1;
                survive(problem, lost, events)?;
                context.pace().after_loss(lost)
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Follows the removal until the group is gone.
async fn watch(
    context: &Context,
    group: &str,
    mut operation: LongRunning,
    events: &Events,
) -> Result<(), Problem> {
    let mut pause = context.pace().next(Some(operation.pause));
    let (mut lost, mut told) = (0, None);
    loop {
        tokio::time::sleep(pause).await;
        match context.arm.poll(&operation).await {
            Ok(Poll::Pending { wait, .. }) => {
                lost = 0;
                pause = context.pace().next(Some(wait));
                // Only to be shown; the list goes with the group.
                let left = context.arm.resources(group).await.map(|all| all.len());
                if let Ok(left) = left
                    && told.replace(left) != Some(left)
                {
                    tell(events, Event::Deleting { left });
                }
            }
            Ok(Poll::Done(_)) if context.arm.resource_group(group).await?.is_none() => {
                return Ok(());
            }
            Ok(Poll::Done(_)) => operation = context.arm.group_removal(group),
            Err(problem) if problem.is_transient() => {
                lost += 1;
                survive(problem, lost, events)?;
                pause = context.pace().after_loss(lost);
            }
            // The operation may be forgotten once its group is gone.
            Err(problem) => {
                return match context.arm.resource_group(group).await {
                    Ok(None) => Ok(()),
                    _ => Err(problem),
                };
            }
        }
    }
}

/// Tries on after what passes by itself, and says so once.
fn survive(problem: Problem, lost: u32, events: &Events) -> Result<(), Problem> {
    if !problem.is_transient() {
        return Err(problem);
    }
    if lost == 1 {
        notice(events, Notice::StillTrying(Box::new(problem)));
    }
    Ok(())
}

/// Removes what this machine keeps of an environment that is gone.
async fn forget(context: &Context, record: &Record) -> Result<(), Problem> {
    if let Some(store) = &context.secrets {
        store.delete(&record.account()).await?;
    }
    context.records.remove(&record.full_name)
}
