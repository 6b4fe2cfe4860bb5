//! What the link of a private zone does with a name that the zone does not have.

use serde::{Deserialize, Serialize};

/// What a network is answered for a name that a linked zone for private links does not have, such as an account of
/// another tenant with a private endpoint of its own (`resolutionPolicy`,
/// <https://learn.microsoft.com/azure/dns/private-dns-fallback>).
///
/// Links to a hub need the fallback: the hub answers for a whole company. The link to the environment's own network
/// never has it, where it would let names leave that no record in the zone is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fallback {
    /// The name is asked for publicly (`NxDomainRedirect`).
    Internet,
    /// The name does not exist (`Default`).
    None,
}

impl Fallback {
    /// The value of `resolutionPolicy`.
    pub fn policy(self) -> &'static str {
        match self {
            Self::Internet => "NxDomainRedirect",
            Self::None => "Default",
        }
    }

    /// From the value of `resolutionPolicy`; a link without one has the default.
    pub fn of(policy: Option<&str>) -> Self {
        match policy {
            Some(policy) if policy.eq_ignore_ascii_case("NxDomainRedirect") => Self::Internet,
            _ => Self::None,
        }
    }
}
