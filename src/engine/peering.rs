//! Connecting an environment to a hub: finding hubs, making and mending both halves, taking them away again, and looking
//! from on-premises whether it works.
//!
//! Azure is read before anything is judged, and every function here can be called again: it goes on from what stands. It
//! must not decide what fits: `domain::peering` does.

mod expectations;
mod hub_key;
mod hub_state;
mod hubs;
pub mod look;
mod new_hub;
mod resolver;

pub use expectations::expectations;
pub use hub_key::{SharedKey, kept as kept_key, key_account};
pub use hub_state::{
    FoundHub, HubPhase, HubRemoval, HubStands, delete_hub, find_hub, stands as hub_stands,
};
pub use hubs::{hub, hubs};
pub use look::{Vantage, look};
pub use new_hub::{HubOutcome, HubStopped, hub_plan, make_hub};
