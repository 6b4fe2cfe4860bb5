//! Where a deployment stands in time: along the chain of steps that decides its end, by their usual durations.
//!
//! Resources are no measure of time: nine in ten of them are created in the first tenth of it. Estimates only: nothing
//! is decided by them.

use std::{collections::HashMap, time::Duration};

use super::{Step, StepState};

/// The most that is shown while something is left to be done.
const ALMOST: f64 = 0.99;

/// Where a deployment stands in time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Course {
    /// Usual time of the longest chain.
    pub usual: Duration,
    /// How much of that chain is behind, from 0 to 1. A step that runs counts by its usual duration, and never wholly:
    /// see `Step::share`.
    pub share: f64,
    /// Until Azure tells the end, if all that is left takes its usual time. What fails leaves nothing to be waited for.
    pub left: Duration,
    /// What takes longer than usual and decides the end.
    pub late: Option<Late>,
    /// Whether something has failed already, so that the end will be no good one.
    pub has_failed: bool,
}

/// A step on the chain that decides the end, and takes longer than usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub symbol: String,
    /// How it is called in a sentence.
    pub name: String,
    /// Usual duration.
    pub usual: Duration,
    /// Duration that one in twenty exceeds.
    pub slow: Duration,
    pub taken: Duration,
    /// Usual duration of what waits for it.
    pub after: Duration,
}

impl Course {
    /// Where the steps stand, when so much time has passed since they were told. Whether one is late is told by what was
    /// heard of it, not by what has passed since: it may be done.
    pub fn of(steps: &[Step], passed: Duration) -> Self {
        let chains = Chains::of(steps);
        let usual = |step: &Step| seconds(step.usual_seconds);
        let whole = chains.longest(&usual);
        let open = chains.longest(&|step| match step.state {
            StepState::Done => Duration::ZERO,
            StepState::Running => usual(step).mul_f64(1.0 - step.share(taken(step, passed))),
            _ => usual(step),
        });
        let left = |step: &Step| match step.state {
            StepState::Waiting { .. } => usual(step),
            StepState::Running => usual(step).saturating_sub(taken(step, passed)),
            _ => Duration::ZERO,
        };
        let is_done = !steps.is_empty() && steps.iter().all(Step::is_done);
        let share = match (is_done, whole.is_zero()) {
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => (1.0 - open.as_secs_f64() / whole.as_secs_f64()).clamp(0.0, ALMOST),
        };
        Self {
            usual: whole,
            share,
            left: chains.longest(&left),
            late: chains.late(whole, &usual, &left, passed),
            has_failed: steps.iter().any(|step| matches!(step.state, StepState::Failed(_))),
        }
    }

    /// The share in whole hundredths, rounded down.
    pub fn percent(&self) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 100"
        )]
        let percent = (self.share.clamp(0.0, 1.0) * 100.0 + 1e-6) as u32;
        percent
    }
}

fn taken(step: &Step, passed: Duration) -> Duration {
    step.elapsed.unwrap_or_default().saturating_add(passed)
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}

/// The steps, each with those before it, in an order in which nothing comes before what it waits for.
struct Chains<'a> {
    steps: Vec<(&'a Step, Vec<usize>)>,
}

impl<'a> Chains<'a> {
    fn of(steps: &'a [Step]) -> Self {
        let index: HashMap<&str, usize> =
            steps.iter().enumerate().map(|(at, step)| (step.symbol.as_str(), at)).collect();
        let mut chains = Self { steps: Vec::with_capacity(steps.len()) };
        let mut places = vec![Place::Unseen; steps.len()];
        for at in 0..steps.len() {
            chains.put(at, steps, &index, &mut places);
        }
        chains
    }

    fn put(
        &mut self,
        at: usize,
        steps: &'a [Step],
        index: &HashMap<&str, usize>,
        places: &mut [Place],
    ) -> Option<usize> {
        match places.get(at)? {
            Place::At(place) => return Some(*place),
            // A circle, which a damaged template could have, is cut where it closes.
            Place::Open => return None,
            Place::Unseen => {}
        }
        *places.get_mut(at)? = Place::Open;
        let step = steps.get(at)?;
        let named = step.depends_on.iter().filter_map(|symbol| index.get(symbol.as_str()));
        let before = named.filter_map(|each| self.put(*each, steps, index, places)).collect();
        let place = self.steps.len();
        self.steps.push((step, before));
        *places.get_mut(at)? = Place::At(place);
        Some(place)
    }

    /// For each step the longest time of what comes before it.
    fn heads(&self, own: &dyn Fn(&Step) -> Duration) -> Vec<Duration> {
        let mut ends: Vec<Duration> = Vec::with_capacity(self.steps.len());
        let mut heads = Vec::with_capacity(self.steps.len());
        for (step, before) in &self.steps {
            let head = before.iter().filter_map(|each| ends.get(*each)).max().copied();
            heads.push(head.unwrap_or_default());
            ends.push(head.unwrap_or_default() + own(step));
        }
        heads
    }

    /// For each step the longest time of what waits for it.
    fn tails(&self, own: &dyn Fn(&Step) -> Duration) -> Vec<Duration> {
        let mut tails = vec![Duration::ZERO; self.steps.len()];
        for (at, (step, before)) in self.steps.iter().enumerate().rev() {
            let from_here = own(step) + tails.get(at).copied().unwrap_or_default();
            for each in before {
                if let Some(tail) = tails.get_mut(*each) {
                    *tail = from_here.max(*tail);
                }
            }
        }
        tails
    }

    /// The time of the longest chain.
    fn longest(&self, own: &dyn Fn(&Step) -> Duration) -> Duration {
        let steps = self.steps.iter().zip(self.heads(own));
        steps.map(|((step, _), head)| head + own(step)).max().unwrap_or_default()
    }

    /// The latest of the steps that take longer than usual, and are on the longest chain of the plan or on that of what
    /// is left.
    fn late(
        &self,
        whole: Duration,
        usual: &dyn Fn(&Step) -> Duration,
        left: &dyn Fn(&Step) -> Duration,
        passed: Duration,
    ) -> Option<Late> {
        let rest = self.longest(left);
        let chains = self.heads(usual).into_iter().zip(self.tails(usual));
        let steps = self.steps.iter().zip(chains).zip(self.tails(left));
        let late = steps.filter(|(((step, _), (head, tail)), after)| {
            // Of what is no deployment it is heard at once when it ends.
            let heard = if step.is_act() { Some(taken(step, passed)) } else { step.elapsed };
            let is_late = step.state == StepState::Running
                && step.usual_seconds > 0
                && heard.is_some_and(|heard| heard > usual(step));
            is_late && (*head + usual(step) + *tail >= whole || *after >= rest)
        });
        let latest = late.max_by_key(|(((step, _), _), _)| {
            (taken(step, passed).saturating_sub(usual(step)), usual(step))
        });
        latest.map(|(((step, _), _), after)| Late {
            symbol: step.symbol.clone(),
            name: if step.is_act() { "This step".to_owned() } else { step.label() },
            usual: usual(step),
            slow: seconds(step.slow_seconds.max(step.usual_seconds)),
            taken: taken(step, passed),
            after,
        })
    }
}

/// Whether a step has its place in the order yet.
#[derive(Debug, Clone, Copy)]
enum Place {
    Unseen,
    Open,
    At(usize),
}
