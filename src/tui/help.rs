//! Help as it is drawn: keys, what they do, and why a command is off.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::{
    canvas::{Canvas, below, first_row},
    dialog::over,
    text,
    widget::field,
};
use crate::app::{App, help, message::Target};

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(state) = &app.help else {
        return;
    };
    let theme = canvas.look.theme;
    let rows = help::rows(app);
    let wanted = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(4);
    let place = app.place_below_help();
    let inner = over(canvas, area, 78, wanted, &format!("Keys: {}", place.name()));
    let filter = Rect { height: 1.min(inner.height), ..inner };
    field::draw(canvas, filter, "type to filter: ", &state.filter, true);
    let mut rest = below(inner, 1);
    let height = usize::from(rest.height);
    let first = first_row(state.selected, rows.len(), height);
    for (index, row) in rows.iter().enumerate().skip(first).take(height) {
        let chosen = index == state.selected;
        let mark = if chosen { canvas.look.glyphs.chosen } else { " " };
        let keys: Vec<String> = row.entry.keys.iter().map(ToString::to_string).collect();
        let style = if row.off.is_some() {
            theme.quiet
        } else if chosen {
            theme.accent.patch(theme.strong)
        } else {
            theme.text
        };
        let off = row.off.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
        let line = Rect { height: 1, ..rest };
        canvas.line(
            line,
            Line::from(vec![
                Span::styled(
                    format!("{mark} {:<14}", text::fit(&keys.join(" "), 14)),
                    theme.accent,
                ),
                Span::styled(format!("{}{off}", row.entry.does), style),
            ]),
        );
        canvas.hit(line, Target::Row(index));
        rest = below(rest, 1);
    }
    if rows.is_empty() {
        canvas.prose(rest, "Nothing fits what is typed; Ctrl-U empties it.", theme.quiet);
    }
}
