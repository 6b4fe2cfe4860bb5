//! The template's parameters as they will be sent; secret ones are named, never valued.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::screen::preview::Preview;
use crate::domain::plan::Plan;
use crate::tui::canvas::Canvas;

pub(super) fn draw(preview: &Preview, plan: &Plan, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let inner = canvas.panel(area, "Parameters as they will be sent", true);
    let mut rows: Vec<(String, String)> =
        plan.parameters.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    for name in &plan.secure_parameters {
        rows.push((name.clone(), "(secret: created here, sent once, shown nowhere)".to_owned()));
    }
    let selected = preview.selected().min(rows.len().saturating_sub(1));
    canvas.list(inner, &rows, selected, false, |_, (name, value), chosen| {
        let chosen = chosen && !preview.on_deploy;
        Line::from(vec![
            Span::styled(format!("{name:<26} "), theme.row(chosen)),
            Span::styled(value.clone(), theme.quiet),
        ])
    });
}
