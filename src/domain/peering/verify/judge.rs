//! Compares what was found on-premises with what should be there, name by name, and says what fits it.
//!
//! It takes what was observed as it is and must not ask anything itself. What nobody tried is said so and is never
//! good.

use serde::{Deserialize, Serialize};

use super::{
    Diagnosis, DnsAnswer, Evidence, Expectations, Https, Lookup, NoAddress, Observation, Private,
    Public, Tcp, names, reach, service, words,
};
use crate::domain::peering::{HubConnection, Mistake};
use crate::domain::words::count;

/// How one name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// As it should be, in everything that was to be tried.
    Fine,
    /// Something about it is not as it should be.
    Wrong,
    /// Not as it could be, but nothing that is needed depends on it.
    Aside,
    /// Nobody has looked, or not at everything.
    Unknown,
}

/// One name, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedName {
    /// The name.
    pub host: String,
    /// What it leads to, in a word or two.
    pub service: String,
    /// How it is.
    pub mark: Mark,
    /// What was found, in a few words.
    pub what: String,
}

/// The whole test, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The environment's full name.
    pub full_name: String,
    /// Every name, private ones first.
    pub lines: Vec<JudgedName>,
    /// What was observed that is not as it should be, with what fits it: the nearest to the person first.
    pub verdicts: Vec<Diagnosis>,
    /// What was not tried, and which results are of no use, a sentence each.
    pub remarks: Vec<String>,
    /// How many names nobody has looked at, or not at everything that is needed.
    pub unseen: usize,
}

impl Report {
    /// True when everything that is needed was tried and is as it should be.
    pub fn is_fine(&self) -> bool {
        self.unseen == 0 && self.verdicts.iter().all(|each| each.note)
    }

    /// The steps that fit, in the order in which they are to be looked at.
    pub fn steps(&self) -> Vec<Mistake> {
        super::verdict::steps(&self.verdicts)
    }
}

/// Judges what was found. With the facts of the connection, causes that Azure shows are told before those that only
/// fit.
pub fn judge(
    expected: &Expectations,
    observations: &[Observation],
    connection: Option<&HubConnection>,
) -> Report {
    let sight = Evidence::of(expected, observations, connection);
    let (vpn, closed) = reach::verdicts(&sight);
    let mut verdicts: Vec<Diagnosis> = vpn.into_iter().collect();
    verdicts.extend(names::verdicts(&sight));
    verdicts.extend(closed);
    verdicts.extend(service::direct(&sight));
    verdicts.extend(service::proxied(&sight));
    verdicts.extend(service::public(&sight));
    verdicts.sort_by_key(|each| each.note);
    let private = sight.names.iter().map(|each| private_line(&sight, each));
    let lines: Vec<JudgedName> = private.chain(sight.public.iter().map(public_line)).collect();
    let needless = sight.names.iter().filter(|each| !each.is_needed());
    let needless: Vec<&str> = needless.map(|each| each.name.host.as_str()).collect();
    let unknown =
        |line: &&JudgedName| line.mark == Mark::Unknown && !needless.contains(&line.host.as_str());
    Report {
        full_name: expected.full_name.clone(),
        remarks: remarks(&sight, observations),
        unseen: lines.iter().filter(unknown).count(),
        lines,
        verdicts,
    }
}

/// Whether the workspace itself was to be asked and was not: what is closed or leads elsewhere is told by that.
fn is_unasked(sight: &Evidence<'_>, each: &Private<'_>) -> bool {
    sight.expected.api.as_deref() == Some(each.name.host.as_str())
        && each.seen.is_none_or(|seen| seen.https.is_none())
        && each.answer.is_none_or(|answer| answer == DnsAnswer::Right)
        && !reach::is_closed(each)
}

fn private_line(sight: &Evidence<'_>, each: &Private<'_>) -> JudgedName {
    let aside = reach::is_smb(each) && sight.opens();
    let wrong = each.answer.is_some_and(|answer| answer != DnsAnswer::Right)
        || service::is_wrong(each)
        || (reach::is_closed(each) && !aside);
    let untried = each.answer.is_none()
        || (each.tcp().is_none() && !reach::is_smb(each))
        || is_unasked(sight, each);
    let mark = match each.seen {
        None => Mark::Unknown,
        Some(_) if wrong && each.is_needed() => Mark::Wrong,
        Some(_) if wrong || reach::is_closed(each) => Mark::Aside,
        Some(_) if untried => Mark::Unknown,
        Some(_) => Mark::Fine,
    };
    JudgedName {
        host: each.name.host.clone(),
        service: each.name.service.word().to_owned(),
        mark,
        what: found(each.seen, each.answer, each.name.port),
    }
}

fn public_line(each: &Public<'_>) -> JudgedName {
    let untried = |seen: &Observation| {
        let port = seen.lookup.as_ref().is_none_or(|lookup| !lookup.addresses.is_empty());
        seen.proxied.is_none() && port && seen.tcp.is_none()
    };
    let mark = match each.seen {
        None => Mark::Unknown,
        Some(_) if !service::is_reached(each) => Mark::Wrong,
        Some(seen) if untried(seen) => Mark::Unknown,
        Some(_) => Mark::Fine,
    };
    JudgedName {
        host: each.name.host.clone(),
        service: each.name.purpose.clone(),
        mark,
        what: found(each.seen, None, 443),
    }
}

/// What was found, as it was found.
fn found(seen: Option<&Observation>, answer: Option<DnsAnswer>, port: u16) -> String {
    let Some(seen) = seen else { return "no result".to_owned() };
    let addresses = match &seen.lookup {
        None => "DNS not asked".to_owned(),
        Some(Lookup { addresses, failure, .. }) if addresses.is_empty() => match failure {
            Some(NoAddress::NoSuchName) => "no such name".to_owned(),
            Some(NoAddress::NoAnswer) => "DNS does not answer".to_owned(),
            Some(NoAddress::NotTold) | None => "no address".to_owned(),
        },
        Some(Lookup { addresses, .. }) => words::listed(addresses),
    };
    let public = if answer == Some(DnsAnswer::Public) { " (public)" } else { "" };
    let port = match seen.tcp {
        None => format!("port {port} not tried"),
        Some(Tcp::Open(0)) => format!("port {port} opens"),
        Some(Tcp::Open(milliseconds)) => format!("port {port} opens in {milliseconds} ms"),
        Some(Tcp::Refused) => format!("port {port} is refused"),
        Some(Tcp::Silent) => format!("port {port} does not answer"),
        Some(Tcp::NoRoute) => format!("no route to port {port}"),
    };
    let mut parts = vec![format!("{addresses}{public}"), port];
    let web = |answer: &Https| match answer {
        Https::Answered(status, _) => format!("answers {status}"),
        Https::Failed(why) => format!("no HTTPS ({why})"),
    };
    parts.extend(seen.https.as_ref().map(web));
    let proxied = seen.proxied.as_ref().map(web);
    parts.extend(proxied.map(|text| format!("by the proxy settings {text}")));
    parts.join(", ")
}

/// What was not tried, and what is of no use, a sentence each.
fn remarks(sight: &Evidence<'_>, observations: &[Observation]) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut tell = |hosts: Vec<&str>, words: &str| {
        if !hosts.is_empty() {
            remarks.push(format!(
                "{words} {}: {}.",
                count(hosts.len(), "name"),
                words::listed(hosts)
            ));
        }
    };
    let private = sight.names.iter().map(|each| (each.name.host.as_str(), each.seen));
    let public = sight.public.iter().map(|each| (each.name.host.as_str(), each.seen));
    let all: Vec<(&str, Option<&Observation>)> = private.chain(public).collect();
    let missing = all.iter().filter(|(_, seen)| seen.is_none());
    tell(missing.map(|(host, _)| *host).collect(), "There is no result for");
    let unasked = all.iter().filter(|(_, seen)| seen.is_some_and(|seen| seen.lookup.is_none()));
    tell(unasked.map(|(host, _)| *host).collect(), "DNS was not asked for");
    let ports = sight.names.iter().filter(|each| each.seen.is_some() && each.tcp().is_none());
    tell(ports.map(|each| each.name.host.as_str()).collect(), "Ports were not tried of");
    let strangers = observations.iter().map(|each| each.host.as_str());
    let strangers =
        strangers.filter(|host| !all.iter().any(|(known, _)| known.eq_ignore_ascii_case(host)));
    tell(
        strangers.collect(),
        "Left out, because this environment does not have them (results of another one, or from before it \
         was redeployed):",
    );
    let seen = sight.names.iter().filter(|each| each.seen.is_some());
    if seen.into_iter().any(|each| is_unasked(sight, each)) {
        remarks.push("The workspace itself was not asked.".to_owned());
    }
    remarks
}
