//! The deployment in its states, looked at.

use std::time::Duration;

use crate::app::App;
use crate::app::key::Key;
use crate::app::message::Message;
use crate::app::screen::Screen;
use crate::app::screen::deploy::{LivePane, View};
use crate::app::tests::{BEGIN, app, press, record};
use crate::app::watch::Watch;
use crate::domain::cost::Estimate;
use crate::domain::operation::{
    Attempt, DeployedEnvironment, Ended, Event, Finished, KeptResources, Notice, Operation,
    OperationStep, SecretKind, Stage, Stopped, Subject,
};
use crate::domain::peering::{GatewaySku, NewHub};
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::progress::{
    Counts, DeploymentEnd, DeploymentOperation, Progress, Step, TargetResource,
};
use crate::template::Template;
use crate::template::plan::{PlanScope, plan};
use crate::tui::testing::{draw_at_all_sizes, picture};

fn made() -> Plan {
    plan(&record().settings, Template::embedded(), &PlanScope::default()).unwrap()
}

/// The steps after so many seconds of a deployment that takes the usual times; `failed` fails when it would be done.
fn steps(plan: &Plan, seconds: u32, failed: Option<&str>, end: Option<DeploymentEnd>) -> Vec<Step> {
    let mut starts: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    let mut open: Vec<_> = plan.resources.iter().collect();
    while !open.is_empty() {
        open.retain(|resource| {
            let ready: Option<Vec<u32>> = resource
                .depends_on
                .iter()
                .map(|each| {
                    let before = plan.resources.iter().find(|other| other.symbol == *each)?;
                    Some(starts.get(each.as_str())? + before.seconds)
                })
                .collect();
            match ready {
                Some(ready) => {
                    starts.insert(&resource.symbol, ready.into_iter().max().unwrap_or(0));
                    false
                }
                None => true,
            }
        });
    }
    let after = |seconds: u32| BEGIN.checked_add(Duration::from_secs(u64::from(seconds))).unwrap();
    let blocked = |symbol: &str| failed.is_some_and(|failed| depends(plan, symbol, failed));
    let operations: Vec<DeploymentOperation> = plan
        .resources
        .iter()
        .filter(|resource| starts[resource.symbol.as_str()] < seconds && !blocked(&resource.symbol))
        .map(|resource| {
            let start = starts[resource.symbol.as_str()];
            let ended = start + resource.seconds <= seconds;
            let is_failed = ended && failed == Some(resource.symbol.as_str());
            DeploymentOperation {
                id: resource.symbol.clone(),
                provisioning_operation: "Create".into(),
                state: match (ended, is_failed) {
                    (_, true) => "Failed",
                    (true, _) => "Succeeded",
                    _ => "Running",
                }
                .into(),
                timestamp: after(if ended { start + resource.seconds } else { start }),
                duration: Duration::from_secs(if ended { resource.seconds.into() } else { 0 }),
                status_code: None,
                target: Some(TargetResource {
                    id: resource.id.clone(),
                    resource_type: resource.resource_type.clone(),
                    name: resource.name.clone(),
                }),
                problem: is_failed.then(problem),
            }
        })
        .collect();
    let mut progress = Progress::new(plan);
    progress.absorb(&operations, Some(after(seconds)));
    if let Some(end) = end {
        progress.finish(end);
    }
    progress.steps().to_vec()
}

fn depends(plan: &Plan, symbol: &str, on: &str) -> bool {
    let resource = plan.resources.iter().find(|each| each.symbol == symbol).unwrap();
    resource.depends_on.iter().any(|each| each == on || depends(plan, each, on))
}

fn problem() -> Problem {
    let mut problem = Problem::new(
        "InternalServerError",
        "The firewall could not be created.",
        "Retry: this code often means that the region is short of capacity, or that another operation holds \
         the network.",
    )
    .at("/subscriptions/x/resourceGroups/rg-test4821/providers/Microsoft.Network/azureFirewalls/fw-test4821")
    .saying("An error occurred.");
    problem.correlation_id = Some("3f0c2c1e-8a57-4a0e-9f8e-5a1d0c7be311".into());
    problem
}

fn told(app: &mut App, event: Event) {
    let id = app.deploy.shown;
    app.update(BEGIN, Message::Operation { id, event });
}

/// A program that watches an operation of which nothing has been told.
fn watching_of(operation: Operation) -> App {
    let mut app = app();
    app.screen = Screen::Deploy;
    app.operations.insert(0, Watch::new(operation, BEGIN));
    app
}

/// The same of a deployment.
fn watching() -> App {
    watching_of(Operation::Follow(Box::new(record())))
}

/// A deployment that was sent and has run for so many seconds.
fn running(seconds: u32, failed: Option<&str>, end: Option<DeploymentEnd>) -> App {
    let mut app = watching();
    let plan = made();
    told(&mut app, Event::Stage(Stage::Looking));
    told(&mut app, Event::Planned(Box::new(plan.clone())));
    let secret = SecretKind::Credentials;
    told(&mut app, Event::SecretKept { secret, place: "the practice store".into() });
    told(
        &mut app,
        Event::Started {
            of: Subject::Environment(Box::new(record())),
            deployment: "paml-test4821-20260105091400".into(),
            found: false,
        },
    );
    told(
        &mut app,
        Event::Steps {
            changed: steps(&plan, seconds, failed, end),
            turned: Vec::new(),
            elapsed: Duration::from_secs(seconds.into()),
            attempt: Attempt::default(),
        },
    );
    app
}

fn ended(app: &mut App, ended: Result<Ended<Finished>>) {
    let id = app.deploy.shown;
    app.update(BEGIN, Message::Ended { id, ended: Box::new(ended) });
}

fn stopped(cancelled: bool, seconds: u64, resources: usize, daily: f64) -> Ended<Finished> {
    let monthly = daily * 365.0 / 12.0;
    let cost = Estimate { monthly, daily, ..crate::domain::cost::tests::sample() };
    Ended::Stopped(Box::new(Stopped {
        cancelled,
        record: Some(Box::new(record())),
        deployment: Some("paml-test4821-20260105091400".into()),
        took: Duration::from_secs(seconds),
        problems: if cancelled { Vec::new() } else { vec![problem()] },
        counts: Counts::default(),
        not_attempted: Vec::new(),
        kept: KeptResources { resources: Ok(resources), cost: Some(cost) },
    }))
}

fn failed() -> App {
    let mut app = running(500, Some("firewall"), Some(DeploymentEnd::Failed));
    ended(&mut app, Ok(stopped(false, 964, 49, 11.2)));
    app.start.practice = false;
    app
}

/// How it looks at all sizes, and in pictures where there is much room and, for what people watch longest, little.
fn look_at(name: &str, app: &App) {
    let sizes = [(100, 30), (60, 18)];
    let pictures = if ["running", "failed", "chart", "acts"].contains(&name) { 2 } else { 1 };
    for (columns, rows) in sizes.into_iter().take(pictures) {
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), picture(app, columns, rows));
    }
    draw_at_all_sizes(app);
}

#[test]
fn while_it_is_prepared() {
    let mut app = watching();
    told(&mut app, Event::Stage(Stage::Validating));
    look_at("preparing", &app);
}

#[test]
fn while_it_runs() {
    look_at("running", &running(300, None, None));
}

#[test]
fn on_the_map_while_it_runs() {
    let mut app = running(300, None, None);
    press(&mut app, Key::char('m'));
    insta::assert_snapshot!("map_140x45", picture(&app, 140, 45));
    look_at("map", &app);
    press(&mut app, Key::char('m'));
    assert_eq!(app.deploy.view, View::Rows);
}

#[test]
fn while_azure_cannot_be_reached() {
    let mut app = running(300, None, None);
    let lost = Problem::new("NoConnection", "Azure cannot be reached.", "Check the network.");
    told(&mut app, Event::Notice(Notice::StillTrying(Box::new(lost))));
    let later = BEGIN.checked_add(Duration::from_secs(40)).unwrap();
    app.update(later, Message::Tick);
    let shown = picture(&app, 100, 30);
    assert!(shown.contains("Azure last answered 40 s ago"), "{shown}");
    draw_at_all_sizes(&app);
}

#[test]
fn after_a_failure() {
    look_at("failed", &failed());
}

#[test]
fn after_a_cancellation() {
    let mut app = running(200, None, Some(DeploymentEnd::Cancelled));
    ended(&mut app, Ok(stopped(true, 230, 31, 4.6)));
    look_at("cancelled", &app);
}

#[test]
fn where_it_was_refused() {
    let mut app = watching();
    let refused = Problem::new(
        "RequestDisallowedByPolicy",
        "A policy of your organisation forbids public IP addresses.",
        "Ask whoever keeps the policy for an exemption of rg-test4821.",
    )
    .saying("Resource 'pip-fw-test4821' was disallowed by policy.");
    ended(&mut app, Err(refused));
    look_at("refused", &app);
}

#[test]
fn what_stands_already() {
    let mut app = running(700, None, Some(DeploymentEnd::Succeeded));
    let forecast = serde_json::from_value(serde_json::json!({"changes": [{
    "id": "/x/providers/Microsoft.KeyVault/vaults/kv-test4821", "kind": "Modify",
    "properties": [
        {"path": "properties.publicNetworkAccess", "before": "Enabled", "after": "Disabled"},
        {"path": "properties.etag", "before": "1", "after": null, "noise": "Only Azure writes it."},
    ]}]}))
    .unwrap();
    let standing = DeployedEnvironment {
        record: record(),
        deployment: "paml-test4821-20260105091400".into(),
        took: None,
        outputs: serde_json::Map::new(),
        forecast,
        problems: Vec::new(),
        credentials: Some("the practice store".into()),
        elsewhere: None,
    };
    ended(&mut app, Ok(Ended::Done(Finished::Environment(Box::new(standing)))));
    look_at("stands", &app);
}

#[test]
fn bars_over_time() {
    let mut app = running(300, None, None);
    app.deploy.view = View::Chart;
    look_at("chart", &app);
}

#[test]
fn what_is_no_deployment_shows_its_steps() {
    let mut app = watching_of(Operation::Pause(Box::new(record())));
    look_at("acts_begun", &app);
    let acts = [
        OperationStep::StoppingMachine { name: "vm-test4821".into() },
        OperationStep::PausingFirewall { name: "fw-test4821".into() },
    ];
    for (number, act) in (1..).zip(acts) {
        told(&mut app, Event::Act { act, number, of: 2 });
    }
    app.update(BEGIN.checked_add(Duration::from_secs(75)).unwrap(), Message::Tick);
    look_at("acts", &app);
    let mut refused = app.clone();
    ended(&mut refused, Err(problem()));
    look_at("acts_refused", &refused);
    ended(&mut app, Ok(Ended::Done(Finished::AsAsked)));
    let shown = picture(&app, 100, 30);
    assert!(shown.contains("2 of 2") && shown.contains("Paused: nothing inside"), "{shown}");
}

#[test]
fn a_hub_is_watched_as_an_environment_is() {
    let hub = NewHub {
        name: "office".parse().unwrap(),
        region: "westeurope".into(),
        address_space: "10.2.0.0/16".parse().unwrap(),
        sku: GatewaySku::default(),
        on_premises_address: "198.51.100.7".parse().unwrap(),
        on_premises_ranges: vec!["192.168.0.0/16".parse().unwrap()],
        resolver: true,
    };
    let plan = crate::template::hub::plan(&hub, &PlanScope::default()).unwrap();
    let (of, hub) = (Subject::Hub(Box::new(hub.clone())), Box::new(hub));
    let mut app = watching_of(Operation::MakeHub { hub, beside: Box::new(record()) });
    told(&mut app, Event::Planned(Box::new(plan.clone())));
    told(&mut app, Event::Started { of, deployment: "paml-hub-office".into(), found: false });
    let (elapsed, attempt) = (Duration::from_mins(5), Attempt::default());
    let changed = steps(&plan, 300, None, None);
    told(&mut app, Event::Steps { changed, turned: Vec::new(), elapsed, attempt });
    look_at("hub", &app);
    ended(&mut app, Ok(stopped(true, 400, 9, 4.6)));
    let shown = picture(&app, 100, 30);
    assert!(shown.contains("privateaml hub office --delete"), "{shown}");
    assert!(!shown.contains("X  delete"), "{shown}");
    draw_at_all_sizes(&app);
}

/// The steps as they stand after so many seconds of an attempt.
fn stand(app: &mut App, seconds: u32, failed: Option<&str>, number: u32) {
    let elapsed = Duration::from_secs(seconds.into());
    let attempt = Attempt { number, elapsed };
    let changed = steps(&made(), seconds, failed, None);
    told(app, Event::Steps { changed, turned: Vec::new(), elapsed, attempt });
}

fn line_of(app: &App, words: &str) -> (usize, String) {
    let drawn = picture(app, 100, 30);
    let found = drawn.lines().enumerate().find(|(_, line)| line.contains(words));
    let (row, line) = found.unwrap_or_else(|| panic!("no {words} in {drawn}"));
    (row, line.to_owned())
}

/// A line of the pane at the left.
fn row_of(app: &App, words: &str) -> String {
    let drawn = picture(app, 100, 30);
    let mut rows = drawn.lines().map(|line| line.chars().take(44).collect::<String>());
    rows.find(|row| row.contains(words)).unwrap_or_else(|| panic!("no {words} in {drawn}"))
}

#[test]
fn no_row_moves_while_resources_are_created() {
    for opened in [None, Some("network"), Some("data")] {
        let mut app = running(1, None, None);
        app.deploy.opened.extend(opened.map(str::to_owned));
        app.deploy.selected = 3;
        let rows = |app: &App| -> Vec<usize> {
            let areas = ["network", "firewall", "data"].map(|area| {
                let fold = if opened == Some(area) { '▾' } else { '▸' };
                format!("{fold} {area} ")
            });
            let others = ["›", "Working on now", "Activity", "Progress"].map(str::to_owned);
            let words = areas.iter().chain(&others);
            words.map(|words| line_of(app, words).0).collect()
        };
        let before = rows(&app);
        for seconds in [20, 60, 200, 400, 500, 640] {
            stand(&mut app, seconds, None, 1);
            assert_eq!(rows(&app), before, "{opened:?} after {seconds} s");
        }
    }
}

#[test]
fn an_area_with_trouble_opens_at_the_end_and_the_chosen_row_stays_chosen() {
    let mut app = running(500, Some("firewall"), Some(DeploymentEnd::Failed));
    app.deploy.selected = 6;
    assert!(row_of(&app, "›").contains("access"));
    assert!(row_of(&app, "▸ firewall ").contains("failed: fw-"), "it says so while it is closed");
    ended(&mut app, Ok(stopped(false, 964, 49, 11.2)));
    app.deploy.pane = LivePane::Resources;
    assert!(row_of(&app, "›").contains("access"));
    assert!(row_of(&app, " fw-test4821 ").contains("failed"));
}

#[test]
fn what_is_sent_again_says_so_on_its_row_until_it_is_over() {
    let mut app = running(500, Some("firewall"), None);
    app.start.speed = 60.0;
    let because = vec![problem()];
    told(&mut app, Event::Retrying { attempt: 1, wait: Duration::from_mins(30), because });
    app.line = None;
    let (_, line) = line_of(&app, "firewall");
    assert!(line.contains("retry in 30s"), "{line}");
    app.deploy.opened.insert("firewall".into());
    let line = row_of(&app, " fw-test4821 ");
    assert!(line.contains("retry in 30s"), "{line}");
    app.update(BEGIN.checked_add(Duration::from_secs(31)).unwrap(), Message::Tick);
    let line = row_of(&app, " fw-test4821 ");
    assert!(line.contains("retrying"), "{line}");
    draw_at_all_sizes(&app);
    stand(&mut app, 200, None, 2);
    let line = row_of(&app, " fw-test4821 ");
    assert!(line.contains("attempt 2"), "{line}");
    stand(&mut app, 600, None, 2);
    let line = row_of(&app, " fw-test4821 ");
    assert!(!line.contains("attempt") && !line.contains("retry"), "{line}");
}

#[test]
fn that_azure_asks_to_slow_down_is_told_while_it_lasts() {
    let mut app = running(300, None, None);
    let wait = Duration::from_secs(30);
    told(&mut app, Event::Notice(Notice::Throttled { wait }));
    app.line = None;
    assert!(picture(&app, 100, 30).contains("Azure asks to wait, 30s left"));
    app.update(BEGIN.checked_add(Duration::from_secs(20)).unwrap(), Message::Tick);
    assert!(picture(&app, 100, 30).contains("Azure asks to wait, 10s left"));
    app.update(BEGIN.checked_add(Duration::from_secs(30)).unwrap(), Message::Tick);
    assert!(!picture(&app, 100, 30).contains("Azure asks to wait"));

    told(&mut app, Event::Notice(Notice::Throttled { wait }));
    stand(&mut app, 310, None, 1);
    assert!(!picture(&app, 100, 30).contains("Azure asks to wait"), "it has been read since");

    let mut app = watching_of(Operation::Pause(Box::new(record())));
    let act = OperationStep::PausingFirewall { name: "fw-test4821".into() };
    told(&mut app, Event::Act { act, number: 1, of: 1 });
    told(&mut app, Event::Notice(Notice::Throttled { wait }));
    let (_, line) = line_of(&app, "Switching the firewall");
    assert!(line.contains("30s left"), "{line}");
}

#[test]
fn what_is_slow_says_so_on_the_line_of_its_closed_area() {
    let app = running(300, None, None);
    let mut slow = steps(&made(), 300, None, None);
    let firewall = slow.iter_mut().find(|step| step.symbol == "firewall").unwrap();
    firewall.elapsed = Some(Duration::from_hours(1));
    let mut app_slow = app;
    let elapsed = Duration::from_hours(1);
    let attempt = Attempt::default();
    told(&mut app_slow, Event::Steps { changed: slow, turned: Vec::new(), elapsed, attempt });
    let (_, line) = line_of(&app_slow, " firewall ");
    assert!(line.contains("slow: fw-test4821"), "{line}");
    let (_, line) = line_of(&running(300, None, None), " firewall ");
    assert!(!line.contains("slow"), "{line}");
}
