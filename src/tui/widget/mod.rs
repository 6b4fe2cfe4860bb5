//! Pieces that several screens draw with. None knows a screen.

pub mod bar;
pub mod field;
pub mod graph;
pub mod large;
pub mod subnet_map;
pub mod tabs;
