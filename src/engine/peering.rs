//! Connecting an environment to a hub: finding hubs, making and mending both sides, taking them away again, and
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

pub use self::asking::asking;
pub use self::case::case;
pub use self::connection::{closely, connection};
pub use self::expectations::expectations;
pub use self::hub_key::{SharedKey, kept as kept_key, key_account};
pub use self::hub_state::{FoundHub, HubPhase, delete_hub, find_hub, stands as hub_stands};
pub use self::hubs::{add_environments, hub, hubs, network_id};
pub use self::link::{LinkOptions, link};
pub use self::look::{Vantage, look};
pub use self::new_hub::{hub_plan, make_hub};
pub(super) use self::peering_pair::is_refused;
pub use self::reliance::reliance;
pub use self::remember::recorded_hub;
pub use self::unlink::unlink;
pub use self::virtual_wan::{hub_connection, note_hub};
