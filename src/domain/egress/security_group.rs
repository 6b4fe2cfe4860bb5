//! The security group of the shared subnet: its outbound rules by number, Azure's default rules last
//! (<https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview>).
//!
//! It only judges; where traffic goes that it lets out is the route's business.

use std::net::Ipv4Addr;

use serde::Serialize;
use serde_json::Value;

use super::{
    Action, Chance, Facts, Fit, Hop, NetworkControls, Odds, Platform, Prefix, ResolvedQuery, fit,
    in_ports, is_private,
};
use crate::domain::json::{items, one_or_many, text};

/// What the security group does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum NsgDecision {
    /// It was not read, so nothing is said about it.
    NotRead { why: String },
    /// The subnet has none.
    Absent,
    /// A platform address, which security groups hold only by a tag, and no rule has that tag; `None` where there is no
    /// tag for it.
    Exempt { tag: Option<&'static str> },
    /// It lets the traffic out of the subnet.
    Allowed { rule: String },
    /// It refuses.
    Denied { rule: String },
    /// It depends on what only Azure knows.
    /// It depends on what only Azure knows: rules that decide if something is so, in their order, and the rule that
    /// decides otherwise, with what it does then.
    Maybe { conditions: Vec<NsgCondition>, otherwise: String, then: Action },
}

/// A security rule that decides if something is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NsgCondition {
    /// The rule.
    pub rule: String,
    /// What would have to be so.
    #[serde(rename = "if")]
    pub when: String,
    /// What the rule then does.
    pub then: Action,
}

/// The rules of the subnet's security group, as far as they were read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SecurityRules {
    NotRead(String),
    Absent,
    Read(Vec<SecurityRule>),
}

impl Default for SecurityRules {
    fn default() -> Self {
        Self::NotRead("it was not asked for".to_owned())
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct SecurityRule {
    name: String,
    priority: i64,
    action: Action,
    protocol: String,
    sources: Vec<String>,
    source_ports: Vec<String>,
    destinations: Vec<String>,
    ports: Vec<String>,
    /// It names application security groups, whose members are not read.
    by_members: (bool, bool),
}

/// The tags that mean other addresses in every network.
const VIRTUAL_NETWORK: &str = "VirtualNetwork";
const INTERNET: &str = "Internet";

impl NetworkControls {
    /// Adds the rules of a `Microsoft.Network/networkSecurityGroups`, Azure's default rules included.
    pub fn with_security_group(mut self, body: &Value) -> Self {
        let own = items(body, "/properties/securityRules").iter();
        let listed = own.chain(items(body, "/properties/defaultSecurityRules"));
        let mut rules: Vec<SecurityRule> = listed.filter_map(security_rule).collect();
        for default in defaults() {
            if !rules.iter().any(|rule| rule.name == default.name) {
                rules.push(default);
            }
        }
        rules.sort_by_key(|rule| rule.priority);
        self.nsg = SecurityRules::Read(rules);
        self
    }

    /// Says that the subnet has no security group, or with a reason that it was not read.
    pub fn without_security_group(mut self, unread: Option<&str>) -> Self {
        self.nsg = match unread {
            Some(why) => SecurityRules::NotRead(why.to_owned()),
            None => SecurityRules::Absent,
        };
        self
    }

    /// What the security group does.
    pub(super) fn nsg(&self, target: &ResolvedQuery<'_>, known: &Facts) -> NsgDecision {
        let platform = target.address.and_then(Platform::of);
        let rules = match &self.nsg {
            _ if platform.is_some_and(|each| each.tag.is_none()) => {
                return NsgDecision::Exempt { tag: None };
            }
            SecurityRules::NotRead(why) => return NsgDecision::NotRead { why: why.clone() },
            SecurityRules::Absent => return NsgDecision::Absent,
            SecurityRules::Read(rules) => rules,
        };
        let mut conditions: Vec<NsgCondition> = Vec::new();
        let mut end = None;
        for rule in rules {
            match self.fit(rule, target, known, platform) {
                Fit::Yes(_) => {
                    end = Some((rule.name.clone(), rule.action));
                    break;
                }
                Fit::Perhaps(Chance { when, odds, .. }) if odds.counts() => {
                    let (rule, then) = (rule.name.clone(), rule.action);
                    conditions.push(NsgCondition { rule, when, then });
                }
                _ => {}
            }
        }
        let (name, action) = match (end, platform) {
            (Some(end), _) => end,
            (None, Some(platform)) if conditions.is_empty() => {
                return NsgDecision::Exempt { tag: platform.tag };
            }
            (None, Some(_)) => {
                ("that Azure creates for its own addresses".to_owned(), Action::Allow)
            }
            (None, None) => (DENY_ALL.to_owned(), Action::Deny),
        };
        if conditions.iter().any(|condition| condition.then != action) {
            return NsgDecision::Maybe { conditions, otherwise: name, then: action };
        }
        match action {
            Action::Allow => NsgDecision::Allowed { rule: name },
            Action::Deny => NsgDecision::Denied { rule: name },
        }
    }

    fn fit(
        &self,
        rule: &SecurityRule,
        target: &ResolvedQuery<'_>,
        known: &Facts,
        platform: Option<&Platform>,
    ) -> Fit {
        let query = target.query;
        let wanted = query.protocol.transport();
        let protocol = rule.protocol == "*" || rule.protocol.eq_ignore_ascii_case(wanted);
        let port = wanted == "ICMP" || rule.ports.iter().any(|each| in_ports(each, query.port));
        if !protocol || !port {
            return Fit::No;
        }
        let holds = |entry: &String| match platform {
            Some(platform) => match platform.tag {
                Some(tag) if entry.eq_ignore_ascii_case(tag) => Fit::Yes(entry.clone()),
                _ => Fit::No,
            },
            None => self.holds(entry, target, known),
        };
        let entries = rule.destinations.iter().map(holds);
        let inside = target.address.is_some_and(|address| self.is_inside(address));
        let members = (rule.by_members.1 && inside).then(|| members("the destination"));
        fit::best(entries.chain(members)).and(is_from(rule, known))
    }

    /// Whether an entry of a rule holds the destination.
    fn holds(&self, entry: &str, target: &ResolvedQuery<'_>, known: &Facts) -> Fit {
        let Some(address) = target.address else { return fit::destination(entry, target, known) };
        let network = entry.eq_ignore_ascii_case(VIRTUAL_NETWORK);
        if !network && !entry.eq_ignore_ascii_case(INTERNET) {
            return fit::destination(entry, target, known);
        }
        let yes = || Fit::Yes(entry.to_owned());
        match (self.is_inside(address) || self.is_behind_gateway(address), network) {
            (true, true) => yes(),
            (false, false) if !is_private(address) => yes(),
            // "Address prefixes used on user-defined routes. This tag might also contain default routes"
            // (https://learn.microsoft.com/azure/virtual-network/service-tags-overview).
            (false, true) if self.is_in_table(address) => {
                let when = format!(
                    "Azure counts {} as {VIRTUAL_NETWORK} because of a prefix in the route table",
                    target.query.destination
                );
                Fit::perhaps(Odds::Open, when, entry)
            }
            _ => Fit::No,
        }
    }

    fn is_behind_gateway(&self, address: Ipv4Addr) -> bool {
        let mut ranges = self.learned.ranges.iter();
        ranges.any(|(range, _)| range.contains(address))
    }

    /// Whether the route table leads an address to an appliance, a gateway or the network.
    fn is_in_table(&self, address: Ipv4Addr) -> bool {
        let mut routes = self.table.iter().flat_map(|table| &table.routes);
        routes.any(|route| {
            matches!(route.prefix, Prefix::Range(range) if range.contains(address))
                && matches!(route.hop, Hop::Appliance(_) | Hop::Gateway | Hop::Local)
        })
    }

    /// Ranges that the rules tell apart.
    pub(super) fn gate_edges(&self) -> impl Iterator<Item = (u32, u32)> {
        let rules = match &self.nsg {
            SecurityRules::Read(rules) => rules.as_slice(),
            SecurityRules::NotRead(_) | SecurityRules::Absent => &[],
        };
        let entries = rules.iter().flat_map(|rule| &rule.destinations);
        entries.filter_map(|entry| fit::span(entry))
    }
}

fn members(what: &str) -> Fit {
    let group = "application security group";
    let when = format!("{what} is a member of the rule's {group}, which was not read");
    Fit::perhaps(Odds::Open, when, group)
}

/// Whether a rule is for traffic from the shared subnet.
fn is_from(rule: &SecurityRule, known: &Facts) -> Fit {
    let entries = rule.sources.iter().map(|entry| {
        if entry == "*" || entry.eq_ignore_ascii_case(VIRTUAL_NETWORK) {
            Fit::Yes(entry.clone())
        } else {
            fit::source_entry(entry, known.source)
        }
    });
    let members = rule.by_members.0.then(|| members("the machine"));
    let from = fit::best(entries.chain(members));
    let any_port =
        rule.source_ports.iter().any(|ports| matches!(ports.trim(), "*" | "0-65535" | "1-65535"));
    if any_port || rule.source_ports.is_empty() {
        return from;
    }
    let ports = rule.source_ports.join(", ");
    let when = format!("the machine sends from port {ports}");
    from.and(Fit::perhaps(Odds::Open, when, ports))
}

const DENY_ALL: &str = "DenyAllOutBound";

/// The outbound rules that every security group ends with.
fn defaults() -> impl Iterator<Item = SecurityRule> {
    [
        ("AllowVnetOutBound", 65_000, Action::Allow, VIRTUAL_NETWORK, VIRTUAL_NETWORK),
        ("AllowInternetOutBound", 65_001, Action::Allow, "*", INTERNET),
        (DENY_ALL, 65_500, Action::Deny, "*", "*"),
    ]
    .into_iter()
    .map(|(name, priority, action, source, destination)| SecurityRule {
        name: name.to_owned(),
        priority,
        action,
        protocol: "*".to_owned(),
        sources: vec![source.to_owned()],
        source_ports: Vec::new(),
        destinations: vec![destination.to_owned()],
        ports: vec!["*".to_owned()],
        by_members: (false, false),
    })
}

fn security_rule(item: &Value) -> Option<SecurityRule> {
    let properties = item.get("properties")?;
    if !text(properties, "/direction").eq_ignore_ascii_case("Outbound") {
        return None;
    }
    let both = |one: &str, many: &str| -> Vec<String> {
        one_or_many(properties, one, many).into_iter().map(str::to_owned).collect()
    };
    let any = |list: &str| !items(properties, list).is_empty();
    let allows = text(properties, "/access").eq_ignore_ascii_case("Allow");
    Some(SecurityRule {
        name: item.get("name")?.as_str()?.to_owned(),
        priority: properties.get("priority")?.as_i64()?,
        action: if allows { Action::Allow } else { Action::Deny },
        protocol: text(properties, "/protocol").to_owned(),
        sources: both("/sourceAddressPrefix", "/sourceAddressPrefixes"),
        source_ports: both("/sourcePortRange", "/sourcePortRanges"),
        destinations: both("/destinationAddressPrefix", "/destinationAddressPrefixes"),
        ports: both("/destinationPortRange", "/destinationPortRanges"),
        by_members: (
            any("/sourceApplicationSecurityGroups"),
            any("/destinationApplicationSecurityGroups"),
        ),
    })
}
