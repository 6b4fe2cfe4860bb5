//! Placeholder.

use ratatui::layout::Rect;

use crate::{
    app::{App, Tone},
    tui::canvas::Canvas,
};

pub(super) fn title(_app: &App) -> String {
    "preview".to_owned()
}

pub(super) fn sentence(_app: &App) -> (Tone, String) {
    (Tone::Plain, String::new())
}

pub(super) fn draw(_app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.panel(area, "preview", true);
}
