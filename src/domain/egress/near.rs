//! What is nearest to a refusal: rules that would allow the traffic but for one or two differences, and which.
//!
//! It is advice for the person who asks; it decides nothing.

use serde::Serialize;

use super::evaluate::Placed;
use super::pattern::{self, Beside};
use super::{
    Action, Chance, Decision, Destination, Facts, FirewallRule, Fit, Odds, Query, ResolvedQuery,
    RuleKind, fit,
};

/// Most rules that are named.
const MOST: usize = 3;
/// A rule farther away than this is not near.
const FARTHEST: u32 = 3;

/// One difference between a rule and the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "differs", rename_all = "kebab-case")]
pub enum RuleDifference {
    /// The rule has other ports.
    Port { rule: String },
    /// The rule has another protocol.
    Protocol { rule: String },
    /// The rule is `*.domain`, which leaves out the domain itself.
    BareDomain { rule: String },
    /// The rule names a host, and the one asked about lies below it.
    Below { rule: String },
    /// The rule's name ends the same, but it is another domain.
    LookAlike { rule: String },
    /// The rule names another host of the same domain.
    OtherHost { rule: String },
    /// The rule is for traffic from elsewhere.
    /// The rule is for traffic from elsewhere: from where.
    Source { rule: String },
    /// The rule has a web address, which needs TLS inspection.
    TlsInspection { rule: String },
    /// The rule fits, but another one decides before it.
    DecidedBefore,
}

impl RuleDifference {
    fn weight(&self) -> u32 {
        match self {
            Self::DecidedBefore => 0,
            Self::Port { .. } | Self::Protocol { .. } | Self::BareDomain { .. } => 1,
            Self::Below { .. } | Self::Source { .. } | Self::TlsInspection { .. } => 2,
            Self::OtherHost { .. } | Self::LookAlike { .. } => 3,
        }
    }
}

/// A rule that would almost allow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Near {
    /// The rule.
    #[serde(flatten)]
    pub decision: Decision,
    /// What differs.
    pub differences: Vec<RuleDifference>,
}

/// The rules that are nearest to allowing what is refused, nearest first.
pub(super) fn nearest(
    rules: &[Placed<'_>],
    target: &ResolvedQuery<'_>,
    known: &Facts,
    refused_by: Option<&Decision>,
) -> Vec<Near> {
    let mut found: Vec<(u32, Near)> = rules
        .iter()
        .filter(|placed| placed.collection.action() == Action::Allow)
        .filter_map(|placed| near(placed, target, known, refused_by.is_some()))
        .filter(|(weight, _)| *weight <= FARTHEST)
        .collect();
    found.sort_by_key(|(weight, _)| *weight);
    found.truncate(MOST);
    found.into_iter().map(|(_, near)| near).collect()
}

fn near(
    placed: &Placed<'_>,
    target: &ResolvedQuery<'_>,
    known: &Facts,
    refused: bool,
) -> Option<(u32, Near)> {
    let (rule, query) = (placed.rule, target.query);
    let ((by, other), nsg) = match placed.kind {
        RuleKind::Nat => return None,
        RuleKind::Network => (network_target(rule, target, known)?, network_gate(rule, query)),
        RuleKind::Application => (application_target(rule, query)?, application_gate(rule, query)),
    };
    if nsg.len() > 1 {
        return None;
    }
    let mut differences: Vec<RuleDifference> = other.into_iter().chain(nsg).collect();
    if fit::source(rule, known) == Fit::No {
        let rule = rule.source_addresses.join(", ");
        differences.push(RuleDifference::Source { rule });
    }
    if differences.is_empty() {
        if !refused {
            return None;
        }
        differences.push(RuleDifference::DecidedBefore);
    }
    let weight = differences.iter().map(RuleDifference::weight).sum();
    let decision = placed.decision(by);
    Some((weight, Near { decision, differences }))
}

/// The destination of a network rule, where it is the one asked about.
fn network_target(
    rule: &FirewallRule,
    target: &ResolvedQuery<'_>,
    known: &Facts,
) -> Option<(String, Option<RuleDifference>)> {
    match fit::network_destination(rule, target, known) {
        Fit::Yes(by) | Fit::Perhaps(Chance { by, odds: Odds::Likely, .. }) => Some((by, None)),
        _ => None,
    }
}

fn network_gate(rule: &FirewallRule, query: &Query) -> Vec<RuleDifference> {
    let mut differences = Vec::new();
    if !fit::transport(rule, query) {
        let rule = rule.ip_protocols.join(", ");
        differences.push(RuleDifference::Protocol { rule });
    }
    if !fit::network_port(rule, query) {
        let rule = rule.destination_ports.join(", ");
        differences.push(RuleDifference::Port { rule });
    }
    differences
}

/// The name of an application rule, where it is the one asked about or lies beside it.
fn application_target(
    rule: &FirewallRule,
    query: &Query,
) -> Option<(String, Option<RuleDifference>)> {
    match fit::application_target(rule, query) {
        Fit::Yes(by) | Fit::Perhaps(Chance { by, odds: Odds::Likely | Odds::Open, .. }) => {
            return Some((by, None));
        }
        _ => {}
    }
    let Destination::Host(host) = &query.destination else { return None };
    let hides = |wanted: &&String| pattern::fits(pattern::host_of_address(wanted), host);
    if let Some(wanted) = rule.target_urls.iter().find(hides) {
        let difference = RuleDifference::TlsInspection { rule: wanted.clone() };
        return Some((wanted.clone(), Some(difference)));
    }
    rule.target_fqdns
        .iter()
        .filter_map(|wanted| {
            let rule = wanted.clone();
            let difference = match pattern::beside(wanted, host)? {
                Beside::BareDomain => RuleDifference::BareDomain { rule },
                Beside::Below => RuleDifference::Below { rule },
                Beside::LookAlike => RuleDifference::LookAlike { rule },
                Beside::Sibling => RuleDifference::OtherHost { rule },
            };
            Some((wanted.clone(), Some(difference)))
        })
        .min_by_key(|(_, difference)| difference.as_ref().map_or(0, RuleDifference::weight))
}

fn application_gate(rule: &FirewallRule, query: &Query) -> Vec<RuleDifference> {
    if fit::application_port(rule, query) && query.protocol.has_name() {
        return Vec::new();
    }
    let protocols = || rule.protocols.iter().map(|each| each.protocol_type.to_ascii_lowercase());
    let ports = rule.protocols.iter().map(|each| each.port);
    let written: Vec<String> =
        protocols().zip(ports).map(|(protocol, port)| format!("{protocol}:{port}")).collect();
    let rule = written.join(", ");
    let same_protocol = protocols().any(|each| each == query.protocol.word());
    vec![if same_protocol {
        RuleDifference::Port { rule }
    } else {
        RuleDifference::Protocol { rule }
    }]
}
