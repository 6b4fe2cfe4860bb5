//! A part of the screen to draw on: everything a view needs at hand, and the few strokes that all views share.
//!
//! No stroke leaves its area, whatever the sizes; a view may ask for more than fits.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    symbols::border,
    text::{Line, Span},
    widgets::{Block, Clear, Widget as _},
};

use super::{Appearance, Hits, text};
use crate::app::message::ClickTarget;

/// How much room there is, from which a view chooses its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// 44 to 59 columns: rows one below the other, no frames.
    Narrow,
    /// 60 to 99 columns: one pane at a time.
    Medium,
    /// 100 columns and more: panes side by side.
    Wide,
}

impl Room {
    /// The room of so many columns.
    pub fn of(columns: u16) -> Self {
        match columns {
            0..60 => Self::Narrow,
            60..100 => Self::Medium,
            _ => Self::Wide,
        }
    }
}

/// What views draw with.
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// Colours and glyphs.
    pub look: &'a Appearance,
    /// What can be clicked.
    pub hits: &'a mut Hits,
    /// The room of the whole screen.
    pub room: Room,
}

/// Columns of a label before what it is about.
pub(crate) const LABEL: usize = 13;

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

impl Canvas<'_> {
    /// Writes one line at the top of an area; what does not fit is cut with an ellipsis.
    pub fn line<'l>(&mut self, area: Rect, line: impl Into<Line<'l>>) {
        let area = area.intersection(self.buffer.area);
        if area.is_empty() {
            return;
        }
        let line = line.into();
        let columns = usize::from(area.width);
        let mut left = columns;
        let mut x = area.x;
        let total: usize = line.spans.iter().map(|span| text::width(&span.content)).sum();
        let cut = total > columns;
        for span in &line.spans {
            let wanted = text::width(&span.content);
            let shown = if cut && wanted >= left {
                text::fit(&span.content, left)
            } else {
                span.content.to_string()
            };
            let shown = if self.look.ascii { text::fit(&text::ascii(&shown), left) } else { shown };
            let style = line.style.patch(span.style);
            let (next, _) = self.buffer.set_stringn(x, area.y, &shown, left, style);
            left = left.saturating_sub(usize::from(next.saturating_sub(x)));
            x = next;
            if left == 0 {
                break;
            }
        }
    }

    /// Writes one text in one style at the top of an area.
    pub fn text(&mut self, area: Rect, text: &str, style: Style) {
        self.line(area, Line::styled(text, style));
    }

    /// Writes lines from the top of an area down; returns what is left of it below.
    pub fn lines<'l>(&mut self, area: Rect, lines: impl IntoIterator<Item = Line<'l>>) -> Rect {
        let mut rest = area;
        for line in lines {
            if rest.height == 0 {
                break;
            }
            self.line(rest, line);
            rest = below(rest, 1);
        }
        rest
    }

    /// Writes prose from the top of an area down; returns what is left of it below.
    pub fn prose(&mut self, area: Rect, prose: &str, style: Style) -> Rect {
        let lines = text::wrap(prose, usize::from(area.width));
        self.lines(area, lines.into_iter().map(|line| Line::styled(line, style)))
    }

    /// Draws the rows of a list that are in sight, a line each, the chosen one among them; returns what is left below.
    pub fn list<'l, Row>(
        &mut self,
        area: Rect,
        rows: &[Row],
        selected: usize,
        clickable: bool,
        line: impl Fn(&Self, &Row, bool) -> Line<'l>,
    ) -> Rect {
        let height = usize::from(area.height);
        let mut rest = area;
        let first = first_row(selected, rows.len(), height);
        for (index, row) in rows.iter().enumerate().skip(first).take(height) {
            let place = Rect { height: 1, ..rest };
            let drawn = line(self, row, index == selected);
            self.line(place, drawn);
            if clickable {
                self.hit(place, ClickTarget::Row(index));
            }
            rest = below(rest, 1);
        }
        rest
    }

    /// Writes a label with prose behind it; returns what is left below.
    pub(crate) fn labelled(&mut self, area: Rect, label: &str, words: &str, style: Style) -> Rect {
        let columns = usize::from(area.width).saturating_sub(LABEL);
        let quiet = self.look.theme.quiet;
        let lines = text::wrap(words, columns).into_iter().enumerate().map(|(index, line)| {
            let label = if index == 0 { label } else { "" };
            let label = Span::styled(format!("{label:<LABEL$}"), quiet);
            Line::from(vec![label, Span::styled(line, style)])
        });
        self.lines(area, lines)
    }

    /// Draws a frame with a title; returns the area within. The pane that has the keys is bold. In a narrow room
    /// there is a heading in place of a frame.
    pub fn panel(&mut self, area: Rect, title: &str, focused: bool) -> Rect {
        let area = area.intersection(self.buffer.area);
        if area.is_empty() {
            return area;
        }
        let style = if focused { self.look.theme.strong } else { self.look.theme.quiet };
        if self.room == Room::Narrow || area.height < 3 || area.width < 4 {
            self.text(area, title, self.look.theme.strong);
            return below(area, 1);
        }
        let title = if self.look.ascii { text::ascii(title) } else { title.to_owned() };
        let title = text::fit(&title, usize::from(area.width).saturating_sub(6));
        let block = Block::bordered()
            .border_set(if self.look.ascii { ASCII_BORDER } else { border::PLAIN })
            .border_style(style)
            .title(Line::styled(format!(" {title} "), style));
        let inner = block.inner(area);
        block.render(area, self.buffer);
        inset(inner)
    }

    /// Lets an area recede behind what lies over it: no colours and nothing bold, so that one thing stands out.
    pub fn recede(&mut self, area: Rect) {
        let quiet = self.look.theme.quiet;
        let area = area.intersection(self.buffer.area);
        for position in area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.set_style(Style::reset().patch(quiet));
            }
        }
    }

    /// Empties an area for something that lies over what was drawn.
    pub fn clear(&mut self, area: Rect) {
        Clear.render(area.intersection(self.buffer.area), self.buffer);
    }

    /// Notes that an area can be clicked.
    pub fn hit(&mut self, area: Rect, target: ClickTarget) {
        self.hits.add(area.intersection(self.buffer.area), target);
    }
}

/// What is left of an area below so many rows.
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y.saturating_add(rows), height: area.height.saturating_sub(rows), ..area }
}

/// What is left of an area to the right of so many columns.
pub(crate) fn right_of(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect { x: area.x.saturating_add(columns), width: area.width.saturating_sub(columns), ..area }
}

/// The same area without a column at each side.
pub(crate) fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1.min(area.width)),
        width: area.width.saturating_sub(2),
        ..area
    }
}

/// The first row to show so that the chosen one is in sight, with what follows it where there is room.
pub(crate) fn first_row(selected: usize, rows: usize, height: usize) -> usize {
    if rows <= height {
        return 0;
    }
    let middle = height / 2;
    selected.saturating_sub(middle).min(rows.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_row_is_always_in_sight() {
        for rows in 0..40 {
            for height in 1..12 {
                for selected in 0..rows {
                    let first = first_row(selected, rows, height);
                    assert!(first <= selected && selected < first + height);
                }
            }
        }
    }

    #[test]
    fn areas_never_grow() {
        let area = Rect::new(3, 4, 2, 1);
        assert_eq!(below(area, 9).height, 0);
        assert_eq!(right_of(area, 9).width, 0);
        assert_eq!(inset(Rect::new(0, 0, 1, 1)).width, 0);
    }
}
