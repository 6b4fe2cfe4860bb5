//! What the program leaves behind for people who look for a fault: the log file, and the words of a panic.
//!
//! Neither may hold a secret: the log gets methods, paths and states, a panic its place but never its payload's values.

use std::{io::Write as _, path::Path};

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::{Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::domain::foreign;
use crate::domain::problem::{Problem, Result};

/// Starts the log in `directory`, one file a day, the last seven kept. The guard writes what is left when it is
/// dropped.
///
/// # Errors
/// When the directory cannot be made or written to.
pub fn start_log(directory: &Path, level: LevelFilter) -> Result<WorkerGuard> {
    let unwritable = |error: &dyn std::fmt::Display| {
        Problem::new(
            "LogUnavailable",
            format!("The log cannot be written: {error}."),
            "Make the directory writable, set PRIVATEAML_HOME to another one, or leave --log out.",
        )
        .at(directory.display().to_string())
    };
    std::fs::create_dir_all(directory).map_err(|error| unwritable(&error))?;
    let appender = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("privateaml")
        .filename_suffix("log")
        .max_log_files(7)
        .build(directory)
        .map_err(|error| unwritable(&error))?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    // Only our own lines: those of the libraries below may carry headers and bodies.
    let filter = tracing_subscriber::filter::Targets::new().with_target("privateaml", level);
    let layer = tracing_subscriber::fmt::layer().json().with_writer(move || Safe(writer.clone()));
    tracing_subscriber::registry()
        .with(layer.with_filter(filter))
        .try_init()
        .map_err(|error| unwritable(&error))?;
    Ok(guard)
}

/// Writes lines of JSON in which nothing is obeyed by a terminal that shows them. One write is one line.
struct Safe<W>(W);

impl<W: std::io::Write> std::io::Write for Safe<W> {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let safe = foreign::json(&String::from_utf8_lossy(line));
        self.0.write_all(safe.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// Words a panic for the person who meets it, without its payload: a payload may quote a value.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let place =
            panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(%place, "panic");
        let _ = writeln!(
            std::io::stderr(),
            "privateaml {} stopped at {place}: a fault of the program, not of yours.\n\
             Nothing in Azure was changed by it; the same command continues where it was.\n\
             Please report that line to the project: it says where to look.",
            env!("CARGO_PKG_VERSION"),
        );
    }));
}
