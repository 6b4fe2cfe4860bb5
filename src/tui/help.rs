//! Help as it is drawn: keys, what they do, and why a command is off.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::canvas::{Canvas, below};
use super::dialog::over;
use super::text;
use super::widget::field;
use crate::app::{App, help};

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(state) = &app.help else { return };
    let theme = canvas.look.theme;
    let rows = help::rows(app);
    let wanted = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(4);
    let place = app.place_below_help();
    let inner = over(canvas, area, 78, wanted, &format!("Keys: {}", place.title()));
    let filter = Rect { height: 1.min(inner.height), ..inner };
    field::draw(canvas, filter, "type to filter: ", &state.filter, true);
    let rest = canvas.list(below(inner, 1), &rows, state.selected, true, |canvas, row, chosen| {
        let style = if row.off.is_some() { theme.quiet } else { theme.row(chosen) };
        let off = row.off.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
        let keys = text::padded(row.entry.keys, 14);
        Line::from(vec![
            Span::styled(format!("{} {keys}", canvas.look.mark(chosen)), theme.accent),
            Span::styled(format!("{}{off}", row.entry.does), style),
        ])
    });
    if rows.is_empty() {
        canvas.prose(rest, "Nothing fits what is typed; Ctrl-U empties it.", theme.quiet);
    }
}
