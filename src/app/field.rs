//! Lines that are typed: an ordinary one, and one that nobody may read.

use serde::{Deserialize, Serialize};
use tui_input::{Input, InputRequest};
use zeroize::Zeroizing;

use super::key::{Code, Key};
use crate::domain::secret::Secret;

/// Applies an editing key to a line; false when the key edits nothing.
pub fn edit(input: &mut Input, key: Key) -> bool {
    let request = match (key.code, key.control, key.alt) {
        (Code::Char(letter), false, false) => InputRequest::InsertChar(letter),
        (Code::Backspace, false, false) | (Code::Char('h'), true, false) => {
            InputRequest::DeletePrevChar
        }
        (Code::Backspace, _, _) | (Code::Char('w'), true, false) => InputRequest::DeletePrevWord,
        (Code::Delete, false, false) | (Code::Char('d'), true, false) => {
            InputRequest::DeleteNextChar
        }
        (Code::Delete, _, _) | (Code::Char('d'), false, true) => InputRequest::DeleteNextWord,
        (Code::Left, false, false) | (Code::Char('b'), true, false) => InputRequest::GoToPrevChar,
        (Code::Right, false, false) | (Code::Char('f'), true, false) => InputRequest::GoToNextChar,
        (Code::Left, _, _) | (Code::Char('b'), false, true) => InputRequest::GoToPrevWord,
        (Code::Right, _, _) | (Code::Char('f'), false, true) => InputRequest::GoToNextWord,
        (Code::Home, _, _) | (Code::Char('a'), true, false) => InputRequest::GoToStart,
        (Code::End, _, _) | (Code::Char('e'), true, false) => InputRequest::GoToEnd,
        (Code::Char('u'), true, false) => InputRequest::DeleteLine,
        (Code::Char('k'), true, false) => InputRequest::DeleteTillEnd,
        _ => return false,
    };
    input.handle(request);
    true
}

/// Puts pasted text into a line, without what would end or break it.
pub fn paste(input: &mut Input, text: &str) {
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        input.handle(InputRequest::InsertChar(letter));
    }
}

/// A line whose letters are never shown, serialised or printed, and wiped when it goes.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct MaskedLine {
    #[serde(skip)]
    text: Zeroizing<String>,
}

impl MaskedLine {
    /// Applies an editing key; false when the key edits nothing.
    pub fn edit(&mut self, key: Key) -> bool {
        match (key.code, key.control) {
            // Nobody sees where a word begins: all that erases more than a letter erases the line.
            (Code::Char('u' | 'w'), true) => self.text.clear(),
            (Code::Backspace, _) | (Code::Char('h'), true) => drop(self.text.pop()),
            (Code::Char(letter), false) if !key.alt => self.text.push(letter),
            _ => return false,
        }
        true
    }

    /// Adds pasted text.
    pub fn paste(&mut self, text: &str) {
        self.text.extend(text.chars().filter(|letter| !letter.is_control()));
    }

    /// How many letters there are.
    pub fn letters(&self) -> usize {
        self.text.chars().count()
    }

    /// What was typed, leaving the line empty.
    pub fn take(&mut self) -> Secret {
        let text = std::mem::take(&mut self.text);
        Secret::new(text.as_str().to_owned())
    }
}

impl std::fmt::Debug for MaskedLine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MaskedLine")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_edited_as_in_a_shell() {
        let mut input = Input::default();
        paste(&mut input, "one two\n");
        edit(&mut input, Key::control('w'));
        edit(&mut input, Key::char('x'));
        assert_eq!(input.value(), "one x");
        edit(&mut input, Key::control('u'));
        assert_eq!(input.value(), "");
    }

    #[test]
    fn a_masked_line_shows_nothing() {
        let mut line = MaskedLine::default();
        line.paste("secret\n");
        line.edit(Key::char('!'));
        assert_eq!(line.letters(), 7);
        assert!(!format!("{line:?}").contains("secret"));
        assert_eq!(serde_json::to_string(&line).unwrap(), "{}");
        assert_eq!(line.take().expose(), "secret!");
        assert_eq!(line.letters(), 0);
    }
}
