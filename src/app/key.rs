//! Keys as the program understands them: what was pressed, and how it is written on the screen.
//!
//! It must not know which terminal library they came from, so that a recording can be played back anywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What was pressed. Shift is part of a letter's own form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A letter, digit or sign.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Tab.
    Tab,
    /// Shift with Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, by its number.
    Function(u8),
}

/// A key with what was held down beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// What was pressed.
    pub code: Code,
    /// Whether Control was held.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub control: bool,
    /// Whether Alt was held.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alt: bool,
}

impl Key {
    /// A key alone.
    pub const fn of(code: Code) -> Self {
        Self { code, control: false, alt: false }
    }

    /// A letter, digit or sign.
    pub const fn char(letter: char) -> Self {
        Self::of(Code::Char(letter))
    }

    /// Control with a letter.
    pub const fn control(letter: char) -> Self {
        Self { code: Code::Char(letter), control: true, alt: false }
    }

    /// The letter that is typed; `None` for keys that type nothing.
    pub(crate) fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(letter) if !self.control && !self.alt => Some(letter),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    /// As people write it: `Ctrl-R`, `F1`, `Enter`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            formatter.write_str("Ctrl-")?;
        }
        if self.alt {
            formatter.write_str("Alt-")?;
        }
        match self.code {
            Code::Char(' ') => formatter.write_str("Space"),
            Code::Char(letter) if self.control => write!(formatter, "{}", letter.to_uppercase()),
            Code::Char(letter) => write!(formatter, "{letter}"),
            Code::Enter => formatter.write_str("Enter"),
            Code::Escape => formatter.write_str("Esc"),
            Code::Tab => formatter.write_str("Tab"),
            Code::BackTab => formatter.write_str("Shift-Tab"),
            Code::Backspace => formatter.write_str("Backspace"),
            Code::Delete => formatter.write_str("Del"),
            Code::Up => formatter.write_str("Up"),
            Code::Down => formatter.write_str("Down"),
            Code::Left => formatter.write_str("Left"),
            Code::Right => formatter.write_str("Right"),
            Code::Home => formatter.write_str("Home"),
            Code::End => formatter.write_str("End"),
            Code::PageUp => formatter.write_str("PgUp"),
            Code::PageDown => formatter.write_str("PgDn"),
            Code::Function(number) => write!(formatter, "F{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_people_write_them() {
        assert_eq!(Key::control('r').to_string(), "Ctrl-R");
        assert_eq!(Key::char(' ').to_string(), "Space");
        assert_eq!(Key::of(Code::Function(1)).to_string(), "F1");
        assert_eq!(Key::char('X').to_string(), "X");
    }

    #[test]
    fn control_types_nothing() {
        assert_eq!(Key::control('r').typed(), None);
        assert_eq!(Key::char('r').typed(), Some('r'));
    }
}
