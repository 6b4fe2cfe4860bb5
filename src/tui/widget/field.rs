//! A line that is typed, with its cursor.

use ratatui::{
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
};
use tui_input::Input;

use crate::tui::canvas::Canvas;

/// Draws a label and a text that typing replaces: all of it is marked, as a selection is.
pub fn draw_offered(canvas: &mut Canvas<'_>, area: Rect, label: &str, input: &Input) {
    let theme = canvas.look.theme;
    let marked = theme.strong.add_modifier(Modifier::REVERSED);
    let spans = vec![
        Span::styled(label.to_owned(), theme.quiet),
        Span::styled(input.value().to_owned(), marked),
    ];
    canvas.line(area, Line::from(spans));
}

/// Draws a label and the typed text behind it; where the field has the keys, its cursor too. What does not fit scrolls.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, label: &str, input: &Input, focused: bool) {
    let theme = canvas.look.theme;
    let style = if focused { theme.strong } else { theme.text };
    let room = usize::from(area.width).saturating_sub(crate::tui::text::width(label) + 1);
    let value: Vec<char> = input.value().chars().collect();
    let cursor = input.cursor().min(value.len());
    // Counted in letters: what is typed here is ASCII but for mistakes.
    let first = (cursor + 1).saturating_sub(room.max(1));
    let mut spans = vec![Span::styled(label.to_owned(), theme.quiet)];
    let shown: Vec<char> = value.iter().skip(first).take(room).copied().collect();
    let at = cursor.saturating_sub(first);
    let before: String = shown.iter().take(at).collect();
    spans.push(Span::styled(before, style));
    if focused {
        let under: String = shown.get(at).map_or_else(|| " ".to_owned(), ToString::to_string);
        spans.push(Span::styled(under, style.add_modifier(Modifier::REVERSED)));
        spans.push(Span::styled(shown.iter().skip(at + 1).collect::<String>(), style));
    } else {
        spans.push(Span::styled(shown.iter().skip(at).collect::<String>(), style));
    }
    canvas.line(area, Line::from(spans));
}
