//! Runs what was asked for and reports what happens. It must not print or draw.
