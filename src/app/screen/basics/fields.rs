//! How the fields of the form are filled in, and which of them are shown.

pub use crate::domain::settings::Field;
use crate::domain::settings::fields::{AnswerKind, ROWS};

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A line that is typed.
    Text,
    /// A few choices, changed in place.
    Choice,
    /// Many choices, taken from a list that is filtered by typing.
    List,
    /// A row that does something.
    Button,
}

impl Field {
    /// How it is filled in.
    pub fn kind(self) -> FieldKind {
        match self.row().kind {
            AnswerKind::Text | AnswerKind::Number | AnswerKind::Packages | AnswerKind::Tags => {
                FieldKind::Text
            }
            AnswerKind::OneOf(_) | AnswerKind::Switch(_) => FieldKind::Choice,
            AnswerKind::Listed | AnswerKind::Many | AnswerKind::Hosts => FieldKind::List,
            AnswerKind::Button => FieldKind::Button,
        }
    }
}

/// The fields of the form, from the top; those below "More" where they are shown.
pub(super) fn shown(more: bool) -> Vec<Field> {
    let rows = ROWS.iter().filter(|row| !row.label.is_empty());
    let mut fields: Vec<Field> = rows.map(|row| row.field).chain([Field::Continue]).collect();
    fields.retain(|field| more || !field.is_below_more());
    fields.sort_unstable();
    fields
}

/// The fields that are typed.
pub(super) fn typed() -> impl Iterator<Item = Field> {
    shown(true).into_iter().filter(|field| field.kind() == FieldKind::Text)
}
