//! What each name's results are when they are compared with what is expected, and what all of them say together.
//!
//! It sorts and counts; it must not word anything or name causes.

use std::net::Ipv4Addr;

use super::{
    Expectations, ExpectedName, Https, Lookup, NoAddress, Observation, PublicName, SYSTEM, Tcp,
};
use crate::domain::peering::{HubConnection, forward};

/// An answer of DNS, compared with the endpoint's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DnsAnswer {
    /// The endpoint's address and nothing else.
    Right,
    /// The endpoint's address and others.
    Partly,
    /// A public address.
    Public,
    /// The machine itself: loopback or 0.0.0.0.
    Itself,
    /// An address of ranges that access clients hand out (RFC 6598, RFC 2544).
    Handed,
    /// Another private address.
    Elsewhere,
    /// No such name, or no address under it.
    NoSuchName,
    /// No answer.
    Silent,
    /// No address, and why is not told.
    NotTold,
}

/// Who was asked for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AskedServer<'a> {
    /// The machine's own resolver.
    Machine,
    /// A DNS server that was named.
    Server(&'a str),
    /// A DNS server that was named and is the hub's.
    Hub(&'a str),
}

/// Whether names of the internet have addresses for the same DNS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Internet {
    /// At least one has.
    Answered,
    /// None of those that were asked for.
    Unanswered,
    /// Nobody asked.
    NotTried,
}

/// A private name with its results.
#[derive(Debug, Clone, Copy)]
pub(super) struct Private<'a> {
    pub name: &'a ExpectedName,
    pub seen: Option<&'a Observation>,
    pub asked: AskedServer<'a>,
    pub answer: Option<DnsAnswer>,
    pub hub: Option<DnsAnswer>,
}

/// A public name with its results.
#[derive(Debug, Clone, Copy)]
pub(super) struct Public<'a> {
    pub name: &'a PublicName,
    pub seen: Option<&'a Observation>,
}

/// Everything that was seen.
pub(super) struct Evidence<'a> {
    pub expected: &'a Expectations,
    pub connection: Option<&'a HubConnection>,
    pub names: Vec<Private<'a>>,
    pub public: Vec<Public<'a>>,
}

impl<'a> Private<'a> {
    fn of(expected: &'a Expectations, name: &'a ExpectedName, all: &'a [Observation]) -> Self {
        let seen = of(all, &name.host);
        let lookup = seen.and_then(|seen| seen.lookup.as_ref());
        let answer = lookup.map(|lookup| answer(expected, name, lookup));
        let asked = match lookup.map(|lookup| lookup.server.as_str()) {
            None | Some(SYSTEM) => AskedServer::Machine,
            Some(server) if expected.resolvers.iter().any(|it| it.to_string() == server) => {
                AskedServer::Hub(server)
            }
            Some(server) => AskedServer::Server(server),
        };
        let hub = match asked {
            AskedServer::Hub(_) => answer,
            AskedServer::Machine | AskedServer::Server(_) => seen
                .and_then(|seen| seen.hub.as_ref())
                .map(|lookup| self::answer(expected, name, lookup)),
        };
        Self { name, seen, asked, answer, hub }
    }

    pub(super) fn is_needed(&self) -> bool {
        self.name.service.is_needed()
    }

    pub(super) fn tcp(&self) -> Option<Tcp> {
        self.seen?.tcp
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.tcp(), Some(Tcp::Open(_)))
    }

    /// What was answered, by whoever was asked.
    pub(super) fn addresses(&self) -> &'a [Ipv4Addr] {
        let lookup = self.seen.and_then(|seen| seen.lookup.as_ref());
        lookup.map_or(&[], |lookup| lookup.addresses.as_slice())
    }

    pub(super) fn domain(&self, expected: &Expectations) -> Option<String> {
        forward::domain_of(expected.cloud, &self.name.host)
    }
}

impl<'a> Evidence<'a> {
    pub(super) fn of(
        expected: &'a Expectations,
        all: &'a [Observation],
        connection: Option<&'a HubConnection>,
    ) -> Self {
        let public = |name: &'a PublicName| Public { name, seen: of(all, &name.host) };
        Self {
            expected,
            connection,
            names: expected.names.iter().map(|name| Private::of(expected, name, all)).collect(),
            public: expected.public.iter().map(public).collect(),
        }
    }

    pub(super) fn needed(&self) -> impl Iterator<Item = &Private<'a>> {
        self.names.iter().filter(|each| each.is_needed())
    }

    /// Whether any private address opens, needed or not.
    pub(super) fn opens(&self) -> bool {
        self.names.iter().any(Private::is_open)
    }

    pub(super) fn internet(&self) -> Internet {
        let lookups = || {
            let seen = self.public.iter().filter_map(|each| each.seen);
            seen.filter_map(|seen| seen.lookup.as_ref())
        };
        if lookups().any(|lookup| !lookup.addresses.is_empty()) {
            Internet::Answered
        } else if lookups().next().is_some() {
            Internet::Unanswered
        } else {
            Internet::NotTried
        }
    }

    /// Whether anything answered through the machine's proxy, so that the machine is on a network.
    pub(super) fn proxy_answered(&self) -> bool {
        let private = self.names.iter().filter_map(|each| each.seen);
        let public = self.public.iter().filter_map(|each| each.seen);
        private.chain(public).any(|seen| matches!(seen.proxied, Some(Https::Answered(..))))
    }

    /// Whether the hub's DNS server said anything, so that there is a way to the hub.
    pub(super) fn hub_spoke(&self) -> bool {
        let silent = |answer| matches!(answer, DnsAnswer::Silent | DnsAnswer::NotTold);
        let mut answers = self.names.iter().filter_map(|each| each.hub);
        answers.any(|answer| !silent(answer))
    }

    /// Whether another needed name of a name's domain is answered rightly by the same DNS. Domains are forwarded whole.
    pub(super) fn has_right_neighbour(&self, of: &Private<'_>) -> bool {
        let domain = of.domain(self.expected);
        self.needed().any(|each| {
            each.asked == of.asked
                && each.answer == Some(DnsAnswer::Right)
                && each.domain(self.expected) == domain
        })
    }
}

fn of<'a>(all: &'a [Observation], host: &str) -> Option<&'a Observation> {
    all.iter().find(|each| each.host.eq_ignore_ascii_case(host))
}

fn answer(expected: &Expectations, name: &ExpectedName, lookup: &Lookup) -> DnsAnswer {
    let Some(&first) = lookup.addresses.first() else {
        return match lookup.failure {
            Some(NoAddress::NoSuchName) => DnsAnswer::NoSuchName,
            Some(NoAddress::NoAnswer) => DnsAnswer::Silent,
            Some(NoAddress::NotTold) | None => DnsAnswer::NotTold,
        };
    };
    let right = |each: &Ipv4Addr| *each == name.address;
    if lookup.addresses.iter().all(right) {
        DnsAnswer::Right
    } else if lookup.addresses.iter().any(right) {
        DnsAnswer::Partly
    } else if is_itself(first) {
        DnsAnswer::Itself
    } else if expected.network.contains(first) || first.is_private() || first.is_link_local() {
        DnsAnswer::Elsewhere
    } else if is_handed(first) {
        DnsAnswer::Handed
    } else {
        DnsAnswer::Public
    }
}

pub(super) fn is_itself(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.is_unspecified()
}

/// 100.64.0.0/10 (RFC 6598) and 198.18.0.0/15 (RFC 2544): never public.
pub(super) fn is_handed(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    (first == 100 && (64..128).contains(&second)) || (first == 198 && matches!(second, 18 | 19))
}
