//! A file that says which faults a practice cloud shall show.
//!
//! It only reads; what the faults do is said where they strike.

use std::path::Path;

use serde::Deserialize;

use super::Fault;
use crate::domain::problem::{Problem, Result};

/// Reads a TOML file with `faults = ["quota", "throttle:3"]`.
///
/// # Errors
/// When the file cannot be read, is no TOML, or names an unknown fault.
pub fn read_file(path: &Path) -> Result<Vec<Fault>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        faults: Vec<String>,
    }
    let refused = |error: String| {
        Problem::new(
            "FaultFileUnusable",
            "The file of faults cannot be used.",
            "It needs one line such as: faults = [\"quota\", \"throttle:3\"]",
        )
        .at(path.display().to_string())
        .saying(error)
    };
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    let file: File = toml::from_str(&text).map_err(|error| refused(error.to_string()))?;
    file.faults
        .iter()
        .map(|text| text.parse::<Fault>().map_err(|problem| problem.at(path.display().to_string())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_faults_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("faults.toml");
        std::fs::write(&path, "faults = [\"quota\", \"throttle:3\"]").unwrap();
        assert_eq!(read_file(&path).unwrap(), vec![Fault::Quota, Fault::Throttle(3)]);
        std::fs::write(&path, "faults = [\"flood\"]").unwrap();
        assert_eq!(read_file(&path).unwrap_err().code, "UnknownFault");
        assert_eq!(
            read_file(&directory.path().join("none")).unwrap_err().code,
            "FaultFileUnusable"
        );
    }
}
