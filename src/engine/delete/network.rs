//! The far sides of an environment's network: peerings in a hub that would stay behind disconnected and keep the address
//! range taken, and links of zones elsewhere.
//!
//! They are removed where the account may. Where it may not, the commands for their owner become part of the result; that
//! stops nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{STEPS, of_type};
use crate::{
    azure::arm::ResourceSummary,
    domain::{
        environment::{Record, remains::Remain},
        problem::Problem,
    },
    engine::{
        act::Act,
        work::{Change, Work},
    },
};

const NETWORKS: &str = "Microsoft.Network/virtualNetworks";
const NETWORK: &str = "2025-05-01";
const ZONES: &str = "Microsoft.Network/privateDnsZones";
const DNS: &str = "2024-06-01";

/// Removes what other networks have of this one; returns what had to be left.
pub(super) async fn leave(
    work: Work<'_>,
    record: &Record,
    resources: &[ResourceSummary],
) -> Result<Vec<Remain>, Problem> {
    let own: Vec<&str> = of_type(resources, NETWORKS)
        .map(|network| network.id.as_str())
        .collect();
    let group = format!("/resourcegroups/{}/", record.resource_group.to_lowercase());
    let mut remotes: BTreeSet<String> = record.settings.hub.iter().cloned().collect();
    let mut near = Vec::new();
    for network in &own {
        for peering in work.context.arm.virtual_network_peerings(network).await? {
            let same_group = peering.remote_id.to_lowercase().contains(&group);
            if !same_group && !peering.remote_id.is_empty() {
                let id = format!("{network}/virtualNetworkPeerings/{}", peering.name);
                near.push((id, peering.remote_id.clone()));
                let known = remotes
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(&peering.remote_id));
                if !known {
                    remotes.insert(peering.remote_id);
                }
            }
        }
    }
    if remotes.is_empty() {
        return Ok(Vec::new());
    }
    work.step(Act::LeavingNetworks, 3, STEPS);
    let mut left = Vec::new();
    for remote in &remotes {
        let stays = far_side(work, remote, &own).await?;
        // This side is kept as long as the other one stays: from it any machine can tell what is left.
        if stays.is_empty() {
            for (id, _) in near
                .iter()
                .filter(|(_, far)| far.eq_ignore_ascii_case(remote))
            {
                work.carry(&delete(id, NETWORK)).await?;
            }
        }
        left.extend(stays);
    }
    left.extend(links(work, record, &own, &remotes, &group).await?);
    Ok(left)
}

fn delete(id: &str, version: &str) -> Change {
    Change::Delete {
        id: id.to_owned(),
        version: version.to_owned(),
    }
}

/// Removes the peerings of another network that lead to ours.
async fn far_side(work: Work<'_>, remote: &str, own: &[&str]) -> Result<Vec<Remain>, Problem> {
    let listed = match work.context.arm.virtual_network_peerings(remote).await {
        Ok(listed) => listed,
        Err(problem) if is_gone(&problem) => return Ok(Vec::new()),
        Err(problem) if is_refused(&problem) => return Ok(vec![unread(remote, own)]),
        Err(problem) => return Err(problem),
    };
    let mut left = Vec::new();
    for peering in listed {
        let leads_here = own
            .iter()
            .any(|network| network.eq_ignore_ascii_case(&peering.remote_id));
        if !leads_here {
            continue;
        }
        let id = format!("{remote}/virtualNetworkPeerings/{}", peering.name);
        match work.carry(&delete(&id, NETWORK)).await {
            Ok(_) => {}
            Err(problem) if is_refused(&problem) => left.push(Remain::Foreign {
                what: format!(
                    "The peering {} in the network {}",
                    peering.name,
                    name(remote)
                ),
                command: format!("az network vnet peering delete --ids {id}"),
            }),
            Err(problem) => return Err(problem),
        }
    }
    Ok(left)
}

/// The hand-over for a network that this account may not even read.
fn unread(remote: &str, own: &[&str]) -> Remain {
    let part = |key: &str| {
        let mut parts = remote.split('/');
        parts
            .by_ref()
            .find(|part| part.eq_ignore_ascii_case(key))
            .and_then(|_| parts.next())
            .unwrap_or_default()
            .to_owned()
    };
    let ours = own.first().copied().unwrap_or_default();
    Remain::Foreign {
        what: format!(
            "The peering to {} in the network {}",
            name(ours),
            name(remote)
        ),
        command: format!(
            "az network vnet peering list --subscription {} --resource-group {} --vnet-name {} --query \
             \"[?remoteVirtualNetwork.id=='{ours}'].id\" --output tsv | xargs -r az network vnet peering delete --ids",
            part("subscriptions"),
            part("resourceGroups"),
            name(remote)
        ),
    }
}

fn name(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// Removes links of other zones to our network, and of our zones to other networks.
async fn links(
    work: Work<'_>,
    record: &Record,
    own: &[&str],
    remotes: &BTreeSet<String>,
    group: &str,
) -> Result<Vec<Remain>, Problem> {
    let mut subscriptions = BTreeSet::from([record.subscription_id.to_lowercase()]);
    for remote in remotes {
        let mut parts = remote.trim_start_matches('/').split('/').skip(1);
        subscriptions.extend(parts.next().map(str::to_lowercase));
    }
    let mut left = Vec::new();
    for subscription in subscriptions {
        let path = format!("/subscriptions/{subscription}/providers/{ZONES}");
        let zones = match work.context.arm.resources_at(&path, DNS).await {
            Ok(zones) => zones,
            // Links in a subscription that cannot be read cannot be told; they hold nothing of ours.
            Err(problem) if is_refused(&problem) || is_gone(&problem) => continue,
            Err(problem) => return Err(problem),
        };
        for zone in zones.iter().filter_map(|zone| zone.get("id")?.as_str()) {
            left.extend(links_of(work, zone, own, group).await?);
        }
    }
    Ok(left)
}

async fn links_of(
    work: Work<'_>,
    zone: &str,
    own: &[&str],
    group: &str,
) -> Result<Vec<Remain>, Problem> {
    let path = format!("{zone}/virtualNetworkLinks");
    let listed = match work.context.arm.resources_at(&path, DNS).await {
        Ok(listed) => listed,
        Err(problem) if is_refused(&problem) || is_gone(&problem) => return Ok(Vec::new()),
        Err(problem) => return Err(problem),
    };
    let is_our_zone = zone.to_lowercase().contains(group);
    let mut left = Vec::new();
    for link in &listed {
        let network = link
            .pointer("/properties/virtualNetwork/id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let is_our_network = own.iter().any(|each| each.eq_ignore_ascii_case(network));
        let Some(id) = link.get("id").and_then(Value::as_str) else {
            continue;
        };
        if is_our_zone == is_our_network {
            continue;
        }
        match work.carry(&delete(id, DNS)).await {
            Ok(_) => {}
            Err(problem) if is_refused(&problem) => left.push(Remain::Foreign {
                what: format!("The link {} of the zone {}", name(id), name(zone)),
                command: format!("az resource delete --ids {id}"),
            }),
            Err(problem) => return Err(problem),
        }
    }
    Ok(left)
}

fn is_refused(problem: &Problem) -> bool {
    matches!(
        problem.code.as_str(),
        "AuthorizationFailed"
            | "AuthorizationFailure"
            | "Forbidden"
            | "LinkedAuthorizationFailed"
            | "LinkedAccessCheckFailed"
            | "ScopeLocked"
            | "RequestDisallowedByPolicy"
            | "InvalidAuthenticationTokenTenant"
    )
}

fn is_gone(problem: &Problem) -> bool {
    matches!(
        problem.code.as_str(),
        "ResourceNotFound"
            | "NotFound"
            | "ParentResourceNotFound"
            | "ResourceGroupNotFound"
            | "SubscriptionNotFound"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_of_an_unreadable_hub_gets_a_command_that_finds_the_peering() {
        let hub = "/subscriptions/S/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/hub";
        let Remain::Foreign { what, command } = unread(hub, &["/x/virtualNetworks/vnet-test4821"])
        else {
            panic!("foreign");
        };
        assert!(what.contains("vnet-test4821") && what.contains("hub"));
        for part in [
            "--subscription S",
            "--resource-group rg-hub",
            "--vnet-name hub",
            "vnet-test4821",
        ] {
            assert!(command.contains(part), "{command}");
        }
    }
}
