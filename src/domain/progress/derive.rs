//! From operations to the states of steps. A pure function of what is held, run anew after each change.

use std::collections::BTreeMap;

use super::{
    DependencyState, DeploymentEnd, DeploymentOperation, Progress, Step, StepState, between,
};

impl Progress {
    /// Sets the state of each step from the plan, the operations and the end.
    pub(super) fn derive(&mut self) {
        let deciding = self.deciding();
        self.steps.truncate(self.planned);
        for (key, operation) in &deciding {
            let known = self.steps.iter().any(|step| step.id.eq_ignore_ascii_case(key));
            if let (false, Some(target)) = (known, &operation.target)
                && !operation.is_nested_deployment()
            {
                let step = Step::unplanned(&target.id, &target.resource_type, &target.name);
                self.steps.push(step);
            }
        }
        let (now, end) = (self.now, self.end);
        for step in &mut self.steps {
            let key = step.id.to_lowercase();
            let operation = deciding.get(&key);
            step.started = operation.map(DeploymentOperation::started);
            step.elapsed = operation.map(|operation| match now {
                Some(now) if !operation.is_finished() => {
                    between(operation.started(), now).max(operation.duration)
                }
                _ => operation.duration,
            });
            let before = self.made_before.contains(&key);
            step.state = operation
                .and_then(|operation| state(operation, before, end))
                .or_else(|| {
                    (before || end == Some(DeploymentEnd::Succeeded)).then_some(StepState::Done)
                })
                .unwrap_or(StepState::Waiting { on: Vec::new() });
        }
        self.settle_waiting();
    }

    /// For each target the operation that decides its state: the newest one that writes. A read decides only by
    /// failing, because what is read need not be part of the plan.
    fn deciding(&self) -> BTreeMap<String, DeploymentOperation> {
        let mut deciding: BTreeMap<String, DeploymentOperation> = BTreeMap::new();
        for operation in self.operations.values() {
            let Some(target) = &operation.target else { continue };
            if !operation.writes() && operation.state != "Failed" {
                continue;
            }
            let key = target.id.to_lowercase();
            let newer = deciding.get(&key).is_none_or(|known| operation.order() > known.order());
            if newer {
                deciding.insert(key, operation.clone());
            }
        }
        deciding
    }

    /// Says of each step that has not begun what it waits for, or why it will not run.
    fn settle_waiting(&mut self) {
        let mut standings: BTreeMap<String, DependencyState> = BTreeMap::new();
        for index in 0..self.steps.len() {
            self.standing(index, &mut standings);
        }
        let end = self.end;
        let broken = |symbol: &String| match standings.get(symbol) {
            Some(DependencyState::Broken(because)) => Some(because.clone()),
            _ => None,
        };
        let open = |symbol: &&String| matches!(standings.get(*symbol), Some(DependencyState::Open));
        for step in &mut self.steps {
            let StepState::Waiting { on } = &mut step.state else { continue };
            if let Some(because) = step.depends_on.iter().find_map(broken) {
                step.state = StepState::WillNotRun { because };
            } else if end.is_some() {
                let because = match end {
                    Some(DeploymentEnd::Cancelled) => "the deployment was cancelled",
                    _ => "the deployment ended before it",
                };
                step.state = StepState::WillNotRun { because: because.into() };
            } else {
                *on = step.depends_on.iter().filter(open).cloned().collect();
            }
        }
    }

    /// How a step stands for those that wait for it, looking through steps that have not begun themselves.
    fn standing(
        &self,
        index: usize,
        standings: &mut BTreeMap<String, DependencyState>,
    ) -> DependencyState {
        let Some(step) = self.steps.get(index) else { return DependencyState::Made };
        if let Some(known) = standings.get(&step.symbol) {
            return known.clone();
        }
        // Against a circle of dependencies, which a damaged template could have.
        standings.insert(step.symbol.clone(), DependencyState::Open);
        let standing = match &step.state {
            StepState::Done => DependencyState::Made,
            StepState::Failed(_) => DependencyState::Broken(format!("{} failed", step.symbol)),
            StepState::Cancelled => {
                DependencyState::Broken(format!("{} was cancelled", step.symbol))
            }
            StepState::Running => DependencyState::Open,
            StepState::Waiting { .. } | StepState::WillNotRun { .. } => step
                .depends_on
                .iter()
                .filter_map(|symbol| self.steps.iter().position(|each| each.symbol == *symbol))
                .map(|dependency| self.standing(dependency, standings))
                .find(|standing| matches!(standing, DependencyState::Broken(_)))
                .unwrap_or(DependencyState::Open),
        };
        standings.insert(step.symbol.clone(), standing.clone());
        standing
    }
}

impl DeploymentOperation {
    fn started(&self) -> jiff::Timestamp {
        self.timestamp.checked_sub(self.duration).unwrap_or(self.timestamp)
    }
}

/// The state that an operation gives; `None` when an earlier attempt's result still stands.
fn state(
    operation: &DeploymentOperation,
    made_before: bool,
    end: Option<DeploymentEnd>,
) -> Option<StepState> {
    match operation.state.as_str() {
        "Succeeded" => Some(StepState::Done),
        "Failed" => Some(StepState::Failed(operation.failure())),
        "Canceled" if made_before => None,
        "Canceled" => Some(StepState::Cancelled),
        // What a further attempt goes over again has been made already.
        _ if made_before => None,
        _ => Some(match end {
            None => StepState::Running,
            // The list of operations may lag behind the end; the whole cannot succeed without its parts.
            Some(DeploymentEnd::Succeeded) => StepState::Done,
            Some(DeploymentEnd::Failed | DeploymentEnd::Cancelled) => StepState::Cancelled,
        }),
    }
}
