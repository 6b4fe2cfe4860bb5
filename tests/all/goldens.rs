//! Every line and every JSON line of what takes a while: deploying, powering, pausing, a new password, a host, a hub, a
//! connection, deleting. They are a contract with people and scripts; a change of one is a change on purpose.
//!
//! What differs from run to run (times, names drawn, the order in which Azure ends steps) is taken out.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use crate::support::{Finished, Machine, TEST};
use serde_json::Value;

const HUB: &str = "/subscriptions/00000000-0000-4000-8000-0000000051b1/resourceGroups/rg-hub/providers/Microsoft.Network/\
                   virtualNetworks/vnet-hub-weu";

/// What is done one after the other, with the exit code of each.
fn life() -> Vec<(&'static str, i32, Vec<&'static str>)> {
    let words = |line: &'static str| line.split_whitespace().collect::<Vec<_>>();
    let deploy = [words("deploy --yes"), TEST.to_vec()].concat();
    let peer = [words("peer test4821 --yes --hub"), vec![HUB]].concat();
    let hub = words(
        "hub office --region westeurope --on-premises-address 203.0.113.7 --on-premises-range 192.168.0.0/16 \
         --cidr 10.2.0.0/16 --yes",
    );
    vec![
        ("deploy", 0, deploy.clone()),
        ("deploy-again", 0, deploy),
        ("stop", 0, words("stop test4821")),
        ("start", 0, words("start test4821")),
        ("pause", 0, words("pause test4821 --yes")),
        ("resume", 0, words("resume test4821")),
        ("allow", 0, words("egress test4821 --allow packages.quagga.org --yes")),
        ("reset", 0, words("credentials test4821 --reset")),
        ("mend", 0, words("mend test4821 --deny github --yes")),
        ("link", 0, peer),
        ("unlink", 0, words("peer test4821 --remove --yes")),
        ("hub", 0, hub.clone()),
        ("hub-again", 0, hub),
        ("hub-delete", 0, words("hub office --delete --yes")),
        ("delete", 0, words("delete test4821 --yes")),
    ]
}

/// A line that depends on when Azure was asked, not on what happened.
fn is_chance(line: &str) -> bool {
    let json: Option<Value> = serde_json::from_str(line).ok();
    match json {
        Some(line) => {
            ["deleting", "progress"].iter().any(|chance| line["event"] == *chance)
                || line["event"] == "step" && line["state"] == "running"
        }
        None => {
            line.contains(" started (") || line.contains(" left.") || line.contains(" % after ")
        }
    }
}

/// Whether a line tells the end of a step: in which order they come is Azure's.
fn is_step(line: &str) -> bool {
    line.contains(r#""event":"step""#) || line.contains(" done after ") || line.contains(" in all.")
}

/// What was written to one stream, a line for each thing told, steps sorted.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let is_timed = line.len() > 8
            && line.bytes().take(8).all(|byte| byte.is_ascii_digit() || byte == b':');
        let goes_on = line.starts_with("      ") && !lines.is_empty();
        match lines.last_mut() {
            Some(last) if goes_on => *last = format!("{last} {}", line.trim()),
            _ if is_timed => lines.push(format!("TIME{}", &line[8..])),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.retain(|line| !is_chance(line));
    let first = lines.iter().position(|line| is_step(line)).unwrap_or(lines.len());
    let (mut steps, mut others): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| is_step(line));
    steps.sort();
    let first = first.min(others.len());
    others.splice(first..first, steps);
    others.join("\n")
}

fn compare(name: &str, finished: &Finished) {
    let filters = vec![
        (r"paml-([a-z0-9-]+)-\d{14}", "paml-$1-STAMP"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "GUID"),
        (r"\d{4}-\d\d-\d\d( \d\d:\d\d|T[0-9:.]+Z)?", "DATE"),
        (r#""(seconds|wait_seconds)":[0-9.e-]+"#, r#""$1":N"#),
        (r"(after|in about) \d+ (s|min|h)( \d+ (s|min))?", "$1 SPAN"),
        (r"; \d+ of (\d+) in all", "; N of $1 in all"),
        (r"User name  \w+", "User name  NAME"),
        (r#""user_name":"\w+""#, r#""user_name":"NAME""#),
        (r"20\.\d+\.\d+\.\d+", "ADDRESS"),
    ];
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../fixtures/goldens");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (pattern, put) in filters {
        settings.add_filter(pattern, put);
    }
    settings.bind(|| {
        let (code, out, err) = (finished.code, tidy(&finished.out), tidy(&finished.err));
        insta::assert_snapshot!(name, format!("exit {code}\n{out}\n-- stderr\n{err}"));
    });
}

fn run(machine: &Machine, face: &str, step: &[&str], flags: &[&str]) -> Finished {
    let face = if face == "json" { "--json" } else { "--plain" };
    machine.run(&[step, &["--practice", "--speed", "3000", face], flags].concat())
}

fn every_line_of_a_life(face: &str) {
    let machine = Machine::new();
    for (name, code, step) in life() {
        let ended = run(&machine, face, &step, &[]).expect(code);
        compare(&format!("{name}-{face}"), &ended);
    }
}

#[test]
fn every_line_for_people() {
    every_line_of_a_life("plain");
}

#[test]
fn every_line_for_scripts() {
    every_line_of_a_life("json");
}

#[test]
fn what_fails_and_what_is_left_running() {
    for face in ["plain", "json"] {
        let deploy = [&["deploy", "--yes"], TEST].concat();
        let machine = Machine::new();
        let despite = ["--fault", "quota", "--accept", "CORE_QUOTA"];
        let failed = run(&machine, face, &deploy, &despite).expect(1);
        compare(&format!("deploy-failed-{face}"), &failed);
        let machine = Machine::new();
        let left = run(&machine, face, &deploy, &["--detach"]).expect(3);
        compare(&format!("deploy-left-{face}"), &left);
    }
}
