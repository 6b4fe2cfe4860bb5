//! Writes the hand-over for a hub's owner as two files, each whole or not at all.
//!
//! It must not decide what is in them; `domain::peering::hand_over` does.

use std::path::{Path, PathBuf};

use crate::domain::foreign;
use crate::domain::peering::hand_over::{HandOver, TEMPLATE_FILE, TEXT_FILE};
use crate::domain::problem::Result;
use crate::store::atomic_file;

/// Writes `hand-over.md` and `peering.json` into a directory, which is made where it is missing. Earlier ones are
/// replaced: they say what was missing then.
///
/// # Errors
/// When the directory or a file cannot be written.
pub fn write(directory: &Path, hand_over: &HandOver) -> Result<[PathBuf; 2]> {
    let text = directory.join(TEXT_FILE);
    let template = directory.join(TEMPLATE_FILE);
    atomic_file::write(&text, hand_over.text.as_bytes())?;
    let json = foreign::json(&format!("{:#}\n", hand_over.template));
    atomic_file::write(&template, json.as_bytes())?;
    Ok([text, template])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_written_and_written_again() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("for the owner");
        let mut made =
            HandOver { text: "first".into(), template: serde_json::json!({"resources": {}}) };
        write(&directory, &made).unwrap();
        made.text = "second".into();
        let [text, template] = write(&directory, &made).unwrap();
        assert_eq!(std::fs::read_to_string(text).unwrap(), "second");
        let read: serde_json::Value =
            serde_json::from_slice(&std::fs::read(template).unwrap()).unwrap();
        assert_eq!(read, made.template);
        let problem = write(&home.path().join("for the owner/hand-over.md"), &made).unwrap_err();
        assert!(!problem.advice.is_empty());
    }
}
