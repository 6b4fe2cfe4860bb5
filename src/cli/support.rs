//! `support`: writes what happened to an environment into a directory, for whoever is to help. No secret is in it.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::exit::Ending;
use super::inspect::CommandContext;
use crate::domain::environment::Record;
use crate::domain::foreign;
use crate::domain::problem::{Problem, Result};
use crate::engine::{self, Context, SupportSource};
use crate::store::atomic_file;
use crate::store::paths::Paths;

/// Most log files that are taken, newest first.
const MOST_LOGS: usize = 3;
/// Most of one log file that is taken, from its end, in bytes.
const MOST_OF_A_LOG: usize = 4 * 1024 * 1024;

/// `support`.
#[derive(Debug, Args)]
pub struct Support {
    /// The environment, such as test4821.
    pub name: String,
    /// Directory to write, which must not exist yet; without it, one in the current directory, named by environment and
    /// time.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Tell the ids of subscription, tenant and principals and mailboxes as they are.
    #[arg(long)]
    pub with_ids: bool,
}

impl CommandContext<'_> {
    /// Writes the bundle.
    ///
    /// # Errors
    /// When the environment is not found, or the directory exists or cannot be written. What Azure does not tell is
    /// named in it.
    pub async fn support(&self, arguments: &Support) -> std::result::Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        let problems = match engine::status(&context, record.clone()).await {
            Ok(status) => status.problems,
            Err(problem) => vec![problem],
        };
        let directory = arguments.output.clone().unwrap_or_else(|| directory(&record.full_name));
        let source = SupportSource { problems, with_ids: arguments.with_ids, ..source(self.paths) };
        let files = write(&context, &record, source, &directory).await?;
        reach.close().await;
        self.output.prose(&format!(
            "Wrote {} to {}. No password, key or token is in it; look at it before you share it.",
            crate::domain::words::count(files.len(), "file"),
            directory.display()
        ));
        self.output.event(
            "support",
            json!({ "full_name": record.full_name, "directory": directory, "files": files }),
        );
        Ok(())
    }
}

/// The directory of a bundle where none is named.
pub(super) fn directory(full_name: &str) -> PathBuf {
    let now = Timestamp::now().strftime("%Y%m%d-%H%M%S");
    PathBuf::from(format!("privateaml-support-{full_name}-{now}"))
}

/// What this machine knows: versions, and the newest log files.
pub(super) fn source(paths: &Paths) -> SupportSource {
    let entries = std::fs::read_dir(paths.logs()).into_iter().flatten().flatten();
    let is_log = |path: &PathBuf| path.extension().is_some_and(|end| end == "log");
    let mut logs: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_log).collect();
    logs.sort_unstable();
    let logs = logs.into_iter().rev().take(MOST_LOGS).filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let content = std::fs::read(&path).ok()?;
        let end = content.get(content.len().saturating_sub(MOST_OF_A_LOG)..)?;
        Some((name, String::from_utf8_lossy(end).into_owned()))
    });
    SupportSource {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        logs: logs.collect(),
        ..SupportSource::default()
    }
}

/// Writes a bundle into a directory of its own, for its owner only; answers the names of its files.
pub(super) async fn write(
    context: &Context,
    record: &Record,
    source: SupportSource,
    directory: &Path,
) -> Result<Vec<String>> {
    if directory.symlink_metadata().is_ok() {
        return Err(Problem::new(
            "FileExists",
            "The directory is already there, and nothing was written.",
            "Choose another directory.",
        )
        .at(directory.display().to_string()));
    }
    let files = engine::support(context, record, source).await;
    for (name, content) in &files {
        // Deployments are named by people too.
        let file = directory.join(name.replace(['/', '\\'], "_"));
        let is_json = name != "README.txt";
        let safe = if is_json { foreign::json(content) } else { foreign::block(content) };
        atomic_file::write(&file, safe.as_bytes())?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}
