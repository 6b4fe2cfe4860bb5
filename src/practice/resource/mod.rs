//! Resources of any type: written, read, listed, deleted, acted upon.
//!
//! Whatever is the same for all types is here: the asynchronous patterns, locks, children, extension resources. What a
//! single type demands or adds is in `rule`.

mod action;
mod connection;
mod defaults;
mod delete;
mod dependencies;
mod effective_route;
mod effective_rule;
mod failure;
mod handle;
mod learned_route;
mod list;
mod lock;
mod occupant;
mod pace;
mod put;
mod record_set;
mod run_command;
mod tag;
mod view;
mod write;

#[cfg(test)]
mod tests;

pub use self::action::done as action_done;
pub use self::defaults::drop_unasked;
pub use self::delete::{gone, removal_span};
pub use self::failure::failure;
pub use self::handle::handle;
pub(in crate::practice) use self::list::{Filter, page_of};
pub use self::list::{all as list_all, in_group as list_in_group};
pub use self::lock::deletion_lock;
pub use self::pace::span;
pub use self::tag::handle as tags;
pub use self::view::render;
pub use self::write::{begin, fail, finish, remove};
