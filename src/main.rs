//! The `privateaml` program: hands the command line to the library and leaves with its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    privateaml::cli::run(std::env::args_os())
}
