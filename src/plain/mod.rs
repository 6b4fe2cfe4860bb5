//! The line-by-line face: prompts, plain lines and JSON lines, for terminals, screen readers, logs and scripts.
//!
//! It turns what the engine reports into words and what a person types into answers. It must not decide anything about
//! an environment, and `inquire` is used nowhere else.

pub mod check;
pub mod condition;
pub mod connection;
pub mod cost;
pub mod environments;
pub mod hubs;
pub mod narrate;
pub mod output;
pub mod preview;
pub mod prompt;
pub mod registration;
pub mod report;
pub mod verify;
pub mod ways;
