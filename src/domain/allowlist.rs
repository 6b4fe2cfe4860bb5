//! The firewall's allowlist: groups of entries with reasons, and the presets that choose among them.
//!
//! The facts stand in `assets/allowlist.toml`; `select` turns a person's choices into rules for the firewall and for
//! the network security group. This module must not talk to a firewall.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::plan::Width;
use super::problem::{Problem, Result};

mod judge;
mod own_host;
mod ports;
mod python;
mod rules;
mod security_group;
mod select;
#[cfg(test)]
mod tests;

pub use judge::{Judgement, judge};
pub use own_host::check as check_host;
pub use ports::{Ports, Protocol};
pub use python::{
    FLAG as PACKAGES_FLAG, IndexSource as PackageSource, PYTHON_PACKAGES, TITLE as PACKAGES_TITLE,
    configured as configured_packages, host_of as package_host, of_service as packages_of_service,
    source as package_source, typed as typed_package_host, unique as unique_packages,
};
pub use security_group::{BASTION_PORTS, SHARED_GROUP};
pub use select::{Holes, OWN_HOSTS, Selection};

/// The set of firewall groups and network rules to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Everything an environment of today needs, and no more than that.
    #[default]
    Recommended,
    /// `Recommended` without any group through which data can leave.
    LockedDown,
    /// The table of the Terraform scripts of 2022 as it stands, holes included.
    #[serde(rename = "privateaml-2022")]
    PrivateAml2022,
}

impl Preset {
    /// The presets, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Recommended, Self::LockedDown, Self::PrivateAml2022];

    /// Its id, as `--preset` and plan files write it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::LockedDown => "locked-down",
            Self::PrivateAml2022 => "privateaml-2022",
        }
    }
}

/// A host that the person adds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnHost {
    /// Host name, `*.domain`, or an address range.
    pub host: String,
    /// Protocols and ports, such as `https:443`; `https:443` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ports: Option<String>,
    /// Why it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl std::str::FromStr for OwnHost {
    type Err = std::convert::Infallible;

    /// Reads `HOST` or `HOST=PORTS`, as `--allow-host` takes it; `check_host` judges what was read.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, ports) = match text.split_once('=') {
            Some((host, ports)) => (host, Some(ports.trim().to_owned())),
            None => (text, None),
        };
        Ok(Self { host: host.trim().to_owned(), ports, reason: None })
    }
}

/// What an entry admits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowlistTarget {
    /// A host name, or a pattern of host names.
    Host(String),
    /// A service tag: Microsoft's own list of a service's addresses.
    Tag(String),
    /// An FQDN tag: Microsoft's own list of a service's host names.
    FqdnTag(String),
    /// An address, a range, or `*`.
    Address(String),
}

impl AllowlistTarget {
    /// The target as text, as rules and plans show it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Host(text) | Self::Tag(text) | Self::FqdnTag(text) | Self::Address(text) => text,
        }
    }

    fn with(&self, text: String) -> Self {
        match self {
            Self::Host(_) => Self::Host(text),
            Self::Tag(_) => Self::Tag(text),
            Self::FqdnTag(_) => Self::FqdnTag(text),
            Self::Address(_) => Self::Address(text),
        }
    }
}

/// One entry of a group, as the asset has it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AllowlistEntry {
    /// What it admits.
    #[serde(flatten)]
    pub target: AllowlistTarget,
    /// Protocols and ports.
    pub ports: Ports,
    /// Why it is there.
    pub reason: String,
    /// Where the need for it is documented: a page's address, or `repo#issue`.
    pub source: String,
    /// How wide the hole is, where the target alone does not tell.
    #[serde(default)]
    pub width: Option<Width>,
    /// The target in Azure Government, where it differs; empty where there is none.
    #[serde(default)]
    pub usgov: Option<String>,
    /// The target in Azure operated by 21Vianet, where it differs; empty where there is none.
    #[serde(default)]
    pub china: Option<String>,
    /// `2022` for what the Terraform scripts have, word for word.
    #[serde(default)]
    pub table: Option<SourceTable>,
}

/// The table that an entry was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum SourceTable {
    /// The Terraform scripts of 2022.
    #[serde(rename = "2022")]
    Of2022,
}

/// Entries that are switched together.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowlistGroup {
    /// Its id, as `--allow` and `--deny` take it.
    pub id: String,
    /// A short name.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// The presets that it is on in.
    pub presets: Vec<Preset>,
    /// Why it cannot be switched off where its preset has it on.
    #[serde(default)]
    pub locked: Option<String>,
    /// Why it is off where it is.
    #[serde(default)]
    pub off: Option<String>,
    /// Why it is off where a service endpoint policy takes its place; absent where none does.
    #[serde(default)]
    pub endpoint_policy: Option<String>,
    /// Whether a stranger behind it can receive what is sent.
    #[serde(default)]
    pub carries_data_out: bool,
    /// Its entries, for today and of 2022.
    #[serde(rename = "entry")]
    pub entries: Vec<AllowlistEntry>,
}

/// A name behind which many tenants have accounts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedSuffix {
    suffix: String,
    kind: Sharing,
    what: String,
}

/// How accounts share a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sharing {
    /// Each account is a host name of its own below the suffix.
    Account,
    /// All accounts share the host itself.
    Path,
    /// Anybody can register a name directly below it.
    Registry,
}

/// The groups and what is known about names that tenants share.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowlist {
    #[serde(rename = "group")]
    groups: Vec<AllowlistGroup>,
    #[serde(rename = "security_rule")]
    security_rules: Vec<security_group::NsgRule>,
    shared: Vec<SharedSuffix>,
}

impl Allowlist {
    /// The list that the program carries.
    pub fn embedded() -> &'static Self {
        // A test parses the asset. Were it broken nevertheless, an empty list admits nothing, which is the safe side.
        static EMBEDDED: LazyLock<Allowlist> = LazyLock::new(|| {
            Allowlist::parse(include_str!("../../assets/allowlist.toml")).unwrap_or_default()
        });
        &EMBEDDED
    }

    /// Reads a list in the form of `assets/allowlist.toml`.
    ///
    /// # Errors
    /// When it does not have that form.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            Problem::new(
                "AllowlistUnreadable",
                "The allowlist cannot be read.",
                "Compare it with the description at the head of assets/allowlist.toml.",
            )
            .saying(error.to_string())
        })
    }

    /// The groups, in the order in which they are shown.
    pub fn groups(&self) -> &[AllowlistGroup] {
        &self.groups
    }
}
