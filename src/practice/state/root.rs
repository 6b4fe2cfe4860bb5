//! The part of the state outside resource groups: providers, operations, faults, the queue, the pace of time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Event, Operation, What};
use crate::practice::{clock::Pace, identifier::Scope};

/// Tenant of the practice cloud.
pub const TENANT: &str = "00000000-0000-4000-8000-00000000a111";
/// Its first subscription; it always has this one.
pub const SUBSCRIPTION: &str = "00000000-0000-4000-8000-0000000051b1";
/// The first subscription's display name: nobody shall take it for a real one.
pub const SUBSCRIPTION_NAME: &str = "Practice subscription";

/// Something deleted that keeps its name until it is purged: a key vault, a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeletedResource {
    /// Full type in Azure's own spelling.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Name.
    pub name: String,
    /// Id it had.
    pub id: String,
    /// Region it was in.
    pub location: String,
    /// When it was deleted, in simulated time.
    pub deleted: Timestamp,
    /// When it goes for good, in simulated time.
    pub purged_after: Timestamp,
    /// Whether purging before that is forbidden.
    #[serde(default)]
    pub purge_protection: bool,
}

/// A sign-in by device code that is waiting for its second half.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// The code that the person types in.
    pub user_code: String,
    /// When it is taken as approved without anybody visiting the page, in simulated time.
    pub approved_at: Timestamp,
}

/// What is kept in `cloud.json`. `generation` stays the first field: it is read without the rest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Root {
    /// Grows with each save.
    pub(super) generation: u64,
    /// Version of this layout.
    pub(super) layout: u32,
    pub(in crate::practice) pace: Pace,
    /// Seed that spreads durations between typical and slow; `None` means always typical.
    pub vary: Option<u64>,
    /// Faults that are switched on, with how often each may still strike (`None`: always).
    #[serde(default)]
    pub faults: BTreeMap<String, Option<u32>>,
    /// Provider registration: subscription (lower case) to namespaces (lower case) and their state.
    #[serde(default)]
    pub registrations: BTreeMap<String, BTreeMap<String, String>>,
    /// Long-running operations by id.
    #[serde(default)]
    pub operations: BTreeMap<String, Operation>,
    /// What keeps its name after deletion.
    #[serde(default)]
    pub deleted: Vec<DeletedResource>,
    /// Sign-ins by device code, by device code.
    #[serde(default)]
    pub device_codes: BTreeMap<String, DeviceCode>,
    /// Tokens issued before this real time are refused.
    #[serde(default)]
    pub refuse_tokens_before: Option<Timestamp>,
    /// Tags of subscriptions and other odd settings, by path.
    #[serde(default)]
    pub settings: BTreeMap<String, Value>,
    /// How many subscriptions it has, at least 1 (see `catalog::subscription`).
    #[serde(default = "one")]
    pub subscriptions: usize,
    /// Groups that the caller may only read.
    #[serde(default)]
    pub read_only: BTreeSet<Scope>,
    /// Preview features that were registered, in lower case, `namespace/feature`.
    #[serde(default)]
    pub features: BTreeSet<String>,
    next_sequence: u64,
    events: Vec<Event>,
    /// Shards and the version of each one's file.
    pub(super) index: BTreeMap<String, u64>,
}

fn one() -> usize {
    1
}

impl Root {
    /// The root of a new cloud.
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            generation: 0,
            layout: 1,
            pace,
            vary: None,
            faults: BTreeMap::new(),
            registrations: BTreeMap::new(),
            operations: BTreeMap::new(),
            deleted: Vec::new(),
            device_codes: BTreeMap::new(),
            refuse_tokens_before: None,
            settings: BTreeMap::new(),
            subscriptions: one(),
            read_only: BTreeSet::new(),
            features: BTreeSet::new(),
            next_sequence: 0,
            events: Vec::new(),
            index: BTreeMap::new(),
        }
    }

    /// Adds an event in its place: by time, then by the order in which events were added.
    pub(super) fn schedule(&mut self, due: Timestamp, what: What) {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        let place = self.events.partition_point(|event| event.due <= due);
        self.events.insert(
            place,
            Event {
                due,
                sequence,
                what,
            },
        );
    }

    /// Takes the first event due at the given time or before.
    pub fn take_due(&mut self, now: Timestamp) -> Option<Event> {
        let first = self.events.first()?;
        (first.due <= now).then(|| self.events.remove(0))
    }

    /// What is still to happen, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Drops the events that the given test is true for, as when a deployment is cancelled.
    pub fn drop_events(&mut self, mut test: impl FnMut(&What) -> bool) {
        self.events.retain(|event| !test(&event.what));
    }

    /// Simulated seconds per real second.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.pace.speed()
    }
}
