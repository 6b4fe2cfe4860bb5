//! The wizard without a terminal and without a cloud: messages as the world would send them, pictures as cells.

#![allow(dead_code, reason = "each user takes its own part of this")]

use std::{sync::LazyLock, time::Duration};

use jiff::Timestamp;
use privateaml::{
    app::{
        App, StartOptions,
        account::{SignedIn, SubscriptionRow},
        message::{EnvironmentRow, Message},
        watch::Watch,
    },
    domain::{
        environment::{EnvironmentScope, Keeping, KnownFrom, Phase, Record},
        forecast::{ChangeKind, Forecast, Foreseen},
        name::{EnvironmentName, Suffix},
        operation::{
            Attempt, DeployedEnvironment, Ended, Event, Finished, KeptResources, Notice, Operation,
            SecretKind, Stage, Stopped, Subject,
        },
        plan::Plan,
        problem::Problem,
        progress::{Counts, DeploymentOperation, Progress, Step, TargetResource},
        settings::{Cloud, Draft, Settings},
    },
    template::{
        Template,
        plan::{PlanScope, plan},
    },
    tui::{Appearance, Choice, Hits, draw},
};
use ratatui::{buffer::Buffer, layout::Rect};

/// When tests begin.
pub fn begin() -> Timestamp {
    "2026-01-05T09:14:00Z".parse().unwrap()
}

/// A moment so many seconds after that.
pub fn after(seconds: u64) -> Timestamp {
    begin().checked_add(Duration::from_secs(seconds)).unwrap()
}

/// A program that has just begun, on the practice cloud or on Azure.
pub fn app(practice: bool) -> App {
    let start = StartOptions {
        version: "0.1.0".into(),
        practice,
        speed: if practice { 60.0 } else { 1.0 },
        utc_offset: 0,
        cloud: Cloud::Public,
        subscription: None,
        draft: Draft::default(),
    };
    App::new(start, begin()).0
}

/// What the tests choose.
pub fn settings() -> Settings {
    Settings::new(
        EnvironmentName::parse("test").unwrap(),
        Suffix::parse("4821").unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    )
}

/// What would be made of it.
pub fn made() -> Plan {
    static MADE: LazyLock<Plan> =
        LazyLock::new(|| plan(&settings(), Template::embedded(), &PlanScope::default()).unwrap());
    MADE.clone()
}

/// Its record.
pub fn record(practice: bool, phase: Phase) -> Record {
    let place = EnvironmentScope {
        subscription_id: "00000000-0000-4000-8000-0000000051b1".into(),
        tenant_id: "00000000-0000-4000-8000-00000000a111".into(),
        resource_group: "rg-test4821".into(),
        practice,
    };
    let keeping = if practice { Keeping::Practice } else { Keeping::Keychain };
    let mut record = Record::new(settings(), place, keeping, begin());
    record.phase = phase;
    record.user_name = Some("uabc2345".into());
    record.note_attempt("paml-test4821-20260105091400", begin());
    record
}

/// A sign-in with one subscription.
pub fn signed_in() -> Message {
    Message::SignedIn(Box::new(SignedIn {
        who: "you@contoso.com".into(),
        how: "Azure CLI".into(),
        tenant_id: "00000000-0000-4000-8000-00000000a111".into(),
        subscriptions: vec![SubscriptionRow {
            id: "00000000-0000-4000-8000-0000000051b1".into(),
            name: "Contoso Research".into(),
            tenant_id: None,
        }],
        practice: false,
        chosen: None,
    }))
}

/// A list with one environment.
pub fn found(practice: bool, phase: Phase) -> Message {
    Message::Found {
        rows: vec![EnvironmentRow {
            known: KnownFrom::Both,
            ..EnvironmentRow::recorded(record(practice, phase))
        }],
        problems: Vec::new(),
    }
}

/// A list with many environments in several subscriptions.
pub fn many(environments: usize, subscriptions: usize) -> Message {
    let rows = (0..environments)
        .map(|number| {
            let mut record = record(false, Phase::Ready);
            let subscription = number % subscriptions + 1;
            record.full_name = format!("env{number:04}");
            record.resource_group = format!("rg-env{number:04}");
            record.subscription_id = format!("subscription-{subscription}");
            EnvironmentRow {
                known: KnownFrom::Both,
                subscription: format!("Contoso Subscription {subscription}"),
                ..EnvironmentRow::recorded(record)
            }
        })
        .collect();
    Message::Found { rows, problems: Vec::new() }
}

/// A failure in words.
pub fn problem() -> Problem {
    Problem::new(
        "InternalServerError",
        "The firewall could not be created.",
        "Retry: this is usually temporary.",
    )
    .at("fw-test4821")
    .saying("An error occurred.")
}

/// The steps of the plan when so many have been made and as many as asked for run.
pub fn steps(plan: &Plan, done: usize, running: usize) -> Vec<Step> {
    let mut progress = Progress::new(plan);
    let operations: Vec<DeploymentOperation> = plan
        .resources
        .iter()
        .take(done + running)
        .enumerate()
        .map(|(index, resource)| DeploymentOperation {
            id: format!("operation-{index}"),
            provisioning_operation: "Create".into(),
            status_code: None,
            state: if index < done { "Succeeded" } else { "Running" }.into(),
            timestamp: after(60),
            duration: Duration::from_secs(40),
            target: Some(TargetResource {
                id: resource.id.clone(),
                resource_type: resource.resource_type.clone(),
                name: resource.name.clone(),
            }),
            problem: None,
        })
        .collect();
    progress.absorb(&operations, Some(after(90)));
    progress.steps().to_vec()
}

/// Has the program watch a deployment; its number.
pub fn watched(app: &mut App) -> u64 {
    app.begun += 1;
    app.deploy.shown = app.begun;
    let operation = Operation::Follow(Box::new(record(true, Phase::Deploying)));
    app.operations.insert(app.begun, Watch::new(operation, begin()));
    app.begun
}

/// What is told of the deployment from its begin on, as far as so many steps.
pub fn news(id: u64, done: usize, running: usize) -> Vec<Message> {
    let plan = made();
    let told = |event| Message::Operation { id, event };
    vec![
        told(Event::Stage(Stage::Looking)),
        told(Event::Planned(Box::new(plan.clone()))),
        told(Event::SecretKept {
            secret: SecretKind::Credentials,
            place: "the practice store".into(),
        }),
        told(Event::Started {
            of: Subject::Environment(Box::new(record(true, Phase::Deploying))),
            deployment: "paml-test4821-20260105091400".into(),
            found: false,
        }),
        told(Event::Steps {
            changed: steps(&plan, done, running),
            turned: Vec::new(),
            elapsed: Duration::from_secs(90),
            attempt: Attempt::default(),
        }),
    ]
}

/// What a deployment tells that goes wrong on its way.
pub fn troubles() -> Vec<Event> {
    vec![
        Event::Stage(Stage::Cancelling),
        Event::Notice(Notice::StillTrying(Box::new(problem()))),
        Event::Notice(Notice::Reconnected),
        Event::Retrying { attempt: 1, wait: Duration::from_secs(30), because: vec![problem()] },
    ]
}

/// Each way in which a deployment can end, and the way in which it cannot begin.
pub fn endings() -> Vec<Result<Ended<Finished>, Problem>> {
    let standing = DeployedEnvironment {
        record: record(true, Phase::Failed),
        deployment: "paml-test4821-20260105091400".into(),
        took: Some(Duration::from_secs(611)),
        outputs: serde_json::Map::new(),
        forecast: Forecast::default(),
        problems: Vec::new(),
        credentials: Some("the practice store".into()),
        elsewhere: None,
    };
    let existing = DeployedEnvironment {
        took: None,
        forecast: Forecast {
            changes: vec![Foreseen {
                id: "/x/providers/Microsoft.KeyVault/vaults/kv-test4821".into(),
                kind: ChangeKind::Modify,
                properties: Vec::new(),
            }],
            ..Forecast::default()
        },
        problems: vec![problem()],
        credentials: None,
        ..standing.clone()
    };
    let stopped = |cancelled: bool| Stopped {
        cancelled,
        record: Some(Box::new(record(true, Phase::Failed))),
        deployment: None,
        took: Duration::from_secs(611),
        problems: if cancelled { Vec::new() } else { vec![problem()] },
        counts: Counts::default(),
        not_attempted: Vec::new(),
        kept: KeptResources { resources: Ok(49), cost: None },
    };
    vec![
        Ok(Ended::Done(Finished::Environment(Box::new(standing)))),
        Ok(Ended::Done(Finished::Environment(Box::new(existing)))),
        Ok(Ended::Stopped(Box::new(stopped(false)))),
        Ok(Ended::Stopped(Box::new(stopped(true)))),
        Ok(Ended::Left { deployment: Some("paml-test4821-20260105091400".into()) }),
        Err(problem()),
    ]
}

/// The message of an end.
pub fn ended(id: u64, ended: Result<Ended<Finished>, Problem>) -> Message {
    Message::Ended { id, ended: Box::new(ended) }
}

/// The usual look.
pub fn look() -> Appearance {
    Appearance::new(Choice { color: true, light: false, ascii: false })
}

/// The cells of a picture.
pub fn cells(app: &App, look: &Appearance, columns: u16, rows: u16) -> Buffer {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    draw(app, look, area, &mut buffer, &mut Hits::default());
    buffer
}
