//! The peering without a screen, and the hubs and connections that its pictures show too.

mod new_hub;

use super::*;
use crate::app::dialog::Dialog;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::place::Place;
use crate::app::tests::{BEGIN, app, press, record};
use crate::domain::operation::{Ended, Finished, Operation};
use crate::domain::peering::reliance::Parting;
use crate::domain::peering::{
    Far, Fit, Flags, Guide, Half, Hub, Known, Lack, Mistake, PeeringState, Reason, Rights,
    SyncLevel, testing,
};

const HUB: &str = "/subscriptions/00000000-0000-4000-8000-0000000051b1/resourceGroups/rg-hub/providers/\
    Microsoft.Network/virtualNetworks/";

/// A hub with a VPN gateway.
pub(crate) fn hub(name: &str, prefix: &str, write: bool) -> Hub {
    Hub {
        id: format!("{HUB}{name}"),
        name: name.into(),
        prefixes: vec![prefix.into()],
        resolvers: Known::Read(vec!["10.0.1.4".into()]),
        rights: Known::Read(Rights { write, peer: true, join: write }),
        ..testing::hub()
    }
}

/// A hub as it was judged.
pub(crate) fn candidate(name: &str, prefix: &str, fit: Fit, what: &str) -> Candidate {
    let mut hub = hub(name, prefix, what.is_empty() || !what.contains("rights"));
    if fit == Fit::Warns && what.contains("gateway") {
        hub.gateways = Known::Read(Vec::new());
    }
    let reasons = if what.is_empty() {
        Vec::new()
    } else {
        vec![Reason {
            fit,
            mistake: Mistake::Overlap,
            what: what.into(),
            remedy: "Choose 10.2.0.0/22 for a new environment.".into(),
        }]
    };
    Candidate { hub, fit, reasons }
}

/// Three hubs, one of each kind.
pub(crate) fn three() -> Vec<Candidate> {
    vec![
        candidate("vnet-hub-weu", "10.0.0.0/16", Fit::Good, ""),
        candidate(
            "vnet-lab",
            "172.16.0.0/20",
            Fit::Warns,
            "It has no gateway: nobody outside Azure comes in over it.",
        ),
        candidate(
            "vnet-core-ne",
            "10.1.0.0/16",
            Fit::Refused,
            "10.1.0.0/22 overlaps 10.1.0.0/16 of vnet-core-ne.",
        ),
    ]
}

fn half(state: PeeringState, hub_side: bool) -> Half {
    Half {
        id: "/x".into(),
        name: "to-there".into(),
        remote_id: "/y".into(),
        state: Some(state),
        sync: Some(SyncLevel::FullyInSync),
        flags: Flags {
            access: true,
            forwarded: true,
            gateway_transit: hub_side,
            remote_gateways: !hub_side,
        },
    }
}

fn guide(topic: Topic, standing: StepStatus, summary: &str, lacks: Vec<Lack>) -> Guide {
    Guide { topic, standing, summary: summary.into(), lacks }
}

/// A connection whose first step stands so.
pub(crate) fn connection(link: StepStatus) -> HubConnection {
    let lack = |mistake, what: &str, remedy: &str| Lack::new(mistake, what, remedy);
    let (near, far, summary, lacks) = match link {
        StepStatus::Done => (
            Some(half(PeeringState::Connected, false)),
            Far::Found(half(PeeringState::Connected, true)),
            "both sides, Connected",
            Vec::new(),
        ),
        StepStatus::Waiting => (
            Some(half(PeeringState::Initiated, false)),
            Far::Absent,
            "1 of 2 sides, Initiated",
            vec![lack(
                Mistake::Rights,
                "The hub's half is missing, and this account may not make it.",
                "Hand the file over to the hub's owner; it is met again when they have acted.",
            )],
        ),
        _ => (
            None,
            Far::Absent,
            "0 of 2 sides",
            vec![lack(Mistake::OneSide, "Neither half exists.", "L makes both, the hub's first.")],
        ),
    };
    let forward = lack(
        Mistake::Names,
        "DNS on-premises must forward 14 public names to 10.0.1.4.",
        "f shows the list for BIND, Windows DNS and dnsmasq.",
    );
    HubConnection {
        network_id: "/ours".into(),
        hub: hub("vnet-hub-weu", "10.0.0.0/16", true),
        near,
        far,
        steps: vec![
            guide(Topic::Link, link, summary, lacks),
            guide(
                Topic::Names,
                StepStatus::ToDo,
                "0 of 8 zones answered in the hub",
                vec![forward],
            ),
            guide(Topic::Routes, StepStatus::Done, "gateway routes reach SharedSubnet", Vec::new()),
            guide(Topic::Test, StepStatus::Outside, "t tests from this machine", Vec::new()),
        ],
        names: crate::domain::peering::zones::Names::default(),
    }
}

/// The screen with hubs read.
pub(crate) fn shown(hubs: Vec<Candidate>) -> App {
    let mut app = app();
    let effects = open(&mut app, &record());
    assert_eq!(effects, [Effect::FindHubs(Box::new(record()))]);
    app.update(BEGIN, Message::Hubs { full_name: "test4821".into(), read: Ok(hubs) });
    app
}

/// The screen with one hub looked at.
pub(crate) fn looked_at(link: StepStatus) -> App {
    let mut app = shown(three());
    press(&mut app, Key::of(Code::Enter));
    arrive(&mut app, link);
    app
}

fn arrive(app: &mut App, link: StepStatus) {
    let look = HubLook {
        candidate: candidate("vnet-hub-weu", "10.0.0.0/16", Fit::Good, ""),
        connection: connection(link),
    };
    app.update(
        BEGIN,
        Message::Connection {
            full_name: "test4821".into(),
            hub: format!("{HUB}vnet-hub-weu"),
            read: Ok(Box::new(look)),
        },
    );
}

#[test]
fn enter_looks_and_a_link_is_made_only_after_a_yes() {
    let mut app = shown(three());
    let hub = format!("{HUB}vnet-hub-weu");
    let record = Box::new(record());
    assert_eq!(
        press(&mut app, Key::of(Code::Enter)),
        [Effect::ReadConnection { record: record.clone(), hub: hub.clone() }]
    );
    arrive(&mut app, StepStatus::ToDo);
    assert_eq!(app.peering.pane, PeeringPane::Steps);
    assert_eq!(press(&mut app, Key::char('L')), []);
    assert!(matches!(app.dialog, Some(Dialog::Confirm(_))));
    assert_eq!(press(&mut app, Key::of(Code::Enter)), []);
    let operation = Box::new(Operation::Link { record, hub });
    assert_eq!(press(&mut app, Key::char('y')), [Effect::Run { id: 1, operation }]);
    assert!(availability(&app, Command::Link).is_err(), "one at a time");
}

#[test]
fn a_hub_that_overlaps_is_refused_with_the_reason() {
    let mut app = shown(three());
    press(&mut app, Key::of(Code::End));
    let why = availability(&app, Command::Link).unwrap_err();
    assert!(why.contains("overlaps"), "{why}");
}

#[test]
fn the_owner_is_waited_for_and_azure_looked_at_again() {
    let mut app = looked_at(StepStatus::Waiting);
    assert!(app.peering.waits());
    let due = next_tick(&app).unwrap();
    let effects = app.update(due, Message::Tick);
    assert!(matches!(effects.as_slice(), [Effect::ReadConnection { .. }]));
    assert_eq!(next_tick(&app), None, "not twice at once");
    arrive(&mut app, StepStatus::Done);
    assert_eq!(next_tick(&app), None);
}

#[test]
fn what_was_done_is_told_and_read_again() {
    let mut app = looked_at(StepStatus::ToDo);
    press(&mut app, Key::char('L'));
    press(&mut app, Key::char('y'));
    assert!(app.changing("test4821").is_some());
    let ended = Box::new(Ok(Ended::Done(Finished::AsAsked)));
    let effects = app.update(BEGIN, Message::Ended { id: 1, ended });
    assert!(app.changing("test4821").is_none());
    assert!(matches!(effects.as_slice(), [Effect::FindHubs(_), Effect::ReadConnection { .. }]));
}

#[test]
fn an_id_is_checked_before_azure_is_asked() {
    let mut app = shown(Vec::new());
    assert!(id_typed(&mut app, "vnet-hub").is_err());
    assert!(id_typed(&mut app, &format!("{HUB}vnet-hub")).is_ok());
    assert!(app.peering.looking_at.is_some());
}

#[test]
fn a_hub_that_was_typed_joins_the_list_and_is_shown() {
    let mut app = shown(vec![candidate("vnet-lab", "172.16.0.0/20", Fit::Good, "")]);
    arrive(&mut app, StepStatus::ToDo);
    assert_eq!(app.peering.chosen().unwrap().hub.name, "vnet-hub-weu");
    assert!(app.peering.shown().is_some());
}

#[test]
fn what_is_pasted_is_judged() {
    let mut app = looked_at(StepStatus::Done);
    assert_eq!(app.place(), Place::Screen(Screen::Peering));
    let effects = app.update(BEGIN, Message::Paste("privateaml-check v1".into()));
    assert!(matches!(effects.as_slice(), [Effect::JudgeResults { .. }]));
}

#[test]
fn files_have_an_ending_that_tells_their_kind() {
    let app = looked_at(StepStatus::Waiting);
    assert!(script_named(&app, "verify.txt").is_err());
    assert!(script_named(&app, "verify.sh").is_ok());
    assert!(hand_over_named(&app, "").is_err());
    assert!(matches!(
        hand_over_named(&app, "there").unwrap().as_slice(),
        [Effect::SaveHandOver { .. }]
    ));
}

#[test]
fn news_of_another_environment_changes_nothing() {
    let mut app = shown(three());
    app.update(BEGIN, Message::Hubs { full_name: "other1234".into(), read: Ok(Vec::new()) });
    assert_eq!(app.peering.hubs.as_ref().unwrap().len(), 3);
}

#[test]
fn it_is_left_to_where_it_was_opened() {
    let mut app = app();
    app.screen = Screen::Credentials;
    open(&mut app, &record());
    press(&mut app, Key::of(Code::Escape));
    assert_eq!(app.screen, Screen::Credentials);
}

#[test]
fn remedies_name_the_keys_of_the_screen() {
    let here = |text| remedy_here(text);
    assert_eq!(
        here("Run `privateaml peer` with --yes: it creates both sides."),
        "Press L: it creates both sides."
    );
    assert_eq!(
        here("Write it down: privateaml peer test4821 --hub /x --hand-over DIR"),
        "h writes what the hub's owner needs."
    );
    assert_eq!(here("Add a rule."), "Add a rule.");
}

#[test]
fn a_link_that_others_rely_on_is_not_taken_away_before_they_are_named() {
    let mut app = app();
    let mut record = record();
    record.settings.hub = Some(format!("{HUB}vnet-hub-weu"));
    app.peering.record = Some(Box::new(record.clone()));
    let looked_for = act::ask_unlink(&mut app);
    assert!(matches!(looked_for.as_slice(), [Effect::ReadReliance { .. }]));
    assert!(press(&mut app, Key::char('y')).is_empty());
    assert!(app.dialog.is_some());
    let told = Message::Reliance {
        full_name: record.full_name,
        parting: Parting::Unlink,
        told: vec!["bb2222 relies on it.".into()],
    };
    app.update(BEGIN, told);
    let Some(Dialog::Confirm(dialog)) = &app.dialog else {
        panic!("asked");
    };
    assert_eq!(dialog.sentences.last().unwrap(), "bb2222 relies on it.");
    let effects = press(&mut app, Key::char('y'));
    let [Effect::Run { operation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(matches!(**operation, Operation::Unlink(_)));
}
