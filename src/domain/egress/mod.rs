//! Whether something inside may reach something outside: the way of a packet as Azure leads it, and the firewall's real
//! policy, evaluated in Azure's own order.
//!
//! Platform addresses first, which follow no table; then the longest prefix of all routes; then the security group;
//! then, for what the route leads there, the firewall: network rules before application rules whatever their
//! priorities, rules of a parent policy before those of its child, lower numbers before higher ones, and what no rule
//! allows is refused (<https://learn.microsoft.com/azure/firewall/rule-processing>). Where Azure alone knows
//! (addresses behind a name or a tag), or something was not read, the answer says so; this module must not guess, and
//! must not ask anybody.

pub mod amend;
mod cases;
mod endpoint;
mod evaluate;
mod fit;
mod known;
pub mod log;
mod near;
mod network_controls;
mod next_hop;
mod pattern;
mod platform;
mod policy;
mod query;
mod route;
mod security_group;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use ipnetwork::Ipv4Network;
use serde::{Deserialize, Serialize};

pub use cases::{ConditionalVerdict, PathVerdict};
pub use evaluate::rule_on;
pub use fit::in_ports;
use fit::{Chance, Fit};
pub use known::{ServiceTags, may_be_infrastructure};
pub use near::{Near, RuleDifference};
pub use network_controls::NetworkControls;
use next_hop::Path;
pub use next_hop::{Learned, NextHop};
use platform::{Platform, is_private};
use policy::FirewallRule;
pub use policy::{Action, Policy};
use query::ResolvedQuery;
pub use query::{Destination, Protocol, Query};
use route::{Hop, Prefix};
pub use security_group::{NsgCondition, NsgDecision};

/// What is known beside the policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Where the traffic comes from: the shared subnet.
    pub source: Ipv4Network,
    /// Addresses of IP groups, by resource id in lower case; groups that are missing could not be read.
    pub ip_groups: BTreeMap<String, Vec<String>>,
    /// Azure's list of the addresses behind service tags, where it was read.
    pub service_tags: Option<ServiceTags>,
}

impl Facts {
    /// Only the source is known.
    pub fn from(source: Ipv4Network) -> Self {
        Self { source, ip_groups: BTreeMap::new(), service_tags: None }
    }
}

/// The kind of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// Translates what is addressed to the firewall itself (DNAT).
    Nat,
    /// By address and port.
    Network,
    /// By host name.
    Application,
}

/// The rule that decides, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The rule.
    pub rule: String,
    /// Its collection.
    pub collection: String,
    /// The collection's group.
    pub group: String,
    /// What kind of rule it is.
    pub kind: RuleKind,
    /// The part of the rule that fits: a pattern, a range, a tag.
    pub by: String,
    /// True for a rule of the parent policy.
    pub inherited: bool,
}

/// What speaks for a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Odds {
    /// Nothing; it would be a surprise.
    Unlikely,
    /// Another name would have to have the same address, as names on a content network do.
    Shared,
    /// Nothing speaks for it or against it.
    Open,
    /// The documents say so, or it is usual.
    Likely,
}

impl Odds {
    /// Whether a verdict must leave it open.
    fn counts(self) -> bool {
        self > Self::Unlikely
    }
}

/// A rule that decides if something is so that only Azure knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// What would have to be so.
    #[serde(rename = "if")]
    pub when: String,
    /// What the rule then does.
    pub then: Action,
    /// What speaks for it.
    pub odds: Odds,
    /// The rule.
    pub decision: Decision,
}

/// What the firewall does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum FirewallOutcome {
    /// It lets the traffic through.
    Allowed { decision: Decision },
    /// It refuses.
    /// It refuses by a rule, or because no rule allows it (`None`); with rules that would almost allow it, nearest first.
    Denied { by: Option<Decision>, nearest: Vec<Near> },
    /// It depends on what only Azure knows.
    /// It depends on what only Azure knows: rules that may decide, in the firewall's order, and what happens when none
    /// of them does.
    Maybe { conditions: Vec<Condition>, otherwise: Box<FirewallOutcome> },
}

/// What the firewall does, and what may change that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// What it does.
    #[serde(flatten)]
    pub outcome: FirewallOutcome,
    /// Rules before the deciding one that would decide otherwise in an unlikely case.
    pub unlikely: Vec<Condition>,
    /// True where Azure's built-in rules for platform names may let it through though no rule does. Their list is not
    /// published (<https://learn.microsoft.com/azure/firewall/infrastructure-fqdns>).
    pub infrastructure: bool,
    /// Parent policies whose rules could not be read, each with the reason; with any, what it does is not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EgressAnswer {
    /// It gets through the firewall.
    Allowed,
    /// It does not get out.
    Denied,
    /// It depends on what only Azure knows, or on what was not read.
    Maybe,
    /// It stays inside the private network and is never asked about at the firewall.
    Inside,
    /// It ends on the Azure host or in the machine itself, whatever any table says.
    Host,
    /// Its route leads past the firewall, so no rule of the firewall filters it.
    Unfiltered,
    /// Its route leads to the network gateway; what lies behind decides.
    Gateway,
}

/// The whole verdict: security group, route and firewall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EgressVerdict {
    /// What was asked.
    pub query: Query,
    /// What holds unless one of the cases does.
    #[serde(flatten)]
    pub part: PathVerdict,
    /// Cases in which the answer is another one.
    pub cases: Vec<ConditionalVerdict>,
    /// What else bears on it.
    pub notes: Vec<String>,
}

/// Judges a question by controls and policy.
pub fn judge(
    query: &Query,
    policy: &Policy,
    known: &Facts,
    controls: &NetworkControls,
) -> EgressVerdict {
    let (part, cases) = cases::judge(query, policy, known, controls);
    let mut notes = Vec::new();
    if let Some(ruling) = &part.firewall {
        notes.extend(policy.notes(matches!(ruling.outcome, FirewallOutcome::Denied { .. })));
    }
    notes.extend(controls.notes(query, &part));
    notes.extend(query.note());
    EgressVerdict { query: query.clone(), part, cases, notes }
}

impl Ruling {
    /// What the firewall answers.
    fn answer(&self) -> EgressAnswer {
        match &self.outcome {
            _ if !self.unread.is_empty() => EgressAnswer::Maybe,
            FirewallOutcome::Allowed { .. } => EgressAnswer::Allowed,
            FirewallOutcome::Denied { .. } => EgressAnswer::Denied,
            FirewallOutcome::Maybe { .. } => EgressAnswer::Maybe,
        }
    }
}

impl EgressVerdict {
    /// The answer in one word.
    pub fn answer(&self) -> EgressAnswer {
        if self.cases.is_empty() { self.part.answer() } else { EgressAnswer::Maybe }
    }
}
