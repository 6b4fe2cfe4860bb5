//! What the keys of the form do, but for typing.

use super::typing::{open_list, sideways};
use super::{Basics, BasicsPane, Field, FieldKind, suggestions};
use crate::app::account::Account;
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::key::Code;
use crate::app::screen::{Screen, preview};
use crate::app::update::next;
use crate::app::{App, Tone, remedy};

/// Whether a command can be run now.
pub(super) fn availability(app: &App, command: Command) -> Result<(), String> {
    let form = &app.basics;
    match command {
        Command::Continue => ready(app),
        Command::Fix => remedy::availability(app),
        Command::NewSuffix if form.existing.is_some() => {
            Err("The name and digits cannot change after creation.".into())
        }
        Command::TakeSuggestion if suggestions::offered(app).is_none() => {
            Err("There is nothing to suggest: no field has a better answer.".into())
        }
        Command::Subscription if app.account.signed_in().is_none() => {
            Err("Nobody is signed in yet: F4 opens the ways to sign in.".into())
        }
        _ => Ok(()),
    }
}

/// Whether one can go on to the preview, or what is in the way.
fn ready(app: &App) -> Result<(), String> {
    let form = &app.basics;
    let faulty: Vec<&str> = form.faulty().into_iter().map(Field::label).collect();
    match faulty.as_slice() {
        [] => {}
        [one] => return Err(format!("1 field needs attention: {one}.")),
        many => {
            return Err(format!("{} fields need attention: {}.", many.len(), many.join(", ")));
        }
    }
    if form.draft.suffix.is_none() {
        return Err("The digits are being drawn.".into());
    }
    if form.keeping().is_none() {
        return Err(if form.keeping_is_asked() {
            "Choose first where to save the jumpbox password: this machine has no keychain.".into()
        } else {
            "The keychain is being tried; that takes a moment.".into()
        });
    }
    match &app.account {
        Account::Looking => Err("Still looking for a sign-in.".into()),
        Account::Failed(_) => Err("Nobody is signed in: F4 opens the ways to sign in.".into()),
        Account::SignedIn(found) if found.chosen.is_none() => {
            Err("No subscription is chosen: F3 opens the list.".into())
        }
        Account::SignedIn(_) => Ok(()),
    }
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let form = &mut app.basics;
    match command {
        Command::Back if form.pane != BasicsPane::Form => form.pane = BasicsPane::Form,
        Command::Back => {
            app.go(Screen::Environments);
            app.say(
                Tone::Plain,
                "Nothing was created, and the form keeps what you typed: n comes back to it.",
            );
        }
        Command::NextPane | Command::Down => step(form, 1),
        Command::PreviousPane | Command::Up => step(form, -1),
        Command::Left => return sideways(app, Code::Left),
        Command::Right => return sideways(app, Code::Right),
        Command::Accept => return accept(app),
        Command::Details => form.pane = next(&BasicsPane::ALL, form.pane),
        Command::More => toggle_more(form),
        Command::NewSuffix => return vec![Effect::DrawSuffix],
        Command::Fix => remedy::ask(app),
        Command::TakeSuggestion => return suggestions::take(app),
        Command::Continue => return go_on(app),
        _ => {}
    }
    Vec::new()
}

/// Goes so many fields on; past the last comes the first.
pub(super) fn step(form: &mut Basics, by: isize) {
    let fields = form.fields();
    let count = fields.len();
    let here = fields.iter().position(|field| *field == form.focus);
    let next = match (here, by < 0) {
        (None, _) => 0,
        (Some(0), true) => count.saturating_sub(1),
        (Some(here), true) => here - 1,
        (Some(here), false) => (here + 1) % count.max(1),
    };
    form.focus = fields.get(next).copied().unwrap_or(Field::Name);
    form.pane = BasicsPane::Form;
}

pub(super) fn toggle_more(form: &mut Basics) {
    form.more = !form.more;
    form.pane = BasicsPane::Form;
    if !form.fields().contains(&form.focus) {
        form.focus = Field::More;
    }
}

/// Enter: opens a list, accepts a line that can be used, or does what the row says.
fn accept(app: &mut App) -> Vec<Effect> {
    let form = &mut app.basics;
    if form.pane != BasicsPane::Form {
        form.pane = BasicsPane::Form;
        return Vec::new();
    }
    let focus = form.focus;
    match focus.kind() {
        FieldKind::Button if focus == Field::Continue => return go_on(app),
        // Who only presses Enter has no wish for more: Space, the arrows and Ctrl-O open it.
        FieldKind::Button => step(form, 1),
        FieldKind::Choice | FieldKind::List => open_list(app, focus),
        FieldKind::Text => {
            if let Some(fault) = form.fault(focus).cloned() {
                let take = form
                    .suggestion(focus)
                    .map(|text| format!(" Ctrl-T takes {text}."))
                    .unwrap_or_default();
                app.say(Tone::Warn, format!("{} {}{take}", fault.what, fault.remedy));
            } else {
                step(form, 1);
            }
        }
    }
    Vec::new()
}

/// Goes on to the preview, or to the first field that is in the way.
fn go_on(app: &mut App) -> Vec<Effect> {
    if let Err(reason) = ready(app) {
        app.say(Tone::Warn, reason);
        let form = &mut app.basics;
        let first = form.faulty().first().copied();
        let asked = form.keeping_is_asked().then_some(Field::Keeping);
        if let Some(field) = first.or(asked) {
            form.more |= !form.fields().contains(&field);
            form.focus = field;
        }
        return Vec::new();
    }
    app.go(Screen::Preview);
    preview::open(app)
}

pub(super) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    let Some(field) = app.basics.fields().get(row).copied() else { return Vec::new() };
    if field == Field::More {
        app.basics.focus = field;
        toggle_more(&mut app.basics);
        return Vec::new();
    }
    if app.basics.focus == field || field.kind() == FieldKind::Button {
        app.basics.focus = field;
        app.basics.pane = BasicsPane::Form;
        return accept(app);
    }
    app.basics.focus = field;
    app.basics.pane = BasicsPane::Form;
    Vec::new()
}

pub(super) fn on_pane(app: &mut App, pane: usize) -> Vec<Effect> {
    app.basics.pane = BasicsPane::ALL.get(pane).copied().unwrap_or(app.basics.pane);
    Vec::new()
}
