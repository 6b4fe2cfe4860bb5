//! Who only presses Enter: it leads through the whole form to the question before the deployment, and never spends.

use crate::sizes::states;
use crate::support::wizard::{app, begin, made, signed_in};
use privateaml::app::App;
use privateaml::app::dialog::Dialog;
use privateaml::app::effect::Effect;
use privateaml::app::key::{Code, Key};
use privateaml::app::message::Message;
use privateaml::app::place::Place;
use privateaml::app::screen::Screen;
use privateaml::domain::operation::Operation;

fn enter(app: &mut App) -> Vec<Effect> {
    app.update(begin(), Message::Key(Key::of(Code::Enter)))
}

/// Whether something is begun that changes anything; watching what runs already is none.
fn spends(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Run { operation, .. } => !matches!(**operation, Operation::Follow(_)),
        Effect::Cancel(_) => true,
        _ => false,
    })
}

/// Answers as the world would where the plan is asked for.
fn answer(app: &mut App, effects: &[Effect]) {
    for effect in effects {
        if let Effect::Plan { generation, .. } = effect {
            let (generation, plan) = (*generation, Box::new(made()));
            app.update(begin(), Message::Planned { generation, plan });
        }
    }
}

#[test]
fn a_name_and_enter_alone_lead_to_the_question_before_the_deployment() {
    let mut app = app(false);
    app.update(begin(), signed_in());
    enter(&mut app);
    assert_eq!(app.place(), Place::Screen(Screen::Basics));
    app.update(begin(), Message::SuffixDrawn("4821".into()));
    app.update(begin(), Message::Keychain(Ok("Keychain".into())));
    app.update(begin(), Message::Networks(Ok(Vec::new())));
    app.update(begin(), Message::Paste("test".into()));
    let mut reached = None;
    for pressed in 1..=40 {
        let effects = enter(&mut app);
        assert!(!spends(&effects), "{effects:?}");
        answer(&mut app, &effects);
        if app.place() == Place::Confirm {
            reached.get_or_insert(pressed);
        }
    }
    assert!(reached.is_some(), "after 40 times Enter it is at {:?}", app.place());
    // There Enter stays without an answer.
    assert!(
        matches!(&app.dialog, Some(Dialog::Confirm(dialog)) if dialog.title.contains("Deploy"))
    );
    assert!(app.operations.is_empty());
}

#[test]
fn enter_never_spends_from_wherever_it_is_pressed() {
    for state in states() {
        let mut app = state.clone();
        for pressed in 0..40 {
            let effects = enter(&mut app);
            assert!(!spends(&effects), "{:?}, Enter {pressed}: {effects:?}", state.place());
            answer(&mut app, &effects);
        }
    }
}
