//! The guided step of the halves: how far they are, what they lack, and who can do it.

use super::{
    FAR, May, Side, Sides, Transit, is_left_behind, is_not_known, knows_not, next, unsynced,
};
use crate::domain::peering::{
    Far, Guide, Half, Hub, Lack, Mistake, PeeringState, StepStatus, Topic,
};

/// True when both sides are connected and in sync.
pub fn is_connected(sides: Sides<'_>) -> bool {
    let whole = |half: &Half| half.is_connected() && half.is_in_sync();
    let far = match sides.far {
        Far::Found(half) => whole(half),
        Far::Unread { .. } => true,
        Far::Absent => false,
    };
    far && sides.near.is_some_and(whole)
}

/// The guided step: how far both sides are, what they lack, and who can do it.
pub fn judge(
    sides: Sides<'_>,
    hub: &Hub,
    network: &str,
    transit: Transit,
    may: May,
    synced: &[Side],
) -> Guide {
    let mut lacks = states(sides, hub, network, may);
    lacks.extend(unsynced(sides, hub, network, synced).or_else(|| synchrony(sides, hub)));

    lacks.extend(switches(sides, hub, transit));
    let standing = if next(sides, transit, may, synced).is_some() {
        StepStatus::ToDo
    } else if is_connected(sides) && lacks.iter().all(|lack| lack.mistake == Mistake::Gateway) {
        StepStatus::Done
    } else {
        StepStatus::Waiting
    };
    Guide { topic: Topic::Link, standing, summary: summary(sides), lacks }
}

fn summary(sides: Sides<'_>) -> String {
    let far = sides.far.half();
    let state = |half: &Half| match half.state {
        Some(PeeringState::Initiated) => "Initiated",
        Some(PeeringState::Connected) => "Connected",
        Some(PeeringState::Disconnected) => "Disconnected",
        None => "in a state that is not known",
    };
    match (sides.near, far) {
        (None, None) => "not linked".into(),
        (Some(near), Some(_)) if is_connected(sides) => format!("both sides {}", state(near)),
        (Some(near), Some(far))
            if near.is_connected() && !(near.is_in_sync() && far.is_in_sync()) =>
        {
            "both sides Connected, addresses not in sync".into()
        }
        (Some(near), Some(far)) => format!("ours {}, the hub's {}", state(near), state(far)),
        (Some(near), None) if near.is_connected() => {
            "Connected; the hub's side cannot be read".into()
        }
        (Some(half), None) => format!("1 of 2 sides (ours), {}", state(half)),
        (None, Some(half)) => format!("1 of 2 sides (the hub's), {}", state(half)),
    }
}

/// What is missing of the halves themselves, and of the rights to make them.
fn states(sides: Sides<'_>, hub: &Hub, network: &str, may: May) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let mut lack =
        |what: String, remedy: &str| lacks.push(Lack::new(Mistake::OneSide, what, remedy));
    let name = &hub.name;
    let again = "It must be deleted and created again";
    match sides.far {
        Far::Absent => {
            let remedy = if may.far {
                "Run `privateaml peer` with --yes: it creates both sides."
            } else {
                "The hub's owner creates it; the hand-over has the commands. Then run `privateaml peer` again."
            };
            lack(format!("{name} has no side of the peering to {network}."), remedy);
        }
        Far::Found(half) if is_left_behind(half) => {
            let side = &half.name;
            let remedy = if may.far {
                format!("{again}: run `privateaml peer` with --yes.")
            } else {
                format!("{again} by the hub's owner, before ours can be created.")
            };
            let what =
                format!("The side {side} of {name} is Disconnected: the other side was deleted.");
            lack(what, &remedy);
        }
        Far::Unread { why } if !sides.near.is_some_and(Half::is_connected) => lack(
            format!("The side of {name} cannot be seen from here: {why}"),
            "Ask its owner to create it; ours is Connected as soon as it is there.",
        ),
        Far::Found(_) | Far::Unread { .. } => {}
    }
    match sides.near {
        None => {
            let remedy = if may.near {
                "Run `privateaml peer` with --yes: it creates it."
            } else {
                "Ask the hub's owner for the right named below first."
            };
            lack(format!("{network} has no side of the peering to {name}."), remedy);
        }
        Some(half) if is_left_behind(half) => lack(
            format!("Our side {} is Disconnected: the side of {name} was deleted.", half.name),
            &format!("{again}: run `privateaml peer` with --yes."),
        ),
        Some(_) => {}
    }
    lacks.extend(rights(sides, hub, may));
    lacks
}

fn synchrony(sides: Sides<'_>, hub: &Hub) -> Option<Lack> {
    let near = sides.near.filter(|half| half.is_connected())?;
    let ours = is_not_known(near) || sides.far.half().is_some_and(knows_not);
    if !(ours || knows_not(near)) {
        return None;
    }
    let whose = if ours { "the environment's network" } else { hub.name.as_str() };
    Some(Lack::new(
        Mistake::OneSide,
        format!(
            "An address range of {whose} has changed, and the other side does not know it yet."
        ),
        "Run `privateaml peer` with --yes: it syncs the side that it may write; the hub's owner syncs the other one \
         (az network vnet peering sync).",
    ))
}

fn rights(sides: Sides<'_>, hub: &Hub, may: May) -> Vec<Lack> {
    let mut lacks = Vec::new();
    if !may.near && !is_connected(sides) {
        lacks.push(Lack::new(
            Mistake::Rights,
            format!("This account may not let a peering lead to {}.", hub.name),
            format!(
                "The hub's owner grants Microsoft.Network/virtualNetworks/peer/action on {} (role Network Contributor \
                 has it), then run `privateaml peer` again.",
                hub.id
            ),
        ));
    }
    let far_open = match sides.far {
        Far::Absent => true,
        Far::Found(half) => is_left_behind(half) || half.flags != FAR,
        Far::Unread { .. } => !is_connected(sides),
    };
    if !may.far && far_open {
        lacks.push(Lack::new(
            Mistake::Rights,
            format!("This account may not write peerings in {}.", hub.name),
            "Give the hand-over to the hub's owner; when they have acted, run `privateaml peer` again.",
        ));
    }
    lacks
}

/// Wrong switches, and a gateway that cannot be used yet.
fn switches(sides: Sides<'_>, hub: &Hub, transit: Transit) -> Vec<Lack> {
    let mut lacks = Vec::new();
    if let Some(half) = sides.far.half().filter(|half| !is_left_behind(half)) {
        for (good, what) in [
            (half.flags.gateway_transit, "does not let its gateway be used (allowGatewayTransit)"),
            (half.flags.forwarded, "does not take forwarded traffic (allowForwardedTraffic)"),
            (half.flags.access, "lets no traffic through (allowVirtualNetworkAccess)"),
            (
                !half.flags.remote_gateways,
                "uses a gateway of ours, which is none (useRemoteGateways)",
            ),
        ] {
            if !good {
                lacks.push(Lack::new(
                    Mistake::Flags,
                    format!("The side of {} {what}.", hub.name),
                    "Run `privateaml peer` with --yes, or let the hub's owner set it; the hub's side goes first.",
                ));
            }
        }
    }
    let Some(near) = sides.near.filter(|half| !is_left_behind(half)) else { return lacks };
    for (good, what) in [
        (near.flags.forwarded, "does not take forwarded traffic (allowForwardedTraffic)"),
        (near.flags.access, "lets no traffic through (allowVirtualNetworkAccess)"),
        (!near.flags.gateway_transit, "offers a gateway that is none (allowGatewayTransit)"),
    ] {
        if !good {
            let remedy = "Run `privateaml peer` with --yes.";
            lacks.push(Lack::new(Mistake::Flags, format!("Our side {what}."), remedy));
        }
    }
    if !near.flags.remote_gateways {
        lacks.push(without_gateway(hub, transit));
    }
    lacks
}

fn without_gateway(hub: &Hub, transit: Transit) -> Lack {
    match transit {
        Transit::Ready => Lack::new(
            Mistake::Flags,
            format!("Our side does not use the gateway of {} (useRemoteGateways).", hub.name),
            "Run `privateaml peer` with --yes once both sides are there.",
        ),
        Transit::Refused => Lack::new(
            Mistake::Flags,
            format!(
                "The side of {} does not let its gateway be used (allowGatewayTransit).",
                hub.name
            ),
            "The hub's owner sets it (az network vnet peering update --set allowGatewayTransit=true); then run \
             `privateaml peer` again.",
        ),
        Transit::NotReady if hub.router().is_some() => {
            let (name, address) = hub.router().unwrap_or_default();
            Lack::new(
                Mistake::Gateway,
                format!(
                    "{} has no gateway; {name} at {address} forwards in it. So our side uses no gateway \
                     (useRemoteGateways false).",
                    hub.name
                ),
                format!(
                    "If on-premises comes in through it, lead each range on-premises to it in the route table of the \
                     environment: az network route-table route create with --next-hop-type VirtualAppliance \
                     --next-hop-ip-address {address}. Its owner leads the environment's range the other way."
                ),
            )
        }
        Transit::NotReady => Lack::new(
            Mistake::Gateway,
            format!(
                "{} has no gateway that works, so on-premises does not reach the environment through it.",
                hub.name
            ),
            "The networks are linked without it. When a gateway is up, run `privateaml peer` again: our \
             side is switched to it.",
        ),
    }
}
