//! The wizard without a screen: messages in, state and effects out.

use super::{
    App, Start,
    command::Place,
    effect::Effect,
    key::{Code, Key},
    message::Message,
};
use crate::domain::{
    environment::{Keeping, Place as Home, Record},
    name::{EnvironmentName, Suffix},
    settings::{Cloud, Draft, Settings},
};

/// The moment at which tests begin.
pub(crate) const BEGIN: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

/// How tests start the program.
pub(crate) fn start() -> Start {
    Start {
        version: "0.0.0".into(),
        practice: true,
        speed: 60.0,
        utc_offset: 0,
        cloud: Cloud::Public,
        subscription: None,
        draft: Draft::default(),
    }
}

/// A program that has just begun.
pub(crate) fn app() -> App {
    App::new(start(), BEGIN).0
}

/// Presses a key.
pub(crate) fn press(app: &mut App, key: Key) -> Vec<Effect> {
    app.update(BEGIN, Message::Key(key))
}

/// The record of an environment that tests look at.
pub(crate) fn record() -> Record {
    let settings = Settings::new(
        EnvironmentName::parse("test").unwrap(),
        Suffix::parse("4821").unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    );
    let place = Home {
        subscription_id: "00000000-0000-4000-8000-0000000051b1".into(),
        tenant_id: "00000000-0000-4000-8000-00000000a111".into(),
        resource_group: "rg-test4821".into(),
        practice: true,
    };
    let mut record = Record::new(settings, place, Keeping::Practice, BEGIN);
    record.user_name = Some("uabc2345".into());
    record
}

#[test]
fn help_opens_over_everything_and_closes() {
    let mut app = app();
    press(&mut app, Key::char('?'));
    assert_eq!(app.place(), Place::Help);
    press(&mut app, Key::of(Code::Escape));
    assert_eq!(app.place(), Place::Welcome);
}

#[test]
fn control_c_ends_the_program_where_nothing_runs() {
    let mut app = app();
    assert_eq!(press(&mut app, Key::control('c')), [Effect::Quit]);
    assert!(app.quitting);
}
