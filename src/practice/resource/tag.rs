//! The tags of a resource group or a resource as a resource of their own: read, replaced, merged and taken away without
//! touching anything else.
//!
//! Source: <https://learn.microsoft.com/rest/api/resources/tags>.

use serde_json::{Map, Value, json};

use super::lock;
use crate::practice::group;
use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::{Reply, Result};
use crate::practice::request::Request;
use crate::practice::state::Cloud;

/// The segments behind a scope that mean its tags.
const PLACE: [&str; 4] = ["providers", "microsoft.resources", "tags", "default"];

/// Answers a request about tags; `None` when the path is another's. `lowered` are the path's segments in lower case.
pub fn handle(cloud: &mut Cloud, request: &Request, lowered: &[String]) -> Option<Reply> {
    let before = lowered.len().checked_sub(PLACE.len())?;
    let (_, place) = lowered.split_at_checked(before)?;
    if place != PLACE || !lowered.get(2)?.eq("resourcegroups") {
        return None;
    }
    let id = ResourceId::from_segments(&request.segments)?;
    Some(answer(cloud, request, &id).unwrap_or_else(Reply::from))
}

fn answer(cloud: &mut Cloud, request: &Request, id: &ResourceId) -> Result<Reply> {
    let target = id.target();
    let known = known(cloud, id, target.as_ref())?;
    let given = request.body.pointer("/properties/tags").and_then(Value::as_object).cloned();
    let tags = match (request.method.as_str(), request.body.text("/operation")) {
        ("GET", _) => return Ok(Reply::ok(view(request, &known))),
        ("PUT", _) | ("PATCH", "Replace") => given.unwrap_or_default(),
        ("PATCH", "Merge") => merged(known, given.unwrap_or_default()),
        ("PATCH", "Delete") => without(known, &given.unwrap_or_default()),
        ("DELETE", _) => Map::new(),
        ("PATCH", _) => {
            return Err(bad_request!(
                "InvalidRequestContent",
                "The operation must be one of Merge, Replace and Delete."
            ));
        }
        _ => {
            return Ok(fault!(405, "MethodNotAllowed", "The method is not allowed here."));
        }
    };
    lock::write_lock(cloud, id)?;
    if tags.len() > 50 {
        return Err(bad_request!(
            "TagsLimitExceeded",
            "The number of tags exceeds the maximum of 50."
        ));
    }
    let now = cloud.now();
    match target {
        Some(target) => {
            if let Some(stored) = cloud.resource_mut(&target) {
                json::set(&mut stored.body, "tags", tags.clone());
            }
        }
        None => {
            if let Some(group) = cloud.group_mut(&id.scope()) {
                group.tags.clone_from(&tags);
                group.changed = now;
            }
        }
    }
    Ok(Reply::ok(view(request, &tags)))
}

fn known(
    cloud: &Cloud,
    id: &ResourceId,
    target: Option<&ResourceId>,
) -> Result<Map<String, Value>> {
    if let Some(target) = target {
        let stored = cloud.resource(target).ok_or_else(|| super::handle::missing(target))?;
        let tags = stored.get("/tags").and_then(Value::as_object);
        return Ok(tags.cloned().unwrap_or_default());
    }
    let scope: Scope = id.scope();
    match cloud.group(&scope) {
        Some(found) if found.is_being_deleted() => Err(group::being_deleted(&found.name)),
        Some(found) => Ok(found.tags.clone()),
        None => Err(group::unknown(&id.group)),
    }
}

/// Tag names compare without regard to case and keep the case in which they were written first.
fn merged(mut known: Map<String, Value>, given: Map<String, Value>) -> Map<String, Value> {
    for (name, value) in given {
        let spelt = known.keys().find(|key| key.eq_ignore_ascii_case(&name));
        let spelt = spelt.cloned().unwrap_or(name);
        known.insert(spelt, value);
    }
    known
}

/// A tag goes only when its value is the one that was named.
fn without(mut known: Map<String, Value>, given: &Map<String, Value>) -> Map<String, Value> {
    known.retain(|key, value| {
        !given.iter().any(|(name, named)| key.eq_ignore_ascii_case(name) && value == named)
    });
    known
}

fn view(request: &Request, tags: &Map<String, Value>) -> Value {
    json!({
        "id": request.path,
        "name": "default",
        "type": "Microsoft.Resources/tags",
        "properties": { "tags": tags },
    })
}

#[cfg(test)]
mod tests {
    use hyper::Method;
    use serde_json::{Value, json};

    use crate::practice::testing::{Bench, subscription};

    #[test]
    fn tags_are_merged_and_taken_away_without_touching_others() {
        let mut bench = Bench::with_group();
        let group = format!("{}/resourcegroups/rg-test", subscription());
        let tags = format!("{group}/providers/Microsoft.Resources/tags/default");
        let body = json!({ "location": "westeurope", "tags": { "Owner": "ada" } });
        bench.put(&group, body);
        let change = |bench: &mut Bench, operation: &str, tags_given: Value| {
            let body = json!({ "operation": operation, "properties": { "tags": tags_given } });
            bench.ask(Method::PATCH, &tags, body).body["properties"]["tags"].clone()
        };
        let both = change(&mut bench, "Merge", json!({ "intent": "pause", "owner": "eve" }));
        assert_eq!(both, json!({ "Owner": "eve", "intent": "pause" }));
        let kept = change(&mut bench, "Delete", json!({ "intent": "resume" }));
        assert_eq!(kept, both, "the value differs");
        let left = change(&mut bench, "Delete", json!({ "intent": "pause" }));
        assert_eq!(left, json!({ "Owner": "eve" }));
        assert_eq!(bench.get(&group).body["tags"], left);
        assert_eq!(bench.get(&tags).body["properties"]["tags"], left);
    }
}
