//! All tests from outside the library, in one program: it links once, and tests that wait do so beside tests that count.

mod cli;
mod coming_back;
mod connecting;
mod credentials;
mod egress;
mod engine;
mod foreign;
mod goldens;
mod hub;
mod hubs;
mod interrupted;
mod keeping;
mod layers;
mod many;
mod packages;
mod panic;
mod peering;
mod pictures;
mod random;
mod readme;
mod sizes;
mod support;
mod terminal;
mod traffic;
mod verify;
mod wizard;
