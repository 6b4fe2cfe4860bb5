//! The dependency graph as a picture: what is made after what, folded by area, laid out in cells, and written as files.
//!
//! It knows plans only. A face paints the [`Picture`]; this module must not know colours, glyphs or terminals.

mod fold;
mod label;
mod layout;
mod navigate;
mod order;
mod table;
pub mod write;

pub use fold::{Edge, Graph, Key, Node, Open, fold};
pub use label::readable;
pub use layout::{Density, Picture, Placed, RoutedEdge, fit, layout};
pub use navigate::{Direction, Related, neighbour, related};

#[cfg(test)]
pub(crate) mod tests;
