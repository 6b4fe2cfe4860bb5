//! The operations that were begun from here: each is watched, and what is told of it goes to the screen that shows it.
//!
//! What was agreed to is what is begun: a question holds its operation.

use jiff::Timestamp;

use super::effect::Effect;
use super::screen::{Screen, credentials, deploy, environments, peering, refused, status};
use super::watch::Watch;
use super::{App, Tone};
use crate::domain::environment::Record;
use crate::domain::operation::{Ended, Event, Finished, Notice, Operation, words};
use crate::domain::problem::Result;
use crate::domain::progress::Step;

/// Most lines of a log that are kept.
const MOST_LINES: usize = 500;

impl App {
    /// Begins an operation under a number of its own. A deployment is shown at once; of environments one is watched at
    /// a time, and the one before goes on without this window. What ended before it with the same name is forgotten.
    pub(super) fn begin(&mut self, operation: Operation) -> Vec<Effect> {
        let mut effects = Vec::new();
        if operation.deploys_environment() {
            effects.extend(self.leave_deployment(|_| true));
        }
        self.begun += 1;
        let id = self.begun;
        let name = operation.name();
        if matches!(operation, Operation::Reset(_)) && self.shows_credentials_of(&name) {
            self.credentials.hide();
        }
        self.operations.retain(|_, watch| watch.is_running() || watch.operation.name() != name);
        self.operations.insert(id, Watch::new(operation.clone(), self.now));
        if operation.is_deployment() {
            let is_hub = !operation.deploys_environment();
            self.show_watch(id, is_hub.then_some(self.screen));
        } else if operation.is_change() {
            self.say(Tone::Plain, format!("{}.", words::doing(&operation)));
        }
        effects.push(Effect::Run { id, operation: Box::new(operation) });
        effects
    }

    fn shows_credentials_of(&self, full_name: &str) -> bool {
        self.credentials.record.as_ref().is_some_and(|record| record.full_name == full_name)
    }

    /// Stops watching a deployment that runs.
    pub(super) fn leave_deployment(&mut self, wanted: impl Fn(&Watch) -> bool) -> Option<Effect> {
        let mut all = self.operations.iter();
        let (id, _) = all.find(|(_, watch)| watch.is_deploying() && wanted(watch))?;
        let id = *id;
        self.operations.remove(&id);
        Some(Effect::Leave(id))
    }

    /// The operation that the live pane shows.
    pub fn watch(&self) -> Option<&Watch> {
        self.operations.get(&self.deploy.shown)
    }

    /// The steps that the live pane shows: those of now, or of when the picture was frozen.
    pub(crate) fn shown_steps(&self) -> &[Step] {
        let now = || self.watch().map_or(&[][..], |watch| &watch.steps);
        self.deploy.frozen.as_deref().unwrap_or_else(now)
    }

    /// What runs for an environment.
    pub fn running(&self, full_name: &str, wanted: fn(&Operation) -> bool) -> Option<&Watch> {
        self.operations.values().find(|watch| {
            let operation = &watch.operation;
            watch.is_running() && operation.concerns(full_name) && wanted(operation)
        })
    }

    /// What is being changed in an environment that exists.
    pub fn changing(&self, full_name: &str) -> Option<&Watch> {
        self.running(full_name, Operation::is_change)
    }

    /// Whether what was read of an environment may no longer be so: something changes it, or has since then.
    pub fn is_outdated(&self, full_name: &str, read_at: Option<Timestamp>) -> bool {
        self.operations.values().any(|watch| {
            let is_later = || read_at.is_none_or(|read_at| watch.ended_at() > Some(read_at));
            let is_of_it = watch.operation.concerns(full_name) && watch.is_altering();
            is_of_it && (watch.is_running() || is_later())
        })
    }

    /// The deletion of an environment, while it goes on.
    pub fn deleting(&self, full_name: &str) -> Option<&Watch> {
        self.running(full_name, |operation| matches!(operation, Operation::Delete(_)))
    }

    /// The newest deployment of an environment that is watched or was.
    pub(crate) fn deployment_of(&self, full_name: &str) -> Option<(u64, &Watch)> {
        let is_it = |watch: &Watch| {
            let record = watch.record.as_ref();
            watch.operation.deploys_environment()
                && record.is_some_and(|record| record.full_name == full_name)
        };
        let mut newest = self.operations.iter().rev();
        newest.find(|(_, watch)| is_it(watch)).map(|(id, watch)| (*id, watch))
    }

    /// Why a further change of an environment has to wait.
    pub(super) fn wait_for_change(&self, full_name: &str) -> Result<(), String> {
        let is_deploying = |operation: &Operation| matches!(operation, Operation::Deploy(_));
        let running = self.changing(full_name).or_else(|| self.running(full_name, is_deploying));
        running.map_or(Ok(()), |watch| {
            Err(format!("{}: wait for its end.", words::doing(&watch.operation)))
        })
    }

    /// The environment that the screen is about.
    pub(crate) fn at_hand(&self) -> Option<&Record> {
        (self.screen.row().record)(self)
    }

    /// What is being done to the environment that the screen is about, or made for it.
    pub(crate) fn going_on(&self) -> Option<&Watch> {
        let name = &self.at_hand()?.full_name;
        match self.screen {
            Screen::Status | Screen::Audit | Screen::Refused | Screen::Credentials => {
                let deploying = || self.running(name, Operation::deploys_environment);
                self.changing(name).or_else(deploying)
            }
            Screen::Peering => {
                self.changing(name).or_else(|| self.running(name, Operation::is_hub))
            }
            _ => None,
        }
    }

    /// What runs or was begun last for the environment at hand.
    pub(super) fn watch_at_hand(&self) -> Result<u64, String> {
        let newest = self.at_hand().and_then(|record| {
            let mut newest = self.operations.iter().rev();
            newest.find(|(_, watch)| watch.operation.concerns(&record.full_name))
        });
        newest.map(|(id, _)| *id).ok_or_else(|| "Nothing runs here that could be watched.".into())
    }

    /// Lets something happen to an operation that runs. Who reads further back in its log is not moved.
    pub(super) fn with_watch(&mut self, id: u64, happens: impl FnOnce(&mut Watch, Timestamp, f64)) {
        let Some(watch) = self.operations.get_mut(&id) else { return };
        let before = watch.log.len();
        happens(watch, self.now, self.start.speed);
        let (all, added) = (watch.log.len(), watch.log.len() - before);
        watch.log.drain(..all.saturating_sub(MOST_LINES));
        if self.deploy.shown == id && self.deploy.back > 0 {
            self.deploy.back = (self.deploy.back + added).min(watch.log.len().saturating_sub(1));
        }
    }
}

/// Something that is told of an operation.
pub(super) fn on_event(app: &mut App, id: u64, event: Event) -> Vec<Effect> {
    let watch = app.operations.get(&id).filter(|watch| watch.is_running());
    let Some(operation) = watch.map(|watch| watch.operation.clone()) else { return Vec::new() };
    let said = said(&operation, &event);
    app.with_watch(id, |watch, at, speed| watch.take(at, speed, event));
    let sentence = app.operations.get(&id).map(Watch::sentence).unwrap_or_default();
    if operation.is_change() {
        app.say(Tone::Plain, sentence);
    } else if let Some((tone, words)) = said {
        app.say(tone, words);
    }
    Vec::new()
}

/// What is said of a deployment or a deletion wherever one is; the rest stands where it is shown.
fn said(operation: &Operation, event: &Event) -> Option<(Tone, String)> {
    let line = words::of(event)?;
    let name = operation.name();
    match (operation, event) {
        (Operation::Delete(_), Event::Act { .. }) => {
            Some(Tone::Plain.says(format!("{name}, {line}")))
        }
        (Operation::Delete(_), Event::Notice(_)) => {
            Some(Tone::Plain.says(format!("{name}: {line}")))
        }
        (_, Event::Retrying { .. }) => Some((Tone::Warn, line)),
        (_, Event::Notice(Notice::StillTrying(_) | Notice::Reconnected)) => None,
        (_, Event::Notice(_)) => Some((Tone::Plain, line)),
        _ => None,
    }
}

/// The end of an operation.
pub(super) fn on_ended(app: &mut App, id: u64, ended: Result<Ended<Finished>>) -> Vec<Effect> {
    let watch = app.operations.get(&id).filter(|watch| watch.is_running());
    let Some(operation) = watch.map(|watch| watch.operation.clone()) else { return Vec::new() };
    app.with_watch(id, |watch, at, speed| watch.end(at, speed, ended.clone()));
    let is_watched = deploy::over(app, id);
    if operation.is_change() || is_watched {
        // What was said of it while it went on is no longer so.
        app.line = None;
    }
    let mut effects = told_end(app, id, &operation, ended, is_watched);
    let is_altered = app.operations.get(&id).is_some_and(Watch::is_altering);
    let is_gone = matches!(operation, Operation::Delete(_));
    if is_altered && !is_gone && app.status.is_of(&operation.name()) {
        let is_asked = effects.iter().any(|effect| matches!(effect, Effect::Inspect(_)));
        effects.extend(if is_asked { Vec::new() } else { status::read_anew(app) });
    }
    effects
}

fn told_end(
    app: &mut App,
    id: u64,
    operation: &Operation,
    ended: Result<Ended<Finished>>,
    is_watched: bool,
) -> Vec<Effect> {
    match operation {
        Operation::Deploy(_) | Operation::Follow(_) => deploy::on_ended(app, id, is_watched),
        Operation::MakeHub { hub, beside } => {
            peering::on_hub_ended(app, hub, beside, ended, is_watched)
        }
        Operation::Delete(record) => environments::on_deleted(app, &record.full_name, ended),
        _ => changed(app, id, operation, ended, is_watched),
    }
}

/// The end of a change of an environment that exists: what is shown of it is read again.
fn changed(
    app: &mut App,
    id: u64,
    operation: &Operation,
    ended: Result<Ended<Finished>>,
    is_watched: bool,
) -> Vec<Effect> {
    let name = operation.name();
    match &ended {
        // Whoever waits for a hub's owner is told so by the steps.
        Ok(Ended::Done(Finished::Connected(connection))) if connection.waits() => {}
        Ok(_) => {
            if let Some((tone, words)) = app.operations.get(&id).map(Watch::ending_sentence) {
                app.say(tone, words);
            }
        }
        // The live pane tells why.
        Err(_) if is_watched => {}
        Err(problem) => app.show_problem(problem),
    }
    let mut effects = Vec::new();
    if matches!(operation, Operation::Link { .. } | Operation::Unlink(_)) {
        effects.extend(peering::on_changed(app, operation, ended.ok()));
    }
    match operation {
        Operation::Allow { .. } => effects.extend(refused::read(app)),
        Operation::Reset(_) => {
            effects.extend(forget_password(app, &name));
            effects.extend(credentials::look_again(app, &name));
        }
        _ => {}
    }
    effects
}

/// What was shown or copied is the password of before.
fn forget_password(app: &mut App, full_name: &str) -> Option<Effect> {
    if !app.shows_credentials_of(full_name) {
        return None;
    }
    app.credentials.hide();
    app.credentials.clipboard_until.take().map(|_| Effect::ClearClipboard)
}

#[cfg(test)]
mod tests;
