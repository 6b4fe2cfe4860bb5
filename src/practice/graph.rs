//! As much of Microsoft Graph as clients ask before they assign a role: who somebody is, and what kind of principal
//! (<https://learn.microsoft.com/graph/api/overview>).
//!
//! The practice directory has one person and the managed identities that exist. Applications are taken as they come:
//! each id that signs in is one.

use serde_json::{Value, json};

use super::reply::Reply;
use super::request::Request;
use super::state::{Cloud, StoredResource};
use super::token::{OBJECT_ID, USER_NAME};

/// Answers a request below `/v1.0`; `None` when it is not one.
pub fn handle(cloud: &Cloud, request: &Request) -> Option<Reply> {
    if !request.segment(0).eq_ignore_ascii_case("v1.0") {
        return None;
    }
    let path: Vec<String> =
        request.segments.iter().skip(1).map(|segment| segment.to_ascii_lowercase()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let filter = request.query("$filter").unwrap_or("");
    Some(match (request.method.as_str(), path.as_slice()) {
        ("GET", ["me"]) => Reply::ok(person()),
        ("GET", ["users"]) => {
            let wanted = filter.is_empty() || is_person(quoted(filter));
            Reply::list(wanted.then(person).into_iter().collect())
        }
        ("GET", ["users", who]) if is_person(who) => Reply::ok(person()),
        ("GET", ["serviceprincipals"]) => Reply::list(
            identities(cloud)
                .filter(|found| filter.is_empty() || is_identity(found, quoted(filter)))
                .map(identity)
                .collect(),
        ),
        ("GET", ["serviceprincipals" | "directoryobjects", who]) => identities(cloud)
            .find(|found| is_identity(found, who))
            .map_or_else(|| missing(who), |found| Reply::ok(identity(found))),
        ("GET", ["groups"]) => Reply::list(Vec::new()),
        ("POST", ["directoryobjects", "getbyids"]) => Reply::list(by_ids(cloud, &request.body)),
        (_, rest) => missing(rest.last().copied().unwrap_or("")),
    })
}

fn missing(what: &str) -> Reply {
    fault!(
        404,
        "Request_ResourceNotFound",
        "Resource '{what}' does not exist or one of its queried reference-property objects are not present."
    )
}

fn quoted(filter: &str) -> &str {
    filter.split('\'').nth(1).unwrap_or("")
}

fn is_person(who: &str) -> bool {
    who.eq_ignore_ascii_case(OBJECT_ID) || who.eq_ignore_ascii_case(USER_NAME)
}

fn person() -> Value {
    json!({
        "@odata.type": "#microsoft.graph.user",
        "id": OBJECT_ID,
        "displayName": "Practice person",
        "userPrincipalName": USER_NAME,
    })
}

/// Resources that have a principal of their own.
fn identities(cloud: &Cloud) -> impl Iterator<Item = &StoredResource> {
    cloud.all_resources().filter(|found| !principal(found).is_empty())
}

/// The object id of a resource's own principal; empty when it has none.
pub fn principal(found: &StoredResource) -> &str {
    if found.is("Microsoft.ManagedIdentity/userAssignedIdentities") {
        found.text("/properties/principalId")
    } else {
        found.text("/identity/principalId")
    }
}

fn is_identity(found: &StoredResource, who: &str) -> bool {
    principal(found).eq_ignore_ascii_case(who) || found.says("/properties/clientId", who)
}

fn identity(found: &StoredResource) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.servicePrincipal",
        "id": principal(found),
        "appId": found.text("/properties/clientId"),
        "displayName": found.name,
        "servicePrincipalType": "ManagedIdentity",
    })
}

fn by_ids(cloud: &Cloud, body: &Value) -> Vec<Value> {
    let ids = body.get("ids").and_then(Value::as_array);
    let ids = ids.into_iter().flatten().filter_map(Value::as_str);
    let found = |id: &str| {
        if is_person(id) {
            return Some(person());
        }
        identities(cloud).find(|found| is_identity(found, id)).map(identity)
    };
    ids.filter_map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::testing::{Bench, in_group};

    #[test]
    fn the_person_and_the_identities_are_known() {
        let mut bench = Bench::with_group();
        assert_eq!(bench.get("/v1.0/me").body["id"], OBJECT_ID);
        let path = in_group("Microsoft.ManagedIdentity/userAssignedIdentities/id-test");
        let made = bench.make(&path, json!({ "location": "westeurope" }));
        let (object, client) = (
            made["properties"]["principalId"].as_str().unwrap(),
            made["properties"]["clientId"].as_str().unwrap(),
        );
        let filter = format!("servicePrincipalNames/any(c:c eq '{client}')");
        let found = bench.get(&format!("/v1.0/servicePrincipals?$filter={filter}")).body;
        assert_eq!(found["value"][0]["id"], object);
        let found = bench.post(
            "/v1.0/directoryObjects/getByIds",
            json!({ "ids": [object, OBJECT_ID, "nobody"] }),
        );
        let kinds: Vec<&str> = found.body["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| each["@odata.type"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["#microsoft.graph.servicePrincipal", "#microsoft.graph.user"]);
        let nobody = bench.get("/v1.0/users/nobody");
        assert_eq!(Bench::code(&nobody), "Request_ResourceNotFound");
    }
}
