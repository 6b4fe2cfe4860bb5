//! The question: a host or an address, a port and a protocol, read from what a person types.
//!
//! What cannot be understood is refused with what would be right. Nothing is looked up here.

use std::{fmt, net::Ipv4Addr, str::FromStr};

use serde::{Serialize, Serializer};
use url::Host;

use crate::domain::action::Action;
use crate::domain::problem::{Problem, Result};

/// Ports that are neither http nor https, so that a bare `HOST:PORT` is not taken for a web address.
const TCP_PORTS: [u16; 22] = [
    20, 21, 22, 23, 25, 53, 88, 110, 135, 139, 143, 389, 445, 465, 587, 636, 993, 995, 3306, 3389,
    5432, 6379,
];

/// How the traffic is carried, as the firewall tells it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Plain HTTP; the firewall reads the `Host` header.
    Http,
    /// HTTPS; the firewall reads the name in the TLS greeting.
    Https,
    /// Azure SQL; the firewall reads the name in the protocol.
    Mssql,
    /// Any other TCP: address and port only.
    Tcp,
    /// UDP: address and port only.
    Udp,
    /// ICMP, such as ping: address only.
    Icmp,
}

impl Protocol {
    const ALL: [Self; 6] = [Self::Http, Self::Https, Self::Mssql, Self::Tcp, Self::Udp, Self::Icmp];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Mssql => "mssql",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Icmp => "icmp",
        }
    }

    /// What carries it: `TCP`, `UDP` or `ICMP`.
    pub const fn transport(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Icmp => "ICMP",
            Self::Http | Self::Https | Self::Mssql | Self::Tcp => "TCP",
        }
    }

    /// Whether application rules can decide about it.
    pub const fn has_name(self) -> bool {
        matches!(self, Self::Http | Self::Https | Self::Mssql)
    }

    const fn usual_port(self) -> Option<u16> {
        match self {
            Self::Http => Some(80),
            Self::Https => Some(443),
            Self::Mssql => Some(1433),
            Self::Icmp => Some(0),
            Self::Tcp | Self::Udp => None,
        }
    }
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A host name, in lower case and ASCII, without a dot at its end.
    Host(String),
    /// An address.
    Address(Ipv4Addr),
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => formatter.write_str(host),
            Self::Address(address) => address.fmt(formatter),
        }
    }
}

impl Serialize for Destination {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A question to the firewall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Query {
    /// What is to be reached.
    pub destination: Destination,
    /// The port, 1 to 65535; 0 for ICMP, which has none.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// Path of a web address, beginning with a slash; `None` when only a host was named.
    pub path: Option<String>,
    /// True when the protocol was chosen by the port, because none was named.
    pub assumed: bool,
}

impl Query {
    /// What would let it through, where a rule can be written for it: a host by a protocol that the firewall reads.
    pub fn opening(&self) -> Option<Action> {
        let Destination::Host(host) = &self.destination else { return None };
        let is_read = matches!(self.protocol, Protocol::Http | Protocol::Https | Protocol::Mssql);
        let ports = format!("{}:{}", self.protocol.word(), self.port);
        is_read.then(|| Action::LetThrough { host: host.clone(), ports })
    }

    /// Host and port, as people write them.
    pub fn place(&self) -> String {
        if self.protocol == Protocol::Icmp {
            return self.destination.to_string();
        }
        format!("{}:{}", self.destination, self.port)
    }

    /// What was assumed about it.
    pub(super) fn note(&self) -> Option<String> {
        (self.assumed && !matches!(self.port, 80 | 443)).then(|| {
            format!(
                "Port {} was taken as {}. Write tcp://, udp://, http:// or https:// before it to ask for \
                 another protocol.",
                self.port,
                self.protocol.word()
            )
        })
    }
}

/// A question with what is known of the address: the host's own, or one of those that it may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResolvedQuery<'query> {
    pub(super) query: &'query Query,
    /// `None` for a host whose address is left open.
    pub(super) address: Option<Ipv4Addr>,
}

impl<'query> ResolvedQuery<'query> {
    /// The question as it was asked.
    pub(super) fn plain(query: &'query Query) -> Self {
        let address = match query.destination {
            Destination::Address(address) => Some(address),
            Destination::Host(_) => None,
        };
        Self { query, address }
    }

    /// The host that was asked about.
    pub(super) fn host(&self) -> Option<&'query str> {
        match &self.query.destination {
            Destination::Host(host) => Some(host),
            Destination::Address(_) => None,
        }
    }
}

fn refused(place: &str, what: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem::new("DestinationInvalid", what, advice).at(place)
}

impl FromStr for Query {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let (protocol, rest) = scheme(text)?;
        let cut = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(cut).unwrap_or((rest, ""));
        let (name, port) = authority_parts(text, authority)?;
        let destination = destination(text, name)?;
        if protocol.is_none()
            && matches!(destination, Destination::Address(_))
            && tail.len() > 1
            && tail.chars().skip(1).all(|each| each.is_ascii_digit())
        {
            return Err(refused(
                text,
                format!("{text} is a range of addresses."),
                format!("Ask about one address, such as {name}:443."),
            ));
        }
        let chosen = protocol.unwrap_or_else(|| by_port(port.unwrap_or(443)));
        let Some(port) = port.or_else(|| chosen.usual_port()) else {
            return Err(refused(
                text,
                format!("{text} has no port."),
                format!("Write the port behind it, such as {text}:22."),
            ));
        };
        let path = match tail.split('#').next().unwrap_or_default() {
            "" if protocol.is_some_and(Protocol::has_name) => Some("/".to_owned()),
            "" => None,
            query if query.starts_with('?') => Some(format!("/{query}")),
            path => Some(path.to_owned()),
        };
        Ok(Self { destination, port, protocol: chosen, path, assumed: protocol.is_none() })
    }
}

fn by_port(port: u16) -> Protocol {
    match port {
        80 | 8080 => Protocol::Http,
        123 => Protocol::Udp,
        1433 => Protocol::Mssql,
        port if TCP_PORTS.contains(&port) => Protocol::Tcp,
        _ => Protocol::Https,
    }
}

fn scheme(text: &str) -> Result<(Option<Protocol>, &str)> {
    let Some((word, rest)) = text.split_once("://") else { return Ok((None, text)) };
    Protocol::ALL
        .into_iter()
        .find(|known| known.word().eq_ignore_ascii_case(word))
        .map(|known| (Some(known), rest))
        .ok_or_else(|| {
            refused(
                text,
                format!("\"{word}\" is no protocol that the firewall knows."),
                "Write http://, https://, mssql://, tcp://, udp:// or icmp:// before the host, or only host and port.",
            )
        })
}

fn authority_parts<'a>(text: &str, authority: &'a str) -> Result<(&'a str, Option<u16>)> {
    if authority.contains('@') {
        return Err(refused(
            text,
            "The address has a user name in it, which the firewall never sees.",
            "Leave out what is before the @.",
        ));
    }
    if authority.starts_with('[') || authority.matches(':').count() > 1 {
        return Err(refused(
            text,
            "This is an IPv6 address; the environment's network and its firewall have IPv4 only.",
            "Ask about the host's name or its IPv4 address.",
        ));
    }
    let Some((name, port)) = authority.split_once(':') else { return Ok((authority, None)) };
    match port.parse::<u16>() {
        Ok(number) if number > 0 => Ok((name, Some(number))),
        _ => Err(refused(
            text,
            format!("\"{port}\" is no port."),
            "Ports go from 1 to 65535, such as packages.contoso.com:443.",
        )),
    }
}

fn destination(text: &str, name: &str) -> Result<Destination> {
    let example = "Write a full name such as packages.contoso.com, or an IPv4 address.";
    if name.is_empty() {
        return Err(refused(text, "The host is missing.", example));
    }
    if name.contains('*') {
        return Err(refused(
            text,
            format!("{name} is a pattern, and the firewall is asked about one host at a time."),
            format!("Name one host, such as {}.", name.replace('*', "www")),
        ));
    }
    let name = name.trim_end_matches('.');
    if name.chars().all(|each| each.is_ascii_digit() || each == '.') {
        return name.parse().map(Destination::Address).map_err(|_| {
            refused(
                text,
                format!("{name} is not an IPv4 address."),
                "An address has four numbers from 0 to 255, such as 203.0.113.7.",
            )
        });
    }
    match Host::parse(name) {
        Ok(Host::Domain(domain)) if is_name(&domain) => Ok(Destination::Host(domain)),
        Ok(Host::Domain(domain)) if !domain.contains('.') => {
            Err(refused(text, format!("{name} has no domain."), example))
        }
        _ => Err(refused(text, format!("{name} is not a host name."), example)),
    }
}

/// Two labels or more, each as RFC 1035 allows it.
fn is_name(domain: &str) -> bool {
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
        })
}
