//! Drift: the part of the comparison that was not planned, and what could not be compared.

use serde::{Deserialize, Serialize};

use super::comparison::{Comparison, Verdict};
pub use super::comparison::{ComparisonItem as Difference, DifferenceKind};

/// What was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// What was not planned, in the plan's order, then what was found besides.
    pub differences: Vec<Difference>,
    /// What could not be read, or of which it is not known what it means.
    pub unknown: Vec<Difference>,
}

impl From<&Comparison> for Drift {
    fn from(comparison: &Comparison) -> Self {
        Self {
            differences: comparison.of(Verdict::NotPlanned).cloned().collect(),
            unknown: comparison.of(Verdict::NotReadable).cloned().collect(),
        }
    }
}

impl Drift {
    /// What was not planned, then what is not known.
    pub fn rows(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().chain(&self.unknown)
    }
}
