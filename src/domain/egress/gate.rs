//! The security group of the shared subnet: its outbound rules by number, Azure's default rules last
//! (<https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview>).
//!
//! It only judges; where traffic goes that it lets out is the route's business.

use serde::Serialize;
use serde_json::Value;

use super::{
    Destination, Known, Query, Walls,
    fit::{self, Fit, in_ports},
};

/// What the security group does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Gate {
    /// It was not read, so nothing is said about it.
    NotRead,
    /// It lets the traffic out of the subnet.
    Allowed {
        /// By this rule.
        rule: String,
    },
    /// It refuses.
    Denied {
        /// By this rule.
        rule: String,
    },
    /// It depends on what only Azure knows.
    Maybe {
        /// The rule that allows it.
        rule: String,
        /// If this is so.
        #[serde(rename = "if")]
        when: String,
        /// The rule that refuses otherwise.
        otherwise: String,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct SecurityRule {
    name: String,
    priority: i64,
    allows: bool,
    protocol: String,
    sources: Vec<String>,
    destinations: Vec<String>,
    ports: Vec<String>,
}

impl Walls {
    /// Adds the rules of a `Microsoft.Network/networkSecurityGroups`, Azure's default rules included.
    #[must_use]
    pub fn with_security_group(mut self, body: &Value) -> Self {
        let mut rules: Vec<SecurityRule> = ["securityRules", "defaultSecurityRules"]
            .iter()
            .filter_map(|list| body.pointer(&format!("/properties/{list}"))?.as_array())
            .flatten()
            .filter_map(security_rule)
            .collect();
        for (name, priority, allows, destination) in DEFAULTS {
            if !rules.iter().any(|rule| rule.name == name) {
                rules.push(SecurityRule {
                    name: name.to_owned(),
                    priority,
                    allows,
                    protocol: "*".to_owned(),
                    sources: vec![
                        if destination == "VirtualNetwork" {
                            destination
                        } else {
                            "*"
                        }
                        .to_owned(),
                    ],
                    destinations: vec![destination.to_owned()],
                    ports: vec!["*".to_owned()],
                });
            }
        }
        rules.sort_by_key(|rule| rule.priority);
        self.gate = Some(rules);
        self
    }

    /// What the security group does.
    pub(super) fn gate(&self, query: &Query, known: &Known) -> Gate {
        let Some(rules) = &self.gate else {
            return Gate::NotRead;
        };
        let mut perhaps: Option<(&str, String)> = None;
        for rule in rules {
            let wanted = query.protocol.transport();
            let protocol = rule.protocol == "*" || rule.protocol.eq_ignore_ascii_case(wanted);
            let port = rule.ports.iter().any(|ports| in_ports(ports, query.port));
            if !protocol || !port || !is_from(rule, known) {
                continue;
            }
            let fits = rule
                .destinations
                .iter()
                .map(|entry| self.holds(entry, query, known))
                .fold(Fit::No, Fit::or);
            let rule_name = rule.name.clone();
            match (fits, rule.allows, perhaps.take()) {
                (Fit::Yes(_), true, _) => return Gate::Allowed { rule: rule_name },
                (Fit::Yes(_), false, None) => return Gate::Denied { rule: rule_name },
                (Fit::Yes(_), false, Some((rule, when))) => {
                    return Gate::Maybe {
                        rule: rule.to_owned(),
                        when,
                        otherwise: rule_name,
                    };
                }
                (
                    Fit::Perhaps {
                        when, likely: true, ..
                    },
                    true,
                    None,
                ) => perhaps = Some((&rule.name, when)),
                (_, _, before) => perhaps = before,
            }
        }
        Gate::Denied {
            rule: "DenyAllOutBound".to_owned(),
        }
    }

    fn holds(&self, entry: &str, query: &Query, known: &Known) -> Fit {
        let inside = self.is_inside(query);
        if entry.eq_ignore_ascii_case("VirtualNetwork") {
            return if inside {
                Fit::Yes(entry.to_owned())
            } else {
                Fit::No
            };
        }
        if entry.eq_ignore_ascii_case("Internet") {
            return if inside {
                Fit::No
            } else {
                Fit::Yes(entry.to_owned())
            };
        }
        if inside && matches!(query.destination, Destination::Host(_)) && entry != "*" {
            // The address of an endpoint inside is in the shared subnet.
            let shared = Destination::Address(known.source.ip());
            return fit::destination(entry, &shared, known);
        }
        fit::destination(entry, &query.destination, known)
    }
}

/// Whether a rule is for traffic from the shared subnet.
fn is_from(rule: &SecurityRule, known: &Known) -> bool {
    rule.sources.iter().any(|entry| {
        entry == "*"
            || entry.eq_ignore_ascii_case("VirtualNetwork")
            || fit::span(entry).is_some_and(|(first, last)| {
                first <= u32::from(known.source.network())
                    && u32::from(known.source.broadcast()) <= last
            })
    })
}

/// The rules that every security group ends with: name, priority, whether it allows, destination.
const DEFAULTS: [(&str, i64, bool, &str); 3] = [
    ("AllowVnetOutBound", 65_000, true, "VirtualNetwork"),
    ("AllowInternetOutBound", 65_001, true, "Internet"),
    ("DenyAllOutBound", 65_500, false, "*"),
];

fn security_rule(item: &Value) -> Option<SecurityRule> {
    let properties = item.get("properties")?;
    let text = |name: &str| properties.get(name).and_then(Value::as_str).unwrap_or("");
    if !text("direction").eq_ignore_ascii_case("Outbound") {
        return None;
    }
    let both = |one: &str, many: &str| -> Vec<String> {
        let listed = properties.get(many).and_then(Value::as_array);
        listed
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .chain(Some(text(one)).filter(|single| !single.is_empty()))
            .map(str::to_owned)
            .collect()
    };
    Some(SecurityRule {
        name: item.get("name")?.as_str()?.to_owned(),
        priority: properties.get("priority")?.as_i64()?,
        allows: text("access").eq_ignore_ascii_case("Allow"),
        protocol: text("protocol").to_owned(),
        sources: both("sourceAddressPrefix", "sourceAddressPrefixes"),
        destinations: both("destinationAddressPrefix", "destinationAddressPrefixes"),
        ports: both("destinationPortRange", "destinationPortRanges"),
    })
}
