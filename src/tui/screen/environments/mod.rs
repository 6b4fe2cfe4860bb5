//! The list of environments with the chosen one beside it, or the welcome.

mod welcome;

use ratatui::{
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
};

use self::welcome::welcome;
use crate::{
    app::{
        App, Tone,
        account::Account,
        message::{EnvironmentRow, Target},
        screen::environments::Search,
    },
    domain::{
        environment::{Keeping, Known, Phase},
        words,
    },
    tui::{
        canvas::{Canvas, Room, below, first_row},
        text::{self, clock},
        widget::field,
    },
};

pub(super) fn title(app: &App) -> String {
    if app.environments.is_first_run() {
        "welcome".to_owned()
    } else {
        "environments".to_owned()
    }
}

pub(super) fn summary(app: &App) -> String {
    let rows = &app.environments.rows;
    if rows.is_empty() {
        return "Nothing has been deployed from this machine yet.".to_owned();
    }
    let found = rows
        .iter()
        .filter(|row| row.known == Known::AzureOnly)
        .count();
    let all = words::count(rows.len(), "environment");
    let here = rows.len().saturating_sub(found);
    if found == 0 {
        format!("{all}, recorded on this machine")
    } else {
        format!("{all}: {here} recorded on this machine, {found} found in Azure by tags")
    }
}

pub(super) fn sentence(app: &App) -> (Tone, String) {
    let list = &app.environments;
    if let Account::Failed(problem) = &app.account {
        return (Tone::Warn, problem.what.clone());
    }
    if let Search::Failed(problem) = &list.search {
        return (
            Tone::Warn,
            format!("Azure could not be asked: {}", problem.what),
        );
    }
    if let Some(problem) = list.problems.first() {
        let more = list.problems.len();
        return (
            Tone::Warn,
            format!(
                "{} could not be read: {}",
                words::count(more, "entry"),
                problem.what
            ),
        );
    }
    if list.filtering {
        return (
            Tone::Plain,
            format!("{} of {} fit", list.fitting().len(), list.rows.len()),
        );
    }
    match list.chosen() {
        Some(row) => (Tone::Plain, credentials(row)),
        None if list.is_first_run() && !list.recorded => {
            (Tone::Plain, "Reading this machine's records…".to_owned())
        }
        None if list.is_first_run() => (
            Tone::Plain,
            "Nothing has been deployed from this machine yet.".to_owned(),
        ),
        None => (
            Tone::Plain,
            "Enter begins a new environment; nothing is made before you say so.".to_owned(),
        ),
    }
}

fn credentials(row: &EnvironmentRow) -> String {
    let name = &row.record.full_name;
    if row.known == Known::AzureOnly {
        return format!("{name} was found in Azure; its password may be on another machine.");
    }
    match row.record.credentials {
        Keeping::Keychain => format!("{name}: the jumpbox password is in this machine's keychain."),
        Keeping::File => format!("{name}: the jumpbox password is in an encrypted file here."),
        Keeping::Practice => format!("{name}: the jumpbox password is in the practice store."),
        Keeping::None => format!("{name}: the jumpbox password is kept nowhere here."),
    }
}

pub(super) fn liveness(app: &App) -> (String, Tone) {
    match &app.environments.search {
        Search::NotBegun => (String::new(), Tone::Plain),
        Search::Looking => ("looking in Azure…".to_owned(), Tone::Plain),
        Search::Done(_) if !app.environments.problems.is_empty() => {
            ("partly read".to_owned(), Tone::Warn)
        }
        Search::Done(at) => (format!("checked {}", clock(app, *at)), Tone::Plain),
        Search::Failed(_) => ("not read".to_owned(), Tone::Warn),
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if app.environments.is_first_run() {
        welcome(app, canvas, area);
    } else if canvas.room == Room::Wide {
        let [list, detail] =
            Layout::horizontal([Constraint::Fill(3), Constraint::Length(40)]).areas(area);
        rows(app, canvas, list);
        details(app, canvas, detail);
    } else {
        let height = if area.height > 16 { 7 } else { 0 };
        let [list, detail] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(height)]).areas(area);
        rows(app, canvas, list);
        details(app, canvas, detail);
    }
}

/// A label with prose behind it.
fn labelled(canvas: &mut Canvas<'_>, area: Rect, label: &str, words: &str, style: Style) -> Rect {
    const LABEL: usize = 13;
    let columns = usize::from(area.width).saturating_sub(LABEL);
    let quiet = canvas.look.theme.quiet;
    let lines: Vec<Line<'_>> = text::wrap(words, columns)
        .into_iter()
        .enumerate()
        .map(|(index, line)| {
            let head = if index == 0 { label } else { "" };
            Line::from(vec![
                Span::styled(format!("{head:<LABEL$}"), quiet),
                Span::styled(line, style),
            ])
        })
        .collect();
    canvas.lines(area, lines)
}

fn rows(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let list = &app.environments;
    let mut inner = canvas.panel(area, "Environments", true);
    if list.filtering || !list.filter.value().is_empty() {
        let row = Rect {
            height: 1.min(inner.height),
            ..inner
        };
        field::draw(canvas, row, "/ ", &list.filter, list.filtering);
        inner = below(inner, 1);
    }
    canvas.text(
        Rect {
            height: 1.min(inner.height),
            ..inner
        },
        &format!("  {:<14}{:<17}{}", "NAME", "REGION", "STATE"),
        theme.quiet,
    );
    inner = below(inner, 1);
    let fitting = list.fitting();
    let height = usize::from(inner.height);
    let first = first_row(list.selected, fitting.len() + 1, height);
    for index in first..(first + height).min(fitting.len() + 1) {
        let chosen = index == list.selected;
        let mark = if chosen {
            canvas.look.glyphs.chosen
        } else {
            " "
        };
        let name_style = if chosen {
            theme.accent.patch(theme.strong)
        } else {
            theme.text
        };
        let row = Rect { height: 1, ..inner };
        match fitting.get(index) {
            Some(environment) => {
                let (glyph, style, state) = state(app, canvas, environment);
                canvas.line(
                    row,
                    Line::from(vec![
                        Span::styled(
                            format!("{mark} {:<14}", environment.record.full_name),
                            name_style,
                        ),
                        Span::raw(format!(
                            "{:<17}",
                            text::fit(&environment.record.settings.region, 16)
                        )),
                        Span::styled(format!("{glyph} {state}"), style),
                    ]),
                );
            }
            None => canvas.text(
                row,
                &format!("{mark} + New private environment"),
                name_style,
            ),
        }
        canvas.hit(row, Target::Row(index));
        inner = below(inner, 1);
    }
}

/// Glyph, style and words for a row's state.
fn state(app: &App, canvas: &Canvas<'_>, row: &EnvironmentRow) -> (&'static str, Style, String) {
    let (theme, glyphs) = (&canvas.look.theme, &canvas.look.glyphs);
    let name = &row.record.full_name;
    if let Some((_, left)) = app
        .environments
        .removing
        .iter()
        .find(|(each, _)| each == name)
    {
        let step = app
            .environments
            .steps
            .iter()
            .find(|(each, _, _)| each == name);
        let step = step.map_or_else(String::new, |(_, number, of)| {
            format!(", step {number} of {of}")
        });
        let left = left.map_or(step, |left| {
            format!(", {} left", words::count(left, "resource"))
        });
        return (glyphs.running, theme.text, format!("deleting{left}"));
    }
    if app.busy_keeping(name) {
        return (glyphs.running, theme.text, "being changed".to_owned());
    }
    if row.gone {
        return (glyphs.skipped, theme.quiet, "gone from Azure".to_owned());
    }
    if app.deploy.is_of(name) && app.deploy.is_running() {
        let done = app
            .deploy
            .steps
            .iter()
            .filter(|step| step.is_done())
            .count();
        let total = app.deploy.steps.len();
        return (
            glyphs.running,
            theme.text,
            format!("deploying {done}/{total}"),
        );
    }
    match row.record.phase {
        Phase::Ready => (glyphs.ready, theme.ok, "ready".to_owned()),
        Phase::Paused => (glyphs.skipped, theme.warn, "paused".to_owned()),
        Phase::Failed => (glyphs.failed, theme.bad, "failed".to_owned()),
        Phase::Cancelled => (glyphs.skipped, theme.warn, "cancelled".to_owned()),
        Phase::Submitted | Phase::Deploying if row.known == Known::AzureOnly => {
            (glyphs.unknown, theme.text, "found in Azure".to_owned())
        }
        Phase::Submitted | Phase::Deploying => (glyphs.running, theme.text, "deploying".to_owned()),
        Phase::Deleting => (glyphs.running, theme.text, "deleting".to_owned()),
        Phase::Draft | Phase::Preparing => (glyphs.waiting, theme.quiet, "not sent".to_owned()),
        Phase::Deleted => (glyphs.skipped, theme.quiet, "deleted".to_owned()),
    }
}

fn details(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 {
        return;
    }
    let theme = canvas.look.theme;
    let Some(row) = app.environments.chosen() else {
        let inner = canvas.panel(area, "New", false);
        canvas.prose(
            inner,
            "Choose a name, a region and an address space; see what would be made and what it costs; then say yes or no.",
            theme.text,
        );
        return;
    };
    let row = row.clone();
    let record = &row.record;
    let inner = canvas.panel(area, &record.full_name, false);
    let (glyph, style, words) = state(app, canvas, &row);
    let mut rest = canvas.lines(
        inner,
        [Line::from(Span::styled(format!("{glyph} {words}"), style))],
    );
    if inner.height > 8 {
        rest = below(rest, 1);
    }
    let known = match row.known {
        Known::Both => "recorded here, found in Azure",
        Known::HereOnly => "recorded here",
        Known::AzureOnly => "found in Azure by tags",
    };
    for (label, value) in [
        ("Region", record.settings.region.clone()),
        ("Group", record.resource_group.clone()),
        ("Network", record.settings.address_space.to_string()),
        ("Workspace", format!("ml-{}", record.full_name)),
        ("Known", known.to_owned()),
        (
            "Deployment",
            record.last_deployment().unwrap_or("none sent").to_owned(),
        ),
    ] {
        rest = labelled(canvas, rest, label, &value, theme.text);
    }
}

#[cfg(test)]
mod tests;
