//! The call that this client makes where a recording has a request, and whether it takes the recorded answer.

use std::collections::BTreeMap;

use privateaml::{
    azure::{
        arm::{Poll, Started},
        catalog::GlobalName,
    },
    domain::problem::Problem,
    practice::compare::{Exchange, is_poll, kind},
};
use serde_json::Value;

use crate::server::{Answer, Script};

/// What came of asking.
pub enum Asked {
    /// This client never asks so, and why.
    Never(&'static str),
    /// The answer was taken.
    Understood,
    /// It was not.
    Refused(String),
}

/// Makes the call against the recorded answer.
pub async fn ask(script: &Script, exchange: &Exchange) -> Asked {
    let segments = exchange.segments();
    if let Some(reason) = never(exchange, &segments) {
        return Asked::Never(reason);
    }
    if is_poll(&segments) {
        return poll(script, exchange).await;
    }
    script.answer(vec![Answer(exchange.status, headers(script, exchange), whole(&exchange.body))]);
    let asked = match exchange.method.as_str() {
        "GET" => get(script, exchange, &segments).await,
        "HEAD" => return Asked::Never("this client reads groups with GET"),
        _ => change(script, exchange, &segments).await,
    };
    told(asked)
}

fn told(asked: Result<(), Problem>) -> Asked {
    match asked {
        Ok(()) => Asked::Understood,
        Err(problem) => Asked::Refused(format!("{} {}", problem.code, problem.what)),
    }
}

fn never(exchange: &Exchange, segments: &[String]) -> Option<&'static str> {
    let has = |word: &str| segments.iter().any(|segment| segment.eq_ignore_ascii_case(word));
    if has("managementGroups") || segments.first().is_some_and(|first| first == "providers") {
        Some("management groups, tenants and Azure Resource Graph")
    } else if exchange.url.starts_with("/%2F") || exchange.url.contains("/%2F") {
        Some("paths with escaped slashes")
    } else if exchange.method == "PATCH" && !has("tags") {
        Some("this client writes resources whole")
    } else {
        None
    }
}

fn headers(script: &Script, exchange: &Exchange) -> Vec<(String, String)> {
    let of_ours = |text: &str| {
        text.replace("https://management.azure.com", script.base.as_str().trim_end_matches('/'))
    };
    exchange
        .headers
        .iter()
        .filter(|(name, _)| !name.starts_with("content"))
        .filter_map(|(name, value)| Some((name.clone(), of_ours(value.as_str()?))))
        .collect()
}

fn path(exchange: &Exchange) -> &str {
    exchange.url.split('?').next().unwrap_or_default()
}

/// Reads as this client does: by a call of its own where it has one, else as a resource or a list.
async fn get(script: &Script, exchange: &Exchange, segments: &[String]) -> Result<(), Problem> {
    let arm = &script.arm;
    let path = path(exchange);
    let listed = exchange.body.get("value").is_some_and(Value::is_array);
    let group = segments.get(3).map_or("", String::as_str);
    let name = segments.last().map_or("", String::as_str);
    let is_single = exchange.resource_id().is_some();
    match (kind(segments).as_str(), is_single) {
        ("locations", _) => arm.locations().await.map(drop),
        ("resourcegroups", _) if listed => arm.resource_groups().await.map(drop),
        ("resourcegroups", _) => arm.resource_group(name).await.map(drop),
        ("resourcegroups/resources", _) => arm.resources(group).await.map(drop),
        ("microsoft.authorization/permissions", _) => arm.permissions(path).await.map(drop),
        ("microsoft.authorization/locks", false) => arm.locks(group).await.map(drop),
        ("microsoft.compute/locations/usages", _) => {
            arm.usages("Microsoft.Compute", "westeurope").await.map(drop)
        }
        ("microsoft.compute/skus", _) => arm.machine_sizes("westeurope").await.map(drop),
        ("microsoft.keyvault/deletedvaults", _) => arm.deleted_vaults().await.map(drop),
        ("microsoft.operationalinsights/deletedworkspaces", _) => {
            arm.deleted_log_workspaces(group).await.map(drop)
        }
        ("microsoft.network/firewallpolicies/rulecollectiongroups", false) => {
            arm.rule_collection_groups(path).await.map(drop)
        }
        ("microsoft.network/virtualnetworks", true) => arm.virtual_network(path).await.map(drop),
        ("microsoft.network/virtualnetworks", false) => arm.virtual_networks().await.map(drop),
        ("microsoft.network/virtualnetworks/virtualnetworkpeerings", false) => {
            arm.virtual_network_peerings(path).await.map(drop)
        }
        ("microsoft.network/virtualnetworkgateways", false) => arm.gateways(group).await.map(drop),
        ("microsoft.network/localnetworkgateways", false) => {
            arm.local_gateways(group).await.map(drop)
        }
        ("microsoft.network/connections", false) => arm.gateway_connections(group).await.map(drop),
        ("microsoft.network/azurefirewalls", false) => arm.network_firewalls().await.map(drop),
        ("microsoft.network/dnsresolvers", false) => arm.dns_resolvers().await.map(drop),
        ("microsoft.network/dnsresolvers/inboundendpoints", false) => {
            arm.inbound_addresses(path).await.map(drop)
        }
        ("microsoft.network/privatednszones", false) => arm.private_zones().await.map(drop),
        ("microsoft.network/privatednszones/virtualnetworklinks", false) => {
            arm.zone_links(path).await.map(drop)
        }
        ("microsoft.resources/deployments", true) => arm.deployment(group, name).await.map(drop),
        ("microsoft.resources/deployments", false) => arm.deployments(group).await.map(drop),
        (
            "microsoft.resources/deployments/operations" | "resourcegroups/deployments/operations",
            _,
        ) if listed => arm.operations(group, name).await.map(drop),
        (provider, _) if !provider.contains('/') && provider.starts_with("microsoft.") => {
            arm.provider(name).await.map(drop)
        }
        _ if listed => arm.resource_list(path).await.map(drop),
        _ => arm.resource(path).await.map(drop),
    }
}

async fn change(script: &Script, exchange: &Exchange, segments: &[String]) -> Result<(), Problem> {
    let arm = &script.arm;
    let path = path(exchange);
    let body = &exchange.request_body;
    let group = segments.get(3).map_or("", String::as_str);
    let kind = kind(segments);
    match (exchange.method.as_str(), kind.as_str()) {
        ("POST", "microsoft.storage/checknameavailability") => {
            arm.name_availability(GlobalName::Storage, "name").await.map(drop)
        }
        ("POST", "microsoft.containerregistry/checknameavailability") => {
            arm.name_availability(GlobalName::Registry, "name").await.map(drop)
        }
        ("POST", "microsoft.resources/deployments/cancel") => arm.cancel(group, "name").await,
        ("POST", "microsoft.resources/deployments/exporttemplate") => {
            arm.export_template(group, "name").await.map(drop)
        }
        ("PATCH", "microsoft.resources/tags") => {
            arm.merge_tags("group", &BTreeMap::new()).await.map(drop)
        }
        ("PUT", "resourcegroups") => {
            arm.create_resource_group("name", "westeurope", &BTreeMap::new()).await.map(drop)
        }
        ("DELETE", "resourcegroups") => arm.delete_resource_group("name").await.map(drop),
        ("PUT", _) => arm.put_resource(path, body).await.map(drop),
        ("DELETE", _) => arm.delete_resource(path).await.map(drop),
        _ => {
            let (owner, action) = path.rsplit_once('/').unwrap_or((path, ""));
            arm.act(owner, action, None, true).await.map(drop)
        }
    }
}

/// An operation is begun, and its poll is answered as recorded.
async fn poll(script: &Script, exchange: &Exchange) -> Asked {
    let told_status = exchange.body.get("status").is_some_and(Value::is_string);
    let header =
        if told_status && exchange.status == 200 { "azure-asyncoperation" } else { "location" };
    let place = script.base.join(&exchange.url).unwrap().to_string();
    script.answer(vec![
        Answer(202, vec![(header.to_owned(), place)], Value::Null),
        Answer(exchange.status, headers(script, exchange), whole(&exchange.body)),
    ]);
    let begun = script
        .arm
        .act("/subscriptions/s/resourceGroups/g/providers/N/t/n", "act", None, true)
        .await;
    let Ok(Started::Running(mut operation)) = begun else {
        return Asked::Refused(format!("it was not begun: {begun:?}"));
    };
    let polled = script.arm.poll(&mut operation).await;
    let failed = exchange.body.pointer("/error/code").and_then(Value::as_str);
    match (polled, failed) {
        (Ok(Poll::Done(_) | Poll::Pending { .. }), None) => Asked::Understood,
        (Err(problem), Some(_)) if problem.code != "UnexpectedAnswer" => Asked::Understood,
        (Ok(told), Some(code)) => Asked::Refused(format!("{code} was taken for {told:?}")),
        (Err(problem), _) => told(Err(problem)),
    }
}

/// A body as one whole answer: without the marks where recordings are cut, and without further pages.
fn whole(body: &Value) -> Value {
    match body {
        Value::Array(items) => {
            let is_mark =
                |item: &&Value| item.as_str().is_some_and(|text| text.starts_with("x-cut"));
            items.iter().filter(|item| !is_mark(item)).map(whole).collect()
        }
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "nextLink")
            .map(|(name, member)| (name.clone(), whole(member)))
            .collect(),
        other => other.clone(),
    }
}
