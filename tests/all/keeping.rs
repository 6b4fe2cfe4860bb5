//! An environment that is kept: paused, resumed, its password set anew, deleted; each killed at random moments and
//! still ended where it was asked to.

#![cfg(unix)]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::{
    Finished, Machine, TEST,
    kill::{Drawn, killed},
};
use serde_json::Value;

/// Slow enough that a kill falls into the middle of an act.
const SLOW: &[&str] = &["--practice", "--json", "--speed", "600"];
const SLOWER: &[&str] = &["--practice", "--json", "--speed", "150"];
const FAST: &[&str] = &["--practice", "--json", "--speed", "3000"];

fn run(machine: &Machine, command: &[&str], flags: &[&str]) -> Finished {
    machine.run(&[command, flags].concat())
}

fn phase(machine: &Machine) -> String {
    let status = run(machine, &["status", "test4821"], FAST);
    let status = status.expect(0).event("status");
    status["phase"].as_str().unwrap().to_owned()
}

/// The practice cloud's own files: the groups it has, and what it keeps of deleted resources.
fn on_disk(machine: &Machine) -> (Vec<Value>, Vec<Value>) {
    // Journals: of what is written whole at each change, the last counts.
    let last = |path: &std::path::Path, member: &str| -> Value {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().map(serde_json::from_str);
        let mut found =
            lines.filter_map(|line: Result<Value, _>| line.unwrap().pointer(member).cloned());
        found.next_back().unwrap()
    };
    let files = machine.files();
    let groups = files
        .iter()
        .filter(|file| file.parent().is_some_and(|parent| parent.ends_with("cloud/groups")))
        .map(|file| last(file, "/head"))
        .filter(|group| group["name"] != "")
        .collect();
    let root = files.iter().find(|file| file.ends_with("cloud/cloud.jsonl"));
    let basics = last(root.unwrap(), "/root/basics");
    (groups, basics["deleted"].as_array().unwrap().clone())
}

#[test]
fn pause_and_resume_end_where_they_were_asked_to() {
    let machine = Machine::new();
    machine.deploy(&["--compute-instance"]).expect(0);
    let mut drawn = Drawn(4821);
    let fault = ["--fault", "firewall-moves"];
    let (slow, fast) = ([SLOWER, &fault].concat(), [FAST, &fault].concat());
    let (pause, resume) = (["pause", "test4821", "--yes"], ["resume", "test4821"]);
    for round in 0..4 {
        killed(&machine, &pause, &slow, 4, &mut drawn);
        if round % 2 == 1 {
            // Somebody thinks better of it in the middle.
            run(&machine, &resume, &fast).expect(0);
            assert_eq!(phase(&machine), "ready", "round {round}");
        }
        run(&machine, &pause, &fast).expect(0);
        assert_eq!(phase(&machine), "paused", "round {round}");
        killed(&machine, &resume, &slow, 4, &mut drawn);
        run(&machine, &resume, &fast).expect(0);
        assert_eq!(phase(&machine), "ready", "round {round}");
        let connected = run(&machine, &["connect", "test4821"], FAST).expect(0);
        assert_eq!(connected.event("connect")["power_before"], "running");
    }
    let (groups, _) = on_disk(&machine);
    assert_eq!(groups.len(), 1);
    assert!(groups[0]["tags"].get("privateaml-intent").is_none());
}

#[test]
fn a_pause_says_what_it_saves_and_needs_a_yes() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let refused = run(&machine, &["pause", "test4821"], FAST).expect(4);
    assert!(refused.err.contains("--yes"), "{}", refused.err);
    assert!(refused.err.contains("$39 a day"), "{}", refused.err);
    assert_eq!(phase(&machine), "ready");
    let flags = [FAST, &["--fault", "firewall-moves"]].concat();
    run(&machine, &["pause", "test4821", "--yes"], &flags).expect(0);
    let resumed = run(&machine, &["resume", "test4821"], &flags).expect(0);
    let repaired = |line: &&Value| line["act"]["step"] == "repairing-route";
    let lines = resumed.lines();
    let repaired = lines.iter().find(repaired).unwrap();
    assert_eq!(repaired["act"]["to"], "10.1.1.5");
    assert_eq!(phase(&machine), "ready");
}

#[test]
fn a_deletion_ends_and_leaves_only_what_it_said() {
    for seed in [1, 22, 333, 4444] {
        let machine = Machine::new();
        machine.deploy(&[]).expect(0);
        let mut drawn = Drawn(seed);
        let delete = ["delete", "test4821", "--yes"];
        for _ in 0..2 {
            killed(&machine, &delete, SLOW, 16, &mut drawn);
        }
        let ended = run(&machine, &delete, FAST);
        // It may have ended just before it was killed: then it is not known any more.
        let remains = if ended.code == 1 && ended.err.contains("no environment test4821") {
            None
        } else {
            Some(ended.expect(0).event("finished")["remains"].clone())
        };
        let (groups, deleted) = on_disk(&machine);
        assert_eq!(groups, [Value::Null; 0], "seed {seed}");
        let kept: Vec<&str> = deleted.iter().filter_map(|gone| gone["name"].as_str()).collect();
        assert_eq!(kept, ["kv-test4821"], "seed {seed}");
        if let Some(remains) = remains {
            assert_eq!(remains.as_array().unwrap().len(), 1, "{remains}");
            assert_eq!(remains[0]["name"], "kv-test4821");
        }
        assert_eq!(run(&machine, &["list"], FAST).expect(0).lines(), [Value::Null; 0]);
        let left: Vec<_> = machine
            .files()
            .into_iter()
            .filter(|file| file.to_string_lossy().contains("test4821"))
            .filter(|file| file.extension().is_none_or(|end| end != "lock"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_reset_that_is_killed_keeps_the_valid_password() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let reset = ["credentials", "test4821", "--reset", "--show"];
    for seed in [7, 88, 999] {
        run(&machine, &["stop", "test4821"], FAST).expect(0);
        killed(&machine, &reset, SLOW, 4, &mut Drawn(seed));
        let shown = run(&machine, &["credentials", "test4821", "--show"], FAST).expect(0);
        let valid = shown
            .lines()
            .iter()
            .filter(|line| line["event"].as_str().unwrap().starts_with("credentials"))
            .filter(|line| line["verified"] == true)
            .count();
        assert_eq!(valid, 1, "seed {seed}:\n{}\n{}", shown.out, shown.err);
        let ended = run(&machine, &reset, FAST).expect(0);
        assert_eq!(ended.event("credentials")["verified"], true);
        let one = run(&machine, &["credentials", "test4821", "--show"], FAST).expect(0);
        assert_eq!(one.lines().len(), 1, "{}", one.out);
    }
}

#[test]
fn a_machine_without_records_finds_the_environment_and_gets_in() {
    for running in [false, true] {
        let machine = Machine::new();
        if running {
            let deploy = ["deploy", "--yes", "--detach"];
            machine.run(&[&deploy, TEST, SLOW].concat()).expect(3);
        } else {
            machine.deploy(&[]).expect(0);
        }
        for file in machine.files() {
            let path = file.to_string_lossy().into_owned();
            if path.contains("/environments/") || path.contains("/credentials/") {
                std::fs::remove_file(&file).unwrap();
            }
        }
        let listed = run(&machine, &["list"], FAST).expect(0).lines();
        assert_eq!(listed.len(), 1, "{listed:?}");
        assert_eq!(listed[0]["known"], "azure");
        if running {
            let follow = ["status", "test4821", "--follow"];
            run(&machine, &follow, FAST).expect(0);
        }
        assert_eq!(phase(&machine), "ready");
        let absent = run(&machine, &["credentials", "test4821"], FAST).expect(1);
        for word in ["--reset", "kv-test4821", "machine that created"] {
            assert!(absent.err.contains(word), "{word}: {}", absent.err);
        }
        let reset = ["credentials", "test4821", "--reset"];
        let ended = run(&machine, &reset, FAST).expect(0);
        assert_eq!(ended.event("credentials")["verified"], true);
        assert!(ended.event("credentials")["password"].is_null());
        let entered = run(&machine, &["connect", "test4821"], FAST).expect(0);
        let entered = entered.event("connect");
        assert!(entered["user_name"].is_string());
        assert_eq!(entered["opened"], false);
        assert!(
            entered["url"].as_str().unwrap().ends_with("/virtualMachines/vm-test4821/bastionHost")
        );
    }
}

#[test]
fn bastion_standard_admits_the_native_client() {
    let machine = Machine::new();
    machine.deploy(&["--bastion", "standard"]).expect(0);
    let entered = run(&machine, &["connect", "test4821"], FAST).expect(0);
    let native = entered.event("connect")["native"].clone();
    let native = native.as_str().unwrap();
    assert!(native.starts_with("az network bastion rdp --name bas-test4821 "), "{native}");
    assert!(native.ends_with("/virtualMachines/vm-test4821"), "{native}");
}

#[test]
fn an_environment_of_another_subscription_is_refused_and_kept() {
    use privateaml::practice::subscription_id;
    let machine = Machine::new();
    let (first, second) = (subscription_id(1), subscription_id(2));
    let both = [FAST, &["--subscriptions", "2", "--subscription"]].concat();
    let of = |subscription: &str, command: &[&str]| {
        let arguments = [command, &both, &[subscription]].concat();
        machine.run(&arguments)
    };
    of(&first, &[&["deploy", "--yes"], TEST].concat()).expect(0);
    for command in [
        &["delete", "test4821", "--yes"][..],
        &["pause", "test4821", "--yes"],
        &["stop", "test4821"],
        &["peer", "test4821", "--remove", "--yes"],
    ] {
        let refused = of(&second, command).expect(2);
        assert!(refused.err.contains("--subscription"), "{}", refused.err);
        assert!(refused.err.contains("Nothing was changed"), "{}", refused.err);
    }
    let exists = || on_disk(&machine).0.iter().any(|group| group["name"] == "rg-test4821");
    assert!(exists());
    of(&first, &["delete", "test4821", "--yes"]).expect(0);
    assert!(!exists());
}
