//! The preview in its parts and states, looked at.

use crate::app::App;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::screen::Screen;
use crate::app::screen::preview::{self, Tab};
use crate::app::tests::{BEGIN, app, press, record};
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, code};
use crate::domain::problem::Problem;
use crate::template::Template;
use crate::template::plan::{PlanScope, plan};
use crate::tui::testing::{cells, draw_at_all_sizes, picture, text};
use crate::tui::{Appearance, Choice};

fn previewed(practice: bool) -> App {
    let mut app = app();
    app.start.practice = practice;
    let settings = record().settings;
    let made = plan(&settings, Template::embedded(), &PlanScope::default()).unwrap();
    app.screen = Screen::Preview;
    app.preview = preview::Preview::default();
    app.update(BEGIN, Message::Planned { generation: 0, plan: Box::new(made) });
    app
}

fn look_at(name: &str, app: &App) {
    for (columns, rows) in [(100, 30), (60, 18)] {
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), picture(app, columns, rows));
    }
    draw_at_all_sizes(app);
}

#[test]
fn map() {
    let mut app = previewed(false);
    insta::assert_snapshot!("map_140x45", picture(&app, 140, 45));
    look_at("map", &app);
    let ascii = Appearance::new(Choice { color: false, light: false, ascii: true });
    insta::assert_snapshot!("map_ascii_100x30", text(&cells(&app, &ascii, 100, 30)));
    press(&mut app, Key::of(Code::Right));
    press(&mut app, Key::of(Code::Down));
    press(&mut app, Key::of(Code::Enter));
    draw_at_all_sizes(&app);
}

#[test]
fn resources() {
    let mut app = previewed(false);
    press(&mut app, Key::char('2'));
    press(&mut app, Key::of(Code::Down));
    press(&mut app, Key::of(Code::Enter));
    look_at("resources", &app);
}

/// What Azure's validation found is told above the keys and first in the question, and F5 lists what helps.
#[test]
fn found() {
    let mut app = crate::app::screen::basics::tests::filled();
    let made = previewed(false).preview.plan.unwrap();
    app.screen = Screen::Preview;
    let generation = app.preview.generation;
    app.update(BEGIN, Message::Planned { generation, plan: made });
    let denied =
        "A policy forbids this: Allowed locations (assignment Practice: allowed locations).";
    let policy =
        CheckFinding::problem(CheckKind::Template, code::POLICY_DENIED, denied, "Ask its owner.")
            .helped_by([Action::change("--region")]);
    let unread = CheckFinding::unknown(CheckKind::Locks, "Azure gave no answer.");
    app.update(BEGIN, Message::Validated { generation, found: vec![policy, unread] });
    look_at("found", &app);
    press(&mut app, Key::char('D'));
    look_at("found_question", &app);
    press(&mut app, Key::of(Code::Escape));
    press(&mut app, Key::of(Code::Function(5)));
    look_at("found_remedies", &app);
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.screen, Screen::Basics);
    assert_eq!(app.basics.focus, crate::domain::settings::Field::Region);
}

#[test]
fn firewall() {
    let mut app = previewed(false);
    press(&mut app, Key::char('4'));
    press(&mut app, Key::of(Code::Enter));
    look_at("firewall", &app);
}

#[test]
fn network() {
    let mut app = previewed(false);
    press(&mut app, Key::char('5'));
    look_at("network", &app);
}

#[test]
fn cost() {
    let mut app = previewed(true);
    press(&mut app, Key::char('6'));
    look_at("cost", &app);
}

#[test]
fn parameters() {
    let mut app = previewed(false);
    press(&mut app, Key::char('7'));
    look_at("parameters", &app);
    assert!(picture(&app, 100, 60).contains("adminPassword"));
}

#[test]
fn before_the_plan_is_there_and_where_there_is_none() {
    let mut app = app();
    app.screen = Screen::Preview;
    app.preview.tab = Tab::Resources;
    assert!(picture(&app, 100, 30).contains("Working out"));
    draw_at_all_sizes(&app);
    let problem = Problem::new(
        "AddressSpaceTooSmall",
        "The address space is too small.",
        "Use /22 or wider.",
    );
    app.update(BEGIN, Message::PlanFailed { generation: 0, problem });
    let shown = picture(&app, 100, 30);
    assert!(shown.contains("too small") && shown.contains("/22"), "{shown}");
    draw_at_all_sizes(&app);
}
