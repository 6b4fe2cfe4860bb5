//! Connecting an environment to a hub: finding hubs, making and mending both halves, taking them away again, and
//! looking from on-premises whether it works.
//!
//! Azure is read before anything is judged, and every function here can be called again: it goes on from what stands.
//! It must not decide what fits: `domain::peering` does.

mod asking;
mod case;
mod connection;
mod environment_network;
mod expectations;
mod hub_key;
pub mod hub_side;
mod hub_state;
mod hubs;
pub(super) mod leave;
mod link;
pub mod look;
mod names;
mod new_hub;
mod peering_pair;
pub(super) mod reliance;
mod remember;
mod resolver;
pub(super) mod succession;
mod unlink;
mod virtual_wan;

pub(super) use self::peering_pair::is_refused;
pub use self::{
    asking::asking,
    case::case,
    connection::{closely, connection},
    expectations::expectations,
    hub_key::{SharedKey, kept as kept_key, key_account},
    hub_state::{FoundHub, HubPhase, delete_hub, find_hub, stands as hub_stands},
    hubs::{add_environments, hub, hubs, network_id},
    link::{LinkOptions, link},
    look::{Vantage, look},
    new_hub::{hub_plan, make_hub},
    reliance::reliance,
    remember::recorded_hub,
    unlink::unlink,
    virtual_wan::{hub_connection, note_hub},
};
