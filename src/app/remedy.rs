//! What helps against a problem, done by a key: the list of actions, and what each of them does in the wizard.
//!
//! It changes answers and leads to their fields. Nothing here creates or deletes anything.

use crate::app::account::Account;
use crate::app::command::{Command, KeyBinding, row};
use crate::app::dialog::Dialog;
use crate::app::dialog::picker::{Picker, PickerItem, PickerPurpose};
use crate::app::effect::Effect;
use crate::app::screen::{Screen, basics, deploy, preview, refused};
use crate::app::{App, Tone};
use crate::domain::action::Action;
use crate::domain::allowlist::OwnHost;
use crate::domain::environment::Record;
use crate::domain::operation::Operation;
use crate::domain::problem::Problem;
use crate::domain::settings::Field;

/// The key that lists what helps, the same wherever there is something that needs help.
pub(super) const KEY: KeyBinding = row("F5", Command::Fix, "fix…")
    .does("List what helps against the problems that were found, and do it");

/// What helps on the screen, likeliest first, each action once, with what it is against.
fn offered(app: &App) -> Vec<(Action, String)> {
    let mut offered: Vec<(Action, String)> = Vec::new();
    let mut add = |actions: Vec<Action>, against: &str| {
        for action in actions.into_iter().filter(|action| can_be_done(app, action)) {
            if !offered.iter().any(|(known, _)| *known == action) {
                offered.push((action, against.to_owned()));
            }
        }
    };
    if let Some(Dialog::Viewer(viewer)) = &app.dialog {
        add(viewer.actions.clone(), "");
        return offered;
    }
    match app.screen {
        Screen::Basics | Screen::Preview => {
            for finding in basics::checks::open(app) {
                add(finding.actions, &finding.what);
            }
            let failed = app.preview.problem.as_ref().filter(|_| app.screen == Screen::Preview);
            if let Some(problem) = failed {
                add(problem.remedies(), &problem.what);
            }
        }
        Screen::Deploy => {
            for problem in app.watch().map_or(&[][..], |watch| watch.problems()) {
                problem.leaves().for_each(|leaf| add(leaf.remedies(), &leaf.what));
            }
        }
        _ => {}
    }
    offered
}

/// Whether an action can be done from the screen: answers belong to the form of an environment, and region and address
/// space of one that exists in part stay as they are.
fn can_be_done(app: &App, action: &Action) -> bool {
    let is_form = matches!(app.screen, Screen::Basics | Screen::Preview);
    let operation = app.watch().filter(|_| app.screen == Screen::Deploy).map(|it| &it.operation);
    match action {
        Action::SignIn => true,
        Action::LetThrough { .. } => app.screen == Screen::Refused,
        Action::Retry => is_form || operation.is_some_and(Operation::is_deployment),
        Action::NewDigits | Action::Change { .. } => {
            let is_fixed = matches!(action.field(), Some(Field::Region | Field::AddressSpace));
            let is_of_environment =
                is_form || operation.is_some_and(Operation::deploys_environment);
            is_of_environment && !(is_fixed && existing_in_part(app).is_some())
        }
    }
}

/// The environment of the screen, where a deployment of it was sent already.
fn existing_in_part(app: &App) -> Option<&Record> {
    let record = match app.screen {
        Screen::Deploy => app.watch().and_then(|watch| watch.record.as_deref()),
        _ => app.basics.existing.as_deref(),
    };
    record.filter(|record| !record.attempts.is_empty())
}

/// What helps against one problem on the screen, in words.
pub(crate) fn words(app: &App, problem: &Problem) -> Option<String> {
    let remedies = problem.remedies();
    let done = remedies.iter().filter(|action| can_be_done(app, action));
    let words: Vec<String> = done.map(Action::in_wizard).collect();
    (!words.is_empty()).then(|| format!("What helps: {}.", words.join("; ")))
}

/// Whether there is something that helps.
pub(super) fn availability(app: &App) -> Result<(), String> {
    if offered(app).is_empty() {
        return Err("Nothing was found that an answer of yours could change.".into());
    }
    Ok(())
}

/// Lists what helps.
pub(super) fn ask(app: &mut App) {
    let (actions, against): (Vec<Action>, Vec<String>) = offered(app).into_iter().unzip();
    let rows = actions.iter().zip(&against).enumerate();
    let items = rows.map(|(index, (action, against))| {
        PickerItem::new(&index.to_string(), &action.in_wizard(), against)
    });
    let items = items.collect();
    app.dialog =
        Some(Dialog::Picker(Picker::new(PickerPurpose::Remedy(actions), "What helps", items)));
}

/// Does one of the actions that were listed.
pub(super) fn picked(app: &mut App, actions: &[Action], id: &str) -> Vec<Effect> {
    let index = id.parse::<usize>().ok();
    let action = index.and_then(|index| actions.get(index)).cloned();
    action.map_or_else(Vec::new, |action| perform(app, &action))
}

fn perform(app: &mut App, action: &Action) -> Vec<Effect> {
    match action {
        Action::SignIn => return sign_in(app),
        Action::LetThrough { host, ports } => {
            let (host, ports, reason) = (host.clone(), Some(ports.clone()), None);
            refused::ask_for(app, OwnHost { host, ports, reason });
            return Vec::new();
        }
        Action::Retry if app.screen == Screen::Deploy => return deploy::retry(app),
        Action::Retry if app.screen == Screen::Preview => return preview::ask(app),
        Action::Retry => return basics::check_again(app),
        Action::NewDigits | Action::Change { .. } => {}
    }
    let left = existing_in_part(app).map(|record| record.full_name.clone());
    let mut effects = form(app);
    match action {
        Action::NewDigits => {
            effects.extend(basics::draw_anew(app));
            app.say(Tone::Good, "Other digits are drawn: Ctrl-N goes on with them.");
            if let Some(name) = left {
                let words = format!(
                    "Other digits are drawn, for another environment. {name} exists in part until you delete it."
                );
                app.say(Tone::Warn, words);
            }
        }
        Action::Change { value, .. } => {
            let Some(field) = action.field() else { return effects };
            effects.extend(basics::set(app, field, value.as_deref()));
            said(app, field, value.as_deref());
        }
        Action::LetThrough { .. } | Action::Retry | Action::SignIn => {}
    }
    effects
}

fn said(app: &mut App, field: Field, value: Option<&str>) {
    let label = field.label();
    match value {
        Some(value) => {
            app.say(Tone::Good, format!("{label} is now {value}: Ctrl-N goes on with it."));
        }
        None => app.say(
            Tone::Plain,
            format!("Choose another {}; Ctrl-N goes on with it.", label.to_lowercase()),
        ),
    }
}

/// Shows the form of what the screen is about.
fn form(app: &mut App) -> Vec<Effect> {
    app.dialog = None;
    if app.screen == Screen::Deploy
        && let Some(record) = app.watch().and_then(|watch| watch.record.clone())
    {
        return basics::open_existing(app, &record);
    }
    app.go(Screen::Basics);
    Vec::new()
}

fn sign_in(app: &mut App) -> Vec<Effect> {
    match app.account {
        Account::SignedIn(_) => app.sign_in_again(),
        Account::Looking | Account::Failed(_) => app.choose_account(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::screen::basics::tests::filled;
    use crate::app::tests::{BEGIN, record};
    use crate::domain::problem::Problem;

    fn with(app: &mut App, actions: Vec<Action>) -> Vec<Action> {
        let problem = Problem::new("X", "It failed.", "Change it.").helped_by(actions);
        app.show_problem(&problem);
        let offered = offered(app).into_iter().map(|(action, _)| action).collect();
        app.dialog = None;
        offered
    }

    /// An answer of the form helps no hub, no pause and no status; what exists in part keeps its region.
    #[test]
    fn only_what_can_be_done_from_a_screen_is_offered() {
        let all = || {
            vec![
                Action::change("--region"),
                Action::change("--jumpbox-size"),
                Action::Retry,
                Action::SignIn,
            ]
        };
        let mut app = filled();
        assert_eq!(with(&mut app, all()), all());
        app.screen = Screen::Status;
        assert_eq!(with(&mut app, all()), [Action::SignIn]);
        let mut record = record();
        record.begin_attempt(BEGIN, &[]);
        app.screen = Screen::Environments;
        basics::open_existing(&mut app, &record);
        let kept = [Action::change("--jumpbox-size"), Action::Retry, Action::SignIn];
        assert_eq!(with(&mut app, all()), kept);
        perform(&mut app, &Action::NewDigits);
        let said = app.line.as_ref().map(|line| line.text.clone()).unwrap_or_default();
        assert!(said.contains("test4821 exists in part"), "{said}");
    }
}
