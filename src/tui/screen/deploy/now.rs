//! What runs now, with its usual time; after the end, what happened and what can be done about it.

use std::time::Duration;

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::{pane_hit, tree::usual};
use crate::{
    app::{
        App,
        screen::deploy::{Course, Ending, Pane, kept_words, label, problems, step_elapsed},
    },
    domain::{
        operation::{Foreseen, KeptResources},
        problem::Problem,
        progress::Step,
        words::{count, duration},
    },
    tui::{
        canvas::{Canvas, below},
        text,
        widget::bar,
    },
};

/// Most running steps that are shown, each in two rows.
const MOST: usize = 4;

/// Whether nothing has happened that needs words of its own.
pub(super) fn is_quiet(app: &App) -> bool {
    match &app.deploy.course {
        Course::Ended(ending) => ending.is_ready() || matches!(**ending, Ending::Left { .. }),
        Course::Refused(_) => false,
        _ => true,
    }
}

/// Rows that it asks for, of those that there are.
pub(super) fn rows(app: &App, height: u16) -> u16 {
    if !is_quiet(app) {
        return height.saturating_sub(5);
    }
    let running = app.deploy.running().len().clamp(1, MOST);
    u16::try_from(2 * running + 2).unwrap_or(4).min(height)
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    pane_hit(canvas, area, Pane::Now);
    let focused = app.deploy.pane == Pane::Now;
    if is_quiet(app) {
        let inner = canvas.panel(area, "Working on now", focused);
        working(app, canvas, inner);
    } else {
        let inner = canvas.panel(area, "What happened", focused);
        happened(app, canvas, inner);
    }
}

fn working(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let running = app.deploy.running();
    if running.is_empty() {
        let words = match &app.deploy.course {
            Course::Preparing => "Nothing yet: what comes before a deployment is being done.",
            Course::Pausing => "Nothing: it is sent again after a pause.",
            Course::Ended(_) => "Nothing any more.",
            _ => "Waiting for Azure's word.",
        };
        canvas.prose(area, words, theme.quiet);
        return;
    }
    let mut rest = area;
    for step in running {
        if rest.height < 2 {
            break;
        }
        rest = one(app, canvas, rest, step);
    }
}

fn one(app: &App, canvas: &mut Canvas<'_>, area: Rect, step: &Step) -> Rect {
    let theme = canvas.look.theme;
    let elapsed = step_elapsed(app, step).unwrap_or_default();
    let usual_time = Duration::from_secs(step.usual_seconds.into());
    let is_slow = step.is_slow();
    let part =
        if usual_time.is_zero() { 0.0 } else { elapsed.as_secs_f64() / usual_time.as_secs_f64() };
    let name = text::fit(&label(step), 24);
    let head = Line::from(vec![
        Span::styled(format!("{name:<25}"), theme.strong),
        Span::raw(format!("{:>8}  ", duration(elapsed))),
        Span::styled(usual(step), theme.quiet),
    ]);
    let columns = area.width.saturating_sub(9).min(40);
    let mut spans = bar::spans(canvas.look, part, columns);
    if is_slow {
        spans.push(Span::styled(format!(" {} slow", canvas.look.glyphs.warning), theme.warn));
    } else if part > 1.0 {
        spans.push(Span::styled(" a little longer", theme.quiet));
    }
    canvas.lines(area, [head, Line::from(spans)])
}

fn happened(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    match &app.deploy.course {
        Course::Refused(problem) => {
            let rest = failure(canvas, area, problem, 1);
            let words = if app.deploy.deployment.is_some() {
                "What exists stays as it is."
            } else {
                "Nothing was sent; a resource group may exist, empty and free of cost."
            };
            let rest = canvas.prose(below(rest, 1), words, canvas.look.theme.text);
            remedies(
                canvas,
                rest,
                &[("R", "try it again"), ("b", "back to the form"), ("q", "leave")],
            );
        }
        Course::Ended(ending) => ended(app, canvas, area, ending),
        _ => {}
    }
}

fn ended(app: &App, canvas: &mut Canvas<'_>, area: Rect, ending: &Ending) {
    let theme = canvas.look.theme;
    match ending {
        Ending::Stopped(stopped) if !stopped.cancelled => {
            let all = problems(&app.deploy);
            let rest = match all.first() {
                Some(first) => failure(canvas, area, first, all.len()),
                None => area,
            };
            let rest = what_exists(app, canvas, below(rest, 1), &stopped.kept);
            let missing = left(app);
            remedies(
                canvas,
                rest,
                &[
                    ("R", &format!("retry what is missing{missing}")),
                    ("d", "everything that failed, in Azure's words"),
                    ("y", "copy a summary for support; no password in it"),
                    ("q", "leave it as it is"),
                    ("X", "delete everything; asks for the name"),
                ],
            );
        }
        Ending::Stopped(stopped) => {
            let words = format!("It was cancelled after {}, as you asked.", duration(stopped.took));
            let rest = canvas.prose(area, &words, theme.warn);
            let rest = what_exists(app, canvas, below(rest, 1), &stopped.kept);
            remedies(
                canvas,
                rest,
                &[
                    ("R", &format!("go on with what is missing{}", left(app))),
                    ("q", "leave it as it is"),
                    ("X", "delete everything; asks for the name"),
                ],
            );
        }
        Ending::Done(standing) if standing.took.is_none() => {
            stands(app, canvas, area, &standing.changes);
        }
        Ending::Done(_) | Ending::Left { .. } => {}
    }
}

/// How long what is missing usually takes, in brackets.
fn left(app: &App) -> String {
    let longest = app
        .deploy
        .steps
        .iter()
        .filter(|step| !step.is_done())
        .map(|step| step.usual_seconds)
        .max()
        .unwrap_or_default();
    if longest == 0 {
        return String::new();
    }
    let longest = Duration::from_secs(u64::from(longest));
    format!(" (usually at least {})", duration(longest))
}

/// Our words, Azure's words, where, and what to do.
fn failure(canvas: &mut Canvas<'_>, area: Rect, problem: &Problem, all: usize) -> Rect {
    let theme = canvas.look.theme;
    let mut rest = canvas.prose(area, &problem.what, theme.bad.patch(theme.strong));
    rest = canvas.prose(rest, &problem.advice, theme.text);
    if rest.height > 8 {
        rest = below(rest, 1);
    }
    if let Some(original) = &problem.original {
        let said = text::wrap(
            &format!("{}: {original}", problem.code),
            usize::from(area.width).saturating_sub(7),
        );
        let lines = said.into_iter().take(3).enumerate().map(|(index, line)| {
            let head = if index == 0 { "Azure  " } else { "       " };
            Line::styled(format!("{head}{line}"), theme.quiet)
        });
        rest = canvas.lines(rest, lines);
    }
    if let Some(place) = &problem.place {
        let place = place.rsplit('/').next().unwrap_or(place);
        let line = format!("Where  {place}");
        rest = canvas.lines(rest, [Line::styled(line, theme.quiet)]);
    }
    if all > 1 {
        let more = count(all - 1, "more failure");
        rest = canvas.prose(rest, &format!("and {more}: d shows all"), theme.warn);
    }
    rest
}

fn what_exists(app: &App, canvas: &mut Canvas<'_>, area: Rect, kept: &KeptResources) -> Rect {
    let rest = canvas.prose(area, &kept_words(kept, app.start.practice), canvas.look.theme.text);
    below(rest, 1)
}

fn stands(app: &App, canvas: &mut Canvas<'_>, area: Rect, changes: &[Foreseen]) {
    let theme = canvas.look.theme;
    let mut rest = canvas.prose(area, "It exists already; nothing was changed.", theme.ok);
    for problem in problems(&app.deploy) {
        rest = failure(canvas, below(rest, 1), problem, 1);
    }
    rest = below(rest, 1);
    if changes.is_empty() {
        canvas.prose(rest, "A new deployment would change nothing.", theme.text);
        return;
    }
    let words = format!("A new deployment would touch {}:", count(changes.len(), "resource"));
    rest = canvas.prose(rest, &words, theme.text);
    for change in changes {
        let name = change.id.rsplit('/').next().unwrap_or_default();
        let how = change.kind.to_lowercase();
        rest = canvas.lines(rest, [Line::styled(format!("  {how} {name}"), theme.quiet)]);
    }
}

/// Keys and what they do about it.
fn remedies(canvas: &mut Canvas<'_>, area: Rect, rows: &[(&str, &str)]) {
    let theme = canvas.look.theme;
    let lines = rows.iter().map(|(key, words)| {
        Line::from(vec![
            Span::styled(format!("{key}  "), theme.accent.patch(theme.strong)),
            Span::raw((*words).to_owned()),
        ])
    });
    canvas.lines(area, lines);
}
