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
use crate::domain::settings::Field;

/// The key that lists what helps, the same wherever there is something that needs help.
pub(super) const KEY: KeyBinding = row("F5", Command::Fix, "fix…")
    .does("List what helps against the problems that were found, and do it");

/// What helps on the screen, likeliest first, each action once, with what it is against.
fn offered(app: &App) -> Vec<(Action, String)> {
    let mut offered: Vec<(Action, String)> = Vec::new();
    let mut add = |actions: Vec<Action>, against: &str| {
        for action in actions {
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
                add(finding.actions.clone(), &finding.what);
            }
            if let Some(problem) =
                app.preview.problem.as_ref().filter(|_| app.screen == Screen::Preview)
            {
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

/// Whether there is something that helps.
pub(super) fn availability(app: &App) -> Result<(), String> {
    if offered(app).is_empty() {
        return Err("Nothing was found that an answer of yours could change.".into());
    }
    Ok(())
}

/// Lists what helps.
pub(super) fn ask(app: &mut App) {
    let items = offered(app)
        .iter()
        .enumerate()
        .map(|(index, (action, against))| {
            PickerItem::new(&index.to_string(), &action.in_wizard(), against)
        })
        .collect();
    let actions = offered(app).into_iter().map(|(action, _)| action).collect();
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
        Action::Retry if app.screen == Screen::Deploy => {
            return deploy::retry(app);
        }
        Action::Retry if app.screen == Screen::Preview => return preview::ask(app),
        Action::Retry => return basics::check_again(app),
        Action::NewDigits | Action::Change { .. } => {}
    }
    let mut effects = form(app);
    match action {
        Action::NewDigits => {
            effects.extend(basics::draw_anew(app));
            app.say(Tone::Good, "Other digits are drawn: Ctrl-N goes on with them.");
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
