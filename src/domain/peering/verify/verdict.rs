//! What is said of the results: what was observed, and every cause that fits it, each with the test that tells it
//! from the others.
//!
//! `observed` rests on results alone. A cause is never claimed: that is why each has a test.

use serde::{Deserialize, Serialize};

use crate::domain::peering::Mistake;

/// Something that fits what was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The step of the twelve that it belongs to.
    pub step: Mistake,
    /// What would be so, in a sentence or two.
    pub what: String,
    /// What somebody can run or look at to tell whether it is so.
    pub test: String,
    /// What to do if it is so.
    pub remedy: String,
}

impl Cause {
    pub(super) fn new(
        step: Mistake,
        what: impl Into<String>,
        test: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { step, what: what.into(), test: test.into(), remedy: remedy.into() }
    }
}

/// One thing that was observed, and what fits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The names whose results it rests on.
    pub names: Vec<String>,
    /// What was observed, in a sentence or two.
    pub observed: String,
    /// Every cause that fits: what Azure itself shows first, then the nearest to the person first. Never empty.
    pub causes: Vec<Cause>,
    /// True where it is only to be known: nothing that is needed depends on it.
    #[serde(default)]
    pub note: bool,
}

impl Diagnosis {
    /// The step to begin with.
    pub fn step(&self) -> Option<Mistake> {
        self.causes.first().map(|cause| cause.step)
    }
}

/// The steps of verdicts that matter, each once, in the order in which they are to be looked at.
pub fn steps(verdicts: &[Diagnosis]) -> Vec<Mistake> {
    let mut found = Vec::new();
    let causes = verdicts.iter().filter(|each| !each.note);
    for cause in causes.flat_map(|each| &each.causes) {
        if !found.contains(&cause.step) {
            found.push(cause.step);
        }
    }
    found
}
