//! Writes what a request changed.

use std::{collections::BTreeMap, fs, io::Write as _, path::PathBuf};

use super::disk::{Commit, Heading, JournalExtent, LAYOUT, Position, index_key, unusable};
use super::{Cloud, Shard, journal};
use crate::domain::problem::Result;
use crate::practice::identifier::Scope;

/// Appends to the groups' journals, then the line to the root's that commits it. Without a change nothing is written.
pub(super) fn save(cloud: &mut Cloud) -> Result<()> {
    let generation = cloud.disk.generation + 1;
    let mut groups = BTreeMap::new();
    let mut outdated = Vec::new();
    for scope in std::mem::take(&mut cloud.touched) {
        let Some(mut shard) = cloud.shards.remove(&scope) else { continue };
        let before = shard.place;
        write_group(&cloud.disk, &scope, &mut shard, generation)?;
        if shard.place != before {
            groups.insert(index_key(&scope), shard.place);
            let replaced =
                before.filter(|before| shard.place.is_none_or(|after| after.file != before.file));
            outdated.extend(replaced.map(|place| cloud.disk.group(&scope, place.file)));
        }
        if !shard.removed {
            cloud.shards.insert(scope, shard);
        }
    }
    let change = cloud.root.take_change();
    if change.is_none() && groups.is_empty() {
        return Ok(());
    }
    cloud.disk.generation = generation;
    if cloud.disk.log.is_none() || journal::is_worn(cloud.disk.length, cloud.disk.whole) {
        write_root_anew(cloud)?;
    } else {
        let commit = Commit { generation, root: change, groups };
        let path = cloud.disk.root();
        cloud.disk.length = journal::line(&commit)
            .and_then(|line| journal::append(&path, cloud.disk.length, &line))
            .map_err(|error| unusable(&path, error))?;
    }
    remove(outdated);
    Ok(())
}

/// Files that nothing names any more. One left behind is swept up when the directory is next opened.
fn remove(outdated: Vec<PathBuf>) {
    for path in outdated {
        let _ = fs::remove_file(path);
    }
}

/// Writes what changed in a group, and notes where it is now.
fn write_group(disk: &Position, scope: &Scope, shard: &mut Shard, generation: u64) -> Result<()> {
    if shard.removed {
        shard.place = None;
        return Ok(());
    }
    let Some(Some(group)) = shard.group.get_mut() else { return Ok(()) };
    let Some(change) = group.take_change() else { return Ok(()) };
    let grows =
        shard.place.filter(|place| !shard.whole && !journal::is_worn(place.length, place.whole));
    let file = grows.map_or(generation, |place| place.file);
    let path = disk.group(scope, file);
    let written = if let Some(place) = grows {
        journal::line(&change).and_then(|line| journal::append(&path, place.length, &line))
    } else {
        journal::line(&group.whole()).and_then(|line| {
            fs::write(&path, &line)?;
            Ok(journal::length(&line))
        })
    };
    let length = written.map_err(|error| unusable(&path, error))?;
    shard.whole = false;
    shard.place =
        Some(JournalExtent { file, length, whole: grows.map_or(length, |place| place.whole) });
    Ok(())
}

/// Writes the root's journal as one commit of everything; its rename is what commits.
fn write_root_anew(cloud: &mut Cloud) -> Result<()> {
    let path = cloud.disk.root();
    let log = cloud.disk.generation;
    let commit = Commit {
        generation: log,
        root: Some(cloud.root.whole()),
        groups: cloud.shards.iter().map(|(scope, shard)| (index_key(scope), shard.place)).collect(),
    };
    let heading = Heading { layout: LAYOUT, log };
    let failed = |error: std::io::Error| unusable(&path, error);
    let mut lines = journal::line(&heading).map_err(failed)?;
    lines.extend(journal::line(&commit).map_err(failed)?);
    let mut file = tempfile::NamedTempFile::new_in(&cloud.disk.directory).map_err(failed)?;
    file.write_all(&lines).map_err(failed)?;
    file.persist(&path).map_err(|error| unusable(&path, error))?;
    cloud.disk.log = Some(log);
    cloud.disk.length = journal::length(&lines);
    cloud.disk.whole = cloud.disk.length;
    Ok(())
}
