//! What every screen says alike about an environment that is read: which one, how fresh, and what is in the way.

use crate::app::{App, Tone};
use crate::domain::problem::Problem;
use crate::tui::text::clock;
use jiff::Timestamp;

pub(super) fn liveness(app: &App, reading: bool, read_at: Option<Timestamp>) -> (String, Tone) {
    match (reading, read_at) {
        (true, _) => ("reading…".to_owned(), Tone::Plain),
        (false, Some(at)) => (format!("read at {}", clock(app, at)), Tone::Good),
        (false, None) => (String::new(), Tone::Plain),
    }
}

/// The sentence of the screen when it could not be read.
pub(super) fn failed(problem: &Problem) -> (Tone, String) {
    Tone::Bad.says(format!("{} Enter shows more, r tries again.", problem.what))
}

/// What stands in place of what was not read.
pub(super) fn in_place(problem: Option<&Problem>) -> String {
    problem.map_or_else(|| "Reading…".to_owned(), Problem::in_words)
}
