//! The guided steps as they are drawn: how each stands, and what the chosen one lacks.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::app::App;
use crate::app::message::ClickTarget;
use crate::app::screen::peering::{PeeringPane, Tested, remedy_here, step_name};
use crate::domain::peering::{Fit, Guide, StepStatus, Topic};
use crate::domain::words::count;
use crate::tui::canvas::{Canvas, below};
use crate::tui::text;

/// Columns of a step's name.
const STEP: usize = 24;

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let focused = app.peering.pane == PeeringPane::Steps;
    let inner = canvas.panel(area, "Guided steps", focused);
    let theme = canvas.look.theme;
    let Some(connection) = app.peering.shown() else {
        if app.peering.looking_at.is_some() {
            let words = "Reading both sides, names and routes…";
            canvas.prose(inner, words, theme.quiet);
            return;
        }
        let names = [Topic::Link, Topic::Names, Topic::Routes, Topic::Test];
        let lines = names.iter().enumerate().map(|(row, topic)| {
            let words = format!("  {} {}", row + 1, step_name(*topic));
            Line::styled(words, theme.quiet)
        });
        let rest = canvas.lines(inner, lines);
        canvas.prose(rest, "Press Enter on a hub to see the status of each step.", theme.quiet);
        return;
    };
    let mut rest = inner;
    for (row, step) in connection.steps.iter().enumerate() {
        if rest.height == 0 {
            return;
        }
        let chosen = row == app.peering.step;
        let first = Rect { height: 1, ..rest };
        if focused {
            canvas.hit(first, ClickTarget::Row(row));
        }
        let line = step_row(app, canvas, row, step, chosen && focused);
        rest = canvas.lines(rest, [line]);
        if !chosen {
            continue;
        }
        // The other steps stay in sight below what the chosen one has to say.
        let others = connection.steps.len().saturating_sub(row + 1);
        let others = u16::try_from(others).unwrap_or(u16::MAX);
        let room = rest.height.saturating_sub(others);
        let part = Rect {
            x: rest.x.saturating_add(4),
            width: rest.width.saturating_sub(4),
            height: room,
            ..rest
        };
        let left = lacks(app, canvas, part, step);
        let used = room.saturating_sub(left.height);
        rest = below(rest, used);
    }
}

fn step_row<'l>(
    app: &App,
    canvas: &Canvas<'_>,
    row: usize,
    step: &Guide,
    marked: bool,
) -> Line<'l> {
    let (theme, glyphs) = (canvas.look.theme, &canvas.look.glyphs);
    let tested = app.peering.tested();
    let (glyph, style, summary): (&str, Style, String) = match (step.topic, tested) {
        (Topic::Test, Some(tested)) if tested.fine => {
            (glyphs.done, theme.ok, tested.headline.clone())
        }
        (Topic::Test, Some(tested)) => (glyphs.failed, theme.bad, tested.headline.clone()),
        _ => {
            let (glyph, style) = match step.standing {
                StepStatus::Done if step.lacks.iter().all(|lack| lack.note) => {
                    (glyphs.done, theme.ok)
                }
                StepStatus::Done => (glyphs.warning, theme.warn),
                StepStatus::ToDo => (glyphs.waiting, theme.accent),
                StepStatus::Waiting => (glyphs.running, theme.warn),
                StepStatus::Outside => (glyphs.unknown, theme.quiet),
            };
            (glyph, style, step.summary.clone())
        }
    };
    let words = if marked { theme.strong } else { theme.text };
    Line::from(vec![
        Span::styled(
            format!(
                "{} {} {} ",
                canvas.look.mark(marked),
                row + 1,
                text::padded(step_name(step.topic), STEP)
            ),
            words,
        ),
        Span::styled(format!("{glyph} {summary}"), style),
    ])
}

/// What the test has observed and what fits it, nearest first; how to tell is read in full.
fn observed(canvas: &Canvas<'_>, tested: &Tested) -> Vec<(Style, String)> {
    let theme = canvas.look.theme;
    let mut told = Vec::new();
    for verdict in &tested.verdicts {
        let style = if verdict.note { theme.quiet } else { theme.warn };
        told.push((style, verdict.observed.clone()));
        for cause in &verdict.causes {
            let step = cause.step.number();
            told.push((theme.text, format!("Fits, step {step}: {}", cause.what)));
        }
    }
    let remarks = tested.remarks.iter();
    told.extend(remarks.map(|each| (theme.warn, each.clone())));
    told
}

/// What the chosen step lacks, most urgent first, as far as there is room.
fn lacks(app: &App, canvas: &mut Canvas<'_>, area: Rect, step: &Guide) -> Rect {
    let theme = canvas.look.theme;
    let tested = app.peering.tested().filter(|_| step.topic == Topic::Test);
    let mut rest = area;
    if step.topic == Topic::Link
        && app.peering.shown().is_some_and(|shown| shown.near.is_none())
        && let Some(chosen) = app.peering.chosen()
        && chosen.fit == Fit::Refused
        && let Some(reason) = chosen.reasons.first()
    {
        rest = canvas.prose(rest, &reason.what, theme.bad);
        return canvas.prose(rest, &remedy_here(&reason.remedy), theme.text);
    }
    let mut told = tested.map_or_else(Vec::new, |tested| observed(canvas, tested));
    for lack in &step.lacks {
        let style = if lack.note { theme.quiet } else { theme.warn };
        told.push((style, lack.what.clone()));
        told.push((theme.text, remedy_here(&lack.remedy)));
    }
    for (place, (style, words)) in told.iter().enumerate() {
        let more = told.len() - place;
        if rest.height < 2 && more > 1 {
            let words = format!("{} more: Enter shows all of it", count(more, "line"));
            let words = text::fit(&words, usize::from(rest.width));
            return canvas.prose(rest, &words, theme.quiet);
        }
        rest = canvas.prose(rest, words, *style);
    }
    rest
}
