//! Names that are not answered with their private address: what DNS said, and which of those who answer on the way
//! can have said it. From the person outwards: this machine, DNS on-premises, the hub's server, the zones.

mod cause;
mod hub;

use std::collections::BTreeMap;

use super::{AskedServer, Diagnosis, DnsAnswer, Evidence, Internet, Private, Service, words};

/// Names with the same answer from the same servers.
struct NameGroup<'a> {
    sight: &'a Evidence<'a>,
    asked: AskedServer<'a>,
    answer: DnsAnswer,
    hub: Option<DnsAnswer>,
    items: Vec<&'a Private<'a>>,
}

/// One verdict for each kind of wrong answer.
pub(super) fn verdicts(sight: &Evidence<'_>) -> Vec<Diagnosis> {
    let mut groups: BTreeMap<_, Vec<&Private<'_>>> = BTreeMap::new();
    for each in sight.needed() {
        if let Some(answer) =
            meaningful_answer(sight, each).filter(|answer| *answer != DnsAnswer::Right)
        {
            groups.entry((answer, each.hub, each.asked)).or_default().push(each);
        }
    }
    groups
        .into_iter()
        .map(|((answer, hub, asked), items)| {
            NameGroup { sight, asked, answer, hub, items }.verdict()
        })
        .collect()
}

/// A name of online endpoints is one of ours under a wildcard of the private zone; it need not exist publicly. Where
/// its domain is answered publicly, "no such name" says no more than those answers.
fn meaningful_answer(sight: &Evidence<'_>, name: &Private<'_>) -> Option<DnsAnswer> {
    let answer = name.answer?;
    if answer != DnsAnswer::NoSuchName || name.name.service != Service::Inference {
        return Some(answer);
    }
    let domain = name.domain(sight.expected);
    let public = sight.needed().any(|each| {
        each.answer == Some(DnsAnswer::Public) && each.domain(sight.expected) == domain
    });
    Some(if public { DnsAnswer::Public } else { answer })
}

impl NameGroup<'_> {
    fn verdict(&self) -> Diagnosis {
        let mut names = words::owned(&self.items);
        if self.tells_of_internet() {
            let public = self.sight.public.iter().filter(|each| each.seen.is_some());
            names.extend(public.map(|each| each.name.host.clone()));
        }
        Diagnosis { names, observed: self.observed(), causes: self.causes(), note: false }
    }

    /// Whether what names of the internet are answered with tells causes apart.
    fn tells_of_internet(&self) -> bool {
        matches!(self.answer, DnsAnswer::NoSuchName | DnsAnswer::Silent | DnsAnswer::NotTold)
            && self.sight.internet() != Internet::NotTried
    }

    fn observed(&self) -> String {
        let hosts = words::listed(words::hosts(&self.items));
        let who = match self.asked {
            AskedServer::Machine => "This machine's DNS".to_owned(),
            AskedServer::Server(address) => format!("The DNS server {address}"),
            AskedServer::Hub(address) => format!("The hub's DNS server {address}"),
        };
        let found = words::listed(self.items.iter().flat_map(|each| each.addresses()));
        let due = words::listed(words::addresses(&self.items));
        let mut text = match self.answer {
            DnsAnswer::Right => format!("{who} answers {hosts} with {due}."),
            DnsAnswer::Partly => {
                format!("{who} answers {hosts} with {found}; only {due} is expected.")
            }
            DnsAnswer::Public => format!("{who} answers with public addresses ({found}): {hosts}."),
            DnsAnswer::Itself => format!("{who} leads {hosts} to this machine itself ({found})."),
            DnsAnswer::Handed => format!(
                "{who} answers {hosts} with {found}, which is neither public nor the endpoint's address ({due})."
            ),
            DnsAnswer::Elsewhere => {
                format!(
                    "{who} answers with another private address ({found} in place of {due}): {hosts}."
                )
            }
            DnsAnswer::NoSuchName => format!("{who} says that there is no address for {hosts}."),
            DnsAnswer::Silent => format!("{who} gives no answer for {hosts}."),
            DnsAnswer::NotTold => format!(
                "{who} has no address for {hosts}; whether it said so or was silent, the tool that asked does not tell."
            ),
        };
        if self.tells_of_internet() {
            let public = self.sight.public.iter().filter(|each| {
                let lookup = each.seen.and_then(|seen| seen.lookup.as_ref());
                lookup.is_some_and(|lookup| {
                    lookup.addresses.is_empty() == (self.sight.internet() == Internet::Unanswered)
                })
            });
            let public = words::listed(public.map(|each| each.name.host.as_str()));
            text += match self.sight.internet() {
                Internet::Answered => " It has addresses for names of the internet: ",
                _ => " It has none for names of the internet either: ",
            };
            text += &public;
            text.push('.');
        }
        text + &self.of_hub(&due)
    }

    /// What the hub's server said, or that it was not asked.
    fn of_hub(&self, due: &str) -> String {
        if matches!(self.asked, AskedServer::Hub(_)) {
            return String::new();
        }
        let known = self.sight.expected.resolvers.first();
        let address = known.map_or_else(String::new, |address| format!(" {address}"));
        let who = format!("The hub's DNS server{address}");
        let Some(answer) = self.hub else {
            return " The hub's DNS server was not asked.".to_owned();
        };
        let said = match answer {
            DnsAnswer::Right => format!("answers them privately ({due})"),
            DnsAnswer::Partly => format!("answers {due} and other addresses"),
            DnsAnswer::Public => "answers publicly".to_owned(),
            DnsAnswer::Itself | DnsAnswer::Handed | DnsAnswer::Elsewhere => {
                "answers with another address too".to_owned()
            }
            DnsAnswer::NoSuchName => "says that there is no address".to_owned(),
            DnsAnswer::Silent => "gave no answer".to_owned(),
            DnsAnswer::NotTold => "gave no address".to_owned(),
        };
        format!(" {who}, asked directly, {said}.")
    }
}
