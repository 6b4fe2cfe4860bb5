//! The wizard without a screen: messages in, state and effects out.

use super::effect::Effect;
use super::key::{Code, Key};
use super::message::Message;
use super::place::Place;
use super::{App, StartOptions};
use crate::domain::environment::{EnvironmentScope as Home, Keeping, Record};
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::settings::{Cloud, Draft, Settings};

/// The moment at which tests begin.
pub(crate) const BEGIN: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

/// How tests start the program.
pub(crate) fn start() -> StartOptions {
    StartOptions {
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
    assert_eq!(app.place(), Place::Palette);
    press(&mut app, Key::of(Code::Escape));
    assert_eq!(app.place(), Place::Welcome);
}

#[test]
fn control_c_ends_the_program_where_nothing_runs() {
    let mut app = app();
    assert_eq!(press(&mut app, Key::control('c')), [Effect::Quit]);
    assert!(app.quitting);
}

/// A sign-in that sees these subscriptions.
fn seeing(names: &[&str]) -> Message {
    let row = |name: &&str| super::account::SubscriptionRow {
        id: format!("id-of-{name}"),
        name: (*name).to_owned(),
        tenant_id: None,
    };
    Message::SignedIn(Box::new(super::account::SignedIn {
        who: "you@contoso.com".into(),
        how: "Azure CLI".into(),
        tenant_id: "contoso".into(),
        subscriptions: names.iter().map(row).collect(),
        practice: false,
        chosen: None,
    }))
}

#[test]
fn several_subscriptions_are_offered_and_one_is_taken() {
    let mut app = app();
    app.update(BEGIN, seeing(&["research", "production"]));
    // All are looked into; the choice matters to a new environment.
    assert_eq!(app.place(), Place::Welcome);
    press(&mut app, Key::char('n'));
    assert_eq!(app.place(), Place::Picker);
    for letter in "prod".chars() {
        press(&mut app, Key::char(letter));
    }
    let effects = press(&mut app, Key::of(Code::Enter));
    assert_eq!(effects, [Effect::UseSubscription("id-of-production".into())]);
    assert_eq!(app.account.subscription().unwrap().name, "production");
}

#[test]
fn the_subscription_that_was_asked_for_is_used_without_a_question() {
    let mut app = app();
    app.start.subscription = Some("Production".into());
    let effects = app.update(BEGIN, seeing(&["research", "production"]));
    assert_eq!(effects, [Effect::UseSubscription("id-of-production".into())]);
    app.start.subscription = Some("nobody's".into());
    let effects = app.update(BEGIN, seeing(&["research", "production"]));
    assert!(effects.is_empty() && app.not_connected().is_some());
}

#[test]
fn another_tenant_of_the_account_can_be_chosen() {
    let mut app = app();
    app.update(BEGIN, seeing(&["research"]));
    assert_eq!(press(&mut app, Key::char('a')), [Effect::ListTenants]);
    let tenants = vec![
        ("contoso".to_owned(), "Contoso".to_owned()),
        ("fabrikam".to_owned(), "Fabrikam".to_owned()),
    ];
    app.update(BEGIN, Message::Tenants(tenants));
    for letter in "fabri".chars() {
        press(&mut app, Key::char(letter));
    }
    let effects = press(&mut app, Key::of(Code::Enter));
    assert!(matches!(
        effects.as_slice(),
        [Effect::SignIn { tenant: Some(tenant), .. }] if tenant == "fabrikam"
    ));
}

#[test]
fn a_new_passphrase_is_typed_twice_and_handed_over_unseen() {
    let mut app = app();
    app.update(BEGIN, Message::PassphraseWanted { new: true });
    app.update(BEGIN, Message::Paste("correct horse".into()));
    press(&mut app, Key::of(Code::Enter));
    app.update(BEGIN, Message::Paste("battery staple".into()));
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    for _ in 0..2 {
        app.update(BEGIN, Message::Paste("correct horse".into()));
        if let [Effect::Passphrase(Some(given))] = press(&mut app, Key::of(Code::Enter)).as_slice()
        {
            assert_eq!(given.secret().unwrap().expose(), "correct horse");
            assert!(app.dialog.is_none());
            return;
        }
    }
    panic!("the passphrase was not handed over");
}

#[test]
fn what_is_typed_unseen_is_not_recorded() {
    let mut app = app();
    app.update(BEGIN, Message::PassphraseWanted { new: false });
    let typed = Message::Key(Key::char('s'));
    let line = super::recording::line(&app, BEGIN, &typed).unwrap();
    assert!(line.contains('*') && !line.contains("\"s\""), "{line}");
    let pasted = Message::Paste("horse".into());
    let line = super::recording::line(&app, BEGIN, &pasted).unwrap();
    assert!(!line.contains("horse"), "{line}");
}

#[test]
fn an_endpoint_that_says_it_is_a_practice_cloud_is_never_taken_for_azure() {
    let mut app = app();
    app.start.practice = false;
    let Message::SignedIn(mut found) = seeing(&["research"]) else { unreachable!() };
    found.practice = true;
    app.update(BEGIN, Message::SignedIn(found));
    assert!(app.start.practice);
}

/// What is typed where one types now.
fn typed(app: &App) -> String {
    use super::dialog::Dialog;
    if let Some(palette) = &app.palette {
        return palette.filter.value().to_owned();
    }
    match (&app.dialog, app.place()) {
        (Some(Dialog::Prompt(prompt)), _) => prompt.input.value().to_owned(),
        (Some(Dialog::Picker(picker)), _) => picker.filter.value().to_owned(),
        (_, Place::Filter) => app.environments.filter.value().to_owned(),
        _ => app.basics.line(app.basics.focus).unwrap().value().to_owned(),
    }
}

#[test]
fn every_input_is_edited_as_a_shell_is() {
    use super::dialog::prompt::PromptPurpose;
    let mut form = app();
    form.screen = super::screen::Screen::Basics;
    let mut filter = app();
    filter.environments.filtering = true;
    let mut prompt = app();
    prompt.ask(PromptPurpose::LoadPlan, "Load a plan", ["A file."], "");
    let mut picker = app();
    picker.update(BEGIN, seeing(&["research", "production"]));
    press(&mut picker, Key::char('s'));
    let mut palette = app();
    press(&mut palette, Key::char(':'));
    let inputs = vec![form, filter, prompt, picker, palette];
    assert!(inputs.iter().all(|app| app.place().row().on_text.is_some()));
    let alt = |letter| Key { alt: true, ..Key::char(letter) };
    let turns = [
        (vec![Key::control('a'), Key::char('x')], "xone two"),
        (vec![Key::control('a'), Key::control('e'), Key::char('x')], "one twox"),
        (vec![Key::control('u')], ""),
        (vec![Key::control('w')], "one "),
        (vec![alt('b'), Key::control('k')], "one "),
        (vec![Key::control('a'), alt('f'), Key::char('x')], "one xtwo"),
    ];
    for input in inputs {
        for (keys, wanted) in &turns {
            let mut app = input.clone();
            app.update(BEGIN, Message::Paste("one two".into()));
            for key in keys {
                press(&mut app, *key);
            }
            assert_eq!(typed(&app), *wanted, "{:?}: {keys:?}", input.place());
        }
    }
}

#[test]
fn typing_takes_the_place_of_what_is_offered_and_editing_keeps_it() {
    use super::dialog::prompt::PromptPurpose;
    let mut offered = app();
    offered.ask(PromptPurpose::LoadPlan, "Load a plan", ["A file."], "plan.toml");
    let after = |messages: Vec<Message>| {
        let mut app = offered.clone();
        for message in messages {
            app.update(BEGIN, message);
        }
        typed(&app)
    };
    let key = |code| Message::Key(Key::of(code));
    let letter = |letter| Message::Key(Key::char(letter));
    assert_eq!(after(vec![letter('a'), letter('b')]), "ab");
    assert_eq!(after(vec![Message::Paste("plans/x".into()), letter('y')]), "plans/xy");
    assert_eq!(after(vec![key(Code::Backspace), letter('x')]), "plan.tomx");
    assert_eq!(after(vec![key(Code::Left), letter('x')]), "plan.tomxl");
    assert_eq!(after(vec![key(Code::End), letter('x')]), "plan.tomlx");
}

#[test]
fn where_it_is_asked_whether_to_leave_enter_does_what_has_the_cursor() {
    use super::dialog::Dialog;
    use super::dialog::leave::{LeaveChoice, LeaveDialog};
    for leaving in [true, false] {
        for moves in 0..5 {
            for direction in [Code::Up, Code::Down] {
                let mut app = app();
                app.dialog = Some(Dialog::Leave(LeaveDialog::new(leaving)));
                for _ in 0..moves {
                    press(&mut app, Key::of(direction));
                }
                let Some(Dialog::Leave(dialog)) = &app.dialog else { unreachable!() };
                let chosen = dialog.selected;
                press(&mut app, Key::of(Code::Enter));
                assert_ne!(chosen, LeaveChoice::Cancel, "Enter never cancels");
                assert_eq!(app.quitting, chosen == LeaveChoice::Leave);
                assert_eq!(app.dialog.is_none(), chosen == LeaveChoice::Watch);
            }
        }
    }
}
