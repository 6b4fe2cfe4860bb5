//! The part of the state outside resource groups: providers, operations, faults, the queue, the pace of time.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Deref, DerefMut},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::queue::{Queue, QueueChange};
use super::tracked::{MapChange, TrackedMap, TrackedValue};
use super::{Event, Operation, What};
use crate::practice::clock::Pace;
use crate::practice::identifier::Scope;

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

/// What is small and seldom changes: written whole when it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basics {
    pub(in crate::practice) pace: Pace,
    /// Seed that spreads durations between typical and slow; `None` means always typical.
    pub vary: Option<u64>,
    /// Faults that are switched on, with how often each may still strike (`None`: always).
    #[serde(default)]
    pub faults: BTreeMap<String, Option<u32>>,
    /// Provider registration: subscription (lower case) to namespaces (lower case) and their state.
    #[serde(default)]
    pub registrations: BTreeMap<String, BTreeMap<String, String>>,
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
}

fn one() -> usize {
    1
}

impl Basics {
    /// Those of a new cloud.
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            vary: None,
            faults: BTreeMap::new(),
            registrations: BTreeMap::new(),
            deleted: Vec::new(),
            device_codes: BTreeMap::new(),
            refuse_tokens_before: None,
            settings: BTreeMap::new(),
            subscriptions: one(),
            read_only: BTreeSet::new(),
            features: BTreeSet::new(),
        }
    }
}

/// All of it; its basics are read and changed as if they were its own.
#[derive(Debug)]
pub struct Root {
    basics: TrackedValue<Basics>,
    /// Long-running operations by id.
    pub operations: TrackedMap<Operation>,
    queue: Queue,
    /// How many operations there may be before those that ended long ago are looked for.
    tidy_above: usize,
}

/// What changed in the root.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct RootChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) basics: Option<Basics>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operations: Option<MapChange<Operation>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queue: Option<QueueChange>,
}

impl Deref for Root {
    type Target = Basics;

    fn deref(&self) -> &Basics {
        &self.basics
    }
}

impl DerefMut for Root {
    fn deref_mut(&mut self) -> &mut Basics {
        &mut self.basics
    }
}

/// Operations that are always few enough not to be tidied up.
const FEW: usize = 64;

impl Root {
    /// A root that is not on disk.
    pub(super) fn new(basics: Basics) -> Self {
        Self::of(TrackedValue::new(basics))
    }

    /// The root of an earlier layout: nothing of it is on disk in this one.
    pub(super) fn with(basics: Basics, operations: TrackedMap<Operation>, queue: Queue) -> Self {
        Self { operations, queue, ..Self::new(basics) }
    }

    /// A root as it was just read; `None` when the change is not of all of it.
    pub(super) fn read(change: RootChange) -> Option<Self> {
        let (basics, rest) = (change.basics?, RootChange { basics: None, ..change });
        let mut root = Self::of(TrackedValue::read(basics));
        root.apply(rest);
        Some(root)
    }

    fn of(basics: TrackedValue<Basics>) -> Self {
        Self { basics, operations: TrackedMap::default(), queue: Queue::default(), tidy_above: FEW }
    }

    /// Does to this root what was done to the one that told the change.
    pub(super) fn apply(&mut self, change: RootChange) {
        if let Some(basics) = change.basics {
            self.basics = TrackedValue::read(basics);
        }
        self.operations.apply(change.operations);
        self.queue.apply(change.queue);
    }

    /// What changed since it was last asked; `None` when nothing did.
    pub(super) fn take_change(&mut self) -> Option<RootChange> {
        let change = RootChange {
            basics: self.basics.take_change(),
            operations: self.operations.take_change(),
            queue: self.queue.take_change(),
        };
        let differs =
            change.basics.is_some() || change.operations.is_some() || change.queue.is_some();
        differs.then_some(change)
    }

    /// All of it.
    pub(super) fn whole(&self) -> RootChange {
        RootChange {
            basics: Some((*self.basics).clone()),
            operations: Some(self.operations.whole()),
            queue: Some(self.queue.whole()),
        }
    }

    /// Forgets the operations that the test is false for, once there are twice as many as after the last time: so each
    /// new operation costs the same, however many there are.
    pub fn tidy_operations(&mut self, stays: impl Fn(&Operation) -> bool) {
        if self.operations.len() < self.tidy_above {
            return;
        }
        self.operations.retain(|_, known| stays(known));
        self.tidy_above = self.operations.len().saturating_mul(2).max(FEW);
    }

    /// Adds an event in its place: by time, then by the order in which events were added.
    pub(super) fn schedule(&mut self, due: Timestamp, what: What) {
        self.queue.schedule(due, what);
    }

    /// Takes the first event due at the given time or before.
    pub fn take_due(&mut self, now: Timestamp) -> Option<Event> {
        self.queue.take_due(now)
    }

    /// What is still to happen, in order.
    pub fn events(&self) -> impl Iterator<Item = &What> {
        self.queue.events()
    }

    /// Drops the events that the given test is true for, as when a deployment is cancelled.
    pub fn drop_events(&mut self, test: impl FnMut(&What) -> bool) {
        self.queue.drop_events(test);
    }
}
