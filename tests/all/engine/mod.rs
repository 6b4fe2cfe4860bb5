//! The engine against the practice cloud, over loopback HTTP: what a person does, and what goes wrong meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

mod adds;
mod bench;
mod changes;
mod check;
mod condition;
mod cost;
mod egress;
mod forecast;
mod fresh;
mod hub;
mod hubs;
mod isolation;
mod jobs;
mod keep;
mod leave;
mod liar;
mod life;
mod many;
mod misread;
mod mistakes;
mod neighbours;
mod peer;
mod regions;
mod second_factor;
mod stop;
mod stranger;
mod trouble;
mod turns;
mod twelve;
mod zones;
