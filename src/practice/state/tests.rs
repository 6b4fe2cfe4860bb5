//! Tests of the state on disk: restarts, several processes, processes killed half way.

mod crash;
mod growth;
mod previous;
mod tracked;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{Cloud, Store, StoredGroup, What};
use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::state::SUBSCRIPTION;
use crate::practice::testing::{Bench, in_group, subscription};

fn group(name: &str) -> String {
    format!("{}/resourcegroups/{name}", subscription())
}

#[test]
fn state_survives_a_restart_and_time_has_gone_on() {
    let mut bench = Bench::with_group();
    let path = in_group("Microsoft.Network/routeTables/rt");
    let table = json!({ "location": "westeurope", "properties": { "routes": [] } });
    assert_eq!(bench.put(&path, table).status, 201);
    bench.pass(3600);
    bench.restart();
    let found = bench.get(&path);
    assert_eq!(found.body["properties"]["provisioningState"], "Succeeded");
}

/// A slow pace that follows a fast one: after a restart it is as late as the slow one makes it.
#[test]
fn a_restart_after_another_pace_does_not_jump_in_time() {
    let directory = tempfile::tempdir().unwrap();
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let later = start + jiff::SignedDuration::from_hours(1);
    let mut store = Store::open(directory.path(), start, 3000.0).unwrap();
    let slow = |cloud: &mut Cloud| cloud.set_pace(1.0, None);
    store.transact(start, slow).unwrap();
    let now = |cloud: &mut Cloud| cloud.now();
    assert_eq!(store.transact(later, now).unwrap(), later);
    let mut again = Store::open(directory.path(), later, 1.0).unwrap();
    assert_eq!(again.transact(later, now).unwrap(), later);
}

#[test]
fn two_processes_see_each_others_changes() {
    let mut bench = Bench::with_group();
    let now = bench.on(|cloud| cloud.now());
    let real = crate::practice::Clock::now(&*bench.clock);
    let mut other = bench.another_process();
    for round in 0..3 {
        let name = format!("rg-other{round}");
        other
            .transact(real, |cloud| {
                cloud.put_group(StoredGroup::new(SUBSCRIPTION, &name, "westeurope", now));
            })
            .unwrap();
        assert_eq!(bench.get(&group(&name)).status, 200);
        assert_eq!(bench.delete(&group(&name)).status, 202);
        let state = other
            .transact(real, |cloud| {
                let scope = Scope::group(SUBSCRIPTION, &name);
                cloud.group(&scope).unwrap().provisioning_state.clone()
            })
            .unwrap();
        assert_eq!(state, "Deleting");
    }
}

#[test]
fn what_a_killed_process_left_behind_is_ignored_and_swept_up() {
    let mut bench = Bench::with_group();
    let groups = bench.directory.path().join("groups");
    let stray = groups.join("0000.99.jsonl");
    fs::write(&stray, "half a fi").unwrap();
    let temporary = bench.directory.path().join(".tmpABC");
    fs::write(&temporary, "{\"generation\":99").unwrap();
    bench.restart();
    assert_eq!(bench.get(&group("rg-test")).status, 200);
    assert!(!stray.exists() && !temporary.exists());
    let files = fs::read_dir(groups).unwrap().count();
    assert_eq!(files, 2, "the subscription and one group");
}

#[test]
fn a_directory_with_something_else_in_it_is_a_problem_not_a_panic() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("cloud.json"), "no json").unwrap();
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let problem = super::Store::open(directory.path(), now, 60.0).unwrap_err();
    assert_eq!(problem.code, "PracticeStateUnusable");
    assert!(!problem.advice.is_empty());
}

#[test]
fn events_come_in_order_of_time_then_of_scheduling() {
    let mut bench = Bench::new();
    let (now, names) = bench.on(|cloud| {
        let now = cloud.now();
        for (offset, name) in [(2, "c"), (1, "a"), (2, "d"), (1, "b")] {
            cloud.schedule(
                crate::practice::clock::later(now, jiff::SignedDuration::from_secs(offset)),
                What::OperationDone { operation: name.to_owned() },
            );
        }
        let names: Vec<String> = cloud
            .root
            .events()
            .map(|what| match what {
                What::OperationDone { operation } => operation.clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        (now, names)
    });
    assert_eq!(names, ["a", "b", "c", "d"]);
    assert!(bench.on(|cloud| cloud.root.take_due(now)).is_none());
}

#[test]
fn two_processes_that_write_into_one_group_keep_each_others_changes() {
    let mut bench = Bench::with_group();
    let real = crate::practice::Clock::now(&*bench.clock);
    let mut other = bench.another_process();
    let path = |number: usize| in_group(&format!("Microsoft.Network/routeTables/rt{number}"));
    // The large ones make the journals worn now and then, by either process.
    let filler = "x".repeat(30_000);
    for number in 0..40 {
        bench.put_directly(&path(2 * number), json!({ "filler": filler }));
        let id = ResourceId::parse(&path(2 * number)).unwrap();
        other
            .transact(real, |cloud| {
                let mut stored = cloud.resource(&id).unwrap().clone();
                stored.id = ResourceId::parse(&path(2 * number + 1)).unwrap();
                cloud.put_resource(stored);
            })
            .unwrap();
    }
    let names = |cloud: &mut Cloud| -> Vec<String> {
        let group = cloud.group(&id_scope()).unwrap();
        group.resources.keys().cloned().collect()
    };
    let seen = bench.on(names);
    let wanted: Vec<String> =
        (0..80).map(|number| ResourceId::parse(&path(number)).unwrap().key()).collect();
    assert_eq!(seen, wanted, "in order of creation");
    assert_eq!(other.transact(real, names).unwrap(), wanted);
    bench.restart();
    assert_eq!(bench.on(names), wanted);
}

fn id_scope() -> Scope {
    Scope::group(SUBSCRIPTION, "rg-test")
}

/// Every file with its content.
fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for place in [directory.to_owned(), directory.join("groups")] {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.strip_prefix(directory).unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

#[test]
fn a_read_does_not_write() {
    let mut bench = Bench::with_group();
    let before = files(bench.directory.path());
    let vaults = format!("{}/providers/Microsoft.KeyVault/deletedVaults", subscription());
    for path in [group("rg-test"), vaults, in_group("Microsoft.Network/x/y")] {
        bench.pass(60);
        bench.get(&path);
        assert!(files(bench.directory.path()) == before, "{path}");
    }
}

#[test]
fn a_request_that_panics_leaves_the_state_as_it_was() {
    let mut bench = Bench::with_group();
    let scope = id_scope();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        bench.on(|cloud| {
            cloud.remove_group(&scope);
            panic!("in the middle");
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(bench.get(&group("rg-test")).status, 200);
}
