//! A bar of progress that stops at its end and never lies about it.

use ratatui::text::Span;

use crate::tui::Appearance;

/// A bar of so many columns, filled by a part of 1; more than 1 is full.
pub(crate) fn spans(look: &Appearance, part: f64, columns: u16) -> Vec<Span<'static>> {
    let part = part.clamp(0.0, 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of a number of columns is none of it"
    )]
    let full = (part * f64::from(columns)).floor() as usize;
    let empty = usize::from(columns).saturating_sub(full);
    vec![
        Span::styled(look.glyphs.bar_full.repeat(full), look.theme.accent),
        Span::styled(look.glyphs.bar_empty.repeat(empty), look.theme.quiet),
    ]
}
