//! What the practice cloud knows: subscriptions, groups, resources, running operations, and what is due when.
//!
//! Plain data with lookups. Files are `disk`'s business; no rule of Azure lives here. Simulated time is `Cloud::now`,
//! and nothing here reads a clock.

mod disk;
mod event;
mod group;
mod journal;
mod operation;
mod previous;
mod queue;
mod root;
mod save;
#[cfg(test)]
mod tests;
mod tracked;

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use jiff::{SignedDuration, Timestamp};

pub use self::disk::Store;
pub use self::event::{Event, What};
pub use self::group::{StoredGroup, StoredResource};
pub use self::operation::{Operation, OperationStatus};
pub use self::root::{DeletedResource, DeviceCode, Root, SUBSCRIPTION, SUBSCRIPTION_NAME, TENANT};
pub use self::tracked::SharedRecord;
use super::clock::later;
use super::identifier::{ResourceId, Scope};
use super::rights::Caller;

/// One shard: read from disk when it is first asked for.
#[derive(Debug, Default)]
struct Shard {
    group: OnceCell<Option<StoredGroup>>,
    /// Where it is on disk, if it is.
    place: Option<disk::JournalExtent>,
    /// It is another group than the one on disk, and is written whole.
    whole: bool,
    removed: bool,
}

impl Shard {
    fn group(&self, disk: &disk::Position, scope: &Scope) -> Option<&StoredGroup> {
        if self.removed {
            return None;
        }
        let read = || disk.read(scope, self.place);
        self.group.get_or_init(read).as_ref()
    }
}

/// The whole cloud as one request sees it. `now` is simulated time, and everything due before it has happened.
#[derive(Debug)]
pub struct Cloud {
    /// What is not in a resource group.
    pub root: Root,
    /// Who sent the request that is being answered.
    pub caller: Caller,
    now: Timestamp,
    real_now: Timestamp,
    shards: BTreeMap<Scope, Shard>,
    /// Shards that may have changed since they were written.
    touched: BTreeSet<Scope>,
    disk: disk::Position,
}

impl Cloud {
    /// Simulated time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Real time at the moment of the request: only tokens care.
    pub fn real_now(&self) -> Timestamp {
        self.real_now
    }

    /// Moves simulated time; only `advance` does.
    pub(super) fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Goes on at another speed, without a jump in simulated time, and with another spread of durations.
    pub(super) fn set_pace(&mut self, speed: f64, vary: Option<u64>) {
        if self.root.pace.speed().to_bits() != speed.to_bits() {
            self.root.pace.rebase(self.real_now, speed);
        }
        self.root.vary = vary;
    }

    /// A resource group, or what a subscription holds outside groups (empty group name).
    pub fn group(&self, scope: &Scope) -> Option<&StoredGroup> {
        self.shards.get(scope)?.group(&self.disk, scope)
    }

    /// As [`Self::group`], to be changed: it is written at the end of the request.
    pub fn group_mut(&mut self, scope: &Scope) -> Option<&mut StoredGroup> {
        let shard = self.shards.get_mut(scope)?;
        if shard.removed {
            return None;
        }
        let (disk, place) = (&self.disk, shard.place);
        shard.group.get_or_init(|| disk.read(scope, place));
        if !self.touched.contains(scope) {
            self.touched.insert(scope.clone());
        }
        shard.group.get_mut()?.as_mut()
    }

    /// The resource groups of a subscription, by name.
    pub fn groups<'cloud>(
        &'cloud self,
        subscription: &str,
    ) -> impl Iterator<Item = &'cloud StoredGroup> {
        self.shards_of(subscription)
            .filter(|(scope, _)| scope.is_group())
            .filter_map(|(scope, shard)| shard.group(&self.disk, scope))
    }

    fn shards_of(&self, subscription: &str) -> impl Iterator<Item = (&Scope, &Shard)> {
        let first = Scope::subscription(subscription);
        let subscription = first.subscription.clone();
        self.shards.range(first..).take_while(move |(scope, _)| scope.subscription == subscription)
    }

    /// Adds or replaces a group.
    pub fn put_group(&mut self, group: StoredGroup) {
        let scope = group.scope();
        self.touched.insert(scope.clone());
        let shard = self.shards.entry(scope).or_default();
        shard.removed = false;
        shard.whole = true;
        shard.group = OnceCell::from(Some(group));
    }

    /// Takes a group away with all that is in it.
    pub fn remove_group(&mut self, scope: &Scope) {
        if let Some(shard) = self.shards.get_mut(scope) {
            shard.removed = true;
            shard.group = OnceCell::from(None);
            self.touched.insert(scope.clone());
        }
    }

    /// A resource by its id, whatever its case.
    pub fn resource(&self, id: &ResourceId) -> Option<&StoredResource> {
        self.group(&id.scope())?.resources.get(&id.key())
    }

    /// As [`Self::resource`], to be changed.
    pub fn resource_mut(&mut self, id: &ResourceId) -> Option<&mut StoredResource> {
        let key = id.key();
        self.group(&id.scope())?.resources.get(&key)?;
        self.group_mut(&id.scope())?.resources.get_mut(&key)
    }

    /// A resource by its id as text.
    pub fn resource_at(&self, id: &str) -> Option<&StoredResource> {
        self.resource(&ResourceId::parse(id)?)
    }

    /// Adds or replaces a resource; without its group nothing happens.
    pub fn put_resource(&mut self, resource: StoredResource) {
        let key = resource.id.key();
        if let Some(group) = self.group_mut(&resource.id.scope()) {
            group.resources.insert(key, resource);
        }
    }

    /// Takes a resource away with its children and the extension resources upon it.
    pub fn remove_resource(&mut self, id: &ResourceId) -> Option<StoredResource> {
        let key = id.key();
        let group = self.group_mut(&id.scope())?;
        let below = format!("{key}/");
        group.resources.retain(|known, _| !known.starts_with(&below));
        group.resources.shift_remove(&key)
    }

    /// The resources of a group, in order of creation; none when there is no such group.
    pub fn resources_in<'cloud>(
        &'cloud self,
        scope: &Scope,
    ) -> impl Iterator<Item = &'cloud StoredResource> + use<'cloud> {
        self.group(scope).into_iter().flat_map(|group| group.resources.values())
    }

    /// What stands below a resource, in order of creation: its children, theirs, and its extensions.
    pub fn below<'cloud>(
        &'cloud self,
        id: &ResourceId,
    ) -> impl Iterator<Item = &'cloud StoredResource> + use<'cloud> {
        self.under(&id.scope(), format!("{}/", id.key()))
    }

    /// The children of a resource under a segment of its type, such as `subnets`, with all that is below them.
    pub fn children<'cloud>(
        &'cloud self,
        id: &ResourceId,
        segment: &str,
    ) -> impl Iterator<Item = &'cloud StoredResource> + use<'cloud> {
        self.under(&id.scope(), id.child(segment, "").key())
    }

    fn under<'cloud>(
        &'cloud self,
        scope: &Scope,
        prefix: String,
    ) -> impl Iterator<Item = &'cloud StoredResource> + use<'cloud> {
        let all = self.group(scope).into_iter().flat_map(|group| group.resources.iter());
        all.filter(move |(key, _)| key.starts_with(&prefix)).map(|(_, resource)| resource)
    }

    /// Every resource of a subscription, group by group in order of creation.
    pub fn resources<'cloud>(
        &'cloud self,
        subscription: &str,
    ) -> impl Iterator<Item = &'cloud StoredResource> {
        self.shards_of(subscription)
            .filter_map(|(scope, shard)| shard.group(&self.disk, scope))
            .flat_map(|group| group.resources.values())
    }

    /// Every resource of every subscription: some names are unique in the whole of Azure.
    pub fn all_resources(&self) -> impl Iterator<Item = &StoredResource> {
        self.shards
            .iter()
            .filter_map(|(scope, shard)| shard.group(&self.disk, scope))
            .flat_map(|group| group.resources.values())
    }

    /// Puts an event into the queue, due at the given simulated time.
    pub fn schedule(&mut self, due: Timestamp, what: What) {
        self.root.schedule(due, what);
    }

    /// Puts an event into the queue, due after the given simulated span.
    pub fn schedule_in(&mut self, span: SignedDuration, what: What) {
        self.root.schedule(later(self.now, span), what);
    }

    /// A new random id.
    #[must_use]
    #[expect(
        clippy::unused_self,
        reason = "ids are the cloud's to give; where they come from is its own business"
    )]
    pub fn new_guid(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}
