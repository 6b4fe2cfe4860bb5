//! Values that know how they differ from what is on disk, so that a request writes only what it changed.
//!
//! Reading them is free: they stand for what they hold. A change is told as plain data, which is written as one line of
//! a journal and applied in the same way by whoever reads that line.

use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
    sync::Arc,
};

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A small value that is written whole when it differs from what was written last.
#[derive(Debug)]
pub struct TrackedValue<T> {
    value: T,
    saved: Option<T>,
    touched: bool,
}

impl<T: Clone + PartialEq> TrackedValue<T> {
    /// A value that is not on disk.
    pub(super) fn new(value: T) -> Self {
        Self { value, saved: None, touched: true }
    }

    /// A value as it was just read.
    pub(super) fn read(value: T) -> Self {
        Self { saved: Some(value.clone()), value, touched: false }
    }

    /// What is to be written; from now on it counts as written.
    pub(super) fn take_change(&mut self) -> Option<T> {
        if !std::mem::take(&mut self.touched) || self.saved.as_ref() == Some(&self.value) {
            return None;
        }
        self.saved = Some(self.value.clone());
        self.saved.clone()
    }
}

impl<T> Deref for TrackedValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for TrackedValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.touched = true;
        &mut self.value
    }
}

/// Values by key, in order of their first insertion. Read as the map it is; changed by its own methods only.
#[derive(Debug)]
pub struct TrackedMap<V> {
    items: IndexMap<String, V>,
    /// Keys that changed; true for those that were taken away at least once, and so lost their place in the order.
    touched: BTreeMap<String, bool>,
}

/// What changed on a shelf. What is gone goes first: a key may be in both.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MapChange<V> {
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    gone: Vec<String>,
    #[serde(default = "IndexMap::new", skip_serializing_if = "IndexMap::is_empty")]
    put: IndexMap<String, V>,
}

impl<V> Default for TrackedMap<V> {
    fn default() -> Self {
        Self { items: IndexMap::new(), touched: BTreeMap::new() }
    }
}

impl<V> Deref for TrackedMap<V> {
    type Target = IndexMap<String, V>;

    fn deref(&self) -> &Self::Target {
        &self.items
    }
}

impl<V> TrackedMap<V> {
    /// Adds or replaces; what is replaced keeps its place.
    pub fn insert(&mut self, key: String, value: V) -> Option<V> {
        self.touched.entry(key.clone()).or_default();
        self.items.insert(key, value)
    }

    /// A value, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let value = self.items.get_mut(key)?;
        if !self.touched.contains_key(key) {
            self.touched.insert(key.to_owned(), false);
        }
        Some(value)
    }

    /// Takes a value away; the others keep their order.
    pub fn shift_remove(&mut self, key: &str) -> Option<V> {
        let value = self.items.shift_remove(key)?;
        self.touched.insert(key.to_owned(), true);
        Some(value)
    }

    /// Takes away what the test is false for.
    pub fn retain(&mut self, mut test: impl FnMut(&String, &V) -> bool) {
        let touched = &mut self.touched;
        self.items.retain(|key, value| {
            let stays = test(key, value);
            if !stays {
                touched.insert(key.clone(), true);
            }
            stays
        });
    }

    /// Does to this shelf what was done to the one that told the change. Nothing of it counts as changed here.
    pub(super) fn apply(&mut self, change: Option<MapChange<V>>) {
        let Some(change) = change else { return };
        for key in change.gone {
            self.items.shift_remove(&key);
        }
        self.items.extend(change.put);
    }
}

impl<V: Clone> TrackedMap<V> {
    /// What changed since it was last asked; `None` when nothing did.
    pub(super) fn take_change(&mut self) -> Option<MapChange<V>> {
        if self.touched.is_empty() {
            return None;
        }
        let mut gone = Vec::new();
        let mut places = Vec::new();
        for (key, was_removed) in std::mem::take(&mut self.touched) {
            places.extend(self.items.get_index_of(&key));
            if was_removed {
                gone.push(key);
            }
        }
        // New keys are told in the order they have here.
        places.sort_unstable();
        let put = places
            .into_iter()
            .filter_map(|place| self.items.get_index(place))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        Some(MapChange { gone, put })
    }

    /// All of it as a change of an empty shelf.
    pub(super) fn whole(&self) -> MapChange<V> {
        MapChange { gone: Vec::new(), put: self.items.clone() }
    }
}

/// The shelf of an earlier layout: nothing of it is on disk in this one.
impl<V> From<IndexMap<String, V>> for TrackedMap<V> {
    fn from(items: IndexMap<String, V>) -> Self {
        let touched = items.keys().map(|key| (key.clone(), false)).collect();
        Self { items, touched }
    }
}

/// A list that grows at its end and loses from its beginning.
#[derive(Debug)]
pub struct TrackedLog<T> {
    items: Vec<T>,
    added: usize,
    dropped: usize,
}

/// What changed in a row: how many were dropped at its beginning after these were added at its end.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LogChange<T> {
    #[serde(default)]
    dropped: usize,
    added: Vec<T>,
}

impl<T> Default for TrackedLog<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> From<Vec<T>> for TrackedLog<T> {
    fn from(items: Vec<T>) -> Self {
        Self { added: items.len(), dropped: 0, items }
    }
}

impl<T> Deref for TrackedLog<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> TrackedLog<T> {
    /// Adds one and drops the oldest above the given number.
    pub fn push(&mut self, item: T, most: usize) {
        self.items.push(item);
        self.added += 1;
        let surplus = self.items.len().saturating_sub(most);
        self.items.drain(..surplus);
        self.dropped += surplus;
    }

    /// See [`TrackedMap::apply`].
    pub(super) fn apply(&mut self, change: Option<LogChange<T>>) {
        let Some(change) = change else { return };
        self.items.extend(change.added);
        self.items.drain(..change.dropped.min(self.items.len()));
    }
}

impl<T: Clone> TrackedLog<T> {
    /// What changed since it was last asked; `None` when nothing did.
    pub(super) fn take_change(&mut self) -> Option<LogChange<T>> {
        let (added, mut dropped) =
            (std::mem::take(&mut self.added), std::mem::take(&mut self.dropped));
        if added == 0 && dropped == 0 {
            return None;
        }
        // What came and went in between is told as neither.
        let stayed = added.min(self.items.len());
        dropped -= (added - stayed).min(dropped);
        let from = self.items.len() - stayed;
        let added = self.items.get(from..).unwrap_or_default().to_vec();
        Some(LogChange { dropped, added })
    }

    /// All of it as a change of an empty row.
    pub(super) fn whole(&self) -> LogChange<T> {
        LogChange { dropped: 0, added: self.items.clone() }
    }
}

/// A large value that several hold and that nobody changes: a copy costs nothing.
#[derive(Debug, PartialEq)]
pub struct SharedRecord<T>(Arc<T>);

impl<T> SharedRecord<T> {
    /// Shares a value.
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for SharedRecord<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for SharedRecord<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Serialize> Serialize for SharedRecord<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for SharedRecord<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}
