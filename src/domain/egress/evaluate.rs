//! The firewall's order: rules that translate addresses, then all network rules by group and collection, then all
//! application rules, then the refusal of everything (<https://learn.microsoft.com/azure/firewall/rule-processing>).
//! The first rule that fits decides.

use super::policy::{RuleCollection, RuleCollectionGroup};
use super::{
    Action, Chance, Condition, Decision, Destination, Facts, FirewallOutcome, FirewallRule, Fit,
    Policy, Protocol, Query, ResolvedQuery, RuleKind, Ruling, fit, may_be_infrastructure, near,
};

/// One rule in its place.
#[derive(Clone, Copy)]
pub(super) struct Placed<'policy> {
    pub(super) group: &'policy RuleCollectionGroup,
    pub(super) collection: &'policy RuleCollection,
    pub(super) rule: &'policy FirewallRule,
    pub(super) kind: RuleKind,
}

impl Placed<'_> {
    pub(super) fn decision(&self, by: String) -> Decision {
        Decision {
            rule: self.rule.name.clone(),
            collection: self.collection.name.clone(),
            group: self.group.name.clone(),
            kind: self.kind,
            by,
            inherited: self.group.inherited,
        }
    }

    fn fit(&self, target: &ResolvedQuery<'_>, known: &Facts) -> Fit {
        match self.kind {
            RuleKind::Nat => fit::translated(self.rule, target, known),
            RuleKind::Network => fit::network(self.rule, target, known),
            RuleKind::Application => fit::application(self.rule, target, known),
        }
    }
}

/// All rules in the firewall's order.
pub(super) fn in_order(policy: &Policy) -> Vec<Placed<'_>> {
    let of_kind = |kind: RuleKind| {
        policy.groups.iter().flat_map(move |group| {
            group.collections.iter().flat_map(move |collection| {
                let rules = collection.rules.iter();
                let of_kind = rules.filter(move |rule| rule.kind() == Some(kind));
                of_kind.map(move |rule| Placed { group, collection, rule, kind })
            })
        })
    };
    [RuleKind::Nat, RuleKind::Network, RuleKind::Application]
        .into_iter()
        .flat_map(of_kind)
        .collect()
}

/// What the firewall does with traffic that reaches it, whatever address a host may have.
pub fn rule_on(policy: &Policy, query: &Query, known: &Facts) -> Ruling {
    ruling(policy, &ResolvedQuery::plain(query), known)
}

/// What the firewall does with traffic that reaches it.
pub(super) fn ruling(policy: &Policy, target: &ResolvedQuery<'_>, known: &Facts) -> Ruling {
    let rules = in_order(policy);
    let mut conditions = Vec::new();
    let mut unlikely = Vec::new();
    let mut decided = None;
    for placed in &rules {
        let then = placed.collection.action();
        match placed.fit(target, known) {
            Fit::Yes(by) => {
                decided = Some((then, placed.decision(by)));
                break;
            }
            Fit::Perhaps(Chance { when, by, odds }) => {
                let list = if odds.counts() { &mut conditions } else { &mut unlikely };
                list.push(Condition { when, then, odds, decision: placed.decision(by) });
            }
            Fit::No => {}
        }
    }
    let action = decided.as_ref().map_or(Action::Deny, |(action, _)| *action);
    let end = match decided {
        Some((Action::Allow, decision)) => FirewallOutcome::Allowed { decision },
        Some((Action::Deny, decision)) => FirewallOutcome::Denied {
            nearest: near::nearest(&rules, target, known, Some(&decision)),
            by: Some(decision),
        },
        None => FirewallOutcome::Denied {
            by: None,
            nearest: near::nearest(&rules, target, known, None),
        },
    };
    // What may decide earlier matters only where it decides otherwise.
    unlikely.retain(|condition: &Condition| condition.then != action);
    let infrastructure =
        matches!(end, FirewallOutcome::Denied { by: None, .. }) && may_be_built_in(target.query);
    let outcome = if conditions.iter().any(|condition| condition.then != action) {
        FirewallOutcome::Maybe { conditions, otherwise: Box::new(end) }
    } else {
        end
    };
    Ruling { outcome, unlikely, infrastructure, unread: policy.unread.clone() }
}

fn may_be_built_in(query: &Query) -> bool {
    match (&query.destination, query.protocol) {
        (Destination::Host(host), Protocol::Http | Protocol::Https) => may_be_infrastructure(host),
        _ => false,
    }
}
