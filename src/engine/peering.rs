//! Connecting an environment to a hub: finding hubs, making and mending both halves, taking them away again, and looking
//! from on-premises whether it works.
//!
//! Azure is read before anything is judged, and every function here can be called again: it goes on from what stands. It
//! must not decide what fits: `domain::peering` does.

mod hubs;

pub use hubs::{hub, hubs};
