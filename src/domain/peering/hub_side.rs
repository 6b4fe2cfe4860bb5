//! What a hub lacks of an environment that is connected to it: its side of the peering, and the names that it must
//! know.
//!
//! The environment's own group can be whole while nobody reaches it over the hub: what answers and lets through there
//! is the hub's, or another environment's. This module judges what was read and reads nothing; what was not read is
//! told as unknown, never taken for good.

use serde::{Deserialize, Serialize};

use super::link::Transit;
use super::zones::{NameChange, Task};
use super::{Far, Half, Hub, Known, Names, PeeringState, SyncLevel, Topic};
use crate::domain::inventory::name_of;
use crate::domain::words::count;

/// What was read of the hub itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HubReading {
    /// It exists.
    There(Box<Hub>),
    /// Azure says that there is no such network.
    Gone,
    /// It is a hub of Virtual WAN, whose connection Azure makes for its owner.
    VirtualWan,
    /// It could not be read; the reason in one sentence.
    Unread(String),
}

/// What was read at the hub's side of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubSide {
    /// The environment, such as `test4821`.
    pub environment: String,
    /// Id of the hub's network.
    pub hub_id: String,
    /// The hub.
    pub hub: HubReading,
    /// The environment's side of the peering.
    pub near: Known<Option<Half>>,
    /// The hub's half.
    pub far: Far,
    /// What is known of the environment's names in the hub.
    pub names: Known<Names>,
}

/// One thing that the hub's side lacks, or that is not known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubLack {
    /// The step that it belongs to: [`Topic::Link`] or [`Topic::Names`].
    pub topic: Topic,
    /// What it is about, in a few words, such as `privatelink.blob.core.windows.net`.
    pub what: String,
    /// What must be there.
    pub expected: String,
    /// What was found in its place.
    pub found: String,
    /// What to do, in one or two sentences.
    pub remedy: String,
    /// False where it could not be read, so that it may be there.
    pub known: bool,
}

/// What the hub's side lacks, the weightiest first; nothing where everything that is needed there was seen.
pub fn lacks(side: &HubSide) -> Vec<HubLack> {
    let name = name_of(&side.hub_id);
    match &side.hub {
        HubReading::Gone => return vec![gone(side, name)],
        HubReading::Unread(why) => {
            let expected = "its side of the peering and the environment's names";
            let mut found =
                vec![HubLack::unread(Topic::Link, format!("The hub {name}"), expected, why)];
            found.extend(own_half(side, None));
            return found;
        }
        HubReading::VirtualWan => return of_virtual_wan(side),
        HubReading::There(_) => {}
    }
    let mut found = halves(side, name);
    match &side.names {
        Known::Read(names) => found.extend(of_names(side, names, name)),
        Known::Unread(why) => found.push(names_unread(why)),
    }
    found
}

/// In one sentence what the lacks come to; `None` where there are none.
pub fn summary(lacks: &[HubLack], hub_id: &str) -> Option<String> {
    let name = name_of(hub_id);
    let lacking = lacks.iter().filter(|lack| lack.known).count();
    let unknown = lacks.len() - lacking;
    match (lacking, unknown) {
        (0, 0) => None,
        (0, _) => Some(format!("{} of the hub {name} not known", count(unknown, "thing"))),
        (_, 0) => Some(format!("the hub {name} lacks {}", count(lacking, "thing"))),
        _ => Some(format!(
            "the hub {name} lacks {}, and {unknown} more not known",
            count(lacking, "thing")
        )),
    }
}

const READER: &str =
    "Ask the hub's owner for the role Reader on it and on the zones that are linked to it.";

fn retry_command(side: &HubSide) -> String {
    format!("privateaml peer {} --yes", side.environment)
}

fn gone(side: &HubSide, name: &str) -> HubLack {
    let environment = &side.environment;
    HubLack::new(
        Topic::Link,
        format!("The hub {name}"),
        "the network",
        "it does not exist any more",
        format!(
            "Take the connection away with `privateaml peer {environment} --remove`, then choose another hub."
        ),
    )
}

/// Our end of a hub connection is seen; who answers names behind the hub is not.
fn of_virtual_wan(side: &HubSide) -> Vec<HubLack> {
    let mut found = own_half(side, None);
    for lack in &mut found {
        lack.expected = "the hub connection, Connected".into();
        lack.remedy = format!(
            "The hub's owner creates it: privateaml peer {} --hub {} --hand-over DIRECTORY",
            side.environment, side.hub_id
        );
    }
    let names = HubLack::unread(
        Topic::Names,
        "Private names behind the hub",
        "the zones linked to the network that answers there",
        "a hub of Virtual WAN has no zones of its own.",
    );
    let remedy = format!("Look from on-premises: privateaml verify {}", side.environment);
    found.push(HubLack { remedy, ..names });
    found
}

fn names_unread(why: &str) -> HubLack {
    HubLack::unread(Topic::Names, "Private names in the hub", "every zone answered there", why)
}

impl HubLack {
    fn new(
        topic: Topic,
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let (what, expected) = (what.into(), expected.into());
        Self { topic, what, expected, found: found.into(), remedy: remedy.into(), known: true }
    }

    /// What could not be read, which the role Reader would change.
    fn unread(topic: Topic, what: impl Into<String>, expected: &str, why: &str) -> Self {
        let found = format!("not read: {why}");
        Self { known: false, ..Self::new(topic, what, expected, found, READER) }
    }
}

fn halves(side: &HubSide, name: &str) -> Vec<HubLack> {
    let hub = match &side.hub {
        HubReading::There(hub) => Some(hub.as_ref()),
        HubReading::Gone | HubReading::VirtualWan | HubReading::Unread(_) => None,
    };
    let mut found = own_half(side, hub);
    let what = format!("The hub's side of the peering, in {name}");
    let expected = "Connected, letting its gateway be used";
    let lack =
        |found: &str| HubLack::new(Topic::Link, &*what, expected, found, retry_command(side));
    match &side.far {
        Far::Absent => found.push(lack("there is none")),
        Far::Unread { why } => found.push(HubLack::unread(Topic::Link, &*what, "Connected", why)),
        Far::Found(half) => {
            let transit = (half.flags.gateway_transit, "allowGatewayTransit is off");
            found.extend(faults(half, transit).iter().map(|found| lack(found)));
        }
    }
    found
}

fn own_half(side: &HubSide, hub: Option<&Hub>) -> Vec<HubLack> {
    let what = "The environment's side of the peering";
    let expected = "Connected, using the hub's gateway";
    let lack = |found: &str| HubLack::new(Topic::Link, what, expected, found, retry_command(side));
    let half = match &side.near {
        Known::Unread(why) => return vec![HubLack::unread(Topic::Link, what, "Connected", why)],
        Known::Read(None) => return vec![lack("there is none")],
        Known::Read(Some(half)) => half,
    };
    let usable = hub.is_some_and(|hub| Transit::of(hub) == Transit::Ready);
    let gateways = (half.flags.remote_gateways || !usable, "useRemoteGateways is off");
    faults(half, gateways).iter().map(|found| lack(found)).collect()
}

/// What is wrong with a half: its state, its switch for gateways, its other switches.
fn faults(half: &Half, gateways: (bool, &str)) -> Vec<String> {
    let switches = [
        gateways,
        (half.flags.forwarded, "allowForwardedTraffic is off"),
        (half.flags.access, "allowVirtualNetworkAccess is off"),
    ];
    let off = switches.iter().filter(|(good, _)| !good).map(|(_, text)| (*text).to_owned());
    state(half).into_iter().chain(off).collect()
}

/// What is wrong with the state of a half, in words; `None` where nothing is.
fn state(half: &Half) -> Option<String> {
    match (half.state, half.sync) {
        (Some(PeeringState::Initiated), _) => Some("Initiated: the other side is missing".into()),
        (Some(PeeringState::Disconnected), _) => {
            Some("Disconnected: the other side was deleted".into())
        }
        (None, _) => Some("in a state that is not known".into()),
        (Some(PeeringState::Connected), None | Some(SyncLevel::FullyInSync)) => None,
        (Some(PeeringState::Connected), Some(level)) => {
            Some(format!("{level:?}: address ranges have changed since"))
        }
    }
}

fn of_names(side: &HubSide, names: &Names, hub: &str) -> Vec<HubLack> {
    let lack = |what: &str, expected: &str, found: String, remedy: String| {
        HubLack::new(Topic::Names, what, expected, found, remedy)
    };
    let mut found = Vec::new();
    for change in &names.changes {
        found.push(match change {
            NameChange::Link { zone_id, .. } => lack(
                name_of(zone_id),
                &format!("linked to {hub}, or its records in a zone that is"),
                format!("not linked, and no zone of this name is seen at {hub}"),
                retry_command(side),
            ),
            NameChange::Write { zone_id, record } => lack(
                &format!("{}.{}", record.name, name_of(zone_id)),
                &format!("a record that leads to {}", record.addresses.join(", ")),
                format!("not in the zone that {hub} asks ({zone_id})"),
                retry_command(side),
            ),
            NameChange::Fallback { .. } => continue,
        });
    }
    for each in &names.handed {
        let mut handed = lack(
            &each.what,
            if each.task == Task::Link { "the link" } else { "the record" },
            "missing, and this account may not create it".to_owned(),
            format!("For its owner: {}", each.command),
        );
        if each.task == Task::Register {
            handed.found = "not read: the zone exists elsewhere and was not seen".into();
            handed.known = false;
        }
        found.push(handed);
    }
    for conflict in &names.conflicts {
        found.push(lack(
            "A record of somebody else's",
            "the address of the environment's endpoint",
            conflict.clone(),
            "Ask the zone's owner whose record it is; it must be deleted before ours can be added."
                .to_owned(),
        ));
    }
    found.extend(names.unread.iter().map(|why| names_unread(why)));
    found
}

#[cfg(test)]
mod tests;
