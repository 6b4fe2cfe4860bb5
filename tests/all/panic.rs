//! A panic while the terminal is taken: the terminal is given back first, then it is told where to report.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::terminal::Terminal;
use portable_pty::CommandBuilder;

/// Tells the child that it is the one to panic.
const VARIABLE: &str = "PRIVATEAML_TEST_PANIC";

/// Runs one test of this file in a terminal of its own.
fn in_terminal(test: &str, which: &str) -> Terminal {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([&format!("panic::{test}"), "--exact", "--nocapture", "--test-threads=1"]);
    command.env("TERM", "xterm-256color");
    command.env(VARIABLE, which);
    Terminal::run(command, 80, 24)
}

fn is_child(which: &str) -> bool {
    std::env::var(VARIABLE).is_ok_and(|value| value == which)
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    if is_child("drawing") {
        privateaml::cli::install_panic_hook();
        let mut terminal = privateaml::tui::Terminal::take().unwrap();
        terminal.set_mouse(true).unwrap();
        panic!("a value that must not be told");
    }
    let mut terminal = in_terminal("a_panic_gives_the_terminal_back_before_it_is_told", "drawing");
    terminal.wait("Please report that line");
    assert_ne!(terminal.end_clean(), 0);
    let screen = terminal.screen();
    assert!(screen.contains("tests/all/panic.rs"), "{screen}");
    assert!(!screen.contains("must not be told"), "{screen}");
}

#[test]
fn a_panic_elsewhere_leaves_the_screen_alone() {
    if is_child("elsewhere") {
        privateaml::cli::install_panic_hook();
        let mut terminal = privateaml::tui::Terminal::take().unwrap();
        let ended = std::thread::spawn(|| panic!("elsewhere")).join();
        assert!(ended.is_err());
        terminal.draw(|frame| frame.render_widget("still here", frame.area())).unwrap();
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).unwrap();
        return;
    }
    let mut terminal = in_terminal("a_panic_elsewhere_leaves_the_screen_alone", "elsewhere");
    terminal.wait_until("the picture", |screen| {
        screen.alternate_screen() && screen.contents().contains("still here")
    });
    assert!(!terminal.screen().contains("report"));
    terminal.press("\r\n");
    terminal.end_clean();
}
