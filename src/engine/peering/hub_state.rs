//! A hub of ours as it stands: found again by the tags of its group, read from its own resources, and removed.

use serde_json::Value;

use super::hub_key;
use crate::domain::environment::is_own_deployment;
use crate::domain::operation::{DeployedHub, Ended, Stage};
use crate::domain::peering::{HubName, NewHub, new_hub};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::progress::DeploymentEnd;
use crate::engine::decide::GroupState;
use crate::engine::delete::group;
use crate::engine::event::Events;
use crate::engine::survey::{Survey, being_deleted, foreign};
use crate::engine::{Context, Control};

/// How far a hub has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HubPhase {
    /// Its group exists, and no deployment has reached its goal.
    Unfinished,
    /// A deployment runs.
    Deploying,
    /// It stands.
    Stands,
    /// It is being deleted.
    Deleting,
}

/// A hub that was found.
pub struct FoundHub {
    /// What it was made with.
    pub hub: NewHub,
    /// How far it has come.
    pub phase: HubPhase,
    /// The subscription that it lives in.
    pub context: Context,
}

/// The name of a hub's lock.
pub(super) fn lock_name(name: &HubName) -> String {
    format!("hub{name}")
}

/// What Azure has of a hub.
pub(super) async fn survey(context: &Context, name: &HubName) -> Result<Survey> {
    let group = name.resource_group();
    let mut survey = Survey::read(context, &group, &name.full_name(), None).await?;
    let marked = survey.resource_group.as_ref().is_some_and(|group| new_hub::is_hub(&group.tags));
    if survey.group == GroupState::Foreign && marked {
        survey.group = GroupState::Ours;
    }
    Ok(survey)
}

/// Looks for a hub by its name: in the subscription of the context, then in the others that the account sees.
///
/// # Errors
/// When the subscription of the context cannot be read, or the tags are damaged.
pub async fn find_hub(context: &Context, name: &HubName) -> Result<Option<FoundHub>> {
    if let Some(found) = in_subscription(context.clone(), name).await? {
        return Ok(Some(found));
    }
    for subscription in context.subscriptions.iter().filter(|each| each.is_enabled()) {
        let id = &subscription.subscription_id;
        if id.eq_ignore_ascii_case(context.arm.subscription_id()) {
            continue;
        }
        // One that cannot be read keeps nobody from the others.
        if let Ok(Some(found)) = in_subscription(context.of_subscription(id), name).await {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

async fn in_subscription(context: Context, name: &HubName) -> Result<Option<FoundHub>> {
    let group = context.arm.resource_group(&name.resource_group()).await?;
    let Some(group) = group else { return Ok(None) };
    let Some(hub) = new_hub::from_tags(&group.location, &group.tags) else { return Ok(None) };
    let hub = hub?;
    let phase = if group.state() == "Deleting" {
        HubPhase::Deleting
    } else {
        let mut deployments = context.arm.deployments(&group.name).await?;
        deployments.retain(|each| is_own_deployment(&name.full_name(), &each.name));
        let ends: Vec<Option<DeploymentEnd>> =
            deployments.iter().map(|each| DeploymentEnd::of(&each.state)).collect();
        if ends.contains(&None) {
            HubPhase::Deploying
        } else if ends.first() == Some(&Some(DeploymentEnd::Succeeded)) {
            HubPhase::Stands
        } else {
            HubPhase::Unfinished
        }
    };
    Ok(Some(FoundHub { hub, phase, context }))
}

/// Reads how a hub stands from its own resources.
///
/// # Errors
/// When they cannot be read, or its network or gateway is not there any more.
pub async fn stands(context: &Context, hub: &NewHub, plan: &Plan) -> Result<DeployedHub> {
    let planned = |symbol: &str| plan.resources.iter().find(|each| each.symbol == symbol);
    let network = required(context, hub, planned("hubNetwork")).await?;
    required(context, hub, planned("gateway")).await?;
    let address = required(context, hub, planned("gatewayPublicIp")).await?;
    let tunnel = required(context, hub, planned("tunnel")).await?;
    let text = |body: &Value, pointer: &str| {
        body.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
    };
    let resolver = planned("resolverInbound")
        .and_then(|each| text(&each.body, "/properties/ipConfigurations/0/privateIpAddress"));
    let id = planned("hubNetwork").map(|each| each.id.clone()).unwrap_or_default();
    Ok(DeployedHub {
        hub: hub.clone(),
        resource_group: plan.resource_group.clone(),
        deployment: None,
        took: None,
        network_id: text(&network, "/id").unwrap_or(id),
        gateway_address: text(&address, "/properties/ipAddress"),
        resolver_address: resolver,
        tunnel: text(&tunnel, "/properties/connectionStatus"),
        connected: peers(&network).into_iter().flat_map(|peer| peer.1).collect(),
        key: hub_key::place(context, &hub.name).await,
    })
}

async fn required(
    context: &Context,
    hub: &NewHub,
    planned: Option<&PlannedResource>,
) -> Result<Value> {
    let missing = |name: &str| {
        Problem::new(
            "ResourceMissing",
            format!("{name} of the hub {} is not there any more.", hub.name),
            format!("Delete the hub and create it again: privateaml hub {} --delete", hub.name),
        )
        .at(name.to_owned())
        .retry(Retry::AfterChange)
    };
    let planned = planned.ok_or_else(|| missing("A part"))?;
    let found = context.arm.resource(&planned.id).await?;
    found.ok_or_else(|| missing(&planned.name))
}

/// The networks that a network is connected to, each with its ranges.
fn peers(network: &Value) -> Vec<(String, Vec<String>)> {
    let peerings = network.pointer("/properties/virtualNetworkPeerings").and_then(Value::as_array);
    peerings
        .into_iter()
        .flatten()
        .map(|peering| {
            let remote =
                peering.pointer("/properties/remoteVirtualNetwork/id").and_then(Value::as_str);
            let name = remote.unwrap_or_default().rsplit('/').next().unwrap_or_default();
            let ranges = peering
                .pointer("/properties/remoteVirtualNetworkAddressSpace/addressPrefixes")
                .or_else(|| peering.pointer("/properties/remoteAddressSpace/addressPrefixes"))
                .and_then(Value::as_array);
            let ranges = ranges.into_iter().flatten().filter_map(Value::as_str);
            (name.to_owned(), ranges.map(str::to_owned).collect())
        })
        .collect()
}

/// Removes a hub with everything in its group, and its key. A deployment that runs is cancelled first.
///
/// # Errors
/// When something is connected to it, another window is at it, the group is something else's, or Azure refuses.
pub async fn delete_hub(
    context: &Context,
    name: &HubName,
    control: &Control,
    events: &Events,
) -> Result<Ended<()>> {
    let Some(_lock) = context.records.lock(&lock_name(name))? else {
        return Err(Problem::new(
            "AnotherWindow",
            "Another window of this program is about to send the hub's deployment.",
            "Wait a moment, then run the command again.",
        ));
    };
    let ended = control.unless_left(remove(context, name, events)).await?;
    if matches!(ended, Ended::Done(())) {
        hub_key::forget(context, name).await?;
    }
    Ok(ended)
}

async fn remove(context: &Context, name: &HubName, events: &Events) -> Result<()> {
    events.stage(Stage::Looking);
    let survey = survey(context, name).await?;
    let resource_group = name.resource_group();
    match survey.group {
        GroupState::Absent => return Ok(()),
        GroupState::Foreign => return Err(foreign(&resource_group)),
        GroupState::BeingDeleted => {
            let marked =
                survey.resource_group.as_ref().is_some_and(|each| new_hub::is_hub(&each.tags));
            if !marked {
                return Err(being_deleted(&resource_group));
            }
        }
        GroupState::Ours => {
            refuse_connected(context, name, &resource_group).await?;
            let running = survey.deployments.iter().find(|each| !each.is_finished());
            if let Some(running) = running {
                group::stop(context, &resource_group, &running.name, events).await?;
            }
        }
    }
    events.stage(Stage::Deleting(resource_group.clone()));
    group::remove(context, &resource_group, events).await
}

/// A hub must not be pulled away from under what is connected to it: half a peering would stay there.
async fn refuse_connected(context: &Context, name: &HubName, resource_group: &str) -> Result<()> {
    let id = format!(
        "/subscriptions/{}/resourceGroups/{resource_group}/providers/Microsoft.Network/virtualNetworks/vnet-{}",
        context.arm.subscription_id(),
        name.full_name(),
    );
    let network = context.arm.virtual_network(&id).await?;
    let connected: Vec<String> = network
        .into_iter()
        .flat_map(|network| network.peerings)
        .filter(|peering| peering.state != "Disconnected")
        .filter_map(|peering| peering.remote_id.rsplit('/').next().map(str::to_owned))
        .collect();
    let Some(first) = connected.first() else { return Ok(()) };
    let environment = first.strip_prefix("vnet-").unwrap_or(first);
    Err(Problem::new(
        "HubInUse",
        format!("The hub {name} is connected to {}.", connected.join(", ")),
        format!("Disconnect each first, so that no side of a peering stays: privateaml peer {environment} --remove"),
    )
    .at(resource_group.to_owned())
    .retry(Retry::AfterChange))
}
