//! The wizard on an environment that stands: a new password, a pause and the way back, and a deletion with what remains.

#![cfg(unix)]
mod support;

use support::{
    Machine,
    terminal::{ENTER, ESCAPE, Terminal},
};

#[test]
fn an_environment_is_kept_and_deleted_by_keys() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let before = machine.password();
    let arguments = ["practice", "--speed", "3000"];
    let mut terminal = Terminal::start(machine.home(), &arguments, 100, 30);
    terminal.wait("test4821");
    terminal.wait("checked");
    terminal.press(ENTER);
    terminal.wait("Your private workspace is ready");
    terminal.press("n");
    terminal.wait("Set a new password for test4821?");
    // Enter does nothing here.
    terminal.press(ENTER);
    terminal.press("y");
    terminal.wait("has a new password");
    assert_ne!(machine.password(), before);
    terminal.press("f");
    terminal.wait("checked");
    terminal.press("p");
    terminal.wait("Pause test4821?");
    terminal.press("y");
    terminal.wait("test4821 is paused");
    terminal.press("p");
    terminal.wait("Resume test4821?");
    terminal.press("y");
    terminal.wait("test4821 is back");
    terminal.press("X");
    terminal.wait("Type test4821 to delete it");
    terminal.press("test4821");
    terminal.press(ENTER);
    terminal.wait("its name is free from");
    terminal.press(ESCAPE);
    terminal.wait("Start");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    let listed = machine.run(&["list", "--practice", "--json"]).expect(0);
    assert!(listed.lines().is_empty(), "{}", listed.out);
}
