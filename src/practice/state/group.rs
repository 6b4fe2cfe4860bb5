//! A resource group with its resources and deployments: one shard of the state, one journal.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::tracked::{LogChange, MapChange, SharedRecord, TrackedLog, TrackedMap, TrackedValue};
use crate::practice::activity::ActivityEntry;
use crate::practice::deployment::Record;
use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::json::HasJson;

/// What a group is apart from what is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupProperties {
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
pub struct StoredGroup {
    head: TrackedValue<GroupProperties>,
    /// Resources by [`ResourceId::key`], in order of creation.
    pub resources: TrackedMap<StoredResource>,
    /// Deployments by name in lower case, in order of creation.
    pub deployments: TrackedMap<SharedRecord<Record>>,
    /// The newest entries of the activity log, oldest first.
    pub activity: TrackedLog<ActivityEntry>,
    /// What the group's firewalls refused, oldest first; the traffic module owns its form.
    pub refused: TrackedLog<Value>,
}

/// What changed in a group.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct GroupChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    head: Option<GroupProperties>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resources: Option<MapChange<StoredResource>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deployments: Option<MapChange<SharedRecord<Record>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    activity: Option<LogChange<ActivityEntry>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<LogChange<Value>>,
}

impl Deref for StoredGroup {
    type Target = GroupProperties;

    fn deref(&self) -> &GroupProperties {
        &self.head
    }
}

impl DerefMut for StoredGroup {
    fn deref_mut(&mut self) -> &mut GroupProperties {
        &mut self.head
    }
}

impl StoredGroup {
    /// An empty group.
    pub fn new(subscription: &str, name: &str, location: &str, now: Timestamp) -> Self {
        Self::with(GroupProperties {
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
    pub(super) fn with(head: GroupProperties) -> Self {
        Self::of(TrackedValue::new(head))
    }

    fn of(head: TrackedValue<GroupProperties>) -> Self {
        Self {
            head,
            resources: TrackedMap::default(),
            deployments: TrackedMap::default(),
            activity: TrackedLog::default(),
            refused: TrackedLog::default(),
        }
    }

    /// A group from the changes that made it; `None` when the first is not of all of it.
    pub(super) fn read(changes: Vec<GroupChange>) -> Option<Self> {
        let head = changes.first()?.head.clone()?;
        let mut group = Self::of(TrackedValue::read(head));
        for change in changes {
            group.apply(change);
        }
        Some(group)
    }

    /// Does to this group what was done to the one that told the change.
    pub(super) fn apply(&mut self, change: GroupChange) {
        if let Some(head) = change.head {
            self.head = TrackedValue::read(head);
        }
        self.resources.apply(change.resources);
        self.deployments.apply(change.deployments);
        self.activity.apply(change.activity);
        self.refused.apply(change.refused);
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
    /// A resource at its beginning, still without a body.
    pub fn new(id: &ResourceId, now: Timestamp) -> Self {
        Self {
            id: id.clone(),
            resource_type: id.resource_type(),
            name: id.name().to_owned(),
            api_version: String::new(),
            body: Value::Null,
            runtime: Value::Object(Map::new()),
            provisioning_state: "Succeeded".to_owned(),
            created: now,
            changed: now,
            etag: String::new(),
        }
    }

    /// A property of the body or, before it, of what the provider added; `path` is a JSON pointer.
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.runtime.pointer(path).or_else(|| self.body.pointer(path))
    }

    /// A text by its JSON pointer; empty when absent.
    pub fn text(&self, path: &str) -> &str {
        self.get(path).and_then(Value::as_str).unwrap_or("")
    }

    /// Whether this text stands there, in whatever case.
    pub fn says(&self, path: &str, text: &str) -> bool {
        self.text(path).eq_ignore_ascii_case(text)
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
