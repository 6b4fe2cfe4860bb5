//! The halves of a peering: what to change next so that both end connected, in sync and with the right switches.
//!
//! It is a fold: from any state the next change is found, made by somebody, and the halves are read again, until
//! nothing is left to do. So an act that was interrupted goes on, and a connection that stands is left alone. This
//! module must not know how a change is made. The order is Azure's: the hub's half lets its gateway be used before
//! ours uses it (<https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit>).

use serde::{Deserialize, Serialize};

use super::{
    AzCommand, Far, Flags, Half, Hub, IdParts, Known, Lack, Mistake, PeeringState, SyncLevel,
};

mod judge;

pub use judge::{is_connected, judge};

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
pub enum PeeringChange {
    /// A half that was left behind is deleted, so that it can be made again.
    Delete { side: Side, name: String },
    /// A half is made.
    Make { side: Side, flags: Flags },
    /// A half gets other switches.
    Mend { side: Side, name: String, flags: Flags },
    /// A half learns the other network's address ranges anew.
    Sync { side: Side, name: String },
}

impl PeeringChange {
    /// The side that it is made on.
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
    /// As the facts about a hub tell. Gateways that could not be read are tried: Azure refuses what does not work. A
    /// Route Server serves spokes as a gateway does
    /// (<https://learn.microsoft.com/azure/route-server/route-server-faq>).
    pub fn of(hub: &Hub) -> Self {
        let works = match &hub.gateways {
            Known::Read(gateways) => {
                hub.route_server || gateways.iter().any(|each| each.state == "Succeeded")
            }
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
    pub fn of(hub: &Hub) -> Self {
        match &hub.rights {
            Known::Read(rights) => Self { far: rights.write, near: rights.peer },
            Known::Unread(_) => Self { far: true, near: true },
        }
    }
}

/// The switches that the hub's half has in the end: its gateway may be used, and nobody uses one of ours.
const FAR: Flags =
    Flags { access: true, forwarded: true, gateway_transit: true, remote_gateways: false };

/// The next change; `None` when there is nothing to do, or nothing that the account may do. A side that was `synced`
/// already is not synced again: that it still says otherwise is not its doing.
pub fn next(
    sides: Sides<'_>,
    transit: Transit,
    may: May,
    synced: &[Side],
) -> Option<PeeringChange> {
    left_behind(sides, may)
        .or_else(|| hub_half(sides, may))
        .or_else(|| own_half(sides, transit, may))
        .or_else(|| sync(sides, may, synced))
}

fn is_left_behind(half: &Half) -> bool {
    half.state == Some(PeeringState::Disconnected)
}

/// A half that was left behind goes first: while it is there, Azure takes no other one on the other side.
fn left_behind(sides: Sides<'_>, may: May) -> Option<PeeringChange> {
    let delete = |side, half: &Half| PeeringChange::Delete { side, name: half.name.clone() };
    let far = sides.far.half().filter(|half| is_left_behind(half) && may.far);
    // Ours is kept where it could not be made again: it shows to others what was there.
    let near = sides.near.filter(|half| is_left_behind(half) && may.near);
    far.map(|half| delete(Side::Far, half)).or_else(|| near.map(|half| delete(Side::Near, half)))
}

fn hub_half(sides: Sides<'_>, may: May) -> Option<PeeringChange> {
    if !may.far {
        return None;
    }
    let side = Side::Far;
    match sides.far {
        // Without the right to make ours it would lead nowhere.
        Far::Absent if may.near || sides.near.is_some() => {
            Some(PeeringChange::Make { side, flags: FAR })
        }
        Far::Found(half) if half.flags != FAR => {
            Some(PeeringChange::Mend { side, name: half.name.clone(), flags: FAR })
        }
        _ => None,
    }
}

fn own_half(sides: Sides<'_>, transit: Transit, may: May) -> Option<PeeringChange> {
    // A half of the hub that was left behind and that we may not delete: Azure refuses ours until its owner has.
    if !may.near || sides.far.half().is_some_and(is_left_behind) {
        return None;
    }
    let flags = wanted(sides, transit);
    match sides.near {
        None => Some(PeeringChange::Make { side: Side::Near, flags }),
        Some(half) if half.flags != flags => {
            Some(PeeringChange::Mend { side: Side::Near, name: half.name.clone(), flags })
        }
        Some(_) => None,
    }
}

/// The switches that our half can have now.
fn wanted(sides: Sides<'_>, transit: Transit) -> Flags {
    let open = match sides.far {
        Far::Found(half) => half.flags.gateway_transit,
        Far::Unread { .. } => sides.near.is_some_and(Half::is_connected),
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

fn sync(sides: Sides<'_>, may: May, synced: &[Side]) -> Option<PeeringChange> {
    let near = sides.near.filter(|half| half.is_connected())?;
    let change = |side, half: &Half| PeeringChange::Sync { side, name: half.name.clone() };
    let far = sides.far.half();
    let is_open = |side: &Side| !synced.contains(side);
    let theirs = far.filter(|_| may.far && is_open(&Side::Far));
    let ours = Some(near).filter(|_| may.near && is_open(&Side::Near));
    // What one side lacks, the sync of that side brings; where it does not, the other side's can.
    let near_is_tried = !is_open(&Side::Near) && knows_not(near);
    let far_is_tried = !is_open(&Side::Far) && far.is_some_and(knows_not);
    let of_far = theirs.filter(|far| knows_not(far) || is_not_known(near) || near_is_tried);
    let of_near =
        ours.filter(|near| knows_not(near) || far.is_some_and(is_not_known) || far_is_tried);
    of_far
        .map(|half| change(Side::Far, half))
        .or_else(|| of_near.map(|half| change(Side::Near, half)))
}

/// Whether the half of a side knows the other network's ranges as they are, as far as it can be seen.
pub fn knows(sides: Sides<'_>, side: Side) -> bool {
    let half = if side == Side::Near { sides.near } else { sides.far.half() };
    !half.is_some_and(knows_not)
}

/// What stays of the ranges that the halves do not know of each other, once each side that may be was synced.
pub fn unsynced(sides: Sides<'_>, hub: &Hub, network: &str, synced: &[Side]) -> Option<Lack> {
    let near = sides.near?;
    let far = sides.far.half();
    let apart = |half: &Half| knows_not(half) || is_not_known(half);
    if synced.is_empty() || !(apart(near) || far.is_some_and(apart)) {
        return None;
    }
    let (what, remedy) = if synced.contains(&Side::Far) {
        let what = "Both sides were synced, and Azure still says that they do not know each other's address ranges.";
        let remedy = "It can come minutes late: run `privateaml peer` again. If it stays so, create both sides again: \
            `privateaml peer` with --remove, then with the hub's id.";
        (what.to_owned(), remedy.to_owned())
    } else {
        let name =
            far.map_or_else(|| format!("NAME-OF-THE-PEERING-TO-{network}"), |far| far.name.clone());
        let sync = AzCommand::of_half("sync", IdParts::of(&hub.id), &name);
        (
            format!(
                "Our side was synced, and Azure still says {}: what stays is the side of {}.",
                near.sync.map_or_else(|| "nothing".to_owned(), |level| format!("{level:?}")),
                hub.name
            ),
            format!(
                "The hub's owner syncs it: {}. If it stays so, both sides must be created again: `privateaml peer` \
                 with --remove, then with the hub's id.",
                sync.line()
            ),
        )
    };
    Some(Lack::new(Mistake::OneSide, what, remedy))
}

/// A half that does not know the other network's ranges as they are.
fn knows_not(half: &Half) -> bool {
    matches!(half.sync, Some(SyncLevel::RemoteNotInSync | SyncLevel::LocalAndRemoteNotInSync))
}

/// A half whose own network's ranges the other side does not know as they are.
fn is_not_known(half: &Half) -> bool {
    matches!(half.sync, Some(SyncLevel::LocalNotInSync | SyncLevel::LocalAndRemoteNotInSync))
}

/// A name for a half that no other one in its network has: the wanted one, or with a number behind it. Names are
/// compared without case and take 80 characters
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork>).
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
