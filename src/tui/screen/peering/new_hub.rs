//! A new hub while it is made, and what there is to know once it stands.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::screen::peering::Making,
    domain::{
        progress::{Step, StepState},
        words::duration,
    },
    tui::{canvas::Canvas, text},
};

/// Columns of a resource's name.
const NAME: usize = 34;

pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, making: &Making) {
    let title = format!("New hub {}", making.hub.name);
    let inner = canvas.panel(area, &title, true);
    let theme = canvas.look.theme;
    let mut rest = inner;
    if let Some(made) = &making.made {
        for line in &made.lines {
            rest = canvas.prose(rest, line, theme.text);
        }
        return;
    }
    if making.steps.is_empty() {
        canvas.prose(rest, &making.words, theme.quiet);
        return;
    }
    let times = format!(
        "{} so far, about {} left. It goes on when this window is closed; n takes it up again.",
        duration(making.elapsed),
        duration(making.remaining)
    );
    rest = canvas.prose(rest, &times, theme.quiet);
    let lines: Vec<Line<'_>> = making.steps.iter().map(|step| row(canvas, step)).collect();
    rest = canvas.lines(rest, lines);
    canvas.prose(rest, &making.words, theme.quiet);
}

fn row(canvas: &Canvas<'_>, step: &Step) -> Line<'static> {
    let (theme, glyphs) = (canvas.look.theme, &canvas.look.glyphs);
    let (glyph, style, word): (&str, Style, &str) = match step.state {
        StepState::Waiting { .. } => (glyphs.waiting, theme.quiet, "waits"),
        StepState::Running => (glyphs.running, theme.accent, "creating"),
        StepState::Done => (glyphs.done, theme.ok, "done"),
        StepState::Failed(_) => (glyphs.failed, theme.bad, "failed"),
        StepState::Cancelled => (glyphs.skipped, theme.warn, "cancelled"),
        StepState::WillNotRun { .. } => (glyphs.skipped, theme.quiet, "will not run"),
    };
    let time = step.elapsed.map(duration).unwrap_or_default();
    Line::from(vec![
        Span::styled(format!("{glyph} "), style),
        Span::styled(format!("{} ", text::padded(&step.name, NAME)), theme.text),
        Span::styled(format!("{word:<12} {time}"), theme.quiet),
    ])
}
