//! The form without a screen: keys and answers in, what stands in it out.

mod asking;
mod rules;

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::app::account::{Account, SignedIn, SubscriptionRow};
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::place::Place;
use crate::app::screen::Screen;
use crate::app::screen::basics::checks::{CheckAnswer, CheckState, state};
use crate::app::tests::{BEGIN, app, press};
use crate::domain::allowlist::Preset;
use crate::domain::check::{CheckFinding, CheckKind, CheckOutcome, MachineSize, Machines, Quota};
use crate::domain::environment::{EnvironmentScope as Where, Record};
use crate::domain::network::{SeenNetwork, SeenPeer};
use crate::domain::problem::Problem;
use crate::domain::region::RegionOffer;
use crate::domain::settings::{BastionSku, DatastoreAccess};

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
    let size = |name: &str, family: &str, cores, memory| MachineSize {
        name: name.into(),
        family: family.into(),
        cores,
        memory,
        x64: true,
        trusted_launch: true,
        restriction: None,
    };
    let quota = |name: &str, display: &str, left: i64| Quota {
        name: name.into(),
        display: display.into(),
        used: 10 - left,
        limit: 10,
    };
    Machines {
        sizes: vec![
            size("Standard_D4s_v5", "standardDSv5Family", 4, 16384),
            size("Standard_D2s_v5", "standardDSv5Family", 2, 8192),
            size("Standard_E64s_v5", "standardESv5Family", 64, 524_288),
            size("Standard_D2ds_v4", "standardDDSv4Family", 2, 8192),
        ],
        quotas: vec![
            quota("standardDSv5Family", "Standard DSv5 Family vCPUs", 8),
            quota("cores", "Total Regional vCPUs", 10),
            quota("standardESv5Family", "Standard ESv5 Family vCPUs", 10),
        ],
        learning: Ok(vec![quota("Total Cluster Dedicated Regional vCPUs", "Total", 10)]),
    }
}

/// An open form, connected, with digits and a keychain, and nothing typed.
pub(crate) fn opened() -> App {
    let mut app = app();
    app.account = Account::SignedIn(Box::new(SignedIn {
        practice: false,
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
    tell(&mut app, Message::Keychain(Ok("this machine's keychain".into())));
    app
}

/// The same, with what Azure tells.
pub(crate) fn read() -> App {
    let mut app = opened();
    tell(&mut app, Message::Networks(Ok(networks())));
    tell(&mut app, Message::Machines { region: "westeurope".into(), read: Ok(machines()) });
    app
}

/// The same, filled in and checked.
pub(crate) fn filled() -> App {
    let mut app = read();
    type_text(&mut app, "scan");
    for effect in wait(&mut app) {
        let Effect::Check(order) = effect else { continue };
        let kind = order.question.kind();
        let what = match kind {
            CheckKind::Names => "Names are free: storage, vault, registry",
            CheckKind::Rights => "You have the required permissions",
            CheckKind::Region => "The region offers every resource type",
            other => other.about(),
        };
        let found = vec![CheckFinding::pass(kind, what)];
        let answer = CheckAnswer { generation: order.generation, kind, found };
        tell(&mut app, Message::Checked(answer));
    }
    app
}

/// Lets time pass until the form has asked what it wants to ask.
fn wait(app: &mut App) -> Vec<Effect> {
    let later = BEGIN.checked_add(Duration::from_secs(1)).unwrap_or(Timestamp::MAX);
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
fn a_name_is_all_that_is_needed() {
    let app = filled();
    assert!(app.basics.faults.is_empty(), "{:?}", app.basics.faults);
    let settings = settings(&app).unwrap();
    assert_eq!(settings.full_name(), "scan4821");
    assert_eq!(settings.region, "westeurope");
    assert_eq!(settings.address_space.to_string(), "10.1.0.0/22");
}

#[test]
fn spaces_around_an_answer_do_no_harm() {
    let mut app = read();
    type_text(&mut app, " scan ");
    assert!(app.basics.faults.is_empty(), "{:?}", app.basics.faults);
    assert_eq!(settings(&app).unwrap().full_name(), "scan4821");
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
    assert_eq!(app.basics.typed(Field::Name), "other", "nothing typed is lost");
}

#[test]
fn what_was_made_makes_room_for_a_fresh_form() {
    let mut app = filled();
    let row = crate::app::message::EnvironmentRow {
        known: crate::domain::environment::KnownFrom::Both,
        ..crate::app::message::EnvironmentRow::recorded(record())
    };
    tell(&mut app, Message::Found { rows: vec![row], problems: Vec::new() });
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
    assert_eq!((settings.bastion, settings.log_retention_days), (BastionSku::Standard, 90));
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
    assert_eq!(again.finish(first.suffix.clone(), app.basics.all_regions()), Ok(first));
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
            if app.place() == Place::Screen(Screen::Basics) || app.dialog.is_some() || app.palette.is_some() {
                press(&mut app, key);
            } else {
                app.go(Screen::Basics);
            }
        }
        app.go(Screen::Basics);
        app.basics.pane = BasicsPane::Form;
        let before: Vec<String> = fields::typed().map(|field| app.basics.typed(field).to_owned()).collect();
        press(&mut app, Key::of(Code::Escape));
        prop_assert_eq!(app.screen, Screen::Environments);
        press(&mut app, Key::char('n'));
        let after: Vec<String> = fields::typed().map(|field| app.basics.typed(field).to_owned()).collect();
        prop_assert_eq!(before, after);
        prop_assert_eq!(settings(&app).is_ok(), app.basics.faults.is_empty());
    }
}
