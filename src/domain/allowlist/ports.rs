//! Protocols and ports of an entry: `https:443`, or `tcp:443,8787 udp:5831`.
//!
//! This module must not know what the ports are for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, de};

/// Last port of an application rule, as Azure's schema of firewall policies has it.
const LAST_WEB_PORT: u16 = 64_000;

/// A protocol that the firewall can filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// Plain HTTP, by host name.
    Http,
    /// HTTPS, by host name in the TLS greeting.
    Https,
    /// TCP, by address.
    Tcp,
    /// UDP, by address.
    Udp,
}

impl Protocol {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Http, "http"), (Self::Https, "https"), (Self::Tcp, "tcp"), (Self::Udp, "udp")];

    /// Whether the firewall reads the host name from the request.
    pub const fn is_web(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(protocol, _)| *protocol == self).map_or("tcp", |(_, word)| word)
    }
}

/// Ports of one protocol: single ports, ranges (`8704-8710`) or `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortSet {
    /// The protocol.
    pub protocol: Protocol,
    /// The ports, as the firewall takes them.
    pub ports: Vec<String>,
}

/// Protocols and ports of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ports(Vec<PortSet>);

impl Ports {
    /// The sets, one per protocol.
    pub fn sets(&self) -> &[PortSet] {
        &self.0
    }

    /// HTTPS on its own port.
    pub fn https() -> Self {
        Self(vec![PortSet { protocol: Protocol::Https, ports: vec!["443".into()] }])
    }

    /// Whether every protocol is filtered by host name.
    pub fn are_web(&self) -> bool {
        self.0.iter().all(|set| set.protocol.is_web())
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, set) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            let word = set.protocol.word();
            write!(formatter, "{gap}{word}:{}", set.ports.join(","))?;
        }
        Ok(())
    }
}

impl FromStr for Ports {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sets = text
            .split([' ', '+'])
            .filter(|part| !part.is_empty())
            .map(port_set)
            .collect::<Result<Vec<_>, _>>()?;
        let repeated = sets.iter().enumerate().any(|(index, set)| {
            sets.iter().take(index).any(|earlier| earlier.protocol == set.protocol)
        });
        if sets.is_empty() {
            Err("no protocol and port is given".into())
        } else if repeated {
            Err(format!("\"{text}\" names a protocol twice"))
        } else {
            Ok(Self(sets))
        }
    }
}

impl<'de> Deserialize<'de> for Ports {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Reads `tcp:443,8787`; a bare port is HTTP on 80 and HTTPS on any other.
fn port_set(text: &str) -> Result<PortSet, String> {
    let (protocol, ports) = match text.split_once(':') {
        Some((word, ports)) => {
            let protocol = Protocol::ALL
                .iter()
                .find(|(_, known)| word.eq_ignore_ascii_case(known))
                .map(|(protocol, _)| *protocol)
                .ok_or_else(|| {
                    format!("\"{word}\" is no protocol; http, https, tcp and udp are")
                })?;
            (protocol, ports)
        }
        None if text == "80" => (Protocol::Http, text),
        None => (Protocol::Https, text),
    };
    let ports =
        ports.split(',').map(|port| checked_port(protocol, port)).collect::<Result<Vec<_>, _>>()?;
    Ok(PortSet { protocol, ports })
}

/// The same ports with overlaps taken out, in order: a network security group refuses `*` beside other ports
/// (`SecurityRuleInvalidPortRange`).
pub(super) fn merged(ports: &[String]) -> Vec<String> {
    let number = |part: &str| part.parse::<u16>().ok();
    let mut spans: Vec<(u16, u16)> = ports
        .iter()
        .filter_map(|port| match port.split_once('-') {
            _ if port == "*" => Some((0, u16::MAX)),
            Some((first, last)) => Some((number(first)?, number(last)?)),
            None => number(port).map(|port| (port, port)),
        })
        .collect();
    spans.sort_unstable();
    let mut apart: Vec<(u16, u16)> = Vec::with_capacity(spans.len());
    for (first, last) in spans {
        match apart.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => apart.push((first, last)),
        }
    }
    apart
        .into_iter()
        .map(|span| match span {
            (0, u16::MAX) => "*".to_owned(),
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        })
        .collect()
}

fn checked_port(protocol: Protocol, text: &str) -> Result<String, String> {
    let number = |part: &str| part.parse::<u16>().ok().filter(|port| *port > 0);
    let fits = if protocol.is_web() {
        number(text).is_some_and(|port| port <= LAST_WEB_PORT)
    } else {
        let range =
            text.split_once('-').and_then(|(first, last)| Some((number(first)?, number(last)?)));
        text == "*" || number(text).is_some() || range.is_some_and(|(first, last)| first <= last)
    };
    if fits {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "\"{text}\" is no port; ports go from 1 to 65535, for http and https to {LAST_WEB_PORT}"
        ))
    }
}
