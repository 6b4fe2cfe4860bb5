//! Why nothing answers at private addresses: what Azure tells of the connection decides between peering, flags, gateway,
//! routes, the way back and filters.
//!
//! Packets that are lost all look alike from outside. Without the connection's facts the sentence says what to look at, in
//! order.

use super::Mistake;
use crate::domain::peering::{
    Connection, Far, Half, Lack, PeeringState, Standing, SyncLevel, Topic,
};

const SILENT: &str = "Nothing answers at the private addresses.";

fn found(mistake: Mistake, what: &str, remedy: &str) -> Lack {
    Lack::new(mistake, format!("{SILENT} {what}"), remedy)
}

/// The step that keeps packets from arriving, or from coming back.
pub(super) fn lack(connection: Option<&Connection>) -> Lack {
    let Some(connection) = connection else {
        return found(
            Mistake::Routes,
            "Packets are lost on the way there or back.",
            "Look in this order: both sides of the peering Connected; gateway transit on the hub's side and remote gateways on ours; a gateway that is up; a route to this range on-premises; the way back through a firewall of the hub; the network security group of SharedSubnet. Where this program may ask Azure it tells them apart: run the test with an account.",
        );
    };
    halves(connection)
        .or_else(|| flags(connection))
        .or_else(|| gateway(connection))
        .or_else(|| guided(connection))
        .or_else(|| firewall(connection))
        .unwrap_or_else(|| {
            found(
                Mistake::Routes,
                "Both sides of the peering stand and the gateway is up, so the route is missing on-premises or the tunnel is down.",
                "Add the route to this range over the VPN on-premises, see whether the tunnel is up, and reconnect clients of a point-to-site VPN with a new profile.",
            )
        })
}

fn halves(connection: &Connection) -> Option<Lack> {
    let far = match &connection.far {
        Far::Absent => None,
        Far::Found(half) => Some(Some(half)),
        Far::Unread { .. } => Some(None),
    };
    let remedy = "Make the missing side, or make both anew where one is Disconnected: privateaml peer does it, or writes the hand-over for the hub's owner.";
    let one_side = |what: &str| Some(found(Mistake::OneSide, what, remedy));
    let Some(near) = &connection.near else {
        return one_side("The environment's side of the peering does not exist.");
    };
    let Some(far) = far else {
        return one_side("The hub's side of the peering does not exist.");
    };
    let halves = || std::iter::once(near).chain(far);
    if halves().any(|half| half.state == Some(PeeringState::Disconnected)) {
        return one_side("One side of the peering was deleted: the other is Disconnected.");
    }
    if halves().any(|half| half.state != Some(PeeringState::Connected)) {
        return one_side("The peering is not Connected.");
    }
    let stale = |half: &Half| half.sync.is_some_and(|sync| sync != SyncLevel::FullyInSync);
    halves().any(stale).then(|| {
        found(
            Mistake::OneSide,
            "Address ranges have changed since the sides were made: they are not in sync.",
            "Sync the peering: privateaml peer does it.",
        )
    })
}

fn flags(connection: &Connection) -> Option<Lack> {
    let near = connection.near.as_ref()?;
    let far = match &connection.far {
        Far::Found(half) => Some(half),
        Far::Absent | Far::Unread { .. } => None,
    };
    let what = if !near.flags.remote_gateways {
        "The environment's side does not use the hub's gateway (useRemoteGateways)."
    } else if far.is_some_and(|half| !half.flags.gateway_transit) {
        "The hub's side does not let its gateway be used (allowGatewayTransit)."
    } else if !near.flags.access || far.is_some_and(|half| !half.flags.access) {
        "One side forbids traffic (allowVirtualNetworkAccess)."
    } else {
        return None;
    };
    Some(found(
        Mistake::Flags,
        what,
        "Set the flags, the hub's side first: privateaml peer does it in that order.",
    ))
}

fn gateway(connection: &Connection) -> Option<Lack> {
    let gateways = connection.hub.gateways.read()?;
    let works = gateways.iter().any(|each| each.state == "Succeeded");
    (!works).then(|| {
        found(
            Mistake::Gateway,
            "The hub has no gateway that works.",
            "Make a VPN or ExpressRoute gateway in the hub, or wait until it is made (30 to 45 minutes), then set the gateway flags.",
        )
    })
}

/// What the guided steps lack already tells more than guesses from here. The step of routes says last what on-premises
/// must do, which nobody can see from Azure: it is what is left.
fn guided(connection: &Connection) -> Option<Lack> {
    let steps = connection.steps.iter().filter(|step| match step.topic {
        Topic::Link => matches!(step.standing, Standing::ToDo | Standing::Waiting),
        Topic::Routes => true,
        Topic::Names | Topic::Test => false,
    });
    let lacks: Vec<&Lack> = steps
        .flat_map(|step| &step.lacks)
        .filter(|lack| !lack.note)
        .collect();
    let order = [
        Mistake::Overlap,
        Mistake::Return,
        Mistake::SecurityGroup,
        Mistake::Rights,
        Mistake::Routes,
        Mistake::Client,
    ];
    let mut found_first = order
        .into_iter()
        .filter_map(|wanted| lacks.iter().find(|lack| lack.mistake == wanted));
    found_first
        .next()
        .map(|lack| found(lack.mistake, &lack.what, &lack.remedy))
}

fn firewall(connection: &Connection) -> Option<Lack> {
    let address = connection.hub.firewall.read()?.as_ref()?;
    Some(found(
        Mistake::Return,
        &format!(
            "The hub has a firewall ({address}): packets come through it and answers go past it, so it drops the rest."
        ),
        "Let both ways pass the firewall: a route to this range in the table of GatewaySubnet, routes to on-premises in the environment's table, endpoint network policies on SharedSubnet; or let neither pass it.",
    ))
}
