//! The end of a deployment: outputs read, what was made compared with what must be, the record closed.

use serde_json::{Map, Value};

use super::{
    Context, cancel,
    event::{Events, Outcome, Ready, Stage, Stopped, stage},
    follow::note_end,
};
use crate::{
    azure::arm::Deployment,
    domain::{
        environment::{Phase, Record},
        plan::{Plan, PlannedResource},
        problem::{Problem, Retry},
        progress::{End, Progress},
    },
};

/// Makes an outcome of a deployment that has ended.
pub(super) async fn conclude(
    context: &Context,
    record: &mut Record,
    plan: &Plan,
    deployment: &Deployment,
    progress: &Progress,
    events: &Events,
) -> Result<Outcome, Problem> {
    let end = End::of(&deployment.state);
    let problems = match end {
        Some(End::Succeeded) => {
            stage(events, Stage::Checking);
            check(context, plan).await?
        }
        Some(End::Cancelled) => Vec::new(),
        _ => reasons(deployment, progress),
    };
    if end == Some(End::Succeeded) && problems.is_empty() {
        note_end(context, record, Phase::Ready)?;
        return Ok(Outcome::Ready(Box::new(Ready {
            record: record.clone(),
            deployment: deployment.name.clone(),
            took: deployment.duration,
            outputs: outputs(deployment),
            credentials: kept_at(context, record),
        })));
    }
    let cancelled = end == Some(End::Cancelled);
    let phase = if cancelled {
        Phase::Cancelled
    } else {
        Phase::Failed
    };
    note_end(context, record, phase)?;
    let stopped = Box::new(Stopped {
        record: record.clone(),
        deployment: Some(deployment.name.clone()),
        took: deployment.duration,
        problems,
        kept: cancel::kept(context, &record.resource_group, plan).await,
    });
    Ok(if cancelled {
        Outcome::Cancelled(stopped)
    } else {
        Outcome::Failed(stopped)
    })
}

/// Why a deployment failed: by its operations, which are complete; by its own error where they tell nothing.
pub(super) fn reasons(deployment: &Deployment, progress: &Progress) -> Vec<Problem> {
    let failures = progress.failures();
    if !failures.is_empty() {
        return failures;
    }
    let unknown = || {
        Problem::new(
            "DeploymentFailed",
            "The deployment failed, and Azure gives no reason.",
            "Run the same command again; what has been made stays.",
        )
        .at(deployment.name.clone())
    };
    vec![deployment.error.clone().unwrap_or_else(unknown)]
}

/// Outputs by name with their values; secret ones have none and are left out.
pub(super) fn outputs(deployment: &Deployment) -> Map<String, Value> {
    let all = deployment.outputs.as_object();
    all.into_iter()
        .flatten()
        .filter(|(_, output)| {
            let kind = output.get("type").and_then(Value::as_str);
            !kind.is_some_and(|kind| kind.to_lowercase().starts_with("secure"))
        })
        .filter_map(|(name, output)| Some((name.clone(), output.get("value")?.clone())))
        .collect()
}

/// Where the credentials of an environment are, for a person.
pub(super) fn kept_at(context: &Context, record: &Record) -> Option<String> {
    let store = context.secrets.as_ref()?;
    Some(store.describe(&record.account()))
}

/// Compares what was made with what must be. What the plan does not have is not looked for.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn check(context: &Context, plan: &Plan) -> Result<Vec<Problem>, Problem> {
    let route = route_meets_firewall(context, plan).await?;
    let endpoint = endpoint_is_approved(context, plan).await?;
    Ok(route.into_iter().chain(endpoint).collect())
}

async fn route_meets_firewall(context: &Context, plan: &Plan) -> Result<Option<Problem>, Problem> {
    let (Some(firewall), Some(table)) = (
        of_type(plan, "Microsoft.Network/azureFirewalls").next(),
        of_type(plan, "Microsoft.Network/routeTables").next(),
    ) else {
        return Ok(None);
    };
    let made = read(context, firewall).await?;
    let address = made
        .pointer("/properties/ipConfigurations/0/properties/privateIPAddress")
        .and_then(Value::as_str);
    let routes = read(context, table).await?;
    Ok(mismatch(
        address,
        &routes,
        &table.name,
        &plan.resource_group,
    ))
}

/// The default route must lead to the firewall's address, or nothing gets out of the network.
fn mismatch(firewall: Option<&str>, routes: &Value, table: &str, group: &str) -> Option<Problem> {
    let route = routes
        .pointer("/properties/routes")
        .and_then(Value::as_array)?
        .iter()
        .find(|route| {
            route
                .pointer("/properties/addressPrefix")
                .and_then(Value::as_str)
                == Some("0.0.0.0/0")
        })?;
    let hop = route
        .pointer("/properties/nextHopIpAddress")
        .and_then(Value::as_str)
        .unwrap_or("nowhere");
    let Some(firewall) = firewall else {
        return Some(Problem::new(
            "FirewallWithoutAddress",
            "The firewall has no private address yet.",
            "Run the same command again in some minutes.",
        ));
    };
    if firewall == hop {
        return None;
    }
    let name = route
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or("default");
    Some(
        Problem::new(
            "RouteMissesFirewall",
            format!("The firewall got the address {firewall}, but the default route leads to {hop}: nothing gets out of the network."),
            format!("Set the route right: az network route-table route update -g {group} --route-table-name {table} -n {name} --next-hop-ip-address {firewall}"),
        )
        .at(table.to_owned())
        .retry(Retry::AfterChange),
    )
}

async fn endpoint_is_approved(context: &Context, plan: &Plan) -> Result<Option<Problem>, Problem> {
    let endpoints = of_type(plan, "Microsoft.Network/privateEndpoints");
    let Some(endpoint) = endpoints
        .into_iter()
        .find(|each| is_for_workspace(&each.body))
    else {
        return Ok(None);
    };
    let made = read(context, endpoint).await?;
    let state = made
        .pointer("/properties/privateLinkServiceConnections/0/properties/privateLinkServiceConnectionState/status")
        .or_else(|| made.pointer("/properties/manualPrivateLinkServiceConnections/0/properties/privateLinkServiceConnectionState/status"))
        .and_then(Value::as_str)
        .unwrap_or("unknown");
    if state == "Approved" {
        return Ok(None);
    }
    Ok(Some(
        Problem::new(
            "EndpointNotApproved",
            format!("The private connection to the workspace is not approved (it is {state}): nobody can open the workspace."),
            "In the Azure portal open the workspace, Networking, Private endpoint connections, and approve it; then run the same command again.",
        )
        .at(endpoint.name.clone())
        .retry(Retry::AfterChange),
    ))
}

fn is_for_workspace(body: &Value) -> bool {
    body.pointer("/properties/privateLinkServiceConnections/0/properties/groupIds/0")
        .and_then(Value::as_str)
        == Some("amlworkspace")
}

fn of_type<'a>(plan: &'a Plan, kind: &'a str) -> impl Iterator<Item = &'a PlannedResource> {
    plan.resources
        .iter()
        .filter(move |resource| resource.resource_type.eq_ignore_ascii_case(kind))
}

async fn read(context: &Context, resource: &PlannedResource) -> Result<Value, Problem> {
    let found = context
        .arm
        .resource(&resource.id, &resource.api_version)
        .await?;
    found.ok_or_else(|| {
        Problem::new(
            "ResourceMissing",
            "A resource of the environment is missing.",
            "Somebody may have deleted it: run the same command again to have it made.",
        )
        .at(resource.name.clone())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn routes(hop: &str) -> Value {
        json!({"properties": {"routes": [
            {"name": "other", "properties": {"addressPrefix": "10.0.0.0/8", "nextHopIpAddress": "1.1.1.1"}},
            {"name": "to-firewall", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopIpAddress": hop}}]}})
    }

    #[test]
    fn a_route_that_misses_the_firewall_is_a_failure_with_a_remedy() {
        let found = |firewall, hop| mismatch(firewall, &routes(hop), "rt-test4821", "rg-test4821");
        assert_eq!(found(Some("10.1.0.4"), "10.1.0.4"), None);
        let problem = found(Some("10.1.0.5"), "10.1.0.4").unwrap();
        assert_eq!(problem.code, "RouteMissesFirewall");
        assert!(
            problem
                .advice
                .contains("-n to-firewall --next-hop-ip-address 10.1.0.5")
        );
        assert_eq!(
            found(None, "10.1.0.4").unwrap().code,
            "FirewallWithoutAddress"
        );
        assert_eq!(mismatch(Some("10.1.0.4"), &json!({}), "rt", "rg"), None);
    }

    #[test]
    fn secret_outputs_are_left_out() {
        let deployment = Deployment::of(&json!({"properties": {"outputs": {
            "studioUrl": {"type": "String", "value": "https://ml.example.com"},
            "key": {"type": "SecureString", "value": "hidden"},
            "odd": {"type": "String"}}}}));
        let all = outputs(&deployment);
        assert_eq!(all.keys().collect::<Vec<_>>(), ["studioUrl"]);
    }
}
