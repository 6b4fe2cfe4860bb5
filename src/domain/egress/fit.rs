//! Whether one rule fits a question: yes, no, or only if something is so that Azure alone knows.
//!
//! Nothing here knows the order of rules.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;

use super::{
    Destination, Known, Protocol, Query,
    known::{Membership, host_in_fqdn_tag, host_in_tag},
    pattern,
    policy::Rule,
};

/// How a rule, or a part of it, fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// It fits, by this part of it.
    Yes(String),
    /// It fits if something is so.
    Perhaps {
        /// What would have to be so.
        when: String,
        /// The part of the rule.
        by: String,
        /// True when something speaks for it.
        likely: bool,
    },
    /// It does not fit.
    No,
}

impl Fit {
    /// The better of two ways in which a rule can fit.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (yes @ Self::Yes(_), _) | (_, yes @ Self::Yes(_)) => yes,
            (first @ Self::Perhaps { likely: true, .. }, _) => first,
            (_, second @ Self::Perhaps { likely: true, .. }) => second,
            (first @ Self::Perhaps { .. }, _) => first,
            (_, second) => second,
        }
    }

    /// Both must fit; what is said of the rule is said of `self`.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (
                Self::Perhaps { when, by, likely },
                Self::Perhaps {
                    when: also,
                    likely: also_likely,
                    ..
                },
            ) => Self::Perhaps {
                when: format!("{when} and {also}"),
                by,
                likely: likely && also_likely,
            },
            (Self::Yes(by), Self::Perhaps { when, likely, .. }) => {
                Self::Perhaps { when, by, likely }
            }
            (first, Self::Yes(_)) => first,
        }
    }
}

/// Whether a network rule fits.
pub(super) fn network(rule: &Rule, query: &Query, known: &Known) -> Fit {
    if !transport(rule, query) || !network_port(rule, query) {
        return Fit::No;
    }
    network_destination(rule, query, known).and(source(rule, known))
}

/// Whether an application rule fits.
pub(super) fn application(rule: &Rule, query: &Query, known: &Known) -> Fit {
    if !query.protocol.has_name() || !application_port(rule, query) {
        return Fit::No;
    }
    application_target(rule, query).and(source(rule, known))
}

/// Whether a network rule is for the transport of the question.
pub(super) fn transport(rule: &Rule, query: &Query) -> bool {
    rule.ip_protocols.iter().any(|protocol| {
        protocol.eq_ignore_ascii_case("Any")
            || protocol.eq_ignore_ascii_case(query.protocol.transport())
    })
}

/// Whether a network rule is for the port of the question; ICMP has none.
pub(super) fn network_port(rule: &Rule, query: &Query) -> bool {
    query.protocol == Protocol::Icmp
        || rule
            .destination_ports
            .iter()
            .flat_map(|ports| ports.split(','))
            .any(|ports| in_ports(ports, query.port))
}

/// Whether a port lies in `443`, `8000-8100` or `*`.
pub(super) fn in_ports(ports: &str, port: u16) -> bool {
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
pub(super) fn application_port(rule: &Rule, query: &Query) -> bool {
    rule.protocols.iter().any(|protocol| {
        protocol
            .protocol_type
            .eq_ignore_ascii_case(query.protocol.word())
            && protocol.port == query.port
    })
}

/// Whether a rule is for traffic from the shared subnet.
pub(super) fn source(rule: &Rule, known: &Known) -> Fit {
    let listed = rule
        .source_addresses
        .iter()
        .map(|entry| source_entry(entry, known.source));
    let grouped = rule.source_ip_groups.iter().map(|id| {
        match known.ip_groups.get(&id.to_ascii_lowercase()) {
            Some(entries) => entries
                .iter()
                .map(|entry| source_entry(entry, known.source))
                .fold(Fit::No, Fit::or),
            None => unread_group(id, "the shared subnet"),
        }
    });
    listed.chain(grouped).fold(Fit::No, Fit::or)
}

fn source_entry(entry: &str, source: Ipv4Network) -> Fit {
    let Some((first, last)) = span(entry) else {
        return Fit::No;
    };
    let (from, to) = (u32::from(source.network()), u32::from(source.broadcast()));
    if first <= from && to <= last {
        Fit::Yes(entry.to_owned())
    } else if first <= to && from <= last {
        Fit::Perhaps {
            when: format!("the machine's address is in {entry}"),
            by: entry.to_owned(),
            likely: true,
        }
    } else {
        Fit::No
    }
}

fn unread_group(id: &str, what: &str) -> Fit {
    let name = id.rsplit('/').next().unwrap_or(id).to_owned();
    Fit::Perhaps {
        when: format!("{what} is in the IP group {name}, which could not be read"),
        by: name,
        likely: true,
    }
}

/// Whether a network rule is for the destination of the question.
pub(super) fn network_destination(rule: &Rule, query: &Query, known: &Known) -> Fit {
    let addresses = rule
        .destination_addresses
        .iter()
        .map(|entry| destination(entry, &query.destination, known));
    let groups = rule.destination_ip_groups.iter().map(|id| {
        match known.ip_groups.get(&id.to_ascii_lowercase()) {
            Some(entries) => entries
                .iter()
                .map(|entry| destination(entry, &query.destination, known))
                .fold(Fit::No, Fit::or),
            None => unread_group(id, "the destination"),
        }
    });
    let names = rule
        .destination_fqdns
        .iter()
        .map(|name| match &query.destination {
            Destination::Host(host) if pattern::plain(name) == *host => Fit::Yes(name.clone()),
            Destination::Host(_) => Fit::No,
            Destination::Address(address) => Fit::Perhaps {
                when: format!("{name} has the address {address}"),
                by: name.clone(),
                likely: false,
            },
        });
    addresses.chain(groups).chain(names).fold(Fit::No, Fit::or)
}

/// Whether an address, a range (`/24` or `a-b`), `*` or a service tag holds the destination.
pub(super) fn destination(entry: &str, destination: &Destination, known: &Known) -> Fit {
    let entry = entry.trim();
    let span = span(entry);
    if span == Some((0, u32::MAX)) {
        return Fit::Yes(entry.to_owned());
    }
    match (span, destination) {
        (Some((first, last)), Destination::Address(address)) => {
            if (first..=last).contains(&u32::from(*address)) {
                Fit::Yes(entry.to_owned())
            } else {
                Fit::No
            }
        }
        (Some((first, last)), Destination::Host(host)) => {
            if is_private(Ipv4Addr::from(first)) && is_private(Ipv4Addr::from(last)) {
                return Fit::No;
            }
            Fit::Perhaps {
                when: format!("{host} has an address in {entry}"),
                by: entry.to_owned(),
                likely: false,
            }
        }
        (None, Destination::Host(host)) => behind(
            host_in_tag(host, entry),
            format!("the address of {host} belongs to the service tag {entry}"),
            entry,
        ),
        (None, Destination::Address(address)) => tagged(entry, *address, known),
    }
}

fn tagged(tag: &str, address: Ipv4Addr, known: &Known) -> Fit {
    let listed = known
        .service_tags
        .as_ref()
        .and_then(|tags| tags.holds(tag, address));
    match listed {
        Some(true) => Fit::Yes(tag.to_owned()),
        Some(false) => Fit::No,
        None if is_private(address) => Fit::No,
        None => Fit::Perhaps {
            when: format!("{address} belongs to the service tag {tag}"),
            by: tag.to_owned(),
            likely: true,
        },
    }
}

fn behind(membership: Membership, when: String, by: &str) -> Fit {
    match membership {
        Membership::No => Fit::No,
        Membership::Likely | Membership::Possible => Fit::Perhaps {
            when,
            by: by.to_owned(),
            likely: membership == Membership::Likely,
        },
    }
}

/// Whether an application rule names the host of the question.
pub(super) fn application_target(rule: &Rule, query: &Query) -> Fit {
    let host = match (&query.destination, query.protocol) {
        (Destination::Host(host), _) => host.clone(),
        // A plain request carries the address in its Host header; a TLS greeting has no name then.
        (Destination::Address(address), Protocol::Http) => address.to_string(),
        (Destination::Address(_), _) => return Fit::No,
    };
    let names = rule
        .target_fqdns
        .iter()
        .filter(|wanted| pattern::fits(wanted, &host))
        .map(|wanted| Fit::Yes(wanted.clone()));
    let addresses = rule
        .target_urls
        .iter()
        .map(|wanted| target_address(wanted, rule, query, &host));
    let tags = rule.fqdn_tags.iter().map(|tag| {
        behind(
            host_in_fqdn_tag(&host, tag),
            format!("{host} is in the FQDN tag {tag}, whose hosts only Azure knows"),
            tag,
        )
    });
    let categories = rule.web_categories.iter().map(|category| Fit::Perhaps {
        when: format!("{host} is in the web category {category}"),
        by: category.clone(),
        likely: true,
    });
    names
        .chain(addresses)
        .chain(tags)
        .chain(categories)
        .fold(Fit::No, Fit::or)
}

/// A web address can be told only where the firewall sees it: in plain HTTP, or behind TLS inspection.
fn target_address(wanted: &str, rule: &Rule, query: &Query, host: &str) -> Fit {
    if query.protocol == Protocol::Https && !rule.terminate_tls {
        return Fit::No;
    }
    match &query.path {
        Some(path) if pattern::fits_address(wanted, host, path) => Fit::Yes(wanted.to_owned()),
        None if pattern::fits(pattern::host_of_address(wanted), host) => Fit::Perhaps {
            when: format!("the path fits {wanted}"),
            by: wanted.to_owned(),
            likely: true,
        },
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

/// True for addresses that are nobody's on the internet.
pub(super) fn is_private(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private()
        || address.is_link_local()
        || address.is_loopback()
        || (first == 100 && (64..128).contains(&second))
}
