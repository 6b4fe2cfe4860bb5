//! What the firewall's rules say of it, in words: the rule that decides, the conditions, what is nearest.

use crate::domain::egress::{
    Action, Condition, Decision, FirewallOutcome, Near, Odds, Protocol, RuleDifference, RuleKind,
    Ruling,
};

impl Ruling {
    /// Whether the first condition is one that is usually met, and lets the traffic through.
    pub(super) fn is_likely_allowed(&self) -> bool {
        match &self.outcome {
            FirewallOutcome::Maybe { conditions, .. } => conditions
                .first()
                .is_some_and(|first| first.odds == Odds::Likely && first.then == Action::Allow),
            FirewallOutcome::Allowed { .. } | FirewallOutcome::Denied { .. } => false,
        }
    }

    pub(super) fn sentences(&self, protocol: Protocol) -> Vec<String> {
        let mut lines: Vec<String> = self
            .unread
            .iter()
            .map(|policy| {
                format!("The rules of the parent policy {policy} were not read. They come first, so what \
                    follows holds only if none of them decides.")
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
                "Azure's built-in rules for platform images, managed disks and diagnostics let some hosts \
                 of this kind through; which ones is not published."
                    .to_owned(),
            );
        }
        lines
    }
}

fn outcome(outcome: &FirewallOutcome, protocol: Protocol) -> Vec<String> {
    match outcome {
        FirewallOutcome::Allowed { decision } => {
            vec![format!("The firewall allows it by {}.", placed(decision))]
        }
        FirewallOutcome::Denied { by, nearest } => {
            let mut lines = vec![match by {
                Some(decision) => format!("The firewall refuses it by {}.", placed(decision)),
                None if protocol.has_name() => {
                    "No rule of the firewall allows it, so it is refused.".to_owned()
                }
                None => format!(
                    "No network rule of the firewall allows it, so it is refused; application rules say \
                     nothing about {}.",
                    protocol.word()
                ),
            }];
            lines.extend(nearest.iter().map(near));
            lines
        }
        FirewallOutcome::Maybe { conditions, otherwise } => {
            let mut lines: Vec<String> = conditions.iter().map(condition_words).collect();
            let rest = self::outcome(otherwise, protocol);
            lines.extend(
                rest.into_iter().enumerate().map(|(index, line)| {
                    if index == 0 { format!("Otherwise: {line}") } else { line }
                }),
            );
            lines
        }
    }
}

fn condition_words(condition: &Condition) -> String {
    format!("If {}, {}.", condition.when, deciding(condition.then, &condition.decision))
}

fn deciding(action: Action, decision: &Decision) -> String {
    let verb = match action {
        Action::Allow => "allows",
        Action::Deny => "refuses",
    };
    format!("the firewall {verb} it by {}", placed(decision))
}

fn placed(decision: &Decision) -> String {
    let origin = if decision.inherited { " of the parent policy" } else { "" };
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

fn difference(difference: &RuleDifference) -> String {
    match difference {
        RuleDifference::Port { rule } => format!("it is for port {rule}"),
        RuleDifference::Protocol { rule } => format!("it is for {rule}"),
        RuleDifference::BareDomain { rule } => {
            format!("{rule} admits what lies below the domain, not the domain itself")
        }
        RuleDifference::Below { rule } => format!(
            "it names {rule} alone, not what lies below it (*.{})",
            rule.trim_start_matches("*.")
        ),
        RuleDifference::LookAlike { rule } => {
            format!("{rule} only looks like it; it is another domain")
        }
        RuleDifference::OtherHost { rule } => {
            format!("it names {rule}, another host of that domain")
        }
        RuleDifference::Source { rule } => format!("it is for traffic from {rule}"),
        RuleDifference::TlsInspection { rule } => format!(
            "it has the web address {rule}, which the firewall sees only with TLS inspection"
        ),
        RuleDifference::DecidedBefore => {
            "it would allow it, but the refusal comes first".to_owned()
        }
    }
}
