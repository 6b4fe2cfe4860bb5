//! `egress` and `samples` as a person runs them.

use crate::support::Machine;
use serde_json::{Value, json};

fn egress<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    [&["egress", "test4821", "--practice", "--speed", "3000"], rest].concat()
}

#[test]
fn a_question_is_answered_and_a_host_is_let_through() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let allowed = machine.run(&egress(&["github.com"])).expect(0);
    assert!(
        allowed.out.contains("gets through") && allowed.out.contains("app-github"),
        "{}",
        allowed.out
    );
    let refused = machine.run(&egress(&["http://github.com", "--json"])).expect(1).event("egress");
    assert_eq!((&refused["v"], &refused["answer"]), (&json!(1), &json!("denied")));
    assert_eq!(
        refused["verdict"]["firewall"]["nearest"][0]["differences"][0]["differs"],
        "protocol"
    );
    // Without a yes nothing is opened, and it is said which flag is missing.
    let unasked = machine.run(&egress(&["--allow", "packages.contoso.com"])).expect(4);
    assert!(unasked.err.contains("--yes"));
    machine.run(&egress(&["packages.contoso.com"])).expect(1);
    let opened = machine.run(&egress(&["--allow", "*.contoso.com", "--yes", "--json"])).expect(0);
    assert_eq!(opened.event("allowed")["width"], "wildcard");
    machine.run(&egress(&["packages.contoso.com"])).expect(0);
    machine.run(&egress(&["contoso.com"])).expect(1);
    // The jumpbox's first day has begun, so there may be rows; each of them is one event.
    let told = machine.run(&egress(&["--denied", "--json"])).expect(0);
    let rows = told.lines().iter().filter(|line| line["event"] == "denied").count();
    assert_eq!(told.event("denied-end")["rows"], json!(rows));
    // What only Azure knows is told as such, and is not a yes.
    let needs = machine.run(&egress(&["--dependencies", "--json"]));
    assert!(
        needs
            .lines()
            .iter()
            .any(|line| line["event"] == "dependency" && line["answer"] == "allowed")
    );
    assert_eq!(needs.code, i32::from(needs.event("dependencies")["open"] != json!(0)));
}

#[test]
fn platform_addresses_never_reach_the_firewall() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    for (address, said) in [
        ("169.254.169.254", "stays on the Azure host"),
        ("168.63.129.16", "DNS there answers every name"),
        ("udp://168.63.129.16:53", "DNS there answers every name"),
        ("127.0.0.1", "stays in the machine"),
    ] {
        let shown = machine.run(&egress(&[address])).expect(0).out;
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            shown.contains(said) && shown.contains("never reaches the firewall"),
            "{address}: {shown}"
        );
        let told = machine.run(&egress(&[address, "--json"])).expect(0);
        let told = told.event("egress");
        assert_eq!(
            (&told["answer"], &told["verdict"]["firewall"]),
            (&json!("host"), &Value::Null),
            "{address}"
        );
    }
    let shown = machine.run(&egress(&["224.0.0.1:443"])).expect(1);
    assert!(shown.out.contains("multicast"), "{}", shown.out);
}

#[test]
fn a_question_that_cannot_be_understood_says_what_would_be_right() {
    let machine = Machine::new();
    for (wrong, right) in [
        ("*.contoso.com", "www.contoso.com"),
        ("contoso.com:99999", "1 to 65535"),
        ("localhost", "full name"),
    ] {
        let refused = machine.run(&egress(&[wrong])).expect(2);
        assert!(refused.err.contains(right), "{}", refused.err);
    }
    let look_alike = machine.run(&egress(&["--allow", "*github.com", "--yes"])).expect(2);
    assert!(look_alike.err.contains("look-alikes"));
    machine.run(&egress(&[])).expect(2);
    machine.run(&egress(&["github.com", "--denied"])).expect(2);
}

#[test]
fn samples_are_written_once_and_are_a_notebook_and_a_script() {
    let machine = Machine::new();
    let directory = machine.home().join("samples");
    let path = directory.to_str().unwrap();
    machine.run(&["samples", path]).expect(0);
    let text = std::fs::read_to_string(directory.join("runner.ipynb")).unwrap();
    let notebook: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&notebook["nbformat"], &notebook["nbformat_minor"]), (&json!(4), &json!(5)));
    let cells = notebook["cells"].as_array().unwrap();
    let mut ids: Vec<&str> = cells.iter().map(|cell| cell["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), cells.len());
    for cell in cells {
        let code = cell["cell_type"] == "code";
        assert!(cell["source"].is_array() && cell["metadata"].is_object());
        assert_eq!(cell.get("outputs").is_some(), code);
        assert_eq!(cell.get("execution_count").is_some(), code);
    }
    assert!(text.contains("mcr.microsoft.com") && text.contains("DefaultAzureCredential"));
    // These variables exist in a job, not in the kernel of a compute instance.
    assert!(text.contains("MLClient.from_config") && !text.contains("AZUREML_ARM"));
    assert!(text.contains("id-job-{environment}"));
    std::fs::write(directory.join("train.py"), "mine").unwrap();
    let refused = machine.run(&["samples", path]).expect(1);
    assert!(refused.err.contains("--force"));
    assert_eq!(std::fs::read_to_string(directory.join("train.py")).unwrap(), "mine");
    machine.run(&["samples", path, "--force"]).expect(0);
    assert!(std::fs::read_to_string(directory.join("train.py")).unwrap().contains("scikit"));
}
