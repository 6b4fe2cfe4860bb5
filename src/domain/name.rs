//! The environment's name and suffix, and the rules they keep.
//!
//! Three characters of prefix (`vm-`), eight of name and four digits fill the fifteen that a Windows computer name may
//! have. This module must not ask Azure whether a name is free.

use std::fmt;

use rand::RngExt as _;
use serde::{Deserialize, Serialize};

/// The environment's name: 1 to 8 lower-case letters and digits, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct EnvironmentName(String);

/// What most names of networks may have.
const DOTTED: &str = "letters, digits, hyphens, underscores and dots";
/// A word that no name of a resource with an address of its own may have in it; the others are longer than a name
/// (<https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name>).
const RESERVED: &str = "windows";
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
        match fault(text) {
            None => Ok(Self(text.to_owned())),
            Some((what, remedy)) => {
                Err(NameError { what, remedy: remedy.into(), replacement: near_name(text) })
            }
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is wrong with a name, and what would be right.
fn fault(text: &str) -> Option<(String, &'static str)> {
    let example =
        "Use 1 to 8 lower-case letters and digits, beginning with a letter, such as test.";
    if text.is_empty() {
        return Some(("A name is missing.".into(), example));
    }
    let stranger = text.chars().find(|each| !(each.is_ascii_lowercase() || each.is_ascii_digit()));
    match stranger {
        Some(each) if each.is_whitespace() => {
            return Some((format!("\"{text}\" has a space in it."), example));
        }
        Some(each) if each.is_ascii_uppercase() => {
            return Some((
                format!("\"{each}\" in \"{text}\" is a capital letter."),
                "Storage accounts have no capital letters in their names: use lower-case ones.",
            ));
        }
        Some(each) => {
            return Some((
                format!("\"{each}\" is not allowed in a name."),
                "Storage accounts and registries have only letters and digits in their names.",
            ));
        }
        None => {}
    }
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return Some((
            format!("\"{text}\" begins with a digit."),
            "Start with a letter, such as test1.",
        ));
    }
    if text.contains(RESERVED) {
        return Some((
            format!("\"{text}\" has \"{RESERVED}\" in it, which Azure reserves."),
            "Choose another name: Azure refuses storage accounts, vaults and machines with that word in their names.",
        ));
    }
    (text.len() > LONGEST_NAME).then(|| {
        (
            format!("\"{text}\" has {} characters.", text.len()),
            "Use at most 8: with vm- before and four digits behind, that is the 15 of a Windows computer name.",
        )
    })
}

/// A valid name close to the text: in lower case, without what cannot stand in it, cut to length.
fn near_name(text: &str) -> Option<String> {
    let near: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|each| each.to_ascii_lowercase())
        .skip_while(char::is_ascii_digit)
        .collect();
    let near: String = near.replace(RESERVED, "win").chars().take(LONGEST_NAME).collect();
    (!near.is_empty()).then_some(near)
}

impl TryFrom<String> for EnvironmentName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
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
#[serde(try_from = "String")]
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

/// A resource's name, and what limits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DerivedName {
    /// What has the name.
    pub resource: &'static str,
    /// The name.
    pub name: String,
    /// The most characters that it may have.
    pub limit: usize,
    /// Further rules, in a few words.
    pub rule: &'static str,
}

/// What has a name, what stands before ours in it, the limit in characters, and further rules
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules>).
const DERIVED: [(&str, &str, usize, &str); 21] = [
    ("Windows computer name", "vm-", 15, "not only digits"),
    ("Storage account", "stg", 24, "lower-case letters and digits; globally unique"),
    (
        "Key vault",
        "kv-",
        24,
        "letters, digits and hyphens; globally unique, and reserved after deletion",
    ),
    ("Compute instance", "ci-", 24, "must not end in a hyphen and digits"),
    ("Machine learning workspace", "ml-", 33, "letters, digits, hyphens and underscores"),
    ("Container registry", "acr", 50, "letters and digits; globally unique"),
    ("Firewall", "fw-", 56, DOTTED),
    ("Log workspace", "log-", 63, "letters, digits and hyphens"),
    ("Virtual network", "vnet-", 64, DOTTED),
    ("Virtual machine", "vm-", 64, DOTTED),
    ("Firewall policy", "fwp-", 80, DOTTED),
    ("Public address of the firewall", "pip-fw-", 80, DOTTED),
    ("Bastion", "bas-", 80, DOTTED),
    ("Public address of Bastion", "pip-bas-", 80, DOTTED),
    ("Network interface", "nic-vm-", 80, DOTTED),
    ("Disk", "vm-dsk-", 80, DOTTED),
    ("Route table", "rt-", 80, DOTTED),
    ("Resource group", "rg-", 90, "letters, digits, hyphens, underscores, dots and brackets"),
    ("Identity of the workspace", "id-", 128, "letters, digits, hyphens and underscores"),
    ("Application Insights", "appi-", 260, "not % & \\ ? /"),
    ("Private link scope", "ampls-", 255, DOTTED),
];

/// The names that follow from the environment's name and digits, the one with the shortest limit first.
pub fn derived(name: &EnvironmentName, suffix: &Suffix) -> Vec<DerivedName> {
    let mut names: Vec<DerivedName> = DERIVED
        .iter()
        .map(|(resource, prefix, limit, rule)| DerivedName {
            resource,
            name: format!("{prefix}{name}{suffix}"),
            limit: *limit,
            rule,
        })
        .collect();
    names.sort_by_key(|derived| derived.limit);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_none_says_why_and_offers_one() {
        for (text, words, replacement) in [
            ("Test", "capital", Some("test")),
            ("my name", "space", Some("myname")),
            (" test ", "space", Some("test")),
            ("my-name", "\"-\"", Some("myname")),
            ("1test", "digit", Some("test")),
            ("researchers", "11 characters", Some("research")),
            ("größe", "\"ö\"", Some("gre")),
            ("windows1", "reserves", Some("win1")),
            ("", "missing", None),
            ("1234", "digit", None),
        ] {
            let error = EnvironmentName::parse(text).unwrap_err();
            assert!(error.what.contains(words), "{text}: {}", error.what);
            assert_eq!(error.replacement.as_deref(), replacement, "{text}");
        }
    }

    #[test]
    fn the_longest_name_fits_every_limit_and_the_computer_name_exactly() {
        let names =
            derived(&EnvironmentName::parse("research").unwrap(), &Suffix::parse("4821").unwrap());
        assert_eq!(names[0].name, "vm-research4821");
        assert_eq!(names[0].name.len(), names[0].limit);
        for derived in names {
            assert!(derived.name.len() <= derived.limit, "{}", derived.name);
        }
    }

    #[test]
    fn a_drawn_suffix_is_four_digits() {
        let mut random = rand::rng();
        for _ in 0..100 {
            let suffix = Suffix::random(&mut random);
            assert_eq!(Suffix::parse(&suffix.to_string()), Ok(suffix));
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_offered_is_a_name(text in ".{0,20}") {
            if let Err(error) = EnvironmentName::parse(&text) {
                proptest::prop_assert!(!error.remedy.is_empty());
                if let Some(replacement) = error.replacement {
                    proptest::prop_assert!(EnvironmentName::parse(&replacement).is_ok());
                }
            }
        }
    }
}
