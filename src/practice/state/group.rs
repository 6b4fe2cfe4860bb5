//! A resource group with its resources and deployments: one shard of the state, one file.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::practice::{
    activity::Entry,
    identifier::{ResourceId, Scope},
};

/// A resource group; with an empty name, what a subscription holds outside groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
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
    /// Resources by [`ResourceId::key`], in order of creation.
    #[serde(default)]
    pub resources: IndexMap<String, StoredResource>,
    /// Deployments by name in lower case, in order of creation; the deployment module owns their content.
    #[serde(default)]
    pub deployments: IndexMap<String, Value>,
    /// The newest entries of the activity log, oldest first.
    #[serde(default)]
    pub activity: Vec<Entry>,
    /// What the group's firewalls refused, oldest first; the traffic module owns its form.
    #[serde(default)]
    pub refused: Vec<Value>,
}

impl Group {
    /// An empty group.
    #[must_use]
    pub fn new(subscription: &str, name: &str, location: &str, now: Timestamp) -> Self {
        Self {
            subscription: subscription.to_owned(),
            name: name.to_owned(),
            location: location.to_owned(),
            tags: Map::new(),
            provisioning_state: "Succeeded".to_owned(),
            created: now,
            changed: now,
            resources: IndexMap::new(),
            deployments: IndexMap::new(),
            activity: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Where it lives in the state.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::group(&self.subscription, &self.name)
    }

    /// Its resource id.
    #[must_use]
    pub fn id(&self) -> String {
        self.scope().path(&self.name)
    }

    /// True while it is being deleted.
    #[must_use]
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
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.runtime
            .pointer(path)
            .or_else(|| self.body.pointer(path))
    }

    /// A text by its JSON pointer; empty when absent.
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        self.get(path).and_then(Value::as_str).unwrap_or("")
    }

    /// True while a write or a deletion is going on.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(
            self.provisioning_state.as_str(),
            "Creating" | "Updating" | "Deleting"
        )
    }

    /// True for a resource of the given full type, whatever the case.
    #[must_use]
    pub fn is(&self, resource_type: &str) -> bool {
        self.resource_type.eq_ignore_ascii_case(resource_type)
    }
}
