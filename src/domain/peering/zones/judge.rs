//! The guided step of the names: which are known in the hub, what they lack, and who can do it.

use super::{NameChange, Task};
use crate::domain::peering::{Guide, Hub, Known, Lack, Mistake, Names, StepStatus, Topic};
use crate::domain::words::count;

/// The guided step: which names are known in the hub, what they lack, and who can do it.
pub fn judge(names: &Names, hub: &Hub) -> Guide {
    let mut lacks = Vec::new();
    clashes(names, hub, &mut lacks);
    let unlinked =
        names.changes.iter().filter(|change| matches!(change, NameChange::Link { .. })).count();
    if unlinked > 0 {
        lacks.push(Lack::new(
            Mistake::Names,
            format!("{} of ours not linked to {}.", count(unlinked, "zone"), hub.name),
            "Run `privateaml peer` with --yes: it links them.",
        ));
    }
    lacks.extend(without_fallback(names, hub));
    let join = hub.rights.read().is_some_and(|rights| !rights.join);
    if join && names.handed.iter().any(|each| each.task == Task::Link) {
        lacks.push(Lack::new(Mistake::Rights, format!("This account may not link zones to {}.", hub.name), format!(
                "The hub's owner grants Microsoft.Network/virtualNetworks/join/action on {}, then run `privateaml \
                 peer` again; or somebody who has it runs the commands of the hand-over.",
                hub.id
            )));
    }
    for zone in &names.hidden {
        lacks.push(Lack::new(
            Mistake::ZoneConflict,
            format!(
                "{} is linked to a zone {zone} already, which cannot be seen from here.",
                hub.name
            ),
            "Ask the hub's owner for the role Reader on that zone, or to add the records of our zone to it.",
        ));
    }
    if !names.unseen.is_empty() {
        lacks.push(Lack::new(
            Mistake::Names,
            format!(
                "The DNS zones exist elsewhere, and none of {} that is linked to {} can be seen from here: whether \
                 their names are known there is not known.",
                names.unseen.join(", "),
                hub.name
            ),
            "Have the owner of the zones register the records with the commands of the hand-over, then run `privateaml \
             verify` from on-premises.",
        ));
    }
    for what in &names.unread {
        lacks.push(Lack::new(
            Mistake::Names,
            what.clone(),
            "Ask for the role Reader on the zone, then run `privateaml peer` again.",
        ));
    }
    let answered = server(hub, &mut lacks);
    let standing = if !names.changes.is_empty() {
        StepStatus::ToDo
    } else if !names.is_whole() || answered == Some(false) {
        StepStatus::Waiting
    } else if answered.is_none() {
        StepStatus::Outside
    } else {
        StepStatus::Done
    };
    if !names.left_out.is_empty() {
        lacks.push(left_out(names));
    }
    Guide {
        topic: Topic::Names,
        standing,
        summary: format!("{} of {} known in the hub", names.known, count(names.wanted, "zone")),
        lacks,
    }
}

fn clashes(names: &Names, hub: &Hub, lacks: &mut Vec<Lack>) {
    for conflict in &names.conflicts {
        lacks.push(Lack::new(
            Mistake::ZoneConflict,
            conflict.clone(),
            "It was left as it is. Ask the zone's owner whose record it is; it must be deleted before ours can be \
            added.",
        ));
    }
    let writes =
        names.changes.iter().filter(|change| matches!(change, NameChange::Write { .. })).count();
    let handed = names.handed.iter().filter(|each| each.task == Task::Add);
    let (handed, zones) = (handed.count(), names.clashing.join(", "));
    if writes + handed == 0 {
        return;
    }
    let remedy = if writes > 0 {
        "Run `privateaml peer` with --yes: it adds them, and takes them away again with the peering."
    } else {
        "This account may not write there: the zone's owner adds them with the commands of the hand-over."
    };
    if !names.elsewhere.is_empty() {
        let what = format!(
            "The DNS zones exist elsewhere and are linked to {} ({}); {} missing there.",
            hub.name,
            names.elsewhere.join(", "),
            count(writes + handed, "record")
        );
        lacks.push(Lack::new(Mistake::Names, what, remedy));
        return;
    }
    lacks.push(Lack::new(Mistake::ZoneConflict, format!(
            "{} has zones of the same name already ({zones}), so ours cannot be linked; {} missing there.",
            hub.name,
            count(writes + handed, "record")
        ), remedy));
}

/// Whether somebody in the hub answers questions from on-premises: on-premises cannot ask Azure's own server.
fn server(hub: &Hub, lacks: &mut Vec<Lack>) -> Option<bool> {
    if !hub.dns_servers.is_empty() {
        return Some(true);
    }
    match &hub.resolvers {
        Known::Read(resolvers) if resolvers.is_empty() => {
            lacks.push(Lack::new(Mistake::Names, format!(
                    "Nobody in {} answers names for on-premises: it has no DNS resolver endpoint and no DNS server.",
                    hub.name
                ), "The hub's owner creates a DNS Private Resolver with an inbound endpoint, or runs a DNS server, \
                    and on-premises forwards the names to it."));
            Some(false)
        }
        Known::Read(_) => Some(true),
        Known::Unread(_) => None,
    }
}

/// Links that say of accounts of others that they do not exist; made before, by others, or by choice: they are left.
fn without_fallback(names: &Names, hub: &Hub) -> Option<Lack> {
    let zones = &names.without_fallback;
    if zones.is_empty() {
        return None;
    }
    let lack = Lack::new(
        Mistake::Names,
        format!(
            "The links of {} to {} have no fallback to the internet: every other account of these services that has a \
             private endpoint of its own, such as another company's, is said not to exist for {} and all who ask it.",
            zones.join(", "),
            hub.name,
            hub.name
        ),
        "Run `privateaml peer` with --internet-fallback on --yes: names that the zones do not have are then asked for \
         publicly. The environment's own network keeps asking the zones alone.",
    );
    Some(lack.only_to_know())
}

fn left_out(names: &Names) -> Lack {
    Lack::new(Mistake::Names, format!(
            "The zones of Azure Monitor ({}) are not linked to the hub on purpose: their names are the same for \
             everybody, so the telemetry of the whole company would go to this environment. With the access mode \
             private-only its scope would also block traffic to every Azure Monitor resource outside it, in all \
             networks that share the hub's DNS, whatever their subscription or tenant.",
            names.left_out.join(", ")
        ), "Leave it so: inside the environment they work, and on-premises uses what the company has. A hub whose DNS \
            has zones of these names already follows the scope that they lead to.").only_to_know()
}
