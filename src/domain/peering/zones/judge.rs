//! The guided step of the names: which are known in the hub, what they lack, and who can do it.

use super::{NameChange, Names};
use crate::domain::{
    peering::{
        connection::{Guide, Lack, Standing, Topic},
        hub::{Hub, Known},
        mistake::Mistake,
    },
    words::count,
};

/// The guided step: which names are known in the hub, what they lack, and who can do it.
#[must_use]
pub fn judge(names: &Names, hub: &Hub) -> Guide {
    let mut lacks = Vec::new();
    clashes(names, hub, &mut lacks);
    let unlinked = names
        .changes
        .iter()
        .filter(|change| matches!(change, NameChange::Link { .. }))
        .count();
    if unlinked > 0 {
        lacks.push(Lack {
            mistake: Mistake::Names,
            what: format!(
                "{} of ours not linked to {}.",
                count(unlinked, "zone"),
                hub.name
            ),
            remedy: "Run `privateaml peer` with --yes: it links them.".into(),
        });
    }
    let join = hub.rights.read().is_some_and(|rights| !rights.join);
    if join
        && names
            .handed
            .iter()
            .any(|each| each.what.starts_with("Link "))
    {
        lacks.push(Lack {
            mistake: Mistake::Rights,
            what: format!("This account may not link zones to {}.", hub.name),
            remedy: format!(
                "The hub's owner grants Microsoft.Network/virtualNetworks/join/action on {}, then run `privateaml peer` again; \
                 or somebody who has it runs the commands of the hand-over.",
                hub.id
            ),
        });
    }
    for zone in &names.hidden {
        lacks.push(Lack {
            mistake: Mistake::ZoneConflict,
            what: format!("{} is linked to a zone {zone} already, which cannot be seen from here.", hub.name),
            remedy: "Ask the hub's owner for the role Reader on that zone, or to add the records of our zone to it.".into(),
        });
    }
    for what in &names.unread {
        lacks.push(Lack {
            mistake: Mistake::Names,
            what: what.clone(),
            remedy: "Ask for the role Reader on the zone, then run `privateaml peer` again.".into(),
        });
    }
    let answered = server(hub, &mut lacks);
    let standing = if !names.changes.is_empty() {
        Standing::ToDo
    } else if !names.is_whole() || answered == Some(false) {
        Standing::Waiting
    } else if answered.is_none() {
        Standing::Outside
    } else {
        Standing::Done
    };
    if !names.left_out.is_empty() {
        lacks.push(left_out(names));
    }
    Guide {
        topic: Topic::Names,
        standing,
        summary: format!(
            "{} of {} known in the hub",
            names.known,
            count(names.wanted, "zone")
        ),
        lacks,
    }
}

fn clashes(names: &Names, hub: &Hub, lacks: &mut Vec<Lack>) {
    for conflict in &names.conflicts {
        lacks.push(Lack {
            mistake: Mistake::ZoneConflict,
            what: conflict.clone(),
            remedy: "It was left as it is. Ask the zone's owner whose record it is; it must be deleted before ours can be \
                     added."
                .into(),
        });
    }
    let writes = names
        .changes
        .iter()
        .filter(|change| matches!(change, NameChange::Write { .. }))
        .count();
    let handed = names
        .handed
        .iter()
        .filter(|each| each.what.starts_with("Add "));
    let (handed, zones) = (handed.count(), names.clashing.join(", "));
    if writes + handed == 0 {
        return;
    }
    let remedy = if writes > 0 {
        "Run `privateaml peer` with --yes: it adds them, and takes them away again with the peering."
    } else {
        "This account may not write there: the zone's owner adds them with the commands of the hand-over."
    };
    lacks.push(Lack {
        mistake: Mistake::ZoneConflict,
        what: format!(
            "{} has zones of the same name already ({zones}), so ours cannot be linked; {} missing there.",
            hub.name,
            count(writes + handed, "record")
        ),
        remedy: remedy.into(),
    });
}

/// Whether somebody in the hub answers questions from on-premises: on-premises cannot ask Azure's own server.
fn server(hub: &Hub, lacks: &mut Vec<Lack>) -> Option<bool> {
    if !hub.dns_servers.is_empty() {
        return Some(true);
    }
    match &hub.resolvers {
        Known::Read(resolvers) if resolvers.is_empty() => {
            lacks.push(Lack {
                mistake: Mistake::Names,
                what: format!(
                    "Nobody in {} answers names for on-premises: it has no DNS resolver endpoint and no DNS server.",
                    hub.name
                ),
                remedy: "The hub's owner makes a DNS Private Resolver with an inbound endpoint, or runs a DNS server there, and \
                         on-premises forwards the names to it."
                    .into(),
            });
            Some(false)
        }
        Known::Read(_) => Some(true),
        Known::Unread(_) => None,
    }
}

fn left_out(names: &Names) -> Lack {
    Lack {
        mistake: Mistake::Names,
        what: format!(
            "The zones of Azure Monitor ({}) are not linked to the hub on purpose: their names are the same for everybody, so \
             the telemetry of the whole company would go to this environment.",
            names.left_out.join(", ")
        ),
        remedy: "Nothing needs to be done: inside the environment they work, and on-premises uses what the company has.".into(),
    }
}
