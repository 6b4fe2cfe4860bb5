//! Figures of the wizard, printed beside their budgets: first picture, key to picture, many resources, memory, idle.
//!
//! Run with `cargo bench --bench wizard`; `PRIVATEAML_BENCH_IDLE` is how many seconds the idle wizard is watched (60 by
//! default). Nothing is asserted here: a machine that is busy is no fault of the program.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "../tests/all/support/wizard.rs"]
mod wizard;

use std::{
    io::{Read as _, Write as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use privateaml::{
    app::{
        App,
        key::{Code, Key},
        message::Message,
        screen::Screen,
    },
    domain::{
        environment::Phase,
        operation::{Attempt, Event},
    },
    tui::{Hits, draw},
};
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};
use wizard::{after, begin, found, look, made, news, signed_in, steps, watched};

fn main() {
    keys_to_pictures();
    many_environments();
    many_resources();
    let program = env!("CARGO_BIN_EXE_privateaml");
    let size = std::fs::metadata(program).unwrap().len();
    println!("program, as built here            {:>8.1} MiB  (budget 14)", mebibytes(size));
    first_picture(program);
    idle(program);
    memory(program);
}

/// A terminal of a fixed size that writes into memory: what is drawn is compared and encoded as for a real one.
fn terminal(columns: u16, rows: u16) -> Terminal<CrosstermBackend<Vec<u8>>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    let options = TerminalOptions { viewport };
    Terminal::with_options(CrosstermBackend::new(Vec::new()), options).unwrap()
}

fn show(terminal: &mut Terminal<CrosstermBackend<Vec<u8>>>, app: &App) {
    let mut hits = Hits::default();
    let drawn =
        terminal.draw(|frame| draw(app, &look(), frame.area(), frame.buffer_mut(), &mut hits));
    drawn.unwrap();
}

/// Times a key and the picture after it, many times over.
fn timed(app: &mut App, keys: &[Key], rounds: usize, columns: u16, rows: u16) -> Vec<Duration> {
    let mut terminal = terminal(columns, rows);
    show(&mut terminal, app);
    let mut times = Vec::new();
    for index in 0..rounds {
        let key = keys.get(index % keys.len()).copied().unwrap();
        let start = Instant::now();
        app.update(after(100), Message::Key(key));
        show(&mut terminal, app);
        times.push(start.elapsed());
    }
    times
}

fn told(what: &str, mut times: Vec<Duration>, budget: &str) {
    times.sort();
    let at = |part: usize| times.get((times.len() - 1) * part / 100).copied().unwrap();
    println!(
        "{what:<34}{:>8.2} ms median, {:.2} ms p99  ({budget})",
        milliseconds(at(50)),
        milliseconds(at(99))
    );
}

fn keys_to_pictures() {
    let down_up = [Key::of(Code::Down), Key::of(Code::Up)];
    let typing = [Key::char('a'), Key::of(Code::Backspace)];
    let around = [Key::of(Code::Tab)];
    let mut list = wizard::app(false);
    list.update(begin(), signed_in());
    list.update(begin(), found(false, Phase::Ready));
    told("key to picture, list", timed(&mut list, &down_up, 2000, 100, 30), "budget p99 5 ms");
    let mut form = list.clone();
    form.update(begin(), Message::Key(Key::char('n')));
    told("key to picture, form", timed(&mut form, &typing, 2000, 100, 30), "budget p99 5 ms");
    let mut preview = list.clone();
    preview.screen = Screen::Preview;
    let generation = preview.preview.generation;
    let plan = Box::new(made());
    preview.update(begin(), Message::Planned { generation, plan });
    let arrows = [Code::Down, Code::Right, Code::Up, Code::Left].map(Key::of);
    preview.update(begin(), Message::Resized(140));
    let map = timed(&mut preview, &arrows, 2000, 140, 45);
    told("key to picture, map at 140x45", map, "budget p99 5 ms");
    let parts = timed(&mut preview, &around, 2000, 100, 30);
    told("key to picture, preview's parts", parts, "budget p99 5 ms");
    let mut deploy = deploying(&list);
    told(
        "key to picture, deployment",
        timed(&mut deploy, &down_up, 2000, 100, 30),
        "budget p99 5 ms",
    );
}

/// A deployment that is under way.
fn deploying(list: &App) -> App {
    let mut deploy = list.clone();
    let id = watched(&mut deploy);
    deploy.screen = Screen::Deploy;
    for message in news(id, 60, 8) {
        deploy.update(begin(), message);
    }
    deploy
}

/// A letter typed into the filter over five hundred environments of twenty subscriptions.
fn many_environments() {
    let mut list = wizard::app(false);
    list.update(begin(), signed_in());
    list.update(begin(), wizard::many(500, 20));
    list.update(begin(), Message::Key(Key::char('/')));
    let typing: Vec<Key> = "subscription 7"
        .chars()
        .map(Key::char)
        .chain(std::iter::repeat_n(Key::of(Code::Backspace), 14))
        .collect();
    let times = timed(&mut list, &typing, 2800, 100, 30);
    told("key to picture, filter of 500", times, "budget p99 5 ms");
}

fn many_resources() {
    let mut list = wizard::app(false);
    list.update(begin(), signed_in());
    list.update(begin(), found(false, Phase::Ready));
    let mut app = deploying(&list);
    let one = steps(&made(), 60, 8);
    let mut changed = Vec::new();
    for copy in 0..=800 / one.len() {
        for step in &one {
            let mut step = step.clone();
            step.id = format!("{}-{copy}", step.id);
            step.symbol = format!("{}{copy}", step.symbol);
            changed.push(step);
        }
    }
    let run = app.deploy.shown;
    let event = Event::Steps {
        changed,
        turned: Vec::new(),
        elapsed: Duration::from_secs(90),
        attempt: Attempt::default(),
    };
    app.update(begin(), Message::Operation { id: run, event });
    let count = app.watch().map_or(0, |watch| watch.steps.len());
    let keys = [Key::of(Code::Down), Key::of(Code::PageDown), Key::of(Code::Right)];
    let times = timed(&mut app, &keys, 500, 300, 100);
    told(&format!("{count} resources at 300x100"), times, "budget p99 16 ms");
}

/// The program in a terminal of its own.
struct Running {
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<Mutex<vt100::Parser>>,
    bytes: Arc<AtomicUsize>,
    input: Box<dyn std::io::Write + Send>,
    _master: Box<dyn MasterPty + Send>,
    _home: tempfile::TempDir,
}

impl Running {
    fn start(program: &str, arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("PRIVATEAML_HOME", home.path());
        command.env("HOME", home.path());
        command.env("XDG_RUNTIME_DIR", home.path());
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = vt100::Parser::new(30.try_into().unwrap(), 100.try_into().unwrap(), 0);
        let seen = Arc::new(Mutex::new(parser));
        let bytes = Arc::new(AtomicUsize::new(0));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (shared, counted) = (Arc::clone(&seen), Arc::clone(&bytes));
        std::thread::spawn(move || {
            let mut chunk = [0; 8192];
            while let Ok(length @ 1..) = reader.read(&mut chunk) {
                counted.fetch_add(length, Ordering::SeqCst);
                shared.lock().unwrap().process(chunk.get(..length).unwrap());
            }
        });
        Self {
            child,
            seen,
            bytes,
            input: pair.master.take_writer().unwrap(),
            _master: pair.master,
            _home: home,
        }
    }

    fn wait(&self, text: &str) {
        while !self.seen.lock().unwrap().screen().contents().contains(text) {
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    fn press(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    fn end(mut self) {
        self.press("q");
        self.child.wait().unwrap();
    }
}

fn first_picture(program: &str) {
    let times = (0..20)
        .map(|_| {
            let start = Instant::now();
            let running = Running::start(program, &["practice", "--no-hubs"]);
            running.wait("q quit");
            let took = start.elapsed();
            running.wait("Practice subscription");
            running.end();
            took
        })
        .collect();
    told("start to first picture", times, "budget 15 ms");
}

/// Processor time of a process so far, in ticks of a hundredth of a second; `None` where the system does not tell.
fn ticks(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let at = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(at(11)? + at(12)?)
}

fn idle(program: &str) {
    let wanted = std::env::var("PRIVATEAML_BENCH_IDLE").ok();
    let seconds = wanted.and_then(|text| text.parse().ok()).unwrap_or(60_u64);
    let running = Running::start(program, &["practice", "--no-hubs"]);
    running.wait("checked ");
    running.wait("Practice subscription");
    std::thread::sleep(Duration::from_secs(3));
    let before = (ticks(running.process()), running.bytes.load(Ordering::SeqCst));
    std::thread::sleep(Duration::from_secs(seconds));
    let after = (ticks(running.process()), running.bytes.load(Ordering::SeqCst));
    if let (Some(before), Some(after)) = (before.0, after.0) {
        #[expect(clippy::cast_precision_loss, reason = "a few ticks")]
        let percent = (after - before) as f64 / seconds as f64;
        println!(
            "idle for {seconds} s                     {percent:>8.2} % of a processor  (budget 0.2)"
        );
    }
    println!("written to the terminal meanwhile {:>8} bytes  (budget 0)", after.1 - before.1);
    running.end();
}

/// The largest memory while a whole deployment is made and followed, the practice cloud in the same process included.
fn memory(program: &str) {
    let mut running = Running::start(program, &["practice", "--no-hubs", "--speed", "120"]);
    running.wait("Practice subscription");
    running.press("n");
    running.wait("Name");
    running.press("demo");
    running.wait("Everything is filled in");
    running.press("\u{e}");
    running.wait("Nothing has been created yet");
    running.press("D");
    running.wait("Enter does nothing here");
    running.press("y");
    running.wait("Your private workspace is ready");
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.process()));
    let peak = status.ok().and_then(|status| {
        let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    });
    if let Some(peak) = peak {
        println!(
            "most memory, cloud included       {:>8.1} MiB  (budget 30 without the cloud)",
            mebibytes(peak * 1024)
        );
    }
    running.end();
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files and processes")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}
