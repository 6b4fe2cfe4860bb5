//! What Azure shows of the way between environment and hub, where it was read: peering, flags, gateway, routes,
//! filters.
//!
//! Packets that are lost all look alike from outside. A fault that Azure shows is the only one that can be named.

use super::words::AZURE_SHOWS;
use super::{Cause, Mistake};
use crate::domain::peering::{Far, HubConnection, Lack, PeeringState, StepStatus, Topic, UNSEEN};

fn found(mistake: Mistake, what: &str, remedy: &str) -> Cause {
    Cause::new(
        mistake,
        format!("{AZURE_SHOWS}: {what}"),
        "It is so; whether it is all is seen when it is put right.",
        remedy,
    )
}

/// What Azure shows that loses packets; `None` where it shows nothing of that kind, or nothing was read.
pub(super) fn fault(connection: &HubConnection) -> Option<Cause> {
    halves(connection)
        .or_else(|| flags(connection))
        .or_else(|| gateway(connection))
        .or_else(|| guided(connection))
}

fn halves(connection: &HubConnection) -> Option<Cause> {
    let remedy = "Create the missing side, or create both again where one is Disconnected: privateaml peer does \
        it, or writes the hand-over for the hub's owner.";
    let one_side = |what: &str| Some(found(Mistake::OneSide, what, remedy));
    let Some(near) = &connection.near else {
        return one_side("The environment's side of the peering does not exist.");
    };
    if connection.far == Far::Absent {
        return one_side("The hub's side of the peering does not exist.");
    }
    let halves = || std::iter::once(near).chain(connection.far.half());
    if halves().any(|half| half.state == Some(PeeringState::Disconnected)) {
        return one_side("One side of the peering was deleted: the other is Disconnected.");
    }
    if halves().any(|half| !half.is_connected()) {
        return one_side("The peering is not Connected.");
    }
    halves().any(|half| !half.is_in_sync()).then(|| {
        found(
            Mistake::OneSide,
            "Address ranges have changed since the sides were created: they are not in sync.",
            "Sync the peering: privateaml peer does it.",
        )
    })
}

fn flags(connection: &HubConnection) -> Option<Cause> {
    let near = connection.near.as_ref()?;
    let far = connection.far.half();
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

fn gateway(connection: &HubConnection) -> Option<Cause> {
    let gateways = connection.hub.gateways.read()?;
    let works = gateways.iter().any(|each| each.state == "Succeeded");
    (!works).then(|| {
        found(
            Mistake::Gateway,
            "The hub has no gateway that works.",
            "Create a VPN or ExpressRoute gateway in the hub, or wait until it exists (30 to 45 minutes), \
             then set the gateway flags.",
        )
    })
}

/// What on-premises must do, as the guided steps tell it; nobody sees from Azure whether it is done.
pub(super) fn on_premises(connection: &HubConnection) -> Option<&Lack> {
    let lacks = connection.steps.iter().flat_map(|step| &step.lacks);
    lacks.into_iter().find(|lack| lack.what.ends_with(UNSEEN))
}

/// What the guided steps lack, where it can lose packets.
fn guided(connection: &HubConnection) -> Option<Cause> {
    let steps = connection.steps.iter().filter(|step| match step.topic {
        Topic::Link => matches!(step.standing, StepStatus::ToDo | StepStatus::Waiting),
        Topic::Routes => true,
        Topic::Names | Topic::Test => false,
    });
    let lacks: Vec<&Lack> = steps
        .flat_map(|step| &step.lacks)
        .filter(|lack| !lack.note && !lack.what.ends_with(UNSEEN))
        .collect();
    let order = [
        Mistake::Overlap,
        Mistake::Return,
        Mistake::SecurityGroup,
        Mistake::Rights,
        Mistake::Routes,
        Mistake::Client,
    ];
    let mut found_first =
        order.into_iter().filter_map(|wanted| lacks.iter().find(|lack| lack.mistake == wanted));
    found_first.next().map(|lack| found(lack.mistake, &lack.what, &lack.remedy))
}

/// The address of a firewall in the hub, where one was read.
pub(super) fn firewall(connection: &HubConnection) -> Option<&str> {
    connection.hub.firewall.read()?.as_deref()
}

/// What of the connection could not be read, in a few words.
pub(super) fn unread(connection: &HubConnection) -> Vec<&'static str> {
    let mut parts = Vec::new();
    if matches!(connection.far, Far::Unread { .. }) {
        parts.push("the hub's side of the peering");
    }
    if connection.hub.gateways.read().is_none() {
        parts.push("the hub's gateways");
    }
    if connection.hub.firewall.read().is_none() {
        parts.push("whether the hub has a firewall");
    }
    parts
}
