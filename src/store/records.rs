//! Records of environments, one JSON file each.
//!
//! A record that cannot be read is reported and never written over: it is moved aside, so that nothing is lost. The
//! lock of an environment keeps two windows from sending the same deployment twice; it ends with its process, whatever
//! ends that.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::atomic_file;
use crate::domain::environment::{RECORD_VERSION, Record};
use crate::domain::problem::{Problem, Result};

/// The records in one directory.
#[derive(Debug, Clone)]
pub struct Records {
    directory: PathBuf,
}

/// What a directory of records holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// The records, by name.
    pub records: Vec<Record>,
    /// Records that cannot be read.
    pub broken: Vec<Problem>,
}

/// Holds an environment's lock until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Records {
    /// The records in a directory (see `Paths::environments`), which is made where it is missing.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self> {
        let directory = directory.into();
        atomic_file::make_directory(&directory)?;
        Ok(Self { directory })
    }

    /// All records, those that cannot be read told beside them.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn list(&self) -> Result<Listing> {
        let entries = std::fs::read_dir(&self.directory).map_err(|error| {
            Problem::new(
                "CannotRead",
                "The directory of records could not be read.",
                "Check the rights of the directory, or set PRIVATEAML_HOME to another one.",
            )
            .at(self.directory.display().to_string())
            .saying(error.to_string())
        })?;
        let mut listing = Listing::default();
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            match read(&path) {
                Ok(Some(record)) => listing.records.push(record),
                Ok(None) => {}
                Err(problem) => listing.broken.push(problem),
            }
        }
        listing.records.sort_by(|one, other| one.full_name.cmp(&other.full_name));
        Ok(listing)
    }

    /// The record of an environment, by name and suffix together; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, or was written by a newer version.
    pub fn read(&self, full_name: &str) -> Result<Option<Record>> {
        read(&self.path(full_name, "json")?)
    }

    /// Writes a record whole. A file of that name which cannot be read is moved aside first.
    ///
    /// # Errors
    /// When it cannot be written, or would replace a newer version's.
    pub fn write(&self, record: &Record) -> Result<()> {
        let path = self.path(&record.full_name, "json")?;
        match read(&path) {
            Ok(_) => {}
            Err(problem) if problem.code == BROKEN => move_aside(&path)?,
            Err(problem) => return Err(problem),
        }
        let text = serde_json::to_vec_pretty(record).map_err(|error| broken(&path, &error))?;
        atomic_file::write(&path, &text)
    }

    /// Removes a record; one that is not there counts as removed.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, full_name: &str) -> Result<()> {
        atomic_file::remove(&self.path(full_name, "json")?)
    }

    /// Takes an environment's lock; `None` while another process holds it.
    ///
    /// # Errors
    /// When the lock's file cannot be made.
    pub fn lock(&self, full_name: &str) -> Result<Option<Lock>> {
        let path = self.path(full_name, "lock")?;
        let unusable = |error: &std::io::Error| {
            Problem::new(
                "CannotLock",
                "The environment could not be locked against a second run.",
                "Check the rights of the directory; file systems without locks are not supported.",
            )
            .at(path.display().to_string())
            .saying(error.to_string())
        };
        // The file stays when the lock ends: removing it would let two processes lock two files of one name.
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| unusable(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(unusable(&error)),
        }
    }

    /// A file of an environment. The name comes from a person: it must not lead out of the directory.
    fn path(&self, full_name: &str, extension: &str) -> Result<PathBuf> {
        let plain =
            !full_name.is_empty() && full_name.bytes().all(|each| each.is_ascii_alphanumeric());
        if !plain {
            return Err(Problem::new(
                "InvalidName",
                format!("\"{full_name}\" is not an environment's name."),
                "Give name and digits together, such as test4821; `privateaml list` shows them.",
            ));
        }
        Ok(self.directory.join(format!("{full_name}.{extension}")))
    }
}

const BROKEN: &str = "BrokenRecord";

#[derive(Deserialize)]
struct Version {
    version: u32,
}

fn read(path: &Path) -> Result<Option<Record>> {
    let Some(content) = atomic_file::read(path)? else { return Ok(None) };
    // The version first: a newer form need not fit ours at all.
    if let Ok(Version { version }) = serde_json::from_slice(&content)
        && version > RECORD_VERSION
    {
        return Err(Problem::new(
            "RecordFromNewerVersion",
            "A record was written by a newer version of this program.",
            "Update this program and run the command again.",
        )
        .at(path.display().to_string()));
    }
    serde_json::from_slice(&content).map(Some).map_err(|error| broken(path, &error))
}

fn broken(path: &Path, error: &serde_json::Error) -> Problem {
    Problem::new(
        BROKEN,
        "The record of an environment cannot be read.",
        "Nothing is lost: the environment itself is in Azure and is found again by the tags of its resource group. \
         Repair the file or move it away.",
    )
    .at(path.display().to_string())
    .saying(error.to_string())
}

fn move_aside(path: &Path) -> Result<()> {
    let free = (1..1000)
        .map(|number| path.with_extension(format!("json.broken-{number}")))
        .find(|aside| !aside.exists());
    let moved = free.map(|aside| std::fs::rename(path, aside));
    match moved {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => Err(Problem::new(
            "CannotWrite",
            "A broken record could not be moved aside.",
            "Move the file away by hand and run the command again.",
        )
        .at(path.display().to_string())
        .saying(error.to_string())),
        None => Err(Problem::new(
            "CannotWrite",
            "There are too many broken records of this environment.",
            "Look through the files beside it, delete those not needed and run the command again.",
        )
        .at(path.display().to_string())),
    }
}

#[cfg(test)]
mod tests;
