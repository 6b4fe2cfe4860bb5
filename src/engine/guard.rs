//! One window at a time works on an environment or a hub; and a person may leave what goes on.
//!
//! The lock is a file's and falls with its process. Deploying holds it until the deployment is sent: then anybody may
//! watch. Everything else holds it to its end.

use std::time::Duration;

use super::event::Events;
use super::{Context, Control};
use crate::domain::environment::Record;
use crate::domain::operation::{Ended, Notice};
use crate::domain::problem::{Problem, Result};
use crate::store::records::Lock;

/// Pause between two tries to take the lock that another window holds.
const PAUSE: Duration = Duration::from_millis(300);

/// Takes the lock of an environment.
///
/// # Errors
/// When another window holds it.
pub(super) fn hold(context: &Context, record: &Record) -> Result<Lock> {
    let lock = context.records.lock(&record.full_name)?;
    lock.ok_or_else(|| {
        Problem::new(
            "AnotherWindow",
            "Another window of this program is working on this environment.",
            "Wait for it, or close it; then run the command again.",
        )
        .at(record.full_name.clone())
    })
}

/// Takes the lock of a name, waiting as long as another window holds it; `None` when the person left or cancelled.
pub(super) async fn wait_for(
    context: &Context,
    name: &str,
    control: &Control,
    events: &Events,
) -> Result<Option<Lock>> {
    let mut told = false;
    loop {
        if let Some(lock) = context.records.lock(name)? {
            return Ok(Some(lock));
        }
        if !told {
            events.notice(Notice::AnotherWindow);
            told = true;
        }
        let paused = control.unless_stopped(tokio::time::sleep(PAUSE)).await;
        if paused.is_none() {
            return Ok(None);
        }
    }
}

impl Control {
    /// Does something that may be broken off at any point; `None` when the person left or cancelled meanwhile.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.leave.cancelled() => None,
            () = self.cancel.cancelled() => None,
            done = work => Some(done),
        }
    }

    /// Does something to its end, unless the person leaves; begun again, it goes on from what is there.
    pub(super) fn unless_left<T>(
        &self,
        work: impl Future<Output = Result<T>>,
    ) -> impl Future<Output = Result<Ended<T>>> {
        // Too much for the stack of every caller.
        let work = Box::pin(work);
        async move {
            tokio::select! {
                biased;
                () = self.leave.cancelled() => Ok(Ended::Left { deployment: None }),
                done = work => done.map(Ended::Done),
            }
        }
    }
}
