//! The program in a real terminal: its questions, the way to *Ready*, and what Ctrl-C means.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{
    io::{Read as _, Write},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longest wait for something to appear; only a failing test waits that long.
const LIMIT: Duration = Duration::from_mins(1);
const ENTER: &str = "\r";
const CTRL_C: &str = "\u{3}";

/// A terminal with the program in it.
struct Terminal {
    seen: Arc<(Mutex<vt100::Parser>, Condvar)>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn start(home: &std::path::Path, arguments: &[&str], columns: u16, rows: u16) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_privateaml"));
        command.args(arguments);
        command.env_clear();
        command.env("PRIVATEAML_HOME", home);
        command.env("HOME", home);
        command.env("XDG_RUNTIME_DIR", home);
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser =
            vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 2000);
        let seen = Arc::new((Mutex::new(parser), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                let (parser, changed) = &*shared;
                parser.lock().unwrap().process(bytes.get(..length).unwrap());
                changed.notify_all();
            }
        });
        Self {
            seen,
            input: pair.master.take_writer().unwrap(),
            child,
            _master: pair.master,
        }
    }

    /// Waits until the screen shows a text.
    fn wait(&self, text: &str) {
        let (parser, changed) = &*self.seen;
        let parser = parser.lock().unwrap();
        let (parser, late) = changed
            .wait_timeout_while(parser, LIMIT, |parser| {
                !parser.screen().contents().contains(text)
            })
            .unwrap();
        let screen = parser.screen().contents();
        assert!(!late.timed_out(), "no \"{text}\" in:\n{screen}");
    }

    fn press(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    fn end(mut self) -> u32 {
        self.child.wait().expect("the program ends").exit_code()
    }
}

#[test]
fn the_questions_lead_to_ready_at_every_width() {
    for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal =
            Terminal::start(home.path(), &["practice", "--speed", "3000"], columns, rows);
        terminal.wait("Name of the environment");
        terminal.press("demo\r");
        terminal.wait("Azure region");
        terminal.press("northeurope");
        terminal.wait("North Europe");
        terminal.press(ENTER);
        terminal.wait("Address space");
        terminal.press(ENTER);
        terminal.wait("Make it on the practice cloud?");
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
    terminal.wait("Make it on the practice cloud?");
    terminal.press(ENTER);
    terminal.wait("Nothing was changed");
    assert_eq!(terminal.end(), 5);
}

#[test]
fn plain_lines_ask_and_explain_a_wrong_answer() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(
        home.path(),
        &["practice", "--plain", "--speed", "3000"],
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
    terminal.wait("Make it on the practice cloud?");
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
