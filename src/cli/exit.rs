//! How a command ends: the exit codes that scripts rely on.
//!
//! This module must not print; it only says with which code the program leaves.

use std::process::ExitCode;

use crate::domain::problem::Problem;
use crate::plain::prompt::NoAnswer;

/// How a command ended.
#[derive(Debug)]
pub enum Ending {
    /// What was asked for is done.
    Done,
    /// It failed; the problem says why and what to do.
    Failed(Box<Problem>),
    /// It failed, and why has been told already.
    Told,
    /// What was asked for cannot be understood or is not allowed.
    Usage(Box<Problem>),
    /// It runs on in Azure without us.
    LeftRunning,
    /// A question has no answer; the problem names the flag.
    NeedsAnswer(Box<Problem>),
    /// The person gave up at a question, before anything was made.
    GaveUp,
    /// A cancelled deployment has ended.
    Cancelled,
    /// An audit found nothing that does not hold, and something that is not known; which has been told.
    NotKnown,
    /// An audit could not be made at all; the problem says why.
    NotJudged(Box<Problem>),
}

impl Ending {
    /// The exit code that scripts see.
    pub fn code(&self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed(_) | Self::Told => 1,
            Self::Usage(_) => 2,
            Self::LeftRunning => 3,
            Self::NeedsAnswer(_) => 4,
            Self::GaveUp | Self::Cancelled => 5,
            Self::NotKnown => 6,
            Self::NotJudged(_) => 7,
        }
    }

    /// The problem to show, where there is one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed(problem)
            | Self::Usage(problem)
            | Self::NeedsAnswer(problem)
            | Self::NotJudged(problem) => Some(problem),
            Self::Done
            | Self::Told
            | Self::LeftRunning
            | Self::GaveUp
            | Self::Cancelled
            | Self::NotKnown => None,
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending.code())
    }
}

impl From<Problem> for Ending {
    fn from(problem: Problem) -> Self {
        Self::Failed(Box::new(problem))
    }
}

impl From<NoAnswer> for Ending {
    fn from(reason: NoAnswer) -> Self {
        match reason {
            NoAnswer::Nobody(problem) => Self::NeedsAnswer(problem),
            NoAnswer::Cancelled => Self::GaveUp,
        }
    }
}
