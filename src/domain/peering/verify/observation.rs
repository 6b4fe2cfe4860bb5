//! What was found about a name on-premises, as it was found. `None` is never a result: nobody tried.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::{DENIED, PRIVATE_LINK};

/// The name of the machine's own resolver, hosts file included.
pub const SYSTEM: &str = "system";

/// What a DNS server said of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// Who was asked: [`SYSTEM`], or a server's address.
    pub server: String,
    /// IPv4 addresses of the answer.
    pub addresses: Vec<Ipv4Addr>,
    /// Why there are none.
    pub failure: Option<NoAddress>,
}

/// Why a name has no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoAddress {
    /// The server says that there is no such name, or no address under it.
    NoSuchName,
    /// The server did not answer, or said that it cannot.
    NoAnswer,
    /// The machine's tool does not tell which of the two.
    NotTold,
}

/// What came of opening a TCP port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tcp {
    /// It opened after that many milliseconds; 0 where that was not measured.
    Open(u64),
    /// Somebody refused.
    Refused,
    /// Nobody answered in time.
    Silent,
    /// This machine has no route there.
    NoRoute,
}

/// What the workspace's interface said over HTTPS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Https {
    /// It answered, with a status and the code in the answer, if any.
    Answered(u16, String),
    /// No answer came, and why in a few words.
    Failed(String),
}

impl Https {
    /// Reads an answer: only the code is kept of its body.
    pub fn answered(status: u16, body: &str) -> Self {
        let code = if body.contains(DENIED) { PRIVATE_LINK } else { "" };
        Self::Answered(status, code.to_owned())
    }
}

/// What was found about one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The name.
    pub host: String,
    /// What the machine's DNS said, or the server that was named; `None` where nobody was asked.
    pub lookup: Option<Lookup>,
    /// What the hub's DNS server said, where it was asked too.
    pub hub: Option<Lookup>,
    /// Whether the port opened: at the expected address for a private name, at the found one for a public name.
    pub tcp: Option<Tcp>,
    /// What the workspace's interface said without a proxy.
    pub https: Option<Https>,
    /// The same through the machine's proxy, where it has one.
    pub proxied: Option<Https>,
}
