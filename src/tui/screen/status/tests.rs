use crate::app::App;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::screen::Screen;
use crate::app::screen::status::{Happened, Status, StatusReading};
use crate::app::tests::{BEGIN, app, press, record};
use crate::domain::drift::{Difference, DifferenceKind, Drift};
use crate::domain::health::{HealthPart, HealthState};
use crate::domain::map::{MapHub, NetworkMap};
use crate::domain::operation::{Ended, Finished};
use crate::template::Template;
use crate::template::plan::{PlanScope, plan};
use crate::tui::testing::{cells, draw_at_all_sizes, look, picture};

fn part(title: &str, name: &str, state: HealthState, words: &str) -> HealthPart {
    HealthPart { title: title.into(), name: name.into(), state, words: words.into() }
}

fn seen() -> StatusReading {
    let difference =
        |resource: &str, kind, property: &str, expected: &str, found: &str| Difference {
            point: 18,
            verdict: crate::domain::comparison::Verdict::NotPlanned,
            width: String::new(),
            way: String::new(),
            id: format!("/subscriptions/s/{resource}"),
            resource: resource.into(),
            resource_type: "Microsoft.Network/x".into(),
            kind,
            property: property.into(),
            expected: expected.into(),
            found: found.into(),
            remedy: "Run `privateaml mend`.".into(),
            who: Some("you@practice.example".into()),
            when: Some(BEGIN),
        };
    StatusReading {
        map: None,
        elsewhere: None,
        parts: vec![
            part("Workspace", "ml-test4821", HealthState::Good, "private only"),
            part("Firewall", "fw-test4821", HealthState::Good, "running"),
            part("Bastion", "bas-test4821", HealthState::Good, "running"),
            part("Jumpbox", "vm-test4821", HealthState::Off, "stopped"),
            part("Storage", "stgtest4821", HealthState::Warning, "public access on"),
            part("Key vault", "kv-test4821", HealthState::Good, "private only"),
            part("Registry", "acrtest4821", HealthState::Unknown, "could not be read"),
            part("Endpoints", "5 of 6", HealthState::Bad, "1 not approved"),
            part("Peering", "vnet-hub", HealthState::Good, "connected"),
        ],
        drift: Drift {
            differences: vec![
                difference(
                    "stgtest4821",
                    DifferenceKind::Changed,
                    "properties.publicNetworkAccess",
                    "Disabled",
                    "Enabled",
                ),
                difference(
                    "nsg-shared",
                    DifferenceKind::Added,
                    "properties.securityRules[LetMeIn]",
                    "",
                    "LetMeIn",
                ),
                difference(
                    "pe-vault-test4821",
                    DifferenceKind::Removed,
                    "",
                    "pe-vault-test4821",
                    "",
                ),
            ],
            unknown: Vec::new(),
        },
        history: vec![Happened {
            time: BEGIN,
            what: "deployment succeeded after 10 min".into(),
            who: Some("you@practice.example".into()),
        }],
        paused: false,
        cost: Some(crate::domain::cost::tests::sample()),
        problems: Vec::new(),
    }
}

fn shown() -> App {
    let mut app = app();
    app.status = Status { record: Some(Box::new(record())), ..Status::default() };
    app.screen = Screen::Status;
    let read = Ok(Box::new(seen()));
    app.update(BEGIN, Message::Inspected { full_name: "test4821".into(), read });
    app
}

#[test]
fn the_status_at_each_size() {
    for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
        insta::assert_snapshot!(
            format!("status_{columns}x{rows}"),
            picture(&shown(), columns, rows)
        );
    }
    draw_at_all_sizes(&shown());
}

#[test]
fn the_map_shows_how_each_part_is() {
    let mut app = shown();
    let plan = plan(&record().settings, Template::embedded(), &PlanScope::default()).unwrap();
    let mut read = seen();
    let map = NetworkMap::of(&plan, MapHub::Linked("vnet-hub-weu")).observed(&read.parts);
    let vault = map.find("keyVault").unwrap();
    read.drift.differences[0].id = map.elements[vault].ids[0].clone();
    read.map = Some(Box::new(map));
    app.update(
        BEGIN,
        Message::Inspected { full_name: "test4821".into(), read: Ok(Box::new(read)) },
    );
    press(&mut app, Key::char('m'));
    for (columns, rows) in [(140, 45), (100, 30), (60, 18)] {
        insta::assert_snapshot!(format!("map_{columns}x{rows}"), picture(&app, columns, rows));
    }
    draw_at_all_sizes(&app);
    app.status.map.focus = Some("keyVault".into());
    press(&mut app, Key::of(Code::Enter));
    insta::assert_snapshot!("map_opened_100x30", picture(&app, 100, 30));
}

#[test]
fn while_an_operation_runs_the_old_state_is_told_as_old() {
    let mut app = shown();
    app.update(
        BEGIN,
        Message::Inspected { full_name: "test4821".into(), read: Ok(Box::new(seen())) },
    );
    for key in [Key::char('P'), Key::char('y')] {
        app.update(BEGIN, Message::Key(key));
    }
    app.line = None;
    let drawn = picture(&app, 100, 30);
    assert!(drawn.contains("As of 00:00:00. The environment is being paused"), "{drawn}");
    assert!(!drawn.contains("read at"), "{drawn}");
    insta::assert_snapshot!("status_pausing_100x30", drawn);
    let mut on_map = app.clone();
    let plan = plan(&record().settings, Template::embedded(), &PlanScope::default()).unwrap();
    let read = on_map.status.seen.as_mut().unwrap();
    read.map = Some(Box::new(NetworkMap::of(&plan, MapHub::NotLinked)));
    press(&mut on_map, Key::char('m'));
    on_map.line = None;
    let cells = cells(&on_map, &look(), 100, 30);
    let marks = cells.content.iter().filter(|cell| cell.symbol() == "●");
    assert!(
        marks.clone().count() > 0
            && marks.clone().all(|cell| cell.fg != look().theme.ok.fg.unwrap())
    );
    draw_at_all_sizes(&app);
    let later = BEGIN.checked_add(std::time::Duration::from_mins(2)).unwrap();
    let ended = Box::new(Ok(Ended::Done(Finished::AsAsked)));
    app.update(later, Message::Ended { id: 1, ended });
    app.line = None;
    let drawn = picture(&app, 100, 30);
    assert!(drawn.contains("before the last change. It is being read again."), "{drawn}");
    app.update(
        later,
        Message::Inspected { full_name: "test4821".into(), read: Ok(Box::new(seen())) },
    );
    let drawn = picture(&app, 100, 30);
    assert!(drawn.contains("read at 00:02:00") && !drawn.contains("before"), "{drawn}");
}

#[test]
fn before_it_was_read_and_when_it_cannot_be() {
    let mut app = app();
    app.status.record = Some(Box::new(record()));
    app.screen = Screen::Status;
    assert!(picture(&app, 80, 24).contains("Reading"));
    draw_at_all_sizes(&app);
    let problem =
        crate::domain::problem::Problem::new("X", "Azure cannot be reached.", "Try again.");
    app.update(BEGIN, Message::Inspected { full_name: "test4821".into(), read: Err(problem) });
    assert!(picture(&app, 80, 24).contains("Azure cannot be reached."));
}
