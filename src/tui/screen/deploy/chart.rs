//! Bars over time: when each resource began and how long it took, by Azure's clock.

use std::time::Duration;

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::pane_hit;
use super::tree::step_look;
use crate::app::App;
use crate::app::screen::deploy::{LivePane, elapsed, step_elapsed};
use crate::domain::progress::Step;
use crate::domain::words::duration;
use crate::tui::canvas::Canvas;
use crate::tui::text;

/// Columns of a name.
const NAME: usize = 26;

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    pane_hit(canvas, area, LivePane::Resources);
    let whole = elapsed(app).max(Duration::from_secs(1));
    let title = format!("Resources over time, 0 to {}", duration(whole));
    let inner = canvas.panel(area, &title, app.deploy.pane == LivePane::Resources);
    let steps = app.shown_steps();
    let begin = steps.iter().filter_map(|step| step.started).min();
    canvas.list(inner, steps, app.deploy.selected, true, |canvas, step, chosen| {
        let before = match (step.started, begin) {
            (Some(started), Some(begin)) => {
                Duration::try_from(started.duration_since(begin)).unwrap_or_default()
            }
            _ => Duration::ZERO,
        };
        one(app, canvas, step, chosen, before, whole, inner.width)
    });
}

fn one(
    app: &App,
    canvas: &Canvas<'_>,
    step: &Step,
    chosen: bool,
    before: Duration,
    whole: Duration,
    columns: u16,
) -> Line<'static> {
    let look = canvas.look;
    let (glyph, style, words) = step_look(look, step);
    let mark = look.mark(chosen);
    let name = text::fit(&step.label(), NAME);
    let name_style = look.theme.row(chosen);
    let room = usize::from(columns).saturating_sub(NAME + 4);
    let took = step_elapsed(app, step);
    let mut spans = vec![
        Span::styled(format!("{mark}{glyph} "), style),
        Span::styled(format!("{name:<NAME$} "), name_style),
    ];
    match took.filter(|_| step.started.is_some()) {
        None => spans.push(Span::styled(words, look.theme.quiet)),
        Some(took) => {
            let at = |time: Duration| scaled(time, whole, room);
            let first = at(before).min(room.saturating_sub(1));
            let length = at(took).clamp(1, room.saturating_sub(first).max(1));
            spans.push(Span::raw(" ".repeat(first)));
            spans.push(Span::styled(look.glyphs.bar_full.repeat(length), style));
            let label = format!(" {}", duration(took));
            if first + length + text::width(&label) <= room {
                spans.push(Span::styled(label, look.theme.quiet));
            }
        }
    }
    Line::from(spans)
}

/// The column of a time, the whole being so many columns.
fn scaled(time: Duration, whole: Duration, columns: usize) -> usize {
    let milliseconds = time.as_millis().saturating_mul(columns as u128);
    usize::try_from(milliseconds / whole.as_millis().max(1)).unwrap_or(columns).min(columns)
}
