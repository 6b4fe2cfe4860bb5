//! The state on disk: a journal for the root, one for each resource group, and a lock for all processes.
//!
//! A request appends what it changed to the journals of its groups, and then one line to the root's, `cloud.jsonl`,
//! which names how far each group's journal counts. That line commits all of it at once: a process killed at any
//! moment leaves either the state before a request or the one after it. What a request costs depends on what it
//! changes, not on how much there is. Files are not synced: after a power cut a practice cloud may be lost, and
//! nothing of worth with it.

use std::{
    collections::{BTreeMap, HashSet},
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::group::GroupChange;
use super::root::{Basics, RootChange};
use super::save::save;
use super::{Cloud, Root, SUBSCRIPTION, Shard, StoredGroup, journal, previous};
use crate::domain::problem::{Problem, Result};
use crate::practice::advance;
use crate::practice::clock::Pace;
use crate::practice::identifier::Scope;
use crate::practice::rights::Caller;

/// Version of this layout; 1 was one file for each group and `cloud.json`.
pub(super) const LAYOUT: u32 = 2;

/// A directory with a practice cloud in it, opened by this process.
#[derive(Debug)]
pub struct Store {
    directory: PathBuf,
    lock: fd_lock::RwLock<File>,
    cloud: Option<Cloud>,
}

/// Where a group is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct JournalExtent {
    /// Number of its file.
    pub file: u64,
    /// Bytes of it that count.
    pub length: u64,
    /// Bytes that it had when it was last written whole.
    pub whole: u64,
}

/// How far this process has read the root's journal.
#[derive(Debug)]
pub(super) struct Position {
    pub directory: PathBuf,
    /// Number of the journal, another one each time it is written anew; `None` before it is on disk.
    pub log: Option<u64>,
    /// Bytes of it that count.
    pub length: u64,
    /// Bytes that it had when it was last written whole.
    pub whole: u64,
    /// Grows with each commit.
    pub generation: u64,
}

/// First line of the root's journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Heading {
    pub layout: u32,
    pub log: u64,
}

/// Every other line of it: one request.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Commit {
    pub generation: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<RootChange>,
    /// Groups that changed and where they are now; those without a place are gone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Option<JournalExtent>>,
}

impl Position {
    fn of(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), log: None, length: 0, whole: 0, generation: 0 }
    }

    pub(super) fn root(&self) -> PathBuf {
        self.directory.join("cloud.jsonl")
    }

    /// Names of groups may hold characters that file systems refuse, so the file is named by a digest.
    pub(super) fn group(&self, scope: &Scope, file: u64) -> PathBuf {
        let name = group_name(scope);
        self.directory.join("groups").join(format!("{name}.{file}.jsonl"))
    }

    /// Reads a group when it is first asked for.
    pub(super) fn read(&self, scope: &Scope, place: Option<JournalExtent>) -> Option<StoredGroup> {
        let place = place?;
        let path = self.group(scope, place.file);
        let read = journal::read(&path, 0, Some(place.length)).and_then(|lines| {
            StoredGroup::read(lines.values).ok_or(io::ErrorKind::InvalidData.into())
        });
        match read {
            Ok(group) => Some(group),
            Err(error) => {
                tracing::error!(path = %path.display(), %error, "a group of the practice cloud cannot be read");
                None
            }
        }
    }
}

pub(super) fn group_name(scope: &Scope) -> String {
    let digest = Sha256::digest(index_key(scope).as_bytes());
    digest.iter().take(10).fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}

pub(super) fn index_key(scope: &Scope) -> String {
    format!("{}/{}", scope.subscription, scope.group)
}

pub(super) fn scope_of_index_key(key: &str) -> Scope {
    let (subscription, group) = key.split_once('/').unwrap_or((key, ""));
    Scope::group(subscription, group)
}

pub(super) fn unusable(path: &Path, error: impl std::fmt::Display) -> Problem {
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
    pub fn open(directory: &Path, real_now: Timestamp, speed: f64) -> Result<Self> {
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
        let mut store =
            Self { directory: directory.to_owned(), lock: fd_lock::RwLock::new(file), cloud: None };
        store.locked(|directory, _| {
            let position = Position::of(directory);
            let mut cloud = if position.root().exists() {
                read(position, real_now)?
            } else if let Some(cloud) = previous::read(directory, real_now)? {
                cloud
            } else {
                let mut cloud = fresh(
                    directory,
                    Root::new(Basics::new(Pace::starting(real_now, speed))),
                    real_now,
                );
                cloud.put_group(StoredGroup::new(SUBSCRIPTION, "", "", real_now));
                cloud
            };
            save(&mut cloud)?;
            remove_orphans(directory, &cloud);
            Ok(((), Some(cloud)))
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
    ) -> Result<T> {
        self.locked(|directory, known| {
            let mut cloud = match known {
                Some(cloud) => refresh(cloud, real_now)?,
                None => read(Position::of(directory), real_now)?,
            };
            cloud.real_now = real_now;
            cloud.caller = Caller::default();
            advance::advance(&mut cloud, real_now);
            let answer = request(&mut cloud);
            save(&mut cloud)?;
            Ok((answer, Some(cloud)))
        })
    }

    /// Works on what this process knows of the cloud. After a failure or a panic it knows nothing, and reads anew.
    fn locked<T>(
        &mut self,
        work: impl FnOnce(&Path, Option<Cloud>) -> Result<(T, Option<Cloud>)>,
    ) -> Result<T> {
        let known = self.cloud.take();
        let guard = self.lock.write().map_err(|error| unusable(&self.directory, error))?;
        let result = work(&self.directory, known);
        drop(guard);
        let (answer, cloud) = result?;
        self.cloud = cloud;
        Ok(answer)
    }
}

/// A cloud without groups, of which nothing is on disk.
pub(super) fn fresh(directory: &Path, root: Root, now: Timestamp) -> Cloud {
    Cloud {
        root,
        caller: Caller::default(),
        now,
        real_now: now,
        shards: BTreeMap::new(),
        touched: std::collections::BTreeSet::new(),
        disk: Position::of(directory),
    }
}

/// Reads the root; groups are read when they are asked for.
fn read(mut disk: Position, real_now: Timestamp) -> Result<Cloud> {
    let path = disk.root();
    let failed = |error: io::Error| unusable(&path, error);
    let (heading, _) = look(&path).map_err(failed)?;
    if heading.layout != LAYOUT {
        return Err(unusable(&path, "It was written by another version."));
    }
    let start = journal::line(&heading).map_err(failed)?;
    let lines = journal::read(&path, journal::length(&start), None).map_err(failed)?;
    let mut commits = lines.values.into_iter();
    let first: Option<Commit> = commits.next();
    let (generation, groups, root) = first
        .and_then(|first| Some((first.generation, first.groups, Root::read(first.root?)?)))
        .ok_or_else(|| unusable(&path, "It has no beginning."))?;
    disk.log = Some(heading.log);
    let now = root.pace.simulated(real_now);
    let mut cloud = fresh(&disk.directory, root, now);
    cloud.disk = disk;
    cloud.apply(Commit { generation, root: None, groups });
    for commit in commits {
        cloud.apply(commit);
    }
    // Later lines may have changed the pace: by the first one alone it could be weeks later.
    cloud.now = cloud.root.pace.simulated(real_now);
    cloud.disk.whole = lines.first;
    cloud.disk.length = lines.end;
    Ok(cloud)
}

/// Reads what other processes have changed since this one last looked.
fn refresh(mut cloud: Cloud, real_now: Timestamp) -> Result<Cloud> {
    let path = cloud.disk.root();
    let failed = |error: io::Error| unusable(&path, error);
    let (heading, length) = look(&path).map_err(failed)?;
    if cloud.disk.log == Some(heading.log) && length >= cloud.disk.length {
        if length > cloud.disk.length {
            let lines = journal::read(&path, cloud.disk.length, None).map_err(failed)?;
            for commit in lines.values {
                cloud.apply(commit);
            }
            cloud.disk.length = lines.end;
        }
        return Ok(cloud);
    }
    let mut anew = read(Position::of(&cloud.disk.directory), real_now)?;
    anew.now = cloud.now;
    for (scope, shard) in &mut anew.shards {
        // What has not changed need not be read again.
        if let Some(known) = cloud.shards.remove(scope)
            && known.place == shard.place
        {
            *shard = known;
        }
    }
    Ok(anew)
}

impl Cloud {
    /// Takes over a commit that was read. A group that is known already is brought up to it when it is asked for again.
    fn apply(&mut self, commit: Commit) {
        self.disk.generation = commit.generation;
        if let Some(change) = commit.root {
            self.root.apply(change);
        }
        for (key, place) in commit.groups {
            let scope = scope_of_index_key(&key);
            let known = self.shards.remove(&scope);
            let Some(place) = place else { continue };
            let mut shard = Shard { place: Some(place), ..Shard::default() };
            if let Some(group) = known.and_then(|known| self.caught_up(&scope, known, place)) {
                shard.group = Some(group).into();
            }
            self.shards.insert(scope, shard);
        }
    }

    /// A group that is in memory, with what its journal has got since.
    fn caught_up(&self, scope: &Scope, known: Shard, place: JournalExtent) -> Option<StoredGroup> {
        let before = known.place.filter(|before| before.file == place.file)?;
        let mut group = known.group.into_inner()??;
        let path = self.disk.group(scope, place.file);
        let lines = journal::read::<GroupChange>(&path, before.length, Some(place.length)).ok()?;
        for change in lines.values {
            group.apply(change);
        }
        Some(group)
    }
}

/// The heading stands at the very beginning of the file, so a look is cheap. With it comes how long the file is.
fn look(path: &Path) -> io::Result<(Heading, u64)> {
    let mut head = [0_u8; 64];
    let mut file = File::open(path)?;
    let length = file.read(&mut head)?;
    let line = head
        .get(..length)
        .and_then(|head| head.split(|byte| *byte == b'\n').next())
        .unwrap_or_default();
    Ok((serde_json::from_slice(line)?, file.metadata()?.len()))
}

/// Removes files that the root does not name: what a killed process had written before its commit, and the files of the
/// previous layout.
fn remove_orphans(directory: &Path, cloud: &Cloud) {
    let named: HashSet<PathBuf> = cloud
        .shards
        .iter()
        .filter_map(|(scope, shard)| Some(cloud.disk.group(scope, shard.place?.file)))
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
    let _ = fs::remove_file(directory.join("cloud.json"));
}
