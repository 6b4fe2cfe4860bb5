//! Hubs as a person or a script meets them on the command line: listed, judged, and there on the practice cloud.

use crate::support::{Finished, Machine};
use serde_json::{Value, json};

fn peer(rest: &[&str]) -> Vec<String> {
    let first = ["peer", "test4821", "--practice", "--speed", "3000"];
    first.iter().chain(rest).map(|text| (*text).to_owned()).collect()
}

fn run(machine: &Machine, rest: &[&str]) -> Finished {
    let arguments = peer(rest);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    machine.run(&arguments)
}

fn hubs(listed: &Finished) -> Vec<Value> {
    let mut lines = listed.lines();
    lines.retain(|line| line["event"] == "hub");
    lines
}

#[test]
fn hubs_are_listed_best_first_with_a_reason_and_a_remedy_for_each() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let listed = run(&machine, &["--list-hubs", "--json", "--subscriptions", "2"]).expect(0);
    let all = hubs(&listed);
    let fits: Vec<(&str, &str)> = all
        .iter()
        .map(|hub| (hub["name"].as_str().unwrap(), hub["fit"].as_str().unwrap()))
        .collect();
    assert_eq!(fits.first(), Some(&("vnet-hub-weu", "good")), "{fits:?}");
    for expected in [
        ("vnet-far", "good"),
        ("vnet-core-ne", "refused"),
        ("vnet-lab", "warns"),
        ("vnet-team", "warns"),
        ("vnet-shared", "warns"),
        ("vnet-peered", "refused"),
        ("vnet-far-ro", "warns"),
    ] {
        assert!(fits.contains(&expected), "{expected:?} is not in {fits:?}");
    }
    assert!(!fits.iter().any(|(name, _)| *name == "vnet-test4821"), "its own network is no hub");
    let best = &all[0];
    assert_eq!(best["v"], 1);
    assert_eq!(best["address_space"], json!(["10.0.0.0/16"]));
    assert_eq!(best["gateway"]["gateways"][0]["sku"], "VpnGw1AZ");
    for hub in &all {
        let reasons = hub["reasons"].as_array().unwrap();
        assert_eq!(reasons[0]["fit"], hub["fit"], "the worst reason goes first: {hub}");
        for reason in reasons {
            let remedy = reason["remedy"].as_str().unwrap();
            assert_eq!(remedy.is_empty(), reason["fit"] == "good", "{reason}");
        }
    }
    // Nothing was changed by looking, and looking again tells the same.
    let again = run(&machine, &["--list-hubs", "--json"]).expect(0);
    assert_eq!(hubs(&again), all);
    let words = run(&machine, &["--list-hubs"]).expect(0).out;
    assert!(words.contains("refused  vnet-core-ne"), "{words}");
    assert!(words.contains("overlaps 10.1.0.0/16 of the hub vnet-core-ne"), "{words}");
    assert!(words.contains("--cidr 10.2.0.0/22"), "{words}");
    assert!(!words.chars().any(|sign| ('\u{2500}'..='\u{257f}').contains(&sign)), "{words}");
}

#[test]
fn a_subscription_that_cannot_be_listed_is_said_beside_the_hubs_of_the_others() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let flags =
        ["--list-hubs", "--json", "--subscriptions", "2", "--fault", "unreadable-subscription:2"];
    let listed = run(&machine, &flags).expect(0);
    assert_eq!(hubs(&listed).len(), 8);
    assert_eq!(listed.event("error")["problem"]["code"], "AuthorizationFailed");
    assert!(listed.err.contains("Practice subscription 2"), "{}", listed.err);
}

#[test]
fn a_practice_cloud_has_hubs_where_they_are_met_and_none_where_they_are_not_wanted() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let none = run(&machine, &["--list-hubs", "--json", "--no-hubs"]).expect(0);
    assert!(hubs(&none).is_empty());
    assert!(none.err.contains("no other network"), "{}", none.err);
    assert_eq!(hubs(&run(&machine, &["--list-hubs", "--json"]).expect(0)).len(), 8);
    // Those that are there stay.
    assert_eq!(hubs(&run(&machine, &["--list-hubs", "--json", "--no-hubs"]).expect(0)).len(), 8);
}

#[test]
fn listing_goes_with_no_change() {
    let machine = Machine::new();
    run(&machine, &["--list-hubs", "--remove"]).expect(2);
    run(&machine, &["--list-hubs", "--hub", "/x"]).expect(2);
}

#[test]
fn bastion_developer_stands_in_the_way_until_it_is_upgraded_as_the_remedy_says() {
    let machine = Machine::new();
    machine.deploy(&["--bastion", "developer"]).expect(0);
    let listed = run(&machine, &["--list-hubs", "--json"]).expect(0);
    for hub in hubs(&listed) {
        assert_eq!(hub["fit"], "refused", "{hub}");
        let remedies = hub["reasons"].to_string();
        assert!(remedies.contains("privateaml mend test4821 --bastion basic"), "{remedies}");
    }
    let mend = ["mend", "test4821", "--practice", "--speed", "3000", "--yes", "--bastion"];
    let upgraded = [&mend[..], &["basic"]].concat();
    machine.run(&upgraded).expect(0);
    let listed = run(&machine, &["--list-hubs", "--json"]).expect(0);
    assert_eq!(hubs(&listed)[0]["fit"], "good", "{}", hubs(&listed)[0]);
    let lowered = machine.run(&[&mend[..], &["developer"]].concat()).expect(2);
    assert!(lowered.err.contains("only upgrades"), "{}", lowered.err);
}
