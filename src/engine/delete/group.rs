//! The end of a removal: the group goes with what is left in it, and Azure's list of it is read until it is gone.
//!
//! Also what must stop before: a deployment that still makes things.

use crate::azure::arm::{LongRunning, Poll, Started};
use crate::domain::operation::{Event, Notice, Stage};
use crate::domain::problem::{Problem, Result};
use crate::engine::event::Events;
use crate::engine::{Context, cancel};

/// Most answers in a row that are not Azure's.
const MOST_UNEXPECTED: u32 = 3;

/// Removes a group and follows that to its end.
pub(in crate::engine) async fn remove(
    context: &Context,
    group: &str,
    events: &Events,
) -> Result<()> {
    match context.arm.delete_resource_group(group).await? {
        Started::Done(_) => Ok(()),
        Started::Running(operation) => watch(context, group, operation, events).await,
    }
}

/// Cancels a deployment and waits for its end: what it still makes would get in the way of the removal.
pub(in crate::engine) async fn stop(
    context: &Context,
    group: &str,
    name: &str,
    events: &Events,
) -> Result<()> {
    events.stage(Stage::Cancelling);
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
) -> Result<()> {
    let mut pause = context.pace().first(operation.pause);
    let (mut lost, mut told) = (0, None);
    loop {
        tokio::time::sleep(pause).await;
        match context.arm.poll(&mut operation).await {
            Ok(Poll::Pending { wait, .. }) => {
                lost = 0;
                pause = context.pace().next(wait);
                // Only to be shown; the list goes with the group.
                let left = context.arm.resources(group).await.map(|all| all.len());
                if let Ok(left) = left
                    && told.replace(left) != Some(left)
                {
                    events.tell(Event::Deleting { left });
                }
            }
            Ok(Poll::Done(_)) => return Ok(()),
            Err(problem) if problem.is_transient() => {
                lost += 1;
                survive(problem, lost, events)?;
                pause = context.pace().after_loss(lost);
            }
            Err(problem) => return Err(problem),
        }
    }
}

/// Tries on after temporary failures, and says so once.
fn survive(problem: Problem, lost: u32, events: &Events) -> Result<()> {
    // What changes answers on the way does not pass as a lost connection does.
    let stays = problem.is_unexpected() && lost > MOST_UNEXPECTED;
    if stays || !problem.is_transient() {
        return Err(problem);
    }
    if lost == 1 {
        events.notice(Notice::StillTrying(Box::new(problem)));
    }
    Ok(())
}
