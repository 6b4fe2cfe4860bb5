//! Coming back to an environment: without its record, without its password, in the middle of its deployment; and what a
//! person then sees of it and does about it, in a real terminal.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::{
    Machine,
    terminal::{CTRL_C, ENTER, ESCAPE, Terminal},
};

/// Takes away what a machine remembers: the records and the credentials, not the practice cloud.
fn forget(machine: &Machine) {
    std::fs::remove_dir_all(machine.home().join("environments")).unwrap();
    let credentials = machine.home().join("practice").join("credentials");
    if credentials.is_dir() {
        std::fs::remove_dir_all(credentials).unwrap();
    } else if credentials.exists() {
        std::fs::remove_file(credentials).unwrap();
    }
}

fn wizard(machine: &Machine) -> Terminal {
    at_speed(machine, "3000")
}

fn at_speed(machine: &Machine, speed: &str) -> Terminal {
    Terminal::start(machine.home(), &["practice", "--no-hubs", "--speed", speed], 100, 30)
}

/// Closes what lies over a screen, by a text of it that has been seen. Only once it is gone is a letter a letter:
/// behind Esc at once it would be Alt.
fn close(terminal: &mut Terminal, over: &str) {
    terminal.press(ESCAPE);
    terminal.wait_until("closed", |screen| !screen.contents().contains(over));
}

/// Opens the one environment there is, once Azure has told of it.
fn open(terminal: &mut Terminal) {
    terminal.wait_until("ready, and Azure has told so", |screen| {
        let contents = screen.contents();
        let mut lines = contents.lines();
        lines.any(|line| line.contains("test4821") && line.contains("ready"))
            && lines.rev().take(2).any(|line| line.contains("checked"))
    });
    terminal.press(ENTER);
    terminal.wait("Everything is as planned");
}

#[test]
fn without_record_and_password_it_is_found_and_a_new_password_works() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let before = machine.password();
    forget(&machine);
    let mut terminal = wizard(&machine);
    open(&mut terminal);
    for part in ["Workspace", "Firewall", "Bastion", "Jumpbox", "Endpoints", "6 of 6", "10 of 10"] {
        assert!(terminal.screen().contains(part), "{part}:\n{}", terminal.screen());
    }
    terminal.press("K");
    terminal.wait("not on this machine");
    terminal.press("N");
    terminal.wait("Set a new password?");
    // Enter sets nothing.
    terminal.press(ENTER);
    terminal.press("y");
    terminal.wait("The new password is set and saved");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    let shown = ["credentials", "test4821", "--practice", "--show", "--json"];
    let credentials = machine.run(&shown).expect(0).event("credentials");
    assert_eq!(credentials["verified"], true, "the jumpbox takes it");
    assert_ne!(credentials["password"], before.as_str());
}

#[test]
fn without_a_record_a_running_deployment_is_met_again() {
    let machine = Machine::new();
    let sent = [
        "deploy",
        "--practice",
        "--speed",
        "60",
        "--yes",
        "--detach",
        "--name",
        "test",
        "--suffix",
        "4821",
        "--region",
        "westeurope",
        "--cidr",
        "10.1.0.0/22",
    ];
    machine.run(&sent).expect(3);
    forget(&machine);
    let mut terminal = at_speed(&machine, "60");
    terminal.wait_until("deploying in the list", |screen| {
        screen
            .contents()
            .lines()
            .any(|line| line.contains("test4821") && line.contains("deploying"))
    });
    terminal.press(ENTER);
    terminal.wait("not on this machine");
    terminal.press(ESCAPE);
    open(&mut terminal);
    terminal.press(CTRL_C);
    assert_eq!(terminal.end_clean(), 0);
}

#[test]
fn the_audit_is_read_on_the_screen_and_saved_as_a_report() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let mut terminal = wizard(&machine);
    open(&mut terminal);
    terminal.press("i");
    terminal.wait("30 of 30 points hold");
    // The first row is the list of what does not hold.
    terminal.press(ENTER);
    terminal.wait("Nothing.");
    close(&mut terminal, "Nothing.");
    terminal.press("S");
    terminal.wait("Save a report");
    let report = machine.home().join("audit.md");
    for _ in 0.."audit-test4821.md".len() {
        terminal.press("\u{7f}");
    }
    terminal.press(&report.display().to_string());
    terminal.press(ENTER);
    terminal.wait("Written");
    let text = std::fs::read_to_string(report).unwrap();
    assert!(text.starts_with("# Isolation audit of test4821"));
    assert!(text.contains("| By | you@practice.example |"), "{text}");
    for list in ["Does not hold", "Unknown", "Open by choice", "Not looked at"] {
        assert!(text.contains(&format!("\n## {list}\n")), "{list}");
    }
    assert_eq!(text.matches("\n### ").count(), 30);
    terminal.press(CTRL_C);
    assert_eq!(terminal.end_clean(), 0);
}

#[test]
fn the_jumpbox_is_stopped_and_the_environment_paused_and_resumed() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let mut terminal = wizard(&machine);
    open(&mut terminal);
    terminal.press("J");
    terminal.wait("Stop the jumpbox?");
    terminal.press("y");
    terminal.wait("○ stopped");
    terminal.press("P");
    terminal.wait("Pause test4821?");
    terminal.wait("It saves about");
    terminal.press("y");
    terminal.wait("○ paused");
    terminal.press("P");
    terminal.wait("Resume test4821?");
    terminal.press("y");
    terminal.wait("Everything is as planned");
    let contents = terminal.screen();
    assert!(!contents.contains("stopped") && !contents.contains("paused"), "{contents}");
    terminal.press(CTRL_C);
    assert_eq!(terminal.end_clean(), 0);
}

#[test]
fn leaving_while_something_goes_on_says_how_to_go_on() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let mut terminal = at_speed(&machine, "20");
    open(&mut terminal);
    terminal.press("P");
    terminal.wait("Pause test4821?");
    terminal.press("y");
    terminal.wait("The environment is being paused");
    terminal.press(CTRL_C);
    assert_eq!(terminal.end_clean(), 3);
    assert!(terminal.screen().contains("privateaml pause test4821 --yes"), "{}", terminal.screen());
}

#[test]
fn on_the_command_line_the_exit_code_tells_what_an_audit_found() {
    let machine = Machine::new();
    machine.deploy(&["--preset", "privateaml-2022"]).expect(0);
    let report = machine.home().join("audit.json");
    let arguments =
        ["audit", "test4821", "--practice", "--json", "--report", report.to_str().unwrap()];
    // The holes of 2022 were chosen: they are told as open, with what closes them.
    let audit = machine.run(&arguments).expect(0).event("audit");
    assert_eq!((&audit["does_not_hold"], &audit["unknown"]), (&0.into(), &0.into()));
    let open = audit["lists"]["open_by_choice"].as_array().unwrap();
    assert_eq!(audit["open_by_choice"], open.len());
    for point in [20, 22, 23] {
        assert!(open.iter().any(|each| each["point"] == point), "{point}");
    }
    assert!(open.iter().all(|each| each["width"] != "" && each["remedy"] != ""));
    let written: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    assert_eq!(written["points"], audit["points"]);
    assert!(written["tool"].as_str().unwrap().starts_with("privateaml "));
    let again = machine.run(&arguments).expect(2);
    assert!(again.err.contains("--force"), "{}", again.err);
    let status =
        machine.run(&["status", "test4821", "--practice", "--json"]).expect(0).event("status");
    assert_eq!(status["condition"]["drift"], serde_json::json!([]));
    assert_eq!(status["condition"]["parts"].as_array().unwrap().len(), 13);
    // What was not asked is not known, and an audit that cannot be made is neither.
    machine.run(&["audit", "test4821", "--practice", "--no-probe"]).expect(6);
    machine.run(&["audit", "other1111", "--practice"]).expect(7);
}

#[test]
fn it_is_deleted_by_keys_and_what_remains_is_said() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let mut terminal = wizard(&machine);
    open(&mut terminal);
    terminal.press("X");
    terminal.wait("Type test4821 to delete it");
    // It takes no yes before it is known who relies on it.
    terminal.wait_until("nobody relies on it", |screen| {
        !screen.contents().contains("Looking whether others rely")
    });
    terminal.press("test4821");
    terminal.press(ENTER);
    terminal.wait("its name is free from");
    close(&mut terminal, "its name is free from");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    let listed = machine.run(&["list", "--practice", "--json"]).expect(0);
    assert!(listed.lines().is_empty(), "{}", listed.out);
}

#[test]
fn choices_are_changed_later_and_a_compute_instance_is_made_inside() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let mend = ["mend", "test4821", "--practice", "--speed", "3000", "--yes"];
    let wrong = machine.run(&[&mend[..], &["--allow", "everything"]].concat());
    assert_ne!(wrong.code, 0);
    assert!(wrong.err.contains("everything"), "{}", wrong.err);
    let changes = ["--compute-instance", "--deny", "github"];
    machine.run(&[&mend[..], &changes].concat()).expect(0);
    let asked = ["status", "test4821", "--practice", "--json"];
    let status = machine.run(&asked).expect(0).event("status");
    let parts = status["condition"]["parts"].as_array().unwrap();
    let computes = parts.iter().find(|part| part["title"] == "Computes");
    assert_eq!(computes.unwrap()["name"], "2");
    assert_eq!(status["condition"]["drift"], serde_json::json!([]));
    let audit = ["audit", "test4821", "--practice", "--json"];
    assert_eq!(machine.run(&audit).expect(0).event("audit")["holds"], 30);
    machine.run(&["egress", "test4821", "github.com", "--practice"]).expect(1);
    // The choices are the environment's: the tags tell them on another machine.
    forget(&machine);
    let again = machine.run(&asked).expect(0).event("status");
    assert_eq!(again["condition"]["drift"], serde_json::json!([]));
}
