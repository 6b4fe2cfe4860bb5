//! Placeholder.

use ratatui::layout::Rect;

use crate::{
    app::{App, Tone},
    tui::canvas::Canvas,
};

pub(super) fn title(_app: &App) -> String {
    "deploy".to_owned()
}

pub(super) fn sentence(_app: &App) -> (Tone, String) {
    (Tone::Plain, String::new())
}

pub(super) fn draw(_app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.panel(area, "deploy", true);
}

pub(super) fn liveness(_app: &App) -> (String, Tone) {
    (String::new(), Tone::Plain)
}

/// The state in a sentence, where there is no room for more.
pub(super) fn state(_app: &App) -> String {
    String::new()
}
