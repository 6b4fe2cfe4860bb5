//! Text that others wrote, made safe to show: what Azure, a log, a name server, a file or a proxy says can hold signs
//! that a terminal obeys, or that hide or turn round what stands beside them.
//!
//! Such signs are replaced where text leaves the program, never where it is read: what goes back to Azure stays as it
//! came. Nothing here may know who the reader is.

use std::{borrow::Cow, fmt::Write as _};

/// True for a sign that a terminal obeys, or that changes how its neighbours read without being seen itself: control
/// signs of C0 and C1, marks of direction (Unicode UAX 9), line separators, signs without width, tags.
pub fn is_obeyed(sign: char) -> bool {
    // Letters come first: this is asked of every cell of every picture.
    if matches!(sign, ' '..='~') {
        return false;
    }
    sign.is_control()
        || matches!(
            sign,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The text on one line: line breaks and tabs become blanks, every other sign that is obeyed its number, such as
/// `\u{1b}`.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for sign in text.chars() {
        match sign {
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                safe.push(' ');
            }
            other if is_obeyed(other) => safe.extend(other.escape_unicode()),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// The text with its lines kept, each safe by itself: for text in which our own code made the lines, or where each
/// line is set off so that none can pass for one of ours.
pub fn block(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> =
        text.split('\n').map(|each| line(each.trim_end_matches('\r'))).collect();
    lines.join("\n")
}

/// Serialised JSON whose strings hold no sign that is obeyed: they are written as `\uXXXX`, so that a parser reads the
/// same value. The serialiser has escaped C0 already; line breaks of pretty printing stay.
pub fn json(serialised: &str) -> String {
    let mut safe = String::with_capacity(serialised.len());
    for sign in serialised.chars() {
        if sign != '\n' && is_obeyed(sign) {
            let mut units = [0; 2];
            for unit in sign.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(sign);
        }
    }
    safe
}

/// The text for Markdown, on one line and without what Markdown or HTML would read as its own.
pub fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in line(text).chars() {
        if matches!(sign, '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '\\' | '~' | '&') {
            safe.push('\\');
        }
        safe.push(sign);
    }
    safe
}

/// The text as the inside of a Markdown code span, also in a cell of a table: a code span knows no escape, so what
/// would end it is replaced.
pub fn code(text: &str) -> String {
    line(text).replace('`', "'").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_seen_and_not_obeyed() {
        for (foreign, safe) in [
            ("plain text, zwölf, 日本", "plain text, zwölf, 日本"),
            ("a\u{1b}]52;c;aWQ=\u{7}b", "a\\u{1b}]52;c;aWQ=\\u{7}b"),
            ("a\u{9b}2Jb", "a\\u{9b}2Jb"),
            ("fdp.\u{202e}exe", "fdp.\\u{202e}exe"),
            ("a\r\nProblem: b", "a  Problem: b"),
            ("a\u{2028}b\u{85}c\td", "a b c d"),
            ("git\u{200b}hub\u{feff}", "git\\u{200b}hub\\u{feff}"),
            ("\u{e0041}", "\\u{e0041}"),
            ("\u{7f}", "\\u{7f}"),
        ] {
            assert_eq!(line(foreign), safe);
        }
        assert!(matches!(line("as it is"), Cow::Borrowed(_)));
        assert_eq!(block("a\r\nb\u{1b}\n\nc"), "a\nb\\u{1b}\n\nc");
    }

    #[test]
    fn markdown_keeps_its_form_whatever_stands_in_it() {
        assert_eq!(
            markdown("a|b\n# c [d](e) <script> `f` &lt;"),
            "a\\|b # c \\[d\\](e) \\<script\\> \\`f\\` \\&lt;"
        );
        assert_eq!(code("a`|b\nc"), "a'\\|b c");
    }

    proptest! {
        #[test]
        fn nothing_obeyed_is_left(text in any::<String>(), poison in "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{200b}-\u{206f}\u{e0000}-\u{e007f}]{0,8}") {
            let foreign = format!("{text}{poison}{text}");
            for safe in [line(&foreign).into_owned(), markdown(&foreign), code(&foreign)] {
                prop_assert!(!safe.contains(is_obeyed), "{safe:?}");
            }
            let kept = block(&foreign);
            prop_assert!(kept.chars().all(|sign| sign == '\n' || !is_obeyed(sign)));
            prop_assert_eq!(kept.matches('\n').count(), foreign.matches('\n').count());
            // Made safe once is made safe: text may pass more than one place.
            let once = line(&foreign);
            prop_assert_eq!(&line(&once), &once);
        }

        #[test]
        fn json_says_the_same_to_a_parser(text in any::<String>(), poison in "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{202a}-\u{202e}\u{e0000}-\u{e007f}]{0,8}") {
            let value = serde_json::json!({ format!("key{poison}"): [format!("{text}{poison}")] });
            for written in [value.to_string(), format!("{value:#}")] {
                let safe = json(&written);
                prop_assert!(safe.chars().all(|sign| sign == '\n' || !is_obeyed(sign)));
                prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&safe).unwrap(), &value);
            }
        }
    }
}
