//! An operation that is watched: one fold over what is told of it, whatever it is, live, resumed or played back.
//!
//! Azure's word alone counts: what has not been told is waiting, and a deployment's times are Azure's. The only time
//! taken from here is how long ago Azure was read; steps that are no deployment's have none but that.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Tone;
use crate::domain::environment::Record;
use crate::domain::map::{MapHub, NetworkMap};
use crate::domain::operation::{
    Attempt, Ended, Event, Finished, Notice, Operation, OperationStep, Stage, Subject, take_steps,
    words,
};
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::progress::{Counts, Progress, Step, StepState};
use crate::domain::sentences::practice_time;
use crate::domain::words::duration;

mod course;
mod pause;
#[cfg(test)]
mod tests;

pub use self::pause::WatchPause;
use self::pause::repeated;

/// Usual duration from which the begin of a single resource is worth a line, in seconds.
const WORTH_A_LINE: u32 = 60;
/// The longest time that is carried on without a word of Azure, in seconds of this machine.
const LONGEST_CARRY: Duration = Duration::from_mins(1);

/// How far an operation has come.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum RunState {
    /// It is prepared, or looked for; what is no deployment stays so to its end.
    #[default]
    Preparing,
    /// Azure deploys.
    Running,
    /// It failed of something that passes by itself, and is sent again after a pause.
    Pausing,
    /// It has been asked to stop; what has begun ends first.
    Cancelling,
    Ended(Box<Ended<Finished>>),
    /// It could not be sent or followed.
    Refused(Box<Problem>),
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When it was heard, by this machine's clock.
    pub at: Timestamp,
    /// What happened.
    pub text: String,
}

/// An operation that goes on, or has ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Watch {
    pub operation: Operation,
    pub state: RunState,
    /// The environment, once it is known.
    pub record: Option<Box<Record>>,
    /// The deployment's name, once it was sent.
    pub deployment: Option<String>,
    /// What will be made.
    pub plan: Option<Box<Plan>>,
    /// The same as a map.
    #[serde(default)]
    pub map: Option<Box<NetworkMap>>,
    /// The steps, in the plan's order, with those last that the plan does not know; or those that have begun.
    pub steps: Vec<Step>,
    /// The number of the step that begun last, and how many there can be, where they are no deployment's.
    pub act: Option<(usize, usize)>,
    /// How many resources of a group that is being deleted are left.
    pub left: Option<usize>,
    /// What is going on, in words.
    pub words: String,
    /// Since the first attempt's begin, by Azure's clock, when it was last read.
    pub elapsed: Duration,
    /// The attempt that goes on, or was the last.
    pub attempt: Attempt,
    /// The largest share of the time that was shown as behind: it does not shrink, whatever fails and is done again.
    pub reached: f64,
    /// When Azure was last heard of, by this machine's clock.
    pub read_at: Option<Timestamp>,
    /// What is waited for before it goes on.
    pub pause: Option<WatchPause>,
    /// Ids, in lower case, of what failed and is sent again by itself.
    pub repeated: BTreeSet<String>,
    /// Why Azure cannot be reached at the moment.
    pub lost: Option<Box<Problem>>,
    /// What happened, oldest first.
    pub log: Vec<LogLine>,
    /// When a step last changed its state, by its symbol.
    pub changed: BTreeMap<String, Timestamp>,
}

impl Watch {
    /// An operation that begins.
    pub fn new(operation: Operation, now: Timestamp) -> Self {
        let record = match &operation {
            Operation::MakeHub { .. } => None,
            other => other.record().cloned().map(Box::new),
        };
        Self {
            read_at: (!operation.is_deployment()).then_some(now),
            record,
            operation,
            state: RunState::default(),
            deployment: None,
            plan: None,
            map: None,
            steps: Vec::new(),
            act: None,
            left: None,
            words: "asking Azure".to_owned(),
            elapsed: Duration::ZERO,
            attempt: Attempt::default(),
            reached: 0.0,
            pause: None,
            repeated: BTreeSet::new(),
            lost: None,
            log: Vec::new(),
            changed: BTreeMap::new(),
        }
    }

    /// True until it has ended.
    pub fn is_running(&self) -> bool {
        !matches!(self.state, RunState::Ended(_) | RunState::Refused(_))
    }

    /// True while it is asked how an environment's deployment goes.
    pub(crate) fn is_deploying(&self) -> bool {
        self.is_running() && self.operation.deploys_environment()
    }

    /// Whether it changes what is there, as far as is known: whoever follows a deployment may find that it has ended.
    pub(crate) fn is_altering(&self) -> bool {
        match &self.operation {
            Operation::MakeHub { .. } => false,
            Operation::Follow(_) => match &self.state {
                RunState::Preparing | RunState::Refused(_) => false,
                RunState::Ended(ending) => {
                    ending.is_ready() || matches!(**ending, Ended::Stopped(_))
                }
                RunState::Running | RunState::Pausing | RunState::Cancelling => true,
            },
            _ => true,
        }
    }

    /// When it ended, once it has.
    pub(crate) fn ended_at(&self) -> Option<Timestamp> {
        self.log.last().filter(|_| !self.is_running()).map(|line| line.at)
    }

    /// How it ended, once it has.
    pub(crate) fn ending(&self) -> Option<&Ended<Finished>> {
        match &self.state {
            RunState::Ended(ending) => Some(ending),
            _ => None,
        }
    }

    /// Why it did not reach its goal, most telling first.
    pub(crate) fn problems(&self) -> &[Problem] {
        match &self.state {
            RunState::Ended(ending) => ending.problems(),
            RunState::Refused(problem) => std::slice::from_ref(&**problem),
            _ => &[],
        }
    }

    /// How many steps are in which state.
    pub(crate) fn counts(&self) -> Counts {
        // What was not needed was no step: without computes a pause has two.
        let foreseen = self.act.filter(|_| !matches!(self.ending(), Some(Ended::Done(_))));
        let total = foreseen.map_or(0, |(_, of)| of).max(self.steps.len());
        Counts { total, ..Counts::of(&self.steps) }
    }

    /// What is going on, in a sentence.
    pub fn sentence(&self) -> String {
        format!("{}: {}", words::doing(&self.operation), self.words)
    }

    /// The end in a sentence.
    pub(crate) fn ending_sentence(&self) -> (Tone, String) {
        let took = match self.attempt {
            Attempt { number: 1, .. } => duration(self.elapsed),
            Attempt { number, elapsed } => {
                format!(
                    "{}, the last {} of it in attempt {number}",
                    duration(self.elapsed),
                    duration(elapsed)
                )
            }
        };
        let ending = match &self.state {
            RunState::Refused(problem) => return (Tone::Bad, problem.what.clone()),
            RunState::Ended(ending) => ending,
            _ => return (Tone::Plain, format!("{}.", words::doing(&self.operation))),
        };
        match &**ending {
            Ended::Done(_) if !self.operation.is_deployment() => {
                Tone::Good.says(words::done(&self.operation))
            }
            done @ Ended::Done(_) if done.took().is_some() && self.operation.is_mend() => {
                Tone::Good.says(format!("The template was deployed again over it in {took}."))
            }
            done @ Ended::Done(_) if done.took().is_some() => {
                Tone::Good.says(format!("Ready after {took}."))
            }
            Ended::Done(_) => Tone::Good.says("It exists already; nothing was changed."),
            Ended::Stopped(stopped) if stopped.cancelled => {
                Tone::Warn.says(format!("Cancelled after {took}."))
            }
            Ended::Stopped(_) => Tone::Bad.says(format!("Failed after {took}.")),
            Ended::Left { .. } if !self.operation.is_deployment() => {
                Tone::Warn.says("It was left before its end; the same command goes on from there.")
            }
            Ended::Left { deployment: Some(_) } => {
                Tone::Plain.says("Left running; Azure carries on.")
            }
            Ended::Left { .. } => Tone::Plain.says("Nothing was sent."),
        }
    }

    /// What has passed in Azure since it was last heard of, at the pace at which time passes there.
    pub(crate) fn carried(&self, now: Timestamp, speed: f64) -> Duration {
        let is_act = !self.operation.is_deployment();
        let is_counting = match self.state {
            RunState::Running | RunState::Cancelling | RunState::Pausing => true,
            RunState::Preparing => is_act,
            _ => false,
        };
        let Some(read_at) = self.read_at.filter(|_| is_counting) else { return Duration::ZERO };
        let since = Duration::try_from(now.duration_since(read_at)).unwrap_or_default();
        let since = if is_act { since } else { since.min(LONGEST_CARRY) };
        since.mul_f64(speed.clamp(0.0, 1.0e4))
    }

    /// Notes a line of the log.
    pub(super) fn log(&mut self, at: Timestamp, text: impl Into<String>) {
        self.log.push(LogLine { at, text: text.into() });
    }

    /// Takes in what is told.
    pub(super) fn take(&mut self, at: Timestamp, speed: f64, event: Event) {
        self.hold(at, speed);
        if let Some(line) = words::of(&event) {
            self.words.clone_from(&line);
            self.log(at, line);
        }
        self.note_pause(at, speed, &event);
        match event {
            Event::Stage(Stage::Cancelling) => self.state = RunState::Cancelling,
            Event::Planned(plan) => {
                self.steps = Progress::new(&plan).steps().to_vec();
                self.map = Some(Box::new(NetworkMap::of(&plan, MapHub::Apart)));
                self.plan = Some(plan);
            }
            Event::Started { of, deployment, found } => {
                let words =
                    if found { "is known to Azure already" } else { "was accepted by Azure" };
                self.log(at, format!("Deployment {deployment} {words}."));
                if let Some(words) = practice_time(speed).filter(|_| self.deployment.is_none()) {
                    self.log(at, words);
                }
                if let Subject::Environment(record) = of {
                    self.record = Some(record);
                }
                self.deployment = Some(deployment);
                self.state = RunState::Running;
            }
            Event::Steps { changed, elapsed, attempt, .. } => {
                (self.elapsed, self.attempt) = (elapsed, attempt);
                self.turn(at, changed);
            }
            Event::Retrying { because, .. } => {
                self.state = RunState::Pausing;
                self.repeated = repeated(&self.steps, &because);
            }
            Event::Act { act, number, of } => self.begin_act(at, speed, &act, (number, of)),
            Event::Deleting { left } => self.left = Some(left),
            Event::Notice(Notice::StillTrying(problem)) => self.lost = Some(problem),
            Event::Notice(Notice::Reconnected) => self.lost = None,
            _ => {}
        }
    }

    fn turn(&mut self, at: Timestamp, changed: Vec<Step>) {
        self.read_at = Some(at);
        self.lost = None;
        if self.state == RunState::Pausing {
            self.state = RunState::Running;
        }
        for step in &changed {
            let before = self.steps.iter().find(|each| each.id == step.id);
            if before.is_none_or(|before| !is_alike(&before.state, &step.state)) {
                self.changed.insert(step.symbol.clone(), at);
                self.log.extend(line(step).map(|text| LogLine { at, text }));
            }
        }
        take_steps(&mut self.steps, changed);
    }

    fn begin_act(
        &mut self,
        at: Timestamp,
        speed: f64,
        act: &OperationStep,
        number: (usize, usize),
    ) {
        self.end_act(at, speed, StepState::Done);
        self.words = words::act(act);
        self.act = Some(number);
        self.changed.insert(number.0.to_string(), at);
        self.steps.push(self.act_step(number.0, self.words.clone()));
    }

    /// The step that has begun last is over: another one begins, or nothing does any more.
    fn end_act(&mut self, at: Timestamp, speed: f64, state: StepState) {
        let passed = self.carried(at, speed);
        self.elapsed = self.elapsed.saturating_add(passed);
        self.read_at = Some(at);
        if let Some(step) = self.steps.last_mut().filter(|step| step.is_act()) {
            step.elapsed = Some(passed);
            step.state = state;
        }
    }

    /// Takes in how it ended, or why it could not be sent or followed.
    pub(super) fn end(&mut self, at: Timestamp, speed: f64, ended: Result<Ended<Finished>>) {
        self.hold(at, speed);
        self.pause = None;
        self.repeated.clear();
        if !self.operation.is_deployment() {
            let state = match &ended {
                Ok(Ended::Done(_)) => StepState::Done,
                Ok(_) => StepState::Cancelled,
                Err(problem) => StepState::Failed(problem.clone()),
            };
            self.end_act(at, speed, state);
        }
        self.state = match ended {
            Ok(ended) => {
                self.record = ended.record().cloned().map(Box::new).or(self.record.take());
                self.elapsed = ended.took().unwrap_or(self.elapsed);
                self.lost = None;
                RunState::Ended(Box::new(ended))
            }
            Err(problem) => RunState::Refused(Box::new(problem)),
        };
        self.log(at, self.ending_sentence().1);
    }
}

/// A shorter list of what is waited for is no news.
fn is_alike(one: &StepState, other: &StepState) -> bool {
    matches!((one, other), (StepState::Waiting { .. }, StepState::Waiting { .. })) || one == other
}

/// The words of the log for a step that has changed; nothing for what everybody expects.
fn line(step: &Step) -> Option<String> {
    let name = step.label();
    let took = step.elapsed.map(duration).unwrap_or_default();
    Some(match &step.state {
        StepState::Running if step.usual_seconds >= WORTH_A_LINE => format!("{name} started"),
        StepState::Done if step.planned => format!("{name} created, {took}"),
        StepState::Done => format!("{name} created, {took}; the plan did not name it"),
        StepState::Failed(problem) => format!("{name} failed: {}", problem.what),
        StepState::Cancelled => format!("{name} cancelled"),
        StepState::Running | StepState::Waiting { .. } | StepState::WillNotRun { .. } => {
            return None;
        }
    })
}
