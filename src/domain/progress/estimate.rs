//! How long it may still take, from the usual durations of what is left. Estimates only: nothing is decided by them.

use std::{collections::BTreeMap, time::Duration};

use super::{Progress, Step, StepState};

impl Progress {
    /// Seconds of the longest chain of steps that are left, by their usual durations. A step that already takes longer
    /// than usual counts as one second.
    pub fn remaining(&self) -> Duration {
        if self.end.is_some() {
            return Duration::ZERO;
        }
        let index: BTreeMap<&str, &Step> =
            self.steps.iter().map(|step| (step.symbol.as_str(), step)).collect();
        let mut known = BTreeMap::new();
        self.steps.iter().map(|step| chain(step, &index, &mut known)).max().unwrap_or_default()
    }
}

/// Time until the end of a step, everything before it included.
fn chain<'a>(
    step: &'a Step,
    index: &BTreeMap<&str, &'a Step>,
    known: &mut BTreeMap<&'a str, Duration>,
) -> Duration {
    if let Some(known) = known.get(step.symbol.as_str()) {
        return *known;
    }
    let usual = Duration::from_secs(step.usual_seconds.into());
    let own = match step.state {
        StepState::Waiting { .. } => usual,
        StepState::Running => {
            usual.saturating_sub(step.elapsed.unwrap_or_default()).max(Duration::from_secs(1))
        }
        _ => Duration::ZERO,
    };
    // Set first, against a circle of dependencies.
    known.insert(&step.symbol, own);
    let before = step
        .depends_on
        .iter()
        .filter_map(|symbol| index.get(symbol.as_str()))
        .map(|dependency| chain(dependency, index, known))
        .max()
        .unwrap_or_default();
    let total = if own.is_zero() { Duration::ZERO } else { own + before };
    known.insert(&step.symbol, total);
    total
}
