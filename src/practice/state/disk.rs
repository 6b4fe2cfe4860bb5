//! The state on disk: one file for the root, one for each resource group, and a lock for all processes.
//!
//! A group is written to a file with a new version number, and the rename of `cloud.json`, which names the versions,
//! commits all of them at once: a process killed at any moment leaves either the state before a request or the one
//! after it. Files are not synced: after a power cut a practice cloud may be lost, and nothing of worth with it.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Cloud, Group, Root, SUBSCRIPTION};
use crate::{
    domain::problem::Problem,
    practice::{advance, clock::Pace, identifier::Scope, rights::Caller},
};

/// A directory with a practice cloud in it, opened by this process.
#[derive(Debug)]
pub struct Store {
    directory: PathBuf,
    lock: fd_lock::RwLock<File>,
    cloud: Option<Cloud>,
}

/// Reads the file of a group when it is first asked for.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    directory: PathBuf,
    index: BTreeMap<String, u64>,
}

impl Reader {
    pub(super) fn read(&self, scope: &Scope) -> Option<Group> {
        let version = *self.index.get(&index_key(scope))?;
        let path = shard_path(&self.directory, scope, version);
        let read = fs::read(&path)
            .map_err(|error| error.to_string())
            .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
        match read {
            Ok(group) => Some(group),
            Err(error) => {
                tracing::error!(path = %path.display(), error, "a group of the practice cloud cannot be read");
                None
            }
        }
    }
}

fn index_key(scope: &Scope) -> String {
    format!("{}/{}", scope.subscription, scope.group)
}

fn scope_of_index_key(key: &str) -> Scope {
    let (subscription, group) = key.split_once('/').unwrap_or((key, ""));
    Scope::group(subscription, group)
}

/// Names of groups may hold characters that file systems refuse, so the file is named by a digest.
fn shard_path(directory: &Path, scope: &Scope, version: u64) -> PathBuf {
    let digest = Sha256::digest(index_key(scope).as_bytes());
    let name = digest
        .iter()
        .take(10)
        .fold(String::new(), |name, byte| format!("{name}{byte:02x}"));
    directory
        .join("groups")
        .join(format!("{name}.{version}.json"))
}

fn unusable(path: &Path, error: impl std::fmt::Display) -> Problem {
    Problem::new(
        "PracticeStateUnusable",
        "The practice cloud's files cannot be read or written.",
        "Check that the directory is writable and has room. To start afresh, delete it: nothing real is lost.",
    )
    .at(path.display().to_string())
    .saying(error.to_string())
}

impl Store {
    /// Opens the directory, or makes a new practice cloud in it at the given real time.
    ///
    /// # Errors
    /// When the directory cannot be made, read or written, or holds something else.
    pub fn open(directory: &Path, real_now: Timestamp, speed: f64) -> Result<Self, Problem> {
        let groups = directory.join("groups");
        fs::create_dir_all(&groups).map_err(|error| unusable(&groups, error))?;
        let path = directory.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .read(true)
            .open(&path)
            .map_err(|error| unusable(&path, error))?;
        let mut store = Self {
            directory: directory.to_owned(),
            lock: fd_lock::RwLock::new(file),
            cloud: None,
        };
        store.locked(|directory, cloud| {
            if cloud.is_none() && !directory.join("cloud.json").exists() {
                *cloud = Some(new_cloud(directory, real_now, speed));
            }
            refresh(directory, cloud, real_now)?;
            if let Some(cloud) = cloud {
                remove_orphans(directory, cloud);
                save(directory, cloud)?;
            }
            Ok(())
        })?;
        Ok(store)
    }

    /// Runs one request on the state as of the given real time: everything due happens first, and what changed is on
    /// disk before this returns.
    ///
    /// # Errors
    /// When the files cannot be read or written; the state on disk is then the one before the request.
    pub fn transact<T>(
        &mut self,
        real_now: Timestamp,
        request: impl FnOnce(&mut Cloud) -> T,
    ) -> Result<T, Problem> {
        let result = self.locked(|directory, slot| {
            refresh(directory, slot, real_now)?;
            let Some(cloud) = slot.as_mut() else {
                return Err(unusable(directory, "there is no state"));
            };
            cloud.real_now = real_now;
            advance::advance(cloud, real_now);
            let answer = request(cloud);
            save(directory, cloud)?;
            Ok(answer)
        });
        if result.is_err() {
            self.cloud = None;
        }
        result
    }

    fn locked<T>(
        &mut self,
        work: impl FnOnce(&Path, &mut Option<Cloud>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let guard = self
            .lock
            .write()
            .map_err(|error| unusable(&self.directory, error))?;
        let result = work(&self.directory, &mut self.cloud);
        drop(guard);
        result
    }
}

fn new_cloud(directory: &Path, real_now: Timestamp, speed: f64) -> Cloud {
    let mut cloud = Cloud {
        root: Root::new(Pace::starting(real_now, speed)),
        caller: Caller::default(),
        now: real_now,
        real_now,
        shards: BTreeMap::new(),
        reader: Reader {
            directory: directory.to_owned(),
            index: BTreeMap::new(),
        },
    };
    cloud.put_group(Group::new(SUBSCRIPTION, "", "", real_now));
    cloud
}

/// Reads what another process has changed since this one last looked.
fn refresh(directory: &Path, slot: &mut Option<Cloud>, real_now: Timestamp) -> Result<(), Problem> {
    let path = directory.join("cloud.json");
    if let Some(cloud) = slot
        && (cloud.root.generation == 0 || generation_on_disk(&path) == Some(cloud.root.generation))
    {
        return Ok(());
    }
    let bytes = fs::read(&path).map_err(|error| unusable(&path, error))?;
    let root: Root = serde_json::from_slice(&bytes).map_err(|error| unusable(&path, error))?;
    let now = slot
        .as_ref()
        .map_or_else(|| root.pace.simulated(real_now), Cloud::now);
    let mut kept = slot.take().map(|cloud| (cloud.shards, cloud.reader.index));
    let shards = root
        .index
        .iter()
        .map(|(key, version)| {
            let scope = scope_of_index_key(key);
            let known = kept.as_mut().and_then(|(shards, index)| {
                (index.get(key) == Some(version)).then(|| shards.remove(&scope))?
            });
            (scope, known.unwrap_or_default())
        })
        .collect();
    *slot = Some(Cloud {
        caller: Caller::default(),
        now,
        real_now,
        shards,
        reader: Reader {
            directory: directory.to_owned(),
            index: root.index.clone(),
        },
        root,
    });
    Ok(())
}

/// The generation stands at the very beginning of the file, so a look is cheap.
fn generation_on_disk(path: &Path) -> Option<u64> {
    let mut head = [0_u8; 64];
    let mut file = File::open(path).ok()?;
    file.rewind().ok()?;
    let length = file.read(&mut head).ok()?;
    let text = std::str::from_utf8(head.get(..length)?).ok()?;
    let digits: String = text
        .strip_prefix("{\"generation\":")?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// Writes the groups that changed, then the root that names their new versions: its rename is the commit.
fn save(directory: &Path, cloud: &mut Cloud) -> Result<(), Problem> {
    let changed: Vec<Scope> = cloud
        .shards
        .iter()
        .filter(|(_, shard)| shard.changed)
        .map(|(scope, _)| scope.clone())
        .collect();
    let generation = cloud.root.generation + 1;
    let mut outdated = Vec::new();
    for scope in &changed {
        let key = index_key(scope);
        if let Some(version) = cloud.root.index.remove(&key) {
            outdated.push(shard_path(directory, scope, version));
        }
        if let Some(group) = cloud.group(scope) {
            let path = shard_path(directory, scope, generation);
            let text = serde_json::to_vec(group).map_err(|error| unusable(&path, error))?;
            fs::write(&path, text).map_err(|error| unusable(&path, error))?;
            cloud.root.index.insert(key, generation);
        }
    }
    let path = directory.join("cloud.json");
    if !changed.is_empty() || root_differs(cloud, &path)? {
        cloud.root.generation = generation;
        let text = serde_json::to_vec(&cloud.root).map_err(|error| unusable(&path, error))?;
        let mut file =
            tempfile::NamedTempFile::new_in(directory).map_err(|error| unusable(&path, error))?;
        file.write_all(&text)
            .map_err(|error| unusable(&path, error))?;
        file.persist(&path)
            .map_err(|error| unusable(&path, error))?;
        cloud.reader.index = cloud.root.index.clone();
    }
    for path in outdated {
        // A file left behind is swept up when the directory is next opened.
        let _ = fs::remove_file(path);
    }
    cloud.shards.retain(|_, shard| !shard.removed);
    for shard in cloud.shards.values_mut() {
        shard.changed = false;
    }
    Ok(())
}

fn root_differs(cloud: &Cloud, path: &Path) -> Result<bool, Problem> {
    let text = serde_json::to_vec(&cloud.root).map_err(|error| unusable(path, error))?;
    Ok(fs::read(path).map_or(true, |on_disk| on_disk != text))
}

/// Removes files that no root names: what a killed process had written before its commit.
fn remove_orphans(directory: &Path, cloud: &Cloud) {
    let named: Vec<PathBuf> = cloud
        .root
        .index
        .iter()
        .map(|(key, version)| shard_path(directory, &scope_of_index_key(key), *version))
        .collect();
    let files = fs::read_dir(directory.join("groups")).into_iter().flatten();
    for file in files.flatten() {
        if !named.contains(&file.path()) {
            let _ = fs::remove_file(file.path());
        }
    }
    for file in fs::read_dir(directory).into_iter().flatten().flatten() {
        if file.file_name().to_string_lossy().starts_with(".tmp") {
            let _ = fs::remove_file(file.path());
        }
    }
}
