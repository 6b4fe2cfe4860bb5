//! The causes that fit a group of names in the hub: its DNS server, and the zones that it sees.

use super::super::{Cause, words};
use super::NameGroup;
use crate::domain::peering::verify::{DnsAnswer, Internet};
use crate::domain::peering::{Mistake, forward};

impl NameGroup<'_> {
    /// The hub's DNS server and the zones that it sees. `asked` tells whether that is its own answer.
    pub(super) fn hub(&self, answer: DnsAnswer, asked: bool, causes: &mut Vec<Cause>) {
        if !asked && self.sight.internet() == Internet::Unanswered {
            // Whoever has no names at all has not passed these on.
            return;
        }
        let name = &self.sight.expected.full_name;
        let test = if asked {
            format!("`privateaml status {name}` lists zones, records and links.")
        } else {
            format!("Ask it: {}. What it says there is its own.", self.ask_hub())
        };
        let mut add = |step, what: &str, remedy: String| {
            causes.push(Cause::new(step, what, test.clone(), remedy));
        };
        match answer {
            DnsAnswer::Right | DnsAnswer::Handed => {}
            DnsAnswer::Public => self.public_in_hub(asked, causes),
            DnsAnswer::NotTold if !asked => {
                self.silent_hub(&mut add);
                self.no_record(&mut add);
            }
            DnsAnswer::Silent | DnsAnswer::NotTold => self.silent_hub(&mut add),
            DnsAnswer::NoSuchName => self.no_record(&mut add),
            DnsAnswer::Itself if !asked => {}
            DnsAnswer::Itself | DnsAnswer::Elsewhere | DnsAnswer::Partly => add(
                Mistake::ZoneConflict,
                "A zone of the same name that the hub's DNS server sees has other records.",
                self.records(),
            ),
        }
    }

    fn silent_hub(&self, add: &mut impl FnMut(Mistake, &str, String)) {
        add(
            Mistake::Names,
            "The hub's DNS server is down, there is none at that address, or port 53 to it is closed.",
            format!(
                "See that {} is up, and let UDP and TCP port 53 through to it.",
                words::server(self.sight.expected)
            ),
        );
    }

    fn no_record(&self, add: &mut impl FnMut(Mistake, &str, String)) {
        add(
            Mistake::ZoneConflict,
            "A zone of the same name that the hub's DNS server sees has no record of them.",
            self.records(),
        );
    }

    fn records(&self) -> String {
        if self.sight.expected.zones_elsewhere {
            return self.registration();
        }
        format!(
            "Add this environment's records to the zone that is linked to the hub, which can have one of \
             each name: {}. Other environments may use that zone: leave its link.",
            self.zones()
        )
    }

    /// What the owner of zones that exist elsewhere does.
    fn registration(&self) -> String {
        format!(
            "The zones exist elsewhere. Have their owner register these names in {} and link those zones to the \
             network of the DNS server that answers: `privateaml status {}` lists names, addresses and commands.",
            self.zones(),
            self.sight.expected.full_name
        )
    }

    /// Whether Azure shows the zones linked to the hub: all, not all, or not read.
    fn linked(&self) -> Option<bool> {
        let connection = self.sight.connection?;
        let linked = connection.hub.zones.read()?;
        let is_linked = |host: &str| {
            forward::zone_of(self.sight.expected.cloud, host)
                .is_some_and(|zone| linked.iter().any(|each| each.name.eq_ignore_ascii_case(&zone)))
        };
        Some(words::hosts(&self.items).all(is_linked))
    }

    fn public_in_hub(&self, asked: bool, causes: &mut Vec<Cause>) {
        let expected = self.sight.expected;
        let status =
            format!("`privateaml status {}` lists zones and their links.", expected.full_name);
        let inside = format!(
            "On that server, or another machine of the hub's network: nslookup {} 168.63.129.16. Right \
             there, the server does not ask it; public there, the zones are not linked.",
            self.host()
        );
        if asked {
            causes.push(Cause::new(
                Mistake::Names,
                "The hub's DNS server does not ask Azure's DNS (168.63.129.16).",
                inside,
                "Forward from that server to 168.63.129.16, or use a DNS Private Resolver.",
            ));
        }
        let remedy = if expected.zones_elsewhere {
            self.registration()
        } else {
            format!(
                "Link these private zones to the network of the DNS server that answers: {}. `privateaml \
                 peer {}` does it.",
                self.zones(),
                expected.full_name
            )
        };
        let (what, test) = match self.linked() {
            Some(true) => (String::new(), String::new()),
            Some(false) => (
                format!(
                    "{} zones of these names that are not linked to the hub.",
                    words::AZURE_SHOWS
                ),
                status.clone(),
            ),
            None => (
                "The private zones are not linked to the network of the hub's DNS server."
                    .to_owned(),
                if asked {
                    status.clone()
                } else {
                    format!(
                        "Ask it: {}. Public there, the link is missing. {status}",
                        self.ask_hub()
                    )
                },
            ),
        };
        if !what.is_empty() {
            causes.push(Cause::new(Mistake::Names, what, test, remedy));
        }
        if asked {
            causes.push(Cause::new(
                Mistake::ZoneConflict,
                "A linked zone has no record of them, and its link lets such names be asked for on the \
                 internet (NxDomainRedirect).",
                status,
                self.records(),
            ));
        }
    }
}
