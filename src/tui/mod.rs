//! The full-screen face: draws the wizard's state and turns keys into messages.
//!
//! Views are functions of the state; nothing here decides anything, asks Azure or keeps what it has drawn, but for the
//! layout of the graph, which is worth keeping. `run` is the only loop and the only place that draws.

mod canvas;
mod dialog;
mod frame;
mod hits;
mod input;
mod look;
mod palette;
mod replay;
mod run;
mod screen;
mod terminal;
#[cfg(test)]
pub(crate) mod testing;
mod text;
pub mod widget;

pub use self::frame::draw;
pub use self::hits::Hits;
pub use self::look::{Appearance, Choice, Glyphs, Theme};
pub use self::replay::replay;
pub use self::run::{Incoming, Perform, Recorder, Session, run};
pub use self::terminal::Terminal;
