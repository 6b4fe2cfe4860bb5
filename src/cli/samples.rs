//! `samples`: a training script and a notebook that sends it to a cluster in the private network.
//!
//! They are compiled in and written as they are. Files that are there are not replaced unless that is asked for.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::exit::Ending;
use crate::domain::problem::Problem;
use crate::plain::output::Output;

/// The files, by name.
const FILES: [(&str, &str); 2] = [
    ("train.py", include_str!("../../assets/samples/train.py")),
    ("runner.ipynb", include_str!("../../assets/samples/runner.ipynb")),
];

/// `samples`.
#[derive(Debug, Args)]
pub struct Samples {
    /// Directory to write into; created when it does not exist.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Replace files that are already there.
    #[arg(long)]
    pub force: bool,
}

/// Writes the samples.
///
/// # Errors
/// When one is there and must not be replaced, or cannot be written. Nothing is written then.
pub fn write(arguments: &Samples, output: Output) -> Result<(), Ending> {
    let directory = &arguments.directory;
    if !arguments.force
        && let Some((name, _)) =
            FILES.iter().find(|(name, _)| directory.join(name).symlink_metadata().is_ok())
    {
        return Err(there(&directory.join(name)).into());
    }
    std::fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
    for (name, content) in FILES {
        let path = directory.join(name);
        std::fs::write(&path, content).map_err(|error| unwritable(&path, &error))?;
        output.say(&format!("Wrote {}", path.display()));
    }
    output.prose(
        "Upload both to a compute instance of the environment and open runner.ipynb there: it says what it \
         does step by step.",
    );
    output
        .event("samples", json!({ "directory": directory, "files": FILES.map(|(name, _)| name) }));
    Ok(())
}

fn there(path: &Path) -> Problem {
    Problem::new(
        "FileExists",
        "The file is already there, and nothing was written.",
        "Choose another directory, or add --force to replace it.",
    )
    .at(path.display().to_string())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        "CannotWrite",
        "The samples could not be written.",
        "Check the rights of the directory, or choose another one.",
    )
    .at(path.display().to_string())
    .saying(error.to_string())
}
