//! Private names in the hub: which of our zones are linked to it, and which records go into zones that it has already.
//!
//! A network can be linked to one zone of a name. Where the hub has a zone of the same name, ours cannot be linked, and our
//! records are added to the hub's instead; that is found here, before Azure refuses. Nobody's record is ever overwritten.
//! This module must not read or change anything.
//! <https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links>

use serde::{Deserialize, Serialize};

use super::{
    connection::{Guide, Lack, Standing, Topic},
    hub::{Hub, Known},
    mistake::Mistake,
};
use crate::domain::words::count;

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
    /// Id of its link to the hub, where there is one.
    pub link: Known<Option<String>>,
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
    /// A zone of ours is linked to the hub.
    Link {
        /// The zone's id.
        zone_id: String,
    },
    /// A record is added to a zone of the hub's, or one of ours there gets the new address.
    Write {
        /// The zone's id.
        zone_id: String,
        /// The record.
        record: RecordSet,
    },
}

/// Something that somebody else must do, with the command for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
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
    /// Zones whose names are known in the hub.
    pub known: usize,
    /// Zones whose names shall be.
    pub wanted: usize,
    /// Zones that the hub has already.
    pub clashing: Vec<String>,
}

/// Whether a zone is one of Azure Monitor's. Their records, such as `api.privatelink.monitor.azure.com`, are the same for
/// everybody: linked to a hub they decide where the telemetry of the whole company goes
/// (<https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design#plan-by-network-topology>).
#[must_use]
pub fn is_monitor(zone: &str) -> bool {
    let zone = zone.to_ascii_lowercase();
    MONITOR.iter().any(|start| zone.starts_with(start))
}

/// Finds what is to be done. `theirs` are the zones linked to the hub that are not ours and have a name of ours.
#[must_use]
pub fn names(own: &[OwnZone], theirs: &[HubZone], hub: &Hub, environment: &str) -> Names {
    let mut names = Names::default();
    for zone in own {
        if is_monitor(&zone.name) {
            names.left_out.push(zone.name.clone());
            continue;
        }
        names.wanted += 1;
        let same = theirs
            .iter()
            .find(|each| each.name.eq_ignore_ascii_case(&zone.name));
        match same {
            Some(same) => names.share(zone, same, environment),
            None => names.link(zone, hub),
        }
    }
    names
}

impl Names {
    /// Whether every name is known in the hub.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.known == self.wanted
    }

    fn link(&mut self, zone: &OwnZone, hub: &Hub) {
        match &zone.link {
            Known::Read(Some(_)) => self.known += 1,
            Known::Read(None) if hub.rights.read().is_none_or(|rights| rights.join) => {
                self.changes.push(NameChange::Link {
                    zone_id: zone.id.clone(),
                });
            }
            Known::Read(None) => self.handed.push(Handed {
                what: format!("Link the zone {} to {}", zone.name, hub.name),
                command: link_command(&zone.id, &hub.id, &hub.name),
            }),
            Known::Unread(why) => self.unread.push(format!(
                "The links of the zone {} could not be read: {why}",
                zone.name
            )),
        }
    }

    /// Azure has refused a change for want of rights: it is handed over.
    pub fn refuse(&mut self, change: &NameChange, hub: &Hub, environment: &str) {
        self.changes.retain(|each| each != change);
        match change {
            NameChange::Link { zone_id } => self.handed.push(Handed {
                what: format!(
                    "Link the zone {} to {}",
                    part(zone_id, "privateDnsZones"),
                    hub.name
                ),
                command: link_command(zone_id, &hub.id, &hub.name),
            }),
            NameChange::Write { zone_id, record } => self.handed.push(Handed {
                what: format!(
                    "Add {} to the zone {}",
                    record.name,
                    part(zone_id, "privateDnsZones")
                ),
                command: record_command(zone_id, record, environment),
            }),
        }
    }

    /// Azure has refused a link, because the hub has a zone of the name already.
    pub fn hide(&mut self, change: &NameChange) {
        self.changes.retain(|each| each != change);
        if let NameChange::Link { zone_id } = change {
            self.hidden
                .push(part(zone_id, "privateDnsZones").to_owned());
        }
    }

    /// Our records go into the hub's zone of the same name.
    fn share(&mut self, zone: &OwnZone, theirs: &HubZone, environment: &str) {
        self.clashing.push(zone.name.clone());
        let (records, known) = match (&zone.records, &theirs.records) {
            (Known::Read(records), Known::Read(known)) => (records, known),
            (Known::Unread(why), _) => {
                let what = format!(
                    "The records of our zone {} could not be read: {why}",
                    zone.name
                );
                return self.unread.push(what);
            }
            (_, Known::Unread(why)) => {
                for record in marked(zone.records.read(), environment) {
                    self.hand(theirs, &record, environment);
                }
                let what = format!(
                    "The records of the hub's zone {} could not be read: {why}",
                    zone.name
                );
                return self.unread.push(what);
            }
        };
        let mut whole = true;
        for record in marked(Some(records), environment) {
            let there = known
                .iter()
                .find(|each| each.name.eq_ignore_ascii_case(&record.name));
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
                _ if theirs.writable => self.changes.push(NameChange::Write {
                    zone_id: theirs.id.clone(),
                    record,
                }),
                _ => self.hand(theirs, &record, environment),
            }
            whole = false;
        }
        self.known += usize::from(whole);
    }

    fn hand(&mut self, zone: &HubZone, record: &RecordSet, environment: &str) {
        self.handed.push(Handed {
            what: format!("Add {} to the zone {}", record.name, zone.name),
            command: record_command(&zone.id, record, environment),
        });
    }
}

/// The records of ours with the mark of the environment.
fn marked(records: Option<&Vec<RecordSet>>, environment: &str) -> Vec<RecordSet> {
    let records = records.into_iter().flatten();
    records
        .filter(|record| !record.addresses.is_empty())
        .map(|record| RecordSet {
            environment: Some(environment.to_owned()),
            ..record.clone()
        })
        .collect()
}

fn same_addresses(one: &RecordSet, other: &RecordSet) -> bool {
    let sorted = |set: &RecordSet| {
        let mut addresses = set.addresses.clone();
        addresses.sort();
        addresses
    };
    sorted(one) == sorted(other)
}

/// The part of an id behind a key, such as `resourceGroups`.
#[must_use]
pub fn part<'a>(id: &'a str, key: &str) -> &'a str {
    let mut parts = id.split('/');
    parts
        .by_ref()
        .find(|part| part.eq_ignore_ascii_case(key))
        .and_then(|_| parts.next())
        .unwrap_or_default()
}

fn place(zone_id: &str) -> String {
    format!(
        "--subscription {} --resource-group {} --zone-name {}",
        part(zone_id, "subscriptions"),
        part(zone_id, "resourceGroups"),
        part(zone_id, "privateDnsZones")
    )
}

fn link_command(zone_id: &str, hub_id: &str, hub_name: &str) -> String {
    format!(
        "az network private-dns link vnet create {} --name to-{hub_name} --virtual-network {hub_id} \
         --registration-enabled false",
        place(zone_id)
    )
}

fn record_command(zone_id: &str, record: &RecordSet, environment: &str) -> String {
    let place = place(zone_id);
    let name = &record.name;
    let create = format!(
        "az network private-dns record-set a create {place} --name '{name}' --ttl {TTL} --metadata {MARK}={environment}"
    );
    let add = record.addresses.iter().map(|address| {
        format!(
            "az network private-dns record-set a add-record {place} --record-set-name '{name}' --ipv4-address {address}"
        )
    });
    let commands: Vec<String> = std::iter::once(create).chain(add).collect();
    commands.join(" && ")
}

/// The command that removes a record from somebody else's zone.
#[must_use]
pub fn removal_command(zone_id: &str, name: &str) -> String {
    format!(
        "az network private-dns record-set a delete {} --name '{name}' --yes",
        place(zone_id)
    )
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::peering::hub::Rights;

    const BLOB: &str = "privatelink.blob.core.windows.net";

    fn set(name: &str, address: &str, environment: Option<&str>) -> RecordSet {
        RecordSet {
            name: name.into(),
            addresses: vec![address.into()],
            environment: environment.map(str::to_owned),
        }
    }

    fn zone_id(group: &str, name: &str) -> String {
        format!(
            "/subscriptions/s1/resourceGroups/{group}/providers/Microsoft.Network/privateDnsZones/{name}"
        )
    }

    fn own(name: &str, link: Option<&str>) -> OwnZone {
        OwnZone {
            id: zone_id("rg-test4821", name),
            name: name.into(),
            records: Known::Read(vec![set("stgtest4821", "10.1.2.132", None)]),
            link: Known::Read(link.map(str::to_owned)),
        }
    }

    fn theirs(records: Vec<RecordSet>, writable: bool) -> HubZone {
        HubZone {
            id: zone_id("rg-dns", BLOB),
            name: BLOB.to_uppercase(),
            records: Known::Read(records),
            writable,
        }
    }

    fn hub(join: bool) -> Hub {
        let rights = Rights {
            write: true,
            peer: true,
            join,
        };
        Hub {
            id: "/subscriptions/s2/hub".into(),
            name: "vnet-hub".into(),
            region: String::new(),
            subscription: String::new(),
            tenant_id: String::new(),
            prefixes: Vec::new(),
            dns_servers: Vec::new(),
            peers: Vec::new(),
            gateways: Known::Read(Vec::new()),
            on_premises: Known::Read(Vec::new()),
            firewall: Known::Read(None),
            resolvers: Known::Read(vec!["10.0.1.4".into()]),
            zones: Known::Read(Vec::new()),
            rights: Known::Read(rights),
        }
    }

    #[test]
    fn zones_are_linked_but_those_of_azure_monitor() {
        let zones = [
            own(BLOB, None),
            own("privatelink.vaultcore.azure.net", Some("/link")),
            own("privatelink.monitor.azure.com", None),
            own("privatelink.agentsvc.azure-automation.us", None),
        ];
        let found = names(&zones, &[], &hub(true), "test4821");
        let zone_id = zones[0].id.clone();
        assert_eq!(found.changes, [NameChange::Link { zone_id }]);
        assert_eq!((found.known, found.wanted, found.left_out.len()), (1, 2, 2));
        let guide = judge(&found, &hub(true));
        assert_eq!(guide.standing, Standing::ToDo);
        assert!(guide.lacks.last().unwrap().what.contains("telemetry"));
    }

    #[test]
    fn without_the_right_to_join_the_command_is_handed_over() {
        let found = names(&[own(BLOB, None)], &[], &hub(false), "test4821");
        assert!(found.changes.is_empty());
        let command = &found.handed[0].command;
        for part in [
            "--subscription s1",
            "--resource-group rg-test4821",
            BLOB,
            "--virtual-network /subscriptions/s2/hub",
        ] {
            assert!(command.contains(part), "{command}");
        }
        let guide = judge(&found, &hub(false));
        assert_eq!(guide.standing, Standing::Waiting);
        assert_eq!(guide.lacks[0].mistake, Mistake::Rights);
    }

    #[test]
    fn where_the_hub_has_the_zone_records_are_added_and_nobodys_is_overwritten() {
        let zones = [own(BLOB, None)];
        let same = set("STGTEST4821", "10.1.2.132", None);
        let ours_before = set("stgtest4821", "10.1.2.9", Some("test4821"));
        let foreign = set("stgtest4821", "10.7.0.4", None);
        let another = set("stgtest4821", "10.7.0.4", Some("other1234"));
        // Record there, writable; changes, handed, conflicts, known.
        let cases = [
            (None, true, (1, 0, 0, 0)),
            (None, false, (0, 1, 0, 0)),
            (Some(same), false, (0, 0, 0, 1)),
            (Some(ours_before), true, (1, 0, 0, 0)),
            (Some(foreign), true, (0, 0, 1, 0)),
            (Some(another), true, (0, 0, 1, 0)),
        ];
        for (index, (record, writable, expected)) in cases.into_iter().enumerate() {
            let theirs = theirs(record.into_iter().collect(), writable);
            let found = names(&zones, &[theirs], &hub(true), "test4821");
            let counted = (
                found.changes.len(),
                found.handed.len(),
                found.conflicts.len(),
                found.known,
            );
            assert_eq!(counted, expected, "{index}: {found:#?}");
            if let Some(NameChange::Write { zone_id, record }) = found.changes.first() {
                assert!(zone_id.contains("rg-dns"));
                assert_eq!(*record, set("stgtest4821", "10.1.2.132", Some("test4821")));
            }
            let guide = judge(&found, &hub(true));
            assert_eq!(guide.standing == Standing::Done, expected.3 == 1, "{index}");
            let told = guide
                .lacks
                .iter()
                .any(|lack| lack.mistake == Mistake::ZoneConflict);
            assert_eq!(told, expected.3 == 0, "{index}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_neither_linked_nor_known() {
        let unread = OwnZone {
            link: Known::Unread("no rights".into()),
            ..own(BLOB, None)
        };
        let found = names(&[unread], &[], &hub(true), "test4821");
        assert_eq!(
            (found.known, found.changes.len(), found.unread.len()),
            (0, 0, 1)
        );
        let hidden = HubZone {
            records: Known::Unread("no rights".into()),
            ..theirs(Vec::new(), true)
        };
        let found = names(&[own(BLOB, None)], &[hidden], &hub(true), "test4821");
        assert_eq!((found.handed.len(), found.changes.len()), (1, 0));
        assert!(
            found.handed[0]
                .command
                .contains("--metadata privateaml=test4821")
        );
    }

    #[test]
    fn a_hub_without_anybody_who_answers_names_waits_for_its_owner() {
        let mut silent = hub(true);
        silent.resolvers = Known::Read(Vec::new());
        let found = names(&[own(BLOB, Some("/link"))], &[], &silent, "test4821");
        assert!(found.is_whole());
        assert_eq!(judge(&found, &silent).standing, Standing::Waiting);
        silent.dns_servers.push("10.0.0.10".into());
        assert_eq!(judge(&found, &silent).standing, Standing::Done);
    }
}
