//! A directory that an earlier version wrote is read, and then is one of this layout.

use std::fs;

use serde_json::json;

use super::files;
use crate::practice::identifier::Scope;
use crate::practice::state::{SUBSCRIPTION, Store};
use crate::practice::testing::in_group;

const ROOT: &str = include_str!("previous/cloud.json");
const GROUP: &str = include_str!("previous/group.json");
const REST: &str = include_str!("previous/subscription.json");

#[test]
fn the_previous_layout_is_read_and_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let groups = directory.path().join("groups");
    fs::create_dir(&groups).unwrap();
    fs::write(directory.path().join("cloud.json"), ROOT).unwrap();
    for (name, content) in
        [("22dc1c93b4bcdb3fc35d.3.json", GROUP), ("ac850c6789dd3afaf0b0.1.json", REST)]
    {
        fs::write(groups.join(name), content).unwrap();
    }
    let soon = "2026-01-01T00:00:03Z".parse().unwrap();
    let later = "2026-01-01T01:00:00Z".parse().unwrap();
    let table = in_group("Microsoft.Network/routeTables/rt").replace("rg-test", "rg-old");
    for (time, state) in [(soon, "Creating"), (later, "Succeeded"), (later, "Succeeded")] {
        let mut store = Store::open(directory.path(), time, 1.0).unwrap();
        store
            .transact(time, |cloud| {
                let group = cloud.group(&Scope::group(SUBSCRIPTION, "rg-old")).unwrap();
                assert_eq!(group.tags["a"], "b");
                assert_eq!(group.deployments["first"].name, "first");
                assert_eq!(group.deployments["first"].is_running(), state == "Creating");
                assert_eq!(group.activity.len(), 2);
                assert_eq!(group.refused.first(), Some(&json!({"Type": "AZFWNetworkRule"})));
                assert_eq!(cloud.root.operations["o1"].id, "o1");
                assert_eq!(cloud.resource_at(&table).unwrap().provisioning_state, state);
            })
            .unwrap();
        let names = files(directory.path());
        assert!(names.keys().all(|name| !name.ends_with("cloud.json")));
        assert_eq!(names.len(), 4, "{:?}", names.keys());
    }
}
