//! The command `hub` on the practice cloud: asked for, made, killed, shown, deleted.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};

use crate::support::Machine;

const GIVEN: &[&str] = &[
    "hub",
    "office",
    "--region",
    "westeurope",
    "--on-premises-address",
    "203.0.113.7",
    "--on-premises-range",
    "192.168.0.0/16",
];

fn with<'a>(first: &[&'a str], then: &[&'a str]) -> Vec<&'a str> {
    [first, then].concat()
}

fn fast(then: &[&'static str]) -> Vec<&'static str> {
    with(&["--practice", "--json", "--speed", "3000"], then)
}

#[test]
fn what_is_missing_or_wrong_is_named_by_its_flag() {
    let machine = Machine::new();
    let wrong: [(&[&str], i32, &str); 5] = [
        (&["hub", "office"], 4, "--yes"),
        (&["hub", "office", "--yes"], 4, "--region"),
        (&["hub", "office", "--yes", "--region", "westeurope"], 4, "--on-premises-address"),
        (
            &[
                "hub",
                "office",
                "--yes",
                "--region",
                "westeurope",
                "--on-premises-address",
                "10.0.0.1",
                "--on-premises-range",
                "192.168.0.0/16",
            ],
            2,
            "--on-premises-address",
        ),
        (
            &[
                "hub",
                "office",
                "--yes",
                "--region",
                "westeurope",
                "--on-premises-address",
                "203.0.113.7",
                "--on-premises-range",
                "192.168.0.0/16",
                "--cidr",
                "192.168.0.0/20",
            ],
            2,
            "--cidr",
        ),
    ];
    for (arguments, code, flag) in wrong {
        let ended = machine.run(&fast(arguments)).expect(code);
        let problem = ended.event("error")["problem"].clone();
        assert_eq!(problem["place"], flag, "{problem}");
    }
    machine.run(&["hub", "Office"]).expect(2);
}

#[test]
fn killed_in_the_middle_it_is_met_again_and_tells_what_the_device_needs() {
    let machine = Machine::new();
    let slow = ["--practice", "--json", "--speed", "60", "--yes"];
    let mut child = machine.start(&with(GIVEN, &with(&slow, &["--resolver"])));
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let started = lines.find(|line| line.as_ref().unwrap().contains("\"started\""));
    assert!(started.is_some());
    child.kill().unwrap();
    child.wait().unwrap();

    // Slow enough for a busy machine to meet the gateway before it is up.
    let met = ["hub", "office", "--practice", "--json", "--speed", "400"];
    let again = machine.run(&met).expect(0);
    assert_eq!(again.event("started")["found"], true);
    let finished = again.event("finished");
    assert_eq!(finished["state"], "ready");
    let network = finished["stands"]["network_id"].as_str().unwrap();
    assert!(network.ends_with("/virtualNetworks/vnet-hub-office"));
    let told: Vec<&str> = again.err.split_whitespace().collect();
    let next = format!("privateaml peer ENVIRONMENT --hub {network}");
    assert!(told.join(" ").contains(&next), "{}", again.err);
    let device = finished["device"].as_array().unwrap();
    let gateway = device.iter().find(|each| each["name"] == "Remote gateway").unwrap();
    assert_eq!(gateway["value"], finished["stands"]["gateway_address"]);

    let shown = machine.run(&fast(&["hub", "office", "--show-key"])).expect(0);
    let key = shown.event("shared_key")["shared_key"].as_str().unwrap().to_owned();
    assert_eq!(key.len(), 40);
    assert!(!again.out.contains(&key) && !again.err.contains(&key));
    for file in machine.files() {
        let content = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains(&key), "{}", file.display());
    }

    // It is no environment, and without a yes it is not deleted.
    let list = machine.run(&fast(&["list"])).expect(0);
    let hub = list.event("hub");
    assert_eq!((&hub["name"], &hub["deleting"]), (&"office".into(), &false.into()));
    // Gateway 0.252 and address 0.006 an hour, the resolver's endpoint 180 a month: 183.96 + 4.38 + 180.00.
    assert_eq!(hub["cost"]["monthly"], 368.34);
    assert!(list.err.contains("Together $12 a day, $368 a month"), "{}", list.err);
    assert!(!list.out.contains(r#""event":"environment""#), "{}", list.out);
    let cost = machine.run(&fast(&["cost", "hub", "office"])).expect(0).event("cost");
    assert_eq!((&cost["hub"], &cost["cost"]["monthly"]), (&"office".into(), &368.34.into()));
    machine.run(&fast(&["hub", "office", "--delete"])).expect(4);
    machine.run(&fast(&["hub", "office", "--delete", "--yes"])).expect(0);
    let gone = machine.run(&fast(&["hub", "office", "--show-key"])).expect(1);
    assert_eq!(gone.event("error")["problem"]["code"], "NoSharedKey");
}

#[test]
fn a_key_that_is_given_is_taken_from_the_environment_and_never_said() {
    let machine = Machine::new();
    let key = "given-over-the-environment-42";
    let arguments =
        with(GIVEN, &["--practice", "--json", "--speed", "3000", "--yes", "--log", "debug"]);
    let output = machine.command(&arguments).env("PRIVATEAML_SHARED_KEY", key).output().unwrap();
    let made = crate::support::Finished::of(&output).expect(0);
    assert!(!made.out.contains(key) && !made.err.contains(key));
    let shown = machine.run(&fast(&["hub", "office", "--show-key"])).expect(0);
    assert_eq!(shown.event("shared_key")["shared_key"], key);
    for file in machine.files() {
        let content = std::fs::read(&file).unwrap();
        assert!(!String::from_utf8_lossy(&content).contains(key), "{}", file.display());
    }
    // A new one, by its own deployment; and what was changed meanwhile is refused.
    machine.run(&fast(&["hub", "office", "--new-key", "--yes"])).expect(0);
    let shown = machine.run(&fast(&["hub", "office", "--show-key"])).expect(0);
    assert_ne!(shown.event("shared_key")["shared_key"], key);
    let other =
        machine.run(&fast(&["hub", "office", "--on-premises-address", "203.0.113.8"])).expect(1);
    assert_eq!(other.event("error")["problem"]["code"], "SettingsDiffer");
}

#[test]
fn the_template_is_written_without_an_account_and_without_the_key() {
    let machine = Machine::new();
    let directory = machine.home().join("exported");
    let directory = directory.to_str().unwrap();
    machine.run(&with(GIVEN, &["--export", directory])).expect(0);
    let read = |name: &str| -> serde_json::Value {
        let path = std::path::Path::new(directory).join(name);
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    };
    let parameters = read("main.parameters.json");
    assert_eq!(parameters["parameters"]["addressSpace"]["value"], "10.0.0.0/16");
    assert!(parameters["parameters"].get("sharedKey").is_none());
    assert_eq!(read("main.json")["resources"].as_object().unwrap().len(), 7);
}

#[test]
fn the_owner_of_a_hub_is_handed_what_is_missing() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let listed = machine.run(&fast(&["peer", "test4821", "--list-hubs"])).expect(0);
    let id = |name: &str| {
        let hub = listed.lines().into_iter().find(|line| line["name"] == name);
        hub.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let handed = |name: &str| {
        let directory = machine.home().join(name);
        let (id, directory) = (id(name), directory.to_str().unwrap());
        let command = ["peer", "test4821", "--hub", &id, "--hand-over", directory];
        let flags = ["--practice", "--json", "--speed", "3000"];
        machine.run(&with(&command, &flags)).expect(0);
        let read = |file: &str| std::fs::read_to_string(format!("{directory}/{file}")).unwrap();
        (read("hand-over.md"), read("peering.json"))
    };
    let (text, template) = handed("vnet-team");
    assert!(text.contains("az network vnet peering create --subscription"));
    assert!(text.contains("az role definition create"), "the account may only read there");
    let template: serde_json::Value = serde_json::from_str(&template).unwrap();
    let half = &template["resources"]["hubSide"]["properties"];
    assert_eq!(half["allowGatewayTransit"], true);
    let (text, _) = handed("vnet-shared");
    let added = text.lines().find(|line| line.contains("record-set a add-record"));
    assert!(added.unwrap().contains("--ipv4-address 10.1.2."), "{text}");
    // Azure Monitor's zones stay out of a hub.
    assert!(!text.contains("privatelink.monitor."));
}
