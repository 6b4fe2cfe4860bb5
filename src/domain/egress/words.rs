//! A verdict in words: whether it gets through, by which rule, or what is nearest and what to change.
//!
//! Sentences only; where they are shown is not this module's business.

use std::net::Ipv4Addr;

use crate::domain::words::capital;

use super::platform::WIRE_SERVER;
use super::{
    Action, ConditionalVerdict, Destination, EgressAnswer, EgressVerdict, NetworkControls, NextHop,
    NsgDecision, PathVerdict, Query, Ruling,
};

mod ruling;

/// Most cases that are told; the JSON has all.
const MOST_CASES: usize = 4;

impl EgressAnswer {
    /// The word for a row of a table, at most ten letters.
    pub const fn word(self) -> &'static str {
        self.words().0
    }

    /// The word for it, and how a sentence about a case goes on.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Allowed => ("open", "it gets through"),
            Self::Denied => ("refused", "it does not get through"),
            Self::Maybe => ("unknown", "that is not known either"),
            Self::Inside => ("inside", "it stays inside"),
            Self::Host => ("host", "it stays on the host"),
            Self::Unfiltered => ("unfiltered", "it goes past the firewall unfiltered"),
            Self::Gateway => ("gateway", "it goes to the network gateway"),
        }
    }

    /// Whether the destination is reached, in a way that the environment means.
    pub const fn is_reached(self) -> bool {
        matches!(self, Self::Allowed | Self::Inside | Self::Host)
    }
}

impl EgressVerdict {
    /// The answer in one line.
    pub fn headline(&self) -> String {
        let place = format!("{} ({})", self.query.place(), self.query.protocol.word());
        match self.answer() {
            EgressAnswer::Allowed => format!("{place} gets through."),
            EgressAnswer::Denied => format!("{place} does not get through."),
            EgressAnswer::Maybe => format!("{place} {}.", self.doubt()),
            EgressAnswer::Inside => format!("{place} stays inside the private network."),
            EgressAnswer::Host => match self.part.next_hop {
                NextHop::Host { machine: true, .. } => format!("{place} stays in the machine."),
                _ => format!("{place} stays on the Azure host."),
            },
            EgressAnswer::Unfiltered => {
                format!("{place} is unfiltered: it goes past the firewall.")
            }
            EgressAnswer::Gateway => {
                format!("{place} goes to the network gateway, past the firewall.")
            }
        }
    }

    /// Why the answer is open.
    fn doubt(&self) -> &'static str {
        let part = &self.part;
        let unread = matches!(part.next_hop, NextHop::NotRead { .. })
            || matches!(part.nsg, NsgDecision::NotRead { .. })
            || part.firewall.as_ref().is_some_and(|ruling| !ruling.unread.is_empty());
        if unread {
            "may get through: not everything that decides it could be read"
        } else if !self.cases.is_empty() {
            match self.query.destination {
                Destination::Host(_) => {
                    "may get through: it depends on its address, which only Azure knows"
                }
                Destination::Address(_) => {
                    "may get through: it depends on its route, which only Azure knows"
                }
            }
        } else if matches!(part.next_hop, NextHop::Appliance { .. }) {
            "goes to another appliance than the firewall; whether it gets through is not known"
        } else if part.firewall.as_ref().is_some_and(Ruling::is_likely_allowed)
            && matches!(part.nsg, NsgDecision::Allowed { .. } | NsgDecision::Absent)
        {
            "likely gets through: only Azure knows for certain"
        } else {
            "may get through: it depends on what only Azure knows"
        }
    }

    /// Why, and what to change.
    pub fn sentences(&self) -> Vec<String> {
        let mut lines = self.part.sentences(&self.query);
        lines.extend(self.cases.iter().take(MOST_CASES).map(|case| case.sentence(&self.query)));
        if self.cases.len() > MOST_CASES {
            lines.push(format!(
                "There are {} more cases; --json shows them all.",
                self.cases.len() - MOST_CASES
            ));
        }
        lines.extend(self.notes.iter().cloned());
        lines
    }
}

impl NetworkControls {
    /// What bears on a verdict beside its parts.
    pub(super) fn notes(&self, query: &Query, part: &PathVerdict) -> Vec<String> {
        let mut notes = Vec::new();
        if matches!(part.next_hop, NextHop::Host { .. })
            && query.destination == Destination::Address(WIRE_SERVER)
        {
            let words = "DNS there answers every name on the internet, so what is asked there leaves the environment: \
                only a DNS security policy of the network limits it.";
            notes.push(words.to_owned());
        }
        let foreign =
            |server: &&Ipv4Addr| Some(**server) != self.firewall && **server != WIRE_SERVER;
        let foreign: Vec<String> =
            self.dns_servers.iter().filter(foreign).map(ToString::to_string).collect();
        if !foreign.is_empty()
            && let Destination::Host(host) = &query.destination
            && self.endpoint(host).is_none()
        {
            notes.push(format!(
                "The network asks {} for names. A private address that they may have for {host} was not looked for.",
                foreign.join(", ")
            ));
        }
        notes
    }
}

impl ConditionalVerdict {
    fn sentence(&self, query: &Query) -> String {
        let why = self.part.sentences(query);
        format!("If {}, {}: {}", self.when, self.answer.words().1, why.join(" "))
    }
}

impl PathVerdict {
    fn sentences(&self, query: &Query) -> Vec<String> {
        let mut lines = vec![next_hop(&self.next_hop)];
        // What an address is comes before what a group does about it; else the group decides first.
        let at = usize::from(matches!(self.next_hop, NextHop::Host { .. }));
        if let Some(words) = nsg(&self.nsg, &self.next_hop) {
            lines.insert(at, words);
        }
        if let Some(ruling) = &self.firewall {
            lines.extend(ruling.sentences(query.protocol));
        }
        lines.extend(self.behind.as_ref().map(|what| format!("Not as usual: {what}.")));
        lines
    }
}

fn nsg(nsg: &NsgDecision, next_hop: &NextHop) -> Option<String> {
    Some(match nsg {
        NsgDecision::NotRead { why } => format!(
            "The security group of the shared subnet was not read ({why}), so what it lets out is not known."
        ),
        NsgDecision::Denied { rule } => format!(
            "The security group of the shared subnet refuses it by its rule {rule}, before any route or firewall."
        ),
        NsgDecision::Maybe { conditions, otherwise, then } => {
            let cases = conditions.iter().map(|each| {
                format!("{} it by its rule {} if {}", verb(each.then), each.rule, each.when)
            });
            let cases: Vec<String> = cases.collect();
            format!(
                "The security group of the shared subnet {}; otherwise it {} it by its rule {otherwise}.",
                cases.join("; "),
                verb(*then)
            )
        }
        NsgDecision::Exempt { tag: Some(tag) } => format!(
            "Security groups hold for it only by the service tag {tag}, which no rule of the shared \
             subnet's group names."
        ),
        NsgDecision::Exempt { tag: None } => return None,
        NsgDecision::Absent => "The shared subnet has no security group.".to_owned(),
        NsgDecision::Allowed { .. } if matches!(next_hop, NextHop::Nowhere { .. }) => return None,
        NsgDecision::Allowed { rule } => {
            format!("The security group of the shared subnet lets it out by its rule {rule}.")
        }
    })
}

fn verb(action: Action) -> &'static str {
    match action {
        Action::Allow => "lets out",
        Action::Deny => "refuses",
    }
}

fn next_hop(next_hop: &NextHop) -> String {
    match next_hop {
        NextHop::Firewall { route } => format!("{} leads to the firewall.", capital(route)),
        NextHop::Inside { why } => format!("It never reaches the firewall: {why}."),
        NextHop::Host { what, .. } => {
            format!("{what}. It follows no route table and never reaches the firewall.")
        }
        NextHop::Endpoint { service, policy: true } => format!(
            "It takes the subnet's service endpoint for {service} past the firewall; the service endpoint \
             policy decides which accounts it reaches."
        ),
        NextHop::Endpoint { service, policy: false } => format!(
            "It takes the subnet's service endpoint for {service} past the firewall, and no service \
             endpoint policy limits which accounts it reaches."
        ),
        NextHop::Internet { route, by } => format!(
            "{} leads to the internet, past the firewall, so no rule of the firewall filters it. {}.",
            capital(route),
            capital(by)
        ),
        NextHop::Gateway { route } => format!(
            "{} leads to the network gateway, past the firewall. What happens behind it is not known here.",
            capital(route)
        ),
        NextHop::Appliance { route, hop } => format!(
            "{} leads to {hop}, which is not this environment's firewall. Its owner decides what gets \
             through; its rules were not read.",
            capital(route)
        ),
        NextHop::Nowhere { why } => format!("It leads nowhere: {why}."),
        NextHop::NotRead { what } => format!("Where it is routed is not known: {what}."),
    }
}
