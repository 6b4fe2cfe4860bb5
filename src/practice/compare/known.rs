//! The two lists that a comparison reads: fields that clients read, and differences that stay.

use std::collections::BTreeMap;

use serde::Deserialize;

const FIELDS: &str = include_str!("fields.toml");
const DIFFERENCES: &str = include_str!("differences.toml");

#[derive(Debug, Deserialize)]
struct DeclaredDifference {
    kind: String,
    about: String,
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
struct Rows {
    #[serde(default)]
    difference: Vec<DeclaredDifference>,
}

/// Both lists.
#[derive(Debug)]
pub struct KnownDifferences {
    fields: BTreeMap<String, Vec<String>>,
    rows: &'static [DeclaredDifference],
}

impl KnownDifferences {
    /// The lists that belong to this version.
    pub fn embedded() -> Self {
        static ROWS: std::sync::LazyLock<Vec<DeclaredDifference>> =
            std::sync::LazyLock::new(|| {
                let rows: Rows = toml::from_str(DIFFERENCES).unwrap_or_default();
                rows.difference
            });
        Self { fields: toml::from_str(FIELDS).unwrap_or_default(), rows: &ROWS }
    }

    /// The fields that clients read in answers of a kind.
    pub fn fields(&self, kind: &str) -> Vec<&str> {
        let fields = self.fields.get(kind);
        fields.into_iter().flatten().map(String::as_str).collect()
    }

    /// Why a difference is to stay; `None` where it is not listed.
    pub fn reason(&self, kind: &str, about: &str) -> Option<&'static str> {
        let mut rows = self.rows.iter();
        let row = rows.find(|row| row.kind == kind && row.about == about);
        row.map(|row| row.reason.as_str())
    }

    /// Every listed difference, as kind and what it is about.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.rows.iter().map(|row| (row.kind.as_str(), row.about.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_can_be_read_and_every_row_has_a_reason_of_its_own() {
        let rows: Rows = toml::from_str(DIFFERENCES).unwrap();
        let fields: BTreeMap<String, Vec<String>> = toml::from_str(FIELDS).unwrap();
        assert!(fields.len() > 20, "{}", fields.len());
        let mut seen = std::collections::BTreeSet::new();
        for row in &rows.difference {
            assert!(row.reason.len() > 10, "{row:?}");
            assert!(!row.about.contains('*') && !row.kind.contains('*'), "{row:?}");
            assert!(seen.insert((&row.kind, &row.about)), "{row:?} is listed twice");
        }
    }
}
