//! The list tells the truth: what is known from where, what is gone, and nothing is deleted without its name.

use super::*;
use crate::app::account::{SignedIn, SubscriptionRow};
use crate::app::dialog::Dialog;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::place::Place;
use crate::app::tests::{BEGIN, app, press, record};
use crate::domain::environment::KnownFrom;
use crate::domain::operation::Operation;
use crate::domain::peering::reliance::Parting;

fn row(name: &str, phase: Phase) -> EnvironmentRow {
    let mut record = record();
    record.full_name = name.to_owned();
    record.phase = phase;
    record.note_attempt("paml-test4821-20260105091400", BEGIN);
    EnvironmentRow { known: KnownFrom::Both, ..EnvironmentRow::recorded(record) }
}

fn connected() -> App {
    let mut app = app();
    let found = SignedIn {
        who: "you@contoso.com".into(),
        how: "Azure CLI".into(),
        tenant_id: String::new(),
        subscriptions: vec![SubscriptionRow {
            id: record().subscription_id,
            name: "Contoso Research".into(),
            tenant_id: None,
        }],
        practice: false,
        chosen: None,
    };
    app.update(BEGIN, Message::SignedIn(Box::new(found)));
    app
}

fn listed(rows: Vec<EnvironmentRow>) -> App {
    let mut app = connected();
    let problems = Vec::new();
    app.update(BEGIN, Message::Found { rows, problems });
    app
}

#[test]
fn the_only_subscription_is_used_and_looked_into() {
    let mut app = app();
    let effects = {
        let before = connected();
        app.account = before.account;
        app.update(BEGIN, Message::Recorded { rows: Vec::new(), problems: Vec::new() })
    };
    assert!(effects.is_empty());
    assert!(app.not_connected().is_none());
}

#[test]
fn what_azure_tells_goes_before_what_was_recorded_here() {
    let mut app = listed(vec![row("test4821", Phase::Ready)]);
    let late =
        Message::Recorded { rows: vec![row("test4821", Phase::Deploying)], problems: Vec::new() };
    app.update(BEGIN, late);
    assert_eq!(app.environments.rows[0].record.phase, Phase::Ready);
}

#[test]
fn the_choice_stays_on_its_environment_when_the_list_changes() {
    let mut app = listed(vec![row("beta0001", Phase::Ready), row("test4821", Phase::Ready)]);
    press(&mut app, Key::of(Code::Down));
    let rows = vec![
        row("alfa0001", Phase::Ready),
        row("beta0001", Phase::Ready),
        row("test4821", Phase::Ready),
    ];
    app.update(BEGIN, Message::Found { rows, problems: Vec::new() });
    assert_eq!(app.environments.chosen().unwrap().record.full_name, "test4821");
}

#[test]
fn deleting_asks_for_the_name() {
    let mut app = listed(vec![row("test4821", Phase::Ready)]);
    press(&mut app, Key::char('X'));
    assert_eq!(app.place(), Place::Prompt);
    app.update(BEGIN, Message::Paste("test482".into()));
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    assert_eq!(app.place(), Place::Prompt);
    press(&mut app, Key::char('1'));
    // It is not deleted before it was looked for who relies on it, and that is told.
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    for (full_name, told) in [("other001", "no"), ("test4821", "bb2222 relies on it.")] {
        let message = Message::Reliance {
            full_name: full_name.into(),
            parting: Parting::Delete,
            told: vec![told.into()],
        };
        app.update(BEGIN, message);
    }
    let Some(Dialog::Prompt(prompt)) = &app.dialog else {
        panic!("asked");
    };
    assert!(prompt.question.iter().any(|line| line == "bb2222 relies on it."));
    assert!(!prompt.question.iter().any(|line| line == "no"));
    let effects = press(&mut app, Key::of(Code::Enter));
    let [Effect::Run { operation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(matches!(**operation, Operation::Delete(_)) && operation.name() == "test4821");
    // What is being deleted is neither opened nor deleted again.
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    press(&mut app, Key::char('X'));
    assert_eq!(app.place(), Place::Screen(Screen::Environments));
}

#[test]
fn an_environment_is_opened_by_enter_and_followed() {
    let mut app = listed(vec![row("test4821", Phase::Deploying)]);
    let effects = press(&mut app, Key::of(Code::Enter));
    assert!(effects.iter().any(|each| matches!(each, Effect::Run { .. })));
    assert_eq!(app.screen, Screen::Deploy);
}

#[test]
fn the_filter_takes_letters_and_gives_them_back() {
    let mut app = listed(vec![row("beta0001", Phase::Ready), row("test4821", Phase::Failed)]);
    press(&mut app, Key::char('/'));
    for letter in "fail".chars() {
        press(&mut app, Key::char(letter));
    }
    assert_eq!(app.environments.fitting().len(), 1);
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.place(), Place::Screen(Screen::Environments));
    press(&mut app, Key::char('/'));
    press(&mut app, Key::of(Code::Escape));
    assert_eq!(app.environments.fitting().len(), 2);
}

#[test]
fn without_a_subscription_nothing_is_opened_and_the_reason_is_said() {
    let mut app = app();
    let rows = vec![row("test4821", Phase::Ready)];
    app.update(BEGIN, Message::Recorded { rows, problems: Vec::new() });
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    assert!(app.line.unwrap().text.contains("looking for a sign-in"));
}

mod many;
