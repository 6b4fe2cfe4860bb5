//! Where words and JSON lines go, and how a problem is worded on a line.
//!
//! In JSON mode standard output carries one object per line and nothing else; words for people go to standard error,
//! and so they do where a text is asked for as a file. Everything passes `foreign` here on its way out, so that
//! nothing that others wrote is obeyed by a terminal. A reader that went away is no reason to fail: write errors are
//! ignored. This module must not read anything.

use std::io::{IsTerminal as _, Write as _};

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::domain::foreign;
use crate::domain::problem::Problem;
use crate::domain::words::count;

/// Width at which prose is wrapped when the terminal does not say how wide it is, in columns.
const DEFAULT_WIDTH: usize = 100;

/// The begin of a failure.
const PROBLEM: &str = "Problem:";

/// What standard output carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carries {
    /// Words for people.
    Words,
    /// A text that was asked for as a file; words go to standard error.
    Content,
    /// JSON lines; words go to standard error.
    Json,
}

/// How the program speaks.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    carries: Carries,
    terminal: bool,
    color: bool,
}

impl Output {
    /// Speaks JSON lines or plain words; colours only on a terminal that wants them.
    pub fn new(json: bool, no_color: bool) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let refused = no_color
            || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self {
            carries: if json { Carries::Json } else { Carries::Words },
            terminal,
            color: terminal && !refused,
        }
    }

    /// True when standard output carries JSON lines.
    pub fn is_json(self) -> bool {
        self.carries == Carries::Json
    }

    /// True when standard output is a terminal, where showing a password to its owner is all right.
    pub fn is_terminal(self) -> bool {
        self.terminal
    }

    /// The same with standard output kept free for [`Output::content`].
    pub fn with_words_aside(self) -> Self {
        let carries = match self.carries {
            Carries::Words => Carries::Content,
            other => other,
        };
        Self { carries, ..self }
    }

    /// One line for people. A line break in it becomes a blank.
    pub fn say(self, line: &str) {
        let line = foreign::line(line);
        if self.carries == Carries::Words {
            let _ = writeln!(std::io::stdout(), "{line}");
        } else {
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }

    /// One line for people, in bold where the terminal can.
    pub fn headline(self, line: &str) {
        if self.color && self.carries == Carries::Words {
            let line = foreign::line(line);
            let _ = writeln!(std::io::stdout(), "\u{1b}[1m{line}\u{1b}[0m");
        } else {
            self.say(line);
        }
    }

    /// A text that was asked for as a file, on standard output; in JSON mode it is part of an event instead.
    pub fn content(self, text: &str) {
        if !self.is_json() {
            for line in text.lines() {
                let _ = writeln!(std::io::stdout(), "{}", foreign::line(line));
            }
        }
    }

    /// Prose for people, wrapped to the terminal.
    pub fn prose(self, text: &str) {
        for (index, line) in wrap(&foreign::line(text), width()).iter().enumerate() {
            // Words of others can be long enough to break where they want: no such line may pass for a failure.
            let forged = index > 0 && line.starts_with(PROBLEM);
            self.say(&format!("{}{line}", if forged { "  " } else { "" }));
        }
    }

    /// Prose behind a head such as a time or a number; further lines are indented to its width.
    pub fn hanging(self, head: &str, text: &str) {
        let indent = head.chars().count();
        for (index, line) in
            wrap(&foreign::line(text), width().saturating_sub(indent).max(20)).iter().enumerate()
        {
            let start = if index == 0 { head } else { "" };
            self.say(&format!("{start:<indent$}{line}"));
        }
    }

    /// One object on standard output, in JSON mode only. `event` names it; `v` and `event` are added in front.
    pub fn event(self, event: &str, fields: Value) {
        if !self.is_json() {
            return;
        }
        let mut object = json!({ "v": 1, "event": event });
        if let (Some(object), Value::Object(fields)) = (object.as_object_mut(), fields) {
            object.extend(fields);
        }
        let line = foreign::json(&object.to_string());
        let _ = writeln!(std::io::stdout(), "{line}");
    }

    /// A failure: on standard error in words, and as an `error` object in JSON mode.
    pub fn problem(self, problem: &Problem) {
        for (index, line) in problem_lines(problem, width()).iter().enumerate() {
            let bold = index == 0 && std::io::stderr().is_terminal() && self.color;
            let _ = if bold {
                writeln!(std::io::stderr(), "\u{1b}[1m{line}\u{1b}[0m")
            } else {
                writeln!(std::io::stderr(), "{line}")
            };
        }
        self.event("error", json!({ "problem": problem_json(problem) }));
    }
}

/// A problem in JSON; what helps is always there as an array, also where it follows from the rest.
pub fn problem_json(problem: &Problem) -> Value {
    let mut told = json!(problem);
    if let Some(members) = told.as_object_mut() {
        members.insert("actions".to_owned(), json!(problem.remedies()));
    }
    told
}

/// The lines of a problem, safe to show: what happened, where, what to do, and Azure's own words last. Only these keep
/// their lines, set in so that none can pass for one of ours.
pub fn problem_lines(problem: &Problem, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |label: &str, text: &str| {
        let indent = " ".repeat(9);
        let wrapped = wrap(&foreign::block(text), width.saturating_sub(indent.len()).max(20));
        for (index, line) in wrapped.iter().enumerate() {
            let head = if index == 0 { format!("{label:<9}") } else { indent.clone() };
            lines.push(format!("{head}{line}"));
        }
    };
    add(PROBLEM, &foreign::line(&problem.what));
    if let Some(place) = &problem.place {
        add("Where:", short_place(place));
    }
    add("Do this:", &problem.advice);
    for action in problem.remedies() {
        add("Try:", &action.on_command_line());
    }
    if let Some(original) = &problem.original {
        // What went wrong on the way are no words of Azure's.
        let own = problem.is_unanswered() || problem.is_unexpected();
        let label = if own { "Detail:" } else { "Azure:" };
        add(label, &format!("{}: {original}", problem.code));
    }
    if let Some(id) = &problem.correlation_id {
        add("Id:", &format!("{id} (name it in a support request)"));
    }
    let mut told = vec![&problem.what];
    let mut repeated = 0_usize;
    for other in &problem.others {
        if told.contains(&&other.what) {
            repeated += 1;
            continue;
        }
        told.push(&other.what);
        add("Also:", &format!("{} {}", other.what, other.advice));
    }
    if repeated > 0 {
        let places = count(repeated, "more place");
        add("Also:", &format!("the same in {places}."));
    }
    lines
}

/// A place without what is the same for everything: of a resource id, the part that names the resource.
fn short_place(place: &str) -> &str {
    if !place.starts_with("/subscriptions/") {
        return place;
    }
    place
        .rsplit_once("/providers/")
        .map_or_else(|| place.rsplit('/').next().unwrap_or(place), |(_, rest)| rest)
}

/// Width of the terminal in columns, or 100 where there is none.
pub fn width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
        .or_else(|| inquire_size().map(usize::from))
        .unwrap_or(DEFAULT_WIDTH)
        .clamp(40, 120)
}

fn inquire_size() -> Option<u16> {
    std::io::stdout()
        .is_terminal()
        .then(|| crossterm::terminal::size().ok().map(|(columns, _)| columns))
        .flatten()
}

/// The words of a paragraph. A command between backticks is one: broken into lines it could not be pasted.
fn words(paragraph: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let parts: Vec<&str> = paragraph.split_whitespace().collect();
    for (index, part) in parts.iter().enumerate() {
        match words.last_mut() {
            Some(command) if open => {
                command.push(' ');
                command.push_str(part);
            }
            _ => words.push((*part).to_owned()),
        }
        if part.matches('`').count() % 2 == 1 {
            // One that nobody closes is no command.
            let mut rest = parts.iter().skip(index + 1);
            open = !open && rest.any(|later| later.contains('`'));
        }
    }
    words
}

/// Breaks prose into lines at spaces; a word longer than the width stands alone.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in words(paragraph) {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::action::Action;
    use crate::domain::problem::Retry;

    #[test]
    fn a_problem_names_what_where_and_the_next_step_in_that_order() {
        let problem = Problem::new("QuotaExceeded", "There are no cores left.", "Ask for 2 more.")
            .at("vm-test4821")
            .saying("Operation could not be completed");
        assert_eq!(
            problem_lines(&problem, 80),
            [
                "Problem: There are no cores left.",
                "Where:   vm-test4821",
                "Do this: Ask for 2 more.",
                "Azure:   QuotaExceeded: Operation could not be completed",
            ]
        );
    }

    #[test]
    fn what_helps_is_told_in_flags_and_commands_and_is_an_array_in_json() {
        let actions = [Action::set("--datastore-access", "account-key"), Action::NewDigits];
        let problem = Problem::new("X", "It failed.", "Choose.").helped_by(actions);
        assert_eq!(
            problem_lines(&problem, 80),
            [
                "Problem: It failed.",
                "Do this: Choose.",
                "Try:     --datastore-access account-key",
                "Try:     another --suffix",
            ]
        );
        let passes = Problem::new("X", "It failed.", "Wait.").retry(Retry::Transient);
        assert_eq!(problem_json(&passes)["actions"], json!([{"kind": "retry"}]));
        assert_eq!(problem_lines(&passes, 80).last().unwrap(), "Try:     the same command again");
    }

    #[test]
    fn what_is_said_once_is_not_said_thirty_times() {
        let mut problem = Problem::new("Denied", "A policy forbids this.", "Ask its owner.")
            .at("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v");
        problem.others = vec![problem.clone(), problem.clone()];
        assert_eq!(
            problem_lines(&problem, 80),
            [
                "Problem: A policy forbids this.",
                "Where:   Microsoft.Network/virtualNetworks/v",
                "Do this: Ask its owner.",
                "Also:    the same in 2 more places.",
            ]
        );
    }

    #[test]
    fn prose_is_broken_at_spaces_and_long_words_survive() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcdefghij"]);
        assert_eq!(
            wrap("Run `az login --tenant t`, then go on", 10),
            ["Run", "`az login --tenant t`,", "then go on"]
        );
        assert_eq!(wrap("a ` b c", 3), ["a `", "b c"]);
    }
}
