//! What can be clicked: which part of the screen means what, noted anew with each picture.

use ratatui::layout::{Position, Rect};

use crate::app::message::ClickTarget;

/// The places of one picture.
#[derive(Debug, Clone, Default)]
pub struct Hits(Vec<(Rect, ClickTarget)>);

impl Hits {
    /// Notes a place. What is noted later lies above.
    pub fn add(&mut self, area: Rect, target: ClickTarget) {
        self.0.push((area, target));
    }

    /// Forgets all places below: something lies over them.
    pub fn cover(&mut self) {
        self.0.clear();
    }

    /// What lies at a column and row.
    pub fn at(&self, column: u16, row: u16) -> Option<&ClickTarget> {
        let position = Position::new(column, row);
        self.0.iter().rev().find(|(area, _)| area.contains(position)).map(|(_, target)| target)
    }
}
