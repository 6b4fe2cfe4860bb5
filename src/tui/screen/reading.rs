//! What every screen says alike about an environment that is read: which one, how fresh, and what is in the way.

use crate::app::{App, Tone};
use crate::domain::operation::words;
use crate::domain::problem::Problem;
use crate::tui::text::clock;
use jiff::Timestamp;

pub(super) fn liveness(app: &App, reading: bool, read_at: Option<Timestamp>) -> (String, Tone) {
    match (reading, read_at) {
        (true, Some(at)) => (format!("as of {}, reading…", clock(app, at)), Tone::Plain),
        (true, None) => ("reading…".to_owned(), Tone::Plain),
        (false, Some(at)) if is_outdated(app, read_at) => {
            (format!("as of {}", clock(app, at)), Tone::Warn)
        }
        (false, Some(at)) => (format!("read at {}", clock(app, at)), Tone::Good),
        (false, None) => (String::new(), Tone::Plain),
    }
}

/// Whether what the screen shows of its environment may no longer be so.
pub(super) fn is_outdated(app: &App, read_at: Option<Timestamp>) -> bool {
    app.at_hand().is_some_and(|record| app.is_outdated(&record.full_name, read_at))
}

/// That what is shown is of before; nothing where it is of now.
pub(super) fn of_before(app: &App, reading: bool, read_at: Option<Timestamp>) -> Option<String> {
    let at = clock(app, read_at.filter(|_| is_outdated(app, read_at))?);
    Some(match app.going_on() {
        Some(watch) => {
            format!("As of {at}. {}; it is read again after that.", words::doing(&watch.operation))
        }
        None if reading => format!("As of {at}, before the last change. It is being read again."),
        None => format!("As of {at}, before the last change. r reads it again."),
    })
}

/// The sentence of the screen when it could not be read.
pub(super) fn failed(problem: &Problem) -> (Tone, String) {
    Tone::Bad.says(format!("{} Enter shows more, r tries again.", problem.what))
}

/// What stands in place of what was not read.
pub(super) fn in_place(problem: Option<&Problem>) -> String {
    problem.map_or_else(|| "Reading…".to_owned(), Problem::in_words)
}
