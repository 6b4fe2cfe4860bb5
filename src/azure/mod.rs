//! The outside world: Azure, over one HTTP client.
//!
//! Sign-in, requests with their retries, typed calls of Azure Resource Manager, and the decoding of its failures into
//! `Problem`s. It knows nothing of screens, records or the engine, and it never writes a token anywhere.

pub mod activity;
pub mod arm;
pub mod auth;
pub mod catalog;
pub mod cloud;
pub mod decode;
pub mod dns;
pub mod firewall;
pub mod gateway;
pub mod http;
mod logs;
pub mod machine;
pub mod network;
mod offer;
pub mod prices;
pub mod probe;
pub mod time;
