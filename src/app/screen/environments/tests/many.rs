//! Rows that come subscription by subscription, and states that are read only where somebody looks.

use super::*;
use crate::domain::environment::row::SeenSubscription;
use crate::domain::problem::Problem;

fn subscription(number: usize) -> SeenSubscription {
    SeenSubscription {
        id: format!("subscription-{number}"),
        name: format!("Research {number}"),
        tenant_id: "contoso".into(),
    }
}

fn found(name: &str, number: usize, known: KnownFrom) -> EnvironmentRow {
    let mut row = row(name, Phase::Deploying);
    row.record.attempts.clear();
    row.record.subscription_id = subscription(number).id;
    row.record.resource_group = format!("rg-{name}");
    EnvironmentRow {
        known,
        subscription: subscription(number).name,
        unsettled: known == KnownFrom::AzureOnly,
        ..row
    }
}

fn begun(search: u64, subscriptions: usize, rows: Vec<EnvironmentRow>) -> Message {
    Message::SearchBegun {
        search,
        subscriptions: (1..=subscriptions).map(subscription).collect(),
        rows,
        problems: Vec::new(),
    }
}

fn read(search: u64, number: usize, rows: Vec<EnvironmentRow>) -> Message {
    Message::SubscriptionRead {
        search,
        subscription: subscription(number),
        rows,
        hubs: Vec::new(),
        problems: Vec::new(),
    }
}

fn signed_in(subscriptions: usize) -> App {
    let mut app = app();
    let rows = (1..=subscriptions).map(subscription);
    let found = SignedIn {
        who: "you@contoso.com".into(),
        how: "Azure CLI".into(),
        tenant_id: "contoso".into(),
        subscriptions: rows
            .map(|each| SubscriptionRow { id: each.id, name: each.name, tenant_id: None })
            .collect(),
        practice: false,
        chosen: None,
    };
    app.update(BEGIN, Message::SignedIn(Box::new(found)));
    app.dialog = None;
    app
}

fn names(app: &App) -> Vec<&str> {
    let rows = app.environments.rows.iter();
    rows.map(|row| row.record.full_name.as_str()).collect()
}

/// The names whose newest deployments are to be read.
fn asked(effects: &[Effect]) -> Vec<String> {
    let records = effects.iter().filter_map(|effect| match effect {
        Effect::ReadNewest(records) => Some(records),
        _ => None,
    });
    records.flatten().map(|record| record.full_name.clone()).collect()
}

#[test]
fn rows_fill_in_as_subscriptions_answer() {
    let mut app = signed_in(2);
    app.update(BEGIN, begun(1, 2, Vec::new()));
    assert_eq!(app.environments.answered(), (0, 2));
    app.update(BEGIN, read(1, 2, vec![found("beta0001", 2, KnownFrom::AzureOnly)]));
    assert_eq!(app.environments.answered(), (1, 2));
    assert_eq!(app.environments.search, Search::Looking);
    app.update(BEGIN, read(1, 1, vec![found("alfa0001", 1, KnownFrom::AzureOnly)]));
    assert_eq!(names(&app), ["alfa0001", "beta0001"]);
    assert!(matches!(app.environments.search, Search::Done(_)));
    // Read again: what a subscription has no longer goes, others stay until theirs has answered.
    app.update(BEGIN, begun(2, 2, Vec::new()));
    app.update(BEGIN, read(2, 1, Vec::new()));
    assert_eq!(names(&app), ["beta0001"]);
    // What an older search still tells is dropped.
    app.update(BEGIN, read(1, 1, vec![found("alfa0001", 1, KnownFrom::AzureOnly)]));
    assert_eq!(names(&app), ["beta0001"]);
}

#[test]
fn what_was_recorded_shows_at_once_and_is_not_called_ready_before_azure_was_asked() {
    let mut app = signed_in(1);
    let recorded = EnvironmentRow::recorded(row("test4821", Phase::Ready).record);
    app.update(BEGIN, Message::Recorded { rows: vec![recorded], problems: Vec::new() });
    assert_eq!(app.environments.rows[0].state(), "ready?");
    // Its subscription is none of those that are asked: the search tells what becomes of it.
    let mut gone = row("test4821", Phase::Ready);
    gone.known = KnownFrom::OtherTenant;
    app.update(BEGIN, begun(1, 1, vec![gone]));
    assert_eq!(app.environments.rows[0].state(), "in another tenant");
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    assert!(app.line.as_ref().unwrap().text.contains("another tenant"));
}

#[test]
fn the_choice_does_not_jump_when_rows_arrive() {
    let mut app = signed_in(3);
    app.update(BEGIN, begun(1, 3, Vec::new()));
    app.update(
        BEGIN,
        read(
            1,
            3,
            vec![
                found("mike0001", 3, KnownFrom::AzureOnly),
                found("zulu0001", 3, KnownFrom::AzureOnly),
            ],
        ),
    );
    // Nobody has moved: the first row is the first row.
    app.update(BEGIN, read(1, 2, vec![found("lima0001", 2, KnownFrom::AzureOnly)]));
    let chosen = |app: &App| app.environments.chosen().map(|row| row.record.full_name.clone());
    assert_eq!(chosen(&app).as_deref(), Some("lima0001"));
    press(&mut app, Key::of(Code::Down));
    app.update(BEGIN, read(1, 1, vec![found("alfa0001", 1, KnownFrom::AzureOnly)]));
    assert_eq!(chosen(&app).as_deref(), Some("mike0001"));
    // The row that makes a new one stays chosen too.
    press(&mut app, Key::of(Code::End));
    app.update(BEGIN, read(1, 1, Vec::new()));
    app.update(BEGIN, read(1, 1, vec![found("alfa0001", 1, KnownFrom::AzureOnly)]));
    assert_eq!(app.environments.selected, 4);
    assert_eq!(chosen(&app), None);
}

#[test]
fn states_are_read_a_screenful_at_a_time_near_the_choice_and_once() {
    let mut app = signed_in(1);
    app.update(BEGIN, begun(1, 1, Vec::new()));
    let rows: Vec<EnvironmentRow> =
        (0..500).map(|number| found(&format!("env{number:04}"), 1, KnownFrom::AzureOnly)).collect();
    let effects = app.update(BEGIN, read(1, 1, rows.clone()));
    let first = asked(&effects);
    assert_eq!(first.len(), 30);
    assert_eq!(first[0], "env0000");
    // Whoever moves on meanwhile is answered when the first screenful has been.
    assert!(asked(&press(&mut app, Key::of(Code::End))).is_empty());
    let mut after = Vec::new();
    for row in rows.iter().take(30) {
        after = app.update(
            BEGIN,
            Message::Newest { record: Box::new(row.record.clone()), read: Ok(Some(Phase::Ready)) },
        );
    }
    assert_eq!(app.environments.rows[0].state(), "ready");
    let second = asked(&after);
    assert_eq!(second.first().map(String::as_str), Some("env0490"));
    assert_eq!(second.len(), 10);
    for row in rows.iter().skip(490) {
        let refused = Problem::new("AuthorizationFailed", "It may not be read.", "Ask.");
        app.update(
            BEGIN,
            Message::Newest { record: Box::new(row.record.clone()), read: Err(refused) },
        );
    }
    // What cannot be read is said and not asked for again.
    assert_eq!(app.environments.rows[499].state(), "found in Azure");
    assert!(app.environments.rows[499].problem.is_some());
    press(&mut app, Key::of(Code::Up));
    assert!(asked(&press(&mut app, Key::of(Code::Home))).is_empty());
}

#[test]
fn the_filter_takes_words_of_every_column() {
    let mut app = signed_in(2);
    app.update(BEGIN, begun(1, 2, Vec::new()));
    app.update(BEGIN, read(1, 1, vec![found("beta0001", 1, KnownFrom::Gone)]));
    app.update(BEGIN, read(1, 2, vec![found("beta0001", 2, KnownFrom::AzureOnly)]));
    for (typed, fits) in [
        ("beta", 2),
        ("RESEARCH 2", 1),
        ("gone", 1),
        ("beta research gone", 1),
        ("west", 2),
        ("nothing", 0),
    ] {
        app.environments.filter = Input::new(typed.into());
        assert_eq!(app.environments.fitting().len(), fits, "{typed}");
    }
}

#[test]
fn opening_follows_the_environment_into_its_subscription() {
    let mut app = signed_in(3);
    app.update(BEGIN, begun(1, 3, Vec::new()));
    app.update(BEGIN, read(1, 3, vec![found("beta0001", 3, KnownFrom::AzureOnly)]));
    let effects = press(&mut app, Key::of(Code::Enter));
    assert!(effects.contains(&Effect::UseSubscription("subscription-3".into())));
    let follows = |effect: &Effect| {
        matches!(effect, Effect::Run { operation, .. }
        if operation.record().unwrap().subscription_id == "subscription-3")
    };
    assert!(effects.iter().any(follows));
    assert_eq!(app.account.subscription().unwrap().name, "Research 3");
}

#[test]
fn what_is_not_ours_to_change_is_looked_at_but_not_deleted() {
    let mut app = signed_in(1);
    app.update(BEGIN, begun(1, 1, Vec::new()));
    let mut seed = found("seed4711", 1, KnownFrom::AzureOnly);
    seed.record.made_by = MadeBy::Terraform;
    let mut unread = found("unread01", 1, KnownFrom::Unread);
    unread.problem = Some(Box::new(Problem::new("AuthorizationFailed", "No.", "Ask.")));
    app.update(BEGIN, read(1, 1, vec![seed, unread]));
    press(&mut app, Key::char('X'));
    assert!(app.dialog.is_none());
    assert!(app.line.as_ref().unwrap().text.contains("Terraform"));
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.screen, Screen::Status, "it can be looked at");
    press(&mut app, Key::char('X'));
    assert!(app.dialog.is_none());
    press(&mut app, Key::of(Code::Escape));
    press(&mut app, Key::of(Code::Down));
    press(&mut app, Key::char('X'));
    assert!(app.dialog.is_none());
    press(&mut app, Key::of(Code::Enter));
    assert!(matches!(app.dialog, Some(Dialog::Viewer(_))));
}

#[test]
fn the_subscription_is_asked_for_where_it_matters() {
    let mut app = app();
    app.update(
        BEGIN,
        Message::Recorded {
            rows: vec![EnvironmentRow::recorded(row("test4821", Phase::Ready).record)],
            problems: Vec::new(),
        },
    );
    let before = signed_in(2);
    let Some(found) = before.account.signed_in().cloned() else {
        panic!("signed in");
    };
    app.update(BEGIN, Message::SignedIn(Box::new(found)));
    assert_eq!(app.place(), Place::Screen(Screen::Environments));
    press(&mut app, Key::char('n'));
    assert_eq!((app.screen, app.place()), (Screen::Basics, Place::Picker));
}
