//! What a write costs does not depend on how much there is, and what is outdated does not stay for ever.

use std::path::Path;

use jiff::SignedDuration;
use serde_json::json;

use super::{files, id_scope};
use crate::practice::asynchronous;
use crate::practice::clock::later;
use crate::practice::state::{OperationStatus, What};
use crate::practice::testing::{Bench, in_group};

fn bytes(directory: &Path) -> usize {
    files(directory).values().map(Vec::len).sum()
}

#[test]
fn the_last_of_many_writes_appends_no_more_than_the_first() {
    let mut bench = Bench::with_group();
    let directory = bench.directory.path().to_owned();
    let table = json!({ "location": "westeurope", "properties": { "routes": [] } });
    let grown: Vec<usize> = (1000..1120)
        .map(|number| {
            let before = bytes(&directory);
            let path = in_group(&format!("Microsoft.Network/routeTables/rt{number}"));
            assert_eq!(bench.put(&path, table.clone()).status, 201);
            bytes(&directory) - before
        })
        .collect();
    let (first, last) = (grown[1], grown[119]);
    assert!(last <= first + 16, "{first} bytes at first, {last} at last");
}

#[test]
fn journals_are_written_anew_when_most_of_them_is_outdated() {
    let mut bench = Bench::with_group();
    let directory = bench.directory.path().to_owned();
    let filler = "x".repeat(20_000);
    for _ in 0..200 {
        // 20 kB in the group and 20 kB in the root, each of which takes the place of the one before.
        bench.put_directly(&in_group("Microsoft.Network/routeTables/rt"), json!(filler));
        bench.on(|cloud| cloud.root.settings.insert("/x".into(), json!(filler)));
    }
    let size = bytes(&directory);
    assert!(size < 1_000_000, "{size} bytes for 40 kB");
    assert_eq!(files(&directory).len(), 4, "lock, root, subscription, group");
    bench.restart();
    let kept = bench.on(|cloud| {
        let group = cloud.group(&id_scope()).unwrap();
        (group.resources[0].body.clone(), cloud.root.settings["/x"].clone())
    });
    assert_eq!(kept, (json!(filler), json!(filler)));
}

#[test]
fn ended_operations_and_past_events_do_not_pile_up() {
    let mut bench = Bench::with_group();
    for _ in 0..1000 {
        bench.on(|cloud| {
            let due = later(cloud.now(), SignedDuration::from_secs(1));
            let operation = asynchronous::begin(cloud, due, None);
            cloud.schedule(due, What::OperationDone { operation });
        });
        bench.pass(600);
    }
    let (operations, events) = bench.on(|cloud| {
        let known = cloud.root.operations.values();
        let open = known.filter(|known| known.status == OperationStatus::InProgress);
        assert_eq!(open.count(), 0);
        (cloud.root.operations.len(), cloud.root.events().count())
    });
    // Twelve of them ended in the last two hours.
    assert!(operations <= 64, "{operations}");
    assert_eq!(events, 0);
}
