//! The screens, each with its state, its keys, and what follows from them. None draws; none knows another's inside.

pub mod audit;
pub mod basics;
pub mod credentials;
pub mod deploy;
pub mod environments;
pub mod peering;
pub mod preview;
pub mod refused;
pub mod status;

use serde::{Deserialize, Serialize};

use super::App;
use super::effect::Effect;
use super::place::PlaceRow;

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    Refused,
}

impl Screen {
    /// All screens, in the order in which a person meets them.
    pub const ALL: [Self; 9] = [
        Self::Environments,
        Self::Basics,
        Self::Preview,
        Self::Deploy,
        Self::Credentials,
        Self::Status,
        Self::Audit,
        Self::Refused,
        Self::Peering,
    ];

    /// The steps of the wizard, in their order.
    pub const STEPS: [Self; 5] =
        [Self::Basics, Self::Preview, Self::Deploy, Self::Credentials, Self::Peering];

    /// Its name for people, short enough for the row of steps.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    pub(super) fn row(self) -> &'static PlaceRow {
        match self {
            Self::Environments => &environments::LIST,
            Self::Basics => &basics::PLACE,
            Self::Preview => &preview::PLACE,
            Self::Deploy => &deploy::PLACE,
            Self::Credentials => &credentials::PLACE,
            Self::Status => &status::PLACE,
            Self::Audit => &audit::PLACE,
            Self::Refused => &refused::PLACE,
            Self::Peering => &peering::PLACE,
        }
    }
}

/// One of the resources of an element of the map was chosen, by its symbol.
pub(in crate::app) fn map_member_picked(app: &mut App, symbol: &str) -> Vec<Effect> {
    match app.screen {
        Screen::Preview => preview::map_member(app, symbol),
        Screen::Deploy => deploy::map_member(app, symbol),
        _ => {}
    }
    Vec::new()
}
