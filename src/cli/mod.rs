//! The command line: parses it, connects the parts, and turns outcomes into exit codes.
//!
//! It must not hold logic of its own about environments; that is the engine's, the template's and the domain's.

pub mod arguments;
