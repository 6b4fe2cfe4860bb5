//! The form without a screen: keys and answers in, what stands in it out.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::{
    app::{
        account::{Account, SignedIn, SubscriptionRow},
        command::Place,
        dialog::Dialog,
        effect::Effect,
        message::Message,
        screen::{
            Screen,
            basics::{
                checks::{CheckAnswer, CheckKind, CheckState, Question, Verdict, state},
                machines::{Machines, Quota, Size},
            },
        },
        tests::{BEGIN, app, press},
    },
    domain::{
        allowlist::Preset,
        environment::{Place as Where, Record},
        network::{SeenNetwork, SeenPeer},
        problem::Problem,
        settings::{BastionSku, DatastoreAccess},
    },
};

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000001";

fn tell(app: &mut App, message: Message) -> Vec<Effect> {
    app.update(BEGIN, message)
}

fn type_text(app: &mut App, text: &str) {
    for letter in text.chars() {
        press(app, Key::char(letter));
    }
}

fn network(name: &str, prefix: &str, peers: Vec<SeenPeer>) -> SeenNetwork {
    SeenNetwork {
        id: format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-{name}/providers/Microsoft.Network/virtualNetworks/{name}"
        ),
        name: name.into(),
        region: "westeurope".into(),
        prefixes: vec![prefix.into()],
        peers,
    }
}

pub(crate) fn networks() -> Vec<SeenNetwork> {
    let peer = SeenPeer {
        id: "/subscriptions/x/virtualNetworks/vnet-old".into(),
        name: "vnet-old".into(),
        prefixes: vec!["10.7.0.0/16".into()],
    };
    vec![
        network("vnet-hub-weu", "10.0.0.0/16", vec![peer]),
        network("vnet-core-ne", "10.9.0.0/16", Vec::new()),
        network("vnet-lab", "172.16.0.0/20", Vec::new()),
    ]
}

pub(crate) fn machines() -> Machines {
    let size = |name: &str, family: &str, cores, memory| Size {
        name: name.into(),
        family: family.into(),
        cores,
        memory,
        trusted_launch: true,
        restriction: None,
    };
    let quota = |name: &str, display: &str, left| Quota {
        name: name.into(),
        display: display.into(),
        left,
        limit: 10,
    };
    Machines {
        sizes: vec![
            size("Standard_D4s_v5", "standardDSv5Family", 4, 16384),
            size("Standard_D2s_v5", "standardDSv5Family", 2, 8192),
            size("Standard_E64s_v5", "standardESv5Family", 64, 524_288),
        ],
        quotas: vec![
            quota("standardDSv5Family", "Standard DSv5 Family vCPUs", 8),
            quota("cores", "Total Regional vCPUs", 10),
            quota("standardESv5Family", "Standard ESv5 Family vCPUs", 10),
        ],
    }
}

/// An open form, connected, with digits and a keychain, and nothing typed.
pub(crate) fn opened() -> App {
    let mut app = app();
    app.account = Account::SignedIn(Box::new(SignedIn {
        who: "you@contoso.com".into(),
        how: "Azure CLI".into(),
        tenant_id: String::new(),
        subscriptions: vec![SubscriptionRow {
            id: SUBSCRIPTION.into(),
            name: "Contoso Research".into(),
            tenant_id: None,
        }],
        chosen: Some(0),
    }));
    tell(&mut app, Message::SubscriptionInUse(SUBSCRIPTION.into()));
    press(&mut app, Key::char('n'));
    tell(&mut app, Message::SuffixDrawn("4821".into()));
    tell(
        &mut app,
        Message::Keychain(Ok("this machine's keychain".into())),
    );
    app
}

/// The same, with what Azure tells.
pub(crate) fn read() -> App {
    let mut app = opened();
    tell(&mut app, Message::Networks(Ok(networks())));
    tell(
        &mut app,
        Message::Machines {
            region: "westeurope".into(),
            read: Ok(machines()),
        },
    );
    app
}

/// The same, filled in and checked.
pub(crate) fn filled() -> App {
    let mut app = read();
    type_text(&mut app, "scan");
    for effect in wait(&mut app) {
        let Effect::Check(order) = effect else {
            continue;
        };
        let verdict = match &order.question {
            Question::Names { .. } => {
                Verdict::Passed("Names are free: storage, vault, registry".into())
            }
            Question::DeletedVault(vault) => {
                Verdict::Passed(format!("No deleted vault keeps {vault}"))
            }
            Question::Rights { .. } => {
                Verdict::Passed("You may make everything that is needed".into())
            }
            Question::Offered(_) => Verdict::Passed("The region offers every resource type".into()),
        };
        let answer = CheckAnswer {
            generation: order.generation,
            kind: order.question.kind(),
            verdict,
        };
        tell(&mut app, Message::Checked(answer));
    }
    app
}

/// Lets time pass until the form has asked what it wants to ask.
fn wait(app: &mut App) -> Vec<Effect> {
    let later = BEGIN
        .checked_add(Duration::from_secs(1))
        .unwrap_or(Timestamp::MAX);
    app.update(later, Message::Tick)
}

fn focus(app: &mut App, field: Field) {
    if !app.basics.fields().contains(&field) {
        press(app, Key::control('o'));
    }
    for _ in 0..app.basics.fields().len() {
        if app.basics.focus == field {
            return;
        }
        press(app, Key::of(Code::Tab));
    }
    panic!("{field:?} cannot be reached");
}

fn replace(app: &mut App, field: Field, text: &str) {
    focus(app, field);
    press(app, Key::control('u'));
    type_text(app, text);
}

fn record() -> Record {
    let settings = settings(&filled()).unwrap();
    let place = Where {
        subscription_id: SUBSCRIPTION.into(),
        tenant_id: String::new(),
        resource_group: settings.resource_group(),
        practice: true,
    };
    Record::new(settings, place, Keeping::File, BEGIN)
}

#[test]
fn opening_asks_for_digits_keychain_networks_regions_and_machines() {
    let mut app = app();
    let alone = press(&mut app, Key::char('n'));
    assert_eq!(alone, [Effect::TryKeychain, Effect::DrawSuffix]);
    app.account = opened().account;
    let connected = tell(&mut app, Message::SubscriptionInUse(SUBSCRIPTION.into()));
    assert_eq!(
        connected,
        [
            Effect::ReadNetworks,
            Effect::ReadRegions,
            Effect::ReadMachines("westeurope".into())
        ]
    );
}

#[test]
fn a_name_is_all_that_is_needed() {
    let app = filled();
    assert!(app.basics.faults.is_empty(), "{:?}", app.basics.faults);
    let settings = settings(&app).unwrap();
    assert_eq!(settings.full_name(), "scan4821");
    assert_eq!(settings.region, "westeurope");
    assert_eq!(settings.address_space.to_string(), "10.1.0.0/22");
}

#[test]
fn enter_alone_goes_through_the_form_to_the_preview() {
    let mut app = filled();
    for _ in 0..12 {
        press(&mut app, Key::of(Code::Enter));
        if app.screen == Screen::Preview {
            return;
        }
        if app.basics.focus == Field::More {
            press(&mut app, Key::of(Code::Down));
        }
    }
    panic!("still at {:?}", app.basics.focus);
}

#[test]
fn what_is_in_the_way_is_said_and_shown() {
    for (field, text, words) in [
        (Field::Name, "", "Name"),
        (Field::Name, "Test", "Name"),
        (Field::AddressSpace, "10.1.0.0/23", "Address space"),
        (Field::AddressSpace, "10.1.", "Address space"),
        (Field::LogRetention, "7", "Keep logs"),
        (Field::LogRetention, "long", "Keep logs"),
        (Field::Tags, "owner", "Tags"),
        (Field::Tags, "azure-x=1", "Tags"),
        (Field::ShutdownTime, "2560", "Jumpbox off at"),
    ] {
        let mut app = filled();
        replace(&mut app, field, text);
        let reason = availability(&app, Command::Continue).unwrap_err();
        assert!(reason.contains(words), "{text}: {reason}");
        assert!(settings(&app).is_err(), "{text}");
        assert!(press(&mut app, Key::control('n')).is_empty());
        assert_eq!(app.screen, Screen::Basics);
        assert_eq!(app.basics.typed(field), text);
    }
}

#[test]
fn what_is_suggested_is_taken_with_one_key() {
    for (field, wrong, right) in [
        (Field::Name, "My Test", "mytest"),
        (Field::Name, "researchers", "research"),
        (Field::AddressSpace, "10.1.0.0/23", "10.1.0.0/22"),
        (Field::AddressSpace, "10.1.2.0/22", "10.1.0.0/22"),
        (Field::AddressSpace, "10.5.0.0", "10.5.0.0/22"),
        (Field::AddressSpace, "", "10.1.0.0/22"),
        (Field::AddressSpace, "10.9.0.0/22", "10.1.0.0/22"),
        (Field::LogRetention, "1000", "730"),
        (Field::LogRetention, "x", "30"),
        (Field::ShutdownTime, "late", "1900"),
    ] {
        let mut app = filled();
        replace(&mut app, field, wrong);
        press(&mut app, Key::control('t'));
        assert_eq!(app.basics.typed(field), right, "{wrong}");
        assert!(app.basics.fault(field).is_none(), "{wrong}");
    }
}

#[test]
fn nothing_is_suggested_where_all_is_right() {
    let app = filled();
    assert!(availability(&app, Command::TakeSuggestion).is_err());
}

#[test]
fn an_offered_address_space_gives_way_to_a_free_one_and_a_typed_one_stays() {
    let taken = vec![network("vnet-x", "10.1.0.0/16", Vec::new())];
    let mut app = opened();
    tell(&mut app, Message::Networks(Ok(taken.clone())));
    assert_eq!(app.basics.typed(Field::AddressSpace), "10.2.0.0/22");
    let mut app = opened();
    replace(&mut app, Field::AddressSpace, "10.1.4.0/22");
    tell(&mut app, Message::Networks(Ok(taken)));
    assert_eq!(app.basics.typed(Field::AddressSpace), "10.1.4.0/22");
    assert!(
        app.basics.fault(Field::AddressSpace).is_none(),
        "it only warns"
    );
}

#[test]
fn a_hub_makes_overlaps_with_it_and_its_peers_refusals() {
    for (space, refused) in [
        ("10.0.4.0/22", true),
        ("10.7.0.0/22", true),
        ("10.9.0.0/22", false),
        ("10.1.0.0/22", false),
    ] {
        let mut app = filled();
        replace(&mut app, Field::AddressSpace, space);
        assert!(app.basics.fault(Field::AddressSpace).is_none(), "{space}");
        focus(&mut app, Field::Hub);
        type_text(&mut app, "hub-weu");
        press(&mut app, Key::of(Code::Enter));
        assert!(app.basics.hub().is_some());
        assert_eq!(
            app.basics.fault(Field::AddressSpace).is_some(),
            refused,
            "{space}"
        );
        assert_eq!(settings(&app).is_err(), refused, "{space}");
    }
}

#[test]
fn a_hub_can_be_typed_by_its_id_and_is_then_read() {
    let mut app = filled();
    focus(&mut app, Field::Hub);
    let hub = network("vnet-far", "10.1.0.0/16", Vec::new());
    tell(&mut app, Message::Paste(hub.id.clone()));
    let effects = press(&mut app, Key::of(Code::Enter));
    assert_eq!(effects, [Effect::ReadHub(hub.id.clone())]);
    let read = Message::Hub {
        id: hub.id.clone(),
        read: Ok(Some(hub)),
    };
    assert!(tell(&mut app, read).is_empty());
    let fault = app.basics.fault(Field::AddressSpace).unwrap();
    assert!(fault.what.contains("vnet-far"), "{}", fault.what);
    focus(&mut app, Field::Hub);
    type_text(&mut app, "nonsense");
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    assert!(app.basics.fault(Field::Hub).is_some());
}

#[test]
fn typing_into_the_region_opens_its_list_filtered() {
    let mut app = read();
    focus(&mut app, Field::Region);
    type_text(&mut app, "sweden c");
    let Some(Dialog::Picker(picker)) = &app.dialog else {
        panic!("no list");
    };
    assert_eq!(picker.fitting()[0].id, "swedencentral");
    let effects = press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.basics.draft.region.as_deref(), Some("swedencentral"));
    assert_eq!(app.basics.focus, Field::AddressSpace);
    assert_eq!(effects, [Effect::ReadMachines("swedencentral".into())]);
}

#[test]
fn choices_change_in_place() {
    let mut app = filled();
    focus(&mut app, Field::Bastion);
    press(&mut app, Key::of(Code::Right));
    assert_eq!(app.basics.draft.bastion, Some(BastionSku::Standard));
    focus(&mut app, Field::DatastoreAccess);
    press(&mut app, Key::char(' '));
    assert_eq!(
        app.basics.draft.datastore_access,
        Some(DatastoreAccess::AccountKey)
    );
    focus(&mut app, Field::Preset);
    type_text(&mut app, "locked");
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.basics.draft.preset, Some(Preset::LockedDown));
    assert_eq!(app.basics.shown(Field::EndpointPolicy), "Azure ML only");
    assert_eq!(
        app.basics.changed_below(),
        3,
        "the policy follows from the preset"
    );
}

#[test]
fn rules_between_fields_are_told_in_words_of_the_form() {
    let mut app = filled();
    focus(&mut app, Field::CopyPaste);
    press(&mut app, Key::of(Code::Right));
    let fault = app.basics.fault(Field::CopyPaste).unwrap();
    assert!(!fault.remedy.contains("--"), "{}", fault.remedy);
    press(&mut app, Key::control('o'));
    press(&mut app, Key::of(Code::Tab));
    assert_eq!(app.basics.focus, Field::Continue);
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(
        app.basics.focus,
        Field::CopyPaste,
        "the list opens at what is wrong"
    );
}

#[test]
fn without_a_keychain_practice_goes_on_and_azure_asks() {
    let missing = || {
        Message::Keychain(Err(Problem::new(
            "KeychainUnavailable",
            "No keychain.",
            "Start one.",
        )))
    };
    let mut app = filled();
    tell(&mut app, missing());
    assert_eq!(app.basics.keeping(), Some(Keeping::Practice));
    assert!(availability(&app, Command::Continue).is_ok());
    app.basics.practice = false;
    assert_eq!(app.basics.keeping(), None);
    assert!(
        availability(&app, Command::Continue)
            .unwrap_err()
            .contains("password")
    );
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
    assert_eq!(first.len(), 4, "{first:?}");
    type_text(&mut app, "b");
    let later = app.now.checked_add(Duration::from_secs(1)).unwrap();
    let second = app.update(later, Message::Tick);
    assert_eq!(second.len(), 2, "rights and region stand: {second:?}");
    let Some(Effect::Check(old)) = first.first() else {
        panic!("{first:?}");
    };
    let answer = |generation| {
        Message::Checked(CheckAnswer {
            generation,
            kind: CheckKind::Names,
            verdict: Verdict::Passed("free".into()),
        })
    };
    tell(&mut app, answer(old.generation));
    assert_eq!(state(&app, CheckKind::Names), CheckState::Asking);
    let Some(Effect::Check(new)) = second.first() else {
        panic!("{second:?}");
    };
    tell(&mut app, answer(new.generation));
    assert!(matches!(state(&app, CheckKind::Names), CheckState::Done(_)));
}

#[test]
fn the_size_of_the_jumpbox_is_judged_without_asking_again() {
    let mut app = filled();
    let passed = |app: &App| {
        matches!(
            state(app, CheckKind::Machine),
            CheckState::Done(Verdict::Passed(_))
        )
    };
    assert!(passed(&app));
    focus(&mut app, Field::JumpboxSize);
    type_text(&mut app, "e64");
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    assert!(!passed(&app));
    assert!(
        availability(&app, Command::Continue).is_ok(),
        "a hint stops nobody"
    );
    focus(&mut app, Field::JumpboxSize);
    type_text(&mut app, "Standard_Own_v9");
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(
        app.basics.draft.jumpbox_size.as_deref(),
        Some("Standard_Own_v9")
    );
}

#[test]
fn another_subscription_is_read_anew() {
    let mut app = filled();
    let effects = tell(&mut app, Message::SubscriptionInUse(SUBSCRIPTION.into()));
    assert!(effects.contains(&Effect::ReadNetworks));
    assert_eq!(state(&app, CheckKind::Rights), CheckState::Asking);
}

#[test]
fn escape_keeps_what_is_typed_and_says_so() {
    let mut app = read();
    type_text(&mut app, "scan");
    press(&mut app, Key::of(Code::Escape));
    assert_eq!(app.screen, Screen::Environments);
    assert!(app.line.as_ref().unwrap().text.contains("keeps"));
    press(&mut app, Key::char('n'));
    assert_eq!(app.basics.typed(Field::Name), "scan");
}

#[test]
fn the_form_of_an_environment_that_exists_keeps_name_and_digits() {
    let mut app = read();
    type_text(&mut app, "other");
    let record = record();
    open_existing(&mut app, &record);
    assert_eq!(app.basics.keeping(), Some(Keeping::File));
    assert!(availability(&app, Command::NewSuffix).is_err());
    replace(&mut app, Field::Name, "new");
    assert_eq!(app.basics.typed(Field::Name), "scan");
    tell(&mut app, Message::SuffixDrawn("0000".into()));
    assert_eq!(settings(&app).unwrap().full_name(), "scan4821");
    replace(&mut app, Field::AddressSpace, "10.3.0.0/22");
    press(&mut app, Key::of(Code::Escape));
    open_existing(&mut app, &record);
    assert_eq!(app.basics.typed(Field::AddressSpace), "10.3.0.0/22");
    open(&mut app);
    assert_eq!(app.basics.existing, None);
    assert_eq!(
        app.basics.typed(Field::Name),
        "other",
        "nothing typed is lost"
    );
}

#[test]
fn what_was_made_makes_room_for_a_fresh_form() {
    let mut app = filled();
    let row = crate::app::message::EnvironmentRow {
        record: record(),
        known: crate::domain::environment::Known::Both,
        gone: false,
    };
    tell(
        &mut app,
        Message::Found {
            rows: vec![row],
            problems: Vec::new(),
        },
    );
    let effects = open(&mut app);
    assert_eq!(app.basics.typed(Field::Name), "");
    assert!(effects.contains(&Effect::DrawSuffix));
}

#[test]
fn a_plan_file_fills_the_form_and_flags_go_before_it() {
    let mut app = app();
    app.start.draft.region = Some("northeurope".into());
    let plan = Draft::from_toml(
        "name='plan'\nregion='westeurope'\ncidr='10.8.0.0/20'\nbastion='Standard'\nlog_retention_days=90\n\
         auto_shutdown=false\ndeny=['ubuntu']\n[tags]\nowner='me, you'\n[[host]]\nhost='a.contoso.com'",
    )
    .unwrap();
    tell(&mut app, Message::PlanLoaded(Box::new(plan)));
    tell(&mut app, Message::SuffixDrawn("0001".into()));
    assert_eq!(app.screen, Screen::Basics);
    let settings = settings(&app).unwrap();
    assert_eq!(settings.region, "northeurope");
    assert_eq!(settings.address_space.to_string(), "10.8.0.0/20");
    assert_eq!(
        (settings.bastion, settings.log_retention_days),
        (BastionSku::Standard, 90)
    );
    assert_eq!(settings.auto_shutdown, None);
    assert_eq!(settings.hosts.len(), 1);
    assert_eq!(settings.tags["owner"], "me, you");
    assert_eq!(app.basics.typed(Field::Tags), "owner=me\\, you");
}

#[test]
fn settings_become_the_draft_that_leads_to_them() {
    let mut app = filled();
    replace(&mut app, Field::ShutdownTime, "off");
    let first = settings(&app).unwrap();
    let again = Draft::from(&first);
    assert_eq!(
        again.finish(first.suffix.clone(), app.basics.all_regions()),
        Ok(first)
    );
}

#[test]
fn the_state_can_be_written_and_read_back() {
    let app = filled();
    let text = serde_json::to_string(&app).unwrap();
    let again: App = serde_json::from_str(&text).unwrap();
    assert_eq!(again.basics.typed(Field::Name), "scan");
    assert_eq!(settings(&again), settings(&app));
}

fn any_key() -> impl Strategy<Value = Key> {
    let codes = prop_oneof![
        Just(Code::Enter),
        Just(Code::Escape),
        Just(Code::Tab),
        Just(Code::BackTab),
        Just(Code::Backspace),
        Just(Code::Delete),
        Just(Code::Up),
        Just(Code::Down),
        Just(Code::Left),
        Just(Code::Right),
        Just(Code::Home),
        Just(Code::End),
        Just(Code::PageDown),
        (1_u8..5).prop_map(Code::Function),
    ];
    prop_oneof![
        3 => any::<char>().prop_map(Key::char),
        3 => proptest::sample::select("abz019./-=, ".chars().collect::<Vec<_>>()).prop_map(Key::char),
        2 => codes.prop_map(Key::of),
        1 => proptest::sample::select(vec!['r', 't', 'o', 'n', 'u', 'w', 'k', 'a', 'e']).prop_map(Key::control),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_stream_of_keys_breaks_the_form_or_loses_what_is_typed(keys in proptest::collection::vec(any_key(), 0..60)) {
        let mut app = read();
        for key in keys {
            if app.place() == Place::Basics || app.dialog.is_some() || app.help.is_some() {
                press(&mut app, key);
            } else {
                app.go(Screen::Basics);
            }
        }
        app.go(Screen::Basics);
        app.basics.pane = Pane::Form;
        let before: Vec<String> = TYPED.map(|field| app.basics.typed(field).to_owned()).into();
        press(&mut app, Key::of(Code::Escape));
        prop_assert_eq!(app.screen, Screen::Environments);
        press(&mut app, Key::char('n'));
        let after: Vec<String> = TYPED.map(|field| app.basics.typed(field).to_owned()).into();
        prop_assert_eq!(before, after);
        prop_assert_eq!(settings(&app).is_ok(), app.basics.faults.is_empty());
    }
}
