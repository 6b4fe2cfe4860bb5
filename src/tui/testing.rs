//! For tests: a state drawn into text, as a person would see it.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Appearance, Choice, Hits, draw};
use crate::app::App;

/// The usual look: colours, dark background, UTF-8.
pub(crate) fn look() -> Appearance {
    Appearance::new(Choice { color: true, light: false, ascii: false })
}

/// The cells of a picture.
pub(crate) fn cells(app: &App, look: &Appearance, columns: u16, rows: u16) -> Buffer {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    draw(app, look, area, &mut buffer, &mut Hits::default());
    buffer
}

/// The picture as text, without blanks at the ends of lines.
pub(crate) fn picture(app: &App, columns: u16, rows: u16) -> String {
    text(&cells(app, &look(), columns, rows))
}

/// The text of cells.
pub(crate) fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let lines: Vec<String> = buffer
        .content
        .chunks(width)
        .map(|row| {
            let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
            line.trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

/// Draws a state at many sizes, with and without colours; it only has to end.
pub(crate) fn draw_at_all_sizes(app: &App) {
    let ascii = Appearance::new(Choice { color: false, light: false, ascii: true });
    for columns in (1..=130).step_by(7) {
        for rows in (1..=45).step_by(4) {
            cells(app, &look(), columns, rows);
            cells(app, &ascii, columns, rows);
        }
    }
}
