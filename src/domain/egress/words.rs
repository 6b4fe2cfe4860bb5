//! A verdict in words: whether it gets through, by which rule, or what is nearest and what to change.
//!
//! Sentences only; where they are shown is not this module's business.

use super::{
    Action, Answer, Condition, Decision, Difference, Gate, Near, Outcome, Protocol, Ruling,
    Verdict, Way,
};

impl Verdict {
    /// The answer in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        let place = format!("{} ({})", self.query.place(), self.query.protocol.word());
        match self.answer() {
            Answer::Allowed => format!("{place} gets through."),
            Answer::Denied => format!("{place} does not get through."),
            Answer::Maybe => {
                format!("{place} may get through: it depends on what only Azure knows.")
            }
            Answer::Inside => format!("{place} stays inside the private network."),
        }
    }

    /// Why, and what to change.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match &self.gate {
            Gate::Denied { rule } => lines.push(format!(
                "The security group of the shared subnet refuses it by its rule {rule}, before any route or firewall."
            )),
            Gate::Maybe {
                rule,
                when,
                otherwise,
            } => lines.push(format!(
                "The security group lets it out by its rule {rule} if {when}; otherwise its rule {otherwise} refuses it."
            )),
            Gate::Allowed { .. } | Gate::NotRead => {}
        }
        match &self.way {
            Way::Firewall => {}
            Way::Inside { why } => {
                lines.push(format!("It never reaches the firewall: {why}."));
            }
            Way::Endpoint { service } => lines.push(format!(
                "It takes the subnet's service endpoint for {service} past the firewall; the service endpoint policy decides which accounts it reaches."
            )),
            Way::Past { hop } => lines.push(format!(
                "It does not pass the firewall: the route leads to {hop}. Nobody filters it by name there."
            )),
            Way::Nowhere { why } => lines.push(format!("It leads nowhere: {why}.")),
        }
        if let Some(ruling) = &self.firewall {
            lines.extend(ruling.sentences(self.query.protocol));
        }
        lines.extend(self.notes.iter().cloned());
        lines
    }
}

impl Ruling {
    fn sentences(&self, protocol: Protocol) -> Vec<String> {
        let mut lines = outcome(&self.outcome, protocol);
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
        super::RuleKind::Network => "network",
        super::RuleKind::Application => "application",
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
