//! The queue of what is due: by time, then in the order of scheduling.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Event, What};

/// Its place tells an event from all others.
type QueueKey = (Timestamp, u64);

/// What is still to happen.
#[derive(Debug, Default)]
pub(super) struct Queue {
    items: BTreeMap<QueueKey, What>,
    next_sequence: u64,
    added: BTreeSet<QueueKey>,
    gone: Vec<QueueKey>,
}

/// What changed in the queue.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct QueueChange {
    next_sequence: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gone: Vec<QueueKey>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    added: Vec<Event>,
}

impl Queue {
    /// The queue of an earlier layout: nothing of it is on disk in this one.
    pub(super) fn of(events: Vec<Event>, next_sequence: u64) -> Self {
        let items: BTreeMap<QueueKey, What> =
            events.into_iter().map(|event| ((event.due, event.sequence), event.what)).collect();
        Self { added: items.keys().copied().collect(), items, next_sequence, gone: Vec::new() }
    }

    pub(super) fn schedule(&mut self, due: Timestamp, what: What) {
        let place = (due, self.next_sequence);
        self.next_sequence += 1;
        self.items.insert(place, what);
        self.added.insert(place);
    }

    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<Event> {
        let first = self.items.first_entry().filter(|each| each.key().0 <= now)?;
        let (place, what) = first.remove_entry();
        self.forget(place);
        let (due, sequence) = place;
        Some(Event { due, sequence, what })
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &What> {
        self.items.values()
    }

    pub(super) fn drop_events(&mut self, mut test: impl FnMut(&What) -> bool) {
        let dropped: Vec<QueueKey> =
            self.items.iter().filter(|(_, what)| test(what)).map(|(place, _)| *place).collect();
        for place in dropped {
            self.items.remove(&place);
            self.forget(place);
        }
    }

    fn forget(&mut self, place: QueueKey) {
        if !self.added.remove(&place) {
            self.gone.push(place);
        }
    }

    /// What changed since it was last asked; `None` when nothing did.
    pub(super) fn take_change(&mut self) -> Option<QueueChange> {
        let (added, gone) = (std::mem::take(&mut self.added), std::mem::take(&mut self.gone));
        let change = self.told(added, gone);
        (!change.added.is_empty() || !change.gone.is_empty()).then_some(change)
    }

    /// All of it as a change of an empty queue.
    pub(super) fn whole(&self) -> QueueChange {
        self.told(self.items.keys().copied(), Vec::new())
    }

    fn told(&self, added: impl IntoIterator<Item = QueueKey>, gone: Vec<QueueKey>) -> QueueChange {
        let added = added.into_iter().filter_map(|place| {
            let what = self.items.get(&place)?.clone();
            let (due, sequence) = place;
            Some(Event { due, sequence, what })
        });
        QueueChange { next_sequence: self.next_sequence, gone, added: added.collect() }
    }

    /// Does to this queue what was done to the one that told the change.
    pub(super) fn apply(&mut self, change: Option<QueueChange>) {
        let Some(change) = change else { return };
        self.next_sequence = change.next_sequence;
        for place in change.gone {
            self.items.remove(&place);
        }
        for event in change.added {
            self.items.insert((event.due, event.sequence), event.what);
        }
    }
}
