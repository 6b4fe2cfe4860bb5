//! Text on a screen of cells: how wide it is, where it breaks, what of it fits.

use std::borrow::Cow;

use jiff::{Timestamp, tz::Offset};
use ratatui::buffer::Cell;
use textwrap::core::Word;
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

/// Stands where a text was cut until the whole picture is there; what a person sees in its place, `show_cuts` decides.
/// No text of ours or of others has this sign: it is for private use.
const CUT: char = '\u{e000}';

/// Shows where texts were cut, in a row of cells: an ellipsis, or two points in place of the last letter and it.
pub(crate) fn show_cuts(row: &mut [Cell], ascii: bool) {
    for index in 0..row.len() {
        if row.get(index).is_none_or(|cell| !cell.symbol().starts_with(CUT)) {
            continue;
        }
        if let Some(cell) = row.get_mut(index) {
            cell.set_symbol(if ascii { "." } else { "…" });
        }
        let before = index.checked_sub(1).and_then(|before| row.get_mut(before));
        if let (true, Some(cell)) = (ascii, before) {
            cell.set_symbol(".");
        }
    }
}

/// The text, or its begin with a sign for the cut where it does not fit.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (begin, _) = split(text, columns.saturating_sub(1));
    if columns == 0 { String::new() } else { format!("{begin}{CUT}") }
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

/// Breaks prose at spaces, and ids behind their slashes; a word that is wider than a line is broken within. Blanks at
/// the begin of a line stay, and what is broken goes on below them.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrap_line(line, columns.max(1))).collect()
}

/// The same for one line beside something that takes columns of its first row.
pub(crate) fn wrap_beside(line: &str, columns: usize, taken: usize) -> Vec<String> {
    let gap = " ".repeat(taken.min(columns.saturating_sub(1)));
    let mut lines: Vec<String> = textwrap::wrap(line, options(columns.max(1)).initial_indent(&gap))
        .into_iter()
        .map(Cow::into_owned)
        .collect();
    if let Some(first) = lines.first_mut() {
        *first = first.trim_start().to_owned();
    }
    lines
}

fn options<'a>(columns: usize) -> textwrap::Options<'a> {
    textwrap::Options::new(columns)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation)
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let blanks: String = line.chars().take_while(|letter| *letter == ' ').collect();
    // Where hardly anything fits, an indentation would leave no room for words.
    let indent = if blanks.len() * 2 < columns { blanks.as_str() } else { "" };
    textwrap::wrap(line, options(columns).subsequent_indent(indent))
        .into_iter()
        .map(Cow::into_owned)
        .collect()
}

/// From so many columns on a word with slashes is an id or a path, which may be broken behind them.
const LONG: usize = 24;

/// The words of a line; long ones with slashes in their parts.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    Box::new(WordSeparator::AsciiSpace.find_words(line).flat_map(|word| {
        if width(word.word) < LONG {
            return vec![word];
        }
        let mut parts: Vec<Word<'_>> = word.word.split_inclusive('/').map(Word::from).collect();
        if let Some(last) = parts.last_mut() {
            last.whitespace = word.whitespace;
        }
        parts
    }))
}

/// The text in ASCII, for terminals that show nothing else.
pub(crate) fn ascii(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '…' => "...".to_owned(),
            '–' | '—' | '─' | '·' | '▾' => "-".to_owned(),
            '›' => ">".to_owned(),
            '→' => "->".to_owned(),
            '▸' => "+".to_owned(),
            '✗' => "x".to_owned(),
            '↑' => "^".to_owned(),
            '↓' | '✓' => "v".to_owned(),
            letter if letter.is_ascii() || letter == CUT => letter.to_string(),
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
        assert_eq!(wrap("  a b", 6), ["  a b"]);
        assert_eq!(wrap("  a b c d", 5), ["  a b", "  c d"]);
        assert_eq!(wrap("  a b", 4), ["  a", "b"]);
    }

    #[test]
    fn ids_break_behind_their_slashes() {
        let id = "/subscriptions/0000/resourceGroups/rg-test4821/providers/Microsoft.Network";
        let lines = wrap(&format!("It is {id}."), 30);
        assert_eq!(lines.concat().replace(' ', ""), format!("Itis{id}."));
        let (last, others) = lines.split_last().unwrap();
        assert!(last.ends_with("Microsoft.Network."));
        assert!(others.iter().all(|line| line.ends_with('/') || line == "It is"), "{lines:?}");
        assert_eq!(wrap("TCP/IP and/or more", 8), ["TCP/IP", "and/or", "more"]);
    }

    #[test]
    fn beside_something_only_the_first_row_is_narrow() {
        assert_eq!(wrap_beside("one two three four", 10, 4), ["one", "two three", "four"]);
        assert_eq!(wrap_beside("one", 10, 4), ["one"]);
        assert_eq!(wrap_beside("", 10, 4), [""]);
    }

    #[test]
    fn json_keeps_its_indentation() {
        let json = "{\n  \"a\": {\n    \"b\": \"one two three four\"\n  }\n}";
        assert_eq!(
            wrap(json, 20),
            ["{", "  \"a\": {", "    \"b\": \"one two", "    three four\"", "  }", "}"]
        );
    }

    #[test]
    fn a_cut_is_two_points_in_ascii_and_an_ellipsis_elsewhere() {
        for (ascii, wanted) in [(true, "pri.."), (false, "priv…")] {
            let mut row: Vec<Cell> = fit("privateaml", 5)
                .chars()
                .map(|letter| {
                    let mut cell = Cell::default();
                    cell.set_char(letter);
                    cell
                })
                .collect();
            show_cuts(&mut row, ascii);
            assert_eq!(row.iter().map(Cell::symbol).collect::<String>(), wanted);
        }
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        assert_eq!(fit("privateaml", 10), "privateaml");
        assert_eq!(fit("privateaml", 5), "priv\u{e000}");
        assert_eq!(fit("privateaml", 0), "");
    }
}
