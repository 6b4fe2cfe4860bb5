//! The part of a picture that is in sight, and where its cells are on the screen.
//!
//! All coordinates given to it are the picture's; what is out of sight is left out.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use crate::domain::graph::{Picture, Placed};

/// A window on a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    area: Rect,
    /// First column of the picture in sight; less than 0 where the picture is smaller and stands in the middle.
    pub(super) left: i64,
    /// First row of the picture in sight.
    pub(super) top: i64,
}

impl Window {
    /// The window with the focused node as near to its middle as the picture's ends allow.
    pub(super) fn on(picture: &Picture, focus: Option<usize>, area: Rect) -> Self {
        let focus = focus.and_then(|number| picture.nodes.get(number));
        Self {
            area,
            left: first(picture.width, area.width, focus.map(|node| (node.x, node.width))),
            top: first(picture.height, area.height, focus.map(|node| (node.y, node.height))),
        }
    }

    /// One past the last column in sight.
    pub(super) fn right(&self) -> i64 {
        self.left + i64::from(self.area.width)
    }

    /// One past the last row in sight.
    pub(super) fn bottom(&self) -> i64 {
        self.top + i64::from(self.area.height)
    }

    /// Draws one letter.
    pub(super) fn put(&self, buffer: &mut Buffer, (x, y): (i64, i64), letter: char, style: Style) {
        if x < self.left || x >= self.right() || y < self.top || y >= self.bottom() {
            return;
        }
        let (Ok(x), Ok(y)) = (u16::try_from(x - self.left), u16::try_from(y - self.top)) else {
            return;
        };
        let at = Position::new(self.area.x.saturating_add(x), self.area.y.saturating_add(y));
        if let Some(cell) = buffer.cell_mut(at) {
            cell.set_char(letter).set_style(style);
        }
    }

    /// The part of a node in sight, on the screen; empty when there is none.
    pub(super) fn rect(&self, node: &Placed) -> Rect {
        let along = |start: u32, length: u32, first: i64, room: u16| {
            let from = (i64::from(start) - first).clamp(0, i64::from(room));
            let to = (i64::from(start) + i64::from(length) - first).clamp(0, i64::from(room));
            (u16::try_from(from).unwrap_or(0), u16::try_from(to - from).unwrap_or(0))
        };
        let (x, width) = along(node.x, node.width, self.left, self.area.width);
        let (y, height) = along(node.y, node.height, self.top, self.area.height);
        Rect { x: self.area.x.saturating_add(x), y: self.area.y.saturating_add(y), width, height }
    }
}

fn first(whole: u32, room: u16, focus: Option<(u32, u32)>) -> i64 {
    let (whole, room) = (i64::from(whole), i64::from(room));
    if whole <= room {
        return (whole - room) / 2;
    }
    let (start, length) =
        focus.map_or((0, 0), |(start, length)| (i64::from(start), i64::from(length)));
    // A node wider than the window shows its beginning.
    (start + length / 2 - room / 2).clamp(0, whole - room).min(start)
}
