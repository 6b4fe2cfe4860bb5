//! The palette as it is drawn: keys, what they do, and for the chosen command why it is off.

use ratatui::{
    layout::{
        Constraint::{Fill, Length},
        Layout, Rect,
    },
    text::{Line, Span},
};

use super::canvas::{Canvas, below};
use super::dialog::over;
use super::text;
use super::widget::field;
use crate::app::App;
use crate::app::palette::{self, NOTHING_FITS, PaletteRow};

/// The usual width, frame included.
const WIDTH: u16 = 84;
/// Rows for all that is to be said of the chosen command.
const ROWS_OF_CHOSEN: u16 = 3;
/// Columns of the keys.
const KEYS: usize = 15;

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(state) = &app.palette else { return };
    let theme = canvas.look.theme;
    let rows = palette::rows(app);
    let title = format!("Commands: {}", app.place_below_palette().title());
    // As high as all commands need, so that it does not jump while one is typed.
    let wanted = u16::try_from(palette::commands(app)).unwrap_or(u16::MAX).saturating_add(7);
    let inner = over(canvas, area, WIDTH, wanted, &title);
    let filter = Rect { height: 1.min(inner.height), ..inner };
    field::draw(canvas, filter, "type to find: ", &state.filter, true);
    let rest = below(inner, if inner.height > 8 { 2 } else { 1 });
    let chosen = rows.get(state.selected);
    let told = if rest.height > 6 { ROWS_OF_CHOSEN } else { 0 };
    let [list, foot] = Layout::vertical([Fill(1), Length(told)]).areas(rest);
    let list = canvas.list(list, &rows, state.selected, true, |canvas, row, chosen| {
        let (key, style) = match row.off {
            Some(_) => (theme.quiet, theme.quiet),
            None => (theme.accent, theme.row(chosen)),
        };
        let reason = row.off.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
        let keys = text::padded(row.entry.keys, KEYS);
        Line::from(vec![
            Span::styled(format!("{} {keys}", canvas.look.mark(chosen)), key),
            Span::styled(format!("{}{reason}", row.entry.does), style),
        ])
    });
    if rows.is_empty() {
        canvas.prose(list, NOTHING_FITS, theme.quiet);
    }
    if let Some(row) = chosen {
        in_full(canvas, foot, row);
    }
}

/// All of the chosen row, which a line may have cut.
fn in_full(canvas: &mut Canvas<'_>, area: Rect, row: &PaletteRow) {
    let theme = canvas.look.theme;
    match &row.off {
        Some(reason) => canvas.prose(below(area, 1), &format!("Not now: {reason}"), theme.warn),
        None => canvas.prose(below(area, 1), &format!("{}.", row.entry.does), theme.quiet),
    };
}
