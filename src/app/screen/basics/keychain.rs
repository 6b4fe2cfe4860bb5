//! Where the jumpbox password will be kept: tried before anything costs money, and never settled in silence.

use serde::{Deserialize, Serialize};

use super::Basics;
use crate::domain::environment::Keeping;
use crate::domain::problem::Problem;

/// What the keychain of this machine can do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Keychain {
    /// It has not been tried.
    #[default]
    NotTried,
    /// It is being tried.
    Trying,
    /// It kept what it was given; where that was, in a few words.
    Works(String),
    /// It keeps nothing, and why.
    Missing(Box<Problem>),
}

impl Basics {
    /// Where the password will be kept; `None` while that is not settled.
    pub(crate) fn keeping(&self) -> Option<Keeping> {
        if let Some(chosen) = self.chosen_keeping {
            return Some(chosen);
        }
        let recorded = self.existing.as_ref().map(|record| record.credentials);
        // A keychain that keeps nothing any more is no place, whatever the record says.
        let is_gone =
            |place| place == Keeping::Keychain && matches!(self.keychain, Keychain::Missing(_));
        if let Some(place) = recorded.filter(|place| !is_gone(*place)) {
            return Some(place);
        }
        match self.keychain {
            Keychain::Works(_) => Some(Keeping::Keychain),
            Keychain::Missing(_) if self.practice => Some(Keeping::Practice),
            Keychain::NotTried | Keychain::Trying | Keychain::Missing(_) => None,
        }
    }

    /// Whether a person has to say where the password is kept.
    pub(crate) fn keeping_is_asked(&self) -> bool {
        self.keeping().is_none() && matches!(self.keychain, Keychain::Missing(_))
    }

    /// The places that can be chosen, each with why it cannot.
    pub fn places(&self) -> Vec<(Keeping, Option<String>)> {
        let missing = match &self.keychain {
            Keychain::Missing(problem) => Some(problem.what.clone()),
            _ => None,
        };
        let mut places = vec![(Keeping::Keychain, missing)];
        if self.practice {
            places.push((Keeping::Practice, None));
        }
        places.push((Keeping::File, None));
        places.push((Keeping::None, None));
        places
    }
}

/// A place in a few words.
pub(crate) fn label(keeping: Keeping) -> &'static str {
    match keeping {
        Keeping::Keychain => "keychain",
        Keeping::File => "encrypted file",
        Keeping::None => "nowhere",
        Keeping::Practice => "practice store",
    }
}

/// A place in a sentence.
pub(crate) fn about(keeping: Keeping) -> &'static str {
    match keeping {
        Keeping::Keychain => "It is saved in this machine's keychain.",
        Keeping::File => {
            "A file on this machine, encrypted with a passphrase that you choose when you deploy."
        }
        Keeping::None => "It is saved nowhere: set a new one when you need it.",
        Keeping::Practice => "The practice store, which protects nothing and need not.",
    }
}
