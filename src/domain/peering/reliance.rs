//! What others rely on in an environment: its zones can answer for a whole hub, and its network can be peered with more
//! than the hub.
//!
//! A network is linked to one zone of a name. The second environment at a hub therefore has its records in the zones
//! of the first, and when the first one's link goes, the names of the second are answered publicly. This is found
//! before anything is taken away. This module must not read or change anything.
//! <https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links>

use std::collections::{BTreeMap, BTreeSet};

use ipnetwork::Ipv4Network;
use serde::{Deserialize, Serialize};

use super::RecordSet;
use super::zones::is_shared_record;
use crate::domain::words::count;

/// Another environment, as far as its addresses tell whose a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its full name, such as `test4821`.
    pub full_name: String,
    /// Its address space.
    pub address_space: Ipv4Network,
}

/// A record of somebody who is no known environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrangeRecord {
    /// The zone's name.
    pub zone: String,
    /// The record's name within the zone.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<String>,
}

/// What others have of an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reliance {
    /// The environment.
    pub full_name: String,
    /// Other environments with records in its zones, and how many each has.
    pub environments: BTreeMap<String, usize>,
    /// Records in its zones that are neither its own nor another environment's.
    pub records: Vec<StrangeRecord>,
    /// Names of networks that ask its zones, beside its own and the hub.
    pub networks: BTreeSet<String>,
    /// Names of networks that it is peered with, beside the hub.
    pub peered: BTreeSet<String>,
    /// What could not be read, each as a sentence.
    pub unread: Vec<String>,
}

/// What is about to be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parting {
    /// The connection to the hub; zones, links and peerings beside it stay.
    Unlink,
    /// The environment with everything in it.
    Delete,
}

impl Reliance {
    /// Nothing is known yet of what others have of an environment.
    pub fn of(full_name: &str) -> Self {
        Self { full_name: full_name.to_owned(), ..Self::default() }
    }

    /// Takes in the records of one of the environment's zones. Whose a record is, its mark tells, else its addresses.
    pub fn take(
        &mut self,
        zone: &str,
        records: &[RecordSet],
        own: Ipv4Network,
        neighbours: &[Neighbour],
    ) {
        for record in records {
            if record.addresses.is_empty() || is_shared_record(&record.name) {
                continue;
            }
            let within = |space: Ipv4Network| {
                let mut addresses = record.addresses.iter();
                addresses.all(|each| each.parse().is_ok_and(|each| space.contains(each)))
            };
            let neighbour = || neighbours.iter().find(|each| within(each.address_space));
            let whose = match &record.environment {
                Some(mark) => Some(mark.clone()),
                None if within(own) => Some(self.full_name.clone()),
                None => neighbour().map(|each| each.full_name.clone()),
            };
            match whose {
                Some(whose) if whose == self.full_name => {}
                Some(whose) => *self.environments.entry(whose).or_default() += 1,
                None => self.records.push(StrangeRecord {
                    zone: zone.to_owned(),
                    name: record.name.clone(),
                    addresses: record.addresses.clone(),
                }),
            }
        }
    }

    /// What a person must know before they agree, in sentences; none where nobody relies on it.
    pub fn sentences(&self, parting: Parting) -> Vec<String> {
        let name = &self.full_name;
        let mut told: Vec<String> = self
            .environments
            .iter()
            .map(|(other, records)| {
                format!(
                    "{other} relies on it: {} of {other} in the DNS zones of {name} answer for it in the hub. Once \
                     {name} is unlinked, the zones of {other} itself are linked to the hub in their place; for a \
                     minute or two in between its names are answered publicly. Where that cannot be done, the end says \
                     so: `privateaml peer {other} --yes`.",
                    count(*records, "record")
                )
            })
            .collect();
        told.extend(self.records.iter().map(|record| {
            let end = match parting {
                Parting::Unlink => "the hub does not answer it any more",
                Parting::Delete => "it goes with the zone",
            };
            format!(
                "The record {}.{} ({}) is somebody else's, and {end}. Its owner must register it elsewhere.",
                record.name,
                record.zone,
                record.addresses.join(", ")
            )
        }));
        if parting == Parting::Delete {
            told.extend(self.networks.iter().map(|network| {
                format!("The network {network} asks the DNS zones of {name}: these links go.")
            }));
            told.extend(self.peered.iter().map(|network| {
                format!(
                    "The network {network} is peered with the one of {name}: that peering goes."
                )
            }));
        }
        let unknown = |what| format!("{what} So it is not known whether others rely on it.");
        told.extend(self.unread.iter().map(unknown));
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str, address: &str, environment: Option<&str>) -> RecordSet {
        RecordSet {
            name: name.into(),
            addresses: vec![address.into()],
            environment: environment.map(str::to_owned),
        }
    }

    fn sorted(records: &[RecordSet]) -> Reliance {
        let mut reliance = Reliance::of("aa1111");
        let neighbours = [Neighbour {
            full_name: "cc3333".into(),
            address_space: "10.30.0.0/22".parse().unwrap(),
        }];
        let own = "10.1.0.0/22".parse().unwrap();
        reliance.take("zone", records, own, &neighbours);
        reliance
    }

    #[test]
    fn a_record_is_whose_mark_it_has_or_in_whose_range_it_leads() {
        let reliance = sorted(&[
            record("own", "10.1.1.4", None),
            record("own-marked", "10.1.1.5", Some("aa1111")),
            record("bb", "10.20.1.4", Some("bb2222")),
            record("bb-too", "10.20.1.5", Some("bb2222")),
            record("cc", "10.30.1.4", None),
            record("stranger", "10.99.1.4", None),
            record("scadvisorcontentpl", "10.99.1.4", None),
        ]);
        let counts: Vec<(&str, usize)> =
            reliance.environments.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        assert_eq!(counts, [("bb2222", 2), ("cc3333", 1)]);
        assert_eq!(reliance.records.len(), 1);
        assert_eq!(reliance.records[0].name, "stranger");
    }

    #[test]
    fn each_reliance_is_named_and_what_was_not_read_is_not_taken_for_none() {
        let mut reliance = sorted(&[
            record("bb", "10.20.1.4", Some("bb2222")),
            record("stranger", "10.99.1.4", None),
        ]);
        reliance.networks.insert("vnet-app".into());
        reliance.peered.insert("vnet-data".into());
        reliance.unread.push("The zones could not be read.".into());
        let deleting = reliance.sentences(Parting::Delete);
        for (sentence, part) in deleting.iter().zip([
            "privateaml peer bb2222 --yes",
            "stranger.zone (10.99.1.4)",
            "vnet-app",
            "vnet-data",
            "not known whether",
        ]) {
            assert!(sentence.contains(part), "{sentence}");
        }
        assert_eq!(deleting.len(), 5);
        // What stays is not told.
        assert_eq!(reliance.sentences(Parting::Unlink).len(), 3);
        assert!(sorted(&[record("own", "10.1.1.4", None)]).sentences(Parting::Delete).is_empty());
    }
}
