//! The program in a real terminal: its questions, the way to *Ready*, and what Ctrl-C means.

#![cfg(unix)]

use crate::support::terminal::{CTRL_C, ENTER, Terminal};

#[test]
fn the_questions_lead_to_ready_at_every_width() {
    for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = Terminal::start(
            home.path(),
            &["deploy", "--practice", "--speed", "3000"],
            columns,
            rows,
        );
        terminal.wait("Name of the environment");
        terminal.press("demo\r");
        terminal.wait("Azure region");
        terminal.press("northeurope");
        terminal.wait("North Europe");
        terminal.press(ENTER);
        terminal.wait("Address space");
        terminal.press(ENTER);
        terminal.wait("Deploy it on the practice cloud?");
        terminal.press("y\r");
        terminal.wait("nothing to pay");
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn enter_alone_makes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let arguments = [
        "deploy",
        "--practice",
        "--name",
        "test",
        "--region",
        "westeurope",
        "--cidr",
        "10.1.0.0/22",
    ];
    let mut terminal = Terminal::start(home.path(), &arguments, 100, 30);
    terminal.wait("Deploy it on the practice cloud?");
    terminal.press(ENTER);
    terminal.wait("Nothing was changed");
    assert_eq!(terminal.end(), 5);
}

#[test]
fn plain_lines_ask_and_explain_a_wrong_answer() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(
        home.path(),
        &["practice", "--no-hubs", "--plain", "--speed", "3000"],
        100,
        50,
    );
    terminal.wait("Name of the environment");
    terminal.press("Nine-Lives\r");
    terminal.wait("Name of the environment: [test]");
    terminal.press("demo\r");
    terminal.wait("Azure region:");
    terminal.press("west europe\r");
    terminal.wait("Address space");
    terminal.press("10.1.0.0/24\r");
    terminal.wait("/22");
    terminal.press("10.1.0.0/22\r");
    terminal.wait("Deploy it on the practice cloud?");
    terminal.press("yes\r");
    terminal.wait("nothing to pay");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn an_interruption_leaves_or_cancels_as_it_is_meant() {
    let home = tempfile::tempdir().unwrap();
    let deploy = [
        "deploy",
        "--practice",
        "--speed",
        "60",
        "--name",
        "test",
        "--region",
        "westeurope",
        "--cidr",
        "10.1.0.0/22",
        "--yes",
    ];
    let mut terminal = Terminal::start(home.path(), &deploy, 100, 40);
    terminal.wait("was accepted");
    terminal.press(CTRL_C);
    terminal.wait("Stop watching, or stop the deployment?");
    terminal.press(ENTER);
    terminal.wait("Left running");
    assert_eq!(terminal.end(), 3);

    let mut terminal = Terminal::start(home.path(), &deploy, 100, 40);
    terminal.wait("is under way already");
    terminal.press(CTRL_C);
    terminal.wait("Stop watching, or stop the deployment?");
    terminal.press("Cancel the");
    terminal.wait("Cancel the deployment in Azure");
    terminal.press(ENTER);
    terminal.wait("cancelled after");
    assert_eq!(terminal.end(), 5);
}

#[test]
fn an_interruption_before_the_deployment_is_sent_sends_nothing() {
    let home = tempfile::tempdir().unwrap();
    // At the real pace registering takes a minute, which is time enough to change one's mind.
    let arguments = [
        "deploy",
        "--practice",
        "--speed",
        "1",
        "--name",
        "test",
        "--region",
        "westeurope",
        "--cidr",
        "10.1.0.0/22",
        "--yes",
    ];
    let mut terminal = Terminal::start(home.path(), &arguments, 100, 40);
    terminal.wait("Registering the subscription");
    terminal.press(CTRL_C);
    terminal.wait("Nothing was sent");
    assert_eq!(terminal.end(), 5);
}
