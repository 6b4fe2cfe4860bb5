//! What can be wrong with a name, in words: the step that it belongs to, what was found, and what to do.
//!
//! Names with the same cause are told together. This module only words; `judge` finds the causes.

use super::{Expectations, Mistake, way};
use crate::domain::peering::{Connection, Lack, forward};

/// Most names told in a sentence.
const MOST: usize = 3;

/// Something that is wrong, worst first within a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// The machine has no route to the network.
    NoRoute,
    /// Nothing answers at any address.
    AllSilent,
    /// Something answers at some addresses, nothing at others.
    SomeSilent,
    /// File shares alone are silent.
    FilesSilent,
    /// Something refuses.
    Refused,
    /// The DNS server does not answer.
    NoAnswer,
    /// The hub's server knows better than the machine's.
    NotForwarded,
    /// The hub's server itself answers publicly.
    NotLinked,
    /// Answered publicly, and nobody has asked the hub's server.
    Public,
    /// The name is not there, although it is publicly.
    NoRecord,
    /// Another private address.
    Elsewhere,
    /// Names of one domain are answered differently.
    Mixed,
    /// The machine's own table answers.
    OwnTable,
    /// Reached publicly although the name is answered privately.
    Denied,
    /// The machine's proxy leads outside.
    Proxied,
    /// No conversation although the port is open.
    Broken,
    /// A public name cannot be reached.
    Unreachable,
}

/// What is wrong, with the names that it is wrong with and what those were answered.
pub(super) struct Told<'a> {
    pub cause: Cause,
    pub hosts: Vec<&'a str>,
    pub answers: Vec<String>,
}

impl Cause {
    /// The step, where the connection is not needed to tell.
    pub(super) fn mistake(self, connection: Option<&Connection>) -> Mistake {
        match self {
            Self::NoRoute => Mistake::Routes,
            Self::AllSilent => way::lack(connection).mistake,
            Self::SomeSilent | Self::FilesSilent => Mistake::SecurityGroup,
            Self::Refused => Mistake::Overlap,
            Self::NoAnswer | Self::NotForwarded | Self::NotLinked | Self::Public => Mistake::Names,
            Self::NoRecord | Self::Elsewhere => Mistake::ZoneConflict,
            Self::Mixed | Self::OwnTable | Self::Denied | Self::Proxied | Self::Broken => {
                Mistake::Client
            }
            Self::Unreachable => Mistake::Public,
        }
    }

    /// Whether records or links of the private zones can be what is wrong.
    fn is_about_zones(self) -> bool {
        matches!(
            self,
            Self::NotLinked | Self::Public | Self::NoRecord | Self::Elsewhere
        )
    }

    /// In a few words, behind a name.
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::NoRoute => "this machine has no route to its private address",
            Self::AllSilent | Self::SomeSilent | Self::FilesSilent => {
                "nothing answers at its private address"
            }
            Self::Refused => "its private address refuses the connection",
            Self::NoAnswer => "the DNS server does not answer",
            Self::NotForwarded => "answered publicly here, privately by the hub's server",
            Self::NotLinked => "answered publicly by the hub's own server",
            Self::Public => "answered publicly",
            Self::NoRecord => "said not to exist",
            Self::Elsewhere => "leads to another private address",
            Self::Mixed => "answered otherwise than its neighbours",
            Self::OwnTable => "leads to this machine itself",
            Self::Denied => "refused as coming from outside",
            Self::Proxied => "refused when asked through the proxy",
            Self::Broken => "opens, but no conversation comes about",
            Self::Unreachable => "cannot be reached",
        }
    }
}

fn names(hosts: &[&str]) -> String {
    let shown: Vec<&str> = hosts.iter().take(MOST).copied().collect();
    let rest = hosts.len().saturating_sub(MOST);
    if rest == 0 {
        shown.join(", ")
    } else {
        format!("{} and {rest} more", shown.join(", "))
    }
}

/// Domains that on-premises DNS must forward for these names.
fn domains(expected: &Expectations, hosts: &[&str]) -> String {
    let mut found: Vec<String> = hosts
        .iter()
        .filter_map(|host| forward::domain_of(expected.cloud, host))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.join(", ")
}

/// Private zones in which these names live.
fn zones(expected: &Expectations, hosts: &[&str]) -> String {
    let mut found: Vec<String> = hosts
        .iter()
        .filter_map(|host| forward::zone_of(expected.cloud, host))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.join(", ")
}

/// Where names are to be forwarded to, as far as it is known.
fn server(expected: &Expectations) -> String {
    match expected.resolvers.first() {
        Some(address) => address.to_string(),
        None => {
            "a DNS server in the hub, such as a DNS Private Resolver's inbound endpoint".to_owned()
        }
    }
}

impl Told<'_> {
    /// As a culprit with its remedy.
    pub(super) fn lack(&self, expected: &Expectations, connection: Option<&Connection>) -> Lack {
        if self.cause == Cause::AllSilent {
            return way::lack(connection);
        }
        Lack::new(
            self.cause.mistake(connection),
            self.what(expected),
            self.remedy(expected),
        )
    }

    fn what(&self, expected: &Expectations) -> String {
        let hosts = names(&self.hosts);
        let range = expected.network;
        match self.cause {
            Cause::NoRoute => format!("This machine has no route to {range}."),
            Cause::AllSilent => String::new(),
            Cause::SomeSilent => format!(
                "Some endpoints answer and others do not, although they stand in one subnet: {hosts}."
            ),
            Cause::FilesSilent => {
                "Port 445 of the file shares does not open, port 443 of the others does.".to_owned()
            }
            Cause::Refused => format!(
                "Something at the address of {hosts} refuses connections. A private endpoint never does."
            ),
            Cause::NoAnswer => format!("The DNS server does not answer for {hosts}."),
            Cause::NotForwarded => format!(
                "DNS on-premises answers publicly for {hosts}; the hub's server, asked directly, answers privately."
            ),
            Cause::NotLinked => format!(
                "The hub's own DNS server answers publicly for {hosts}: it does not see the private zones."
            ),
            Cause::Public => format!("These names are answered publicly: {hosts}."),
            Cause::NoRecord => format!(
                "DNS says that these names do not exist, although they do: {hosts}. Another zone of the same name answers, without the record."
            ),
            Cause::Elsewhere => format!(
                "These names lead to another private address ({}): {hosts}. Another zone of the same name answers.",
                self.answers.join(", ")
            ),
            Cause::Mixed => format!(
                "Other names of the same domain are answered privately, these are not: {hosts}. So DNS is right and this machine remembers older answers."
            ),
            Cause::OwnTable => format!(
                "This machine leads {hosts} to itself: its hosts file or a filter does that."
            ),
            Cause::Denied => format!(
                "{hosts} is answered with its private address, and the workspace still says that the request came from outside. A proxy in between carries it there."
            ),
            Cause::Proxied => format!(
                "Without a proxy {hosts} is reached privately; the proxy that this machine is set to carries requests outside ({}).",
                self.answers.join(", ")
            ),
            Cause::Broken => format!(
                "The port of {hosts} opens, but no HTTPS conversation comes about ({}). Something in between opens encrypted connections.",
                self.answers.join(", ")
            ),
            Cause::Unreachable => format!(
                "These names must be reached publicly and are not: {hosts}. The studio's page comes from there; only its data calls are private."
            ),
        }
    }

    /// What the owner of zones that exist elsewhere does.
    fn registration(&self, expected: &Expectations) -> String {
        let owner = format!(
            "The zones exist elsewhere. Have their owner register these names in {} and link those zones to the network of the \
             DNS server that answers: `privateaml status {}` lists names, addresses and commands.",
            zones(expected, &self.hosts),
            expected.full_name
        );
        if self.cause != Cause::Public {
            return owner;
        }
        format!(
            "{owner} Or these domains are not forwarded on-premises to {}: {}. To tell which, ask the hub's server itself: add \
             --dns-server with its address.",
            server(expected),
            domains(expected, &self.hosts)
        )
    }

    fn remedy(&self, expected: &Expectations) -> String {
        if expected.zones_elsewhere && self.cause.is_about_zones() {
            return self.registration(expected);
        }
        let range = expected.network;
        match self.cause {
            Cause::NoRoute => format!(
                "Connect the VPN. If it is connected, add the route to {range} over it; users of a point-to-site VPN download the profile again."
            ),
            Cause::AllSilent => String::new(),
            Cause::SomeSilent => "Look into the network security group of SharedSubnet and into firewalls in between for a rule that denies these addresses; allow ports 443 and 445 from on-premises.".to_owned(),
            Cause::FilesSilent => "Allow port 445 (SMB) to the environment in the network security group of SharedSubnet and in the firewall on-premises; many companies and providers block it.".to_owned(),
            Cause::Refused => format!(
                "Look for a network on-premises that overlaps {range}, and for a firewall in between that refuses. An environment whose range overlaps must be made anew in a free range."
            ),
            Cause::NoAnswer => format!(
                "Forward these domains to {}, not to 168.63.129.16, which answers only inside Azure: {}. Let UDP and TCP port 53 through to it.",
                server(expected),
                domains(expected, &self.hosts)
            ),
            Cause::NotForwarded => format!(
                "Forward these domains on-premises to {}: {}. Forward the public names, not privatelink ones.",
                server(expected),
                domains(expected, &self.hosts)
            ),
            Cause::NotLinked => format!(
                "Link these private zones to the network of the DNS server that answers: {}.",
                zones(expected, &self.hosts)
            ),
            Cause::Public => format!(
                "Two things can be missing. Forward these domains on-premises to {}: {}. And link the zones to the hub: {}. To tell which, ask the hub's server itself: add --dns-server with its address.",
                server(expected),
                domains(expected, &self.hosts),
                zones(expected, &self.hosts)
            ),
            Cause::NoRecord | Cause::Elsewhere => format!(
                "One network can have one zone of a name. Add this environment's records to the zone that is linked to the hub, or take its link away: {}.",
                zones(expected, &self.hosts)
            ),
            Cause::Mixed => "Empty the DNS cache (ipconfig /flushdns, resolvectl flush-caches), look into the hosts file, download the VPN profile again and reconnect.".to_owned(),
            Cause::OwnTable => "Take the names out of the hosts file or of the filter.".to_owned(),
            Cause::Denied | Cause::Proxied => format!(
                "Let these domains pass the proxy by (in its automatic configuration or NO_PROXY): {}.",
                domains(expected, &self.hosts)
            ),
            Cause::Broken => format!(
                "Except these domains from TLS inspection and from proxies: {}.",
                domains(expected, &self.hosts)
            ),
            Cause::Unreachable => "Let on-premises machines reach these names over the internet (HTTPS, port 443), and do not forward them to the hub.".to_owned(),
        }
    }
}
