//! A failure as a value: what happened, what to do, where, and Azure's own words.
//!
//! Every failure that a person can meet is one of these. This module must not decide how a problem is shown, and
//! nothing in it may carry a secret.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::domain::action::Action;

/// Whether the same request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Sending it again cannot help.
    #[default]
    No,
    /// It can succeed after somebody has changed something; `advice` says what.
    AfterChange,
    /// It passes by itself: the same request may be sent again after a pause.
    Transient,
    /// As `Transient`, but once only: a second failure of the same kind is not a coincidence.
    TransientOnce,
}

/// Code of an answer without the shape that Azure gives it.
pub const UNEXPECTED: &str = "UnexpectedAnswer";

/// One failure, worded for the person who meets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct Problem {
    /// Azure's error code, or a code of our own in the same style (`KeychainUnavailable`).
    pub code: String,
    /// What happened, in one sentence.
    pub what: String,
    /// What to do next, in one or two sentences. Never empty.
    pub advice: String,
    /// The resource, file, flag or request concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The other side's own words, as they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// Azure's correlation id, for a support request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// Whether the same request may be sent again.
    #[serde(default)]
    pub retry: Retry,
    /// The pause that the other side asked for before a retry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Duration>,
    /// What helps, likeliest first, where it is more than what follows from `place` and `retry`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// Further failures of the same request, most telling first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Problem>,
}

impl Problem {
    /// What happened and what to do, in one line.
    pub fn in_words(&self) -> String {
        format!("{} {}", self.what, self.advice)
    }

    /// A problem with its code, what happened and what to do.
    pub fn new(
        code: impl Into<String>,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            what: what.into(),
            advice: advice.into(),
            place: None,
            original: None,
            correlation_id: None,
            retry: Retry::No,
            wait: None,
            actions: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Names the resource, file, flag or request concerned.
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Keeps the other side's own words.
    pub fn saying(mut self, original: impl Into<String>) -> Self {
        self.original = Some(original.into());
        self
    }

    /// Says whether the same request may be sent again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Names what helps.
    pub fn helped_by(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.actions.extend(actions);
        self
    }

    /// What helps, likeliest first: what is named, else what follows from its place and from whether it passes.
    pub fn remedies(&self) -> Vec<Action> {
        if !self.actions.is_empty() {
            return self.actions.clone();
        }
        let flag = self.place.as_deref().filter(|place| place.starts_with("--"));
        let change = flag.and_then(Action::of_word);
        let passes = self.is_transient() || self.is_unanswered();
        change.into_iter().chain(passes.then_some(Action::Retry)).collect()
    }

    /// This problem and all its companions, most telling first.
    pub fn leaves(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.others.iter())
    }

    /// True when no answer came, so that Azure itself refused nothing.
    pub fn is_unanswered(&self) -> bool {
        matches!(self.code.as_str(), "NoConnection" | "ConnectionBroken" | "NoAnswer")
    }

    /// True when an answer came that is not one of Azure's, so that nothing can be said from it.
    pub fn is_unexpected(&self) -> bool {
        self.code == UNEXPECTED
    }

    /// True when every failure in it passes by itself.
    pub fn is_transient(&self) -> bool {
        self.leaves().all(|leaf| matches!(leaf.retry, Retry::Transient | Retry::TransientOnce))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.what)?;
        if let Some(place) = &self.place {
            write!(formatter, " ({place})")?;
        }
        write!(formatter, " {}", self.advice)
    }
}

impl std::error::Error for Problem {}

/// What ends well, or in a problem.
pub type Result<T, E = Problem> = std::result::Result<T, E>;
