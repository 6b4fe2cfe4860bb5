//! Progress of a deployment: one fold over the operations that Azure Resource Manager lists.
//!
//! Live, resumed, replayed and tested runs use the same fold: the order, number and grouping in which operations come
//! in make no difference. This module must not ask Azure or a clock: times come in with the operations.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::plan::Plan;
use super::problem::Problem;
use jiff::Timestamp;

mod course;
mod derive;
mod operation;
mod step;
#[cfg(test)]
mod tests;

pub use course::{Course, Late};
pub use operation::{DeploymentOperation, TargetResource};
pub use step::{Counts, DeploymentEnd, NotAttempted, Step, StepChange, StepState};

/// The progress of one deployment, derived from its plan and the operations seen so far.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The plan's steps in its order, then those that the plan does not know, by id.
    steps: Vec<Step>,
    planned: usize,
    /// The newest form of each operation, by its id.
    operations: BTreeMap<String, DeploymentOperation>,
    /// Ids, in lower case, of what an earlier attempt has made.
    made_before: BTreeSet<String>,
    /// The latest time that Azure has told.
    now: Option<Timestamp>,
    end: Option<DeploymentEnd>,
    /// The steps as they were last told, by id.
    told: BTreeMap<String, Step>,
}

impl Progress {
    /// Progress of a deployment of which nothing has been seen.
    pub fn new(plan: &Plan) -> Self {
        let steps: Vec<Step> = plan.resources.iter().map(Step::planned).collect();
        let mut progress = Self {
            planned: steps.len(),
            steps,
            operations: BTreeMap::new(),
            made_before: BTreeSet::new(),
            now: None,
            end: None,
            told: BTreeMap::new(),
        };
        progress.derive();
        progress
    }

    /// Takes in operations, `now` being Azure's time when they were read, and tells what has changed.
    ///
    /// Operations seen before may come again, older forms of them too.
    pub fn absorb(
        &mut self,
        operations: &[DeploymentOperation],
        now: Option<Timestamp>,
    ) -> Vec<StepChange> {
        for operation in operations {
            let known = self.operations.get(&operation.id);
            if known.is_none_or(|known| operation.order() > known.order()) {
                self.operations.insert(operation.id.clone(), operation.clone());
            }
            self.now = self.now.max(Some(operation.timestamp));
        }
        self.now = self.now.max(now);
        self.changes()
    }

    /// Takes in the end that Azure tells for the whole deployment. The last call counts.
    pub fn finish(&mut self, end: DeploymentEnd) -> Vec<StepChange> {
        self.end = Some(end);
        self.changes()
    }

    /// Takes in the operations of an earlier attempt: what it made stays made, and nothing else of it counts.
    pub fn carry_over(&mut self, operations: &[DeploymentOperation]) -> Vec<StepChange> {
        for operation in operations {
            if let Some(target) = &operation.target
                && operation.writes()
                && operation.state == "Succeeded"
            {
                self.made_before.insert(target.id.to_lowercase());
            }
        }
        self.changes()
    }

    /// Begins a further attempt: what has been made stays made, everything else waits again.
    pub fn begin_attempt(&mut self) -> Vec<StepChange> {
        let made = self.steps.iter().filter(|step| step.is_done());
        let made: Vec<String> = made.map(|step| step.id.to_lowercase()).collect();
        self.made_before.extend(made);
        self.operations.clear();
        self.end = None;
        self.changes()
    }

    /// The steps that are not as they were when this was last asked.
    pub fn news(&mut self) -> Vec<Step> {
        let told = &self.told;
        let changed = self.steps.iter().filter(|step| told.get(&step.id) != Some(step));
        let changed: Vec<Step> = changed.cloned().collect();
        self.told.extend(changed.iter().map(|step| (step.id.clone(), step.clone())));
        changed
    }

    /// Has all steps told again, to whoever begins with the plan.
    pub fn begin_news(&mut self) {
        self.told.clear();
    }

    /// The steps: those of the plan in its order, then those that it does not know.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many steps are in which state.
    pub fn counts(&self) -> Counts {
        let unplanned = self.steps.len().saturating_sub(self.planned);
        Counts { unplanned, ..Counts::of(&self.steps) }
    }

    /// Everything that failed, in the order of the steps, and failures that belong to no resource after them.
    pub fn failures(&self) -> Vec<Problem> {
        let of_steps = self.steps.iter().filter_map(|step| match &step.state {
            StepState::Failed(problem) => Some(problem.clone()),
            _ => None,
        });
        let of_none = |operation: &&DeploymentOperation| {
            operation.target.is_none() && operation.state == "Failed"
        };
        let of_none = self.operations.values().filter(of_none).map(DeploymentOperation::failure);
        of_steps.chain(of_none).collect()
    }

    /// Derives the states anew and tells those that differ from before.
    fn changes(&mut self) -> Vec<StepChange> {
        let before: BTreeMap<String, StepState> =
            self.steps.iter().map(|step| (step.id.clone(), step.state.clone())).collect();
        self.derive();
        self.steps
            .iter()
            .filter(|step| match (before.get(&step.id), &step.state) {
                // A shorter list of what is waited for is no event.
                (Some(StepState::Waiting { .. }), StepState::Waiting { .. }) => false,
                (Some(before), now) => before != now,
                (None, _) => true,
            })
            .map(|step| {
                let (symbol, state) = (step.symbol.clone(), step.state.clone());
                StepChange { symbol, state, planned: step.planned }
            })
            .collect()
    }
}

/// Seconds between two points of Azure's clock, never below zero.
fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or_default()
}

/// The kind of an operation's target that only groups others.
const NESTED: &str = "Microsoft.Resources/deployments";

/// How a step stands for others, for a `WillNotRun`.
#[derive(Debug, Clone)]
enum DependencyState {
    Open,
    Made,
    Broken(String),
}
