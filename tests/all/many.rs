//! Five hundred environments in twenty subscriptions, as a person meets them: on the screen at once, filtered as they
//! are typed for, opened wherever they are, and listed line by line; with no more reads than that takes.

#![cfg(unix)]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, sync::Arc};

use crate::support::{
    Machine, TEST,
    terminal::{ENTER, ESCAPE, Terminal},
};
use privateaml::{
    azure::{
        arm::Arm,
        auth::LoopbackCredential,
        cloud::Endpoints,
        http::{Connection, Http},
    },
    domain::{
        environment::tags,
        settings::{Cloud, Settings},
    },
    practice::{self, Fault, Options, Server, subscription_id},
    store::paths::Paths,
};
use serde_json::Value;

/// The subscription that answers late.
const SLOW: u32 = 7;

/// A practice cloud with twenty subscriptions that notes what it is asked; it ends with its runtime.
struct Azure {
    runtime: tokio::runtime::Runtime,
    server: Server,
}

impl Azure {
    fn start(machine: &Machine, faults: &[Fault]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut options = Options::new(Paths::below(machine.home()).practice_cloud());
        options.speed = 3000.0;
        options.subscriptions = Some(20);
        options.faults = faults.to_vec();
        options.record = Some(machine.home().join("exchanges.jsonl"));
        let server = {
            let _inside = runtime.enter();
            practice::start(options).unwrap()
        };
        Self { runtime, server }
    }

    fn url(&self) -> String {
        self.server.url().to_string()
    }

    /// Makes the groups of twenty-five environments in each subscription, as other machines would have.
    fn plant(&self) {
        let endpoints = Endpoints::overridden(&self.server.url(), Cloud::Public).unwrap();
        let connection = Connection::to(&endpoints, None);
        let credential = LoopbackCredential::new(connection.clone(), endpoints.clone(), None);
        let http = Http::new(connection, endpoints, Arc::new(credential));
        self.runtime.block_on(async {
            for number in 0..500 {
                let settings = Settings::new(
                    "env".parse().unwrap(),
                    format!("{number:04}").parse().unwrap(),
                    "westeurope".into(),
                    "10.1.0.0/22".parse().unwrap(),
                );
                let tags = tags::tags(&settings, None).unwrap();
                let arm = Arm::new(http.clone(), subscription_id(number % 20 + 1));
                arm.create_resource_group(&settings.resource_group(), "westeurope", &tags)
                    .await
                    .unwrap();
            }
        });
    }
}

/// The paths read below `/subscriptions` after so many lines of the record.
fn reads(home: &Path, after: usize) -> Vec<String> {
    let text = std::fs::read_to_string(home.join("exchanges.jsonl")).unwrap();
    text.lines()
        .skip(after)
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| line["path"].as_str().unwrap().to_lowercase())
        .filter(|path| path.starts_with("/subscriptions"))
        .collect()
}

fn lines(home: &Path) -> usize {
    let text = std::fs::read_to_string(home.join("exchanges.jsonl")).unwrap();
    text.lines().count()
}

#[test]
fn the_screen_fills_in_filters_and_asks_no_more_than_it_shows() {
    let machine = Machine::new();
    Azure::start(&machine, &[]).plant();
    let azure = Azure::start(&machine, &[Fault::SlowSubscription(SLOW)]);
    let before = lines(machine.home());
    let mut terminal = Terminal::start(machine.home(), &["--endpoint", &azure.url()], 100, 30);
    // Rows are there, to be filtered, while one subscription has not answered.
    terminal.wait("19 of 20 subscriptions read");
    assert!(terminal.screen().contains("475 environments in 20 subscriptions"));
    assert!(terminal.screen().contains("env0000"));
    terminal.press("/0123");
    terminal.wait("  1 of 475 fit");
    assert!(terminal.screen().contains("env0123"));
    terminal.press(ESCAPE);
    terminal.wait("500 environments in 20 subscriptions");
    terminal.wait("checked");
    // What was slow is there now.
    terminal.press("/0106");
    terminal.wait("  1 of 500 fit");
    assert!(terminal.screen().contains("Practice subscription 7"));
    terminal.press(ENTER);
    // Nothing was sent there: the state of what is in sight was read.
    terminal.wait("not sent");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    let asked = reads(machine.home(), before);
    let count = |what: &dyn Fn(&str) -> bool| asked.iter().filter(|path| what(path)).count();
    assert_eq!(count(&|path| path.ends_with("/resourcegroups")), 20);
    assert_eq!(count(&|path| path == "/subscriptions"), 1);
    // The first rows and those that were filtered for, a screenful each at most.
    let newest = count(&|path| path.contains("/deployments"));
    assert!((2..=120).contains(&newest), "{newest}");
    assert_eq!(asked.len(), 21 + newest, "{asked:#?}");
}

#[test]
fn an_environment_in_another_subscription_is_listed_opened_and_shown() {
    let machine = Machine::new();
    let azure = Azure::start(&machine, &[Fault::UnreadableSubscription(2)]);
    let url = azure.url();
    let deploy = ["deploy", "--yes", "--subscription", "Practice subscription 3"];
    let deploy = [&deploy[..], &["--endpoint", &url], TEST].concat();
    machine.run(&deploy).expect(0);
    // Another machine: nothing is recorded here.
    let records = Paths::below(machine.home()).environments(true);
    std::fs::remove_dir_all(records).unwrap();
    let listed = machine.run(&["list", "--json", "--endpoint", &url]).expect(0);
    let row = listed.event("environment");
    assert_eq!(row["subscription"], subscription_id(3));
    assert_eq!(row["subscription_name"], "Practice subscription 3");
    assert_eq!((&row["known"], &row["phase"]), (&"azure".into(), &"ready".into()));
    let last = listed.lines().pop().unwrap();
    assert_eq!(last["problem"]["code"], "AuthorizationFailed", "{last}");
    let status = machine.run(&["status", "test", "--json", "--endpoint", &url]);
    assert_eq!(status.expect(0).event("status")["phase"], "ready");
    let mut terminal = Terminal::start(machine.home(), &["--endpoint", &url], 80, 24);
    terminal.wait("checked");
    terminal.wait("ready");
    terminal.press(ENTER);
    terminal.wait("Everything is as planned");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
}
