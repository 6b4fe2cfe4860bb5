//! Reads the previous layout: `cloud.json` for the root, and one JSON file for each group and version of it.

use std::{collections::BTreeMap, fs, path::Path};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::disk::{fresh, group_name, scope_of_index_key, unusable};
use super::group::GroupProperties;
use super::queue::Queue;
use super::root::Basics;
use super::tracked::SharedRecord;
use super::{Cloud, Event, Operation, Root, StoredGroup, StoredResource};
use crate::domain::problem::Result;
use crate::practice::activity::ActivityEntry;
use crate::practice::deployment::Record;

#[derive(Deserialize)]
struct PreviousRoot {
    #[serde(flatten)]
    basics: Basics,
    #[serde(default)]
    operations: IndexMap<String, Operation>,
    next_sequence: u64,
    events: Vec<Event>,
    index: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct PreviousGroup {
    #[serde(flatten)]
    head: GroupProperties,
    #[serde(default)]
    resources: IndexMap<String, StoredResource>,
    #[serde(default)]
    deployments: IndexMap<String, SharedRecord<Record>>,
    #[serde(default)]
    activity: Vec<ActivityEntry>,
    #[serde(default)]
    refused: Vec<Value>,
}

/// The cloud in a directory of the previous layout, to be written in this one; `None` when there is none.
pub(super) fn read(directory: &Path, real_now: Timestamp) -> Result<Option<Cloud>> {
    let path = directory.join("cloud.json");
    if !path.exists() {
        return Ok(None);
    }
    let root: PreviousRoot = read_file(&path)?;
    let now = root.basics.pace.simulated(real_now);
    let queue = Queue::of(root.events, root.next_sequence);
    let known = Root::with(root.basics, root.operations.into(), queue);
    let mut cloud = fresh(directory, known, now);
    for (key, version) in root.index {
        let name = group_name(&scope_of_index_key(&key));
        let path = directory.join("groups").join(format!("{name}.{version}.json"));
        let group: PreviousGroup = read_file(&path)?;
        let mut known = StoredGroup::with(group.head);
        known.resources = group.resources.into();
        known.deployments = group.deployments.into();
        known.activity = group.activity.into();
        known.refused = group.refused.into();
        cloud.put_group(known);
    }
    Ok(Some(cloud))
}

fn read_file<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).map_err(|error| unusable(path, error))?;
    serde_json::from_slice(&bytes).map_err(|error| unusable(path, error))
}
