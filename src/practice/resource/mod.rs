//! Resources of any type: written, read, listed, deleted, acted upon.

mod write;

pub use self::write::{Change, begin, fail, finish, remove};
