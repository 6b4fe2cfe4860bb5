//! The list and the welcome in their states, looked at.

use crate::app::App;
use crate::app::account::{Account, SignedIn, SubscriptionRow};
use crate::app::key::Key;
use crate::app::message::{EnvironmentRow, Message};
use crate::app::tests::{BEGIN, app, record};
use crate::domain::cost::{Prices, estimate};
use crate::domain::environment::row::SeenSubscription;
use crate::domain::environment::{KnownFrom, MadeBy, Phase};
use crate::domain::problem::Problem;
use crate::tui::testing::{draw_at_all_sizes, picture};

fn connected() -> App {
    let mut app = app();
    app.start.practice = false;
    let found = SignedIn {
        who: "you@contoso.com".into(),
        how: "Azure CLI".into(),
        tenant_id: String::new(),
        subscriptions: vec![SubscriptionRow {
            id: record().subscription_id,
            name: "Contoso Research".into(),
            tenant_id: None,
        }],
        practice: false,
        chosen: None,
    };
    app.update(BEGIN, Message::SignedIn(Box::new(found)));
    app
}

fn row(name: &str, region: &str, phase: Phase, known: KnownFrom) -> EnvironmentRow {
    let mut record = record();
    record.full_name = name.into();
    record.settings.region = region.into();
    record.resource_group = format!("rg-{name}");
    record.phase = phase;
    EnvironmentRow {
        known,
        unsettled: known == KnownFrom::AzureOnly,
        ..EnvironmentRow::recorded(record)
    }
}

fn several() -> App {
    let mut app = connected();
    let gone = row("orion0093", "westeurope", Phase::Ready, KnownFrom::Gone);
    let rows = vec![
        row("demo1177", "northeurope", Phase::Ready, KnownFrom::Both),
        row("gene2040", "swedencentral", Phase::Failed, KnownFrom::Both),
        row("lab0815", "westeurope", Phase::Deploying, KnownFrom::AzureOnly),
        gone,
        row("scan4821", "westeurope", Phase::Deploying, KnownFrom::Both),
    ];
    app.update(BEGIN, Message::Found { rows, problems: Vec::new() });
    app
}

#[test]
fn what_the_welcome_promises_is_what_the_plan_says() {
    let settings = record().settings;
    let template = crate::template::Template::embedded();
    let scope = crate::template::plan::PlanScope::default();
    let plan = crate::template::plan::plan(&settings, template, &scope).unwrap();
    let daily = estimate(&plan, &Prices::snapshot()).daily;
    assert_eq!(format!("{daily:.0}"), super::welcome::USUAL_DOLLARS.to_string());
    let fives = (plan.critical_seconds + 150) / 300;
    assert_eq!(fives * 5, super::welcome::USUAL_MINUTES);
}

#[test]
fn the_list_at_each_size() {
    let app = several();
    for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
        insta::assert_snapshot!(format!("list_{columns}x{rows}"), picture(&app, columns, rows));
    }
    draw_at_all_sizes(&app);
}

#[test]
fn the_welcome_at_each_size() {
    let mut app = connected();
    app.update(BEGIN, Message::Recorded { rows: Vec::new(), problems: Vec::new() });
    for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
        insta::assert_snapshot!(format!("welcome_{columns}x{rows}"), picture(&app, columns, rows));
    }
    draw_at_all_sizes(&app);
}

#[test]
fn hundreds_of_environments_keep_the_chosen_one_in_sight() {
    let mut app = connected();
    let rows = (0..500)
        .map(|number| row(&format!("env{number:04}"), "westeurope", Phase::Ready, KnownFrom::Both))
        .collect();
    app.update(BEGIN, Message::Found { rows, problems: Vec::new() });
    app.environments.selected = 250;
    assert!(picture(&app, 100, 30).contains("› env0250"));
}

#[test]
fn nobody_signed_in_is_said_with_the_next_step() {
    let mut app = app();
    app.start.practice = false;
    app.account = Account::Failed(Box::new(Problem::new(
        "NotSignedIn",
        "No sign-in to Azure was found on this machine.",
        "Run `az login`.",
    )));
    insta::assert_snapshot!("not_signed_in", picture(&app, 100, 30));
    draw_at_all_sizes(&app);
}

#[test]
fn what_could_not_be_read_is_said_beside_what_could() {
    let mut app = several();
    let problem = Problem::new(
        "RecordUnreadable",
        "The record of old0001 cannot be read.",
        "Delete the file, or mend it.",
    );
    app.environments.problems = vec![problem];
    let shown = picture(&app, 100, 30);
    assert!(shown.contains("1 entry could not be read"), "{shown}");
    assert!(shown.contains("demo1177"));
}

fn in_subscription(number: usize, row: EnvironmentRow) -> EnvironmentRow {
    let mut row = row;
    row.record.subscription_id = format!("subscription-{number}");
    row.subscription = format!("Contoso Research {number}");
    row
}

/// A search in twenty subscriptions of which some have answered.
fn searching(rows: &[EnvironmentRow], answered: usize) -> App {
    let mut app = connected();
    let seen = |number: usize| SeenSubscription {
        id: format!("subscription-{number}"),
        name: format!("Contoso Research {number}"),
        tenant_id: String::new(),
    };
    app.update(
        BEGIN,
        Message::SearchBegun {
            search: 1,
            subscriptions: (1..=20).map(seen).collect(),
            rows: Vec::new(),
            problems: Vec::new(),
        },
    );
    for number in 1..=answered {
        let id = seen(number).id;
        let rows = rows.iter().filter(|row| row.record.subscription_id == id);
        app.update(
            BEGIN,
            Message::SubscriptionRead {
                search: 1,
                subscription: seen(number),
                rows: rows.cloned().collect(),
                hubs: Vec::new(),
                problems: Vec::new(),
            },
        );
    }
    app
}

fn of_every_kind() -> Vec<EnvironmentRow> {
    let known = |name, phase, known| row(name, "westeurope", phase, known);
    let mut seed = known("seed4711", Phase::Submitted, KnownFrom::AzureOnly);
    seed.record.made_by = MadeBy::Terraform;
    seed.unsettled = false;
    seed.network_unread = true;
    let mut unread = known("hidden04", Phase::Ready, KnownFrom::Unread);
    unread.problem = Some(Box::new(Problem::new(
        "AuthorizationFailed",
        "This account may not list resource groups there.",
        "Ask for the role Reader on the subscription.",
    )));
    vec![
        in_subscription(1, known("demo1177", Phase::Ready, KnownFrom::Both)),
        in_subscription(2, known("gone0003", Phase::Ready, KnownFrom::Gone)),
        in_subscription(3, unread),
        in_subscription(3, known("lab0815", Phase::Deploying, KnownFrom::AzureOnly)),
        in_subscription(4, known("orion0093", Phase::Ready, KnownFrom::OtherTenant)),
        in_subscription(5, seed),
        in_subscription(5, known("told0001", Phase::Ready, KnownFrom::HereOnly)),
    ]
}

#[test]
fn several_subscriptions_at_each_size() {
    let mut app = searching(&of_every_kind(), 12);
    app.environments.selected = 2;
    for (columns, rows) in [(100, 30), (60, 18)] {
        insta::assert_snapshot!(
            format!("subscriptions_{columns}x{rows}"),
            picture(&app, columns, rows)
        );
    }
    draw_at_all_sizes(&app);
    assert!(picture(&app, 100, 30).contains("12 of 20 subscriptions read"));
}

#[test]
fn a_seed_says_what_it_is() {
    let mut app = searching(&of_every_kind(), 20);
    app.environments.selected = 5;
    let shown = picture(&app, 100, 30);
    for words in ["created with Terraform", "not read", "Terraform state"] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
}

#[test]
fn five_hundred_rows_of_twenty_subscriptions_are_filtered_at_every_size() {
    let rows: Vec<EnvironmentRow> = (0..500)
        .map(|number| {
            let name = format!("env{number:04}");
            let row = row(&name, "westeurope", Phase::Ready, KnownFrom::Both);
            in_subscription(number % 20 + 1, row)
        })
        .collect();
    let mut app = searching(&rows, 20);
    app.update(BEGIN, Message::Key(Key::char('/')));
    for letter in "0123".chars() {
        app.update(BEGIN, Message::Key(Key::char(letter)));
    }
    for (columns, rows) in [(100, 30), (60, 18)] {
        let shown = picture(&app, columns, rows);
        assert!(shown.contains("› env0123"), "{shown}");
        assert!(shown.contains("1 of 500 fit"), "{shown}");
        assert!(!shown.contains("env0124"), "{shown}");
    }
}
