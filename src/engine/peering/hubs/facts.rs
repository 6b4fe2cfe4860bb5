//! What was read, put into the domain's words for a hub. Nothing is read or judged here.

use super::read::HubsReading;
use crate::azure::arm::Subscription;
use crate::azure::gateway::VirtualNetworkGateway;
use crate::azure::network::{Peering, VirtualNetwork};
use crate::domain::peering::SpokePeering;
use crate::domain::peering::hub::{Gateway, GatewayKind, Hub, Known, Peer, Range, Rights};
use crate::engine::Context;

const WRITE: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write";
const PEER: &str = "Microsoft.Network/virtualNetworks/peer/action";
const JOIN: &str = "Microsoft.Network/virtualNetworks/join/action";

pub(super) fn hub(
    found: &HubsReading,
    network: &VirtualNetwork,
    subscription: &Subscription,
    context: &Context,
) -> Hub {
    let key = network.id.to_lowercase();
    let own: Vec<&VirtualNetworkGateway> = found
        .gateways
        .read()
        .into_iter()
        .flatten()
        .filter(|each| each.network_id.eq_ignore_ascii_case(&network.id))
        .collect();
    let gateways = match &found.gateways {
        // Without a subnet for them there are none, whatever could be read.
        _ if !network.gateway_subnet => Known::Read(Vec::new()),
        Known::Read(_) => Known::Read(own.iter().map(|each| gateway(each)).collect()),
        Known::Unread(why) => Known::Unread(why.clone()),
    };
    let tenant = subscription.tenant_id.as_ref();
    Hub {
        id: network.id.clone(),
        name: network.name.clone(),
        region: network.location.clone(),
        subscription: subscription.display_name.clone(),
        tenant_id: tenant.unwrap_or(&context.tenant_id).clone(),
        prefixes: network.prefixes.clone(),
        dns_servers: network.dns_servers.clone(),
        peers: network.peerings.iter().map(peer).collect(),
        on_premises: on_premises(found, network, &own),
        gateways,
        learned: found.learned.clone(),
        route_server: network.route_server,
        appliances: found.appliances.clone(),
        firewall: of_network(&found.firewalls, |all| all.get(&key).cloned()),
        resolvers: of_network(&found.resolvers, |all| all.get(&key).cloned().unwrap_or_default()),
        zones: found.zones.clone(),
        rights: found.rights.get(&key).map_or_else(Known::later, |rights| {
            of_network(rights, |rights| Rights {
                write: rights.can(WRITE),
                peer: rights.can(PEER),
                join: rights.can(JOIN),
            })
        }),
    }
}

fn of_network<T, Part>(all: &Known<T>, part: impl Fn(&T) -> Part) -> Known<Part> {
    match all {
        Known::Read(all) => Known::Read(part(all)),
        Known::Unread(why) => Known::Unread(why.clone()),
    }
}

pub(super) fn gateway(read: &VirtualNetworkGateway) -> Gateway {
    Gateway {
        id: read.id.clone(),
        name: read.name.clone(),
        kind: if read.kind.eq_ignore_ascii_case("ExpressRoute") {
            GatewayKind::ExpressRoute
        } else {
            GatewayKind::Vpn
        },
        sku: read.sku.clone(),
        state: read.state.clone(),
        route_based: read.route_based,
        bgp: read.bgp,
        client_pool: read.client_pool.clone(),
    }
}

/// The ranges of the sites that a network's gateways are connected to.
fn on_premises(
    found: &HubsReading,
    network: &VirtualNetwork,
    own: &[&VirtualNetworkGateway],
) -> Known<Vec<Range>> {
    if !network.gateway_subnet {
        return Known::Read(Vec::new());
    }
    let (connections, sites) = match (&found.connections, &found.sites) {
        (Known::Read(connections), Known::Read(sites)) => (connections, sites),
        (Known::Unread(why), _) | (_, Known::Unread(why)) => return Known::Unread(why.clone()),
    };
    let is_own = |id: &str| own.iter().any(|each| each.id.eq_ignore_ascii_case(id));
    let ours: Vec<_> = connections.iter().filter(|each| is_own(&each.gateway_id)).collect();
    let is_site = |id: &str| sites.iter().any(|site| site.id.eq_ignore_ascii_case(id));
    // A circuit of ExpressRoute has no site: its ranges are learned.
    let strange = ours.iter().find(|each| {
        let mut gateways = own.iter();
        let learned = gateways.any(|gateway| {
            let express = gateway.kind.eq_ignore_ascii_case("ExpressRoute");
            express && gateway.id.eq_ignore_ascii_case(&each.gateway_id)
        });
        !learned && !is_site(&each.site_id)
    });
    if let Some(strange) = strange {
        return Known::Unread(format!(
            "the connection {} leads to something that cannot be read.",
            strange.name
        ));
    }
    let connected: Vec<&str> = ours.iter().map(|each| each.site_id.as_str()).collect();
    let reached =
        sites.iter().filter(|site| connected.iter().any(|id| id.eq_ignore_ascii_case(&site.id)));
    let ranges = reached.flat_map(|site| {
        site.prefixes
            .iter()
            .map(|prefix| Range { source: site.name.clone(), prefix: prefix.clone() })
    });
    Known::Read(ranges.collect())
}

/// The last part of an id, or the peering's own name where there is none.
fn name_of(peering: &Peering) -> String {
    let last = peering.remote_id.rsplit('/').next();
    last.filter(|name| !name.is_empty()).unwrap_or(&peering.name).to_owned()
}

fn peer(peering: &Peering) -> Peer {
    Peer {
        name: name_of(peering),
        id: peering.remote_id.clone(),
        prefixes: peering.remote_prefixes.clone(),
        state: peering.state.clone(),
        remote_gateways: peering.remote_gateways,
    }
}

pub(super) fn own_peering(peering: &Peering) -> SpokePeering {
    SpokePeering {
        remote_id: peering.remote_id.clone(),
        state: peering.state.clone(),
        remote_gateways: peering.remote_gateways,
    }
}
