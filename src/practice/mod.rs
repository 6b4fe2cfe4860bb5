//! The practice cloud: a simulated Azure Resource Manager on loopback.
//!
//! It speaks the dialect of Azure Resource Manager closely enough for any client that follows its rules, takes as long
//! as Azure does (at a chosen speed), and fails where Azure would. It knows nothing of the engine or of screens, is met
//! over HTTP only, and never claims to be Azure: each answer carries `x-ms-practice: true`.

mod advance;
mod asynchronous;
mod clock;
mod deployment;
mod directory;
mod fault;
mod identifier;
mod loose_json;
mod reply;
mod request;
mod resource;
mod rule;
mod secure;
mod state;
mod token;

pub use clock::{Clock, ManualClock, WallClock};
