//! What it costs while it exists, dearest first.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::App;
use crate::tui::canvas::{Canvas, below};
use crate::tui::text;

/// Draws the cost; `whole` shows every line and can be walked through.
pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect, whole: bool) {
    let theme = canvas.look.theme;
    let inner = canvas.panel(area, "Cost while it exists", whole);
    let Some(estimate) = app.preview.estimate() else { return };
    if app.start.practice {
        let rest = canvas.prose(
            inner,
            "On the practice cloud nothing costs anything. In Azure it would be:",
            theme.ok,
        );
        return lines(app, canvas, rest, &estimate, whole);
    }
    lines(app, canvas, inner, &estimate, whole);
}

fn lines(
    app: &App,
    canvas: &mut Canvas<'_>,
    area: Rect,
    estimate: &crate::domain::cost::Estimate,
    whole: bool,
) {
    let theme = canvas.look.theme;
    let columns = usize::from(area.width);
    let sum = format!("About ${:.2} a day, ${:.0} a month", estimate.daily, estimate.monthly);
    let mut notes = vec![format!(
        "List prices of {}, idle or not. Logs, data and the computes you start come on top.",
        estimate.as_of
    )];
    if !estimate.missing.is_empty() {
        notes.push(format!("No price is known for {}.", estimate.missing.join(", ")));
    }
    let notes: Vec<String> = notes.iter().flat_map(|note| text::wrap(note, columns)).collect();
    let foot = u16::try_from(1 + notes.len()).unwrap_or(u16::MAX);
    let shown: Vec<_> = estimate.lines.iter().filter(|line| whole || line.monthly > 0.0).collect();
    let selected = if whole { app.preview.selected() } else { 0 };
    let selected = selected.min(shown.len().saturating_sub(1));
    let list = Rect { height: area.height.saturating_sub(foot), ..area };
    let left = canvas.list(list, &shown, selected, false, |_, line, _| {
        let count = if line.count > 1 { format!(" ({})", line.count) } else { String::new() };
        let usage = line.usage.as_ref().map_or_else(String::new, |usage| format!("  {usage}"));
        let name = format!("{}{count}", line.what);
        let width = columns.saturating_sub(if whole { 40 } else { 15 }).min(50);
        let daily = line.monthly * 12.0 / 365.0;
        let mut spans = vec![
            Span::raw(format!("{:<width$}", text::fit(&name, width))),
            Span::raw(format!(" {:>13}", format!("${daily:.2} a day"))),
        ];
        if whole {
            spans.push(Span::styled(usage, theme.quiet));
        }
        Line::from(spans)
    });
    let rest = below(area, list.height.saturating_sub(left.height));
    let rest = canvas.lines(rest, [Line::styled(sum, theme.strong)]);
    let notes = notes.into_iter().map(|note| Line::styled(note, theme.quiet));
    canvas.lines(rest, notes);
}
