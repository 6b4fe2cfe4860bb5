//! The halves of a peering: what to change next so that both end connected, in sync and with the right switches.
//!
//! It is a fold: from any state the next change is found, made by somebody, and the halves are read again, until nothing
//! is left to do. So an act that was interrupted goes on, and a connection that stands is left alone. This module must not
//! know how a change is made. The order is Azure's: the hub's half lets its gateway be used before ours uses it
//! (<https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit>).

use serde::{Deserialize, Serialize};

use super::{
    connection::{Guide, Lack, Standing, Topic},
    half::{Far, Flags, Half, PeeringState, SyncLevel},
    hub::{Hub, Known},
    mistake::Mistake,
};

/// Which network a half stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The environment's.
    Near,
    /// The hub's.
    Far,
}

/// One change of a half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// A half that was left behind is deleted, so that it can be made again.
    Delete {
        /// Where it stands.
        side: Side,
        /// Its name.
        name: String,
    },
    /// A half is made.
    Make {
        /// Where it will stand.
        side: Side,
        /// Its switches.
        flags: Flags,
    },
    /// A half gets other switches.
    Mend {
        /// Where it stands.
        side: Side,
        /// Its name.
        name: String,
        /// The switches that it will have.
        flags: Flags,
    },
    /// A half learns the other network's address ranges anew.
    Sync {
        /// Where it stands.
        side: Side,
        /// Its name.
        name: String,
    },
}

impl Change {
    /// The side that it is made on.
    #[must_use]
    pub fn side(&self) -> Side {
        match self {
            Self::Delete { side, .. }
            | Self::Make { side, .. }
            | Self::Mend { side, .. }
            | Self::Sync { side, .. } => *side,
        }
    }
}

/// Both halves.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// Ours.
    pub near: Option<&'a Half>,
    /// The hub's.
    pub far: &'a Far,
}

/// The hub's gateway, as far as our half may use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transit {
    /// One works.
    Ready,
    /// None works: our half does not begin to use one.
    NotReady,
    /// Azure has refused it: the hub's half does not allow it, though it cannot be seen from here.
    Refused,
}

impl Transit {
    /// As the facts about a hub tell. Gateways that could not be read are tried: Azure refuses what does not work.
    #[must_use]
    pub fn of(hub: &Hub) -> Self {
        let works = match &hub.gateways {
            Known::Read(gateways) => gateways.iter().any(|each| each.state == "Succeeded"),
            Known::Unread(_) => true,
        };
        if works { Self::Ready } else { Self::NotReady }
    }
}

/// What the account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    /// Write halves in the hub.
    pub far: bool,
    /// Let our half lead to the hub. Deleting our half needs no right on the hub.
    pub near: bool,
}

impl May {
    /// As the facts about a hub tell. Rights that could not be read are tried: Azure refuses what is not allowed.
    #[must_use]
    pub fn of(hub: &Hub) -> Self {
        match &hub.rights {
            Known::Read(rights) => Self {
                far: rights.write,
                near: rights.peer,
            },
            Known::Unread(_) => Self {
                far: true,
                near: true,
            },
        }
    }
}

/// The switches that the hub's half has in the end: its gateway may be used, and nobody uses one of ours.
const FAR: Flags = Flags {
    access: true,
    forwarded: true,
    gateway_transit: true,
    remote_gateways: false,
};

/// The next change; `None` when there is nothing to do, or nothing that the account may do.
#[must_use]
pub fn next(sides: Sides<'_>, transit: Transit, may: May) -> Option<Change> {
    left_behind(sides, may)
        .or_else(|| hub_half(sides, may))
        .or_else(|| own_half(sides, transit, may))
        .or_else(|| sync(sides, may))
}

fn is_left_behind(half: &Half) -> bool {
    half.state == Some(PeeringState::Disconnected)
}

/// A half that was left behind goes first: while it is there, Azure takes no other one on the other side.
fn left_behind(sides: Sides<'_>, may: May) -> Option<Change> {
    let delete = |side, half: &Half| Change::Delete {
        side,
        name: half.name.clone(),
    };
    match sides.far {
        Far::Found(half) if is_left_behind(half) && may.far => {
            return Some(delete(Side::Far, half));
        }
        _ => {}
    }
    // Ours is kept where it could not be made again: it shows to others what was there.
    sides
        .near
        .filter(|half| is_left_behind(half) && may.near)
        .map(|half| delete(Side::Near, half))
}

fn hub_half(sides: Sides<'_>, may: May) -> Option<Change> {
    if !may.far {
        return None;
    }
    let side = Side::Far;
    match sides.far {
        // Without the right to make ours it would lead nowhere.
        Far::Absent if may.near || sides.near.is_some() => Some(Change::Make { side, flags: FAR }),
        Far::Found(half) if half.flags != FAR => Some(Change::Mend {
            side,
            name: half.name.clone(),
            flags: FAR,
        }),
        _ => None,
    }
}

fn own_half(sides: Sides<'_>, transit: Transit, may: May) -> Option<Change> {
    if !may.near || blocked(sides.far) {
        return None;
    }
    let flags = wanted(sides, transit);
    match sides.near {
        None => Some(Change::Make {
            side: Side::Near,
            flags,
        }),
        Some(half) if half.flags != flags => Some(Change::Mend {
            side: Side::Near,
            name: half.name.clone(),
            flags,
        }),
        Some(_) => None,
    }
}

/// A half of the hub that was left behind and that we may not delete: Azure refuses ours until its owner has.
fn blocked(far: &Far) -> bool {
    matches!(far, Far::Found(half) if is_left_behind(half))
}

/// The switches that our half can have now.
fn wanted(sides: Sides<'_>, transit: Transit) -> Flags {
    let open = match sides.far {
        Far::Found(half) => half.flags.gateway_transit,
        Far::Unread { .. } => sides
            .near
            .is_some_and(|half| half.state == Some(PeeringState::Connected)),
        Far::Absent => false,
    };
    let used = sides.near.is_some_and(|half| half.flags.remote_gateways);
    Flags {
        access: true,
        forwarded: true,
        gateway_transit: false,
        // A gateway that is being changed just now is still in use: what was switched on stays on.
        remote_gateways: used || (open && transit == Transit::Ready),
    }
}

fn sync(sides: Sides<'_>, may: May) -> Option<Change> {
    let near = sides.near?;
    if near.state != Some(PeeringState::Connected) {
        return None;
    }
    let change = |side, half: &Half| {
        Some(Change::Sync {
            side,
            name: half.name.clone(),
        })
    };
    if let Far::Found(far) = sides.far
        && may.far
        && (knows_not(far) || is_not_known(near))
    {
        return change(Side::Far, far);
    }
    let far_says = matches!(sides.far, Far::Found(far) if is_not_known(far));
    if may.near && (knows_not(near) || far_says) {
        return change(Side::Near, near);
    }
    None
}

/// A half that does not know the other network's ranges as they are.
fn knows_not(half: &Half) -> bool {
    matches!(
        half.sync,
        Some(SyncLevel::RemoteNotInSync | SyncLevel::LocalAndRemoteNotInSync)
    )
}

/// A half whose own network's ranges the other side does not know as they are.
fn is_not_known(half: &Half) -> bool {
    matches!(
        half.sync,
        Some(SyncLevel::LocalNotInSync | SyncLevel::LocalAndRemoteNotInSync)
    )
}

/// True when both halves are connected and in sync.
#[must_use]
pub fn is_connected(sides: Sides<'_>) -> bool {
    let whole = |half: &Half| {
        half.state == Some(PeeringState::Connected)
            && matches!(half.sync, None | Some(SyncLevel::FullyInSync))
    };
    let far = match sides.far {
        Far::Found(half) => whole(half),
        Far::Unread { .. } => true,
        Far::Absent => false,
    };
    far && sides.near.is_some_and(whole)
}

/// The guided step: how far both halves are, what they lack, and who can do it.
#[must_use]
pub fn judge(sides: Sides<'_>, hub: &Hub, network: &str, transit: Transit, may: May) -> Guide {
    let mut lacks = states(sides, hub, network, may);
    lacks.extend(switches(sides, hub, transit));
    let standing = if next(sides, transit, may).is_some() {
        Standing::ToDo
    } else if is_connected(sides) && lacks.iter().all(|lack| lack.mistake == Mistake::Gateway) {
        Standing::Done
    } else {
        Standing::Waiting
    };
    Guide {
        topic: Topic::Link,
        standing,
        summary: summary(sides),
        lacks,
    }
}

fn summary(sides: Sides<'_>) -> String {
    let far = match sides.far {
        Far::Found(half) => Some(half),
        Far::Absent | Far::Unread { .. } => None,
    };
    let state = |half: &Half| match half.state {
        Some(PeeringState::Initiated) => "Initiated",
        Some(PeeringState::Connected) => "Connected",
        Some(PeeringState::Disconnected) => "Disconnected",
        None => "in a state that is not known",
    };
    let out_of_sync = |half: &Half| !matches!(half.sync, None | Some(SyncLevel::FullyInSync));
    match (sides.near, far) {
        (None, None) => "not linked".into(),
        (Some(near), Some(_)) if is_connected(sides) => format!("both sides {}", state(near)),
        (Some(near), Some(far)) => {
            let connected = near.state == Some(PeeringState::Connected);
            if connected && (out_of_sync(near) || out_of_sync(far)) {
                "both sides Connected, addresses not in sync".into()
            } else {
                format!("ours {}, the hub's {}", state(near), state(far))
            }
        }
        (Some(near), None) if near.state == Some(PeeringState::Connected) => {
            "Connected; the hub's side cannot be read".into()
        }
        (Some(half), None) => format!("1 of 2 sides (ours), {}", state(half)),
        (None, Some(half)) => format!("1 of 2 sides (the hub's), {}", state(half)),
    }
}

fn lack(mistake: Mistake, what: impl Into<String>, remedy: impl Into<String>) -> Lack {
    Lack {
        mistake,
        what: what.into(),
        remedy: remedy.into(),
    }
}

/// What is missing of the halves themselves, and of the rights to make them.
fn states(sides: Sides<'_>, hub: &Hub, network: &str, may: May) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let name = &hub.name;
    let again = "It must be deleted and made again";
    match sides.far {
        Far::Absent => {
            let what = format!("{name} has no side of the peering to {network}.");
            let remedy = if may.far {
                "Run `privateaml peer` with --yes: it makes both sides."
            } else {
                "The hub's owner makes it; the hand-over has the commands. Then run `privateaml peer` again."
            };
            lacks.push(lack(Mistake::OneSide, what, remedy));
        }
        Far::Found(half) if is_left_behind(half) => {
            let what = format!(
                "The side {} of {name} is Disconnected: the other side was deleted.",
                half.name
            );
            let remedy = if may.far {
                format!("{again}: run `privateaml peer` with --yes.")
            } else {
                format!("{again} by the hub's owner, before ours can be made.")
            };
            lacks.push(lack(Mistake::OneSide, what, remedy));
        }
        Far::Unread { why } => {
            let connected = sides
                .near
                .is_some_and(|half| half.state == Some(PeeringState::Connected));
            if !connected {
                let what = format!("The side of {name} cannot be seen from here: {why}");
                let remedy = "Ask its owner to make it; ours is Connected as soon as it is there.";
                lacks.push(lack(Mistake::OneSide, what, remedy));
            }
        }
        Far::Found(_) => {}
    }
    match sides.near {
        None => {
            let what = format!("{network} has no side of the peering to {name}.");
            let remedy = if may.near {
                "Run `privateaml peer` with --yes: it makes it."
            } else {
                "Ask the hub's owner for the right named below first."
            };
            lacks.push(lack(Mistake::OneSide, what, remedy));
        }
        Some(half) if is_left_behind(half) => {
            let what = format!(
                "Our side {} is Disconnected: the side of {name} was deleted.",
                half.name
            );
            let remedy = format!("{again}: run `privateaml peer` with --yes.");
            lacks.push(lack(Mistake::OneSide, what, remedy));
        }
        Some(_) => {}
    }
    lacks.extend(synchrony(sides, hub));
    lacks.extend(rights(sides, hub, may));
    lacks
}

fn synchrony(sides: Sides<'_>, hub: &Hub) -> Option<Lack> {
    let near = sides.near?;
    let far_unknowing = matches!(sides.far, Far::Found(far) if knows_not(far));
    let connected = near.state == Some(PeeringState::Connected);
    let ours = is_not_known(near) || far_unknowing;
    if !connected || !(ours || knows_not(near)) {
        return None;
    }
    let whose = if ours {
        "the environment's network"
    } else {
        hub.name.as_str()
    };
    Some(lack(
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
        lacks.push(lack(
            Mistake::Rights,
            format!("This account may not let a peering lead to {}.", hub.name),
            format!(
                "The hub's owner grants Microsoft.Network/virtualNetworks/peer/action on {} (role Network Contributor has it), \
                 then run `privateaml peer` again.",
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
        lacks.push(lack(
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
    if let Far::Found(half) = sides.far
        && !is_left_behind(half)
    {
        for (good, what) in [
            (
                half.flags.gateway_transit,
                "does not let its gateway be used (allowGatewayTransit)",
            ),
            (
                half.flags.forwarded,
                "does not take forwarded traffic (allowForwardedTraffic)",
            ),
            (
                half.flags.access,
                "lets no traffic through (allowVirtualNetworkAccess)",
            ),
            (
                !half.flags.remote_gateways,
                "uses a gateway of ours, which is none (useRemoteGateways)",
            ),
        ] {
            if !good {
                lacks.push(lack(
                    Mistake::Flags,
                    format!("The side of {} {what}.", hub.name),
                    "Run `privateaml peer` with --yes, or let the hub's owner set it; the hub's side goes first.",
                ));
            }
        }
    }
    let Some(near) = sides.near.filter(|half| !is_left_behind(half)) else {
        return lacks;
    };
    for (good, what) in [
        (
            near.flags.forwarded,
            "does not take forwarded traffic (allowForwardedTraffic)",
        ),
        (
            near.flags.access,
            "lets no traffic through (allowVirtualNetworkAccess)",
        ),
        (
            !near.flags.gateway_transit,
            "offers a gateway that is none (allowGatewayTransit)",
        ),
    ] {
        if !good {
            let remedy = "Run `privateaml peer` with --yes.";
            lacks.push(lack(Mistake::Flags, format!("Our side {what}."), remedy));
        }
    }
    if !near.flags.remote_gateways {
        lacks.push(without_gateway(hub, transit));
    }
    lacks
}

fn without_gateway(hub: &Hub, transit: Transit) -> Lack {
    match transit {
        Transit::Ready => lack(
            Mistake::Flags,
            format!(
                "Our side does not use the gateway of {} (useRemoteGateways).",
                hub.name
            ),
            "Run `privateaml peer` with --yes once both sides are there.",
        ),
        Transit::Refused => lack(
            Mistake::Flags,
            format!(
                "The side of {} does not let its gateway be used (allowGatewayTransit).",
                hub.name
            ),
            "The hub's owner sets it (az network vnet peering update --set allowGatewayTransit=true); then run \
             `privateaml peer` again.",
        ),
        Transit::NotReady => lack(
            Mistake::Gateway,
            format!(
                "{} has no gateway that works, so on-premises does not reach the environment through it.",
                hub.name
            ),
            "The networks are linked without it. When a gateway is up, run `privateaml peer` again: our side is switched to it.",
        ),
    }
}

/// A name for a half that no other one in its network has: the wanted one, or with a number behind it. Names are compared
/// without case and take 80 characters
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork>).
#[must_use]
pub fn free_name(remote: &str, taken: &[String]) -> String {
    let wanted: String = format!("to-{remote}").chars().take(76).collect();
    let free = |name: &str| !taken.iter().any(|each| each.eq_ignore_ascii_case(name));
    if free(&wanted) {
        return wanted;
    }
    (2..=taken.len() + 2)
        .map(|number| format!("{wanted}-{number}"))
        .find(|name| free(name))
        .unwrap_or(wanted)
}

#[cfg(test)]
mod tests;
