//! The address space of the environment's network: whether it may be used, and how it is cut into subnets.
//!
//! `check` is made to be called at each key press: it says what is wrong, what would be right, and goes easy on a text
//! that is only unfinished. This module must not ask Azure which networks exist; they come in as `KnownNetwork`.

use std::fmt;

use ipnetwork::{IpNetwork, Ipv4Network};
use serde::{Deserialize, Serialize};

use super::problem::Problem;

mod layout;
mod ranges;
mod seen;
mod syntax;
#[cfg(test)]
mod tests;

pub use layout::{Layout, SubnetRange};
pub use ranges::{PRIVATE, free_range, unusable};
pub use seen::{SeenNetwork, SeenPeer, known};

/// Length of the largest address space: /8.
pub const LARGEST_PREFIX: u8 = 8;
/// Length of the smallest address space: /22, which gives Azure Bastion the /26 that it needs
/// (<https://learn.microsoft.com/azure/bastion/configuration-settings#subnet>).
pub const SMALLEST_PREFIX: u8 = 22;

/// The address space that is offered, unless a network that is known has it.
pub const OFFERED: &str = "10.1.0.0/22";

/// An address space to offer: the usual one, or the first that is free beside the networks that are known.
pub fn offered(known: &[KnownNetwork]) -> String {
    if check(OFFERED, known).findings.is_empty() {
        return OFFERED.to_owned();
    }
    free_range(SMALLEST_PREFIX, known).map_or_else(|| OFFERED.to_owned(), |range| range.to_string())
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, or the text is not finished.
    Note,
    /// It can work, but it often does not.
    Warning,
    /// It cannot work.
    Error,
}

/// One thing to say about an address space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// A code of our own, such as `AddressHostBits`.
    pub code: &'static str,
    /// What was found.
    pub what: String,
    /// What would be right.
    pub remedy: String,
    /// A text that can stand in place of the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
}

impl Finding {
    fn new(
        severity: Severity,
        code: &'static str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { severity, code, what: what.into(), remedy: remedy.into(), replacement: None }
    }

    fn offering(mut self, replacement: impl Into<String>) -> Self {
        self.replacement = Some(replacement.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.what, self.remedy)
    }
}

impl From<Finding> for Problem {
    fn from(finding: Finding) -> Self {
        Self::new(finding.code, finding.what, finding.remedy)
    }
}

/// What a known network is to the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The account can read it; nothing says that it will ever be connected.
    Readable,
    /// The hub that the environment is to be peered with.
    Hub,
    /// A network that the named hub is already connected to.
    HubPeer(String),
}

/// A network that exists, against which an address space is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownNetwork {
    /// Its name, as a person knows it.
    pub name: String,
    /// Its address spaces.
    pub prefixes: Vec<IpNetwork>,
    /// What it is to the environment.
    pub relation: Relation,
}

/// The answer to one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressCheck {
    /// What there is to say, weightiest first.
    pub findings: Vec<Finding>,
    /// The subnets; absent while a finding forbids the address space or the text is not finished.
    pub layout: Option<Layout>,
}

impl AddressCheck {
    /// The reason why the text cannot be used as it stands, unfinished texts included.
    pub fn refusal(&self) -> Option<&Finding> {
        self.findings.first().filter(|_| self.layout.is_none())
    }
}

/// Checks a text that is to be an address space, against the rules of Azure and the networks that are known.
pub fn check(input: &str, known: &[KnownNetwork]) -> AddressCheck {
    let network = match syntax::parse(input) {
        Ok(network) => network,
        Err(finding) => return AddressCheck { findings: vec![finding], layout: None },
    };
    let mut findings: Vec<Finding> = host_bits(network)
        .into_iter()
        .chain(size(network))
        .chain(ranges::unusable(network))
        .chain(ranges::overlaps(network, known))
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let forbidden = findings.iter().any(|finding| finding.severity == Severity::Error);
    let layout = if forbidden { None } else { Layout::of(network).ok() };
    AddressCheck { findings, layout }
}

/// The network to which an address with host bits belongs.
fn aligned(network: Ipv4Network, prefix: u8) -> Option<Ipv4Network> {
    let whole = Ipv4Network::new(network.ip(), prefix).ok()?;
    Ipv4Network::new(whole.network(), prefix).ok()
}

fn host_bits(network: Ipv4Network) -> Option<Finding> {
    if network.ip() == network.network() {
        return None;
    }
    let corrected = aligned(network, network.prefix())?;
    Some(
        Finding::new(
            Severity::Error,
            "AddressHostBits",
            format!("{network} does not start where a /{} begins.", network.prefix()),
            format!("The range that holds this address is {corrected}."),
        )
        .offering(corrected.to_string()),
    )
}

fn size(network: Ipv4Network) -> Option<Finding> {
    let prefix = network.prefix();
    if prefix > SMALLEST_PREFIX {
        let larger = aligned(network, SMALLEST_PREFIX)?;
        return Some(
            Finding::new(
                Severity::Error,
                "AddressSpaceTooSmall",
                format!(
                    "/{prefix} is too small: Azure Bastion needs a subnet of /26, which is a sixteenth of a /22."
                ),
                format!("Use /{SMALLEST_PREFIX} or larger (a smaller number), such as {larger}."),
            )
            .offering(larger.to_string()),
        );
    }
    if prefix < LARGEST_PREFIX {
        return Some(Finding::new(
            Severity::Error,
            "AddressSpaceTooLarge",
            format!("/{prefix} is too large: no private range holds it."),
            "Use /8 to /22, such as 10.1.0.0/22.",
        ));
    }
    (prefix < 16).then(|| {
        Finding::new(
            Severity::Note,
            "AddressSpaceGenerous",
            format!(
                "/{prefix} takes {} addresses that no connected network can use any more.",
                thousands(1_u64 << (32 - prefix))
            ),
            "A /22 has room for about 100 compute nodes, a /20 for about 480.",
        )
    })
}

/// A number with its thousands set apart, for reading.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    digits
        .char_indices()
        .flat_map(|(index, digit)| {
            let apart = index != 0 && index % 3 == first;
            apart.then_some(',').into_iter().chain([digit])
        })
        .collect()
}
