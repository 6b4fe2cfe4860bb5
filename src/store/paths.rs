//! Where files lie: the platform's directories, or one directory given by `PRIVATEAML_HOME`.
//!
//! Records of practice environments lie apart from real ones, so that neither can be taken for the other. Nothing is
//! made here; whoever writes makes its directory.

use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy as _, base_strategy::choose_native_strategy};

use crate::domain::problem::{Problem, Result};

/// The variable that moves everything.
pub const HOME: &str = "PRIVATEAML_HOME";
const PROGRAM: &str = "privateaml";

/// The directories of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    data: PathBuf,
    state: PathBuf,
    cache: PathBuf,
}

impl Paths {
    /// Finds the directories: below `PRIVATEAML_HOME` where it is set, else where the platform wants them (on Linux
    /// the XDG directories for data, state and cache).
    ///
    /// # Errors
    /// When this account has no home directory.
    pub fn locate() -> Result<Self> {
        if let Some(home) = std::env::var_os(HOME).filter(|home| !home.is_empty()) {
            let home = std::path::absolute(PathBuf::from(home)).map_err(|error| nowhere(&error))?;
            return Ok(Self::below(&home));
        }
        let platform = choose_native_strategy().map_err(|error| nowhere(&error))?;
        let data = platform.data_dir().join(PROGRAM);
        Ok(Self {
            state: platform.state_dir().map_or_else(|| data.clone(), |state| state.join(PROGRAM)),
            cache: platform.cache_dir().join(PROGRAM),
            data,
        })
    }

    /// Everything below one directory.
    pub fn below(home: &Path) -> Self {
        Self { data: home.to_owned(), state: home.to_owned(), cache: home.join("cache") }
    }

    /// Records of environments: real ones, or those of the practice cloud, which lie apart.
    pub fn environments(&self, practice: bool) -> PathBuf {
        let real = self.data.join("environments");
        if practice { real.join("practice") } else { real }
    }

    /// Encrypted files of credentials: of real environments, or of those of the practice cloud.
    pub fn credentials(&self, practice: bool) -> PathBuf {
        let base = if practice { self.practice() } else { self.data.clone() };
        base.join("credentials")
    }

    /// The state of the practice cloud itself.
    pub fn practice_cloud(&self) -> PathBuf {
        self.practice().join("cloud")
    }

    /// Prices that were read: Azure's, or those of the practice cloud.
    pub fn prices(&self, practice: bool) -> PathBuf {
        let base = if practice { self.practice().join("cache") } else { self.cache.clone() };
        base.join("prices")
    }

    /// Log files.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }

    fn practice(&self) -> PathBuf {
        self.state.join("practice")
    }
}

fn nowhere(error: &dyn std::fmt::Display) -> Problem {
    Problem::new(
        "NoHomeDirectory",
        "There is no directory to keep records in.",
        format!("Set {HOME} to a directory that this account may write to."),
    )
    .saying(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn practice_and_real_environments_lie_apart() {
        let paths = Paths::below(Path::new("/somewhere/privateaml"));
        let real = paths.environments(false);
        assert_eq!(real, Path::new("/somewhere/privateaml/environments"));
        assert_ne!(paths.environments(true), real);
        assert!(!paths.credentials(true).starts_with(paths.credentials(false)));
        assert!(!paths.environments(true).starts_with(paths.practice_cloud()));
    }
}
