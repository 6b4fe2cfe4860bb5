//! The twelve steps that people miss when they connect a network to a hub, each by its name.
//!
//! A finding anywhere (a hub's fit, a half of a peering, an answer from on-premises) names the step that it belongs
//! to, so that every remedy is found in one place. This module must not look at facts.

use serde::{Deserialize, Serialize};

/// One of the twelve steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mistake {
    /// Only one side of the peering exists, or one was deleted, or they do not know each other's ranges any more.
    OneSide,
    /// The halves' flags do not let the gateway through, or were set in the wrong order.
    Flags,
    /// The hub has no gateway that works, or the environment's network has one of its own.
    Gateway,
    /// Address ranges overlap.
    Overlap,
    /// Private names are not answered on-premises: no zone linked, no server to ask, or nothing forwarded to it.
    Names,
    /// The hub has zones of the same name already.
    ZoneConflict,
    /// Packets do not find their way: routes of gateway, firewall or on-premises.
    Routes,
    /// Answers take another way than questions, past a firewall that then drops the rest.
    Return,
    /// A network security group denies.
    SecurityGroup,
    /// The client itself: a VPN profile from before, or a proxy in between.
    Client,
    /// The studio's page, the sign-in or the content network, which stay public, cannot be reached.
    Public,
    /// Rights are missing on one side.
    Rights,
}

impl Mistake {
    /// All, in the order in which they are met.
    pub const ALL: [Self; 12] = [
        Self::OneSide,
        Self::Flags,
        Self::Gateway,
        Self::Overlap,
        Self::Names,
        Self::ZoneConflict,
        Self::Routes,
        Self::Return,
        Self::SecurityGroup,
        Self::Client,
        Self::Public,
        Self::Rights,
    ];

    /// The number of the step, 1 to 12.
    pub fn number(self) -> usize {
        1 + Self::ALL.iter().position(|each| *each == self).unwrap_or_default()
    }

    /// What the step is about, as a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::OneSide => "Both sides of the peering",
            Self::Flags => "Gateway flags, in order",
            Self::Gateway => "A gateway in the hub",
            Self::Overlap => "No overlapping addresses",
            Self::Names => "Private names on-premises",
            Self::ZoneConflict => "Zones of the same name",
            Self::Routes => "Routes there",
            Self::Return => "The same way back",
            Self::SecurityGroup => "Security groups",
            Self::Client => "VPN profile and proxy",
            Self::Public => "What stays public",
            Self::Rights => "Rights on both sides",
        }
    }
}
