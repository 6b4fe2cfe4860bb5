use super::*;
use crate::app::hidden::Hidden;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::tests::{BEGIN, app, press, record};
use crate::domain::health::HealthState;
use crate::domain::operation::{Notice, OperationStep};
use crate::domain::secret::Secret;

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
    app.begin(Operation::Pause(Box::new(record())));
    let first = deploy::open(&mut app, &record());
    assert!(matches!(first.as_slice(), [Effect::Run { id: 2, .. }]), "{first:?}");
    let mut other = record();
    other.full_name = "beta0001".into();
    let second = deploy::open(&mut app, &other);
    assert!(matches!(second.as_slice(), [Effect::Leave(2), Effect::Run { id: 3, .. }]));
    assert!(app.changing("test4821").is_some());
    assert!(app.watch().is_some_and(|watch| watch.operation.name() == "beta0001"));
}

#[test]
fn the_old_password_is_neither_shown_nor_copied_once_a_new_one_is_set() {
    let mut app = app();
    credentials::open(&mut app, &record());
    let reveal = |app: &mut App| {
        let password = Hidden::new(Secret::new("the-old-one".into()));
        app.update(BEGIN, Message::Password { full_name: "test4821".into(), password });
    };
    reveal(&mut app);
    let (what, how) = ("The password".into(), "system clipboard".into());
    app.update(BEGIN, Message::Copied { what, how, secret: true });
    app.begin(Operation::Reset(Box::new(record())));
    assert!(app.credentials.password.is_none(), "it is about to be replaced");
    reveal(&mut app);
    let ended = Box::new(Ok(Ended::Done(Finished::AsAsked)));
    let effects = app.update(BEGIN, Message::Ended { id: 1, ended });
    let place = Some("the keychain".to_owned());
    let full_name = "test4821".to_owned();
    app.update(BEGIN, Message::Credentials { full_name, user_name: None, place });
    assert!(app.credentials.password.is_none());
    assert!(effects.contains(&Effect::ClearClipboard), "{effects:?}");
    assert!(!app.credentials.is_clipboard_ours());
    assert_eq!(
        press(&mut app, Key::char('v')),
        [Effect::Reveal(Box::new(record()))],
        "it is read anew"
    );
}

#[test]
fn everything_that_is_told_is_shown() {
    let mut app = app();
    app.begin(Operation::Reset(Box::new(record())));
    let id = app.begun;
    let problem = crate::domain::problem::Problem::new(
        "X",
        "The copy in the vault is still the old one.",
        "Set it.",
    );
    told(&mut app, id, Event::Notice(Notice::Minor(Box::new(problem))));
    assert!(line(&app).contains("The copy in the vault"), "{}", line(&app));
    told(&mut app, id, Event::Act { act: OperationStep::CopyingToVault, number: 4, of: 4 });
    assert!(line(&app).contains("A new password is being set: Replacing"), "{}", line(&app));
}

#[test]
fn what_was_not_needed_is_no_step_at_the_end() {
    let mut app = app();
    app.begin(Operation::Pause(Box::new(record())));
    let id = app.begun;
    let act = OperationStep::PausingFirewall { name: "fw-test4821".into() };
    told(&mut app, id, Event::Act { act, number: 3, of: 3 });
    let counts = |app: &App| app.operations[&id].counts();
    assert_eq!((counts(&app).done, counts(&app).total), (0, 3));
    let ended = Box::new(Ok(Ended::Done(Finished::AsAsked)));
    app.update(BEGIN, Message::Ended { id, ended });
    assert_eq!((counts(&app).done, counts(&app).total), (1, 1));
}

#[test]
fn what_was_left_is_not_told_as_done() {
    let mut app = app();
    app.begin(Operation::Pause(Box::new(record())));
    let id = app.begun;
    let ended = Box::new(Ok(Ended::Left { deployment: None }));
    app.update(BEGIN, Message::Ended { id, ended });
    assert!(line(&app).contains("left before its end"), "{}", line(&app));
    assert!(app.changing("test4821").is_none());
}

#[test]
fn what_runs_is_watched_from_where_it_was_begun_and_stays_until_another_begins() {
    let mut app = app();
    status::open(&mut app, &record());
    press(&mut app, Key::char('W'));
    assert_eq!(app.screen, Screen::Status, "{}", line(&app));
    app.begin(Operation::Pause(Box::new(record())));
    press(&mut app, Key::char('W'));
    assert_eq!(app.screen, Screen::Deploy);
    press(&mut app, Key::of(Code::Escape));
    assert_eq!(app.screen, Screen::Status);
    let ended = Box::new(Ok(Ended::Done(Finished::AsAsked)));
    app.update(BEGIN, Message::Ended { id: 1, ended });
    press(&mut app, Key::char('W'));
    assert!(app.watch().is_some_and(|watch| watch.ending().is_some()));
    app.begin(Operation::Resume(Box::new(record())));
    assert_eq!(app.operations.keys().copied().collect::<Vec<_>>(), [2]);
}

#[test]
fn steps_that_are_no_deployments_take_the_time_between_them() {
    let mut app = app();
    app.start.speed = 60.0;
    app.begin(Operation::Pause(Box::new(record())));
    for (seconds, number) in [(1, 1), (3, 2)] {
        let at = BEGIN.checked_add(std::time::Duration::from_secs(seconds)).unwrap();
        let event = Event::Act { act: OperationStep::CopyingToVault, number, of: 4 };
        app.update(at, Message::Operation { id: 1, event });
    }
    let watch = &app.operations[&1];
    let took: Vec<_> = watch.steps.iter().map(|step| step.elapsed).collect();
    assert_eq!(took, [Some(std::time::Duration::from_mins(2)), None]);
    assert_eq!(watch.elapsed.as_secs(), 180);
    let counts = watch.counts();
    assert_eq!((counts.done, counts.running, counts.total), (1, 1, 4));
    let log: Vec<_> = watch.log.iter().map(|line| line.text.as_str()).collect();
    assert!(log[1].starts_with("2 of 4: "), "{log:?}");
}
