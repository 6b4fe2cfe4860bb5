//! Writes the hand-over for a hub's owner as two files, each whole or not at all.
//!
//! It must not decide what is in them; `domain::peering::hand_over` does.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{exit::Ending, inspect::Desk};
use crate::{
    domain::{
        peering::hand_over::{HandOver, TEMPLATE_FILE, TEXT_FILE},
        problem::Problem,
    },
    engine,
    store::whole,
};

impl Desk<'_> {
    /// Writes what the owner of a hub must do for an environment. Nothing is changed in Azure.
    ///
    /// # Errors
    /// When the environment or the hub is not found or cannot be read, or the files cannot be written.
    pub(super) async fn hand_over(
        &self,
        name: &str,
        hub: &str,
        directory: &Path,
    ) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, name, None).await?;
        let connection = engine::peering::connection(&context, &record, hub).await?;
        let made = engine::peering::hand_over(&context, &record, &connection).await?;
        reach.close().await;
        for file in write(directory, &made)? {
            self.output.say(&format!("wrote {}", file.display()));
            self.output.event("file", json!({ "path": file }));
        }
        self.output.prose(&format!(
            "Send both files to the owner of {}. They say what is asked, why, what it means, and how to see that it worked. \
             When the owner has acted, go on: privateaml peer {} --hub {hub}",
            connection.hub.name, record.full_name
        ));
        Ok(())
    }
}

/// Writes `hand-over.md` and `peering.json` into a directory, which is made where it is missing. Earlier ones are replaced:
/// they say what was missing then.
///
/// # Errors
/// When the directory or a file cannot be written.
pub fn write(directory: &Path, hand_over: &HandOver) -> Result<[PathBuf; 2], Problem> {
    let text = directory.join(TEXT_FILE);
    let template = directory.join(TEMPLATE_FILE);
    whole::write(&text, hand_over.text.as_bytes())?;
    whole::write(&template, format!("{:#}\n", hand_over.template).as_bytes())?;
    Ok([text, template])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_written_and_written_again() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("for the owner");
        let mut made = HandOver {
            text: "first".into(),
            template: serde_json::json!({"resources": {}}),
        };
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
