//! The isolation audit of an environment: thirty points, each to be opened, and a report to be saved.
//!
//! It shows what was judged; nothing is judged here, and nothing is changed in Azure.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Screen;
use crate::{
    app::{
        App, Tone,
        command::{
            Command, DOWN, END, ENTER, ESCAPE, Entry, HELP, HOME, PAGE_DOWN, PAGE_UP, QUIT, UP,
            entry,
        },
        dialog::{
            Dialog,
            prompt::{Prompt, Purpose},
            viewer::{Kind, Viewer},
        },
        effect::Effect,
        key::Key,
        update::{moved, quit},
    },
    domain::{
        audit::{Answer, Audit, Point},
        environment::Record,
        problem::Problem,
    },
};

/// The keys of the audit.
pub const TABLE: &[Entry] = &[
    entry(Command::Up, UP, "", "Go up"),
    entry(Command::Down, DOWN, "choose", "Go down"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
    entry(Command::First, HOME, "", "Go to the first"),
    entry(Command::Last, END, "", "Go to the last"),
    entry(
        Command::Accept,
        ENTER,
        "open",
        "Show what was read for the chosen point, and its remedy",
    ),
    entry(
        Command::Refresh,
        &[Key::char('r')],
        "audit again",
        "Read and judge everything again",
    ),
    entry(
        Command::SaveReport,
        &[Key::char('s')],
        "save a report",
        "Save a report for a compliance file, as Markdown or JSON",
    ),
    entry(
        Command::Mouse,
        &[Key::char('m')],
        "",
        "Turn the mouse on or off",
    ),
    entry(Command::Help, HELP, "help", "Show all commands"),
    entry(Command::Back, ESCAPE, "status", "Go back to the status"),
    entry(Command::Quit, QUIT, "quit", "Leave the program"),
];

/// The screen's state.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Isolation {
    /// The environment.
    pub record: Option<Box<Record>>,
    /// What was judged last.
    pub audit: Option<Box<Audit>>,
    /// When that was.
    pub read_at: Option<Timestamp>,
    /// True while it is being read.
    pub reading: bool,
    /// Why it could not be read.
    pub problem: Option<Problem>,
    /// The chosen point.
    pub selected: usize,
}

impl Isolation {
    fn is_of(&self, full_name: &str) -> bool {
        let record = self.record.as_ref();
        record.is_some_and(|record| record.full_name == full_name)
    }

    fn points(&self) -> &[Point] {
        self.audit
            .as_ref()
            .map_or(&[], |audit| audit.points.as_slice())
    }
}

/// Opens the audit of an environment and runs it.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    app.go(Screen::Audit);
    if !app.isolation.is_of(&record.full_name) {
        app.isolation = Isolation {
            record: Some(Box::new(record.clone())),
            ..Isolation::default()
        };
    }
    read(app)
}

fn read(app: &mut App) -> Vec<Effect> {
    let Some(record) = app.isolation.record.clone() else {
        return Vec::new();
    };
    app.isolation.reading = true;
    vec![Effect::Audit(record)]
}

/// The audit, or why there is none.
pub(in crate::app) fn on_audited(
    app: &mut App,
    full_name: &str,
    read: Result<Box<Audit>, Problem>,
) -> Vec<Effect> {
    if !app.isolation.is_of(full_name) {
        return Vec::new();
    }
    app.isolation.reading = false;
    match read {
        Ok(audit) => {
            if app.isolation.audit.is_none() {
                // What does not hold is what one has come for.
                let failing = audit
                    .points
                    .iter()
                    .position(|each| each.answer == Answer::DoesNotHold);
                app.isolation.selected = failing.unwrap_or(0);
            }
            app.isolation.audit = Some(audit);
            app.isolation.read_at = Some(app.now);
            app.isolation.problem = None;
        }
        Err(problem) => app.isolation.problem = Some(problem),
    }
    Vec::new()
}

/// Whether a command can be run now.
pub(in crate::app) fn availability(app: &App, command: Command) -> Result<(), String> {
    match command {
        Command::Refresh if app.isolation.reading => Err("It is being read.".into()),
        Command::SaveReport if app.isolation.audit.is_none() => {
            Err("There is nothing to save yet.".into())
        }
        _ => Ok(()),
    }
}

pub(in crate::app) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => app.go(Screen::Status),
        Command::Quit => return quit(app),
        Command::Refresh => return read(app),
        Command::Accept => details(app),
        Command::SaveReport => ask_file(app),
        other => {
            let points = app.isolation.points().len();
            app.isolation.selected = moved(app.isolation.selected, points, other);
        }
    }
    Vec::new()
}

pub(in crate::app) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if app.isolation.selected == row {
        details(app);
    } else {
        app.isolation.selected = row.min(app.isolation.points().len().saturating_sub(1));
    }
    Vec::new()
}

fn ask_file(app: &mut App) {
    let Some(record) = &app.isolation.record else {
        return;
    };
    let question = vec![
        "The file to write. An ending .md gives Markdown, .json gives JSON.".to_owned(),
        "It names the time, who is signed in, the version, and every field that was read."
            .to_owned(),
    ];
    let name = format!("audit-{}.md", record.full_name);
    let prompt = Prompt::new(Purpose::SaveReport, "Save a report", question, &name);
    app.dialog = Some(Dialog::Prompt(prompt));
}

/// Saves a report under the name that was typed.
///
/// # Errors
/// When the ending is neither .md nor .json.
pub(in crate::app) fn report_named(app: &App, typed: &str) -> Result<Vec<Effect>, String> {
    let Some(audit) = app.isolation.audit.clone() else {
        return Err("There is nothing to save yet.".into());
    };
    let known = [".md", ".json"]
        .iter()
        .any(|ending| typed.ends_with(ending));
    if !known {
        return Err("End the name with .md for Markdown or .json for JSON.".into());
    }
    Ok(vec![Effect::SaveReport {
        path: typed.into(),
        audit,
    }])
}

fn details(app: &mut App) {
    if let Some(problem) = app.isolation.problem.clone() {
        app.show_problem(&problem);
        return;
    }
    match app
        .isolation
        .points()
        .get(app.isolation.selected)
        .map(of_point)
    {
        Some(viewer) => app.dialog = Some(Dialog::Viewer(viewer)),
        None => app.say(Tone::Plain, "There is nothing to open here."),
    }
}

fn of_point(point: &Point) -> Viewer {
    let mut paragraphs = vec![(
        Kind::Heading,
        format!("{}: {}", point.title, point.answer.words()),
    )];
    for finding in &point.findings {
        paragraphs.push((Kind::Text, String::new()));
        let kind = match finding.answer {
            Answer::Holds => Kind::Text,
            Answer::DoesNotHold | Answer::Unknown => Kind::Bad,
        };
        let place = format!("{} {}", finding.resource, finding.field);
        paragraphs.push((
            kind,
            format!("{}: {}", finding.answer.words(), finding.found),
        ));
        paragraphs.push((
            Kind::Quiet,
            format!("{place}, expected {}", finding.expected),
        ));
        if !finding.remedy.is_empty() {
            let lead = if finding.by_choice {
                "Open by choice. "
            } else {
                ""
            };
            paragraphs.push((Kind::Text, format!("{lead}{}", finding.remedy)));
        }
    }
    Viewer::new(&format!("Point {}", point.number), paragraphs)
}
