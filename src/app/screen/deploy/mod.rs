//! What is being made, or was: one fold over the news of a deployment, live, resumed or played back.
//!
//! Azure's word alone counts: what has not been told is waiting, and times are Azure's. The only time taken from here
//! is how long ago Azure was read.

mod act;
mod clock;
mod detail;
mod ending;
mod keys;
mod news;
mod portal;
mod summary;
#[cfg(test)]
mod tests;
mod tree;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    app::{graph::GraphState, place::PlaceRow},
    domain::{
        environment::Record,
        operation::Order,
        plan::Plan,
        problem::Problem,
        progress::{Counts, Step, StepState},
    },
};

pub use self::ending::Ending;
use self::{
    act::{availability, on_pane, on_row, run},
    clock::next_tick,
    keys::TABLE,
};
pub(in crate::app) use self::{
    act::{cancel, mend, open, send},
    news::{on_ended, on_event},
};
pub(crate) use self::{
    clock::{elapsed, is_fresh, remaining, seconds_since_read, step_elapsed},
    ending::{ending_words, kept_words},
    summary::problems,
    tree::{AreaState, Row, label, rows},
};

/// The deployment among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { availability, on_row, on_pane, next_tick, ..PlaceRow::new("Deploy", TABLE, run) };

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Course {
    /// Nothing is watched.
    #[default]
    None,
    /// It is prepared, or looked for.
    Preparing,
    /// Azure works on it.
    Running,
    /// A temporary failure; it is sent again after a pause.
    Pausing,
    /// It has been asked to stop; what has begun ends first.
    Cancelling,
    /// It has ended.
    Ended(Box<Ending>),
    /// It could not be sent or followed.
    Refused(Box<Problem>),
}

/// A part of the screen that can have the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Pane {
    /// The resources by area.
    #[default]
    Resources,
    /// What runs now; after the end, what happened.
    Now,
    /// What was heard, newest last.
    Activity,
}

impl Pane {
    /// All panes, in their order.
    pub const ALL: [Self; 3] = [Self::Resources, Self::Now, Self::Activity];
}

/// How resources are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum View {
    /// Rows by area.
    #[default]
    Rows,
    /// Bars over time.
    Chart,
    /// What depends on what.
    Graph,
}

impl View {
    /// All views, in their order.
    pub(crate) const ALL: [Self; 3] = [Self::Rows, Self::Chart, Self::Graph];
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When it was heard, by this machine's clock.
    pub at: Timestamp,
    /// What happened.
    pub text: String,
}

/// What is being made, or was.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Deploy {
    /// Number of the operation; what is told of older ones is dropped.
    pub run: u64,
    /// How far it has come.
    pub course: Course,
    /// The environment, once it is known.
    pub record: Option<Box<Record>>,
    /// The deployment's name, once it was sent.
    pub deployment: Option<String>,
    /// What is to be deployed, for a further attempt; `None` where it was only followed.
    pub order: Option<Box<Order>>,
    /// What will be made.
    pub plan: Option<Box<Plan>>,
    /// The steps, in the plan's order; those that the plan does not know stand last.
    pub steps: Vec<Step>,
    /// The steps as they stood when the picture was frozen.
    pub frozen: Option<Vec<Step>>,
    /// Since the deployment's begin, by Azure's clock, when it was last read.
    pub elapsed: Duration,
    /// What is left by usual durations.
    pub remaining: Duration,
    /// When Azure last answered, by this machine's clock.
    pub read_at: Option<Timestamp>,
    /// Why Azure cannot be reached at the moment.
    pub lost: Option<Box<Problem>>,
    /// What happened, oldest first.
    pub log: Vec<LogLine>,
    /// When a step last changed its state, by its symbol.
    pub changed: BTreeMap<String, Timestamp>,
    /// Areas that were opened by hand.
    pub opened: BTreeSet<String>,
    /// Areas that were closed by hand.
    pub closed: BTreeSet<String>,
    /// The chosen row of the tree.
    pub selected: usize,
    /// Lines of the log that are scrolled back.
    pub back: usize,
    /// The part of the screen that has the keys.
    pub pane: Pane,
    /// How resources are shown.
    pub view: View,
    /// What is shown of the graph.
    pub graph: GraphState,
}

impl Deploy {
    /// True while Azure works on it, or it is being prepared.
    pub(crate) fn is_running(&self) -> bool {
        matches!(
            self.course,
            Course::Preparing | Course::Running | Course::Pausing | Course::Cancelling
        )
    }

    /// True when it is about that environment.
    pub(crate) fn is_of(&self, full_name: &str) -> bool {
        self.record.as_ref().is_some_and(|record| record.full_name == full_name)
    }

    /// How it ended, once it has.
    pub(crate) fn ending(&self) -> Option<&Ending> {
        match &self.course {
            Course::Ended(ending) => Some(ending),
            _ => None,
        }
    }

    /// The steps to show: those of now, or of when the picture was frozen.
    pub(crate) fn shown(&self) -> &[Step] {
        self.frozen.as_deref().unwrap_or(&self.steps)
    }

    /// How many steps are in which state.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts { total: self.steps.len(), ..Counts::default() };
        for step in &self.steps {
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

    /// The steps that run, longest first.
    pub fn running(&self) -> Vec<&Step> {
        let mut running: Vec<&Step> =
            self.shown().iter().filter(|step| step.state == StepState::Running).collect();
        running.sort_by_key(|step| std::cmp::Reverse(step.elapsed));
        running
    }

    /// The environment's name, as far as it is known.
    pub fn name(&self) -> String {
        let ordered = || self.order.as_ref().map(|order| order.settings.full_name());
        self.record
            .as_ref()
            .map(|record| record.full_name.clone())
            .or_else(ordered)
            .unwrap_or_default()
    }
}
