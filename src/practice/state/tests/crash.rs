//! A process that is killed anywhere in a write leaves the state before it or after it.

use std::{fs, path::Path};

use serde_json::json;

use super::{files, id_scope};
use crate::practice::Clock as _;
use crate::practice::identifier::ResourceId;
use crate::practice::state::Store;
use crate::practice::testing::{Bench, in_group};

const WRITTEN: &str = "Microsoft.Network/routeTables/last";

/// What a process finds: whether the last write is there, and how many operations there are.
fn found(directory: &Path, bench: &Bench) -> (bool, usize, Store) {
    let now = bench.clock.now();
    let mut store = Store::open(directory, now, 1.0).unwrap();
    let id = ResourceId::parse(&in_group(WRITTEN)).unwrap();
    let (is_there, operations) = store
        .transact(now, |cloud| {
            assert!(cloud.group(&id_scope()).is_some());
            (cloud.resource(&id).is_some(), cloud.root.operations.len())
        })
        .unwrap();
    (is_there, operations, store)
}

#[test]
fn every_prefix_of_a_write_is_the_state_before_it() {
    let mut bench = Bench::with_group();
    let table = json!({ "location": "westeurope", "properties": { "routes": [] } });
    bench.make(&in_group("Microsoft.Network/routeTables/first"), table.clone());
    let before = files(bench.directory.path());
    assert_eq!(bench.put(&in_group(WRITTEN), table).status, 201);
    let after = files(bench.directory.path());
    let grown: Vec<_> = after.iter().filter(|(name, now)| before[*name] != **now).collect();
    assert_eq!(grown.len(), 2, "the group's journal and the root's");
    // The root's comes last: until it is whole, the group's may be anything from what it was to all of it.
    for (name, now) in grown {
        let is_root = name.ends_with("cloud.jsonl");
        let was = before[name].len();
        assert_eq!(now[..was], before[name], "a write only appends");
        for length in was..=now.len() {
            let directory = tempfile::tempdir().unwrap();
            fs::create_dir(directory.path().join("groups")).unwrap();
            for (other, content) in if is_root { &after } else { &before } {
                fs::write(directory.path().join(other), content).unwrap();
            }
            fs::write(directory.path().join(name), &now[..length]).unwrap();
            let is_after = is_root && length == now.len();
            let (is_there, operations, mut store) = found(directory.path(), &bench);
            assert_eq!(is_there, is_after, "{} at {length}", name.display());
            // It goes on from there: what was half written is written over, for other processes too.
            store
                .transact(bench.clock.now(), |cloud| {
                    cloud.group_mut(&id_scope()).unwrap().tags.insert("a".into(), json!(length));
                    crate::practice::asynchronous::begin(cloud, cloud.now(), None);
                })
                .unwrap();
            let (is_there, again, mut store) = found(directory.path(), &bench);
            assert_eq!((is_there, again), (is_after, operations + 1));
            let tag = store.transact(bench.clock.now(), |cloud| {
                cloud.group(&id_scope()).unwrap().tags["a"].clone()
            });
            assert_eq!(tag.unwrap(), length);
        }
    }
}
