//! What a running deployment knows beyond its template: the resources that stand, its secrets, the time.
//!
//! It answers the template's `reference` and `list…` functions from the state and notes what it could not answer, so
//! that a reference to something missing becomes Azure's error and not a piece of text.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Value, json};

use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::json;
use crate::practice::resource::render;
use crate::practice::state::Cloud;
use crate::template::Runtime;

use super::nested;
use super::record::Record;

/// The runtime of one evaluation.
pub struct CloudRuntime<'cloud> {
    cloud: &'cloud Cloud,
    secrets: BTreeMap<String, Value>,
    /// Ids that were asked for, in order.
    asked: RefCell<Vec<String>>,
    /// Ids that were asked for and are not there.
    missed: RefCell<Vec<String>>,
}

impl<'cloud> CloudRuntime<'cloud> {
    /// Secrets by parameter name: their values while a submission is judged, their digests afterwards.
    pub fn new(cloud: &'cloud Cloud, secrets: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self {
            cloud,
            secrets: secrets
                .into_iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect(),
            asked: RefCell::default(),
            missed: RefCell::default(),
        }
    }

    /// True when something about another resource was asked for.
    pub fn was_asked(&self) -> bool {
        !self.asked.borrow().is_empty()
    }

    /// The first id that was asked for in vain.
    pub fn missed(&self) -> Option<String> {
        self.missed.borrow().first().cloned()
    }

    fn find(&self, id: &str) -> Option<Value> {
        let id = &nested::own_words(id);
        self.asked.borrow_mut().push(id.clone());
        let found = self.lookup(id);
        if found.is_none() {
            self.missed.borrow_mut().push(id.clone());
        }
        found
    }

    fn lookup(&self, id: &str) -> Option<Value> {
        let Some(parsed) = ResourceId::parse(id) else { return self.group(id) };
        if parsed.is("Microsoft.Resources/deployments") {
            let record = Record::load(self.cloud, &parsed.scope(), parsed.name())?;
            return (!record.is_running()).then(|| super::answer::view(self.cloud, &record));
        }
        let stored = self.cloud.resource(&parsed)?;
        if stored.provisioning_state == "Creating" {
            return None;
        }
        let mut view = render(self.cloud, stored);
        json::set(&mut view, "apiVersion", stored.api_version.as_str());
        Some(view)
    }

    fn group(&self, id: &str) -> Option<Value> {
        let segments: Vec<&str> = id.split('/').filter(|part| !part.is_empty()).collect();
        let [_, subscription, _, name] = segments.as_slice() else { return None };
        let group = self.cloud.group(&Scope::group(subscription, name))?;
        Some(json!({
            "id": group.id(),
            "name": group.name,
            "location": group.location,
            "tags": group.tags,
            "properties": { "provisioningState": group.provisioning_state },
        }))
    }
}

impl Runtime for CloudRuntime<'_> {
    fn reference(&self, id: &str, _api_version: Option<&str>, full: bool) -> Option<Value> {
        let whole = self.find(id)?;
        if full {
            return Some(whole);
        }
        Some(whole.get("properties").cloned().unwrap_or_else(|| json!({})))
    }

    fn list(&self, function: &str, id: &str, _: &str, _: Option<&Value>) -> Option<Value> {
        self.find(id)?;
        // Keys that open nothing: there is no data plane behind them.
        let key =
            |name: &str| json!({ "keyName": name, "value": "cHJhY3RpY2U=", "permissions": "FULL" });
        Some(match function.to_ascii_lowercase().as_str() {
            "listkeys" => json!({
                "keys": [key("key1"), key("key2")],
                "primarySharedKey": "practice",
                "secondarySharedKey": "practice",
            }),
            "listcredentials" => json!({
                "username": "practice",
                "passwords": [{ "name": "password", "value": "practice" }],
            }),
            _ => json!({ "value": [] }),
        })
    }

    fn secure(&self, parameter: &str) -> Option<Value> {
        self.secrets.get(&parameter.to_ascii_lowercase()).cloned()
    }

    fn utc_now(&self) -> Option<String> {
        Some(self.cloud.now().to_string())
    }

    fn new_guid(&self) -> Option<String> {
        Some(self.cloud.new_guid())
    }
}
