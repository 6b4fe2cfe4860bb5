//! A strip of tabs, of which one is open.

use ratatui::{layout::Rect, text::Line};

use crate::app::message::ClickTarget;
use crate::tui::canvas::Canvas;
use crate::tui::text;

/// Draws the names of tabs in a line; the open one stands out, and all can be clicked.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, names: &[&str], open: usize) {
    let theme = canvas.look.theme;
    let mut x = area.x.saturating_add(1);
    for (index, name) in names.iter().enumerate() {
        let (before, after, style) = if index == open {
            ("[", "]", theme.accent.patch(theme.strong))
        } else {
            (" ", " ", theme.quiet)
        };
        let label = format!("{before}{name}{after}");
        let width = u16::try_from(text::width(&label)).unwrap_or(u16::MAX);
        let room = area.right().saturating_sub(x);
        let part = Rect { x, width: width.min(room), height: area.height.min(1), ..area };
        canvas.line(part, Line::styled(label, style));
        canvas.hit(part, ClickTarget::Pane(index));
        x = x.saturating_add(width).min(area.right());
    }
}
