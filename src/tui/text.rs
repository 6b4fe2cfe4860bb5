//! Text on a screen of cells: how wide it is, where it breaks, what of it fits.

use std::borrow::Cow;

use jiff::{Timestamp, tz::Offset};
use textwrap::{WordSeparator, WordSplitter};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::app::App;

/// A moment as the clock on the wall shows it, where the program was started.
pub(crate) fn clock(app: &App, at: Timestamp) -> String {
    let offset = Offset::from_seconds(app.start.utc_offset).unwrap_or(Offset::UTC);
    offset.to_datetime(at).strftime("%H:%M:%S").to_string()
}

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, or its begin with an ellipsis where it does not fit.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (begin, _) = split(text, columns.saturating_sub(1));
    if columns == 0 { String::new() } else { format!("{begin}…") }
}

/// Begin and rest of a text, the begin being at most so many columns wide.
fn split(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    for (index, letter) in text.char_indices() {
        let wide = letter.width().unwrap_or(0);
        if used + wide > columns {
            return text.split_at(index);
        }
        used += wide;
    }
    (text, "")
}

/// A text in exactly so many columns: cut where it is longer, filled up where it is shorter.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    let fitted = fit(text, columns);
    let missing = columns.saturating_sub(width(&fitted));
    format!("{fitted}{}", " ".repeat(missing))
}

/// Breaks prose at spaces; a word that is wider than a line is broken within. Blanks at the begin of a line stay.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let options = textwrap::Options::new(columns.max(1))
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
}

/// The text in ASCII, for terminals that show nothing else.
pub(crate) fn ascii(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '…' => "...".to_owned(),
            '–' | '—' | '─' | '·' => "-".to_owned(),
            '›' | '→' | '▸' => ">".to_owned(),
            '✓' => "+".to_owned(),
            '✗' => "x".to_owned(),
            '↑' => "^".to_owned(),
            '↓' => "v".to_owned(),
            letter if letter.is_ascii() => letter.to_string(),
            _ => "?".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_breaks_at_spaces_and_long_words_within() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a\n\nb", 3), ["a", "", "b"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("日本語", 1), ["日", "本", "語"]);
        assert_eq!(wrap("  a b", 4), ["  a", "b"]);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        assert_eq!(fit("privateaml", 10), "privateaml");
        assert_eq!(fit("privateaml", 5), "priv…");
        assert_eq!(fit("privateaml", 0), "");
    }
}
