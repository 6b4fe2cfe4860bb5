//! What Azure adds to a resource where the request left it out: data, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::practice::clock::later;
use crate::practice::state::{StoredResource, TENANT};

static DEFAULTS: LazyLock<BTreeMap<String, Value>> =
    LazyLock::new(|| toml::from_str(include_str!("defaults.toml")).unwrap_or_default());

/// Adds what is missing. What is there stays, whatever it is.
pub(super) fn fill(stored: &StoredResource, content: &mut Value) {
    let kind = stored.resource_type.to_ascii_lowercase();
    if let Some(defaults) = DEFAULTS.get(&kind) {
        add(content, defaults, stored);
    }
}

fn add(content: &mut Value, defaults: &Value, stored: &StoredResource) {
    let (Value::Object(members), Value::Object(defaults)) = (content, defaults) else { return };
    for (name, default) in defaults {
        if let Some(list) = name.strip_suffix("[]") {
            let items = members.get_mut(list).and_then(Value::as_array_mut);
            for item in items.into_iter().flatten() {
                add(item, default, stored);
            }
        } else if let Some(known) = members.get_mut(name) {
            add(known, default, stored);
        } else {
            members.insert(name.clone(), told(default, stored));
        }
    }
}

/// Takes out of what was written what Azure adds anyhow and `wanted` does not ask for: whoever writes what they have
/// read writes the defaults too, and a preview does not count them.
pub fn drop_unasked(stored: &StoredResource, written: &mut Value, wanted: &Value) {
    let kind = stored.resource_type.to_ascii_lowercase();
    if let Some(defaults) = DEFAULTS.get(&kind) {
        drop_from(written, defaults, wanted, stored);
    }
}

fn drop_from(written: &mut Value, defaults: &Value, wanted: &Value, stored: &StoredResource) {
    let (Value::Object(members), Value::Object(defaults)) = (written, defaults) else { return };
    for (name, default) in defaults {
        if let Some(list) = name.strip_suffix("[]") {
            let items = members.get_mut(list).and_then(Value::as_array_mut);
            for (index, item) in items.into_iter().flatten().enumerate() {
                let asked = wanted.get(list).and_then(|all| all.get(index));
                drop_from(item, default, asked.unwrap_or(&Value::Null), stored);
            }
        } else if let Some(asked) = wanted.get(name) {
            if let Some(member) = members.get_mut(name) {
                drop_from(member, default, asked, stored);
            }
        } else if members.get(name) == Some(&told(default, stored)) {
            members.shift_remove(name);
        }
    }
}

/// A default with the resource's own in place of what stands for it.
fn told(default: &Value, stored: &StoredResource) -> Value {
    match default {
        Value::String(text) if text == "{seconds}" => stored.created.as_second().into(),
        Value::String(text) => Value::String(match text.as_str() {
            "{guid}" => guid(stored),
            "{created}" => stored.created.to_string(),
            "{changed}" => stored.changed.to_string(),
            "{tomorrow}" => tomorrow(stored.created).to_string(),
            "{tenant}" => TENANT.to_owned(),
            other => other.replace("{name}", &stored.name),
        }),
        Value::Array(items) => items.iter().map(|item| told(item, stored)).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !name.ends_with("[]"))
            .map(|(name, member)| (name.clone(), told(member, stored)))
            .collect(),
        other => other.clone(),
    }
}

fn guid(stored: &StoredResource) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, stored.id.key().as_bytes()).to_string()
}

fn tomorrow(moment: Timestamp) -> Timestamp {
    later(moment, SignedDuration::from_hours(24))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::practice::identifier::ResourceId;

    #[test]
    fn the_list_can_be_read() {
        let read: Result<BTreeMap<String, Value>, _> =
            toml::from_str(include_str!("defaults.toml"));
        assert!(read.is_ok_and(|types| types.len() > 20));
    }

    #[test]
    fn what_is_missing_is_added_and_what_is_there_stays() {
        let id =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n";
        let stored = StoredResource {
            id: ResourceId::parse(id).unwrap(),
            resource_type: "Microsoft.Network/networkSecurityGroups".into(),
            name: "n".into(),
            api_version: String::new(),
            body: json!({}),
            runtime: json!({}),
            provisioning_state: "Succeeded".into(),
            created: Timestamp::UNIX_EPOCH,
            changed: Timestamp::UNIX_EPOCH,
            etag: String::new(),
        };
        let rule = json!({ "properties": { "sourcePortRanges": ["1"] } });
        let mut content =
            json!({ "properties": { "securityRules": [rule], "resourceGuid": null } });
        fill(&stored, &mut content);
        let properties = &content["properties"];
        assert_eq!(properties["resourceGuid"], Value::Null);
        let rule = &properties["securityRules"][0]["properties"];
        assert_eq!(rule["sourcePortRanges"], json!(["1"]));
        assert_eq!(rule["destinationPortRanges"], json!([]));
        let asked = json!({ "properties": { "securityRules": [{ "properties": { "sourcePortRanges": ["1"], "sourceAddressPrefixes": [] } }] } });
        drop_unasked(&stored, &mut content, &asked);
        let rule = &content["properties"]["securityRules"][0]["properties"];
        assert_eq!(rule, &json!({ "sourcePortRanges": ["1"], "sourceAddressPrefixes": [] }));
    }
}
