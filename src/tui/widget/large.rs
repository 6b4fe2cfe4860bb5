//! Large letters, for a code that is read from across a desk and typed on another device.

use ratatui::{layout::Rect, style::Style, text::Line};

use crate::tui::canvas::Canvas;

/// Columns of one letter.
const LETTER: u16 = 8;
/// Rows of one letter: each holds two rows of its dots.
pub const ROWS: u16 = 4;

/// Whether a text can be written large in an area.
pub fn fits(canvas: &Canvas<'_>, area: Rect, text: &str) -> bool {
    let letters = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
    !canvas.look.ascii
        && area.height >= ROWS
        && area.width >= letters.saturating_mul(LETTER)
        && text.chars().all(|letter| dots(letter).is_some())
}

/// Writes a text large at the top of an area.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, text: &str, style: Style) {
    let lines = (0..usize::from(ROWS)).map(|row| {
        let line: String = text.chars().flat_map(|letter| row_of(letter, row)).collect();
        Line::styled(line, style)
    });
    canvas.lines(area, lines);
}

/// One row of a letter: each column is the upper dot, the lower one, both or none.
fn row_of(letter: char, row: usize) -> Vec<char> {
    let dots = dots(letter).unwrap_or_default();
    let upper = dots.get(row * 2).copied().unwrap_or(0);
    let lower = dots.get(row * 2 + 1).copied().unwrap_or(0);
    (0..LETTER)
        .map(|column| match (upper >> column & 1, lower >> column & 1) {
            (1, 1) => '█',
            (1, _) => '▀',
            (_, 1) => '▄',
            _ => ' ',
        })
        .collect()
}

fn dots(letter: char) -> Option<[u8; 8]> {
    font8x8::legacy::BASIC_LEGACY.get(usize::try_from(u32::from(letter)).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_has_its_shape() {
        let rows: Vec<String> = (0..4).map(|row| row_of('L', row).into_iter().collect()).collect();
        insta::assert_snapshot!(rows.join("\n"));
    }
}
