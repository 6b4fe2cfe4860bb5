//! What the engine reports while it works, as lines for people and as JSON lines.
//!
//! One line per thing that happened, a sign of life every half minute, nothing redrawn. It must not decide anything,
//! and it is given no secrets to show.

use std::time::{Duration, Instant};

use serde_json::json;

use super::output::Output;
use crate::domain::operation::{
    Attempt, Event, SecretKind, Subject, take_steps, words as sentences,
};
use crate::domain::progress::{Course, Progress, Step, StepState};
use crate::domain::sentences::{late, prospect};
use crate::domain::words::{self, count};

/// Time without a line after which a sign of life is given.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// Usual duration from which a single resource is worth a line of its own, in seconds.
const WORTH_A_LINE: u32 = 60;

/// Tells one run.
#[derive(Debug)]
pub struct Narrator {
    output: Output,
    practice: bool,
    spoken: Instant,
    steps: Vec<Step>,
    told_areas: Vec<String>,
    /// Symbols of what has been told to be late, in the attempt that goes on.
    told_late: Vec<String>,
    /// The largest share of the time that was told as behind.
    reached: f64,
    /// The share that was told last in JSON, in hundredths.
    told_percent: Option<u32>,
}

impl Narrator {
    /// A narrator for a run on Azure or on the practice cloud.
    pub fn new(output: Output, practice: bool) -> Self {
        let (steps, told_areas, told_late) = (Vec::new(), Vec::new(), Vec::new());
        let spoken = Instant::now();
        let (reached, told_percent) = (0.0, None);
        Self { output, practice, spoken, steps, told_areas, told_late, reached, told_percent }
    }

    /// Tells one event.
    pub fn tell(&mut self, event: Event) {
        let sentence = sentences::of(&event);
        if let Some(text) = &sentence {
            self.line(text);
        }
        let text = sentence.unwrap_or_default();
        match event {
            Event::Planned(plan) => self.steps = Progress::new(&plan).steps().to_vec(),
            Event::SecretKept { secret, place } => {
                let name = match secret {
                    SecretKind::Credentials => "credentials_kept",
                    SecretKind::SharedKey => "key_kept",
                };
                self.output.event(name, json!({ "place": place }));
            }
            Event::Started { of, deployment, found } => self.started(&of, &deployment, found),
            Event::Steps { changed, turned, elapsed, attempt } => {
                take_steps(&mut self.steps, changed);
                self.turned(&turned, elapsed, attempt);
            }
            Event::Retrying { attempt, wait, because } => self.output.event(
                "retry",
                json!({ "attempt": attempt, "wait_seconds": wait.as_secs_f64(), "because": because }),
            ),
            Event::Act { act, number, of } => self.output.event(
                "act",
                json!({ "act": act, "number": number, "of": of, "text": sentences::act(&act) }),
            ),
            Event::Deleting { left } => self.output.event("deleting", json!({ "left": left })),
            Event::Notice(_) => self.output.event("notice", json!({ "text": text })),
            Event::Stage(_) | Event::Detail(_) => {}
        }
    }

    fn started(&mut self, of: &Subject, deployment: &str, found: bool) {
        let words = if found { "is under way already" } else { "was accepted" };
        self.line(&format!(
            "Deployment {deployment} {words}. Safe to close: it goes on without this window."
        ));
        self.told_areas.clear();
        self.told_late.clear();
        let mut told = match of {
            Subject::Environment(record) => json!({
                "full_name": record.full_name,
                "name": record.settings.name,
                "suffix": record.settings.suffix,
                "region": record.settings.region,
                "resource_group": record.resource_group,
                "subscription": record.subscription_id,
            }),
            Subject::Hub(hub) => json!({
                "hub": hub.name,
                "region": hub.region,
                "resource_group": hub.name.resource_group(),
            }),
        };
        if let Some(members) = told.as_object_mut() {
            members.insert("deployment".to_owned(), deployment.into());
            members.insert("found".to_owned(), found.into());
            members.insert("practice".to_owned(), self.practice.into());
        }
        self.output.event("started", told);
    }

    fn turned(&mut self, turned: &[String], elapsed: Duration, attempt: Attempt) {
        for symbol in turned {
            if let Some(step) = self.steps.iter().find(|step| step.symbol == *symbol).cloned() {
                self.step(&step);
            }
        }
        self.areas();
        let mut course = Course::of(&self.steps, Duration::ZERO);
        self.reached = self.reached.max(course.share);
        course.share = self.reached;
        self.progress(&course, elapsed, attempt);
        match &course.late {
            Some(found) if !self.told_late.contains(&found.symbol) => {
                self.line(&late(found));
                self.told_late.push(found.symbol.clone());
            }
            _ if self.spoken.elapsed() >= HEARTBEAT => self.heartbeat(&course, elapsed, attempt),
            _ => {}
        }
    }

    /// Where it stands in time, in JSON: whenever a hundredth of it is behind, and when something is late.
    fn progress(&mut self, course: &Course, elapsed: Duration, attempt: Attempt) {
        let late = course.late.as_ref();
        let is_news = late.is_some_and(|late| !self.told_late.contains(&late.symbol));
        if !is_news && self.told_percent == Some(course.percent()) {
            return;
        }
        self.told_percent = Some(course.percent());
        let done = self.steps.iter().filter(|step| step.is_done()).count();
        self.output.event(
            "progress",
            json!({
                "percent": course.percent(),
                "elapsed_seconds": elapsed.as_secs_f64(),
                // What is left of something late is not known.
                "left_seconds": late.is_none().then_some(course.left.as_secs_f64()),
                "usual_seconds": course.usual.as_secs_f64(),
                "attempt": attempt.number,
                "attempt_seconds": attempt.elapsed.as_secs_f64(),
                "done": done,
                "total": self.steps.len(),
                "late": late.map(|late| json!({
                    "symbol": late.symbol,
                    "seconds": late.taken.as_secs_f64(),
                    "usual_seconds": late.usual.as_secs_f64(),
                    "slow_seconds": late.slow.as_secs_f64(),
                })),
            }),
        );
    }

    fn line(&mut self, text: &str) {
        self.spoken = Instant::now();
        let now = jiff::ZonedDateTime::now().strftime("%H:%M:%S");
        self.output.hanging(&format!("{now}  "), text);
    }

    fn step(&mut self, step: &Step) {
        self.output.event(
            "step",
            json!({
                "symbol": step.symbol,
                "state": step.state.word(),
                "type": step.resource_type,
                "name": step.name,
                "area": step.area,
                "seconds": step.elapsed.map(|elapsed| elapsed.as_secs_f64()),
                "planned": step.planned,
            }),
        );
        let took = words::duration(step.elapsed.unwrap_or_default());
        let what = if step.description.is_empty() {
            step.resource_type.rsplit('/').next().unwrap_or_default()
        } else {
            &step.description
        };
        match &step.state {
            StepState::Running if step.usual_seconds >= WORTH_A_LINE => self.line(&format!(
                "{} started ({what}), usually {}.",
                step.name,
                words::duration(Duration::from_secs(step.usual_seconds.into()))
            )),
            StepState::Done if step.usual_seconds >= WORTH_A_LINE => {
                self.line(&format!("{} done after {took}.", step.name));
            }
            StepState::Done if !step.planned => {
                self.line(&format!("{} done; the plan did not name it.", step.name));
            }
            StepState::Failed(problem) => {
                self.line(&format!("{} failed: {}", step.name, problem.what));
            }
            StepState::Cancelled => self.line(&format!("{} cancelled.", step.name)),
            _ => {}
        }
    }

    /// A line for each area whose resources have all been created.
    fn areas(&mut self) {
        let done = self.steps.iter().filter(|step| step.is_done()).count();
        let mut areas: Vec<String> = self.steps.iter().map(|step| step.area.clone()).collect();
        areas.sort_unstable();
        areas.dedup();
        for area in areas {
            let members = self.steps.iter().filter(|step| step.area == area);
            let number = members.clone().count();
            let is_open = members.clone().any(|step| !step.is_done());
            if area.is_empty() || self.told_areas.contains(&area) || is_open {
                continue;
            }
            self.line(&format!(
                "{area}: {} done; {done} of {} in all.",
                count(number, "resource"),
                self.steps.len()
            ));
            self.told_areas.push(area);
        }
    }

    fn heartbeat(&mut self, course: &Course, elapsed: Duration, attempt: Attempt) {
        let done = self.steps.iter().filter(|step| step.is_done()).count();
        let again = match attempt {
            Attempt { number: 1, .. } => String::new(),
            Attempt { number, elapsed } => {
                format!(" (attempt {number}: {})", words::duration(elapsed))
            }
        };
        self.line(&format!(
            "{} % after {}{again}; {done} of {}. {}",
            course.percent(),
            words::duration(elapsed),
            count(self.steps.len(), "resource"),
            prospect(course, elapsed)
        ));
    }
}
