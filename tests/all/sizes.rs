//! Every screen and dialog in every state, at every size: nothing panics, and the hint to help is never what is cut.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::wizard::{
    after, app, begin, cells, ended, endings, found, look, made, news, problem, signed_in, troubles,
};
use privateaml::{
    app::{
        App,
        command::Command,
        dialog::code::CodeDialog,
        key::{Code, Key},
        message::Message,
        place::Place,
        screen::{
            Screen,
            status::{Happened, StatusReading},
        },
    },
    domain::{
        audit::audit,
        comparison::{ComparisonInput, Verdict},
        drift::{Difference, DifferenceKind, Drift},
        egress::{RuleKind, log::RefusedDestination},
        environment::Phase,
        health::{HealthPart, HealthState},
        inventory::Inventory,
    },
    tui::{Appearance, Choice},
};

/// The sizes of the issue: from one cell to more than a usual window.
const MOST: (u16, u16) = (130, 45);
/// From here on there is room for keys.
const ROOM: (u16, u16) = (44, 12);

fn press(app: &mut App, keys: &str) {
    for letter in keys.chars() {
        app.update(begin(), Message::Key(Key::char(letter)));
    }
}

fn key(app: &mut App, code: Code) {
    app.update(begin(), Message::Key(Key::of(code)));
}

fn connected() -> App {
    let mut app = app(false);
    app.update(begin(), signed_in());
    app
}

fn listed(phase: Phase) -> App {
    let mut app = connected();
    app.update(begin(), found(false, phase));
    app
}

fn form(typed: &str) -> App {
    let mut app = connected();
    press(&mut app, "n");
    app.update(begin(), Message::SuffixDrawn("4821".into()));
    app.update(begin(), Message::Keychain(Err(problem())));
    app.update(begin(), Message::Networks(Err(problem())));
    press(&mut app, typed);
    app
}

fn previewed(tab: char) -> App {
    let mut app = connected();
    app.screen = Screen::Preview;
    let plan = Box::new(made());
    let generation = app.preview.generation;
    app.update(begin(), Message::Planned { generation, plan });
    press(&mut app, &tab.to_string());
    key(&mut app, Code::Enter);
    app
}

fn deploying(done: usize, last: impl Fn(u64) -> Option<Message>) -> App {
    let mut app = listed(Phase::Deploying);
    key(&mut app, Code::Enter);
    let run = app.deploy.shown;
    for message in news(run, done, 5) {
        app.update(after(60), message);
    }
    if let Some(last) = last(run) {
        app.update(after(100), last);
    }
    app
}

/// Every state that a person can meet, as far as one can list them.
pub(crate) fn states() -> Vec<App> {
    let mut states = vec![
        app(true),
        connected(),
        listed(Phase::Ready),
        listed(Phase::Failed),
        form(""),
        form("test"),
        form("Nine-Lives"),
    ];
    let mut unsigned = app(false);
    unsigned.update(begin(), Message::SignInFailed(problem()));
    states.push(unsigned);
    let mut partly = listed(Phase::Ready);
    partly.environments.problems = vec![problem()];
    states.push(partly);
    states.extend("123456".chars().map(previewed));
    let mut failed = connected();
    failed.screen = Screen::Preview;
    let generation = failed.preview.generation;
    failed.update(begin(), Message::PlanFailed { generation, problem: problem() });
    states.push(failed);
    let mut preparing = listed(Phase::Deploying);
    key(&mut preparing, Code::Enter);
    states.push(preparing);
    states.push(deploying(20, |_| None));
    for event in troubles() {
        let told = |id| Some(Message::Operation { id, event: event.clone() });
        states.push(deploying(80, told));
    }
    for ending in endings() {
        states.push(deploying(80, |id| Some(ended(id, ending.clone()))));
    }
    for keys in ["g", "gg", "l", "x"] {
        let mut app = deploying(40, |_| None);
        press(&mut app, keys);
        states.push(app);
    }
    dialogs(&mut states);
    standing(&mut states);
    states
}

/// The status and the audit: not read yet, not readable, read.
fn standing(states: &mut Vec<App>) {
    let mut opened = listed(Phase::Ready);
    key(&mut opened, Code::Enter);
    assert_eq!(opened.screen, Screen::Status);
    let told = |read| Message::Inspected { full_name: "test4821".into(), read };
    let mut failed = opened.clone();
    failed.update(begin(), told(Err(problem())));
    let mut paused = opened.clone();
    paused.update(begin(), told(Ok(Box::new(seen(true)))));
    let mut read = opened.clone();
    read.update(begin(), told(Ok(Box::new(seen(false)))));
    let mut history = read.clone();
    key(&mut history, Code::BackTab);
    let mut blocked = read.clone();
    press(&mut blocked, "e");
    let mut refused = blocked.clone();
    let rows = (0..30).map(|number| RefusedDestination {
        kind: RuleKind::Network,
        destination: format!("host-{number}.packages.contoso.com"),
        port: 443,
        protocol: "https".into(),
        count: number,
        last: begin(),
        rule: None,
        reason: "Default Action".into(),
    });
    let rows = Ok(rows.collect());
    refused.update(begin(), Message::Refused { full_name: "test4821".into(), read: rows });
    let mut allowing = refused.clone();
    press(&mut allowing, "A");
    let mut asked = read.clone();
    press(&mut asked, "P");
    let mut audit_screen = read.clone();
    press(&mut audit_screen, "i");
    let mut unreadable = audit_screen.clone();
    let no_audit = Message::Audit { full_name: "test4821".into(), read: Err(problem()) };
    unreadable.update(begin(), no_audit);
    let mut audited = audit_screen.clone();
    let audit = audit(&ComparisonInput::new(&made(), &Inventory::default()));
    let message = Message::Audit { full_name: "test4821".into(), read: Ok(Box::new(audit)) };
    audited.update(begin(), message);
    let mut credentials = read.clone();
    press(&mut credentials, "K");
    let mut peering = read.clone();
    press(&mut peering, "H");
    let mut hub = peering.clone();
    press(&mut hub, "n");
    states.extend(vec![
        credentials,
        peering,
        hub,
        opened,
        failed,
        paused,
        read,
        history,
        asked,
        audit_screen,
        unreadable,
        audited,
        blocked,
        refused,
        allowing,
    ]);
}

fn seen(paused: bool) -> StatusReading {
    let part = |title: &str, state| HealthPart {
        title: title.into(),
        name: "a-name-of-some-length-0123456789".into(),
        state,
        words: "running, but the route leads to 10.1.1.99".into(),
    };
    let difference = Difference {
        point: 18,
        verdict: Verdict::NotPlanned,
        width: String::new(),
        way: String::new(),
        id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/routeTables/rt".into(),
        resource: "rt-test4821".into(),
        resource_type: "Microsoft.Network/routeTables".into(),
        kind: DifferenceKind::Changed,
        property: "properties.routes[default-to-firewall].properties.nextHopIpAddress".into(),
        expected: "10.1.1.4".into(),
        found: "10.1.1.99".into(),
        remedy: "Run `privateaml mend`.".into(),
        who: Some("somebody@contoso.com".into()),
        when: Some(begin()),
    };
    let happened = Happened {
        time: begin(),
        what: "rt-test4821 changed".into(),
        who: Some("somebody@contoso.com".into()),
    };
    StatusReading {
        map: None,
        elsewhere: None,
        parts: vec![
            part("Firewall", HealthState::Bad),
            part("Jumpbox", HealthState::Good),
            part("Logs", HealthState::Unknown),
        ],
        drift: Drift { differences: vec![difference; 30], unknown: Vec::new() },
        history: vec![happened; 40],
        paused,
        cost: None,
        problems: vec![problem()],
    }
}

fn dialogs(states: &mut Vec<App>) {
    for keys in ["a", "s", "X", "F", "/", "?"] {
        let mut app = listed(Phase::Ready);
        press(&mut app, keys);
        states.push(app);
    }
    let mut code = app(false);
    code.update(
        begin(),
        Message::CodeToType(CodeDialog {
            address: "https://microsoft.com/devicelogin".into(),
            code: "ABCD12345".into(),
            minutes: 15,
        }),
    );
    states.push(code);
    let mut passphrase = connected();
    passphrase.update(begin(), Message::PassphraseWanted { new: true });
    press(&mut passphrase, "short");
    key(&mut passphrase, Code::Enter);
    states.push(passphrase);
    let mut told = connected();
    told.update(begin(), Message::Failed(problem()));
    states.push(told);
    let mut confirm = deploying(80, |id| Some(ended(id, endings().remove(2))));
    press(&mut confirm, "R");
    states.push(confirm);
    let mut help = deploying(40, |_| None);
    press(&mut help, "?graph");
    states.push(help);
}

/// The text of the last row.
fn last_row(app: &App, look: &Appearance, columns: u16, rows: u16) -> String {
    let buffer = cells(app, look, columns, rows);
    let row = rows - 1;
    (0..columns).map(|column| buffer.cell((column, row)).unwrap().symbol().to_owned()).collect()
}

/// Draws states over a part of the sizes: one for each size, so that all meet many sizes and no size
/// is left out.
fn draw_part(part: u16, parts: u16) {
    let states = states();
    // Every state at every size takes many minutes: `PRIVATEAML_SIZES=all cargo test --release --test all sizes`.
    let all = std::env::var("PRIVATEAML_SIZES").is_ok_and(|value| value == "all");
    let plain = Appearance::new(Choice { color: false, light: false, ascii: true });
    for columns in (1..=MOST.0).filter(|columns| columns % parts == part) {
        for rows in 1..=MOST.1 {
            let index = usize::from(columns) + usize::from(rows) * 7;
            let look = if (columns + rows) % 2 == 0 { look() } else { plain };
            for turn in 0..if all { states.len() } else { 1 } {
                check(&states[(index + turn) % states.len()], &look, columns, rows);
            }
        }
    }
}

/// Draws one state at one size; where there is room for keys, the hint to help must be there.
fn check(app: &App, look: &Appearance, columns: u16, rows: u16) {
    let row = last_row(app, look, columns, rows);
    let has_help = app
        .place()
        .entries()
        .any(|entry| entry.command == Command::Palette && !entry.label.is_empty());
    if columns >= ROOM.0 && rows >= ROOM.1 && has_help {
        assert!(row.contains("help"), "{columns}x{rows}, {:?}: {row}", app.place());
    }
    if columns >= ROOM.0 && rows >= ROOM.1 {
        let whole = hints(app, look);
        for hint in row.trim().split("  ").map(str::trim).filter(|hint| !hint.is_empty()) {
            assert!(whole.iter().any(|each| each == hint), "{columns}x{rows}: {hint} in {row}");
        }
    }
}

/// All that may stand in the last row, each key with its word.
fn hints(app: &App, look: &Appearance) -> Vec<String> {
    let labelled = app.place().entries().filter(|entry| !entry.label.is_empty());
    let shown = labelled.map(|entry| {
        let arrows = if look.ascii { "Up/Dn" } else { "↑↓" };
        let key = if entry.command == Command::Down { arrows } else { entry.key() };
        let hint = format!("{key} {}", entry.label);
        if look.ascii { hint.replace('…', "...") } else { hint }
    });
    shown.collect()
}

#[test]
fn what_just_happened_is_told_to_its_last_word() {
    let text = "The password was handed to the terminal (OSC 52); if nothing arrives, the terminal does not take it: \
                switch that on in its settings.";
    for (columns, rows) in [(100, 30), (80, 24), (60, 18), (44, 18)] {
        let mut app = listed(Phase::Ready);
        app.update(begin(), Message::Told { tone: privateaml::app::Tone::Warn, text: text.into() });
        let buffer = cells(&app, &look(), columns, rows);
        let shown: Vec<String> = buffer
            .content
            .chunks(usize::from(columns))
            .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
            .collect();
        let shown: Vec<&str> = shown.iter().flat_map(|row| row.split_whitespace()).collect();
        // What keeps the screen alive stands at the right of the first row, between the words.
        let mut left = text.split_whitespace().peekable();
        for word in shown {
            left.next_if(|next| *next == word);
        }
        assert_eq!(left.collect::<Vec<_>>(), Vec::<&str>::new(), "{columns}x{rows}");
    }
}

#[test]
fn the_peering_has_a_visible_way_from_the_credentials() {
    let credentials = states().into_iter().filter(|app| app.screen == Screen::Credentials);
    let mut met = 0;
    for app in credentials.filter(|app| app.dialog.is_none() && app.palette.is_none()) {
        for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
            let row = last_row(&app, &look(), columns, rows);
            assert!(row.contains("H peering"), "{columns}x{rows}: {row}");
        }
        met += 1;
    }
    assert!(met > 0);
}

#[test]
fn at_every_size_first_half() {
    draw_part(0, 2);
}

#[test]
fn at_every_size_second_half() {
    draw_part(1, 2);
}

#[test]
fn every_state_at_the_sizes_that_people_have() {
    for app in states() {
        for (columns, rows) in [(100, 30), (80, 24), (60, 18), (44, 12), (43, 11), (200, 60)] {
            check(&app, &look(), columns, rows);
        }
    }
}

#[test]
fn every_place_is_among_the_states() {
    let met: Vec<Place> = states().iter().map(App::place).collect();
    for place in Place::all() {
        assert!(met.contains(&place), "no state shows {place:?}");
    }
}
