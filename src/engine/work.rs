//! Requests that change something and are followed to their end, for acts that are no deployment.
//!
//! A temporary failure (a lost connection, another change of the same network, a throttled service) is waited out and
//! the request sent again: every request here can be sent twice. It must not decide what is to be changed.

use std::time::Duration;

use serde_json::Value;

use super::Context;
use super::event::Events;
use crate::azure::arm::{LongRunning, Poll, Started};
use crate::domain::operation::{Event, Notice, OperationStep};
use crate::domain::problem::{Problem, Result};

/// Most tries of one request: with the pauses between them, about twenty minutes.
const MOST_TRIES: u32 = 40;
/// Most tries of one request whose answers are not Azure's; each was asked several times already.
const MOST_UNEXPECTED: u32 = 3;
/// Longest pause between two tries of a request that is in the way of another one.
const BUSY: Duration = Duration::from_secs(30);

/// A change of one resource.
#[derive(Debug, Clone)]
pub(super) enum ResourceChange {
    /// Make or replace it.
    Put { id: String, body: Value },
    /// Remove it.
    Delete {
        /// Its id, with further query where the type needs one.
        id: String,
    },
    /// Act on it.
    Post {
        /// Its id.
        id: String,
        /// The action, such as `start`.
        action: &'static str,
    },
}

/// Where changes are made, and who hears of it.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub context: &'a Context,
    pub events: &'a Events,
}

impl Work<'_> {
    /// Tells a step of an act.
    pub(super) fn step(self, act: OperationStep, number: usize, of: usize) {
        self.events.tell(Event::Act { act, number, of });
    }

    /// Tells more about the step that is going on.
    pub(super) fn detail(self, text: String) {
        self.events.tell(Event::Detail(text));
    }

    /// Makes a change and waits for its end.
    pub(super) async fn run_to_completion(self, change: &ResourceChange) -> Result<Value> {
        let mut tries = 0;
        loop {
            let ended = match self.send(change).await {
                Ok(started) => self.follow(started).await,
                Err(problem) => Err(problem),
            };
            match ended {
                Ok(body) => return Ok(body),
                Err(problem) => self.backoff_or_fail(problem, &mut tries).await?,
            }
        }
    }

    /// Begins a change; waits until Azure takes it, not for its end.
    pub(super) async fn begin(self, change: &ResourceChange) -> Result<Started> {
        let mut tries = 0;
        loop {
            match self.send(change).await {
                Ok(started) => return Ok(started),
                Err(problem) => self.backoff_or_fail(problem, &mut tries).await?,
            }
        }
    }

    /// Makes changes at the same time and waits for all of them, telling how many are left.
    pub(super) async fn run_all(self, changes: &[ResourceChange], noun: &str) -> Result<()> {
        let mut begun = Vec::new();
        for change in changes {
            begun.push((change, self.begin(change).await?));
        }
        let mut left = begun.len();
        for (change, started) in begun {
            match self.follow(started).await {
                Ok(_) => {}
                Err(problem) if problem.is_transient() || is_forgotten(&problem) => {
                    self.run_to_completion(change).await?;
                }
                Err(problem) => return Err(problem),
            }
            left -= 1;
            if left > 0 {
                self.detail(format!("{} left.", crate::domain::words::count(left, noun)));
            }
        }
        Ok(())
    }

    async fn send(self, change: &ResourceChange) -> Result<Started> {
        let arm = &self.context.arm;
        match change {
            ResourceChange::Put { id, body } => arm.put_resource(id, body).await,
            ResourceChange::Delete { id } => arm.delete_resource(id).await,
            ResourceChange::Post { id, action } => arm.act(id, action, None, true).await,
        }
    }

    /// Waits before a request is sent again, or gives the problem back where that cannot help.
    pub(super) async fn backoff_or_fail(self, problem: Problem, tries: &mut u32) -> Result<()> {
        let passes = problem.is_transient() || is_forgotten(&problem);
        // What changes answers on the way does not pass as a busy service does.
        let most = if problem.is_unexpected() { MOST_UNEXPECTED } else { MOST_TRIES };
        if !passes || *tries >= most {
            return Err(problem);
        }
        *tries += 1;
        if *tries == 1 && !is_forgotten(&problem) {
            self.events.notice(Notice::Waiting(Box::new(problem)));
        }
        let pause = self.context.pace().after_loss(*tries).min(BUSY);
        tokio::time::sleep(pause).await;
        Ok(())
    }

    /// Follows an operation to its end. That Azure cannot be asked for a while changes nothing.
    pub(super) async fn follow(self, started: Started) -> Result<Value> {
        let mut operation: LongRunning = match started {
            Started::Done(body) => return Ok(body),
            Started::Running(operation) => operation,
        };
        let pace = self.context.pace();
        let mut pause = pace.first(operation.pause);
        let mut lost = 0;
        loop {
            tokio::time::sleep(pause).await;
            match self.context.arm.poll(&mut operation).await {
                Ok(Poll::Done(body)) => return Ok(body),
                Ok(Poll::Pending { wait, .. }) => {
                    lost = 0;
                    pause = pace.next(wait);
                }
                Err(problem) if problem.is_unanswered() => {
                    lost += 1;
                    if lost == 1 {
                        self.events.notice(Notice::StillTrying(Box::new(problem)));
                    }
                    pause = pace.after_loss(lost);
                }
                Err(problem) => return Err(problem),
            }
        }
    }
}

/// Whether Azure does not know an operation any more: then the request itself tells how things stand.
fn is_forgotten(problem: &Problem) -> bool {
    problem.code == "OperationNotFound"
}
