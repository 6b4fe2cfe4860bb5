//! Names that are not answered with their private address: what DNS said, and which of those who answer on the way
//! can have said it. From the person outwards: this machine, DNS on-premises, the hub's server, the zones.

mod cause;
mod hub;

use std::collections::BTreeMap;

use super::{
    Service, Verdict,
    answer::{Answer, Asked, Internet, Private, Sight},
    words,
};

/// Names with the same answer from the same servers.
struct Group<'a> {
    sight: &'a Sight<'a>,
    asked: Asked<'a>,
    answer: Answer,
    hub: Option<Answer>,
    items: Vec<&'a Private<'a>>,
}

/// One verdict for each kind of wrong answer.
pub(super) fn verdicts(sight: &Sight<'_>) -> Vec<Verdict> {
    let mut groups: BTreeMap<_, Vec<&Private<'_>>> = BTreeMap::new();
    for each in sight.needed() {
        let Some(answer) = told(sight, each).filter(|answer| *answer != Answer::Right) else {
            continue;
        };
        let key = (answer, each.hub, each.asked);
        groups.entry(key).or_default().push(each);
    }
    groups
        .into_iter()
        .map(|((answer, hub, asked), items)| Group { sight, asked, answer, hub, items }.verdict())
        .collect()
}

/// A name of online endpoints is one of ours under a wildcard of the private zone; it need not exist publicly. Where
/// its domain is answered publicly, "no such name" says no more than those answers.
fn told(sight: &Sight<'_>, name: &Private<'_>) -> Option<Answer> {
    let answer = name.answer?;
    if answer != Answer::NoSuchName || name.name.service != Service::Inference {
        return Some(answer);
    }
    let domain = name.domain(sight.expected);
    let public = sight
        .needed()
        .any(|each| each.answer == Some(Answer::Public) && each.domain(sight.expected) == domain);
    Some(if public { Answer::Public } else { answer })
}

impl Group<'_> {
    fn verdict(&self) -> Verdict {
        let mut names = words::owned(&self.items);
        if self.tells_of_internet() {
            let public = self.sight.public.iter().filter(|each| each.seen.is_some());
            names.extend(public.map(|each| each.name.host.clone()));
        }
        Verdict { names, observed: self.observed(), causes: self.causes(), note: false }
    }

    /// Whether what names of the internet are answered with tells causes apart.
    fn tells_of_internet(&self) -> bool {
        matches!(self.answer, Answer::NoSuchName | Answer::Silent | Answer::NotTold)
            && self.sight.internet() != Internet::NotTried
    }

    fn observed(&self) -> String {
        let hosts = words::listed(words::hosts(&self.items));
        let who = match self.asked {
            Asked::Machine => "This machine's DNS".to_owned(),
            Asked::Server(address) => format!("The DNS server {address}"),
            Asked::Hub(address) => format!("The hub's DNS server {address}"),
        };
        let found = words::listed(self.items.iter().flat_map(|each| each.addresses()));
        let due = words::listed(words::addresses(&self.items));
        let mut text = match self.answer {
            Answer::Right => format!("{who} answers {hosts} with {due}."),
            Answer::Partly => {
                format!("{who} answers {hosts} with {found}; only {due} is expected.")
            }
            Answer::Public => format!("{who} answers with public addresses ({found}): {hosts}."),
            Answer::Itself => format!("{who} leads {hosts} to this machine itself ({found})."),
            Answer::Handed => format!(
                "{who} answers {hosts} with {found}, which is neither public nor the endpoint's address ({due})."
            ),
            Answer::Elsewhere => {
                format!(
                    "{who} answers with another private address ({found} in place of {due}): {hosts}."
                )
            }
            Answer::NoSuchName => format!("{who} says that there is no address for {hosts}."),
            Answer::Silent => format!("{who} gives no answer for {hosts}."),
            Answer::NotTold => format!(
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
        if matches!(self.asked, Asked::Hub(_)) {
            return String::new();
        }
        let known = self.sight.expected.resolvers.first();
        let who = known.map_or_else(
            || "The hub's DNS server".to_owned(),
            |address| format!("The hub's DNS server {address}"),
        );
        match self.hub {
            None => " The hub's DNS server was not asked.".to_owned(),
            Some(Answer::Right) => {
                format!(" {who}, asked directly, answers them privately ({due}).")
            }
            Some(Answer::Partly) => {
                format!(" {who}, asked directly, answers {due} and other addresses.")
            }
            Some(Answer::Public) => format!(" {who}, asked directly, answers publicly."),
            Some(Answer::Itself | Answer::Handed | Answer::Elsewhere) => {
                format!(" {who}, asked directly, answers with another address too.")
            }
            Some(Answer::NoSuchName) => {
                format!(" {who}, asked directly, says that there is no address.")
            }
            Some(Answer::Silent) => format!(" {who}, asked directly, gave no answer."),
            Some(Answer::NotTold) => format!(" {who}, asked directly, gave no address."),
        }
    }
}
