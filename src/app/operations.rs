//! The operations that were begun from here: what is told of each goes to the screen that shows it.
//!
//! What was agreed to is what is begun: a question holds its operation.

use serde::{Deserialize, Serialize};

use super::{
    App, Tone,
    effect::Effect,
    screen::{credentials, deploy, environments, peering, refused, status},
};
use crate::domain::{
    operation::{Ended, Event, Finished, Operation, words},
    problem::Problem,
};

/// An operation that goes on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Running {
    pub operation: Operation,
    /// The step that it is at, in words.
    pub words: String,
}

impl Running {
    /// What is going on, in a sentence.
    pub fn sentence(&self) -> String {
        let doing = words::doing(&self.operation);
        let words = if self.words.is_empty() { "asking Azure" } else { &self.words };
        format!("{doing}: {words}")
    }
}

impl App {
    /// Begins an operation; the number is its own.
    pub(super) fn begin(&mut self, operation: Operation) -> (u64, Effect) {
        self.begun += 1;
        let id = self.begun;
        if operation.is_change() {
            self.say(Tone::Plain, format!("{}.", words::doing(&operation)));
        }
        let running = Running { operation: operation.clone(), words: String::new() };
        self.operations.insert(id, running);
        (id, Effect::Run { id, operation: Box::new(operation) })
    }

    /// What is being changed in an environment that exists.
    pub fn changing(&self, full_name: &str) -> Option<&Running> {
        let of = |running: &&Running| {
            running.operation.is_change() && running.operation.name() == full_name
        };
        self.operations.values().find(of)
    }

    /// Why a further change of an environment has to wait.
    pub(super) fn wait_for_change(&self, full_name: &str) -> Result<(), String> {
        self.changing(full_name).map_or(Ok(()), |running| {
            Err(format!("{}: wait for its end.", words::doing(&running.operation)))
        })
    }
}

/// Something that is told of an operation.
pub(super) fn on_event(app: &mut App, id: u64, event: Event) -> Vec<Effect> {
    let Some(running) = app.operations.get_mut(&id) else { return Vec::new() };
    match &running.operation {
        Operation::Deploy(_) | Operation::Follow(_) => deploy::on_event(app, id, event),
        Operation::MakeHub { hub, .. } => {
            let name = hub.name.clone();
            peering::on_hub_event(app, &name, event);
        }
        Operation::Delete(record) => {
            let name = record.full_name.clone();
            environments::on_delete_event(app, &name, &event);
        }
        _ => {
            match event {
                Event::Act { act, .. } => running.words = words::act(&act),
                event => running.words = words::of(&event).unwrap_or_default(),
            }
            let sentence = running.sentence();
            app.say(Tone::Plain, sentence);
        }
    }
    Vec::new()
}

/// The end of an operation.
pub(super) fn on_ended(
    app: &mut App,
    id: u64,
    ended: Result<Ended<Finished>, Problem>,
) -> Vec<Effect> {
    let Some(Running { operation, .. }) = app.operations.remove(&id) else { return Vec::new() };
    match &operation {
        Operation::Deploy(_) | Operation::Follow(_) => deploy::on_ended(app, id, ended),
        Operation::MakeHub { hub, .. } => peering::on_hub_ended(app, hub, ended),
        Operation::Delete(record) => environments::on_deleted(app, &record.full_name, ended),
        _ => changed(app, &operation, ended),
    }
}

/// The end of a change of an environment that exists: what is shown of it is read again.
fn changed(
    app: &mut App,
    operation: &Operation,
    ended: Result<Ended<Finished>, Problem>,
) -> Vec<Effect> {
    let name = operation.name();
    match &ended {
        // Whoever waits for a hub's owner is told so by the steps.
        Ok(Ended::Done(Finished::Connected(connection))) if connection.waits() => {}
        Ok(Ended::Done(_)) => app.say(Tone::Good, words::done(operation)),
        Ok(Ended::Left { .. } | Ended::Stopped(_)) => {
            app.say(Tone::Warn, "It was left before its end; the same command goes on from there.");
        }
        Err(problem) => app.show_problem(problem),
    }
    let mut effects = Vec::new();
    if matches!(operation, Operation::Link { .. } | Operation::Unlink(_)) {
        effects.extend(peering::on_changed(app, operation, ended.ok()));
    }
    if app.status.is_of(&name) {
        effects.extend(status::read(app));
    }
    match operation {
        Operation::Allow { .. } => effects.extend(refused::read(app)),
        Operation::Reset(_) => effects.extend(credentials::look_again(app, &name)),
        _ => {}
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{
            key::Key,
            message::Message,
            tests::{BEGIN, app, press, record},
        },
        domain::{
            health::HealthState,
            operation::{Notice, OperationStep},
        },
    };

    fn told(app: &mut App, id: u64, event: Event) {
        app.update(BEGIN, Message::Operation { id, event });
    }

    fn line(app: &App) -> &str {
        app.line.as_ref().map_or("", |line| &line.text)
    }

    #[test]
    fn the_environment_is_the_one_that_was_asked_about() {
        let mut app = app();
        status::open(&mut app, &record());
        app.status.seen = Some(status::tests::seen(HealthState::Good, false, 0));
        press(&mut app, Key::char('P'));
        let mut other = record();
        other.full_name = "beta0001".into();
        app.status.record = Some(Box::new(other));
        let effects = press(&mut app, Key::char('y'));
        let [Effect::Run { operation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(operation.name(), "test4821");
    }

    #[test]
    fn each_operation_is_left_by_its_own_number() {
        let mut app = app();
        let (pause, _) = app.begin(Operation::Pause(Box::new(record())));
        let first = deploy::open(&mut app, &record());
        assert!(matches!(first.as_slice(), [Effect::Run { id: 2, .. }]), "{first:?}");
        let mut other = record();
        other.full_name = "beta0001".into();
        let second = deploy::open(&mut app, &other);
        assert!(matches!(second.as_slice(), [Effect::Leave(2), Effect::Run { id: 3, .. }]));
        assert!(app.operations.contains_key(&pause));
    }

    #[test]
    fn everything_that_is_told_is_shown() {
        let mut app = app();
        let (id, _) = app.begin(Operation::Reset(Box::new(record())));
        let problem = Problem::new("X", "The copy in the vault is still the old one.", "Set it.");
        told(&mut app, id, Event::Notice(Notice::Minor(Box::new(problem))));
        assert!(line(&app).contains("The copy in the vault"), "{}", line(&app));
        told(&mut app, id, Event::Act { act: OperationStep::CopyingToVault, number: 4, of: 4 });
        assert!(line(&app).contains("A new password is being set: Replacing"), "{}", line(&app));
    }

    #[test]
    fn what_was_left_is_not_told_as_done() {
        let mut app = app();
        let (id, _) = app.begin(Operation::Pause(Box::new(record())));
        let ended = Box::new(Ok(Ended::Left { deployment: None }));
        app.update(BEGIN, Message::Ended { id, ended });
        assert!(line(&app).contains("left before its end"), "{}", line(&app));
        assert!(app.operations.is_empty());
    }
}
