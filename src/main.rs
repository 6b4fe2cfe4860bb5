//! The `privateaml` program.

fn main() {}
