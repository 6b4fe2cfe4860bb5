//! `--record-traffic` over a whole life on the practice cloud: what the file holds, and what it never holds.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use crate::support::Machine;
use serde_json::Value;

const HUB: &str = "/subscriptions/00000000-0000-4000-8000-0000000051b1/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub-weu";

/// Built-in roles, the ids of the form that replacements have, and nothing else.
fn is_harmless(guid: &str) -> bool {
    guid.starts_with("00000000-0000-0000-0000-") || built_in().contains(&guid.to_lowercase())
}

/// The ids that stand in the shipped template, and the roles that the audit knows.
fn built_in() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = std::fs::read_to_string(root.join("src/domain/comparison/rights.rs")).unwrap();
    for file in std::fs::read_dir(root.join("assets/template")).unwrap() {
        text += &std::fs::read_to_string(file.unwrap().path()).unwrap();
    }
    text.to_lowercase()
}

/// Where the secret is found. Digits inside a longer number are not it: ports and times have any digits.
fn first_alone(text: &str, secret: &str) -> Option<usize> {
    let is_number = secret.chars().all(|c| c.is_ascii_digit());
    let digit = |c: Option<char>| is_number && c.is_some_and(|c| c.is_ascii_digit());
    let mut places = text.match_indices(secret);
    places
        .find(|(at, _)| {
            let end = at + secret.len();
            !digit(text[..*at].chars().next_back()) && !digit(text[end..].chars().next())
        })
        .map(|(at, _)| at)
}

fn guids(text: &str) -> Vec<&str> {
    (0..text.len())
        .filter_map(|at| text.get(at..at + 36))
        .filter(|piece| piece.is_ascii() && uuid::Uuid::try_parse(piece).is_ok())
        .collect()
}

/// The practice cloud answers what was recorded of it as it was recorded.
fn is_answered_alike(machine: &Machine, directory: &std::path::Path, files: usize) {
    let paths: Vec<String> = (0..files)
        .map(|number| directory.join(format!("{number}.jsonl")).display().to_string())
        .collect();
    let mut compare = vec!["practice", "compare", "--json"];
    compare.extend(paths.iter().map(String::as_str));
    let compared = machine.run(&compare).expect(0);
    let counts = compared.event("compared");
    let number = |name: &str| counts.get(name).and_then(Value::as_u64);
    assert_eq!((number("listed"), number("unlisted")), (Some(0), Some(0)), "{counts}");
    assert!(number("alike") > Some(500), "{counts}");
}

#[test]
fn a_whole_life_is_recorded_without_anything_that_tells_whose_it_is() {
    let machine = Machine::new();
    let directory = tempfile::tempdir().unwrap();
    let mut texts = Vec::new();
    let mut secrets = Vec::new();
    let deploy = "deploy --name zebra --suffix 7351 --region westeurope --cidr 10.1.0.0/22 --yes \
                  --allow-host packages.quagga.org --tag owner=Okapi --compute-instance";
    let peer = format!("peer zebra7351 --hub {HUB} --yes");
    let life = [
        (0, deploy),
        (0, "list"),
        (0, "status zebra7351"),
        (0, "audit zebra7351"),
        (0, "egress zebra7351 --denied"),
        (0, "credentials zebra7351 --show"),
        (0, "credentials zebra7351 --reset"),
        (0, "credentials zebra7351 --show"),
        (0, peer.as_str()),
        (0, "peer zebra7351 --remove --yes"),
        (0, "pause zebra7351 --yes"),
        (0, "resume zebra7351"),
        (0, "delete zebra7351 --yes"),
    ];
    for (number, (code, step)) in life.iter().enumerate() {
        let file = directory.path().join(format!("{number}.jsonl"));
        let record = ["--record-traffic", file.to_str().unwrap()];
        let flags = ["--practice", "--json", "--speed", "3000"];
        let words: Vec<&str> = step.split_whitespace().collect();
        let ended = machine.run(&[&words[..], &record, &flags].concat()).expect(*code);
        if step.ends_with("--show") {
            let shown = ended.event("credentials");
            for member in ["password", "user_name"] {
                secrets.push(shown[member].as_str().unwrap().to_owned());
            }
        }
        texts.push(std::fs::read_to_string(&file).unwrap());
    }
    for name in [
        "zebra",
        "7351",
        "quagga",
        "okapi",
        "hub-weu",
        "0000000051b1",
        "practice subscription",
        "bearer",
    ] {
        secrets.push(name.to_owned());
    }
    for (text, (_, step)) in texts.iter().zip(&life) {
        assert!(!text.is_empty(), "{step}");
        let lowered = text.to_lowercase();
        for secret in &secrets {
            let found = first_alone(&lowered, &secret.to_lowercase());
            let around = found.map(|at| &text[at.saturating_sub(120)..(at + 60).min(text.len())]);
            assert_eq!(around, None, "{secret} after {step}");
        }
        let strange: Vec<&str> =
            guids(text).into_iter().filter(|guid| !is_harmless(guid)).collect();
        assert!(strange.is_empty(), "{strange:?} after {step}");
        for line in text.lines() {
            let exchange: Value = serde_json::from_str(line).unwrap();
            for (name, fits) in [
                ("source", exchange["source"].is_string()),
                ("recorded", exchange["recorded"].is_string()),
                ("method", exchange["method"].is_string()),
                ("url", exchange["url"].as_str().is_some_and(|url| url.starts_with('/'))),
                ("request_body", exchange.get("request_body").is_some()),
                ("status", exchange["status"].is_u64()),
                ("headers", exchange["headers"].is_object()),
                ("body", exchange.get("body").is_some()),
            ] {
                assert!(fits, "{name} in {line}");
            }
        }
    }
    let first = &texts[0];
    assert!(first.contains("/resourcegroups/rg-env10001"), "the names keep their form");
    is_answered_alike(&machine, directory.path(), life.len());
}

#[test]
fn a_file_that_is_there_is_refused_before_anything_is_asked() {
    let machine = Machine::new();
    let file = machine.home().join("mine");
    std::fs::write(&file, "mine").unwrap();
    let refused =
        machine.run(&["list", "--practice", "--record-traffic", file.to_str().unwrap()]).expect(2);
    assert!(refused.err.contains("is there already"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}
