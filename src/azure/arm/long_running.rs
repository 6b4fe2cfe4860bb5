//! Operations that go on after their request was answered.
//!
//! Azure tells where to ask: `Azure-AsyncOperation` (a status in the body) before `Location` (202 until it is done).
//! The address is asked verbatim
//! (<https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations>).

use std::{fmt, time::Duration};

use serde_json::Value;
use url::Url;

use super::{Arm, text};
use crate::{
    azure::{
        decode,
        http::{Answer, Request},
    },
    domain::problem::Problem,
};

/// Pause between two questions when Azure names none.
const PAUSE: Duration = Duration::from_secs(5);
/// Most answers of "not there" about an operation just begun, before it is believed.
const MOST_MISSING: u32 = 3;

/// What a request began.
#[derive(Debug, Clone, PartialEq)]
pub enum Started {
    /// It was done at once; the body of the answer.
    Done(Value),
    /// It goes on.
    Running(LongRunning),
}

impl Started {
    /// Reads an answer to PUT, PATCH, POST or DELETE.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        let asynchronous = matches!(answer.status, 201 | 202) || goes_on(answer);
        let address = match (&answer.async_operation, &answer.location) {
            (Some(address), _) => Some((address, Kind::Body)),
            (None, Some(address)) if answer.status == 202 => Some((address, Kind::Location)),
            _ => None,
        };
        match address {
            // Some services send the header with 200 as well: with a state that is not final when the change of something
            // that exists goes on (networks, machines), with a final one when nothing is left to do.
            Some((address, kind)) if asynchronous => Self::Running(LongRunning {
                target: address.to_string(),
                kind,
                pause: answer.retry_after.unwrap_or(PAUSE),
                body: answer.body.clone(),
            }),
            _ => Self::Done(answer.body.clone()),
        }
    }
}

/// Whether a change that was answered with 200 is still going on, by the state of the resource in the answer.
fn goes_on(answer: &Answer) -> bool {
    answer.status == 200
        && text(&answer.body, &["properties", "provisioningState"])
            .is_some_and(|state| !matches!(state.as_str(), "Succeeded" | "Failed" | "Canceled"))
}

/// How the state of an operation is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// By a status in the body (`Azure-AsyncOperation`).
    Body,
    /// By 202 until it is done (`Location`).
    Location,
    /// By something being there until it is gone.
    Gone,
}

/// Where to ask about an operation that goes on.
#[derive(Clone, PartialEq)]
pub struct LongRunning {
    target: String,
    kind: Kind,
    /// The pause that Azure asks for before the first question.
    pub pause: Duration,
    /// The body with which the operation was accepted.
    pub body: Value,
}

impl LongRunning {
    /// An operation followed by its `Azure-AsyncOperation` address.
    #[must_use]
    pub fn at(address: &Url) -> Self {
        Self::asked(address.to_string(), Kind::Body)
    }

    /// A removal that is done when nothing is found at this path any longer.
    pub(super) fn until_gone(path: String) -> Self {
        Self::asked(path, Kind::Gone)
    }

    fn asked(target: String, kind: Kind) -> Self {
        Self {
            target,
            kind,
            pause: PAUSE,
            body: Value::Null,
        }
    }
}

impl fmt::Debug for LongRunning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The query of the address holds a signed ticket.
        let path = self.target.split('?').next().unwrap_or_default();
        write!(formatter, "LongRunning({path})")
    }
}

/// The state of an operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Poll {
    /// It goes on; ask again after the pause.
    Pending {
        /// The pause that Azure asks for, or our own.
        wait: Duration,
        /// Azure's word for the state.
        status: String,
    },
    /// It succeeded; the body of the last answer.
    Done(Value),
}

impl Arm {
    /// Asks once about an operation.
    ///
    /// # Errors
    /// The decoded failure when it failed or was cancelled, and as every call.
    pub async fn poll(&self, operation: &LongRunning) -> Result<Poll, Problem> {
        let request = Request::get(operation.target.as_str());
        let answer = self.http.exchange(request).await?;
        if operation.kind == Kind::Gone && answer.status == 404 {
            return Ok(Poll::Done(Value::Null));
        }
        state(&answer.into_result()?, operation.kind)
    }

    /// Follows an operation to its end, telling its state after each question.
    ///
    /// # Errors
    /// As `poll`.
    pub async fn finish(
        &self,
        started: Started,
        mut told: impl FnMut(&str),
    ) -> Result<Value, Problem> {
        let operation = match started {
            Started::Done(body) => return Ok(body),
            Started::Running(operation) => operation,
        };
        let mut wait = operation.pause;
        let mut missing = 0;
        loop {
            tokio::time::sleep(wait).await;
            match self.poll(&operation).await {
                Ok(Poll::Done(body)) => return Ok(body),
                Ok(Poll::Pending { wait: next, status }) => {
                    missing = 0;
                    told(&status);
                    wait = next;
                }
                // A new operation is at times not known everywhere at once.
                Err(problem) if is_missing(&problem) && missing < MOST_MISSING => {
                    missing += 1;
                    wait = operation.pause;
                }
                Err(problem) => return Err(problem),
            }
        }
    }
}

fn is_missing(problem: &Problem) -> bool {
    matches!(
        problem.code.as_str(),
        "NotFound" | "ResourceNotFound" | "OperationNotFound" | "Http404"
    )
}

fn state(answer: &Answer, kind: Kind) -> Result<Poll, Problem> {
    let wait = answer.retry_after.unwrap_or(PAUSE);
    let status = text(&answer.body, &["status"]);
    if kind == Kind::Gone {
        let status = text(&answer.body, &["properties", "provisioningState"]);
        return Ok(Poll::Pending {
            wait,
            status: status.unwrap_or_else(|| "Deleting".into()),
        });
    }
    if kind == Kind::Location {
        if answer.status == 202 {
            return Ok(Poll::Pending {
                wait,
                status: status.unwrap_or_else(|| "Running".into()),
            });
        }
        // What-if and others put their failure into an answer of success.
        return match status.as_deref() {
            Some("Failed" | "Canceled") => Err(failed(answer)),
            _ => Ok(Poll::Done(answer.body.clone())),
        };
    }
    match status.or_else(|| text(&answer.body, &["properties", "provisioningState"])) {
        Some(status) if status == "Succeeded" => Ok(Poll::Done(answer.body.clone())),
        Some(status) if status == "Failed" || status == "Canceled" => Err(failed(answer)),
        Some(status) => Ok(Poll::Pending { wait, status }),
        None if answer.status == 202 => Ok(Poll::Pending {
            wait,
            status: "Running".into(),
        }),
        None => Ok(Poll::Done(answer.body.clone())),
    }
}

fn failed(answer: &Answer) -> Problem {
    let correlation = answer.correlation_id.as_deref();
    decode::failure(&answer.body, correlation)
        .or_else(|| decode::failure(answer.body.get("properties")?, correlation))
        .unwrap_or_else(|| {
            let canceled = text(&answer.body, &["status"]).is_some_and(|word| word == "Canceled");
            let (code, what) = if canceled {
                ("Canceled", "The operation was cancelled.")
            } else {
                (
                    "OperationFailed",
                    "The operation failed, and Azure gives no reason.",
                )
            };
            let mut problem = Problem::new(code, what, "Run the same command again.");
            problem.correlation_id.clone_from(&answer.correlation_id);
            problem
        })
}
