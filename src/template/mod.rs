//! The ARM template: loading, evaluating, and what is derived from it.
//!
//! A template is parsed ([`Template`]), resolved for given parameters and a scope ([`resolve()`]), and its late
//! values are evaluated once a [`Runtime`] knows them. Pure: no network, no clock, no environment, no files.

#[macro_use]
pub mod error;

pub mod bill;
pub mod document;
pub mod duration;
pub mod embedded;
pub mod export;
pub mod expression;
pub mod graph;
pub mod hub;
pub mod merge;
pub mod network_controls;
pub mod parameters;
pub mod plan;
pub mod resolve;
pub mod scope;
pub mod value;

mod access;
mod dependency;
mod evaluate;
mod function;
mod identifier;
mod shape;
mod validate;

#[cfg(test)]
mod adapted_tests;
#[cfg(test)]
mod choice_tests;
#[cfg(test)]
mod plan_tests;

pub use document::Template;
pub use error::{Result, TemplateError};
pub use resolve::{Resolved, ResolvedResource, resolve, resolve_with};
pub use scope::{Runtime, Scope, Unknown};
