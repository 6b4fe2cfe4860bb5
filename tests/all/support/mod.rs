//! Runs the built program with a home of its own, no keychain, no account and no network but loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and each test file uses its own part of this"
)]
#![allow(dead_code, reason = "each test file uses its own part of this")]

pub mod kill;
pub mod picture;
#[cfg(unix)]
pub mod terminal;
pub mod wizard;

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

/// Answers that name one environment.
pub const TEST: &[&str] =
    &["--name", "test", "--suffix", "4821", "--region", "westeurope", "--cidr", "10.1.0.0/22"];

/// One person's machine: a home directory that is gone when the test ends.
pub struct Machine {
    home: tempfile::TempDir,
}

/// What a finished program left behind.
pub struct Finished {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Machine {
    /// A machine on which the program has never run.
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// The directory that the program keeps everything in.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The program with arguments, cut off from this machine's account, keychain and terminal.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_privateaml"));
        command
            .args(arguments)
            .env_clear()
            .env("PRIVATEAML_HOME", self.home.path())
            .env("HOME", self.home.path())
            .env("PATH", "/nowhere")
            .env("XDG_RUNTIME_DIR", self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        Finished::of(&self.command(arguments).output().unwrap())
    }

    /// Starts the program and lets it run.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Deploys an environment of known names on the practice cloud, with further flags.
    pub fn deploy(&self, flags: &[&str]) -> Finished {
        let arguments =
            [&["deploy", "--practice", "--speed", "3000", "--yes"], TEST, flags].concat();
        self.run(&arguments)
    }

    /// The jumpbox password of that environment, as its owner reads it.
    pub fn password(&self) -> String {
        let read = ["credentials", "test4821", "--practice", "--show", "--json"];
        let credentials = self.run(&read).expect(0).event("credentials");
        credentials["password"].as_str().unwrap().to_owned()
    }

    /// Every file below the home directory.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![self.home.path().to_owned()];
        while let Some(directory) = open.pop() {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }
}

impl Finished {
    /// Reads an ended process.
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The JSON lines of standard output.
    pub fn lines(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
            .collect()
    }

    /// The first JSON line with the given event.
    pub fn event(&self, name: &str) -> Value {
        self.lines()
            .into_iter()
            .find(|line| line["event"] == name)
            .unwrap_or_else(|| panic!("no `{name}` in:\n{}\n{}", self.out, self.err))
    }

    /// The same, with the exit code checked first.
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "output:\n{}\nerrors:\n{}", self.out, self.err);
        self
    }
}
