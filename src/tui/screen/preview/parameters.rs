//! The template's parameters as they will be sent; secret ones are named, never valued.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    app::screen::preview::Preview,
    domain::plan::Plan,
    tui::canvas::{Canvas, below, first_row},
};

pub(super) fn draw(preview: &Preview, plan: &Plan, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let mut rest = canvas.panel(area, "Parameters as they will be sent", true);
    let mut rows: Vec<(String, String)> =
        plan.parameters.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    for name in &plan.secure_parameters {
        rows.push((name.clone(), "(secret: made here, sent once, shown nowhere)".to_owned()));
    }
    let height = usize::from(rest.height);
    let selected = preview.selected().min(rows.len().saturating_sub(1));
    let first = first_row(selected, rows.len(), height);
    for (index, (name, value)) in rows.into_iter().enumerate().skip(first).take(height) {
        let style = if index == selected { theme.accent.patch(theme.strong) } else { theme.text };
        canvas.line(
            Rect { height: 1, ..rest },
            Line::from(vec![
                Span::styled(format!("{name:<26} "), style),
                Span::styled(value, theme.quiet),
            ]),
        );
        rest = below(rest, 1);
    }
}
