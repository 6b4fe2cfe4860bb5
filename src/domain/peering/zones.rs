//! Private names in the hub: which of our zones are linked to it, and which records go into zones that it has already.
//!
//! A network can be linked to one zone of a name. Where the hub has a zone of the same name, ours cannot be linked,
//! and our records are added to the hub's instead; that is found here, before Azure refuses. Nobody's record is ever
//! overwritten. This module must not read or change anything.
//! <https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links>

use serde::{Deserialize, Serialize};

use super::{Hub, Known};
use crate::domain::inventory::name_of;
use crate::domain::registration::unseen_zone;

mod command;
mod fallback;
mod judge;

use command::in_turn;
pub use command::{fallback_command, link_command, record_commands, removal_command};
pub use fallback::Fallback;
pub use judge::judge;

/// Name of the metadata that marks a record set as added for an environment; its value is the environment's full name.
pub const MARK: &str = "privateaml";
/// Time to live of a record that is added, in seconds.
pub const TTL: u32 = 300;

/// How the names of Azure Monitor's zones begin, in every cloud.
const MONITOR: [&str; 4] = [
    "privatelink.monitor.",
    "privatelink.oms.opinsights.",
    "privatelink.ods.opinsights.",
    "privatelink.agentsvc.",
];

/// The one record that Azure Monitor's endpoint writes into the zone of blob storage; it is the same for everybody too.
const MONITOR_RECORD: &str = "scadvisorcontentpl";

/// A set of A records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSet {
    /// Its name within the zone.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// The environment that it was added for, where it has our mark.
    pub environment: Option<String>,
}

/// One of the environment's zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnZone {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its records, which the endpoints wrote.
    pub records: Known<Vec<RecordSet>>,
    /// Its link to the hub, where there is one.
    pub link: Known<Option<HubLink>>,
    /// True for a zone that exists elsewhere and is somebody else's: only its name and our records are known.
    pub elsewhere: bool,
}

/// The link of one of our zones to the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubLink {
    /// Its id.
    pub id: String,
    /// What it does with names that the zone does not have.
    pub fallback: Fallback,
}

/// A zone of somebody else's that is linked to the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubZone {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its records.
    pub records: Known<Vec<RecordSet>>,
    /// Whether the account may write records in it.
    pub writable: bool,
}

/// One change that makes a name known in the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum NameChange {
    /// A zone of ours is linked to the hub; the fallback is for names that the zone does not have.
    Link { zone_id: String, fallback: Fallback },
    /// A link of ours that exists gets another fallback, as was asked for.
    Fallback { link_id: String, fallback: Fallback },
    /// A record is added to a zone of the hub's, or one of ours there gets the new address.
    Write { zone_id: String, record: RecordSet },
}

/// What somebody else must do for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Link a zone to the hub.
    Link,
    /// Add a record to a zone.
    Add,
    /// Add a record to a zone that exists elsewhere and was not seen.
    Register,
}

/// Something that somebody else must do, with the command for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Of which kind it is.
    pub task: Task,
    /// What it is, in a few words.
    pub what: String,
    /// The command.
    pub command: String,
}

/// What is to be done so that names are known in the hub.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// What the account can do.
    pub changes: Vec<NameChange>,
    /// What the owner of the hub or of its zones must do.
    pub handed: Vec<Handed>,
    /// Records of the hub's with another address, each as a sentence.
    pub conflicts: Vec<String>,
    /// Zones of ours that Azure refused to link, because the hub has one of the name that cannot be seen from here.
    pub hidden: Vec<String>,
    /// What could not be read, each as a sentence.
    pub unread: Vec<String>,
    /// Zones that are left out on purpose.
    pub left_out: Vec<String>,
    /// Zones of ours whose link to the hub says of names that they do not have that they do not exist.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_fallback: Vec<String>,
    /// Zones whose names are known in the hub.
    pub known: usize,
    /// Zones whose names shall be.
    pub wanted: usize,
    /// Zones that the hub has already.
    pub clashing: Vec<String>,
    /// Zones that exist elsewhere, of which none that is linked to the hub could be seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
    /// Zones that exist elsewhere and are linked to the hub.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<String>,
}

/// Whether a zone is one of Azure Monitor's. Their records, such as `api.privatelink.monitor.azure.com`, are the same
/// for everybody: linked to a hub they decide where the telemetry of the whole company goes
/// (<https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design#plan-by-network-topology>).
pub fn is_monitor(zone: &str) -> bool {
    let zone = zone.to_ascii_lowercase();
    MONITOR.iter().any(|start| zone.starts_with(start))
}

/// Whether a record is Azure Monitor's, though it stands in the zone of blob storage.
pub fn is_shared_record(name: &str) -> bool {
    name.eq_ignore_ascii_case(MONITOR_RECORD)
}

/// Finds what is to be done. `theirs` are the zones linked to the hub that are not ours and have a name of ours.
/// Links that exist get another fallback only where one was `asked` for.
pub fn names(
    own: &[OwnZone],
    theirs: &[HubZone],
    hub: &Hub,
    environment: &str,
    asked: Option<Fallback>,
) -> Names {
    let mut names = Names::default();
    for zone in own {
        // Whether Azure Monitor's zones that exist elsewhere take our records is for their owner: the status tells
        // them.
        if is_monitor(&zone.name) && zone.elsewhere {
            continue;
        }
        if is_monitor(&zone.name) {
            names.left_out.push(zone.name.clone());
            continue;
        }
        names.wanted += 1;
        let same = theirs.iter().find(|each| each.name.eq_ignore_ascii_case(&zone.name));
        match same {
            Some(same) => names.share(zone, same, environment),
            None if zone.elsewhere => names.register(zone, environment),
            None => names.link(zone, hub, asked),
        }
    }
    names
}

impl Names {
    /// Whether every name is known in the hub.
    pub fn is_whole(&self) -> bool {
        self.known == self.wanted
    }

    fn link(&mut self, zone: &OwnZone, hub: &Hub, asked: Option<Fallback>) {
        let fallback = asked.unwrap_or(Fallback::Internet);
        match &zone.link {
            Known::Read(Some(link)) => {
                self.known += 1;
                if link.fallback == Fallback::None {
                    self.without_fallback.push(zone.name.clone());
                }
                if asked.is_some_and(|asked| asked != link.fallback) {
                    self.changes.push(NameChange::Fallback { link_id: link.id.clone(), fallback });
                }
            }
            Known::Read(None) if hub.rights.read().is_none_or(|rights| rights.join) => {
                self.changes.push(NameChange::Link { zone_id: zone.id.clone(), fallback });
            }
            Known::Read(None) => self.handed.push(Handed::link(&zone.id, hub, fallback)),
            Known::Unread(why) => self
                .unread
                .push(format!("The links of the zone {} could not be read: {why}", zone.name)),
        }
    }

    /// Azure has refused a change for want of rights: it is handed over.
    pub fn refuse(&mut self, change: &NameChange, hub: &Hub, environment: &str) {
        self.changes.retain(|each| each != change);
        match change {
            NameChange::Link { zone_id, fallback } => {
                self.handed.push(Handed::link(zone_id, hub, *fallback));
            }
            NameChange::Fallback { link_id, fallback } => self.handed.push(Handed {
                task: Task::Link,
                what: format!(
                    "Set what the link {} does with names that its zone does not have",
                    name_of(link_id)
                ),
                command: fallback_command(link_id, *fallback).line(),
            }),
            NameChange::Write { zone_id, record } => {
                self.handed.push(Handed::add(zone_id, record, environment));
            }
        }
    }

    /// Azure has refused a link, because the hub has a zone of the name already.
    pub fn hide(&mut self, change: &NameChange) {
        self.changes.retain(|each| each != change);
        if let NameChange::Link { zone_id, .. } = change {
            self.hidden.push(name_of(zone_id).to_owned());
        }
    }

    /// Our records go into a zone that exists elsewhere and was not seen: its owner is told.
    fn register(&mut self, zone: &OwnZone, environment: &str) {
        self.unseen.push(zone.name.clone());
        let id = unseen_zone(&zone.name);
        for record in marked(zone.records.read(), environment) {
            self.handed.push(Handed {
                task: Task::Register,
                what: format!("Register {} in the zone {}", record.name, zone.name),
                command: in_turn(&record_commands(&id, &record, environment)),
            });
        }
    }

    /// Our records go into the hub's zone of the same name.
    fn share(&mut self, zone: &OwnZone, theirs: &HubZone, environment: &str) {
        if zone.elsewhere {
            self.elsewhere.push(zone.name.clone());
        } else {
            self.clashing.push(zone.name.clone());
        }
        let (records, known) = match (&zone.records, &theirs.records) {
            (Known::Read(records), Known::Read(known)) => (records, known),
            (Known::Unread(why), _) => {
                let what =
                    format!("The records of our zone {} could not be read: {why}", zone.name);
                return self.unread.push(what);
            }
            (_, Known::Unread(why)) => {
                for record in marked(zone.records.read(), environment) {
                    self.handed.push(Handed::add(&theirs.id, &record, environment));
                }
                let what =
                    format!("The records of the hub's zone {} could not be read: {why}", zone.name);
                return self.unread.push(what);
            }
        };
        let mut whole = true;
        for record in marked(Some(records), environment) {
            let there = known.iter().find(|each| each.name.eq_ignore_ascii_case(&record.name));
            match there {
                Some(there) if same_addresses(there, &record) => continue,
                Some(there) if there.environment.as_deref() != Some(environment) => {
                    self.conflicts.push(format!(
                        "{}.{} leads to {} in the hub's zone, and to {} here.",
                        record.name,
                        zone.name,
                        there.addresses.join(", "),
                        record.addresses.join(", ")
                    ));
                }
                _ if theirs.writable => {
                    self.changes.push(NameChange::Write { zone_id: theirs.id.clone(), record });
                }
                _ => self.handed.push(Handed::add(&theirs.id, &record, environment)),
            }
            whole = false;
        }
        self.known += usize::from(whole);
    }
}

impl Handed {
    fn link(zone_id: &str, hub: &Hub, fallback: Fallback) -> Self {
        Self {
            task: Task::Link,
            what: format!("Link the zone {} to {}", name_of(zone_id), hub.name),
            command: link_command(zone_id, &hub.id, &hub.name, fallback).line(),
        }
    }

    fn add(zone_id: &str, record: &RecordSet, environment: &str) -> Self {
        Self {
            task: Task::Add,
            what: format!("Add {} to the zone {}", record.name, name_of(zone_id)),
            command: in_turn(&record_commands(zone_id, record, environment)),
        }
    }
}

/// The records of ours with the mark of the environment.
fn marked(records: Option<&Vec<RecordSet>>, environment: &str) -> Vec<RecordSet> {
    let environment = Some(environment.to_owned());
    let ours =
        |record: &&RecordSet| !record.addresses.is_empty() && !is_shared_record(&record.name);
    let records = records.into_iter().flatten().filter(ours).cloned();
    records.map(|record| RecordSet { environment: environment.clone(), ..record }).collect()
}

fn same_addresses(one: &RecordSet, other: &RecordSet) -> bool {
    let sorted = |set: &RecordSet| {
        let mut addresses = set.addresses.clone();
        addresses.sort();
        addresses
    };
    sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests;
