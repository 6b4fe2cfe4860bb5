//! What the form asks of the world, and what it makes of the answers.

use super::*;

#[test]
fn opening_asks_for_digits_keychain_networks_regions_and_machines() {
    let mut app = app();
    let alone = press(&mut app, Key::char('n'));
    assert_eq!(
        alone,
        [Effect::TryKeychain, Effect::DrawSuffix, Effect::ReadPrices("westeurope".into())]
    );
    app.account = opened().account;
    let connected = tell(&mut app, Message::SubscriptionInUse(SUBSCRIPTION.into()));
    assert_eq!(
        connected,
        [Effect::ReadNetworks, Effect::ReadRegions, Effect::ReadMachines("westeurope".into())]
    );
}

#[test]
fn without_a_keychain_practice_goes_on_and_azure_asks() {
    let missing = || {
        Message::Keychain(Err(Problem::new("KeychainUnavailable", "No keychain.", "Start one.")))
    };
    let mut app = filled();
    tell(&mut app, missing());
    assert_eq!(app.basics.keeping(), Some(Keeping::Practice));
    assert!(availability(&app, Command::Continue).is_ok());
    app.basics.practice = false;
    assert_eq!(app.basics.keeping(), None);
    assert!(availability(&app, Command::Continue).unwrap_err().contains("password"));
    focus(&mut app, Field::Continue);
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.basics.focus, Field::Keeping);
    press(&mut app, Key::of(Code::Right));
    assert_eq!(app.basics.keeping(), Some(Keeping::File));
    assert!(availability(&app, Command::Continue).is_ok());
}

#[test]
fn checks_wait_for_a_pause_and_old_answers_are_dropped() {
    let mut app = read();
    type_text(&mut app, "a");
    let due = app.next_tick().unwrap();
    assert!(due > BEGIN);
    assert!(app.update(BEGIN, Message::Tick).is_empty(), "too early");
    let first = wait(&mut app);
    assert_eq!(first.len(), 9, "{first:?}");
    type_text(&mut app, "b");
    let later = app.now.checked_add(Duration::from_secs(1)).unwrap();
    let second = app.update(later, Message::Tick);
    assert_eq!(second.len(), 3, "names, group and logs follow the name: {second:?}");
    let about_names = |effects: &[Effect]| {
        let mut orders = effects.iter().filter_map(|effect| match effect {
            Effect::Check(order) => Some(order.clone()),
            _ => None,
        });
        orders.find(|order| order.question.kind() == CheckKind::Names).unwrap()
    };
    let old = about_names(&first);
    let answer = |generation| {
        Message::Checked(CheckAnswer {
            generation,
            kind: CheckKind::Names,
            found: vec![CheckFinding::pass(CheckKind::Names, "free")],
        })
    };
    tell(&mut app, answer(old.generation));
    assert_eq!(state(&app, CheckKind::Names), CheckState::Asking);
    let new = about_names(&second);
    tell(&mut app, answer(new.generation));
    assert!(matches!(state(&app, CheckKind::Names), CheckState::Done(_)));
}

#[test]
fn the_size_of_the_jumpbox_is_judged_without_asking_again() {
    let mut app = filled();
    let passed = |app: &App| state(app, CheckKind::Machine).outcome() == Some(CheckOutcome::Pass);
    assert!(passed(&app));
    focus(&mut app, Field::JumpboxSize);
    type_text(&mut app, "e64");
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    assert!(!passed(&app));
    assert!(availability(&app, Command::Continue).is_ok(), "a hint stops nobody");
    focus(&mut app, Field::JumpboxSize);
    type_text(&mut app, "Standard_Own_v9");
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.basics.draft.jumpbox_size.as_deref(), Some("Standard_Own_v9"));
}

#[test]
fn another_subscription_is_read_anew() {
    let mut app = filled();
    let effects = tell(&mut app, Message::SubscriptionInUse(SUBSCRIPTION.into()));
    assert!(effects.contains(&Effect::ReadNetworks));
    assert_eq!(state(&app, CheckKind::Rights), CheckState::Asking);
}

#[test]
fn a_recorded_keychain_that_keeps_nothing_any_more_is_asked_about() {
    let mut app = read();
    let mut record = record();
    record.credentials = Keeping::Keychain;
    open_existing(&mut app, &record);
    assert_eq!(app.basics.keeping(), Some(Keeping::Keychain));
    app.basics.practice = false;
    let problem = Problem::new("KeychainUnavailable", "No keychain.", "Start one.");
    tell(&mut app, Message::Keychain(Err(problem)));
    assert_eq!(app.basics.keeping(), None);
}

#[test]
fn names_that_are_its_own_already_are_not_held_against_an_environment() {
    let mut app = read();
    let mut record = record();
    record.begin_attempt(BEGIN, &[]);
    open_existing(&mut app, &record);
    assert!(matches!(state(&app, CheckKind::Names), CheckState::Waiting(_)));
    let asked = wait(&mut app);
    assert_eq!(asked.len(), 5, "no names, group, logs and limits: {asked:?}");
}
