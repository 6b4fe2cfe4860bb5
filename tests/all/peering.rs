//! Connecting to a hub from the command line: killed at random moments, and still ended where it was asked to.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use crate::support::{
    Finished, Machine,
    kill::{Drawn, killed},
};
use serde_json::Value;

const FAST: &[&str] = &["--practice", "--json", "--speed", "3000"];
/// Slow enough that a kill falls into the middle.
const SLOW: &[&str] = &["--practice", "--json", "--speed", "120"];
const HUB: &str = "/subscriptions/00000000-0000-4000-8000-0000000051b1/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub-weu";

fn run(machine: &Machine, command: &[&str], flags: &[&str]) -> Finished {
    machine.run(&[command, flags].concat())
}

/// The practice cloud's own files: every resource that stands in it.
fn resources(machine: &Machine) -> Vec<Value> {
    let files = machine
        .files()
        .into_iter()
        .filter(|file| file.parent().is_some_and(|parent| parent.ends_with("cloud/groups")));
    files
        .flat_map(|file| {
            // A journal: what was put last and not taken away is there.
            let mut there = BTreeMap::new();
            for line in std::fs::read_to_string(file).unwrap().lines() {
                let change: Value = serde_json::from_str(line).unwrap();
                for key in change
                    .pointer("/resources/gone")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                {
                    there.remove(key.as_str().unwrap());
                }
                for (key, put) in change
                    .pointer("/resources/put")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                {
                    there.insert(key.clone(), put.clone());
                }
            }
            there.into_values().collect::<Vec<_>>()
        })
        .collect()
}

/// Halves between the environment and the hub, and links of zones to the hub.
fn standing(machine: &Machine) -> (usize, usize) {
    let all = resources(machine);
    let leads = |each: &&Value, to: &str, pointer: &str| {
        let text = each["body"].pointer(pointer).and_then(Value::as_str);
        text.is_some_and(|text| text.ends_with(to))
    };
    let remote = "/properties/remoteVirtualNetwork/id";
    let ours = |each: &&Value| {
        let hub = leads(each, "/vnet-hub-weu", remote) && each["name"] == "to-vnet-hub-weu";
        let spoke = each.to_string().contains("vnet-spoke-web");
        (hub && !spoke) || leads(each, "/vnet-test4821", remote)
    };
    let linked = |each: &&Value| leads(each, "/vnet-hub-weu", "/properties/virtualNetwork/id");
    let zones = |each: &&Value| {
        let kind = each["type"].as_str().unwrap_or_default();
        kind.ends_with("/virtualNetworkLinks")
    };
    (all.iter().filter(ours).count(), all.iter().filter(zones).filter(linked).count())
}

#[test]
fn peering_that_is_killed_goes_on_without_being_told_the_hub_again() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let (peer, on) = (["peer", "test4821", "--hub", HUB, "--yes"], ["peer", "test4821", "--yes"]);
    let off = ["peer", "test4821", "--remove", "--yes"];
    for seed in [3, 31, 314] {
        let mut drawn = Drawn(seed);
        killed(&machine, &peer, SLOW, 5, &mut drawn);
        let known = run(&machine, &["peer", "test4821"], FAST).code == 0;
        // It may have been killed before the hub was noted: then it must be named again.
        let command: &[&str] = if known { &on } else { &peer };
        killed(&machine, command, SLOW, 5, &mut drawn);
        let command: &[&str] = if known { &on } else { &peer };
        let ended = run(&machine, command, FAST).expect(0);
        assert_eq!(ended.event("peer")["state"], "done", "seed {seed}");
        assert_eq!(standing(&machine), (2, 6), "seed {seed}");
        for _ in 0..2 {
            killed(&machine, &off, SLOW, 4, &mut drawn);
        }
        let ended = run(&machine, &off, FAST).expect(0);
        assert_eq!(ended.event("finished")["remains"], serde_json::json!([]));
        assert_eq!(standing(&machine), (0, 0), "seed {seed}");
        let none = run(&machine, &["peer", "test4821"], FAST).expect(1);
        assert!(none.err.contains("--list-hubs"), "{}", none.err);
    }
}

#[test]
fn a_machine_without_records_knows_the_hub_by_its_tags() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let refused = run(&machine, &["peer", "test4821", "--hub", HUB], FAST).expect(4);
    assert!(refused.err.contains("--yes"), "{}", refused.err);
    run(&machine, &["peer", "test4821", "--hub", HUB, "--yes"], FAST).expect(0);
    for file in machine.files() {
        if file.to_string_lossy().contains("/environments/") {
            std::fs::remove_file(&file).unwrap();
        }
    }
    let shown = run(&machine, &["peer", "test4821"], FAST).expect(0);
    assert_eq!(shown.event("peer")["hub"], HUB);
    assert_eq!(shown.event("peer")["steps"][0]["standing"], "done");
    run(&machine, &["peer", "test4821", "--remove", "--yes"], FAST).expect(0);
    assert_eq!(standing(&machine), (0, 0));
}

#[test]
fn bastion_developer_is_upgraded_before_peering() {
    let machine = Machine::new();
    machine.deploy(&["--bastion", "developer"]).expect(0);
    let peer = ["peer", "test4821", "--hub", HUB, "--yes"];
    let refused = run(&machine, &peer, FAST).expect(1);
    assert!(refused.err.contains("mend test4821 --bastion basic"), "{}", refused.err);
    assert_eq!(standing(&machine), (0, 0));
    let mend = ["mend", "test4821", "--bastion", "basic", "--yes"];
    run(&machine, &mend, FAST).expect(0);
    let smaller = ["mend", "test4821", "--bastion", "developer", "--yes"];
    run(&machine, &smaller, FAST).expect(2);
    run(&machine, &peer, FAST).expect(0);
    assert_eq!(standing(&machine), (2, 6));
}

#[test]
fn what_the_owner_must_do_is_written_down_and_nothing_is_changed() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let hub = HUB.replace("rg-hub", "rg-team").replace("vnet-hub-weu", "vnet-team");
    let directory = machine.home().join("owner");
    let hand = ["peer", "test4821", "--hub", &hub, "--hand-over", directory.to_str().unwrap()];
    run(&machine, &hand, FAST).expect(0);
    let text = std::fs::read_to_string(directory.join("hand-over.md")).unwrap();
    for part in ["vnet-team", "vnet-test4821", "privatelink.blob.core.windows.net"] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    assert!(!text.contains("privatelink.monitor"), "{text}");
    assert!(directory.join("peering.json").exists());
    let peer = ["peer", "test4821", "--hub", &hub, "--yes"];
    let waiting = run(&machine, &peer, FAST).expect(3);
    assert_eq!(waiting.event("peer")["state"], "waiting");
    assert!(waiting.err.contains("--hand-over"), "{}", waiting.err);
}
