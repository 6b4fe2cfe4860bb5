//! The environment's name and suffix, and the rules they keep.
//!
//! Three characters of prefix (`vm-`), eight of name and four digits fill the fifteen that a Windows computer name may
//! have. This module must not ask Azure whether a name is free.

use std::fmt;

use rand::RngExt as _;
use serde::{Deserialize, Serialize};

/// The environment's name: 1 to 8 lower-case letters and digits, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnvironmentName(String);

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 8;

/// Why a text is not a name, with the text that would be one where there is such.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {remedy}")]
pub struct NameError {
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub remedy: String,
    /// A valid name close to the text.
    pub replacement: Option<String>,
}

impl EnvironmentName {
    /// Checks a text.
    ///
    /// # Errors
    /// When it is empty, too long, begins with a digit or has other characters than `a` to `z` and `0` to `9`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let fits = (1..=LONGEST_NAME).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .chars()
                .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit());
        if fits {
            return Ok(Self(text.to_owned()));
        }
        Err(NameError {
            what: format!("\"{text}\" is not a name."),
            remedy:
                "Use 1 to 8 lower-case letters and digits, beginning with a letter, such as test."
                    .into(),
            replacement: None,
        })
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EnvironmentName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<EnvironmentName> for String {
    fn from(name: EnvironmentName) -> Self {
        name.0
    }
}

impl std::str::FromStr for EnvironmentName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl fmt::Display for EnvironmentName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Four digits behind the name, drawn at random and kept for the environment's life.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Suffix(String);

impl Suffix {
    /// Checks a text.
    ///
    /// # Errors
    /// When it is not exactly four digits.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.len() == 4 && text.chars().all(|each| each.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(NameError {
            what: format!("\"{text}\" is not a suffix."),
            remedy: "Use exactly four digits, such as 4821, or leave it out to have them drawn."
                .into(),
            replacement: None,
        })
    }

    /// Draws four digits.
    pub fn random(random: &mut impl rand::Rng) -> Self {
        Self(format!("{:04}", random.random_range(0..10_000)))
    }
}

impl TryFrom<String> for Suffix {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<Suffix> for String {
    fn from(suffix: Suffix) -> Self {
        suffix.0
    }
}

impl std::str::FromStr for Suffix {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl fmt::Display for Suffix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
