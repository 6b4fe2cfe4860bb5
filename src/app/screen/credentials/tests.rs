//! The password is shown and copied for a time, and only then.

use std::time::Duration;

use super::*;
use crate::app::key::Key;
use crate::app::tests::{BEGIN, app, press, record};
use crate::domain::secret::Secret;

fn opened() -> App {
    let mut app = app();
    open(&mut app, &record());
    app
}

fn found(app: &mut App, place: Option<&str>) {
    let message = Message::Credentials {
        full_name: "test4821".into(),
        user_name: None,
        place: place.map(str::to_owned),
    };
    app.update(BEGIN, message);
}

fn later(seconds: u64) -> Timestamp {
    after(BEGIN, Duration::from_secs(seconds))
}

#[test]
fn the_password_is_asked_for_and_hidden_after_ten_seconds() {
    let mut app = opened();
    found(&mut app, Some("the practice store"));
    let effects = press(&mut app, Key::char('v'));
    assert_eq!(effects, [Effect::Reveal(Box::new(record()))]);
    let password = Hidden::new(Secret::new("not-the-real-one".into()));
    app.update(BEGIN, Message::Password { full_name: "test4821".into(), password });
    assert!(app.credentials.password.is_some());
    app.update(later(9), Message::Tick);
    assert!(app.credentials.password.is_some());
    app.update(later(10), Message::Tick);
    assert!(app.credentials.password.is_none());
    assert_eq!(app.next_tick(), None);
}

#[test]
fn a_password_that_comes_after_the_screen_was_left_is_dropped() {
    let mut app = opened();
    found(&mut app, Some("the practice store"));
    press(&mut app, Key::char('v'));
    press(&mut app, Key::char('O'));
    let password = Hidden::new(Secret::new("not-the-real-one".into()));
    app.update(BEGIN, Message::Password { full_name: "test4821".into(), password });
    assert!(app.credentials.password.is_none());
}

#[test]
fn the_clipboard_is_looked_at_again_after_thirty_seconds_wherever_one_is() {
    let mut app = opened();
    found(&mut app, Some("the practice store"));
    press(&mut app, Key::char('c'));
    app.update(
        BEGIN,
        Message::Copied {
            what: "The password".into(),
            how: "system clipboard".into(),
            secret: true,
        },
    );
    press(&mut app, Key::char('O'));
    assert!(app.update(later(29), Message::Tick).is_empty());
    assert_eq!(app.update(later(30), Message::Tick), [Effect::ClearClipboard]);
    assert!(!app.credentials.is_clipboard_ours());
}

#[test]
fn quitting_takes_the_password_out_of_the_clipboard_first() {
    let mut app = opened();
    found(&mut app, Some("the practice store"));
    app.update(
        BEGIN,
        Message::Copied {
            what: "The password".into(),
            how: "system clipboard".into(),
            secret: true,
        },
    );
    assert_eq!(press(&mut app, Key::char('q')), [Effect::ClearClipboard, Effect::Quit]);
}

#[test]
fn without_a_password_the_reason_is_said() {
    let mut app = opened();
    found(&mut app, None);
    assert!(press(&mut app, Key::char('c')).is_empty());
    let line = app.line.unwrap();
    assert!(line.text.contains("not on this machine"), "{}", line.text);
}

#[test]
fn the_state_with_a_shown_password_is_written_without_it() {
    let mut app = opened();
    app.credentials.password = Some(Hidden::new(Secret::new("not-the-real-one".into())));
    let written = serde_json::to_string(&app).unwrap();
    assert!(!written.contains("not-the-real-one"));
    assert!(!format!("{app:?}").contains("not-the-real-one"));
}

#[test]
fn the_address_is_the_bastion_page_of_the_jumpbox() {
    assert_eq!(
        bastion_address(&record()),
        "https://portal.azure.com/#@00000000-0000-4000-8000-00000000a111/resource/subscriptions/\
         00000000-0000-4000-8000-0000000051b1/resourceGroups/rg-test4821/providers/Microsoft.Compute/virtualMachines/\
         vm-test4821/bastionHost"
    );
}
