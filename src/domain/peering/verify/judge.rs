//! Compares what was found on-premises with what should be there, name by name, and names the culprits.
//!
//! It takes what was observed as it is and must not ask anything itself. What was not looked at is said so: silence of an
//! observer is no proof.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Expectations, ExpectedName, Https, Lookup, Mistake, NoAddress, Observation, PublicName, Tcp,
    cause::{Cause, Told},
    is_private,
};
use crate::domain::peering::{Connection, Lack, forward};

/// How one name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// Wrong, by that step.
    Wrong(Mistake),
    /// Not as it could be, but nothing that is needed depends on it.
    Unneeded,
    /// Nobody has looked.
    Unseen,
}

/// One name, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The name.
    pub host: String,
    /// What it leads to, in a word or two.
    pub service: String,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found, in a few words.
    pub what: String,
}

/// The whole test, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The environment's full name.
    pub full_name: String,
    /// Every name, private ones first.
    pub lines: Vec<Line>,
    /// What is wrong, in the order of the twelve steps; empty when nothing is.
    pub culprits: Vec<Lack>,
    /// How many needed names nobody has looked at.
    pub unseen: usize,
}

impl Report {
    /// True when everything that is needed was looked at and is as it should be.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.culprits.is_empty() && self.unseen == 0
    }
}

/// One name with what was found about it and what is wrong there.
struct Seen<'a> {
    host: &'a str,
    service: &'a str,
    needed: bool,
    observation: Option<&'a Observation>,
    causes: Vec<(Cause, String)>,
}

/// Judges what was found. With the facts of the connection, lost packets and public answers are told apart further.
#[must_use]
pub fn judge(
    expected: &Expectations,
    observations: &[Observation],
    connection: Option<&Connection>,
) -> Report {
    let of = |host: &str| {
        observations
            .iter()
            .find(|each| each.host.eq_ignore_ascii_case(host))
    };
    let silence = silence(expected, &of);
    let mut seen: Vec<Seen<'_>> = expected
        .names
        .iter()
        .map(|name| private(expected, name, of(&name.host), silence, connection))
        .collect();
    mixed(expected, &mut seen);
    seen.extend(
        expected
            .public
            .iter()
            .map(|name| public(name, of(&name.host))),
    );
    let lines = seen.iter().map(|each| line(each, connection)).collect();
    let unseen = seen
        .iter()
        .filter(|each| each.needed && each.observation.is_none())
        .count();
    Report {
        full_name: expected.full_name.clone(),
        lines,
        culprits: culprits(expected, &seen, connection),
        unseen,
    }
}

/// What silence at an address means, by what the other addresses say.
fn silence<'a>(expected: &Expectations, of: &impl Fn(&str) -> Option<&'a Observation>) -> Cause {
    let tried: Vec<(u16, Tcp)> = expected
        .names
        .iter()
        .filter_map(|name| Some((name.port, of(&name.host)?.tcp?)))
        .collect();
    let silent = |port: u16| {
        let mut tried = tried.iter().filter(|(each, _)| *each == port).peekable();
        tried.peek().is_some() && tried.all(|(_, tcp)| *tcp == Tcp::Silent)
    };
    let opens = tried.iter().any(|(_, tcp)| matches!(tcp, Tcp::Open(_)));
    let web = tried.iter().filter(|(port, _)| *port != 445);
    match opens {
        false => Cause::AllSilent,
        true if silent(445) && web.into_iter().all(|(_, tcp)| *tcp != Tcp::Silent) => {
            Cause::FilesSilent
        }
        true => Cause::SomeSilent,
    }
}

fn private<'a>(
    expected: &'a Expectations,
    name: &'a ExpectedName,
    observation: Option<&'a Observation>,
    silence: Cause,
    connection: Option<&Connection>,
) -> Seen<'a> {
    let mut causes = Vec::new();
    if let Some(seen) = observation {
        let answered = resolved(expected, name, seen, connection);
        let right = answered.is_none();
        causes.extend(answered);
        let reached = match seen.tcp {
            Some(Tcp::Silent) => Some(silence),
            Some(Tcp::Refused) => Some(Cause::Refused),
            Some(Tcp::NoRoute) => Some(Cause::NoRoute),
            Some(Tcp::Open(_)) | None => None,
        };
        causes.extend(reached.map(|cause| (cause, String::new())));
        // What is asked by a name that leads elsewhere says nothing more.
        if right && reached.is_none() {
            causes.extend(asked(seen));
        }
    }
    Seen {
        host: &name.host,
        service: name.service.word(),
        needed: name.service.is_needed(),
        observation,
        causes,
    }
}

/// What is wrong with the answer of DNS.
fn resolved(
    expected: &Expectations,
    name: &ExpectedName,
    seen: &Observation,
    connection: Option<&Connection>,
) -> Option<(Cause, String)> {
    let Some(&address) = seen.lookup.addresses.first() else {
        let cause = match seen.lookup.failure {
            Some(NoAddress::NoAnswer) => Cause::NoAnswer,
            Some(NoAddress::NoSuchName) | None => Cause::NoRecord,
        };
        return Some((cause, String::new()));
    };
    let cause = if seen
        .lookup
        .addresses
        .iter()
        .all(|each| *each == name.address)
    {
        return None;
    } else if address.is_loopback() || address.is_unspecified() {
        Cause::OwnTable
    } else if is_private(address) || expected.network.contains(address) {
        Cause::Elsewhere
    } else {
        public_answer(expected, name, seen, connection)
    };
    Some((cause, address.to_string()))
}

/// A public answer: whether the hub's server would have known better.
fn public_answer(
    expected: &Expectations,
    name: &ExpectedName,
    seen: &Observation,
    connection: Option<&Connection>,
) -> Cause {
    let privately = |lookup: &Lookup| lookup.addresses.contains(&name.address);
    if let Some(hub) = seen.hub.as_ref().filter(|hub| !hub.addresses.is_empty()) {
        return if privately(hub) {
            Cause::NotForwarded
        } else {
            Cause::NotLinked
        };
    }
    if expected
        .resolvers
        .iter()
        .any(|each| seen.lookup.server == each.to_string())
    {
        return Cause::NotLinked;
    }
    let linked = connection.and_then(|connection| connection.hub.zones.read());
    let zone = forward::zone_of(expected.cloud, &name.host);
    match (linked, zone) {
        (Some(linked), Some(zone)) => {
            if linked
                .iter()
                .any(|each| each.name.eq_ignore_ascii_case(&zone))
            {
                Cause::NotForwarded
            } else {
                Cause::NotLinked
            }
        }
        _ => Cause::Public,
    }
}

/// What is wrong with the workspace's own answer, which came over the right address.
fn asked(seen: &Observation) -> Option<(Cause, String)> {
    match &seen.https {
        Some(answer) if answer.is_denied() => return Some((Cause::Denied, String::new())),
        Some(Https::Failed(why)) => return Some((Cause::Broken, why.clone())),
        Some(Https::Answered(407, _)) => return Some((Cause::Denied, String::new())),
        Some(Https::Answered(..)) | None => {}
    }
    match seen.proxied.as_ref()? {
        Https::Answered(401, _) => None,
        Https::Answered(status, _) => Some((Cause::Proxied, format!("status {status}"))),
        Https::Failed(why) => Some((Cause::Proxied, why.clone())),
    }
}

/// Names of one domain are forwarded together: where some of them are answered rightly and others publicly, it is the
/// client that remembers, and then it can remember the names of other domains too.
fn mixed(expected: &Expectations, seen: &mut [Seen<'_>]) {
    let domain = |host: &str| forward::domain_of(expected.cloud, host);
    let public = |cause: &Cause| matches!(cause, Cause::NotForwarded | Cause::Public);
    let right: Vec<String> = seen
        .iter()
        .filter(|each| each.observation.is_some())
        .filter(|each| !each.causes.iter().any(|(cause, _)| is_name(*cause)))
        .filter_map(|each| domain(each.host))
        .collect();
    let remembers = seen.iter().any(|each| {
        each.causes.iter().any(|(cause, _)| public(cause))
            && domain(each.host).is_some_and(|domain| right.contains(&domain))
    });
    let causes = seen.iter_mut().flat_map(|each| &mut each.causes);
    for (cause, _) in causes.filter(|(cause, _)| remembers && public(cause)) {
        *cause = Cause::Mixed;
    }
}

fn is_name(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::NoAnswer
            | Cause::NotForwarded
            | Cause::NotLinked
            | Cause::Public
            | Cause::NoRecord
            | Cause::Elsewhere
            | Cause::Mixed
            | Cause::OwnTable
    )
}

fn public<'a>(name: &'a PublicName, observation: Option<&'a Observation>) -> Seen<'a> {
    let reached = observation.is_none_or(|seen| {
        let open = seen.tcp.is_none_or(|tcp| matches!(tcp, Tcp::Open(_)));
        // Behind a proxy a machine needs neither the name nor the port itself.
        let proxied = matches!(seen.proxied, Some(Https::Answered(..)));
        proxied || (open && !seen.lookup.addresses.is_empty())
    });
    Seen {
        host: &name.host,
        service: &name.purpose,
        needed: true,
        observation,
        causes: if reached {
            Vec::new()
        } else {
            vec![(Cause::Unreachable, String::new())]
        },
    }
}

fn line(seen: &Seen<'_>, connection: Option<&Connection>) -> Line {
    let worst = seen.causes.first().map(|(cause, _)| *cause);
    let verdict = match (seen.observation, worst) {
        (None, _) => Verdict::Unseen,
        (Some(_), None) => Verdict::Fine,
        (Some(_), Some(_)) if !seen.needed => Verdict::Unneeded,
        (Some(_), Some(cause)) => Verdict::Wrong(cause.mistake(connection)),
    };
    Line {
        host: seen.host.to_owned(),
        service: seen.service.to_owned(),
        verdict,
        what: seen.observation.map_or_else(
            || "not looked at".to_owned(),
            |observation| found(observation, &seen.causes),
        ),
    }
}

fn found(seen: &Observation, causes: &[(Cause, String)]) -> String {
    let mut parts = Vec::new();
    if let Some(address) = seen.lookup.addresses.first() {
        parts.push(address.to_string());
    }
    if let Some(Tcp::Open(milliseconds)) = seen.tcp {
        parts.push(format!("opens in {milliseconds} ms"));
    }
    if let Some(Https::Answered(status, _)) = &seen.https {
        parts.push(format!("answers {status}"));
    }
    parts.extend(causes.iter().map(|(cause, _)| cause.short().to_owned()));
    parts.join(", ")
}

fn culprits(
    expected: &Expectations,
    seen: &[Seen<'_>],
    connection: Option<&Connection>,
) -> Vec<Lack> {
    let mut told: BTreeMap<Cause, Told<'_>> = BTreeMap::new();
    for each in seen.iter().filter(|each| each.needed) {
        for (cause, answer) in &each.causes {
            let entry = told.entry(*cause).or_insert_with(|| Told {
                cause: *cause,
                hosts: Vec::new(),
                answers: Vec::new(),
            });
            entry.hosts.push(each.host);
            if !answer.is_empty() && !entry.answers.contains(answer) {
                entry.answers.push(answer.clone());
            }
        }
    }
    let mut culprits: Vec<Lack> = told
        .values()
        .map(|told| told.lack(expected, connection))
        .collect();
    culprits.sort_by_key(|lack| lack.mistake);
    culprits
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
