//! Removing an environment: its resource group to the very end, then its credentials, its record last.
//!
//! Only a group that is the environment's own is removed. An interrupted removal goes on in Azure, and the same call
//! takes it up again.

use super::{
    Context, Control,
    decide::Group,
    event::{Event, Events, Notice, Stage, notice, stage, tell},
    remember, survey,
    survey::Survey,
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
pub enum Deletion {
    /// Nothing of the environment is left in the group, the store or the records.
    Done,
    /// The watching ended before; Azure goes on.
    Left,
}

/// Removes an environment.
///
/// # Errors
/// When the group is not the environment's own, or Azure refuses, such as for a lock.
pub async fn delete_group(
    context: &Context,
    record: &Record,
    events: &Events,
    control: &Control,
) -> Result<Deletion, Problem> {
    let Some(_lock) = context.records.lock(&record.full_name)? else {
        return Err(Problem::new(
            "AnotherWindow",
            "Another window of this program prepares this environment at the moment.",
            "Wait for it or close it, then run the command again.",
        )
        .at(record.full_name.clone()));
    };
    let removal = remove(context, record, events);
    tokio::select! {
        biased;
        () = control.leave.cancelled() => return Ok(Deletion::Left),
        removed = removal => removed?,
    }
    // The record last: as long as it is there, the same command comes back here.
    if let Some(store) = &context.secrets {
        store.delete(&record.account()).await?;
    }
    context.records.remove(&record.full_name)?;
    Ok(Deletion::Done)
}

async fn remove(context: &Context, record: &Record, events: &Events) -> Result<(), Problem> {
    let group = &record.resource_group;
    stage(events, Stage::Looking);
    let survey = Survey::read(context, group, &record.full_name, record.last_deployment()).await?;
    match survey.group {
        Group::Absent => return Ok(()),
        Group::Foreign => return Err(survey::foreign(group)),
        Group::BeingDeleted | Group::Ours => {}
    }
    if let Some(running) = survey.running() {
        stop(context, group, &running.name, events).await?;
    }
    if context.records.read(&record.full_name)?.is_some() {
        let mut record = record.clone();
        remember(context, &mut record, |record| {
            record.phase = Phase::Deleting;
        })?;
    }
    stage(events, Stage::Deleting(group.clone()));
    match context.arm.delete_resource_group(group).await? {
        Started::Done(_) => Ok(()),
        Started::Running(operation) => watch(context, group, operation, events).await,
    }
}

/// Cancels a deployment that runs and waits for its end: what it still makes would get in the way of the removal.
async fn stop(context: &Context, group: &str, name: &str, events: &Events) -> Result<(), Problem> {
    stage(events, Stage::Cancelling);
    let asked = context.arm.cancel(group, name).await;
    let mut lost = 0;
    loop {
        match context.arm.deployment(group, name).await {
            Ok(Some(deployment)) if !deployment.is_finished() => {
                // A refusal to cancel counts only as long as the deployment runs.
                asked.clone()?;
                tokio::time::sleep(context.pace().next(deployment.pause)).await;
            }
            Ok(_) => return Ok(()),
            Err(problem) => {
                lost += 1;
                survive(problem, events)?;
                tokio::time::sleep(context.pace().after_loss(lost)).await;
            }
        }
    }
}

async fn watch(
    context: &Context,
    group: &str,
    mut operation: LongRunning,
    events: &Events,
) -> Result<(), Problem> {
    let mut pause = operation.pause;
    let mut lost = 0;
    loop {
        tokio::time::sleep(context.pace().next(Some(pause))).await;
        match context.arm.poll(&operation).await {
            Ok(Poll::Pending { wait, .. }) => {
                (pause, lost) = (wait, 0);
                // Only for show, and gone with the group.
                if let Ok(resources) = context.arm.resources(group).await {
                    let left = resources.len();
                    tell(events, Event::Deleting { left });
                }
            }
            Ok(Poll::Done(_)) => match context.arm.resource_group(group).await? {
                None => return Ok(()),
                Some(_) => operation = context.arm.group_removal(group),
            },
            Err(problem) if problem.is_transient() => {
                lost += 1;
                survive(problem, events)?;
                pause = context.pace().after_loss(lost);
            }
            // The operation may be forgotten once its group is gone.
            Err(problem) => match context.arm.resource_group(group).await {
                Ok(None) => return Ok(()),
                _ => return Err(problem),
            },
        }
    }
}

fn survive(problem: Problem, events: &Events) -> Result<(), Problem> {
    if !problem.is_transient() {
        return Err(problem);
    }
    notice(events, Notice::StillTrying(Box::new(problem)));
    Ok(())
}
