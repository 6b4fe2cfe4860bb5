//! The ARM template: loading, evaluating, and what is derived from it. Pure: no network, no clock, no files.

pub mod duration;
pub mod walls;
