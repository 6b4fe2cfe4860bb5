//! The ARM template: loading, evaluating, and what is derived from it.
//!
//! A template is parsed ([`Template`]), resolved for given parameters and a scope ([`resolve()`]), and its late values are
//! evaluated once a [`Runtime`] knows them. Pure: no network, no clock, no environment, no files.

pub mod document;
pub mod error;
pub mod expression;
pub mod graph;
pub mod merge;
pub mod resolve;
pub mod scope;
pub mod value;

mod access;
mod dependency;
mod evaluate;
mod function;
mod identifier;
mod validate;

pub use document::Template;
pub use error::TemplateError;
pub use resolve::{Resolved, ResolvedResource, resolve, resolve_with};
pub use scope::{CloudEndpoints, Runtime, Scope, Unknown};
