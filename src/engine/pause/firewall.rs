//! A firewall switched off and on, and the default route that leads to it.
//!
//! What was chosen for the firewall is sent back as it was read; only its IP configurations go and come. Of a route
//! table only the next hop of the default route is changed.

use serde_json::{Value, json};

use crate::domain::operation::OperationStep;
use crate::domain::plan::PlannedResource;
use crate::domain::problem::{Problem, Result, Retry};
use crate::engine::work::{ResourceChange, Work};

/// Switches a firewall off, and reads that it is.
pub(super) async fn deallocate(work: Work<'_>, planned: &PlannedResource) -> Result<()> {
    let firewall = settled(work, planned).await?;
    if is_paused(&firewall) {
        return Ok(());
    }
    work.step(OperationStep::PausingFirewall { name: planned.name.clone() }, 3, 3);
    work.run_to_completion(&put(planned, written(&firewall, None))).await?;
    if is_paused(&settled(work, planned).await?) {
        return Ok(());
    }
    Err(Problem::new(
        "FirewallStillOn",
        "Azure took the request to switch the firewall off, but the firewall is still on and costs as before.",
        "Run the same command again; it does only what is missing.",
    )
    .at(planned.name.clone())
    .retry(Retry::Transient))
}

/// Brings a firewall back and tells its private address.
pub(super) async fn allocate(work: Work<'_>, planned: &PlannedResource) -> Result<String> {
    let mut firewall = settled(work, planned).await?;
    if is_paused(&firewall) {
        work.step(OperationStep::ResumingFirewall { name: planned.name.clone() }, 1, 3);
        let configurations = planned.body.pointer("/properties/ipConfigurations").cloned();
        work.run_to_completion(&put(planned, written(&firewall, configurations))).await?;
        firewall = settled(work, planned).await?;
    }
    let address = firewall
        .pointer("/properties/ipConfigurations/0/properties/privateIPAddress")
        .and_then(Value::as_str);
    match address {
        Some(address) => Ok(address.to_owned()),
        None => Err(Problem::new(
            "FirewallWithoutAddress",
            "The firewall is back, but Azure does not tell its private address.",
            "Run the same command again in a few minutes: it leads the default route to the address.",
        )
        .at(planned.name.clone())
        .retry(Retry::Transient)),
    }
}

/// A firewall as it stands once no change of it is under way.
async fn settled(work: Work<'_>, planned: &PlannedResource) -> Result<Value> {
    let mut lost = 0;
    loop {
        let read = work.context.arm.resource(&planned.id);
        let pause = match read.await {
            Ok(Some(body)) if !is_changing(&body) => return Ok(body),
            Ok(Some(_)) => work.context.pace().next(None),
            Ok(None) => return Err(missing(planned, "firewall")),
            Err(problem) if problem.is_unanswered() => {
                lost += 1;
                work.context.pace().after_loss(lost)
            }
            Err(problem) => return Err(problem),
        };
        tokio::time::sleep(pause).await;
    }
}

/// Something without which an environment can neither be paused nor resumed.
fn missing(planned: &PlannedResource, what: &str) -> Problem {
    Problem::new(
        "ResourceMissing",
        format!("The {what} {} is not there: somebody has deleted it.", planned.name),
        "`privateaml mend` creates what is missing; `privateaml status` shows what else differs.",
    )
    .at(planned.name.clone())
    .retry(Retry::AfterChange)
}

fn is_changing(body: &Value) -> bool {
    let state = body.pointer("/properties/provisioningState");
    matches!(state.and_then(Value::as_str), Some("Updating" | "Creating" | "Deleting"))
}

/// Whether a firewall is deallocated: it exists and has no IP configuration.
pub fn is_paused(firewall: &Value) -> bool {
    firewall
        .pointer("/properties/ipConfigurations")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty)
}

/// A firewall as it is sent back: what Azure only tells is left out, everything that was chosen stays.
fn written(firewall: &Value, configurations: Option<Value>) -> Value {
    let mut body = json!({});
    let Some(fields) = body.as_object_mut() else { return body };
    for key in ["location", "tags", "zones", "identity", "extendedLocation"] {
        if let Some(value) = firewall.get(key) {
            fields.insert(key.into(), value.clone());
        }
    }
    let mut properties = firewall.get("properties").cloned().unwrap_or_default();
    if let Some(properties) = properties.as_object_mut() {
        for told in ["provisioningState", "ipGroups", "ipConfigurations"] {
            properties.shift_remove(told);
        }
        if let Some(configurations) = configurations {
            properties.insert("ipConfigurations".into(), configurations);
        }
    }
    fields.insert("properties".into(), properties);
    body
}

fn put(planned: &PlannedResource, body: Value) -> ResourceChange {
    ResourceChange::Put { id: planned.id.clone(), body }
}

/// Leads the default route to the firewall's address. A default route that leads to no appliance is somebody's choice
/// and stays.
pub(super) async fn repair_route(
    work: Work<'_>,
    planned: &PlannedResource,
    address: &str,
) -> Result<()> {
    let read = work.context.arm.resource(&planned.id);
    let table = read.await?.ok_or_else(|| missing(planned, "route table"))?;
    let Some((from, body)) = repaired(&table, address) else { return Ok(()) };
    let act =
        OperationStep::RepairingRoute { table: planned.name.clone(), from, to: address.to_owned() };
    work.step(act, 2, 3);
    work.run_to_completion(&put(planned, body)).await?;
    Ok(())
}

/// The table with its default route led to an address, and where it led before; `None` when nothing is to be changed.
fn repaired(table: &Value, address: &str) -> Option<(String, Value)> {
    let mut properties = table.get("properties")?.clone();
    let routes = properties.get_mut("routes")?.as_array_mut()?;
    let route = routes.iter_mut().find(|route| {
        let text = |pointer: &str| route.pointer(pointer).and_then(Value::as_str);
        text("/properties/addressPrefix") == Some("0.0.0.0/0")
            && text("/properties/nextHopType") == Some("VirtualAppliance")
            && text("/properties/nextHopIpAddress") != Some(address)
    })?;
    let next = route.pointer_mut("/properties/nextHopIpAddress")?;
    let before = next.as_str().unwrap_or_default().to_owned();
    *next = address.into();
    if let Some(properties) = properties.as_object_mut() {
        for told in ["provisioningState", "subnets", "resourceGuid"] {
            properties.shift_remove(told);
        }
    }
    let mut body = json!({ "properties": properties });
    for key in ["location", "tags"] {
        if let (Some(value), Some(fields)) = (table.get(key), body.as_object_mut()) {
            fields.insert(key.into(), value.clone());
        }
    }
    Some((before, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firewall_without_configurations_is_paused_and_keeps_what_was_chosen() {
        let running = json!({
            "id": "/x", "etag": "e", "location": "westeurope", "tags": {"a": "b"}, "zones": ["1"],
            "properties": {
                "provisioningState": "Succeeded", "firewallPolicy": {"id": "/p"},
                "sku": {"name": "AZFW_VNet", "tier": "Premium"},
                "ipConfigurations": [{"name": "outbound"}],
            },
        });
        assert!(!is_paused(&running));
        let sent = written(&running, None);
        assert!(is_paused(&sent));
        assert_eq!(
            sent,
            json!({
                "location": "westeurope", "tags": {"a": "b"}, "zones": ["1"],
                "properties": {
                    "firewallPolicy": {"id": "/p"}, "sku": {"name": "AZFW_VNet", "tier": "Premium"},
                },
            })
        );
        let back = written(&sent, Some(json!([{"name": "outbound"}])));
        assert!(!is_paused(&back));
    }

    #[test]
    fn only_the_route_to_the_firewall_is_changed() {
        let route = |prefix: &str, kind: &str, next: &str| {
            json!({"name": prefix, "properties": {
                "addressPrefix": prefix, "nextHopType": kind, "nextHopIpAddress": next}})
        };
        let table = |default: Value| {
            json!({"location": "westeurope", "properties": {
                "disableBgpRoutePropagation": false,
                "routes": [route("10.9.0.0/16", "VirtualAppliance", "10.1.1.4"), default]}})
        };
        let moved = table(route("0.0.0.0/0", "VirtualAppliance", "10.1.1.4"));
        let (before, body) = repaired(&moved, "10.1.1.5").unwrap();
        assert_eq!(before, "10.1.1.4");
        assert_eq!(body["properties"]["routes"][1]["properties"]["nextHopIpAddress"], "10.1.1.5");
        assert_eq!(body["properties"]["routes"][0], moved["properties"]["routes"][0]);
        assert_eq!(body["properties"]["disableBgpRoutePropagation"], false);
        assert_eq!(repaired(&moved, "10.1.1.4"), None);
        let chosen = table(route("0.0.0.0/0", "Internet", ""));
        assert_eq!(repaired(&chosen, "10.1.1.5"), None);
    }
}
