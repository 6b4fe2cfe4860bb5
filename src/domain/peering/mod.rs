//! Connecting an environment's network to a hub: what a hub is, how well one fits, what stands between the two, and
//! what is missing until somebody on-premises can work in the environment.
//!
//! Everything here is judged from facts that were read before; nothing here reads or changes anything.

pub mod az;
pub mod connection;
pub mod fit;
pub mod forward;
pub mod half;
pub mod hand_over;
pub mod hub;
pub mod hub_side;
pub mod link;
pub mod mistake;
pub mod new_hub;
pub mod place;
pub mod reliance;
pub mod routes;
#[cfg(test)]
pub(crate) mod testing;
pub mod verify;
pub mod virtual_wan;
pub mod zones;

use az::AzCommand;
pub use connection::{Guide, HubConnection, Lack, StepStatus, Topic};
pub use fit::{Spoke, SpokePeering, judge, rank};
pub use half::{Far, Flags, Half, PeeringState, SyncLevel};
pub use hub::{
    Appliance, Candidate, Fit, Gateway, GatewayKind, Hub, Known, LinkedZone, Peer, Range, Reason,
    Rights,
};
pub use mistake::Mistake;
pub use new_hub::{GatewaySku, HubName, NewHub};
pub use place::IdParts;
use routes::UNSEEN;
use zones::{Fallback, Names, RecordSet};
