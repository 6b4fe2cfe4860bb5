//! The fold: what each piece of news changes. The same for live, resumed and played back runs.

use std::time::Duration;

use super::{Course, Deploy, Ending, LogLine, Pane, ending_words, label};
use crate::{
    app::{
        App, Tone,
        effect::Effect,
        screen::{Screen, credentials},
    },
    domain::{
        environment::Record,
        operation::{Ended, Event, Finished, Notice, Stage, Subject, words},
        problem::Problem,
        progress::{Progress, Step, StepState},
        words::duration,
    },
};

/// Most lines of the log that are kept.
const MOST_LINES: usize = 500;
/// Usual duration from which the begin of a single resource is worth a line, in seconds.
const WORTH_A_LINE: u32 = 60;

/// Takes in what is told of the deployment that is shown.
pub(in crate::app) fn on_event(app: &mut App, id: u64, event: Event) {
    if id != app.deploy.run {
        return;
    }
    if let Some(line) = words::of(&event) {
        log(app, line);
    }
    match event {
        Event::Stage(Stage::Cancelling) => app.deploy.course = Course::Cancelling,
        Event::Planned(plan) => {
            app.deploy.steps = Progress::new(&plan).steps().to_vec();
            app.deploy.plan = Some(plan);
        }
        Event::Started { of, deployment, found } => started(app, of, deployment, found),
        Event::Steps { changed, elapsed, remaining, .. } => steps(app, changed, elapsed, remaining),
        Event::Retrying { attempt, wait, because } => {
            app.say(Tone::Warn, words::retrying(attempt, wait, &because));
            app.deploy.course = Course::Pausing;
        }
        Event::Notice(Notice::StillTrying(problem)) => app.deploy.lost = Some(problem),
        Event::Notice(Notice::Reconnected) => app.deploy.lost = None,
        Event::Notice(notice) => app.say(Tone::Plain, words::notice(&notice)),
        _ => {}
    }
}

/// Notes a line of the log.
pub(super) fn log(app: &mut App, text: String) {
    let line = LogLine { at: app.now, text };
    app.deploy.log.push(line);
    let more = app.deploy.log.len().saturating_sub(MOST_LINES);
    app.deploy.log.drain(..more);
    if app.deploy.back > 0 {
        // Who reads further back is not moved.
        app.deploy.back = (app.deploy.back + 1).min(app.deploy.log.len().saturating_sub(1));
    }
}

fn started(app: &mut App, of: Subject, deployment: String, found: bool) {
    let words = if found { "is known to Azure already" } else { "was accepted by Azure" };
    log(app, format!("Deployment {deployment} {words}."));
    if let Subject::Environment(record) = of {
        app.deploy.record = Some(record);
    }
    app.deploy.deployment = Some(deployment);
    app.deploy.course = Course::Running;
}

fn steps(app: &mut App, changed: Vec<Step>, elapsed: Duration, remaining: Duration) {
    app.deploy.elapsed = elapsed;
    app.deploy.remaining = remaining;
    app.deploy.read_at = Some(app.now);
    app.deploy.lost = None;
    if app.deploy.course == Course::Pausing {
        app.deploy.course = Course::Running;
    }
    for step in changed {
        let known = app.deploy.steps.iter().position(|each| each.id == step.id);
        let before = known.and_then(|index| app.deploy.steps.get(index));
        let is_news = before.is_none_or(|before| !is_alike(&before.state, &step.state));
        if is_news {
            app.deploy.changed.insert(step.symbol.clone(), app.now);
            if let Some(line) = line(&step) {
                log(app, line);
            }
        }
        match known.and_then(|index| app.deploy.steps.get_mut(index)) {
            Some(place) => *place = step,
            None => app.deploy.steps.push(step),
        }
    }
}

/// A shorter list of what is waited for is no news.
fn is_alike(one: &StepState, other: &StepState) -> bool {
    matches!((one, other), (StepState::Waiting { .. }, StepState::Waiting { .. })) || one == other
}

/// The words of the log for a step that has changed; nothing for what everybody expects.
fn line(step: &Step) -> Option<String> {
    let name = label(step);
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

/// Takes in how the deployment that is shown ended, or why it could not be sent or followed.
pub(in crate::app) fn on_ended(
    app: &mut App,
    id: u64,
    ended: Result<Ended<Finished>, Problem>,
) -> Vec<Effect> {
    if id != app.deploy.run {
        return Vec::new();
    }
    match ended {
        Ok(Ended::Done(Finished::Environment(standing))) => over(app, Ended::Done(*standing)),
        Ok(Ended::Stopped(stopped)) => over(app, Ended::Stopped(stopped)),
        Ok(Ended::Left { deployment }) => over(app, Ended::Left { deployment }),
        Ok(Ended::Done(_)) => Vec::new(),
        Err(problem) => {
            log(app, problem.what.clone());
            app.deploy.frozen = None;
            app.deploy.pane = Pane::Now;
            app.deploy.course = Course::Refused(Box::new(problem));
            Vec::new()
        }
    }
}

fn over(app: &mut App, ending: Ending) -> Vec<Effect> {
    app.deploy.frozen = None;
    app.deploy.lost = None;
    let record = ending.record().cloned();
    if let Some(record) = &record {
        app.deploy.record = Some(Box::new(record.clone()));
        app.environments.note(record);
    }
    let took = ending.took().unwrap_or(app.deploy.elapsed);
    log(app, ending_words(&ending, took));
    app.deploy.elapsed = took;
    app.deploy.remaining = Duration::ZERO;
    let is_ready = ending.is_ready();
    if !is_ready && record.is_some() {
        app.deploy.pane = Pane::Now;
    }
    let full_name = app.deploy.name();
    app.deploy.course = Course::Ended(Box::new(ending));
    let is_watched = app.screen == Screen::Deploy && app.dialog.is_none() && app.help.is_none();
    if matches!(app.dialog, Some(crate::app::dialog::Dialog::Leave(_))) {
        // There is nothing to leave or to cancel any more.
        app.dialog = None;
    }
    match record.filter(|_| is_ready) {
        Some(record) if is_watched => credentials::open(app, &record),
        Some(_) => {
            app.say(Tone::Good, format!("{full_name} is ready: Enter shows the credentials."));
            Vec::new()
        }
        None => Vec::new(),
    }
}

impl Deploy {
    /// A run that begins, with everything of the one before forgotten but what the person has set.
    pub(super) fn next(&self, record: Option<Box<Record>>) -> Self {
        Self { course: Course::Preparing, record, view: self.view, ..Self::default() }
    }
}
