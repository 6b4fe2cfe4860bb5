//! Whose turn it is: one window at a time prepares a deployment of the same thing, and the others wait for it.
//!
//! The lock is a file's and falls with its process. It must not be held while Azure works: then anybody may watch.

use std::time::Duration;

use super::{
    Context, Control,
    event::{Events, Notice, notice},
};
use crate::{domain::problem::Problem, store::records::Lock};

/// Pause between two tries to take the lock that another window holds.
const PAUSE: Duration = Duration::from_millis(300);

/// Takes the lock of a name, waiting as long as another window holds it; `None` when the person left or cancelled.
pub(super) async fn take(
    context: &Context,
    name: &str,
    control: &Control,
    events: &Events,
) -> Result<Option<Lock>, Problem> {
    let mut told = false;
    loop {
        if let Some(lock) = context.records.lock(name)? {
            return Ok(Some(lock));
        }
        if !told {
            notice(events, Notice::AnotherWindow);
            told = true;
        }
        let paused = control.unless_stopped(tokio::time::sleep(PAUSE)).await;
        if paused.is_none() {
            return Ok(None);
        }
    }
}
