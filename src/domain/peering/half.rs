//! One side of a peering, as Azure tells it.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::domain::json;

/// The state of a half (`peeringState`,
/// <https://learn.microsoft.com/rest/api/virtualnetwork/virtual-network-peerings/get>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub enum PeeringState {
    /// Only this half exists.
    Initiated,
    /// Both halves exist.
    Connected,
    /// The other half was deleted: this one must be deleted and made again.
    Disconnected,
}

/// Whether the halves know each other's address ranges (`peeringSyncLevel`, same page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub enum SyncLevel {
    /// Both do.
    FullyInSync,
    /// This side's ranges have changed.
    LocalNotInSync,
    /// The other side's ranges have changed.
    RemoteNotInSync,
    /// Both have.
    LocalAndRemoteNotInSync,
}

/// One half of a peering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Half {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of the network that it leads to.
    pub remote_id: String,
    /// Its state; `None` when Azure says something new.
    pub state: Option<PeeringState>,
    /// Whether the halves are in sync; `None` when Azure does not tell.
    pub sync: Option<SyncLevel>,
    /// What it lets through.
    pub flags: Flags,
}

/// What a half lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "Azure has these four switches, each by itself")]
pub struct Flags {
    /// `allowVirtualNetworkAccess`.
    pub access: bool,
    /// `allowForwardedTraffic`.
    pub forwarded: bool,
    /// `allowGatewayTransit`.
    pub gateway_transit: bool,
    /// `useRemoteGateways`.
    pub remote_gateways: bool,
}

/// The hub's half, which the account may not be able to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "read", rename_all = "kebab-case")]
pub enum Far {
    /// There is none.
    Absent,
    /// It is there.
    Found(Half),
    /// The account may not read it, and why in one sentence; our half's state tells whether it exists.
    Unread { why: String },
}

impl Half {
    /// A half as Azure tells it; `None` for something else.
    pub fn read(body: &Value) -> Option<Self> {
        let flag = |name: &str| json::is_on(body, &format!("/properties/{name}"));
        Some(Self {
            id: json::told(body, "/id")?.to_owned(),
            name: json::told(body, "/name")?.to_owned(),
            remote_id: json::told(body, "/properties/remoteVirtualNetwork/id")?.to_owned(),
            state: word(body, "/properties/peeringState"),
            sync: word(body, "/properties/peeringSyncLevel"),
            flags: Flags {
                access: flag("allowVirtualNetworkAccess"),
                forwarded: flag("allowForwardedTraffic"),
                gateway_transit: flag("allowGatewayTransit"),
                remote_gateways: flag("useRemoteGateways"),
            },
        })
    }

    /// Whether both sides exist, as this one tells.
    pub(crate) fn is_connected(&self) -> bool {
        self.state == Some(PeeringState::Connected)
    }

    /// Whether nothing is known against the ranges that the halves know of each other.
    pub(crate) fn is_in_sync(&self) -> bool {
        matches!(self.sync, None | Some(SyncLevel::FullyInSync))
    }
}

impl Far {
    /// The half, where it was found.
    pub(crate) fn half(&self) -> Option<&Half> {
        match self {
            Self::Found(half) => Some(half),
            Self::Absent | Self::Unread { .. } => None,
        }
    }
}

/// One of Azure's words; `None` for one that is new, or for none.
fn word<T: DeserializeOwned>(body: &Value, pointer: &str) -> Option<T> {
    T::deserialize(body.pointer(pointer)?).ok()
}
