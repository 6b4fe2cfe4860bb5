//! The form as it is drawn: pictures to look at, and every state at every size.

use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::screen::basics::BasicsPane;
use crate::app::screen::basics::checks::CheckAnswer;
use crate::app::screen::basics::tests::{filled, opened, read};
use crate::app::tests::{BEGIN, press};
use crate::app::{App, Tone};
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, code};
use crate::domain::problem::Problem;
use crate::tui::testing::{draw_at_all_sizes, picture};

const SIZES: [(u16, u16); 2] = [(100, 30), (60, 18)];

fn type_text(app: &mut App, text: &str) {
    for letter in text.chars() {
        press(app, Key::char(letter));
    }
}

fn tab(app: &mut App, times: usize) {
    for _ in 0..times {
        press(app, Key::of(Code::Tab));
    }
}

fn ready() -> App {
    let mut app = filled();
    app.line = None;
    app
}

fn wrong_space() -> App {
    let mut app = ready();
    tab(&mut app, 2);
    press(&mut app, Key::control('u'));
    type_text(&mut app, "10.1.0.0/23");
    app
}

fn overlap() -> App {
    let mut app = ready();
    tab(&mut app, 2);
    press(&mut app, Key::control('u'));
    type_text(&mut app, "10.9.0.0/22");
    app
}

fn hub() -> App {
    let mut app = ready();
    tab(&mut app, 2);
    press(&mut app, Key::control('u'));
    type_text(&mut app, "10.0.4.0/22");
    press(&mut app, Key::of(Code::Tab));
    type_text(&mut app, "hub-weu");
    press(&mut app, Key::of(Code::Enter));
    app
}

fn wrong_name() -> App {
    let mut app = ready();
    press(&mut app, Key::control('u'));
    type_text(&mut app, "My Researchers");
    app
}

fn more() -> App {
    let mut app = ready();
    press(&mut app, Key::control('o'));
    tab(&mut app, 11);
    app
}

fn picker() -> App {
    let mut app = ready();
    tab(&mut app, 1);
    type_text(&mut app, "euro");
    app
}

fn no_keychain() -> App {
    let mut app = ready();
    let problem =
        Problem::new("KeychainUnavailable", "There is no keychain on this machine.", "Start one.");
    app.update(BEGIN, Message::Keychain(Err(problem)));
    tab(&mut app, 4);
    app
}

fn troubled() -> App {
    let mut app = ready();
    for generation in 0..20 {
        let taken = CheckFinding::problem(
            CheckKind::Names,
            code::NAME_TAKEN,
            "stgscan4821 is taken.",
            "Draw other digits.",
        )
        .helped_by([Action::NewDigits]);
        let unread = CheckFinding::unknown(CheckKind::Rights, "Azure gave no answer.");
        for finding in [taken, unread] {
            let (kind, found) = (finding.check, vec![finding]);
            let answer = CheckAnswer { generation, kind, found };
            app.update(BEGIN, Message::Checked(answer));
        }
    }
    app
}

fn states() -> Vec<(&'static str, App)> {
    let mut unread = opened();
    unread.line = None;
    let failed = {
        let mut app = opened();
        let problem = Problem::new("NoAnswer", "Azure did not answer.", "Try again.");
        app.update(BEGIN, Message::Networks(Err(problem)));
        app
    };
    let told = {
        let mut app = read();
        app.say(Tone::Warn, "Something that takes a whole line to be said, and more than that.");
        app
    };
    vec![
        ("unread", unread),
        ("ready", ready()),
        ("wrong_space", wrong_space()),
        ("overlap", overlap()),
        ("hub", hub()),
        ("wrong_name", wrong_name()),
        ("more", more()),
        ("picker", picker()),
        ("no_keychain", no_keychain()),
        ("troubled", troubled()),
        ("failed", failed),
        ("told", told),
    ]
}

#[test]
fn pictures_of_the_form() {
    for (name, app) in states().into_iter().take(10) {
        let small = ["ready", "more", "picker", "troubled"].contains(&name);
        for (columns, rows) in SIZES.into_iter().take(if small { 2 } else { 1 }) {
            insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
                insta::assert_snapshot!(
                    format!("basics_{name}_{columns}x{rows}"),
                    picture(&app, columns, rows)
                );
            });
        }
    }
}

#[test]
fn pictures_of_the_panes_where_one_is_shown_at_a_time() {
    for pane in BasicsPane::ALL {
        let mut app = ready();
        app.basics.pane = pane;
        let name = pane.name().to_lowercase();
        let (columns, rows) = (50, 16);
        insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(
                format!("basics_pane_{name}_{columns}x{rows}"),
                picture(&app, columns, rows)
            );
        });
    }
}

#[test]
fn every_state_is_drawn_at_every_size() {
    for (_, app) in states() {
        draw_at_all_sizes(&app);
    }
    for pane in BasicsPane::ALL {
        let mut app = wrong_space();
        app.basics.pane = pane;
        draw_at_all_sizes(&app);
    }
}
