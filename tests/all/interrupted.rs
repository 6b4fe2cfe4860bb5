//! A deployment that is killed, cut off, throttled or refused in the middle still ends as one environment with one
//! set of credentials, and each fault ends with its own words.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{BufRead as _, BufReader},
    process::Child,
};

use crate::support::{Finished, Machine};

const DEPLOY: &[&str] = &[
    "deploy",
    "--practice",
    "--name",
    "test",
    "--region",
    "westeurope",
    "--cidr",
    "10.1.0.0/22",
    "--yes",
    "--json",
];

fn deploy<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    [DEPLOY, rest].concat()
}

/// The one environment that is ready, with credentials that the cloud agrees to.
fn assert_one_ready_environment(machine: &Machine) {
    let listed = machine.run(&["list", "--practice", "--json"]).expect(0).lines();
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["phase"], "ready", "{listed:?}");
    let name = listed[0]["full_name"].as_str().unwrap().to_owned();
    let status = machine.run(&["status", &name, "--practice", "--json"]).expect(0).event("status");
    assert_eq!(status["phase"], "ready");
    let credentials = machine
        .run(&["credentials", &name, "--practice", "--show", "--json"])
        .expect(0)
        .event("credentials");
    assert!(credentials["password"].as_str().unwrap().len() >= 16);
    assert_eq!(credentials["verified"], true, "keychain and cloud disagree");
}

/// Kills the program without warning once it has printed `lines` lines.
fn kill_after(mut child: Child, lines: usize) {
    let mut reader = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..lines {
        if reader.next().is_none() {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn killed_at_any_moment_the_same_command_ends_in_the_same_environment() {
    // From before the first word to the last steps: the moments are counted in lines, so that no test waits for luck.
    for lines in [0, 1, 2, 3, 5, 8, 20, 45, 80, 120] {
        let machine = Machine::new();
        kill_after(machine.start(&deploy(&["--speed", "600"])), lines);
        machine.run(&deploy(&["--speed", "3000"])).expect(0);
        assert_one_ready_environment(&machine);
    }
}

#[test]
fn a_bad_connection_is_survived() {
    for fault in ["drop:6", "throttle:8", "5xx:6", "token-expiry:1"] {
        let machine = Machine::new();
        let ended = machine.run(&deploy(&["--speed", "3000", "--fault", fault])).expect(0);
        if fault.starts_with("drop") {
            assert!(ended.err.contains("The connection broke; attempt 2"));
        }
        assert_one_ready_environment(&machine);
    }
}

#[test]
fn a_firewall_that_fails_once_is_tried_again_in_the_open() {
    let machine = Machine::new();
    let ended = machine.run(&deploy(&["--speed", "3000", "--fault", "firewall-error"])).expect(0);
    assert!(ended.lines().iter().any(|line| line["event"] == "retry"), "{}", ended.out);
    assert_one_ready_environment(&machine);
}

#[test]
fn each_fault_says_what_happened_and_what_to_do() {
    for (fault, telling) in [
        ("quota", "quota"),
        ("policy", "policy"),
        ("sku", "size"),
        ("name-taken", "suffix"),
        ("soft-deleted-vault", "suffix"),
        ("region-outage", "another --region"),
    ] {
        let machine = Machine::new();
        if fault != "region-outage" {
            // What can be known before needs a yes of its own, and nothing was written.
            let flags = ["--speed", "3000", "--fault", fault, "--suffix", "4821"];
            let told = machine.run(&deploy(&flags)).expect(4);
            assert_eq!(told.event("check")["outcome"], "problem", "{fault}");
            assert!(told.err.contains("--accept"), "{}", told.err);
        }
        let flags = ["--speed", "3000", "--fault", fault, "--suffix", "4821", "--accept", "all"];
        let ended = machine.run(&deploy(&flags)).expect(1);
        assert_worded(fault, telling, &ended);
        // The fault removed, the same command completes the same environment.
        if !matches!(fault, "name-taken" | "soft-deleted-vault") {
            machine.run(&deploy(&["--speed", "3000", "--fault", "none"])).expect(0);
            assert_one_ready_environment(&machine);
        }
    }
}

fn assert_worded(fault: &str, telling: &str, ended: &Finished) {
    assert!(
        ended.err.to_lowercase().contains(telling),
        "{fault} does not mention {telling}:\n{}",
        ended.err
    );
    assert!(ended.err.contains("Do this:"), "{fault} has no next step:\n{}", ended.err);
    assert!(!ended.err.contains("{\""), "{fault} shows raw data:\n{}", ended.err);
}

#[test]
fn without_the_right_to_assign_roles_data_is_reached_by_key_when_that_is_said() {
    let machine = Machine::new();
    let flags = ["--speed", "3000", "--fault", "no-role-assignments"];
    let told = machine.run(&deploy(&flags)).expect(4);
    assert_eq!(told.event("check")["code"], "ROLE_ASSIGNMENT_DENIED");
    assert!(told.err.contains("--datastore-access account-key"), "{}", told.err);
    let flags = [&flags[..], &["--datastore-access", "account-key"]].concat();
    let ended = machine.run(&deploy(&flags)).expect(0);
    let unplanned = |line: &&serde_json::Value| line["event"] == "step" && line["planned"] == false;
    assert_eq!(ended.lines().iter().find(unplanned), None);
    assert_one_ready_environment(&machine);
}

#[test]
fn detached_and_followed_by_two_at_once() {
    let machine = Machine::new();
    let detached = machine.run(&deploy(&["--speed", "600", "--detach"])).expect(3);
    let name = detached.event("started")["full_name"].as_str().unwrap().to_owned();
    let follow = ["status", &name, "--practice", "--speed", "600", "--follow", "--json"];
    let (first, second) = (machine.start(&follow), machine.start(&follow));
    for follower in [first, second] {
        let ended = Finished::of(&follower.wait_with_output().unwrap()).expect(0);
        assert_eq!(ended.event("finished")["state"], "succeeded");
    }
    assert_one_ready_environment(&machine);
}
