//! A resource group with its resources and deployments: one shard of the state, one journal.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::tracked::{Kept, Row, RowChange, Shared, Shelf, ShelfChange};
use crate::practice::{
    activity::Entry,
    deployment::Record,
    identifier::{ResourceId, Scope},
    json::HasJson,
};

/// What a group is apart from what is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Subscription id.
    pub subscription: String,
    /// Name as it was written first.
    pub name: String,
    /// Region in its short form.
    pub location: String,
    /// Tags.
    #[serde(default)]
    pub tags: Map<String, Value>,
    /// `Succeeded` or `Deleting`.
    pub provisioning_state: String,
    /// When it was made, in simulated time.
    pub created: Timestamp,
    /// When it last changed, in simulated time.
    pub changed: Timestamp,
}

/// A resource group; with an empty name, what a subscription holds outside groups. Its head is read and changed as if
/// it were its own.
#[derive(Debug)]
pub struct Group {
    head: Kept<Head>,
    /// Resources by [`ResourceId::key`], in order of creation.
    pub resources: Shelf<StoredResource>,
    /// Deployments by name in lower case, in order of creation.
    pub deployments: Shelf<Shared<Record>>,
    /// The newest entries of the activity log, oldest first.
    pub activity: Row<Entry>,
    /// What the group's firewalls refused, oldest first; the traffic module owns its form.
    pub refused: Row<Value>,
}

/// What changed in a group.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct GroupChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    head: Option<Head>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resources: Option<ShelfChange<StoredResource>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deployments: Option<ShelfChange<Shared<Record>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    activity: Option<RowChange<Entry>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<RowChange<Value>>,
}

impl Deref for Group {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl DerefMut for Group {
    fn deref_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

impl Group {
    /// An empty group.
    pub fn new(subscription: &str, name: &str, location: &str, now: Timestamp) -> Self {
        Self::with(Head {
            subscription: subscription.to_owned(),
            name: name.to_owned(),
            location: location.to_owned(),
            tags: Map::new(),
            provisioning_state: "Succeeded".to_owned(),
            created: now,
            changed: now,
        })
    }

    /// An empty group with a head that is not on disk.
    pub(super) fn with(head: Head) -> Self {
        Self::of(Kept::new(head))
    }

    fn of(head: Kept<Head>) -> Self {
        Self {
            head,
            resources: Shelf::default(),
            deployments: Shelf::default(),
            activity: Row::default(),
            refused: Row::default(),
        }
    }

    /// A group from the changes that made it; `None` when the first is not of all of it.
    pub(super) fn read(changes: Vec<GroupChange>) -> Option<Self> {
        let head = changes.first()?.head.clone()?;
        let mut group = Self::of(Kept::read(head));
        for change in changes {
            group.apply(change);
        }
        Some(group)
    }

    /// Does to this group what was done to the one that told the change.
    pub(super) fn apply(&mut self, change: GroupChange) {
        if let Some(head) = change.head {
            self.head = Kept::read(head);
        }
        if let Some(resources) = change.resources {
            self.resources.apply(resources);
        }
        if let Some(deployments) = change.deployments {
            self.deployments.apply(deployments);
        }
        if let Some(activity) = change.activity {
            self.activity.apply(activity);
        }
        if let Some(refused) = change.refused {
            self.refused.apply(refused);
        }
    }

    /// What changed since it was last asked; `None` when nothing did.
    pub(super) fn take_change(&mut self) -> Option<GroupChange> {
        let change = GroupChange {
            head: self.head.take_change(),
            resources: self.resources.take_change(),
            deployments: self.deployments.take_change(),
            activity: self.activity.take_change(),
            refused: self.refused.take_change(),
        };
        let differs = change.head.is_some()
            || change.resources.is_some()
            || change.deployments.is_some()
            || change.activity.is_some()
            || change.refused.is_some();
        differs.then_some(change)
    }

    /// All of it.
    pub(super) fn whole(&self) -> GroupChange {
        GroupChange {
            head: Some((*self.head).clone()),
            resources: Some(self.resources.whole()),
            deployments: Some(self.deployments.whole()),
            activity: Some(self.activity.whole()),
            refused: Some(self.refused.whole()),
        }
    }

    /// Where it lives in the state.
    pub fn scope(&self) -> Scope {
        Scope::group(&self.subscription, &self.name)
    }

    /// Its resource id.
    pub fn id(&self) -> String {
        self.scope().path(&self.name)
    }

    /// True while it is being deleted.
    pub fn is_being_deleted(&self) -> bool {
        self.provisioning_state == "Deleting"
    }
}

/// A resource as it is kept. Secrets in it are placeholders (see `secure`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredResource {
    /// Its id.
    pub id: ResourceId,
    /// Full type in Azure's own spelling.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Name as ARM shows it; a child's own name without its parents.
    pub name: String,
    /// API version of the last write.
    pub api_version: String,
    /// The body of the last write, merged with later patches.
    pub body: Value,
    /// What the resource provider adds on reading; merged over the body.
    pub runtime: Value,
    /// `Creating`, `Updating`, `Deleting`, `Succeeded`, `Failed` or `Canceled`.
    pub provisioning_state: String,
    /// When it was made, in simulated time.
    pub created: Timestamp,
    /// When it last changed, in simulated time.
    pub changed: Timestamp,
    /// Entity tag: a new one at each write.
    pub etag: String,
}

impl StoredResource {
    /// A property of the body or, before it, of what the provider added; `path` is a JSON pointer.
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.runtime.pointer(path).or_else(|| self.body.pointer(path))
    }

    /// A text by its JSON pointer; empty when absent.
    pub fn text(&self, path: &str) -> &str {
        self.get(path).and_then(Value::as_str).unwrap_or("")
    }

    /// True while a write or a deletion is going on.
    pub fn is_busy(&self) -> bool {
        matches!(self.provisioning_state.as_str(), "Creating" | "Updating" | "Deleting")
    }

    /// True for a resource of the given full type, whatever the case.
    pub fn is(&self, resource_type: &str) -> bool {
        self.resource_type.eq_ignore_ascii_case(resource_type)
    }
}

impl HasJson for StoredResource {
    fn at(&self, pointer: &str) -> Option<&Value> {
        self.get(pointer)
    }
}
