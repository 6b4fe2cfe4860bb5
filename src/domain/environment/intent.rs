//! What somebody has begun to do to an environment and not finished, told by a tag of its resource group.
//!
//! The tag is set first and removed last, so that any machine can see an act that was interrupted and go on with it.

use serde::{Deserialize, Serialize};

/// The tag's name.
pub const INTENT: &str = "privateaml-intent";

/// An act that takes several steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Intent {
    /// It is being paused.
    Pause,
    /// It is being resumed.
    Resume,
    /// It is being deleted.
    Delete,
}

impl Intent {
    /// The tag's value, which is the command's name too.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Delete => "delete",
        }
    }

    /// The intent that a group's tags tell. Azure compares tag names without regard to case.
    pub fn of<'a>(tags: impl IntoIterator<Item = (&'a String, &'a String)>) -> Option<Self> {
        let (_, value) = tags.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(INTENT))?;
        [Self::Pause, Self::Resume, Self::Delete].into_iter().find(|intent| intent.word() == value)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn an_intent_is_read_from_tags_of_any_case() {
        let tags = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        assert_eq!(Intent::of(&tags("PrivateAML-Intent", "delete")), Some(Intent::Delete));
        assert_eq!(Intent::of(&tags(INTENT, "dance")), None);
        assert_eq!(Intent::of(&tags("owner", "pause")), None);
    }
}
