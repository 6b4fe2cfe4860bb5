//! A verdict in words: whether it gets through, by which rule, or what is nearest and what to change.
//!
//! Sentences only; where they are shown is not this module's business.

use super::{
    Action, Answer, Case, Condition, Decision, Destination, Difference, Gate, Near, Odds, Outcome,
    Part, Protocol, Query, RuleKind, Ruling, Verdict, Walls, Way, platform::WIRE_SERVER,
};

/// Most cases that are told; the JSON has all.
const MOST_CASES: usize = 4;

impl Answer {
    /// The word for a row of a table, at most ten letters.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "open",
            Self::Denied => "refused",
            Self::Maybe => "unknown",
            Self::Inside => "inside",
            Self::Host => "host",
            Self::Unfiltered => "unfiltered",
            Self::Gateway => "gateway",
        }
    }

    /// Whether the destination is reached, in a way that the environment means.
    #[must_use]
    pub const fn is_reached(self) -> bool {
        matches!(self, Self::Allowed | Self::Inside | Self::Host)
    }
}

impl Verdict {
    /// The answer in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        let place = format!("{} ({})", self.query.place(), self.query.protocol.word());
        match self.answer() {
            Answer::Allowed => format!("{place} gets through."),
            Answer::Denied => format!("{place} does not get through."),
            Answer::Maybe => format!("{place} {}.", self.doubt()),
            Answer::Inside => format!("{place} stays inside the private network."),
            Answer::Host => match self.part.way {
                Way::Host { machine: true, .. } => format!("{place} stays in the machine."),
                _ => format!("{place} stays on the Azure host."),
            },
            Answer::Unfiltered => {
                format!("{place} is unfiltered: it goes past the firewall.")
            }
            Answer::Gateway => {
                format!("{place} goes to the network gateway, past the firewall.")
            }
        }
    }

    /// Why the answer is open.
    fn doubt(&self) -> &'static str {
        let part = &self.part;
        let unread = matches!(part.way, Way::NotRead { .. })
            || matches!(part.gate, Gate::NotRead { .. })
            || part
                .firewall
                .as_ref()
                .is_some_and(|ruling| !ruling.unread.is_empty());
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
        } else if matches!(part.way, Way::Appliance { .. }) {
            "goes to another appliance than the firewall; whether it gets through is not known"
        } else if part
            .firewall
            .as_ref()
            .is_some_and(Ruling::is_likely_allowed)
            && matches!(part.gate, Gate::Allowed { .. } | Gate::Absent)
        {
            "likely gets through: only Azure knows for certain"
        } else {
            "may get through: it depends on what only Azure knows"
        }
    }

    /// Why, and what to change.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut lines = self.part.sentences(&self.query);
        lines.extend(
            self.cases
                .iter()
                .take(MOST_CASES)
                .map(|case| case.sentence(&self.query)),
        );
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

impl Walls {
    /// What bears on a verdict beside its parts.
    pub(super) fn notes(&self, query: &Query, part: &Part) -> Vec<String> {
        let mut notes = Vec::new();
        if matches!(part.way, Way::Host { .. })
            && query.destination == Destination::Address(WIRE_SERVER)
        {
            notes.push("DNS there answers every name on the internet, so what is asked there leaves the environment: only a DNS security policy of the network limits it.".to_owned());
        }
        let foreign: Vec<String> = self
            .dns_servers
            .iter()
            .filter(|server| Some(**server) != self.firewall && **server != WIRE_SERVER)
            .map(ToString::to_string)
            .collect();
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

impl Case {
    fn sentence(&self, query: &Query) -> String {
        let why = self.part.sentences(query);
        let outcome = match self.answer {
            Answer::Allowed => "it gets through",
            Answer::Denied => "it does not get through",
            Answer::Maybe => "that is not known either",
            Answer::Inside => "it stays inside",
            Answer::Host => "it stays on the host",
            Answer::Unfiltered => "it goes past the firewall unfiltered",
            Answer::Gateway => "it goes to the network gateway",
        };
        format!("If {}, {outcome}: {}", self.when, why.join(" "))
    }
}

impl Part {
    fn sentences(&self, query: &Query) -> Vec<String> {
        let mut lines = vec![way(&self.way)];
        // What an address is comes before what a group does about it; else the group decides first.
        let at = usize::from(matches!(self.way, Way::Host { .. }));
        if let Some(words) = gate(&self.gate, &self.way) {
            lines.insert(at, words);
        }
        if let Some(ruling) = &self.firewall {
            lines.extend(ruling.sentences(query.protocol));
        }
        lines.extend(
            self.behind
                .as_ref()
                .map(|what| format!("Not as usual: {what}.")),
        );
        lines
    }
}

fn gate(gate: &Gate, way: &Way) -> Option<String> {
    Some(match gate {
        Gate::NotRead { why } => format!(
            "The security group of the shared subnet was not read ({why}), so what it lets out is not known."
        ),
        Gate::Denied { rule } => format!(
            "The security group of the shared subnet refuses it by its rule {rule}, before any route or firewall."
        ),
        Gate::Maybe {
            conditions,
            otherwise,
            then,
        } => {
            let cases: Vec<String> = conditions
                .iter()
                .map(|each| {
                    let verb = verb(each.then);
                    format!("{verb} it by its rule {} if {}", each.rule, each.when)
                })
                .collect();
            format!(
                "The security group of the shared subnet {}; otherwise it {} it by its rule {otherwise}.",
                cases.join("; "),
                verb(*then)
            )
        }
        Gate::Exempt { tag: Some(tag) } => format!(
            "Security groups hold for it only by the service tag {tag}, which no rule of the shared subnet's group names."
        ),
        Gate::Exempt { tag: None } => return None,
        Gate::Absent => "The shared subnet has no security group.".to_owned(),
        Gate::Allowed { .. } if matches!(way, Way::Nowhere { .. }) => return None,
        Gate::Allowed { rule } => {
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

/// The first letter as a sentence begins.
fn capital(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(signs).collect()
}

fn way(way: &Way) -> String {
    match way {
        Way::Firewall { route } => format!("{} leads to the firewall.", capital(route)),
        Way::Inside { why } => format!("It never reaches the firewall: {why}."),
        Way::Host { what, .. } => {
            format!("{what}. It follows no route table and never reaches the firewall.")
        }
        Way::Endpoint {
            service,
            policy: true,
        } => format!(
            "It takes the subnet's service endpoint for {service} past the firewall; the service endpoint policy decides which accounts it reaches."
        ),
        Way::Endpoint {
            service,
            policy: false,
        } => format!(
            "It takes the subnet's service endpoint for {service} past the firewall, and no service endpoint policy limits which accounts it reaches."
        ),
        Way::Internet { route, by } => format!(
            "{} leads to the internet, past the firewall, so no rule of the firewall filters it. {}.",
            capital(route),
            capital(by)
        ),
        Way::Gateway { route } => format!(
            "{} leads to the network gateway, past the firewall. What happens behind it is not known here.",
            capital(route)
        ),
        Way::Appliance { route, hop } => format!(
            "{} leads to {hop}, which is not this environment's firewall. Its owner decides what gets through; its rules were not read.",
            capital(route)
        ),
        Way::Nowhere { why } => format!("It leads nowhere: {why}."),
        Way::NotRead { what } => format!("Where it is routed is not known: {what}."),
    }
}

impl Ruling {
    /// Whether the first condition is one that is usually met, and lets the traffic through.
    fn is_likely_allowed(&self) -> bool {
        match &self.outcome {
            Outcome::Maybe { conditions, .. } => conditions
                .first()
                .is_some_and(|first| first.odds == Odds::Likely && first.then == Action::Allow),
            Outcome::Allowed { .. } | Outcome::Denied { .. } => false,
        }
    }

    fn sentences(&self, protocol: Protocol) -> Vec<String> {
        let mut lines: Vec<String> = self
            .unread
            .iter()
            .map(|policy| {
                format!("The rules of the parent policy {policy} were not read. They come first, so what follows holds only if none of them decides.")
            })
            .collect();
        lines.extend(outcome(&self.outcome, protocol));
        for condition in &self.unlikely {
            lines.push(format!(
                "Unlikely, but not known here: if {}, {} before that.",
                condition.when,
                deciding(condition.then, &condition.decision)
            ));
        }
        if self.infrastructure {
            lines.push(
                "Azure's built-in rules for platform images, managed disks and diagnostics let some hosts of this kind through; which ones is not published."
                    .to_owned(),
            );
        }
        lines
    }
}
fn outcome(outcome: &Outcome, protocol: Protocol) -> Vec<String> {
    match outcome {
        Outcome::Allowed { decision } => {
            vec![format!("The firewall allows it by {}.", placed(decision))]
        }
        Outcome::Denied { by, nearest } => {
            let mut lines = vec![match by {
                Some(decision) => format!("The firewall refuses it by {}.", placed(decision)),
                None if protocol.has_name() => {
                    "No rule of the firewall allows it, so it is refused.".to_owned()
                }
                None => format!(
                    "No network rule of the firewall allows it, so it is refused; application rules say nothing about {}.",
                    protocol.word()
                ),
            }];
            lines.extend(nearest.iter().map(near));
            lines
        }
        Outcome::Maybe {
            conditions,
            otherwise,
        } => {
            let mut lines: Vec<String> = conditions.iter().map(condition_words).collect();
            let rest = self::outcome(otherwise, protocol);
            lines.extend(rest.into_iter().enumerate().map(|(index, line)| {
                if index == 0 {
                    format!("Otherwise: {line}")
                } else {
                    line
                }
            }));
            lines
        }
    }
}

fn condition_words(condition: &Condition) -> String {
    format!(
        "If {}, {}.",
        condition.when,
        deciding(condition.then, &condition.decision)
    )
}

fn deciding(action: Action, decision: &Decision) -> String {
    let verb = match action {
        Action::Allow => "allows",
        Action::Deny => "refuses",
    };
    format!("the firewall {verb} it by {}", placed(decision))
}

fn placed(decision: &Decision) -> String {
    let origin = if decision.inherited {
        " of the parent policy"
    } else {
        ""
    };
    let kind = match decision.kind {
        RuleKind::Nat => "DNAT",
        RuleKind::Network => "network",
        RuleKind::Application => "application",
    };
    format!(
        "{kind} rule {} ({}) in collection {}, group {}{origin}",
        decision.rule, decision.by, decision.collection, decision.group
    )
}

fn near(near: &Near) -> String {
    let differences: Vec<String> = near.differences.iter().map(difference).collect();
    format!(
        "Nearest is rule {} in {}: {}.",
        near.decision.rule,
        near.decision.collection,
        differences.join("; ")
    )
}

fn difference(difference: &Difference) -> String {
    match difference {
        Difference::Port { rule } => format!("it is for port {rule}"),
        Difference::Protocol { rule } => format!("it is for {rule}"),
        Difference::BareDomain { rule } => {
            format!("{rule} admits what lies below the domain, not the domain itself")
        }
        Difference::Below { rule } => format!(
            "it names {rule} alone, not what lies below it (*.{})",
            rule.trim_start_matches("*.")
        ),
        Difference::LookAlike { rule } => {
            format!("{rule} only looks like it; it is another domain")
        }
        Difference::OtherHost { rule } => format!("it names {rule}, another host of that domain"),
        Difference::Source { rule } => format!("it is for traffic from {rule}"),
        Difference::TlsInspection { rule } => format!(
            "it has the web address {rule}, which the firewall sees only with TLS inspection"
        ),
        Difference::DecidedBefore => "it would allow it, but the refusal comes first".to_owned(),
    }
}
