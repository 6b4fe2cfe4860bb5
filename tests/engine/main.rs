//! The engine against the practice cloud, over loopback HTTP: what a person does, and what goes wrong meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

mod bench;
mod condition;
mod egress;
mod hub;
mod hubs;
mod isolation;
mod keep;
mod leave;
mod life;
mod many;
mod mistakes;
mod peer;
mod stop;
mod stranger;
mod trouble;
mod twelve;
mod zones;
