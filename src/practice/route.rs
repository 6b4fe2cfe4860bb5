//! Finds the handler for a request, and checks what every request to the resource manager must have: a token, an API
//! version, a subscription and a group that exist.
//!
//! Paths are compared without regard to case, as Azure does. No handler is implemented here.

use super::catalog::{self, subscription};
use super::deployment::{self, DeploymentTarget};
use super::identifier::{ResourceId, Scope};
use super::reply::Reply;
use super::request::Request;
use super::state::{Cloud, SUBSCRIPTION};
use super::{
    activity, asynchronous, data_plane, directory, export, graph, group, provider, resource,
    rights, rule, secure, site, token, traffic,
};

/// True for a path that needs a token; faults of the connection strike only those.
pub fn is_resource_manager(request: &Request) -> bool {
    matches!(
        request.segment(0).to_ascii_lowercase().as_str(),
        "subscriptions" | "tenants" | "providers"
    )
}

/// Answers a request.
pub fn answer(cloud: &mut Cloud, request: &Request, bearer: Option<&str>) -> Reply {
    cloud.caller = rights::Caller::of(request);
    if data_plane::is_for_service(request) {
        return data_plane::answer(cloud, request);
    }
    if !is_resource_manager(request) {
        return outside(cloud, request);
    }
    let admitted = token::check(cloud, bearer, &request.base)
        .and_then(|()| token::check_factor(cloud, bearer, request.method.as_str(), &request.base))
        .and_then(|()| check_api_version(request));
    if let Err(refusal) = admitted {
        return refusal;
    }
    if let Some(reply) = catalog::handle_tenant(cloud, request) {
        return reply;
    }
    if request.segment(0).eq_ignore_ascii_case("subscriptions") {
        if subscription::number(cloud, request.segment(1)).is_some() {
            let reply = in_subscription(cloud, request);
            activity::note(cloud, request, bearer, &reply);
            return reply;
        }
        return subscription::not_found(request.segment(1));
    }
    if request.segment(0).eq_ignore_ascii_case("providers") && request.segments.len() == 1 {
        let listed = Request::new(
            request.method.clone(),
            &format!("/subscriptions/{SUBSCRIPTION}/providers"),
        );
        return provider::handle(cloud, &listed).unwrap_or_else(|| unknown_path(request));
    }
    unknown_path(request)
}

fn unknown_path(request: &Request) -> Reply {
    fault!(404, "InvalidResourcePath", "The path '{}' is not known.", request.path)
}

/// What is not the resource manager: the directory, the price list, and the practice cloud's own paths.
fn outside(cloud: &mut Cloud, request: &Request) -> Reply {
    let path = request.path.to_ascii_lowercase();
    match (request.method.as_str(), path.as_str()) {
        ("GET", "/api/retail/prices") => return catalog::prices(cloud, request),
        ("POST", "/practice/verify-password") => return verify_password(cloud, request),
        ("POST", "/practice/traffic") => return traffic::send(cloud, request),
        ("GET", "/practice/clock") => {
            if let Some(refusal) = super::fault::refuse_checks(cloud, request) {
                return refusal;
            }
            let wrong = if cloud.fault("clock").is_some() { 900 } else { 0 };
            let now = jiff::SignedDuration::from_secs(wrong);
            let now = super::clock::later(cloud.real_now(), now);
            return Reply::ok(serde_json::json!({ "now": now.to_string() }));
        }
        ("GET" | "PUT", "/practice/site") => return site::handle(cloud, request),
        ("GET", "/practice/aliases.json") => {
            return Reply::ok(serde_json::json!({ "outputs": { "aliases": { "value": {} } } }));
        }
        _ => {}
    }
    graph::handle(cloud, request)
        .or_else(|| directory::handle(cloud, request))
        .unwrap_or_else(|| unknown_path(request))
}

/// Says whether a password is the one with which a machine was made or which was set later.
fn verify_password(cloud: &Cloud, request: &Request) -> Reply {
    let id = request.body.get("id").and_then(serde_json::Value::as_str);
    let machine = id.and_then(ResourceId::parse).and_then(|id| cloud.resource(&id));
    let kept =
        machine.and_then(|machine| machine.body.pointer("/properties/osProfile/adminPassword"));
    match (kept, request.body.get("password")) {
        (Some(kept), Some(password)) => {
            Reply::ok(serde_json::json!({ "matches": secure::matches(kept, password) }))
        }
        _ => fault!(404, "NoPasswordKept", "There is no machine with a password under this id."),
    }
}

/// Any version is taken that looks like one: clients ask for newer and older ones than anybody lists.
fn check_api_version(request: &Request) -> Result<(), Reply> {
    let version = request.api_version();
    if version.is_empty() {
        return Err(fault!(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests."
        ));
    }
    if !rule::is_version(version) {
        return Err(fault!(
            400,
            "InvalidApiVersionParameter",
            "The api-version '{version}' is invalid. It must be a date, such as 2025-04-01."
        ));
    }
    Ok(())
}

fn in_subscription(cloud: &mut Cloud, request: &Request) -> Reply {
    let lowered: Vec<String> =
        request.segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let path: Vec<&str> = lowered.iter().skip(2).map(String::as_str).collect();
    if let Some(refusal) = rights::refuse(cloud, request) {
        return refusal;
    }
    if request.method == hyper::Method::GET
        && let Some(refusal) = super::fault::refuse_lists(cloud, request)
    {
        return refusal;
    }
    if let Some(refusal) = super::fault::refuse_checks(cloud, request) {
        return refusal;
    }
    match (request.method.as_str(), path.as_slice()) {
        ("GET", ["resourcegroups"]) => return group::list(cloud, request),
        (_, ["resourcegroups", _]) => return group::handle(cloud, request),
        ("GET", ["resources"]) => return resource::list_all(cloud, request),
        ("GET", ["providers", "microsoft.insights", "eventtypes", "management", "values"]) => {
            return activity::list(cloud, request);
        }
        ("GET", ["providers", ..] | ["resourcegroups", _, "providers", ..]) => {
            if let Some(reply) = poll(cloud, request, &lowered) {
                return reply;
            }
        }
        _ => {}
    }
    let in_group = path.first() == Some(&"resourcegroups");
    let name = if in_group { request.segment(3) } else { "" };
    let scope = Scope::group(request.segment(1), name);
    if in_group && cloud.group(&scope).is_none() {
        return group::not_found(name);
    }
    if let ("GET", ["resourcegroups", _, "resources"]) = (request.method.as_str(), path.as_slice())
    {
        return resource::list_in_group(cloud, request);
    }
    if path.ends_with(&["microsoft.policyinsights", "policystates", "latest", "summarize"]) {
        return catalog::policy_summary(request);
    }
    export::handle(cloud, request, &path)
        .or_else(|| resource::tags(cloud, request, &lowered))
        .or_else(|| {
            let target = deployment_target(request, &lowered, scope)?;
            Some(deployment::handle(cloud, request, &target))
        })
        .or_else(|| catalog::handle(cloud, request))
        .or_else(|| if in_group { None } else { provider::handle(cloud, request) })
        .unwrap_or_else(|| resource::handle(cloud, request))
}

/// `…/operationStatuses/{id}` and `…/operationResults/{id}`, except those of deployments, which have their own.
fn poll(cloud: &Cloud, request: &Request, lowered: &[String]) -> Option<Reply> {
    let (id, before) = lowered.split_last()?;
    if before.iter().any(|segment| segment == "deployments") {
        return None;
    }
    match before.last()?.as_str() {
        "operationstatuses" => Some(asynchronous::status(cloud, request, id)),
        "operationresults" => Some(asynchronous::result(cloud, request, id)),
        _ => None,
    }
}

/// Reads a path about deployments, the odd one of a group's operations included
/// (`…/resourcegroups/{rg}/deployments/…`).
fn deployment_target(
    request: &Request,
    lowered: &[String],
    scope: Scope,
) -> Option<DeploymentTarget> {
    let at = if scope.is_group() { 4 } else { 2 };
    let rest: Vec<&str> = lowered.iter().skip(at).map(String::as_str).collect();
    let before = match rest.as_slice() {
        ["providers", "microsoft.resources", "deployments", ..] => at + 3,
        ["deployments", ..] => at + 1,
        _ => return None,
    };
    let name = request.segments.get(before).cloned();
    let action = lowered.get(before + 1..).map(|rest| rest.join("/")).unwrap_or_default();
    Some(DeploymentTarget { scope, name, action })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Method;

    fn target(path: &str) -> Option<DeploymentTarget> {
        let request = Request::new(Method::GET, path);
        let lowered: Vec<String> =
            request.segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
        let group = if lowered.get(2).is_some_and(|word| word == "resourcegroups") {
            request.segment(3)
        } else {
            ""
        };
        let scope = Scope::group(request.segment(1), group);
        deployment_target(&request, &lowered, scope)
    }

    #[test]
    fn deployments_are_found_at_both_scopes_and_on_the_odd_path() {
        for (path, name, action) in [
            (
                "/subscriptions/S/resourcegroups/g/providers/Microsoft.Resources/deployments/",
                None,
                "",
            ),
            (
                "/subscriptions/S/resourceGroups/g/providers/Microsoft.Resources/deployments/D1",
                Some("D1"),
                "",
            ),
            (
                "/subscriptions/S/providers/microsoft.resources/deployments/D1/whatIf",
                Some("D1"),
                "whatif",
            ),
            (
                "/subscriptions/S/resourcegroups/g/deployments/D1/operations",
                Some("D1"),
                "operations",
            ),
            (
                "/subscriptions/S/resourcegroups/g/deployments/D1/operations/AB12",
                Some("D1"),
                "operations/ab12",
            ),
            (
                "/subscriptions/S/resourcegroups/g/providers/Microsoft.Resources/deployments/D1/operationStatuses/x",
                Some("D1"),
                "operationstatuses/x",
            ),
        ] {
            let found = target(path).unwrap();
            assert_eq!(found.name.as_deref(), name, "{path}");
            assert_eq!(found.action, action, "{path}");
        }
        assert_eq!(
            target(
                "/subscriptions/S/resourcegroups/g/providers/Microsoft.Network/virtualNetworks/v"
            ),
            None
        );
    }
}
