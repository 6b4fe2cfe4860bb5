//! Whether a failed deployment is sent again without being asked to, and after which pause.
//!
//! Only when everything that failed passes by itself, and at most twice: a deployment costs a person's time, and one
//! that fails three times the same way has a reason.

use std::{collections::BTreeSet, time::Duration};

use crate::domain::problem::{Problem, Retry};

/// Most automatic repetitions of one deployment.
pub const MOST: u32 = 2;
/// Shortest pause before one, in Azure's time.
pub const PAUSE: Duration = Duration::from_mins(1);

/// Longest pause before one, whatever is asked for.
pub const LONGEST: Duration = Duration::from_mins(10);

/// What has been repeated so far.
#[derive(Debug, Clone, Default)]
pub struct History {
    repetitions: u32,
    /// Codes of failures that are no coincidence when they come again.
    seen: BTreeSet<String>,
}

impl History {
    /// Number of repetitions so far.
    pub fn repetitions(&self) -> u32 {
        self.repetitions
    }

    /// The pause before the next repetition; `None` when there must be none. A pause given counts as a repetition.
    pub fn pause(&mut self, problems: &[Problem]) -> Option<Duration> {
        let leaves: Vec<&Problem> = problems.iter().flat_map(Problem::leaves).collect();
        let passes = |leaf: &&Problem| match leaf.retry {
            Retry::Transient => true,
            Retry::TransientOnce => !self.seen.contains(&leaf.code),
            Retry::No | Retry::AfterChange => false,
        };
        if leaves.is_empty() || self.repetitions >= MOST || !leaves.iter().all(passes) {
            return None;
        }
        self.repetitions += 1;
        self.seen.extend(
            leaves
                .iter()
                .filter(|leaf| leaf.retry == Retry::TransientOnce)
                .map(|leaf| leaf.code.clone()),
        );
        let asked = leaves.iter().filter_map(|leaf| leaf.wait).max();
        Some(asked.unwrap_or_default().clamp(PAUSE, LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, retry: Retry) -> Problem {
        Problem::new(code, "It failed.", "Do something.").retry(retry)
    }

    #[test]
    fn only_what_passes_by_itself_is_repeated() {
        let transient = problem("InternalServerError", Retry::Transient);
        let after_change = problem("QuotaExceeded", Retry::AfterChange);
        let mut hidden = transient.clone();
        hidden.others.push(after_change.clone());
        for (problems, repeated) in [
            (vec![transient.clone()], true),
            (vec![transient.clone(), transient.clone()], true),
            (vec![transient, after_change], false),
            (vec![hidden], false),
            (vec![problem("InvalidTemplate", Retry::No)], false),
            (vec![], false),
        ] {
            let pause = History::default().pause(&problems);
            assert_eq!(pause.is_some(), repeated, "{problems:?}");
        }
    }

    #[test]
    fn at_most_twice_and_some_once_only() {
        let transient = [problem("InternalServerError", Retry::Transient)];
        let mut history = History::default();
        assert_eq!(history.pause(&transient), Some(PAUSE));
        assert_eq!(history.pause(&transient), Some(PAUSE));
        assert_eq!(history.pause(&transient), None);
        let once = [problem("AllocationFailed", Retry::TransientOnce)];
        let mut history = History::default();
        assert!(history.pause(&once).is_some());
        assert!(history.pause(&once).is_none());
        assert!(history.pause(&transient).is_some());
        assert_eq!(history.repetitions(), 2);
    }

    #[test]
    fn the_longest_pause_asked_for_counts() {
        let mut patient = problem("TooManyRequests", Retry::Transient);
        patient.wait = Some(Duration::from_mins(3));
        let both = [problem("InternalServerError", Retry::Transient), patient.clone()];
        assert_eq!(History::default().pause(&both), Some(Duration::from_mins(3)));
        patient.wait = Some(Duration::from_hours(277_777));
        assert_eq!(History::default().pause(&[patient]), Some(LONGEST));
    }
}
