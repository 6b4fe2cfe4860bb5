//! The firewall's allowlist: groups of entries with reasons, and the presets that choose among them.
//!
//! This module must not talk to a firewall; it turns choices into rules.

use serde::{Deserialize, Serialize};

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
