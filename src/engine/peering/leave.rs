//! What other networks and zones have of an environment, taken away where the account may.
//!
//! Where it may not, the command for the owner becomes part of the result; that stops nothing. Only what leads to our
//! network, hangs on our zones or has our mark is touched. Unlinking and deleting share it.

use serde_json::Value;

use super::names::record;
use super::peering_pair::is_refused;
use crate::domain::environment::remains::Remain;
use crate::domain::inventory::name_of;
use crate::domain::peering::az::AzCommand;
use crate::domain::peering::zones::removal_command;
use crate::domain::peering::{IdParts, virtual_wan};
use crate::domain::problem::{Problem, Result};
use crate::engine::work::{ResourceChange, Work};

pub(in crate::engine) fn delete(id: &str) -> ResourceChange {
    ResourceChange::Delete { id: id.to_owned() }
}

/// Removes the halves of another network that lead to ours.
pub(in crate::engine) async fn far_halves(
    work: Work<'_>,
    remote: &str,
    own: &[&str],
) -> Result<Vec<Remain>> {
    if virtual_wan::is_hub(remote) {
        let ours = own.first().copied().unwrap_or_default();
        return Ok(vec![Remain::Foreign {
            what: format!(
                "The connection of the Virtual WAN hub {} to {}",
                virtual_wan::hub_name(remote),
                name_of(ours)
            ),
            command: virtual_wan::disconnect_command(remote, ours).line(),
        }]);
    }
    let listed = match work.context.arm.virtual_network_peerings(remote).await {
        Ok(listed) => listed.unwrap_or_default(),
        Err(problem) if is_refused(&problem) => return Ok(vec![unread(remote, own)]),
        Err(problem) => return Err(problem),
    };
    let mut left = Vec::new();
    for peering in listed {
        let leads_here = own.iter().any(|network| network.eq_ignore_ascii_case(&peering.remote_id));
        if !leads_here {
            continue;
        }
        let id = format!("{remote}/virtualNetworkPeerings/{}", peering.name);
        match work.run_to_completion(&delete(&id)).await {
            Ok(_) => {}
            Err(problem) if is_refused(&problem) => left.push(Remain::Foreign {
                what: format!("The peering {} in the network {}", peering.name, name_of(remote)),
                command: AzCommand::az("network vnet peering delete").with("--ids", &id).line(),
            }),
            Err(problem) => return Err(problem),
        }
    }
    Ok(left)
}

/// The hand-over for a network that this account may not even read.
fn unread(remote: &str, own: &[&str]) -> Remain {
    let ours = own.first().copied().unwrap_or_default();
    let place = IdParts::of(remote);
    let list = AzCommand::az("network vnet peering list")
        .with("--subscription", place.subscription)
        .with("--resource-group", place.resource_group)
        .with("--vnet-name", place.name)
        .with("--query", &format!("[?remoteVirtualNetwork.id=='{ours}'].id"))
        .with("--output", "tsv");
    let delete = AzCommand::az("network vnet peering delete").flag("--ids");
    Remain::Foreign {
        what: format!("The peering to {} in the network {}", name_of(ours), name_of(remote)),
        command: format!("{} | xargs -r -d '\\n' {}", list.line(), delete.line()),
    }
}

/// What cannot be listed may hold something of ours.
fn unlisted(path: &str, problem: Problem) -> Remain {
    let (zone, kind) = path.rsplit_once('/').unwrap_or((path, ""));
    let place = IdParts::of(zone);
    let list = match kind {
        "A" => "network private-dns record-set a list",
        _ => "network private-dns link vnet list",
    };
    Remain::Unread {
        what: format!("What the zone {} has of the environment", place.name),
        why: problem.what,
        command: AzCommand::az(list)
            .with("--subscription", place.subscription)
            .with("--resource-group", place.resource_group)
            .with("--zone-name", place.name)
            .line(),
    }
}

/// Removes links of a zone to networks that `is_meant` picks.
pub(in crate::engine) async fn links(
    work: Work<'_>,
    zone: &str,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Vec<Remain>> {
    let path = format!("{zone}/virtualNetworkLinks");
    let listed = match work.context.arm.resource_list(&path).await {
        Ok(listed) => listed.unwrap_or_default(),
        Err(problem) if is_refused(&problem) => return Ok(vec![unlisted(&path, problem)]),
        Err(problem) => return Err(problem),
    };
    let mut left = Vec::new();
    for link in &listed {
        let network = link
            .pointer("/properties/virtualNetwork/id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let Some(id) = link.get("id").and_then(Value::as_str) else { continue };
        if !is_meant(network) {
            continue;
        }
        match work.run_to_completion(&delete(id)).await {
            Ok(_) => {}
            Err(problem) if is_refused(&problem) => left.push(Remain::Foreign {
                what: format!("The link {} of the zone {}", name_of(id), name_of(zone)),
                command: AzCommand::az("resource delete").with("--ids", id).line(),
            }),
            Err(problem) => return Err(problem),
        }
    }
    Ok(left)
}

/// Removes the records that were added to somebody else's zone for an environment, and only those.
pub(in crate::engine) async fn records(
    work: Work<'_>,
    zone: &str,
    environment: &str,
) -> Result<Vec<Remain>> {
    let path = format!("{zone}/A");
    let listed = match work.context.arm.resource_list(&path).await {
        Ok(listed) => listed.unwrap_or_default(),
        Err(problem) if is_refused(&problem) => return Ok(vec![unlisted(&path, problem)]),
        Err(problem) => return Err(problem),
    };
    let mut left = Vec::new();
    for set in listed.iter().filter_map(record) {
        if set.environment.as_deref() != Some(environment) {
            continue;
        }
        let id = format!("{path}/{}", set.name);
        match work.run_to_completion(&delete(&id)).await {
            Ok(_) => {}
            Err(problem) if is_refused(&problem) => left.push(Remain::Foreign {
                what: format!("The record {} in the zone {}", set.name, name_of(zone)),
                command: removal_command(zone, &set.name).line(),
            }),
            Err(problem) => return Err(problem),
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_of_an_unreadable_hub_gets_a_command_that_finds_the_peering() {
        let hub = "/subscriptions/S/resourceGroups/rg (hub)/providers/Microsoft.Network/virtualNetworks/hub";
        let Remain::Foreign { what, command } = unread(hub, &["/x/virtualNetworks/vnet-test4821"])
        else {
            panic!("foreign");
        };
        assert!(what.contains("vnet-test4821") && what.contains("hub"));
        for part in
            ["--subscription S", "--resource-group 'rg (hub)'", "--vnet-name hub", "vnet-test4821"]
        {
            assert!(command.contains(part), "{command}");
        }
    }
}
