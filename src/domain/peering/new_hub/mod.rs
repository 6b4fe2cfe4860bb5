//! A hub for somebody who has none: what is chosen, whether it can work, the tags by which it is found again, and
//! what the VPN device on-premises must be set to.
//!
//! Pure rules. The shared key is never among them: it is a secret, and lives where the credentials do.

mod check;
mod device;
mod tags;
pub mod typed;

use std::{fmt, net::Ipv4Addr, str::FromStr};

use ipnetwork::Ipv4Network;
use rand::RngExt as _;
use serde::{Deserialize, Serialize};

pub use check::{
    check, free_space, on_premises_address, on_premises_range, on_premises_ranges, space,
};
pub use device::{DeviceSetting, device};
pub use tags::{MARK, from_tags, is_hub, tags};

use crate::domain::problem::{Problem, Result};
use crate::domain::secret::Secret;

/// Longest name of a hub: with the prefixes it stays below every limit of Azure's.
pub const LONGEST_NAME: usize = 12;
/// Length of the shared key that is made here. Azure takes 1 to 128 ASCII characters
/// (<https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq>).
pub const KEY_LENGTH: usize = 40;
/// Shortest and longest shared key that is taken.
pub const KEY_LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;

/// Tier of the VPN gateway. Only tiers with zones can still be made
/// (<https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-skus-legacy>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum GatewaySku {
    /// 650 Mbit/s, 30 tunnels.
    #[default]
    VpnGw1AZ,
    /// 1 Gbit/s, 30 tunnels.
    VpnGw2AZ,
    /// 1.25 Gbit/s, 30 tunnels.
    VpnGw3AZ,
}

impl GatewaySku {
    /// All, smallest first.
    pub const ALL: [Self; 3] = [Self::VpnGw1AZ, Self::VpnGw2AZ, Self::VpnGw3AZ];

    /// As Azure writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VpnGw1AZ => "VpnGw1AZ",
            Self::VpnGw2AZ => "VpnGw2AZ",
            Self::VpnGw3AZ => "VpnGw3AZ",
        }
    }
}

impl FromStr for GatewaySku {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|sku| sku.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| "use VpnGw1AZ, VpnGw2AZ or VpnGw3AZ".into())
    }
}

/// Name of a hub: 1 to 12 lower-case letters and digits, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct HubName(String);

impl HubName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hub's full name, by which its deployments and its key are called.
    pub fn full_name(&self) -> String {
        format!("hub-{}", self.0)
    }

    /// The resource group.
    pub fn resource_group(&self) -> String {
        format!("rg-hub-{}", self.0)
    }

    /// The connection that carries the shared key.
    pub fn connection(&self) -> String {
        format!("cn-hub-{}", self.0)
    }
}

impl FromStr for HubName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let letters = text.bytes().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit());
        let begins = text.bytes().next().is_some_and(|first| first.is_ascii_lowercase());
        if letters && begins && text.len() <= LONGEST_NAME {
            Ok(Self(text.to_owned()))
        } else {
            Err("use 1 to 12 lower-case letters and digits, beginning with a letter, such as office".into())
        }
    }
}

impl TryFrom<String> for HubName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for HubName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What is chosen of a new hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHub {
    /// Its name.
    pub name: HubName,
    /// Azure region in its short form.
    pub region: String,
    /// Address space of its network, /8 to /26.
    pub address_space: Ipv4Network,
    /// Tier of its gateway.
    #[serde(default)]
    pub sku: GatewaySku,
    /// Public address of the VPN device on-premises.
    pub on_premises_address: Ipv4Addr,
    /// Ranges behind it; at least one.
    pub on_premises_ranges: Vec<Ipv4Network>,
    /// Whether a DNS Private Resolver is made.
    pub resolver: bool,
}

const KEY_CHARACTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Makes a shared key: letters and digits only, for every VPN device takes those; none that look alike.
pub fn generate_key(random: &mut impl rand::CryptoRng) -> Secret {
    let mut pick = || {
        let index = random.random_range(0..KEY_CHARACTERS.len());
        KEY_CHARACTERS.get(index).copied().unwrap_or(b'x')
    };
    Secret::new((0..KEY_LENGTH).map(|_| char::from(pick())).collect())
}

/// Whether a shared key that somebody gives can be taken.
///
/// # Errors
/// When it is too short, too long, or has a character that Azure or a VPN device may refuse. It is not quoted.
pub fn check_key(key: &Secret) -> Result<()> {
    let text = key.expose();
    let taken = |each: u8| {
        each.is_ascii_graphic() && !matches!(each, b'"' | b'\'' | b'\\' | b'`' | b'&' | b'<' | b'>')
    };
    if KEY_LENGTHS.contains(&text.len()) && text.bytes().all(taken) {
        return Ok(());
    }
    Err(Problem::new(
        "SharedKeyUnusable",
        "This shared key cannot be used.",
        "Use 16 to 128 letters, digits and plain signs, without spaces, quotes, backslashes, & or angle \
         brackets; or let one be made.",
    ))
}

#[cfg(test)]
mod tests;
