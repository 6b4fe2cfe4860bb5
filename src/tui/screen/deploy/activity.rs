//! What was heard, with the time; the newest stands at the bottom unless somebody reads further back.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::pane_hit;
use crate::app::App;
use crate::app::screen::deploy::LivePane;
use crate::app::watch::{LogLine, Watch};
use crate::tui::canvas::{Canvas, below};
use crate::tui::text::{self, clock};

/// Columns of a time with the blanks behind it.
const TIME: usize = 10;

pub(super) fn draw(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    pane_hit(canvas, area, LivePane::Activity);
    let focused = app.deploy.pane == LivePane::Activity;
    let back = app.deploy.back;
    let title = if back > 0 { format!("Activity, {back} back") } else { "Activity".to_owned() };
    let inner = canvas.panel(area, &title, focused);
    let theme = canvas.look.theme;
    let height = usize::from(inner.height);
    let columns = usize::from(inner.width).saturating_sub(TIME);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for line in watch.log.iter().rev().skip(back) {
        if lines.len() >= height {
            break;
        }
        let style = style(canvas, line);
        let wrapped = text::wrap(&line.text, columns);
        for (index, part) in wrapped.into_iter().enumerate().rev() {
            let time = if index == 0 { clock(app, line.at) } else { String::new() };
            lines.push(Line::from(vec![
                Span::styled(format!("{time:<TIME$}"), theme.quiet),
                Span::styled(part, style),
            ]));
        }
    }
    lines.truncate(height);
    let blank = u16::try_from(height.saturating_sub(lines.len())).unwrap_or_default();
    // A short log begins at the top: there is nothing above it to look for.
    let rest = if lines.len() < height { inner } else { below(inner, blank) };
    canvas.lines(rest, lines.into_iter().rev());
}

fn style(canvas: &Canvas<'_>, line: &LogLine) -> Style {
    let theme = &canvas.look.theme;
    if line.text.contains("failed") {
        theme.bad
    } else if line.text.ends_with("started") {
        theme.quiet
    } else {
        theme.text
    }
}
