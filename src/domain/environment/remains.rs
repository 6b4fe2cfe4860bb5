//! What is left of an environment after its deletion: names that Azure keeps for a while, and what belongs to others.
//!
//! It is part of the record from the moment it is known, so that an interrupted deletion still tells it at its end.

use serde::{Deserialize, Serialize};

/// Something that is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Remain {
    /// A vault that Azure keeps; its name is taken until `free_from`, as Azure writes it; empty where it is not told.
    Vault { name: String, free_from: String },
    /// A log workspace that Azure keeps for some days.
    Logs { name: String },
    /// A workspace that was not purged and is kept for some days.
    Workspace { name: String },
    /// Something in a network that is not the environment's, which this account may not change.
    /// Something in a network that is not the environment's, which this account may not change: its id or words, and
    /// the command for its owner.
    Foreign { what: String, command: String },
    /// Another environment whose names were answered by a link that is gone, and are not known in its hub now.
    /// Another environment whose names were answered by a link that is gone, and are not known in its hub now; why they
    /// could not be made known, as a sentence.
    Names { environment: String, why: String },
    /// The hub that it was connected to, which this program created: it stays and costs on, in a month as `cost` says.
    Hub { name: String, cost: String },
    /// Names in private DNS zones that exist elsewhere, which their owner registered.
    RegisteredNames,
    /// Something that could not be read, so that it is not known whether any of it is left: `what` begins a sentence,
    /// `why` is one, the command looks.
    Unread { what: String, why: String, command: String },
    /// Credentials of a machine that is gone, which could not be removed from where they are kept.
    /// Credentials of a machine that is gone, which could not be removed from where they are kept; why, as a sentence.
    Credentials { place: String, why: String },
}

impl Remain {
    /// The sentence for it.
    pub fn sentence(&self) -> String {
        match self {
            Self::Vault { name, free_from } => {
                let day = free_from.get(..10).unwrap_or_default();
                if day.is_empty() {
                    format!("Azure keeps the key vault {name}, and its name, for some weeks.")
                } else {
                    format!("Azure keeps the key vault {name}; its name is free from {day} on.")
                }
            }
            Self::Logs { name } => format!(
                "Azure keeps the log workspace {name} for 14 days; its name is free after that."
            ),
            Self::Workspace { name } => format!(
                "Azure keeps the workspace {name} for 14 days; its name is free after that."
            ),
            Self::Foreign { what, command } => {
                format!("{what} was left: this account may not change it. For its owner: {command}")
            }
            Self::Names { environment, why } => format!(
                "The names of {environment} are answered publicly from now on: its zones could not be linked to its \
                 hub. {why} To do it: privateaml peer {environment} --yes"
            ),
            Self::Hub { name, cost } => format!(
                "The hub {name}, which it was connected to, stays and costs {cost}. To delete it: privateaml hub \
                 {name} --delete"
            ),
            Self::RegisteredNames => {
                "Names that were registered in DNS zones elsewhere stay there, and \
                links to the network that is gone: have the owner of the zones remove them."
                    .to_owned()
            }
            Self::Unread { what, why, command } => {
                format!("{what} could not be read. {why} To look: {command}")
            }
            Self::Credentials { place, why } => format!(
                "The credentials could not be removed from {place}. {why} They open nothing any more: \
                 delete the entry there."
            ),
        }
    }
}
