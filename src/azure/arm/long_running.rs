//! Operations that go on after their request was answered.
//!
//! Azure tells where to ask: `Azure-AsyncOperation` (a status in the body) before `Location` (202 until it is done).
//! The address is asked verbatim
//! (<https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations>). What was to be removed is
//! removed once it is read and is not there, whatever the operation says.

use std::{fmt, time::Duration};

use serde_json::Value;

use super::{Arm, text, unexpected};
use crate::azure::decode;
use crate::azure::http::{ExpectedShape, HttpAnswer, Request};
use crate::domain::problem::{Problem, Result, Retry};

/// Pause between two questions when Azure names none.
const PAUSE: Duration = Duration::from_secs(5);
/// Most answers of "not there" about an operation just begun, before it is believed.
const MOST_MISSING: u32 = 3;
/// Most looks at something that was to be removed, is there, and is not called `Deleting`.
const MOST_LOOKS: u32 = 40;

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
    pub fn of(answer: &HttpAnswer) -> Self {
        let asynchronous = matches!(answer.status, 201 | 202) || goes_on(&answer.body);
        let address = match (&answer.async_operation, &answer.location) {
            (Some(address), _) => Some((address, StatusSource::Body)),
            (None, Some(address)) if answer.status == 202 => {
                Some((address, StatusSource::Location))
            }
            _ => None,
        };
        match address {
            // Some services send the header with 200 as well: with a state that is not final when the change of
            // something that exists goes on (networks, machines), with a final one when nothing is left to do.
            Some((address, kind)) if asynchronous => Self::Running(LongRunning {
                pause: answer.retry_after,
                body: answer.body.clone(),
                ..LongRunning::asked(address.to_string(), kind)
            }),
            _ => Self::Done(answer.body.clone()),
        }
    }

    /// The same for a write of the resource at `path`: an answer that names no operation and a state that is not
    /// final means that the resource itself tells the end (recorded of machines and vaults).
    pub(super) fn settling(self, path: String) -> Self {
        match self {
            Self::Done(body) if goes_on(&body) => Self::Running(LongRunning {
                body,
                ..LongRunning::asked(path, StatusSource::Settled)
            }),
            other => other,
        }
    }

    /// The same for a removal of what stands at `path`: done when that is read and is not there.
    pub(super) fn until_gone(self, path: String) -> Self {
        Self::Running(match self {
            Self::Done(body) => LongRunning {
                // Most often it is gone already.
                pause: Some(Duration::ZERO),
                body,
                ..LongRunning::asked(path, StatusSource::Gone)
            },
            Self::Running(operation) => LongRunning { removed: Some(path), ..operation },
        })
    }
}

/// Whether the state of the resource in an answer is one that does not last.
fn goes_on(body: &Value) -> bool {
    text(body, &["properties", "provisioningState"])
        .is_some_and(|state| TerminalState::of(&state).is_none())
}

/// How something ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TerminalState {
    Succeeded,
    Failed,
}

impl TerminalState {
    /// The end that a status or a provisioning state tells; `None` while it goes on.
    fn of(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "succeeded" => Some(Self::Succeeded),
            "failed" | "canceled" | "cancelled" => Some(Self::Failed),
            _ => None,
        }
    }
}

/// How the state of an operation is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatusSource {
    /// By a status in the body (`Azure-AsyncOperation`).
    Body,
    /// By 202 until it is done (`Location`).
    Location,
    /// By something being there until it is gone.
    Gone,
    /// By the state of what was written.
    Settled,
}

/// Where to ask about an operation that goes on.
#[derive(Clone, PartialEq)]
pub struct LongRunning {
    target: String,
    kind: StatusSource,
    /// The pause that Azure asks for before the first question.
    pub pause: Option<Duration>,
    /// The body with which the operation was accepted.
    pub body: Value,
    /// What the operation removes: it is read once the operation has ended.
    removed: Option<String>,
    /// How often that was looked at and was there.
    looks: u32,
}

impl LongRunning {
    fn asked(target: String, kind: StatusSource) -> Self {
        Self { target, kind, pause: None, body: Value::Null, removed: None, looks: 0 }
    }

    /// Asks from now on what was to be removed; false when the operation removes nothing.
    fn look_at_removed(&mut self) -> bool {
        match self.removed.take() {
            Some(path) => {
                self.target = path;
                self.kind = StatusSource::Gone;
                true
            }
            None => false,
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
    Pending { wait: Option<Duration>, status: String },
    /// It succeeded; the body of the last answer.
    Done(Value),
}

impl Arm {
    /// Asks about an operation: once, and once more about what it removes when it has ended.
    ///
    /// # Errors
    /// The decoded failure when it failed or was cancelled, and as every call. `StillThere` when what was to be removed
    /// stays.
    pub async fn poll(&self, operation: &mut LongRunning) -> Result<Poll> {
        loop {
            let shape = match operation.kind {
                StatusSource::Body => ExpectedShape::Status,
                StatusSource::Location => ExpectedShape::Any,
                // A group may lack properties.
                StatusSource::Gone | StatusSource::Settled => ExpectedShape::Object(&["/id"]),
            };
            let request = Request::get(operation.target.as_str()).expecting(shape);
            let answer = self.http.exchange(request).await?;
            match operation.kind {
                StatusSource::Gone if answer.is_absence() => return Ok(Poll::Done(Value::Null)),
                StatusSource::Gone => return still_there(&answer.into_result()?, operation),
                _ => {}
            }
            // An operation may be forgotten once what it removed is gone.
            if answer.status == 404 && operation.look_at_removed() {
                continue;
            }
            match state(&answer.into_result()?, operation.kind)? {
                Poll::Done(_) if operation.look_at_removed() => {}
                told => return Ok(told),
            }
        }
    }

    /// Follows an operation to its end, telling its state after each question.
    ///
    /// # Errors
    /// As `poll`.
    pub async fn finish(&self, started: Started, mut told: impl FnMut(&str)) -> Result<Value> {
        let mut operation = match started {
            Started::Done(body) => return Ok(body),
            Started::Running(operation) => operation,
        };
        let first = operation.pause.unwrap_or(PAUSE);
        let mut wait = first;
        let mut missing = 0;
        loop {
            tokio::time::sleep(wait).await;
            match self.poll(&mut operation).await {
                Ok(Poll::Done(body)) => return Ok(body),
                Ok(Poll::Pending { wait: next, status }) => {
                    missing = 0;
                    told(&status);
                    wait = next.unwrap_or(PAUSE);
                }
                // A new operation is at times not known everywhere at once.
                Err(problem) if is_missing(&problem) && missing < MOST_MISSING => {
                    missing += 1;
                    wait = first;
                }
                Err(problem) => return Err(problem),
            }
        }
    }
}

fn is_missing(problem: &Problem) -> bool {
    matches!(problem.code.as_str(), "NotFound" | "ResourceNotFound" | "OperationNotFound")
}

/// What it means that something which was to be removed is there.
fn still_there(answer: &HttpAnswer, operation: &mut LongRunning) -> Result<Poll> {
    let state = text(&answer.body, &["properties", "provisioningState"]);
    let deleting = state.as_deref() == Some("Deleting");
    operation.looks = if deleting { 0 } else { operation.looks + 1 };
    if operation.looks > MOST_LOOKS {
        let name = answer.path.rsplit('/').next().unwrap_or_default();
        return Err(Problem::new(
            "StillThere",
            format!("{name} was to be deleted, and it is still there."),
            "Run the same command again; it goes on where it stopped. If it stays, look at its activity log \
             in the Azure portal.",
        )
        .at(answer.path.clone())
        .retry(Retry::AfterChange));
    }
    Ok(Poll::Pending { wait: answer.retry_after, status: "Deleting".into() })
}

fn state(answer: &HttpAnswer, kind: StatusSource) -> Result<Poll> {
    let pending = |status: String| Poll::Pending { wait: answer.retry_after, status };
    let body = || Ok(Poll::Done(answer.body.clone()));
    let own = text(&answer.body, &["status"]);
    let word = match kind {
        // The result of a `Location` is whatever it is: only a word for its state tells that it is not there yet.
        StatusSource::Location => {
            own.filter(|word| TerminalState::of(word).is_some() || is_going_on(word))
        }
        _ => own.or_else(|| text(&answer.body, &["properties", "provisioningState"])),
    };
    match (word, kind) {
        (Some(word), _) => match TerminalState::of(&word) {
            Some(TerminalState::Succeeded) => body(),
            Some(TerminalState::Failed) => Err(failed(answer)),
            None => Ok(pending(word)),
        },
        (None, _) if answer.status == 202 => Ok(pending("Running".into())),
        // Not every type has a state (role assignments, tags): it was written, and there it is.
        (None, StatusSource::Location | StatusSource::Settled | StatusSource::Gone) => body(),
        (None, StatusSource::Body) => {
            Err(unexpected("an operation without its status").at(answer.path.clone()))
        }
    }
}

/// Azure's words for a `Location` that is not there yet although the answer is 200 (recorded of the network provider).
fn is_going_on(word: &str) -> bool {
    matches!(word, "InProgress" | "Running" | "Accepted" | "Pending" | "NotStarted")
}

fn failed(answer: &HttpAnswer) -> Problem {
    let correlation = answer.correlation_id.as_deref();
    decode::failure(&answer.body, correlation)
        .or_else(|| decode::failure(answer.body.get("properties")?, correlation))
        .unwrap_or_else(|| {
            let canceled = text(&answer.body, &["status"])
                .is_some_and(|word| word.to_ascii_lowercase().starts_with("cancel"));
            let (code, what) = if canceled {
                ("Canceled", "The operation was cancelled.")
            } else {
                ("OperationFailed", "The operation failed, and Azure gives no reason.")
            };
            let mut problem = Problem::new(code, what, "Run the same command again.");
            problem.correlation_id.clone_from(&answer.correlation_id);
            problem
        })
}
