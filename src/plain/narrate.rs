//! Words for what the engine reports.
