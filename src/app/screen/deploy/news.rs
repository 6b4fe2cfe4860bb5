//! The fold: what each piece of news changes. The same for live, resumed and played back runs.

use std::time::Duration;

use super::{Course, Deploy, Ending, Found, LogLine, Pane, label};
use crate::{
    app::{
        App, Tone,
        effect::Effect,
        message::News,
        screen::{Screen, credentials},
    },
    domain::{
        environment::Record,
        plan::Plan,
        problem::Problem,
        progress::{Progress, Step, StepState},
        words::{count, duration},
    },
};

/// Most lines of the log that are kept.
const MOST_LINES: usize = 500;
/// Usual duration from which the begin of a single resource is worth a line, in seconds.
const WORTH_A_LINE: u32 = 60;

/// Takes in news of a run; those of an older one are dropped.
pub(in crate::app) fn on_news(app: &mut App, run: u64, news: News) -> Vec<Effect> {
    if run != app.deploy.run {
        return Vec::new();
    }
    match news {
        News::Stage(words) => log(app, words),
        News::Planned(plan) => planned(app, plan),
        News::CredentialsKept { place } => {
            log(app, format!("The jumpbox credentials are in {place}, and were read back."));
        }
        News::Started { record, deployment, found } => started(app, record, deployment, found),
        News::Steps { changed, elapsed, remaining } => steps(app, changed, elapsed, remaining),
        News::Retrying { attempt, wait, because } => retrying(app, attempt, wait, &because),
        News::Cancelling => {
            app.deploy.course = Course::Cancelling;
            log(app, "Cancelling: what has begun ends first.".to_owned());
        }
        News::Lost(problem) => lost(app, problem),
        News::Reconnected => {
            app.deploy.lost = None;
            log(app, "The connection works again.".to_owned());
        }
        News::Notice(words) => {
            log(app, words.clone());
            app.say(Tone::Plain, words);
        }
        News::Ended(ending) => return ended(app, *ending),
        News::Refused(problem) => refused(app, problem),
    }
    Vec::new()
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

fn planned(app: &mut App, plan: Box<Plan>) {
    app.deploy.steps = Progress::new(&plan).steps().to_vec();
    log(
        app,
        format!(
            "{}{} in {}: {}, usually {}.",
            plan.name,
            plan.suffix,
            plan.region,
            count(plan.resources.len(), "resource"),
            duration(Duration::from_secs(plan.critical_seconds.into()))
        ),
    );
    app.deploy.plan = Some(plan);
}

fn started(app: &mut App, record: Box<Record>, deployment: String, found: Found) {
    let words = match found {
        Found::Sent => "was accepted by Azure",
        Found::Running => "is known to Azure already",
    };
    log(app, format!("Deployment {deployment} {words}."));
    app.deploy.record = Some(record);
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
            if let Some(words) = words(&step) {
                log(app, words);
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
fn words(step: &Step) -> Option<String> {
    let name = label(step);
    let took = step.elapsed.map(duration).unwrap_or_default();
    Some(match &step.state {
        StepState::Running if step.usual_seconds >= WORTH_A_LINE => format!("{name} begun"),
        StepState::Done if step.planned => format!("{name} created, {took}"),
        StepState::Done => format!("{name} created, {took}; the plan did not name it"),
        StepState::Failed(problem) => format!("{name} failed: {}", problem.what),
        StepState::Cancelled => format!("{name} cancelled"),
        StepState::Running | StepState::Waiting { .. } | StepState::WillNotRun { .. } => {
            return None;
        }
    })
}

fn retrying(app: &mut App, attempt: u32, wait: Duration, because: &[Problem]) {
    let why = because.first().map_or_else(String::new, |problem| format!("{} ", problem.what));
    let words = format!(
        "{why}This passes by itself as a rule: attempt {} follows in {}, and only what is missing is made.",
        attempt + 1,
        duration(wait)
    );
    log(app, words.clone());
    app.say(Tone::Warn, words);
    app.deploy.course = Course::Pausing;
}

fn lost(app: &mut App, problem: Problem) {
    log(app, format!("{} It is tried on; the deployment goes on meanwhile.", problem.what));
    app.deploy.lost = Some(Box::new(problem));
}

fn ended(app: &mut App, ending: Ending) -> Vec<Effect> {
    app.deploy.frozen = None;
    app.deploy.lost = None;
    let record = ending.record().cloned();
    if let Some(record) = &record {
        app.deploy.record = Some(Box::new(record.clone()));
        app.environments.note(record);
    }
    let took = ending.took().unwrap_or(app.deploy.elapsed);
    log(app, ending.words(took));
    app.deploy.elapsed = took;
    app.deploy.remaining = Duration::ZERO;
    let is_ready = matches!(ending, Ending::Ready { .. });
    let is_bad =
        matches!(ending, Ending::Failed { .. } | Ending::Cancelled { .. } | Ending::Stands { .. });
    let full_name = app.deploy.name();
    app.deploy.course = Course::Ended(Box::new(ending));
    if is_bad {
        app.deploy.pane = Pane::Now;
    }
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

fn refused(app: &mut App, problem: Problem) {
    log(app, problem.what.clone());
    app.deploy.frozen = None;
    app.deploy.pane = Pane::Now;
    app.deploy.course = Course::Refused(Box::new(problem));
}

impl Deploy {
    /// A run that begins, with everything of the one before forgotten but what the person has set.
    pub(super) fn next(&self, record: Option<Box<Record>>) -> Self {
        Self {
            run: self.run + 1,
            course: Course::Preparing,
            record,
            view: self.view,
            ..Self::default()
        }
    }
}
