//! The deployment in its states, looked at.

use std::time::Duration;

use crate::app::App;
use crate::app::key::Key;
use crate::app::message::Message;
use crate::app::screen::Screen;
use crate::app::screen::deploy::View;
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
