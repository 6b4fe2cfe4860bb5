//! Private endpoint connections: the far side of private endpoints, listed and approved at the resource they lead to.
//!
//! They are not kept by themselves but read from the private endpoints, so both sides always agree.

use serde_json::{Value, json};

use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, StoredResource};

const LISTS: [&str; 2] = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"];

/// One connection: the endpoint, and where in its body the connection stands.
struct EndpointConnection {
    endpoint: ResourceId,
    pointer: String,
    name: String,
    view: Value,
}

/// Answers `{target}/privateEndpointConnections[/{name}]`; `None` when the path is another's.
pub(super) fn handle(cloud: &mut Cloud, request: &Request) -> Option<Reply> {
    let segments = &request.segments;
    let at = segments
        .iter()
        .rposition(|segment| segment.eq_ignore_ascii_case("privateEndpointConnections"))?;
    let target = ResourceId::from_segments(segments.get(..at)?)?;
    let connections = all(cloud, &target);
    let name = request.segment(at + 1);
    if name.is_empty() {
        let views = connections.into_iter().map(|connection| connection.view);
        return Some(Reply::list(views.collect()));
    }
    let Some(found) =
        connections.into_iter().find(|connection| connection.name.eq_ignore_ascii_case(name))
    else {
        return Some(fault!(
            404,
            "PrivateEndpointConnectionNotFound",
            "The private endpoint connection '{name}' was not found."
        ));
    };
    match request.method.as_str() {
        "GET" => Some(Reply::ok(found.view)),
        "PUT" => Some(decide(cloud, request, &target, &found)),
        _ => None,
    }
}

fn decide(
    cloud: &mut Cloud,
    request: &Request,
    target: &ResourceId,
    found: &EndpointConnection,
) -> Reply {
    let wanted = request
        .body
        .pointer("/properties/privateLinkServiceConnectionState")
        .cloned()
        .unwrap_or_else(|| json!({}));
    if let Some(endpoint) = cloud.resource_mut(&found.endpoint)
        && let Some(connection) = endpoint.body.pointer_mut(&found.pointer)
    {
        let decided = json!({ "properties": { "privateLinkServiceConnectionState": wanted } });
        json::merge(connection, decided);
    }
    let changed = all(cloud, target).into_iter().find(|connection| connection.name == found.name);
    changed.map_or_else(|| Reply::empty(204), |connection| Reply::ok(connection.view))
}

fn all(cloud: &Cloud, target: &ResourceId) -> Vec<EndpointConnection> {
    let wanted = target.to_string();
    cloud
        .resources(&target.subscription)
        .filter(|stored| stored.is("Microsoft.Network/privateEndpoints"))
        .flat_map(|endpoint| of_endpoint(endpoint, target, &wanted))
        .collect()
}

fn of_endpoint(
    endpoint: &StoredResource,
    target: &ResourceId,
    wanted: &str,
) -> Vec<EndpointConnection> {
    let mut found = Vec::new();
    for list in LISTS {
        let items = endpoint.body.items(&format!("/properties/{list}"));
        for (index, item) in items.iter().enumerate() {
            if !item.says("/properties/privateLinkServiceId", wanted) {
                continue;
            }
            let name = connection_name(endpoint, index);
            found.push(EndpointConnection {
                endpoint: endpoint.id.clone(),
                pointer: format!("/properties/{list}/{index}"),
                view: view(endpoint, item, target, &name, list.starts_with("manual")),
                name,
            });
        }
    }
    found
}

fn connection_name(endpoint: &StoredResource, index: usize) -> String {
    let key = format!("{}/{index}", endpoint.id.key());
    let guid = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, key.as_bytes());
    format!("{}.{guid}", endpoint.name)
}

fn view(
    endpoint: &StoredResource,
    item: &Value,
    target: &ResourceId,
    name: &str,
    manual: bool,
) -> Value {
    let (status, description) = if manual {
        ("Pending", "Please approve my connection, thanks.")
    } else {
        ("Approved", "Auto-Approved")
    };
    let usual = json!({ "status": status, "description": description, "actionsRequired": "None" });
    let state = item
        .pointer("/properties/privateLinkServiceConnectionState")
        .filter(|state| state.get("status").is_some())
        .cloned()
        .unwrap_or(usual);
    json!({
        "id": format!("{target}/privateEndpointConnections/{name}"),
        "name": name,
        "type": format!("{}/privateEndpointConnections", target.resource_type()),
        "properties": {
            "provisioningState": endpoint.provisioning_state,
            "privateEndpoint": { "id": endpoint.id.to_string() },
            "groupIds": item.pointer("/properties/groupIds").cloned().unwrap_or_else(|| json!([])),
            "privateLinkServiceConnectionState": state,
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::practice::testing::{Bench, in_group};

    #[test]
    fn a_connection_is_seen_and_approved_at_the_far_side() {
        let mut bench = Bench::with_group();
        let workspace = in_group("Microsoft.MachineLearningServices/workspaces/ml-test");
        bench.put_directly(&workspace, json!({ "location": "westeurope", "properties": {} }));
        let link = json!([{ "name": "c", "properties": {
            "privateLinkServiceId": workspace, "groupIds": ["amlworkspace"],
        }}]);
        for (name, list) in [
            ("auto", "privateLinkServiceConnections"),
            ("manual", "manualPrivateLinkServiceConnections"),
        ] {
            let path = in_group(&format!("Microsoft.Network/privateEndpoints/{name}"));
            bench.put_directly(
                &path,
                json!({ "location": "westeurope", "properties": { list: link } }),
            );
        }
        let list = format!("{workspace}/privateEndpointConnections");
        let states = |bench: &mut Bench| -> Vec<String> {
            let rows = bench.get(&list).body["value"].as_array().unwrap().clone();
            let state = |row: &Value| {
                row["properties"]["privateLinkServiceConnectionState"]["status"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            };
            rows.iter().map(state).collect()
        };
        assert_eq!(states(&mut bench), ["Approved", "Pending"]);
        let rows = bench.get(&list).body["value"].as_array().unwrap().clone();
        let pending = rows[1]["id"].as_str().unwrap().to_owned();
        let decision = json!({ "properties": { "privateLinkServiceConnectionState": {"status": "Approved"} } });
        assert_eq!(bench.put(&pending, decision).status, 200);
        assert_eq!(states(&mut bench), ["Approved", "Approved"]);
    }
}
