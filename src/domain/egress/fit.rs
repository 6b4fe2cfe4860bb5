//! Whether one rule fits a question: yes, no, or only if something is so that Azure alone knows.
//!
//! Nothing here knows the order of rules.

use std::{cmp::Ordering, net::Ipv4Addr};

use ipnetwork::Ipv4Network;

use super::known::{Membership, host_in_fqdn_tag};
use super::route::in_tag;
use super::{
    Destination, Facts, FirewallRule, Odds, Platform, Protocol, Query, ResolvedQuery, ServiceTags,
    is_private, pattern,
};

/// How a rule, or a part of it, fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// It fits, by this part of it.
    Yes(String),
    /// It fits if something is so.
    Perhaps(Chance),
    /// It does not fit.
    No,
}

/// What would have to be so, by which part of the rule, and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chance {
    pub(super) when: String,
    pub(super) by: String,
    pub(super) odds: Odds,
}

impl Fit {
    pub(super) fn perhaps(odds: Odds, when: String, by: impl Into<String>) -> Self {
        Self::Perhaps(Chance { when, by: by.into(), odds })
    }

    /// The better of two ways in which a rule can fit; of two that are alike, either condition will do.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (yes @ Self::Yes(_), _) | (_, yes @ Self::Yes(_)) => yes,
            (Self::No, fit) | (fit, Self::No) => fit,
            (Self::Perhaps(one), Self::Perhaps(other)) => match one.odds.cmp(&other.odds) {
                Ordering::Less => Self::Perhaps(other),
                Ordering::Greater => Self::Perhaps(one),
                Ordering::Equal => {
                    let when = format!("{}, or {}", one.when, other.when);
                    Self::perhaps(one.odds, when, format!("{}, {}", one.by, other.by))
                }
            },
        }
    }

    /// Both must fit; what is said of the rule is said of `self`.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Perhaps(one), Self::Perhaps(other)) => {
                let when = format!("{}, and {}", one.when, other.when);
                Self::perhaps(one.odds.min(other.odds), when, one.by)
            }
            (Self::Yes(by), Self::Perhaps(other)) => Self::Perhaps(Chance { by, ..other }),
            (first, Self::Yes(_)) => first,
        }
    }
}

/// The best fit of several parts.
pub(super) fn best(parts: impl Iterator<Item = Fit>) -> Fit {
    parts.fold(Fit::No, Fit::or)
}

/// Whether a network rule fits.
pub(super) fn network(rule: &FirewallRule, target: &ResolvedQuery<'_>, known: &Facts) -> Fit {
    if !transport(rule, target.query) || !network_port(rule, target.query) {
        return Fit::No;
    }
    network_destination(rule, target, known).and(source(rule, known))
}

/// Whether a rule that translates addresses (DNAT) fits. It holds only for what is addressed to the firewall itself,
/// so a star in it does not stand for the internet.
pub(super) fn translated(rule: &FirewallRule, target: &ResolvedQuery<'_>, known: &Facts) -> Fit {
    if !transport(rule, target.query) || !network_port(rule, target.query) {
        return Fit::No;
    }
    let entries = rule.destination_addresses.iter();
    let own = entries.filter(|entry| span(entry).is_some_and(|(first, last)| first == last));
    let fits = own.map(|entry| match (target.host(), destination(entry, target, known)) {
        (None, fit) => fit,
        // That a name leads to the firewall's own address would be a surprise.
        (Some(_), Fit::No) => Fit::No,
        (Some(host), _) => {
            let when = format!("{host} has the firewall's own address {entry}");
            Fit::perhaps(Odds::Unlikely, when, entry)
        }
    });
    match best(fits).and(source(rule, known)) {
        Fit::Yes(by) => Fit::Yes(format!("{by}, translated to {}", rule.translation())),
        fit => fit,
    }
}

/// Whether an application rule fits.
pub(super) fn application(rule: &FirewallRule, target: &ResolvedQuery<'_>, known: &Facts) -> Fit {
    let query = target.query;
    if !query.protocol.has_name() || !application_port(rule, query) {
        return Fit::No;
    }
    application_target(rule, query)
        .and(application_address(rule, target, known))
        .and(source(rule, known))
}

/// Whether the addresses of an application rule, where it has any, hold the destination. Azure's reference has the
/// field without a word on which address is compared
/// (<https://learn.microsoft.com/rest/api/virtualnetwork/firewall-policy-rule-collection-groups>).
fn application_address(rule: &FirewallRule, target: &ResolvedQuery<'_>, known: &Facts) -> Fit {
    let entries = rule.destination_addresses.iter();
    let fit = entries.map(|entry| destination(entry, target, known)).reduce(Fit::or);
    fit.unwrap_or_else(|| Fit::Yes(String::new()))
}

/// Whether a network rule is for the transport of the question.
pub(super) fn transport(rule: &FirewallRule, query: &Query) -> bool {
    rule.ip_protocols.iter().any(|protocol| {
        protocol.eq_ignore_ascii_case("Any")
            || protocol.eq_ignore_ascii_case(query.protocol.transport())
    })
}

/// Whether a network rule is for the port of the question; ICMP has none.
pub(super) fn network_port(rule: &FirewallRule, query: &Query) -> bool {
    query.protocol == Protocol::Icmp
        || rule
            .destination_ports
            .iter()
            .any(|list| list.split(',').any(|each| in_ports(each, query.port)))
}

/// Whether a port lies in `443`, `8000-8100` or `*`.
pub fn in_ports(ports: &str, port: u16) -> bool {
    let ports = ports.trim();
    match ports.split_once('-') {
        _ if ports == "*" => true,
        Some((first, last)) => match (first.trim().parse::<u16>(), last.trim().parse::<u16>()) {
            (Ok(first), Ok(last)) => (first..=last).contains(&port),
            _ => false,
        },
        None => ports.parse() == Ok(port),
    }
}

/// Whether an application rule is for protocol and port of the question.
pub(super) fn application_port(rule: &FirewallRule, query: &Query) -> bool {
    rule.protocols.iter().any(|protocol| {
        protocol.protocol_type.eq_ignore_ascii_case(query.protocol.word())
            && protocol.port == query.port
    })
}

/// Whether a rule is for traffic from the shared subnet.
pub(super) fn source(rule: &FirewallRule, known: &Facts) -> Fit {
    let entry = |entry: &String| source_entry(entry, known.source);
    let grouped = grouped(&rule.source_ip_groups, known, "the shared subnet", entry);
    best(rule.source_addresses.iter().map(entry)).or(grouped)
}

pub(super) fn source_entry(entry: &str, source: Ipv4Network) -> Fit {
    let (from, to) = (u32::from(source.network()), u32::from(source.broadcast()));
    match span(entry) {
        Some((first, last)) if first <= from && to <= last => Fit::Yes(entry.to_owned()),
        Some((first, last)) if first <= to && from <= last => {
            Fit::perhaps(Odds::Open, format!("the machine's address is in {entry}"), entry)
        }
        _ => Fit::No,
    }
}

/// Whether an entry of one of a rule's IP groups fits.
fn grouped(ids: &[String], known: &Facts, what: &str, fit: impl Fn(&String) -> Fit) -> Fit {
    best(ids.iter().map(|id| {
        if let Some(entries) = known.ip_groups.get(&id.to_ascii_lowercase()) {
            return best(entries.iter().map(&fit));
        }
        let name = id.rsplit('/').next().unwrap_or(id);
        let when = format!("{what} is in the IP group {name}, which could not be read");
        Fit::perhaps(Odds::Open, when, name)
    }))
}

/// Whether a network rule is for the destination of the question.
pub(super) fn network_destination(
    rule: &FirewallRule,
    target: &ResolvedQuery<'_>,
    known: &Facts,
) -> Fit {
    let entry = |entry: &String| destination(entry, target, known);
    let groups = grouped(&rule.destination_ip_groups, known, "the destination", entry);
    // The firewall compares addresses here: whatever else has one of that name's addresses gets through as well.
    let names = rule.destination_fqdns.iter().map(|name| {
        let when = match (target.host(), target.address) {
            (Some(host), _) if pattern::plain(name) == host => return Fit::Yes(name.clone()),
            (Some(host), _) => format!("{host} has an address that {name} has too"),
            (None, Some(address)) => format!("{name} has the address {address}"),
            (None, None) => return Fit::No,
        };
        Fit::perhaps(Odds::Shared, when, name)
    });
    best(rule.destination_addresses.iter().map(entry)).or(groups).or(best(names))
}

/// Whether an address, a range (`/24` or `a-b`), `*` or a service tag holds the destination.
pub(super) fn destination(entry: &str, target: &ResolvedQuery<'_>, known: &Facts) -> Fit {
    let entry = entry.trim();
    let Some((first, last)) = span(entry) else {
        return in_tag(target, entry, known.service_tags.as_ref());
    };
    let yes = || Fit::Yes(entry.to_owned());
    match (target.address, target.host()) {
        _ if (first, last) == (0, u32::MAX) => yes(),
        (Some(address), _) if (first..=last).contains(&u32::from(address)) => yes(),
        (None, Some(host))
            if !is_private(Ipv4Addr::from(first)) || !is_private(Ipv4Addr::from(last)) =>
        {
            Fit::perhaps(Odds::Open, format!("{host} has an address in {entry}"), entry)
        }
        _ => Fit::No,
    }
}

/// Whether the addresses of a service tag hold an address.
pub(super) fn tagged(tag: &str, address: Ipv4Addr, tags: Option<&ServiceTags>) -> Fit {
    match tags.and_then(|tags| tags.holds(tag, address)) {
        Some(true) => Fit::Yes(tag.to_owned()),
        Some(false) => Fit::No,
        None if is_private(address) || Platform::of(address).is_some() => Fit::No,
        None => {
            Fit::perhaps(Odds::Open, format!("{address} belongs to the service tag {tag}"), tag)
        }
    }
}

pub(super) fn behind(membership: Membership, when: String, by: &str) -> Fit {
    let odds = match membership {
        Membership::No => return Fit::No,
        Membership::Possible => Odds::Unlikely,
        Membership::Open => Odds::Open,
        Membership::Likely => Odds::Likely,
    };
    Fit::perhaps(odds, when, by)
}

/// Whether an application rule names the host of the question.
pub(super) fn application_target(rule: &FirewallRule, query: &Query) -> Fit {
    let host = match (&query.destination, query.protocol) {
        (Destination::Host(host), _) => host.clone(),
        // A plain request carries the address in its Host header; a TLS greeting has no name then.
        (Destination::Address(address), Protocol::Http) => address.to_string(),
        (Destination::Address(_), _) => return Fit::No,
    };
    let names = rule.target_fqdns.iter().filter(|wanted| pattern::fits(wanted, &host));
    let names = names.map(|wanted| Fit::Yes(wanted.clone()));
    let addresses =
        rule.target_urls.iter().map(|wanted| target_address(wanted, rule, query, &host));
    let tags = rule.fqdn_tags.iter().map(|tag| {
        let when = format!("{host} is in the FQDN tag {tag}, whose hosts only Azure knows");
        behind(host_in_fqdn_tag(&host, tag), when, tag)
    });
    let categories = rule.web_categories.iter().map(|category| {
        let when = format!("{host} is in the web category {category}");
        Fit::perhaps(Odds::Open, when, category)
    });
    best(names.chain(addresses).chain(tags).chain(categories))
}

/// A web address can be told only where the firewall sees it: in plain HTTP, or behind TLS inspection.
fn target_address(wanted: &str, rule: &FirewallRule, query: &Query, host: &str) -> Fit {
    if query.protocol == Protocol::Https && !rule.terminate_tls {
        return Fit::No;
    }
    match &query.path {
        Some(path) if pattern::fits_address(wanted, host, path) => Fit::Yes(wanted.to_owned()),
        None if pattern::fits(pattern::host_of_address(wanted), host) => {
            Fit::perhaps(Odds::Open, format!("the path fits {wanted}"), wanted)
        }
        _ => Fit::No,
    }
}

/// First and last address of `*`, an address, `a/24` or `a-b`; `None` for anything else, such as a tag.
pub(super) fn span(entry: &str) -> Option<(u32, u32)> {
    let entry = entry.trim();
    if entry == "*" {
        return Some((0, u32::MAX));
    }
    if let Some((first, last)) = entry.split_once('-') {
        let first: Ipv4Addr = first.trim().parse().ok()?;
        let last: Ipv4Addr = last.trim().parse().ok()?;
        return Some((first.into(), last.into()));
    }
    let range: Ipv4Network = entry.parse().ok()?;
    Some((range.network().into(), range.broadcast().into()))
}
