//! A terminal with a program in it: what is typed, what is on the screen, and what is left behind.

use std::{
    io::{Read as _, Write},
    path::Path,
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longest wait for something to appear; only a failing test waits that long.
pub const LIMIT: Duration = Duration::from_mins(1);
pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\u{1b}";
pub const TAB: &str = "\t";
pub const F5: &str = "\u{1b}[15~";
pub const CTRL_C: &str = "\u{3}";
pub const CTRL_N: &str = "\u{e}";

/// A terminal with the program in it.
pub struct Terminal {
    seen: Arc<(Mutex<vt100::Parser>, Condvar)>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
}

/// The program with arguments, cut off from this machine's account, keychain and terminal.
pub fn program(home: &Path, arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_privateaml"));
    command.args(arguments);
    command.env_clear();
    command.env("PRIVATEAML_HOME", home);
    command.env("HOME", home);
    command.env("PATH", "/nowhere");
    command.env("XDG_RUNTIME_DIR", home);
    command.env("TERM", "xterm-256color");
    command.env("TZ", "UTC");
    command
}

/// What stands before and after a picture that is to be shown at once.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// How many of the bytes can be shown: half a picture is none, as on every terminal that knows synchronized output. A
/// test would take what is not drawn yet for what is gone.
fn whole_pictures(bytes: &[u8]) -> usize {
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|part| part == mark);
    let half = match (last(BEGIN), last(END)) {
        (Some(begin), end) if end.is_none_or(|end| end < begin) => begin,
        _ => bytes.len(),
    };
    // The mark itself may come in two parts.
    let cut = (1..BEGIN.len()).rev().find(|part| bytes.ends_with(&BEGIN[..*part]));
    half.min(bytes.len() - cut.unwrap_or_default())
}

impl Terminal {
    /// Starts the program in a terminal of a size.
    pub fn start(home: &Path, arguments: &[&str], columns: u16, rows: u16) -> Self {
        Self::run(program(home, arguments), columns, rows)
    }

    /// Starts any command in a terminal of a size.
    pub fn run(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser =
            vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 2000);
        let seen = Arc::new((Mutex::new(parser), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            let (mut bytes, mut held) = ([0; 4096], Vec::new());
            let (parser, changed) = &*shared;
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                held.extend_from_slice(bytes.get(..length).unwrap());
                let whole: Vec<u8> = held.drain(..whole_pictures(&held)).collect();
                parser.lock().unwrap().process(&whole);
                changed.notify_all();
            }
            parser.lock().unwrap().process(&held);
            changed.notify_all();
        });
        Self { seen, input: pair.master.take_writer().unwrap(), child, master: pair.master }
    }

    /// Waits until the screen shows a text.
    pub fn wait(&self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the screen is as wanted; `what` says what that is.
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let (parser, changed) = &*self.seen;
        let parser = parser.lock().unwrap();
        let (parser, late) =
            changed.wait_timeout_while(parser, LIMIT, |parser| !wanted(parser.screen())).unwrap();
        let screen = parser.screen().contents();
        assert!(!late.timed_out(), "no \"{what}\" in:\n{screen}");
    }

    /// What is on the screen.
    pub fn screen(&self) -> String {
        self.seen.0.lock().unwrap().screen().contents()
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Changes the size.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (parser, _) = &*self.seen;
        let (rows_there, columns_there) = (rows.try_into().unwrap(), columns.try_into().unwrap());
        parser.lock().unwrap().screen_mut().set_size(rows_there, columns_there);
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Sends a signal, by its name for `kill`.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Hangs up, as the system does when somebody closes the window; the exit code.
    pub fn hang_up(&mut self) -> u32 {
        self.signal("HUP");
        self.end()
    }

    /// Waits for the program's end; the exit code.
    pub fn end(&mut self) -> u32 {
        self.child.wait().expect("the program ends").exit_code()
    }

    /// Waits for the end and checks that the terminal was given back as it was.
    pub fn end_clean(&mut self) -> u32 {
        let code = self.end();
        self.wait_until("a terminal given back", |screen| {
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        let (parser, _) = &*self.seen;
        let parser = parser.lock().unwrap();
        assert_eq!(parser.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        code
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}
