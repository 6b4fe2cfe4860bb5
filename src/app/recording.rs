//! Recordings of a run: how it was started, and each message with its time, one JSON line each, without secrets.
//!
//! A recording is for bug reports, demonstrations and tests. Nothing is written or read here; only the form is known.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::dialog::Dialog;
use super::key::{Code, Key};
use super::message::Message;
use super::place::Place;
use super::{App, StartOptions};
use crate::domain::foreign;
use crate::domain::problem::{Problem, Result};

/// The version of the form.
pub const VERSION: u32 = 4;
/// A recording of the whole journey on the practice cloud.
pub const DEMO: &str = include_str!("../../assets/demo/session.jsonl");
/// Stands for what was typed where nobody may read it.
const MASK: char = '*';

/// The first line: how the run began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordingHeader {
    /// The version of the form.
    pub v: u32,
    /// How the program was started.
    pub start: StartOptions,
    /// When.
    pub at: Timestamp,
    /// The terminal's columns and rows.
    pub size: (u16, u16),
}

/// Each further line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedMessage {
    /// When it came.
    pub at: Timestamp,
    /// What came.
    pub message: Message,
}

/// A whole recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// How it began.
    pub head: RecordingHeader,
    /// What came.
    pub entries: Vec<RecordedMessage>,
}

/// The line for a message, as it may be written: nothing that is typed into a masked line, and no code of a sign-in.
pub fn line(app: &App, at: Timestamp, message: &Message) -> Option<String> {
    let masked = app.place() == Place::Prompt
        && matches!(&app.dialog, Some(Dialog::Prompt(prompt)) if prompt.is_masked());
    let message = match message {
        Message::Key(key) if masked && matches!(key.code, Code::Char(_)) && !key.control => {
            Message::Key(Key::char(MASK))
        }
        Message::Paste(text) if masked => Message::Paste(text.chars().map(|_| MASK).collect()),
        Message::CodeToType(code) => {
            let mut code = code.clone();
            code.code = MASK.to_string().repeat(code.code.len());
            Message::CodeToType(code)
        }
        other => other.clone(),
    };
    let line = serde_json::to_string(&RecordedMessage { at, message }).ok()?;
    Some(foreign::json(&line))
}

/// Reads a recording.
///
/// # Errors
/// When a line is not of the form; the problem names it. A last line that was cut off is left out.
pub fn read(text: &str) -> Result<Recording> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
    let (_, first) = lines.next().ok_or_else(|| unreadable(1, "it is empty"))?;
    let head: RecordingHeader =
        serde_json::from_str(first).map_err(|error| unreadable(1, &error.to_string()))?;
    if head.v != VERSION {
        return Err(unreadable(1, &format!("version {} is not known", head.v)));
    }
    let rest: Vec<(usize, &str)> = lines.collect();
    let last = rest.len();
    let mut entries = Vec::with_capacity(last);
    for (position, (number, line)) in rest.into_iter().enumerate() {
        match serde_json::from_str(line) {
            Ok(entry) => entries.push(entry),
            Err(_) if position + 1 == last && !text.ends_with('\n') => {}
            Err(error) => return Err(unreadable(number + 1, &error.to_string())),
        }
    }
    Ok(Recording { head, entries })
}

fn unreadable(line: usize, why: &str) -> Problem {
    Problem::new(
        "RecordingUnreadable",
        format!("Line {line} of the recording cannot be used: {why}."),
        "Record a new one with --record-session FILE, with this version of the program.",
    )
    .at(format!("line {line}"))
}
