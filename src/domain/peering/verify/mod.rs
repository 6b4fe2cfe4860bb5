//! The test from on-premises: what should be found there, what was found, and which of the twelve steps fit it.
//!
//! The truth is the network interface of each private endpoint: the names that lead to it and its address. Nothing here
//! asks anything; names are asked and ports opened by `engine::peering::look` or by a script that somebody ran
//! elsewhere.

mod answer;
mod judge;
mod names;
mod observation;
mod reach;
pub mod results;
pub mod script;
mod service;
#[cfg(test)]
mod situations;
mod verdict;
mod way;
mod words;

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use serde::{Deserialize, Serialize};

use super::Mistake;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::Cloud;

use answer::{AskedServer, DnsAnswer, Evidence, Internet, Private, Public};
pub use judge::{JudgedName, Mark, Report, judge};
pub use observation::{Https, Lookup, NoAddress, Observation, SYSTEM, Tcp};
pub use verdict::{Cause, Diagnosis};

/// The version of expectation files that this program writes.
pub const EXPECTATIONS_VERSION: u32 = 1;
/// Path that the workspace's interface is asked for: it answers nobody without a token.
pub const API_PATH: &str = "/discovery";
/// Words in the refusal of a workspace that was reached publicly.
pub const DENIED: &str = "workspace private link configuration";
/// The code under which that refusal is kept.
pub const PRIVATE_LINK: &str = "private-link";
/// The code of a refusal whose words could not be read.
pub const UNREAD: &str = "unread";
/// Label that stands for any in names such as `*.inference…`.
const ANY_LABEL: &str = "privateaml-check";

/// What a private endpoint leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// The workspace's interface.
    Workspace,
    /// Its notebooks.
    Notebooks,
    /// Its online endpoints.
    Inference,
    /// Blobs.
    Blob,
    /// File shares.
    File,
    /// Queues, tables and the like of the storage account.
    Storage,
    /// The key vault.
    Vault,
    /// The container registry.
    Registry,
    /// Azure Monitor.
    Monitor,
}

impl Service {
    /// The service behind a private endpoint's group id and member name
    /// (<https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource>).
    pub fn of(group: &str, member: &str) -> Self {
        match group.to_ascii_lowercase().as_str() {
            "amlworkspace" => match member.to_ascii_lowercase().as_str() {
                "notebook" => Self::Notebooks,
                "inference" => Self::Inference,
                _ => Self::Workspace,
            },
            "blob" => Self::Blob,
            "file" => Self::File,
            "vault" => Self::Vault,
            "registry" => Self::Registry,
            "azuremonitor" => Self::Monitor,
            _ => Self::Storage,
        }
    }

    /// The port that is tried: 445 (SMB) for file shares, else 443. Only who mounts file shares needs 445.
    pub fn port(self) -> u16 {
        if self == Self::File { 445 } else { 443 }
    }

    /// In a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Notebooks => "notebooks",
            Self::Inference => "online endpoints",
            Self::Blob => "blobs",
            Self::File => "file shares",
            Self::Storage => "storage",
            Self::Vault => "key vault",
            Self::Registry => "registry",
            Self::Monitor => "monitoring",
        }
    }

    /// Whether work in the studio needs it. Logs can be read publicly too, and many companies keep the names of Azure
    /// Monitor public, because they are the same for every environment.
    pub fn is_needed(self) -> bool {
        self != Self::Monitor
    }
}

/// A name with the private address that it must have on-premises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedName {
    /// Full name, in lower case.
    pub host: String,
    /// The endpoint's address.
    pub address: Ipv4Addr,
    /// TCP port that is tried there.
    pub port: u16,
    /// What it leads to.
    pub service: Service,
}

impl ExpectedName {
    /// An endpoint's name as it can be asked: a name such as `*.inference…` gets a label of ours.
    pub fn new(host: &str, address: Ipv4Addr, service: Service) -> Self {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let host = match host.strip_prefix("*.") {
            Some(rest) => format!("{ANY_LABEL}.{rest}"),
            None => host,
        };
        Self { host, address, port: service.port(), service }
    }
}

/// A name that must stay reachable publicly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicName {
    /// Full name.
    pub host: String,
    /// What it is for, in a few words.
    pub purpose: String,
}

/// What should be found on-premises. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectations {
    /// [`EXPECTATIONS_VERSION`].
    pub v: u32,
    /// The environment's full name.
    pub full_name: String,
    /// Its address range.
    pub network: Ipv4Network,
    /// Which Azure it is in.
    pub cloud: Cloud,
    /// The names of its private endpoints.
    pub names: Vec<ExpectedName>,
    /// Host of the workspace's interface.
    pub api: Option<String>,
    /// What must stay reachable publicly.
    pub public: Vec<PublicName>,
    /// Addresses of the hub's DNS servers, where they are known: they are asked beside the machine's own.
    #[serde(default)]
    pub resolvers: Vec<Ipv4Addr>,
    /// True where the private zones exist elsewhere, so that their owner registers the names.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub zones_elsewhere: bool,
}

impl Expectations {
    /// Refuses what cannot stand in a script or in a question to DNS: the file may come from anybody.
    ///
    /// # Errors
    /// When a name has signs that names do not have, or the version is another one.
    pub fn check(&self) -> Result<()> {
        let is_name = |text: &str| {
            let sign = |each: char| each.is_ascii_alphanumeric() || matches!(each, '-' | '_' | '.');
            !text.is_empty()
                && text.len() <= 253
                && text.chars().all(sign)
                && !text.starts_with('-')
        };
        let hosts = self.names.iter().map(|each| each.host.as_str());
        let hosts = hosts.chain(self.public.iter().map(|each| each.host.as_str()));
        let mut names = hosts.chain(self.api.as_deref()).chain([self.full_name.as_str()]);
        let refused = |what: String| {
            Problem::new(
                "ExpectationsUnusable",
                what,
                "Let somebody with an account write the file again: privateaml verify NAME --write-expectations FILE",
            )
        };
        if self.v != EXPECTATIONS_VERSION {
            return Err(refused(format!(
                "The file of expectations is of version {}, and this program reads version {EXPECTATIONS_VERSION}.",
                self.v
            )));
        }
        match names.find(|each| !is_name(each)) {
            Some(_) => Err(refused("The file of expectations has a name that is none.".to_owned())),
            None => Ok(()),
        }
    }

    /// The name of the workspace's interface, with its address.
    pub fn api_name(&self) -> Option<&ExpectedName> {
        let api = self.api.as_deref()?;
        self.names.iter().find(|each| each.host == api)
    }
}

/// Names that must stay public: the studio's page, the sign-in, and the content network of the sign-in page
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-secure-workspace-vnet>).
pub fn public_names(cloud: Cloud) -> Vec<PublicName> {
    let (studio, sign_in) = match cloud {
        Cloud::Public => ("ml.azure.com", "login.microsoftonline.com"),
        Cloud::UsGov => ("ml.azure.us", "login.microsoftonline.us"),
        Cloud::China => ("studio.ml.azure.cn", "login.chinacloudapi.cn"),
    };
    let name = |host: &str, purpose: &str| PublicName {
        host: host.to_owned(),
        purpose: purpose.to_owned(),
    };
    vec![
        name(studio, "the studio's page"),
        name(sign_in, "the sign-in"),
        name("aadcdn.msftauth.net", "content of the sign-in page"),
    ]
}
