//! What goes wrong in a first deployment, understood and put right by keys alone, up to the credentials.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::terminal::{CTRL_N, ENTER, F5, Terminal};

/// The form with a name, on a practice cloud with faults.
fn begun(speed: &str, faults: &[&str], columns: u16, rows: u16) -> (tempfile::TempDir, Terminal) {
    let home = tempfile::tempdir().unwrap();
    let mut arguments = vec!["practice", "--no-hubs", "--speed", speed];
    arguments.extend(faults.iter().flat_map(|fault| ["--fault", *fault]));
    let mut terminal = Terminal::start(home.path(), &arguments, columns, rows);
    terminal.wait("Practice subscription");
    terminal.press(ENTER);
    terminal.wait("Name");
    terminal.press("test");
    (home, terminal)
}

/// From the form to the credentials, where nothing is in the way any more.
fn to_the_end(terminal: &mut Terminal) {
    terminal.wait("Everything is filled in");
    terminal.press(CTRL_N);
    deploy(terminal);
}

fn deploy(terminal: &mut Terminal) {
    terminal.wait("Azure accepts it");
    terminal.press("D");
    terminal.wait("y yes   Esc no");
    terminal.press("y");
    terminal.wait("copy password");
}

#[test]
fn what_the_form_finds_is_put_right_by_the_first_action() {
    for (fault, words, columns, rows) in [
        ("no-role-assignments", "1 check found something", 100, 30),
        ("quota", "1 check found something", 80, 24),
        ("sku", "1 check found something", 140, 45),
        ("name-taken", "is taken", 100, 30),
        ("soft-deleted-vault", "keeps", 60, 18),
        ("no-schedules", "1 check found something", 100, 30),
    ] {
        let (_home, mut terminal) = begun("3000", &[fault], columns, rows);
        terminal.wait(words);
        terminal.press(F5);
        terminal.wait("What helps");
        terminal.press(ENTER);
        to_the_end(&mut terminal);
    }
}

#[test]
fn a_policy_that_azure_tells_of_is_met_with_another_region() {
    let (_home, mut terminal) = begun("3000", &["policy"], 100, 30);
    terminal.wait("Everything is filled in");
    terminal.press(CTRL_N);
    terminal.wait("open finding");
    terminal.press(F5);
    terminal.wait("Another region");
    terminal.press(ENTER);
    terminal.wait("type to filter");
    terminal.press("North Europe");
    terminal.wait("northeurope");
    terminal.press(ENTER);
    to_the_end(&mut terminal);
}

/// A yes in spite of a finding is a yes: Azure refuses, nothing exists, and the same key leads on.
#[test]
fn a_refusal_after_the_yes_is_put_right_from_the_failure_itself() {
    let (_home, mut terminal) = begun("3000", &["quota"], 100, 30);
    terminal.wait("1 check found something");
    terminal.press(CTRL_N);
    terminal.wait("open finding");
    terminal.press("D");
    terminal.wait("y yes   Esc no");
    terminal.press("y");
    terminal.wait("It was not sent");
    terminal.press(F5);
    terminal.wait("Another jumpbox size");
    terminal.press(ENTER);
    terminal.wait("type to filter");
    terminal.press("D2ds_v4");
    terminal.press(ENTER);
    to_the_end(&mut terminal);
}

#[test]
fn what_passes_by_itself_is_waited_for_and_told() {
    for (fault, told) in [("slow-bastion", "usually takes"), ("firewall-error", "Attempt 2")] {
        let (_home, mut terminal) = begun("300", &[fault], 140, 45);
        terminal.wait("Everything is filled in");
        terminal.press(CTRL_N);
        terminal.wait("Azure accepts it");
        terminal.press("D");
        terminal.wait("y yes   Esc no");
        terminal.press("y");
        terminal.wait(told);
        terminal.wait("copy password");
    }
}
