//! `delete`: removes an environment's resource group and follows that to its end.
//!
//! Credentials and record go last, once Azure has confirmed. It may be left and called again at any moment. It must not
//! touch a group that is not the environment's.

use super::{
    Context, Control,
    decide::Group,
    event::{Event, Events, Stage, stage, tell},
    survey::{Survey, foreign},
};
use crate::{
    azure::arm::{Poll, Started},
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

/// Removes an environment with everything in its group.
///
/// # Errors
/// When Azure refuses (a lock, missing rights), or the group belongs to something else.
pub async fn delete_group(
    context: &Context,
    mut record: Record,
    control: &Control,
    events: &Events,
) -> Result<Removal, Problem> {
    let group = record.resource_group.clone();
    stage(events, Stage::Looking);
    let survey = Survey::read(context, &group, &record.full_name, record.last_deployment()).await?;
    let started = match survey.group {
        Group::Foreign => return Err(foreign(&group)),
        Group::Absent => Started::Done(serde_json::Value::Null),
        Group::Ours | Group::BeingDeleted => {
            stage(events, Stage::Deleting(group.clone()));
            record.phase = Phase::Deleting;
            context.records.write(&record)?;
            context.arm.delete_resource_group(&group).await?
        }
    };
    if let Started::Running(operation) = started {
        let mut wait = operation.pause;
        let mut told = None;
        loop {
            tokio::select! {
                biased;
                () = control.leave.cancelled() => return Ok(Removal::Left),
                () = tokio::time::sleep(context.pace().next(Some(wait))) => {}
            }
            match context.arm.poll(&operation).await? {
                Poll::Done(_) => break,
                Poll::Pending { wait: asked, .. } => wait = asked,
            }
            let left = context
                .arm
                .resources(&group)
                .await
                .map_or(0, |all| all.len());
            if told != Some(left) {
                told = Some(left);
                tell(events, Event::Deleting { left });
            }
        }
    }
    forget(context, &record).await?;
    Ok(Removal::Done)
}

/// Removes what this machine keeps of an environment that is gone.
async fn forget(context: &Context, record: &Record) -> Result<(), Problem> {
    if let Some(store) = &context.secrets {
        store.delete(&record.account()).await?;
    }
    context.records.remove(&record.full_name)
}
