//! The checks that run while the form is filled in: what is asked, and what came of it.

use serde::{Deserialize, Serialize};

use crate::domain::settings::Settings;

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// Whether the names that must be unique in the world are free.
    Names,
    /// Whether a deleted vault keeps its name.
    DeletedVault,
    /// Whether the account may make what is to be made.
    Rights,
    /// Whether there are cores enough for the jumpbox, and its size is offered.
    Machine,
}

impl CheckKind {
    /// All checks, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Names, Self::DeletedVault, Self::Rights, Self::Machine];
}

/// A check that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckOrder {
    /// Number of the form's state it is for; answers to older ones are dropped.
    pub generation: u64,
    /// What is checked.
    pub kind: CheckKind,
    /// The form, as far as it is filled in.
    pub settings: Box<Settings>,
}

/// What came of a check. Only Azure's own validation may stop a deployment; everything here warns at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds.
    Passed(String),
    /// It does not hold; then what would help.
    Problem {
        /// What was found.
        what: String,
        /// What would help.
        remedy: String,
    },
    /// It could not be told, and why.
    Unknown(String),
}

/// The answer to a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckAnswer {
    /// Number of the form's state it is for.
    pub generation: u64,
    /// What was checked.
    pub kind: CheckKind,
    /// What came of it.
    pub verdict: Verdict,
}
