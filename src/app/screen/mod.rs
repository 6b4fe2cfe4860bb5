//! The screens, each with its state, its keys, and what follows from them. None draws; none knows another's inside.

pub mod audit;
pub mod basics;
pub mod blocked;
pub mod credentials;
pub mod deploy;
pub mod environments;
pub mod peering;
pub mod preview;
pub mod status;

use serde::{Deserialize, Serialize};

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Screen {
    /// What exists; where nothing does, what one gets.
    Environments,
    /// The form.
    Basics,
    /// What would be made.
    Preview,
    /// What is being made, or was.
    Deploy,
    /// The credentials, and how to get in.
    Credentials,
    /// How it is connected to a hub.
    Peering,
    /// How an environment is that stands.
    Status,
    /// Whether it is still private.
    Audit,
    /// What its firewall refused.
    Blocked,
}

impl Screen {
    /// The steps of the wizard, in their order.
    pub const STEPS: [Self; 5] =
        [Self::Basics, Self::Preview, Self::Deploy, Self::Credentials, Self::Peering];

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Environments => "Environments",
            Self::Basics => "Basics",
            Self::Preview => "Preview",
            Self::Deploy => "Deploy",
            Self::Credentials => "Credentials",
            Self::Peering => "Peering",
            Self::Status => "Status",
            Self::Audit => "Audit",
            Self::Blocked => "Refused",
        }
    }
}
