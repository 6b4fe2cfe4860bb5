//! Resources that come with another one, and what a provider adds to a resource on reading.
//!
//! A virtual network brings its subnets, an endpoint its network card, a machine its disk, a storage account its
//! services: each can be read by its own id and refers back to its maker. Only the state is changed here.

use serde_json::{Value, json};
use uuid::Uuid;

use super::version;
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::state::{Cloud, StoredResource};

/// A resource that is ready at once, as it is made beside another one.
pub(super) fn make(cloud: &mut Cloud, id: &ResourceId, version: &str, body: Value, runtime: Value) {
    let fresh = StoredResource::new(id, cloud.now());
    let before = cloud.resource(id);
    let created = before.map_or(fresh.created, |before| before.created);
    let same = before.is_some_and(|before| before.body == body && before.runtime == runtime);
    if same {
        return;
    }
    cloud.put_resource(StoredResource {
        resource_type: version::spelled(id),
        api_version: version.to_owned(),
        body,
        runtime,
        created,
        etag: identifier(cloud, id, &format!("etag {}", fresh.changed)),
        ..fresh
    });
}

/// An id that belongs to this very resource: a workspace id, a principal, the identity of a machine. It stays the same
/// for the life of the resource, and another one made later under the same name gets another.
pub(super) fn identifier(cloud: &Cloud, id: &ResourceId, what: &str) -> String {
    let created = cloud.resource(id).map_or_else(|| cloud.now(), |found| found.created);
    let text = format!("{}|{created}|{what}", id.key());
    Uuid::new_v5(&Uuid::NAMESPACE_URL, text.as_bytes()).to_string()
}

/// Adds to what a resource shows on reading; objects are merged, everything else is replaced.
pub(super) fn show(cloud: &mut Cloud, id: &ResourceId, added: Value) {
    if let Some(resource) = cloud.resource_mut(id) {
        json::merge(&mut resource.runtime, added);
    }
}

/// Adds to the properties that a resource shows on reading.
macro_rules! show_properties {
    ($cloud:expr, $id:expr, $properties:tt) => {
        let shown = serde_json::json!({ "properties": $properties });
        $crate::practice::rule::child::show($cloud, $id, shown);
    };
}
pub(super) use show_properties;

/// When a resource was made, as it shows it.
pub(super) fn created(cloud: &Cloud, id: &ResourceId) -> Option<String> {
    cloud.resource(id).map(|found| found.created.to_string())
}

/// Named parts of a body, such as security rules, with the id, type and state that Azure adds to each.
pub(super) fn with_ids(parent: &ResourceId, segment: &str, items: &[Value]) -> Vec<Value> {
    items
        .iter()
        .map(|item| {
            let mut item = item.clone();
            let id = parent.child(segment, item.text("/name"));
            let added = json!({
                "id": id.to_string(),
                "type": id.resource_type(),
                "properties": { "provisioningState": "Succeeded" }
            });
            json::merge(&mut item, added);
            item
        })
        .collect()
}

/// The list at a JSON pointer of a resource's body; empty when absent.
pub(super) fn items(cloud: &Cloud, id: &ResourceId, pointer: &str) -> Vec<Value> {
    cloud.resource(id).map_or_else(Vec::new, |resource| resource.body.items(pointer).to_vec())
}

/// The same of what the provider has added.
pub(super) fn shown(cloud: &Cloud, id: &ResourceId, pointer: &str) -> Vec<Value> {
    cloud.resource(id).map_or_else(Vec::new, |resource| resource.runtime.items(pointer).to_vec())
}

/// The text at a JSON pointer of a resource, read as a client reads it; empty when absent.
pub(super) fn text(cloud: &Cloud, id: &ResourceId, pointer: &str) -> String {
    cloud.resource(id).map_or("", |resource| resource.text(pointer)).to_owned()
}

/// The id of a resource at a JSON pointer of another, where there is one.
pub(super) fn id_at(cloud: &Cloud, id: &ResourceId, pointer: &str) -> Option<ResourceId> {
    cloud.resource(id)?.id_at(pointer)
}

/// The API version with which a resource was written; empty when it is not there.
pub(super) fn api_version(cloud: &Cloud, id: &ResourceId) -> String {
    cloud.resource(id).map_or_else(String::new, |found| found.api_version.clone())
}

/// The region of a resource in its short form.
pub(super) fn location(cloud: &Cloud, id: &ResourceId) -> String {
    text(cloud, id, "/location").to_ascii_lowercase().replace(' ', "")
}
