//! A group as a template, and the refusal to move what is in it.
//!
//! The export is what was written, without secrets and without what providers add; children stand beside their parents.

use serde_json::{Map, Value, json};

use super::identifier::Scope;
use super::reply::Reply;
use super::request::Request;
use super::secure;
use super::state::{Cloud, StoredResource};

/// Answers `POST {group}/exportTemplate`, `moveResources` and `validateMoveResources`; `None` when the path is
/// another's.
pub fn handle(cloud: &Cloud, request: &Request, path: &[&str]) -> Option<Reply> {
    match (request.method.as_str(), path) {
        ("POST", ["resourcegroups", _, "exporttemplate"]) => Some(template(cloud, request)),
        ("POST", ["resourcegroups", _, "moveresources" | "validatemoveresources"]) => Some(fault!(
            409,
            "ResourceMoveNotSupported",
            "The practice cloud does not move resources to another group or subscription. Nothing was changed."
        )),
        _ => None,
    }
}

/// <https://learn.microsoft.com/rest/api/resources/resource-groups/export-template>
fn template(cloud: &Cloud, request: &Request) -> Reply {
    let scope = Scope::group(request.segment(1), request.segment(3));
    let wanted = |stored: &&StoredResource| {
        let asked = request.body.get("resources").and_then(Value::as_array);
        asked.is_none_or(|asked| {
            asked
                .iter()
                .filter_map(Value::as_str)
                .any(|id| id == "*" || id.eq_ignore_ascii_case(&stored.id.to_string()))
        })
    };
    let resources: Vec<Value> = cloud
        .resources_in(&scope)
        // What stands upon another resource has that one's id in its place; an export names it by its scope.
        .filter(|stored| stored.id.target().is_none())
        .filter(wanted)
        .map(resource)
        .collect();
    Reply::ok(json!({ "template": {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {},
        "variables": {},
        "resources": resources,
    }}))
}

fn resource(stored: &StoredResource) -> Value {
    let mut whole = Map::new();
    for (name, value) in [
        ("type", stored.resource_type.clone()),
        ("apiVersion", stored.api_version.clone()),
        ("name", stored.id.full_name()),
    ] {
        whole.insert(name.to_owned(), json!(value));
    }
    if let Some(parent) = stored.id.parent() {
        whole.insert("dependsOn".to_owned(), json!([parent.to_string()]));
    }
    for (name, value) in stored.body.as_object().into_iter().flatten() {
        whole.insert(name.clone(), value.clone());
    }
    let mut whole = Value::Object(whole);
    secure::strip(&mut whole);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::testing::{Bench, in_group, subscription};

    #[test]
    fn a_group_is_exported_and_not_moved() {
        let mut bench = Bench::with_group();
        let table = in_group("Microsoft.Network/routeTables/rt");
        bench.make(&table, json!({ "location": "westeurope", "properties": { "routes": [] } }));
        let group = format!("{}/resourcegroups/rg-test", subscription());
        let asked = json!({ "resources": ["*"], "options": "SkipAllParameterization" });
        let exported = bench.post(&format!("{group}/exportTemplate"), asked).body;
        let resources = &exported["template"]["resources"];
        assert_eq!(resources[0]["name"], "rt", "{exported:#}");
        assert_eq!(resources[0]["type"], "Microsoft.Network/routeTables");
        assert_eq!(resources.as_array().unwrap().len(), 1);
        let target = json!({ "resources": [table], "targetResourceGroup": group });
        let refused = bench.post(&format!("{group}/moveResources"), target);
        assert_eq!((refused.status, Bench::code(&refused)), (409, "ResourceMoveNotSupported"));
        assert_eq!(bench.get(&table).status, 200);
    }
}
