//! Ids and mailboxes out of texts, each replaced by the same word everywhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::azure::http::scan;

/// Replaces what tells whose it is, and remembers by what.
#[derive(Debug)]
pub(super) struct Redaction {
    with_ids: bool,
    kept: BTreeSet<String>,
    ids: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
}

impl Redaction {
    /// With some ids that stay; with `with_ids` everything stays.
    pub(super) fn new(with_ids: bool, kept: impl IntoIterator<Item = String>) -> Self {
        let kept = kept.into_iter().map(|id| id.to_ascii_lowercase()).collect();
        Self { with_ids, kept, ids: BTreeMap::new(), people: BTreeMap::new() }
    }

    /// A text without ids and mailboxes.
    pub(super) fn text(&mut self, text: &str) -> String {
        if self.with_ids {
            return text.to_owned();
        }
        let Self { kept, ids, people, .. } = self;
        let text = scan::guids(text, |id| {
            let lowered = id.to_ascii_lowercase();
            if kept.contains(&lowered) || scan::is_known_id(&lowered) {
                return id.to_owned();
            }
            let next = format!("id-{}", ids.len() + 1);
            ids.entry(lowered).or_insert(next).clone()
        });
        let belongs = |letter: char| letter.is_alphanumeric() || "@._%+-#".contains(letter);
        scan::runs(&text, belongs, |run, _| {
            scan::is_mailbox(run).then(|| {
                let next = format!("person-{}", people.len() + 1);
                people.entry(run.to_ascii_lowercase()).or_insert(next).clone()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "11111111-2222-4333-8444-555555555555";
    const OTHER: &str = "aaaaaaaa-2222-4333-8444-555555555555";

    #[test]
    fn the_same_id_is_the_same_word_everywhere_and_what_is_kept_stays() {
        let mut redaction = Redaction::new(false, [OTHER.to_uppercase()]);
        let text = format!("/subscriptions/{ONE}/x of ada@contoso.com, id {OTHER}");
        assert_eq!(redaction.text(&text), format!("/subscriptions/id-1/x of person-1, id {OTHER}"));
        assert_eq!(redaction.text(&ONE.to_uppercase()), "id-1");
        // A built-in role is the same for everybody.
        let role = "b24988ac-6180-42a0-ab88-20f7382dd24c";
        let known = redaction.text(role) == role;
        assert_eq!(known, scan::is_known_id(role));
        assert_eq!(Redaction::new(true, []).text(&text), text);
    }
}
