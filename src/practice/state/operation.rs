//! A long-running operation as its status URL reports it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OperationStatus {
    /// Going on.
    InProgress,
    /// Done.
    Succeeded,
    /// Failed; the operation has an error.
    Failed,
    /// Stopped on demand.
    Canceled,
}

/// A long-running operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id, the last segment of its URL.
    pub id: String,
    /// How far it is.
    pub status: OperationStatus,
    /// When it began, in simulated time.
    pub started: Timestamp,
    /// When it is expected to end, in simulated time: `percentComplete` is computed from it.
    pub expected: Timestamp,
    /// When it ended, in simulated time.
    #[serde(default)]
    pub ended: Option<Timestamp>,
    /// The content of `error` after a failure.
    #[serde(default)]
    pub error: Option<Value>,
    /// Id of the resource that a poll of `Location` gives in the end.
    #[serde(default)]
    pub resource: Option<String>,
    /// Body that a poll gives in the end in place of the plain status, as what-if does.
    #[serde(default)]
    pub result: Option<Value>,
}
