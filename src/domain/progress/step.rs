//! The words of progress: steps, their states, and how many are in which.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::plan::PlannedResource;
use crate::domain::problem::Problem;
use crate::domain::words::count;

/// How a whole deployment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeploymentEnd {
    /// Everything has been made.
    Succeeded,
    /// Something failed.
    Failed,
    /// Somebody cancelled it.
    Cancelled,
}

impl DeploymentEnd {
    /// Reads Azure's word for a deployment's state; `None` while it goes on.
    pub fn of(state: &str) -> Option<Self> {
        match state {
            "Succeeded" => Some(Self::Succeeded),
            "Failed" => Some(Self::Failed),
            "Canceled" => Some(Self::Cancelled),
            _ => None,
        }
    }
}

/// The state of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Not begun; the symbols of the steps it waits for, none when it is about to start.
    Waiting { on: Vec<String> },
    /// Being made.
    Running,
    /// Made.
    Done,
    /// It failed.
    Failed(Problem),
    /// Stopped before its end, or not known to have ended, when the deployment was cancelled or failed.
    Cancelled,
    /// It will not begin in this deployment; why, as the end of a sentence: `firewall failed`.
    WillNotRun { because: String },
}

impl StepState {
    /// The state in one word or two, for lists and for JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
            Self::WillNotRun { .. } => "will-not-run",
        }
    }
}

/// One step: the making of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The resource's symbolic name; the end of its id for a resource that the plan does not know.
    pub symbol: String,
    /// The resource's id.
    pub id: String,
    /// The resource's type.
    pub resource_type: String,
    /// The resource's name.
    pub name: String,
    /// The part of the environment it belongs to; empty when unknown.
    pub area: String,
    /// What it is for; empty when unknown.
    pub description: String,
    /// Symbols of the steps that come before it.
    pub depends_on: Vec<String>,
    /// Usual duration, in seconds; 0 when unknown.
    pub usual_seconds: u32,
    /// Duration that one in twenty exceeds, in seconds; 0 when unknown.
    pub slow_seconds: u32,
    /// False for a resource that the plan does not know.
    pub planned: bool,
    /// Its state.
    pub state: StepState,
    /// When it began, by Azure's clock.
    pub started: Option<Timestamp>,
    /// How long it took, or has taken so far.
    pub elapsed: Option<Duration>,
}

impl Step {
    pub(super) fn planned(resource: &PlannedResource) -> Self {
        Self {
            symbol: resource.symbol.clone(),
            area: resource.area.clone(),
            description: resource.description.clone(),
            depends_on: resource.depends_on.clone(),
            usual_seconds: resource.seconds,
            slow_seconds: resource.slow_seconds,
            planned: true,
            ..Self::unplanned(&resource.id, &resource.resource_type, &resource.name)
        }
    }

    pub(super) fn unplanned(id: &str, resource_type: &str, name: &str) -> Self {
        // Within a group the id is unique from its first provider on, and that is what a person can read.
        let symbol = id.split_once("/providers/").map_or(id, |(_, rest)| rest);
        Self {
            symbol: symbol.to_owned(),
            id: id.to_owned(),
            resource_type: resource_type.to_owned(),
            name: name.to_owned(),
            area: String::new(),
            description: String::new(),
            depends_on: Vec::new(),
            usual_seconds: 0,
            slow_seconds: 0,
            planned: false,
            state: StepState::Waiting { on: Vec::new() },
            started: None,
            elapsed: None,
        }
    }

    /// A step that has begun and makes no resource, in words; numbers tell such steps apart.
    pub fn act(number: usize, words: String) -> Self {
        let state = StepState::Running;
        Self { name: words, state, ..Self::unplanned(&number.to_string(), "", "") }
    }

    /// The same with its usual duration and the one that one in twenty exceeds, in seconds.
    pub fn lasting(self, usual_seconds: u32, slow_seconds: u32) -> Self {
        Self { usual_seconds, slow_seconds, ..self }
    }

    /// Whether it makes no resource.
    pub fn is_act(&self) -> bool {
        self.resource_type.is_empty()
    }

    /// What it is called on a screen: its own name without its parents', or what it is for where the name says nothing,
    /// as that of a role assignment or a diagnostic setting.
    pub fn label(&self) -> String {
        if self.is_act() {
            return self.name.clone();
        }
        let own = self.name.rsplit('/').next().unwrap_or(&self.name);
        let is_id = own.len() == 36 && own.bytes().filter(|byte| *byte == b'-').count() == 4;
        let is_shared = self.resource_type.ends_with("/diagnosticSettings");
        if is_id || is_shared || own == "default" {
            return self.symbol.clone();
        }
        own.to_owned()
    }

    /// True once it has been made.
    pub fn is_done(&self) -> bool {
        self.state == StepState::Done
    }

    /// How much of it is behind while it has run for so long, below 1. By usual durations that is its time; but as much
    /// of it as usually varies, a quarter at most, stays open until its end is told, so that a step that takes longer
    /// is not shown as almost done.
    pub(crate) fn share(&self, elapsed: Duration) -> f64 {
        let usual = f64::from(self.usual_seconds);
        if usual <= 0.0 {
            return 0.0;
        }
        let varies = f64::from(self.slow_seconds.saturating_sub(self.usual_seconds));
        let margin = varies.min(usual / 4.0).max(0.5);
        let elapsed = elapsed.as_secs_f64();
        elapsed / usual.max(elapsed + margin)
    }

    /// True while it runs longer than nineteen in twenty do.
    pub fn is_slow(&self) -> bool {
        let limit = Duration::from_secs(self.slow_seconds.into());
        self.state == StepState::Running
            && !limit.is_zero()
            && self.elapsed.is_some_and(|elapsed| elapsed > limit)
    }
}

/// A step that has changed its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepChange {
    /// The step's symbol.
    pub symbol: String,
    /// Its state now.
    pub state: StepState,
    /// False for a resource that the plan does not know.
    pub planned: bool,
}

/// How many steps are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// All steps, those that the plan does not know included.
    pub total: usize,
    /// Not begun.
    pub waiting: usize,
    /// Being made.
    pub running: usize,
    /// Made.
    pub done: usize,
    /// Failed.
    pub failed: usize,
    /// Stopped.
    pub cancelled: usize,
    /// Will not begin.
    pub will_not_run: usize,
    /// Steps that the plan does not know.
    pub unplanned: usize,
}

impl Counts {
    /// Counts steps; which of them the plan does not know is not counted.
    pub fn of(steps: &[Step]) -> Self {
        let mut counts = Self { total: steps.len(), ..Self::default() };
        for step in steps {
            *match step.state {
                StepState::Waiting { .. } => &mut counts.waiting,
                StepState::Running => &mut counts.running,
                StepState::Done => &mut counts.done,
                StepState::Failed(_) => &mut counts.failed,
                StepState::Cancelled => &mut counts.cancelled,
                StepState::WillNotRun { .. } => &mut counts.will_not_run,
            } += 1;
        }
        counts
    }

    /// How many there are in which state, in a sentence: the one count of resources that everything tells. `None` when
    /// nothing is known of any.
    pub fn sentence(&self) -> Option<String> {
        let states = [
            (self.failed, "failed"),
            (self.cancelled, "cancelled"),
            (self.running, "not finished"),
            (self.waiting + self.will_not_run, "not attempted"),
        ];
        let states = states.iter().filter(|(number, _)| *number > 0);
        let others: Vec<String> =
            states.map(|(number, word)| format!(", {number} {word}")).collect();
        let all = count(self.total, "resource");
        (self.total > 0).then(|| format!("{} of {all} created{}.", self.done, others.concat()))
    }
}

/// Why some resources were not attempted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotAttempted {
    /// As the end of a sentence: `firewall failed`.
    pub because: String,
    /// Names of the resources.
    pub names: Vec<String>,
}

impl NotAttempted {
    /// Everything among the steps that was not attempted, by its reason, most first.
    pub fn of(steps: &[Step]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for step in steps {
            let StepState::WillNotRun { because } = &step.state else { continue };
            match all.iter_mut().find(|known| known.because == *because) {
                Some(known) => known.names.push(step.label()),
                None => all.push(Self { because: because.clone(), names: vec![step.label()] }),
            }
        }
        all.sort_by_key(|each| std::cmp::Reverse(each.names.len()));
        all
    }

    /// In a sentence, with the first names.
    pub fn sentence(&self) -> String {
        const NAMED: usize = 3;
        let named: Vec<&str> = self.names.iter().take(NAMED).map(String::as_str).collect();
        let more = match self.names.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("Not attempted, because {}: {}{more}.", self.because, named.join(", "))
    }
}
