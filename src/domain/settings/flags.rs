//! Settings as the flags of a command line that chooses the same.
//!
//! Only what differs from the usual is written, quoted for a shell where it needs to be.

use super::fields::{AnswerKind, FieldRow, ROWS};
use super::{Draft, Settings};

impl Settings {
    /// The flags, each with its value behind it.
    pub fn flags(&self) -> Vec<String> {
        let draft = Draft::from(self);
        let flags = |row: &FieldRow| -> Vec<String> {
            let words = row.words(&draft.value(row));
            if row.flag.is_empty() || row.needed.is_none() && words == row.words(&draft.usual(row))
            {
                return Vec::new();
            }
            match row.kind {
                AnswerKind::Switch(_) if words == ["true"] => vec![row.flag.to_owned()],
                AnswerKind::Switch(_) => Vec::new(),
                _ => words.iter().map(|word| format!("{} {}", row.flag, quoted(word))).collect(),
            }
        };
        ROWS.iter().flat_map(flags).collect()
    }
}

/// A value as one word of a shell.
fn quoted(value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@".contains(letter);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}
