//! Identities: what a resource with a system-assigned or user-assigned identity shows of its principal.

use serde_json::{Map, Value, json};

use super::child;
use crate::practice::identifier::ResourceId;
use crate::practice::state::{Cloud, TENANT};

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    if id.is("Microsoft.ManagedIdentity/userAssignedIdentities") {
        let shown = json!({ "properties": principal(cloud, id) });
        child::show(cloud, id, shown);
        return;
    }
    let kinds = child::text(cloud, id, "/identity/type");
    if kinds.contains("SystemAssigned") {
        let shown = json!({ "identity": {
            "principalId": child::identifier(cloud, id, "principal"),
            "tenantId": TENANT,
        }});
        child::show(cloud, id, shown);
    }
    if kinds.contains("UserAssigned") {
        let identities = cloud.resource(id).and_then(|found| {
            found.body.pointer("/identity/userAssignedIdentities")?.as_object().cloned()
        });
        let mut shown = Map::new();
        for key in identities.unwrap_or_default().keys() {
            if let Some(identity) = ResourceId::parse(key) {
                let mut facts = principal(cloud, &identity);
                if let Some(members) = facts.as_object_mut() {
                    members.shift_remove("tenantId");
                }
                shown.insert(key.clone(), facts);
            }
        }
        child::show(cloud, id, json!({ "identity": { "userAssignedIdentities": shown } }));
    }
}

fn principal(cloud: &Cloud, identity: &ResourceId) -> Value {
    json!({
        "principalId": child::identifier(cloud, identity, "principal"),
        "clientId": child::identifier(cloud, identity, "client"),
        "tenantId": TENANT,
    })
}
