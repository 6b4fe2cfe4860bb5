//! The pure core: names, address spaces, rules, plans, progress and problems.
//!
//! Nothing here may touch a terminal, a network, a file, a clock or the environment.

pub mod action;
pub mod additions;
pub mod allowlist;
pub mod audit;
pub mod check;
pub mod cloud;
pub mod comparison;
pub mod cost;
pub mod default_route;
pub mod drift;
pub mod egress;
pub mod environment;
pub mod forecast;
pub mod foreign;
pub mod graph;
pub mod health;
pub mod identifier;
pub mod inventory;
pub mod json;
pub mod map;
pub mod name;
pub mod network;
pub mod operation;
pub mod peering;
pub mod plan;
pub mod private_name;
pub mod problem;
pub mod progress;
pub mod region;
pub mod registration;
pub mod resource;
pub mod secret;
pub mod sentences;
pub mod settings;
pub mod telling;
pub mod ways;
pub mod words;
