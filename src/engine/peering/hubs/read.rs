//! What is read of a subscription, or of one network, so that it can be judged as a hub.
//!
//! A part that cannot be read is kept as unread; it must never be taken for "there is none".

use std::{collections::BTreeMap, future::Future};

use futures::{StreamExt as _, stream};

use super::SIDE_BY_SIDE;
use crate::azure::arm::{Arm, Permissions};
use crate::azure::dns::DnsResolver;
use crate::azure::gateway::{
    GatewayConnection, Grouped, LocalNetworkGateway, VirtualNetworkGateway,
};
use crate::azure::network::VirtualNetwork;
use crate::domain::peering::hub::{Appliance, Known, LinkedZone, Range};
use crate::domain::problem::Result;

/// What was read of a subscription. Ids are keys in lower case.
#[derive(Debug)]
pub(super) struct HubsReading {
    pub networks: Vec<VirtualNetwork>,
    pub gateways: Known<Vec<VirtualNetworkGateway>>,
    pub connections: Known<Vec<GatewayConnection>>,
    pub sites: Known<Vec<LocalNetworkGateway>>,
    /// Addresses of inbound endpoints by network.
    pub resolvers: Known<BTreeMap<String, Vec<String>>>,
    /// Rights by network.
    pub rights: BTreeMap<String, Known<Permissions>>,
    /// Ranges that the gateways of the one network that was chosen have learned by BGP.
    pub learned: Known<Vec<Range>>,
    /// Cards that forward, in the one network that was chosen.
    pub appliances: Known<Vec<Appliance>>,
    /// Private addresses of firewalls by network.
    pub firewalls: Known<BTreeMap<String, String>>,
    /// Zones linked to the one network that was chosen.
    pub zones: Known<Vec<LinkedZone>>,
}

impl HubsReading {
    /// The names of the gateways of a network, as far as they were read.
    pub(super) fn gateways_of(&self, network: &str) -> Vec<String> {
        let gateways = self.gateways.read().into_iter().flatten();
        gateways
            .filter(|each| each.network_id.eq_ignore_ascii_case(network))
            .map(|each| each.name.clone())
            .collect()
    }
}

/// A part, or why it could not be read.
fn known<T>(read: Result<T>) -> Known<T> {
    read.map_or_else(|problem| Known::Unread(problem.what), Known::Read)
}

/// Reads a subscription's networks, and more where there can be gateways.
pub(super) async fn subscription(arm: &Arm) -> Result<HubsReading> {
    let networks = arm.virtual_networks().await?;
    if !networks.iter().any(|network| network.gateway_subnet) {
        return Ok(without_gateways(networks));
    }
    let asked: Vec<String> = networks
        .iter()
        .filter(|network| network.gateway_subnet)
        .map(|network| network.id.clone())
        .collect();
    let (gateways, connections, sites, resolvers, rights) = futures::join!(
        in_groups(arm, Grouped::Gateways, |arm, group| async move { arm.gateways(&group).await }),
        in_groups(arm, Grouped::Connections, |arm, group| async move {
            arm.gateway_connections(&group).await
        }),
        in_groups(
            arm,
            Grouped::Sites,
            |arm, group| async move { arm.local_gateways(&group).await }
        ),
        resolvers(arm, &asked),
        rights(arm, &asked),
    );
    Ok(HubsReading {
        networks,
        gateways,
        connections,
        sites,
        resolvers,
        rights,
        learned: Known::later(),
        appliances: Known::later(),
        firewalls: Known::later(),
        zones: Known::later(),
    })
}

fn without_gateways(networks: Vec<VirtualNetwork>) -> HubsReading {
    HubsReading {
        networks,
        gateways: Known::Read(Vec::new()),
        connections: Known::Read(Vec::new()),
        sites: Known::Read(Vec::new()),
        resolvers: Known::later(),
        rights: BTreeMap::new(),
        learned: Known::later(),
        appliances: Known::later(),
        firewalls: Known::later(),
        zones: Known::later(),
    }
}

/// Reads everything about one network. Zones that are linked to it are looked for in its own subscription and
/// `beside` it.
pub(super) async fn chosen(arm: &Arm, network: VirtualNetwork, beside: &[Arm]) -> HubsReading {
    let id = network.id.clone();
    let asked = [id.clone()];
    let (gateways, connections, sites, resolvers, rights, appliances, firewalls, zones) = futures::join!(
        in_groups(arm, Grouped::Gateways, |arm, group| async move { arm.gateways(&group).await }),
        in_groups(arm, Grouped::Connections, |arm, group| async move {
            arm.gateway_connections(&group).await
        }),
        in_groups(
            arm,
            Grouped::Sites,
            |arm, group| async move { arm.local_gateways(&group).await }
        ),
        resolvers(arm, &asked),
        rights(arm, &asked),
        arm.forwarding_cards(&id),
        arm.network_firewalls(),
        zones(arm, &id, beside),
    );
    let firewalls = firewalls.map(|all| {
        let standing = all
            .into_iter()
            .filter_map(|firewall| Some((firewall.network_id.to_lowercase(), firewall.address?)));
        standing.collect()
    });
    let learned = learned(arm, &id, &gateways).await;
    HubsReading {
        networks: vec![network],
        learned,
        appliances: known(appliances).map(|cards| {
            let card = |(name, address)| Appliance { name, address };
            cards.into_iter().map(card).collect()
        }),
        gateways,
        connections,
        sites,
        resolvers,
        rights,
        firewalls: known(firewalls),
        zones: known(zones),
    }
}

/// What the gateways of a network have learned by BGP; none is asked that learns nothing.
async fn learned(
    arm: &Arm,
    network: &str,
    gateways: &Known<Vec<VirtualNetworkGateway>>,
) -> Known<Vec<Range>> {
    let gateways = match gateways {
        Known::Read(gateways) => gateways,
        Known::Unread(why) => return Known::Unread(why.clone()),
    };
    let mut found = Vec::new();
    let learning = gateways.iter().filter(|each| {
        each.network_id.eq_ignore_ascii_case(network) && super::facts::gateway(each).learns()
    });
    for gateway in learning {
        match arm.learned_routes(&gateway.id).await {
            Ok(prefixes) => found.extend(
                prefixes.into_iter().map(|prefix| Range { source: gateway.name.clone(), prefix }),
            ),
            Err(problem) => return Known::Unread(problem.what),
        }
    }
    Known::Read(found)
}

/// The environment's own network, and the names of its gateways.
pub(super) async fn own(arm: &Arm, id: &str) -> (Option<VirtualNetwork>, Known<Vec<String>>) {
    let network = match arm.virtual_network(id).await {
        Ok(Some(network)) => network,
        Ok(None) => return (None, Known::Read(Vec::new())),
        Err(problem) => return (None, Known::Unread(problem.what)),
    };
    if !network.gateway_subnet {
        return (Some(network), Known::Read(Vec::new()));
    }
    let read =
        in_groups(arm, Grouped::Gateways, |arm, group| async move { arm.gateways(&group).await })
            .await;
    let found = HubsReading { gateways: read, ..without_gateways(Vec::new()) };
    let names = match &found.gateways {
        Known::Read(_) => Known::Read(found.gateways_of(id)),
        Known::Unread(why) => Known::Unread(why.clone()),
    };
    (Some(network), names)
}

/// Everything of a kind, from the groups that hold any.
async fn in_groups<T, Reading>(
    arm: &Arm,
    kind: Grouped,
    read: impl Fn(Arm, String) -> Reading,
) -> Known<Vec<T>>
where
    Reading: Future<Output = Result<Vec<T>>>,
{
    let groups = match arm.groups_with(kind).await {
        Ok(groups) => groups,
        Err(problem) => return Known::Unread(problem.what),
    };
    let mut reads =
        stream::iter(groups).map(|group| read(arm.clone(), group)).buffer_unordered(SIDE_BY_SIDE);
    let mut all = Vec::new();
    while let Some(read) = reads.next().await {
        match read {
            Ok(items) => all.extend(items),
            Err(problem) => return Known::Unread(problem.what),
        }
    }
    Known::Read(all)
}

/// Addresses of inbound endpoints of the networks asked for.
async fn resolvers(arm: &Arm, networks: &[String]) -> Known<BTreeMap<String, Vec<String>>> {
    let all = match arm.dns_resolvers().await {
        Ok(all) => all,
        Err(problem) => return Known::Unread(problem.what),
    };
    let asked = |resolver: &DnsResolver| {
        networks.iter().any(|network| network.eq_ignore_ascii_case(&resolver.network_id))
    };
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for resolver in all.into_iter().filter(asked) {
        match arm.inbound_addresses(&resolver.id).await {
            Ok(addresses) => {
                found.entry(resolver.network_id.to_lowercase()).or_default().extend(addresses);
            }
            Err(problem) => return Known::Unread(problem.what),
        }
    }
    Known::Read(found)
}

/// What the account may do on the networks asked for.
async fn rights(arm: &Arm, networks: &[String]) -> BTreeMap<String, Known<Permissions>> {
    let reads: Vec<_> = networks
        .iter()
        .map(|network| async move {
            let read = arm.permissions(network).await;
            (network.to_lowercase(), known(read))
        })
        .collect();
    stream::iter(reads).buffer_unordered(SIDE_BY_SIDE).collect().await
}

/// Zones for private links that are linked to a network. Those of its own subscription are looked through, where they
/// are when one network answers for all, and those of environments, which can answer for a hub in another
/// subscription.
async fn zones(arm: &Arm, network: &str, beside: &[Arm]) -> Result<Vec<LinkedZone>> {
    let mut all = arm.private_zones().await?;
    for other in beside {
        if !other.subscription_id().eq_ignore_ascii_case(arm.subscription_id()) {
            all.extend(other.private_zones().await?);
        }
    }
    let linked = all.into_iter().filter(|zone| {
        let private = zone.name.to_lowercase().starts_with("privatelink.");
        private && zone.links != Some(0)
    });
    let reads: Vec<_> = linked
        .map(|zone| async move {
            let links = arm.zone_links(&zone.id).await;
            (zone, links)
        })
        .collect();
    let mut reads = stream::iter(reads).buffer_unordered(SIDE_BY_SIDE);
    let mut found = Vec::new();
    while let Some((zone, links)) = reads.next().await {
        let ours = links?.into_iter().find(|link| link.network_id.eq_ignore_ascii_case(network));
        found.extend(ours.map(|link| LinkedZone {
            id: zone.id,
            name: zone.name,
            link_id: link.id,
        }));
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}
