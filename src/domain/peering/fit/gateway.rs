//! Gateways: whether the hub has one that works, and whether the environment may use it.

use super::{Spoke, good, last, refused, same_region, warns};
use crate::domain::peering::{Gateway, GatewayKind, Hub, Known, Mistake, Reason, virtual_wan};

pub(super) fn judge(hub: &Hub, spoke: &Spoke) -> Vec<Reason> {
    let mut reasons = of_spoke(hub, spoke);
    match &hub.gateways {
        Known::Read(gateways) if gateways.is_empty() => reasons.push(none(hub, spoke)),
        Known::Read(gateways) => reasons.extend(of_hub(hub, spoke, gateways)),
        Known::Unread(why) => reasons.push(warns(
            Mistake::Gateway,
            format!("Its gateways could not be read: {why}"),
            "Ask its owner whether it has a VPN gateway, of which type, and whether it is up.",
        )),
    }
    reasons
}

/// What the environment's own network has already.
fn of_spoke(hub: &Hub, spoke: &Spoke) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match &spoke.gateways {
        Known::Read(own) => reasons.extend(own.first().map(|gateway| {
            refused(
                Mistake::Gateway,
                format!(
                    "The environment's network {} has the gateway {gateway}: a network with one of its own cannot use \
                     another's.",
                    spoke.network()
                ),
                format!(
                    "Connect on-premises to {gateway} itself, or delete it in the Azure portal and look again."
                ),
            )
        })),
        Known::Unread(why) => reasons.push(warns(
            Mistake::Gateway,
            format!("Whether the environment's network has a gateway of its own could not be read: {why}"),
            "Go on: Azure refuses the peering when it has one.",
        )),
    }
    let elsewhere = spoke.peerings.iter().find(|peering| {
        peering.remote_gateways && !peering.remote_id.eq_ignore_ascii_case(&hub.id)
    });
    reasons.extend(elsewhere.map(|peering| {
        refused(
            Mistake::Flags,
            format!(
                "{} uses the gateway of {} already, and a network can use only one.",
                spoke.network(),
                last(&peering.remote_id)
            ),
            format!("Take that connection away first: {}", spoke.command("peer", "--remove")),
        )
    }));
    reasons
}

fn none(hub: &Hub, spoke: &Spoke) -> Reason {
    // A spoke of another hub: what it is connected to does not pass on to whom it is connected with.
    let serves = hub.peers.iter().find(|peer| peer.remote_gateways);
    match serves {
        Some(peer) if virtual_wan::is_hub_network(&peer.id) => warns(
            Mistake::Gateway,
            format!(
                "It has no gateway of its own: it is connected to the Virtual WAN hub {}, which is not passed on. No \
                 peering can be made to that hub; its owner connects the environment's network to it.",
                virtual_wan::hub_name(&peer.id)
            ),
            format!(
                "Write down what its owner must do: {}",
                spoke.command("peer", &format!("--hub {} --hand-over DIRECTORY", peer.id))
            ),
        ),
        Some(peer) => warns(
            Mistake::Gateway,
            format!(
                "It has no gateway of its own: it uses that of {}, which is not passed on.",
                peer.name
            ),
            format!("Connect to {} itself.", peer.name),
        ),
        None if hub.route_server => warns(
            Mistake::Gateway,
            "It has an Azure Route Server in place of a gateway: the environment uses it as it would a gateway \
             (useRemoteGateways), and reaches what the appliances beside it announce.",
            "Ask its owner which ranges they announce, and whether a default route is among them.",
        ),
        None if hub.router().is_some() => {
            let (name, address) = hub.router().unwrap_or_default();
            warns(
                Mistake::Gateway,
                format!(
                    "It has no gateway; {name} at {address} forwards in it. If on-premises comes in through that, the \
                     environment needs routes there, and its side of the peering uses no gateway."
                ),
                format!(
                    "Ask its owner for the ranges on-premises, connect, then lead each to {address} in the \
                     environment's route table (az network route-table route create, next hop VirtualAppliance)."
                ),
            )
        }
        None => warns(
            Mistake::Gateway,
            "It has no gateway: the environment is reached from it, not from on-premises.",
            "Have a VPN gateway created in it, or choose a hub that has one.",
        ),
    }
}

fn of_hub(hub: &Hub, spoke: &Spoke, gateways: &[Gateway]) -> Vec<Reason> {
    let vpn: Vec<&Gateway> = gateways.iter().filter(|each| each.kind == GatewayKind::Vpn).collect();
    let mut reasons: Vec<Reason> = gateways.iter().filter_map(state).collect();
    for gateway in &vpn {
        reasons.extend(limits(hub, spoke, gateway));
    }
    if let (true, Some(gateway)) = (vpn.is_empty(), gateways.first()) {
        reasons.push(warns(
            Mistake::Gateway,
            format!(
                "It has only the ExpressRoute gateway {}: on-premises comes in by the provider's line, not by VPN.",
                gateway.name
            ),
            "Go on where your site has that line. For VPN clients a VPN gateway is needed beside it.",
        ));
    }
    reasons.extend(default_route(hub));
    for gateway in gateways.iter().filter(|each| each.state == "Succeeded") {
        reasons.push(good(
            Mistake::Gateway,
            format!("Its {} gateway {} ({}) is up.", kind(gateway), gateway.name, gateway.sku),
        ));
    }
    reasons
}

/// A default route from on-premises is followed by every subnet without a route of its own for it,
/// AzureFirewallSubnet among them, and a firewall must reach the internet directly
/// (<https://learn.microsoft.com/azure/firewall/forced-tunneling>).
fn default_route(hub: &Hub) -> Option<Reason> {
    let learned = hub.default_route()?;
    Some(refused(
        Mistake::Routes,
        format!(
            "On-premises advertises a default route (0.0.0.0/0) to its gateway {}: as soon as the environment uses \
             that gateway, its firewall and Bastion follow it and lose their way to the internet.",
            learned.source
        ),
        "Have its owner keep 0.0.0.0/0 from being advertised (a filter on the VPN device or circuit), or \
         choose another hub.",
    ))
}

fn kind(gateway: &Gateway) -> &'static str {
    match gateway.kind {
        GatewayKind::Vpn => "VPN",
        GatewayKind::ExpressRoute => "ExpressRoute",
    }
}

/// A gateway that is not up: Azure counts it as none until it is.
fn state(gateway: &Gateway) -> Option<Reason> {
    let name = &gateway.name;
    match gateway.state.as_str() {
        "Succeeded" => None,
        "Updating" | "Creating" => Some(warns(
            Mistake::Gateway,
            format!("Its gateway {name} is being created or changed, which can take 45 minutes."),
            "Wait until it is up: Azure refuses to let the environment use it before.",
        )),
        state => Some(warns(
            Mistake::Gateway,
            format!("Its gateway {name} is {state}."),
            "Have its owner repair it: Azure does not let the environment use it until it has succeeded.",
        )),
    }
}

/// What a VPN gateway cannot do.
fn limits(hub: &Hub, spoke: &Spoke, gateway: &Gateway) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if !gateway.route_based {
        reasons.push(warns(
            Mistake::Gateway,
            format!(
                "Its gateway {} is policy-based: one tunnel, no VPN clients, and no transit for peered networks is \
                 promised.",
                gateway.name
            ),
            "Have it created again as route-based before you rely on it.",
        ));
    }
    let basic = gateway.sku.eq_ignore_ascii_case("Basic");
    if basic && !same_region(&hub.region, &spoke.region) {
        reasons.push(warns(
            Mistake::Gateway,
            format!(
                "Its gateway {} is of the tier Basic, which a network in another region cannot use.",
                gateway.name
            ),
            "Have it created again with a tier such as VpnGw1AZ, or choose a hub in the environment's region.",
        ));
    }
    reasons
}
