//! The isolation audit of an environment: its three lists, its thirty points, each to be opened, and a report to be
//! saved.
//!
//! It shows what was judged; nothing is judged here, and nothing is changed in Azure.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Screen;
use crate::app::command::{Command, CommandTable, MOUSE_AND_HELP, PAGES, row, up_down};
use crate::app::dialog::prompt::PromptPurpose;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::effect::Effect;
use crate::app::place::PlaceRow;
use crate::app::update::moved;
use crate::app::{App, Tone};
use crate::domain::audit::{Audit, AuditAnswer, Finding, List, NOT_LOOKED_AT, Point};
use crate::domain::environment::Record;
use crate::domain::problem::{Problem, Result};

/// The keys of the audit.
const TABLE: CommandTable = &[
    &up_down("choose"),
    PAGES,
    &[
        row("Enter", Command::Accept, "open")
            .does("Show all of the chosen row: what was read, how wide it is, what to do"),
        row("r", Command::Refresh, "audit again").does("Read and judge everything again"),
        row("S", Command::SaveReport, "save a report")
            .does("Save a report for a compliance file, as Markdown or JSON"),
    ],
    MOUSE_AND_HELP,
    &[
        row("Esc", Command::Back, "status").does("Go back to the status"),
        row("q", Command::Quit, "quit").does("Leave the program"),
    ],
];

/// The audit among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow {
    open,
    record: |app| app.audit.record.as_deref(),
    availability,
    on_row,
    ..PlaceRow::new("Audit", TABLE, run)
};

/// The screen's state.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AuditScreen {
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
    /// The chosen row.
    pub selected: usize,
}

/// One row of the screen.
#[derive(Debug, Clone, Copy)]
pub enum AuditRow<'a> {
    /// The title of a list, with how many there are.
    List(List, usize),
    /// Something of a list, with its point's number.
    Finding(List, u8, &'a Finding),
    /// The title of the points.
    Points(usize),
    /// A point.
    Point(&'a Point),
    /// What no audit looks at.
    NotLookedAt,
}

/// The rows: what does not hold, what is unknown, what is open by choice, then the points, then what was not looked at.
pub fn rows(audit: &Audit) -> Vec<AuditRow<'_>> {
    let mut rows = Vec::new();
    for list in List::ALL {
        let found: Vec<_> = audit.list(list).collect();
        rows.push(AuditRow::List(list, found.len()));
        rows.extend(
            found.into_iter().map(|(number, finding)| AuditRow::Finding(list, number, finding)),
        );
    }
    rows.push(AuditRow::Points(audit.points.len()));
    rows.extend(audit.points.iter().map(AuditRow::Point));
    rows.push(AuditRow::NotLookedAt);
    rows
}

impl AuditScreen {
    fn is_of(&self, full_name: &str) -> bool {
        let record = self.record.as_ref();
        record.is_some_and(|record| record.full_name == full_name)
    }

    /// The rows; none before anything was read.
    pub fn rows(&self) -> Vec<AuditRow<'_>> {
        self.audit.as_ref().map_or_else(Vec::new, |audit| rows(audit))
    }
}

/// Opens the audit of an environment and runs it.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    app.go(Screen::Audit);
    if !app.audit.is_of(&record.full_name) {
        app.audit =
            AuditScreen { record: Some(Box::new(record.clone())), ..AuditScreen::default() };
    }
    read(app)
}

fn read(app: &mut App) -> Vec<Effect> {
    let Some(record) = app.audit.record.clone() else { return Vec::new() };
    app.audit.reading = true;
    vec![Effect::Audit(record)]
}

/// The audit, or why there is none.
pub(in crate::app) fn on_audit(
    app: &mut App,
    full_name: &str,
    read: Result<Box<Audit>>,
) -> Vec<Effect> {
    if !app.audit.is_of(full_name) {
        return Vec::new();
    }
    app.audit.reading = false;
    match read {
        Ok(audit) => {
            // What does not hold is what one has come for.
            let failing = audit.count(AuditAnswer::DoesNotHold) > 0;
            if app.audit.audit.is_none() {
                app.audit.selected = usize::from(failing);
            }
            let rows = rows(&audit).len();
            app.audit.selected = app.audit.selected.min(rows.saturating_sub(1));
            app.audit.audit = Some(audit);
            app.audit.read_at = Some(app.now);
            app.audit.problem = None;
        }
        Err(problem) => app.audit.problem = Some(problem),
    }
    Vec::new()
}

/// Whether a command can be run now.
fn availability(app: &App, command: Command) -> Result<(), String> {
    match command {
        Command::Refresh if app.audit.reading => Err("It is being read.".into()),
        Command::SaveReport if app.audit.audit.is_none() => {
            Err("There is nothing to save yet.".into())
        }
        _ => Ok(()),
    }
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => app.go(Screen::Status),
        Command::Refresh => return read(app),
        Command::Accept => details(app),
        Command::SaveReport => ask_file(app),
        other => {
            let rows = app.audit.rows().len();
            app.audit.selected = moved(app.audit.selected, rows, other);
        }
    }
    Vec::new()
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if app.audit.selected == row {
        details(app);
    } else {
        app.audit.selected = row.min(app.audit.rows().len().saturating_sub(1));
    }
    Vec::new()
}

fn ask_file(app: &mut App) {
    let Some(record) = &app.audit.record else { return };
    let question = [
        "The file to write. An ending .md gives Markdown, .json gives JSON.",
        "It names the time, who is signed in, the version, and every field that was read.",
    ];
    let name = format!("audit-{}.md", record.full_name);
    app.ask(PromptPurpose::SaveReport, "Save a report", question, &name);
}

/// Saves a report under the name that was typed.
///
/// # Errors
/// When the ending is neither .md nor .json.
pub(in crate::app) fn report_named(app: &App, typed: &str) -> Result<Vec<Effect>, String> {
    let Some(audit) = app.audit.audit.clone() else {
        return Err("There is nothing to save yet.".into());
    };
    let known = [".md", ".json"].iter().any(|ending| typed.ends_with(ending));
    if !known {
        return Err("End the name with .md for Markdown or .json for JSON.".into());
    }
    Ok(vec![Effect::SaveReport { path: typed.into(), audit }])
}

fn details(app: &mut App) {
    if let Some(problem) = app.audit.problem.clone() {
        app.show_problem(&problem);
        return;
    }
    let chosen = app.audit.rows().get(app.audit.selected).copied();
    let audit = app.audit.audit.as_deref();
    match chosen.zip(audit).map(|(row, audit)| viewer(row, audit)) {
        Some(viewer) => app.show(viewer),
        None => app.say(Tone::Plain, "There is nothing to open here."),
    }
}

fn viewer(row: AuditRow<'_>, audit: &Audit) -> Viewer {
    match row {
        AuditRow::List(list, _) => {
            let mut paragraphs = vec![(ParagraphKind::Heading, list.title().to_owned())];
            for (number, finding) in audit.list(list) {
                paragraphs.extend(of_finding(number, finding));
            }
            if paragraphs.len() == 1 {
                paragraphs.push((ParagraphKind::Text, "Nothing.".to_owned()));
            }
            Viewer::new(list.title(), paragraphs)
        }
        AuditRow::Finding(list, number, finding) => {
            let title = audit.points.iter().find(|point| point.number == number);
            let title = title.map(|point| point.title.clone()).unwrap_or_default();
            let mut paragraphs = vec![(ParagraphKind::Heading, format!("{number}. {title}"))];
            paragraphs.extend(of_finding(number, finding));
            Viewer::new(list.title(), paragraphs)
        }
        AuditRow::Points(_) => {
            let words = |point: &Point| {
                format!("{}. {}: {}", point.number, point.title, point.answer.words())
            };
            let lines = audit.points.iter().map(|point| (kind(point.answer), words(point)));
            Viewer::new("The points", lines.collect())
        }
        AuditRow::Point(point) => {
            let title = format!("{}: {}", point.title, point.answer.words());
            let mut paragraphs = vec![(ParagraphKind::Heading, title)];
            for finding in &point.findings {
                paragraphs.extend(of_finding(point.number, finding));
            }
            Viewer::new(&format!("Point {}", point.number), paragraphs)
        }
        AuditRow::NotLookedAt => {
            let lines = NOT_LOOKED_AT.iter().map(|line| (ParagraphKind::Text, (*line).to_owned()));
            Viewer::new("Not looked at", lines.collect())
        }
    }
}

fn kind(answer: AuditAnswer) -> ParagraphKind {
    match answer {
        AuditAnswer::Holds => ParagraphKind::Text,
        AuditAnswer::DoesNotHold | AuditAnswer::Unknown => ParagraphKind::Bad,
    }
}

fn of_finding(number: u8, finding: &Finding) -> Vec<(ParagraphKind, String)> {
    let words = if finding.by_choice { "open by choice" } else { finding.answer.words() };
    let place = format!("{number}. {} {}", finding.resource, finding.place());
    let mut paragraphs = vec![
        (ParagraphKind::Text, String::new()),
        (kind(finding.answer), format!("{}: {words}: {}", place.trim_end(), finding.found)),
    ];
    if finding.answer != AuditAnswer::Holds && !finding.expected.is_empty() {
        paragraphs.push((ParagraphKind::Quiet, format!("Planned: {}", finding.expected)));
    }
    if !finding.width.is_empty() {
        paragraphs.push((ParagraphKind::Text, format!("How wide: {}", finding.width)));
    }
    if !finding.remedy.is_empty() {
        let lead = if finding.by_choice { "What closes it" } else { "What to do" };
        paragraphs.push((ParagraphKind::Text, format!("{lead}: {}", finding.remedy)));
    }
    paragraphs
}
