use super::*;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::place::Place;
use crate::app::tests::{BEGIN, app, press, record};
use crate::domain::drift::Difference;
use crate::domain::operation::{
    DeployedEnvironment, Ended, Event, Finished, Operation, OperationStep,
};

pub(in crate::app) fn seen(
    jumpbox: HealthState,
    paused: bool,
    differences: usize,
) -> Box<StatusReading> {
    let difference = Difference {
        point: 18,
        verdict: crate::domain::comparison::Verdict::NotPlanned,
        width: String::new(),
        way: String::new(),
        id: "/x".into(),
        resource: "x".into(),
        resource_type: "t".into(),
        kind: crate::domain::drift::DifferenceKind::Changed,
        property: "properties.a".into(),
        expected: "1".into(),
        found: "2".into(),
        remedy: "Set it.".into(),
        who: None,
        when: None,
    };
    Box::new(StatusReading {
        map: None,
        elsewhere: None,
        parts: vec![HealthPart {
            title: "Jumpbox".into(),
            name: "vm".into(),
            state: jumpbox,
            words: "w".into(),
        }],
        drift: Drift { differences: vec![difference; differences], unknown: Vec::new() },
        history: Vec::new(),
        paused,
        cost: Some(crate::domain::cost::tests::sample()),
        problems: Vec::new(),
    })
}

fn shown(seen: Box<StatusReading>) -> App {
    let mut app = app();
    let effects = open(&mut app, &record());
    assert_eq!(effects, [Effect::Inspect(Box::new(record()))]);
    let read = Ok(seen);
    app.update(BEGIN, Message::Inspected { full_name: "test4821".into(), read });
    assert_eq!(app.place(), Place::Screen(Screen::Status));
    app
}

#[test]
fn the_jumpbox_is_started_or_stopped_only_after_a_yes() {
    let environment = || Box::new(record());
    for (state, operation) in [
        (HealthState::Good, Operation::Stop(environment())),
        (HealthState::Off, Operation::Start(environment())),
    ] {
        let mut app = shown(seen(state, false, 0));
        assert_eq!(press(&mut app, Key::char('J')), []);
        assert_eq!(press(&mut app, Key::of(Code::Enter)), [], "Enter does nothing");
        let begun = Effect::Run { id: 1, operation: Box::new(operation) };
        assert_eq!(press(&mut app, Key::char('y')), [begun]);
        assert!(availability(&app, Command::Pause).is_err(), "one thing at a time");
    }
    let app = shown(seen(HealthState::Warning, false, 0));
    assert!(availability(&app, Command::Power).is_err());
}

#[test]
fn what_was_done_is_told_and_read_again() {
    let mut app = shown(seen(HealthState::Off, false, 0));
    press(&mut app, Key::char('J'));
    press(&mut app, Key::char('y'));
    let act = OperationStep::StartingMachine { name: "vm".into() };
    let event = Event::Act { act, number: 1, of: 1 };
    assert_eq!(app.update(BEGIN, Message::Operation { id: 1, event }), []);
    assert!(app.changing("test4821").unwrap().words.contains("Starting vm"));
    let ended = Box::new(Ok(Ended::Done(Finished::AsAsked)));
    let effects = app.update(BEGIN, Message::Ended { id: 1, ended });
    assert_eq!(effects, [Effect::Inspect(Box::new(record()))]);
    assert!(app.changing("test4821").is_none());
}

#[test]
fn pause_becomes_resume_and_mending_waits_for_it() {
    let mut app = shown(seen(HealthState::Off, true, 1));
    assert!(availability(&app, Command::Mend).is_err());
    press(&mut app, Key::char('P'));
    let effects = press(&mut app, Key::char('y'));
    let [Effect::Run { operation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(matches!(**operation, Operation::Resume(_)));
}

#[test]
fn mending_deploys_again_and_only_where_something_has_changed() {
    let app = shown(seen(HealthState::Good, false, 0));
    assert!(availability(&app, Command::Mend).is_err());
    let mut app = shown(seen(HealthState::Good, false, 2));
    press(&mut app, Key::char('M'));
    let effects = press(&mut app, Key::char('y'));
    let [Effect::Run { operation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(matches!(&**operation, Operation::Deploy(order) if order.mend));
}

fn deployed() -> Box<Result<Ended<Finished>>> {
    let standing = DeployedEnvironment {
        record: record(),
        deployment: "paml-test4821-20260105091400".into(),
        took: Some(std::time::Duration::from_mins(3)),
        outputs: serde_json::Map::new(),
        forecast: crate::domain::forecast::Forecast::default(),
        problems: Vec::new(),
        credentials: None,
        elsewhere: None,
    };
    Box::new(Ok(Ended::Done(Finished::Environment(Box::new(standing)))))
}

/// A repair that is watched.
fn mending() -> App {
    let mut app = shown(seen(HealthState::Good, false, 2));
    press(&mut app, Key::char('M'));
    press(&mut app, Key::char('y'));
    assert_eq!(app.screen, Screen::Deploy);
    app
}

#[test]
fn a_repair_ends_on_the_status_which_is_read_anew() {
    let mut app = mending();
    let effects = app.update(BEGIN, Message::Ended { id: 1, ended: deployed() });
    assert_eq!(effects, [Effect::Inspect(Box::new(record()))]);
    assert_eq!(app.screen, Screen::Status);
    let line = app.line.as_ref().map(|line| line.text.as_str()).unwrap_or_default();
    assert!(line.contains("deployed again") && !line.contains("ready"), "{line}");
}

#[test]
fn a_repair_that_ends_elsewhere_is_told_as_a_repair() {
    let mut app = mending();
    press(&mut app, Key::of(Code::Escape));
    app.update(BEGIN, Message::Ended { id: 1, ended: deployed() });
    let line = app.line.as_ref().map(|line| line.text.as_str()).unwrap_or_default();
    assert!(line.contains("deployed again") && !line.contains("ready"), "{line}");
    app.show_watch(1, None);
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.screen, Screen::Status);
    assert!(app.status.reading, "it is read anew");
}

#[test]
fn a_reading_that_began_before_an_operation_ended_is_made_once_more() {
    let mut app = shown(seen(HealthState::Good, false, 0));
    let later = |seconds| crate::app::time::after(BEGIN, std::time::Duration::from_secs(seconds));
    let answer = |paused| Message::Inspected {
        full_name: "test4821".into(),
        read: Ok(seen(HealthState::Off, paused, 0)),
    };
    press(&mut app, Key::char('P'));
    app.update(later(5), Message::Key(Key::char('y')));
    assert!(app.is_outdated("test4821", app.status.read_at), "something runs");
    app.update(later(6), Message::Key(Key::char('r')));
    let ended = Box::new(Ok(Ended::Done(Finished::AsAsked)));
    assert_eq!(app.update(later(9), Message::Ended { id: 1, ended }), [], "it is being read");
    let effects = app.update(later(10), answer(false));
    assert_eq!(effects, [Effect::Inspect(Box::new(record()))], "that reading may be of before");
    assert!(app.is_outdated("test4821", app.status.read_at));
    assert!(availability(&app, Command::Power).is_err(), "what is shown is of before");
    app.update(later(11), answer(true));
    assert!(!app.is_outdated("test4821", app.status.read_at));
    assert!(app.status.seen.as_ref().unwrap().paused);
    assert_eq!(app.status.read_at, Some(later(10)), "as of when it was asked for");
}

#[test]
fn whatever_ends_a_repair_has_the_status_read_anew_and_nothing_is_begun_meanwhile() {
    let mut app = mending();
    press(&mut app, Key::of(Code::Escape));
    app.screen = Screen::Status;
    assert!(app.is_outdated("test4821", app.status.read_at));
    assert!(availability(&app, Command::Pause).is_err(), "a repair runs");
    let problem = Problem::new("X", "It was refused.", "Try again.");
    let effects = app.update(BEGIN, Message::Ended { id: 1, ended: Box::new(Err(problem)) });
    assert_eq!(effects, [Effect::Inspect(Box::new(record()))]);
}

#[test]
fn news_of_another_environment_changes_nothing() {
    let mut app = shown(seen(HealthState::Good, false, 0));
    let read = Ok(seen(HealthState::Off, true, 5));
    app.update(BEGIN, Message::Inspected { full_name: "other1234".into(), read });
    assert!(!app.status.seen.as_ref().unwrap().paused);
}

#[test]
fn every_row_can_be_opened() {
    let mut app = shown(seen(HealthState::Bad, false, 1));
    for _ in StatusPane::ALL {
        press(&mut app, Key::of(Code::Enter));
        if app.place() == Place::Viewer {
            press(&mut app, Key::of(Code::Escape));
        }
        press(&mut app, Key::of(Code::Tab));
    }
    assert_eq!(app.status.pane, StatusPane::Parts);
}
