//! The table of causes: what a code means, what to do, and whether trying again helps.
//!
//! The table is `assets/errors.toml`, compiled in; the first row that fits wins. This module must not know any code
//! itself.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::leaf::Leaf;
use crate::domain::action::Action;
use crate::domain::problem::Retry;

static TABLE: LazyLock<Vec<CauseRow>> = LazyLock::new(|| read(TEXT).unwrap_or_default());
const TEXT: &str = include_str!("../../../assets/errors.toml");

/// What the table says of one leaf.
pub(super) struct CauseText {
    pub(super) what: String,
    pub(super) advice: String,
    pub(super) retry: Retry,
    pub(super) actions: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    error: Vec<CauseRow>,
}

/// One cause.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CauseRow {
    /// Codes it stands for, without regard to case; `*` in front matches any beginning. None: any code.
    #[serde(default)]
    pub(super) codes: Vec<String>,
    /// Words of the message, one of which must be there, without regard to case. None: any message.
    #[serde(default)]
    pub(super) contains: Vec<String>,
    /// What happened; `{name}` stands for a word taken from the message.
    pub(super) what: String,
    /// What to do.
    pub(super) advice: String,
    /// Whether the same request may be sent again.
    pub(super) retry: Retry,
    /// What helps, likeliest first, in the words of `Action::of_word`.
    #[serde(default)]
    pub(super) actions: Vec<String>,
    /// Words taken from the message.
    #[serde(default)]
    pub(super) take: BTreeMap<String, Take>,
    /// Where the cause is described.
    #[cfg_attr(not(test), expect(dead_code, reason = "for those who read and keep the table"))]
    pub(super) source: String,
}

/// A word of the message: from behind some text to the closing quote, or to the first blank without one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Take {
    pub(super) after: String,
    pub(super) otherwise: String,
}

pub(super) fn read(text: &str) -> Result<Vec<CauseRow>, toml::de::Error> {
    toml::from_str::<Document>(text).map(|document| document.error)
}

pub(super) fn table() -> &'static [CauseRow] {
    &TABLE
}

/// The place of the row for this leaf.
pub(super) fn row(leaf: &Leaf) -> Option<usize> {
    table().iter().position(|row| row.fits(leaf))
}

/// Whether the table has a row for this leaf.
pub(super) fn knows(leaf: &Leaf) -> bool {
    row(leaf).is_some()
}

/// Whether the words of this leaf, and not its code alone, tell the cause.
pub(super) fn is_told(leaf: &Leaf) -> bool {
    let row = table().iter().find(|row| row.fits(leaf));
    row.is_some_and(|row| !row.contains.is_empty())
}

/// What the table says of this leaf.
pub(super) fn lookup(leaf: &Leaf) -> Option<CauseText> {
    let row = table().iter().find(|row| row.fits(leaf))?;
    Some(CauseText {
        what: row.filled(&row.what, leaf),
        advice: row.filled(&row.advice, leaf),
        retry: row.retry,
        actions: row.actions.iter().filter_map(|word| Action::of_word(word)).collect(),
    })
}

impl CauseRow {
    pub(super) fn fits(&self, leaf: &Leaf) -> bool {
        let code = leaf.code.to_lowercase();
        let message = leaf.message.to_lowercase();
        let by_code = self.codes.is_empty()
            || self.codes.iter().any(|wanted| {
                let wanted = wanted.to_lowercase();
                match wanted.strip_prefix('*') {
                    Some(end) => code.ends_with(end),
                    None => code == wanted,
                }
            });
        let by_words = self.contains.is_empty()
            || self.contains.iter().any(|words| message.contains(&words.to_lowercase()));
        by_code && by_words
    }

    fn filled(&self, sentence: &str, leaf: &Leaf) -> String {
        let policy = leaf.policy.as_deref().unwrap_or("Azure does not name it");
        let mut filled = sentence.replace("{policy}", policy);
        for (name, take) in &self.take {
            let word = take.from(&leaf.message).unwrap_or(&take.otherwise);
            filled = filled.replace(&format!("{{{name}}}"), word);
        }
        filled
    }
}

impl Take {
    fn from<'a>(&self, message: &'a str) -> Option<&'a str> {
        let start = message.find(&self.after)? + self.after.len();
        let rest = message.get(start..)?;
        let quote = self.after.chars().last().filter(|last| matches!(last, '\'' | '"'));
        let end = match quote {
            Some(quote) => rest.find(quote),
            None => rest.find(|each: char| each.is_whitespace() || each == '\'' || each == ','),
        };
        let word = rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches('.');
        (!word.is_empty()).then_some(word)
    }
}
