//! The firewall's rules as Azure Resource Manager returns them, put in the order in which the firewall evaluates them.
//!
//! This module must not decide anything about a question.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fit::span;
use super::{Facts, RuleKind};
use crate::domain::json::{items, text, told};
use crate::domain::problem::{Problem, Result};

/// What a collection does with what fits its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Lets it through.
    Allow,
    /// Refuses it.
    Deny,
}

/// The policy of a firewall with all its rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// `Off`, `Alert` or `Deny`.
    pub threat_intelligence: String,
    /// True when intrusion detection also refuses (`intrusionDetection.mode` is `Deny`).
    pub intrusion_prevention: bool,
    /// Parent policies whose rules could not be read, each with the reason. Their rules come before all others of a
    /// kind.
    pub unread: Vec<String>,
    pub(super) groups: Vec<RuleCollectionGroup>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RuleCollectionGroup {
    pub(super) name: String,
    pub(super) inherited: bool,
    pub(super) priority: i64,
    pub(super) collections: Vec<RuleCollection>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleCollection {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) priority: i64,
    #[serde(default)]
    action: Option<ActionBody>,
    #[serde(default)]
    pub(super) rules: Vec<FirewallRule>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct ActionBody {
    #[serde(rename = "type")]
    kind: String,
}

/// A rule. Fields that only the other kind has are empty.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FirewallRule {
    pub(super) name: String,
    #[serde(rename = "ruleType")]
    kind: String,
    pub(super) source_addresses: Vec<String>,
    pub(super) source_ip_groups: Vec<String>,
    pub(super) destination_addresses: Vec<String>,
    pub(super) destination_ip_groups: Vec<String>,
    pub(super) destination_fqdns: Vec<String>,
    pub(super) destination_ports: Vec<String>,
    pub(super) ip_protocols: Vec<String>,
    pub(super) protocols: Vec<RuleProtocol>,
    pub(super) target_fqdns: Vec<String>,
    pub(super) target_urls: Vec<String>,
    pub(super) fqdn_tags: Vec<String>,
    pub(super) web_categories: Vec<String>,
    #[serde(rename = "terminateTLS")]
    pub(super) terminate_tls: bool,
    pub(super) translated_address: String,
    pub(super) translated_fqdn: String,
    pub(super) translated_port: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleProtocol {
    pub(super) protocol_type: String,
    #[serde(default)]
    pub(super) port: u16,
}

impl FirewallRule {
    pub(super) fn kind(&self) -> Option<RuleKind> {
        match self.kind.to_ascii_lowercase().as_str() {
            "natrule" => Some(RuleKind::Nat),
            "networkrule" => Some(RuleKind::Network),
            "applicationrule" => Some(RuleKind::Application),
            _ => None,
        }
    }

    /// What a rule that translates addresses makes of the destination.
    pub(super) fn translation(&self) -> String {
        let place = [&self.translated_address, &self.translated_fqdn];
        let place = place.into_iter().find(|place| !place.is_empty());
        format!("{}:{}", place.map_or("?", String::as_str), self.translated_port)
    }
}

impl RuleCollection {
    /// A translation (`DNAT`) lets through what it fits.
    pub(super) fn action(&self) -> Action {
        let allows =
            self.action.as_ref().is_some_and(|action| !action.kind.eq_ignore_ascii_case("Deny"));
        if allows { Action::Allow } else { Action::Deny }
    }
}

impl Policy {
    /// Reads `Microsoft.Network/firewallPolicies` with its `ruleCollectionGroups`, and those of its base policy where
    /// it has one. A base policy's groups come first, whatever their priorities.
    ///
    /// # Errors
    /// When a group does not have the form that Azure documents.
    pub fn read(policy: &Value, groups: &[Value], base_groups: &[Value]) -> Result<Self> {
        let mut all = Vec::new();
        for (inherited, groups) in [(true, base_groups), (false, groups)] {
            for group in groups {
                all.push(read_group(group, inherited)?);
            }
        }
        all.sort_by_key(|group| (!group.inherited, group.priority));
        let mode = told(policy, "/properties/threatIntelMode").unwrap_or("Alert");
        Ok(Self {
            threat_intelligence: mode.to_owned(),
            intrusion_prevention: text(policy, "/properties/intrusionDetection/mode")
                .eq_ignore_ascii_case("Deny"),
            unread: Vec::new(),
            groups: all,
        })
    }

    /// Reads the rules that an `azureFirewalls` resource without a policy has itself (classic rules).
    ///
    /// # Errors
    /// As `read`.
    pub fn classic(firewall: &Value) -> Result<Self> {
        let collections = [
            ("natRuleCollections", "NatRule", "protocols"),
            ("networkRuleCollections", "NetworkRule", "protocols"),
            ("applicationRuleCollections", "ApplicationRule", ""),
        ]
        .into_iter()
        .flat_map(|(list, kind, protocols)| {
            let listed = items(firewall, &format!("/properties/{list}")).iter();
            listed.map(move |item| classic_collection(item, kind, protocols))
        })
        .collect::<Vec<_>>();
        let group = json!({ "name": "rules of the firewall", "properties": {
            "priority": 100, "ruleCollections": collections } });
        Self::read(firewall, &[group], &[])
    }

    /// IP groups that the rules name, by resource id in lower case.
    pub fn ip_groups(&self) -> Vec<String> {
        let named = self
            .rules()
            .flat_map(|rule| rule.source_ip_groups.iter().chain(&rule.destination_ip_groups));
        let ids: BTreeSet<String> = named.map(|id| id.to_ascii_lowercase()).collect();
        ids.into_iter().collect()
    }

    fn rules(&self) -> impl Iterator<Item = &FirewallRule> {
        let collections = self.groups.iter().flat_map(|group| &group.collections);
        collections.flat_map(|collection| &collection.rules)
    }

    /// First and last address of every range that a rule tells apart.
    pub(super) fn edges(&self, known: &Facts) -> Vec<(u32, u32)> {
        let entries = self.rules().flat_map(|rule| {
            let groups = rule.destination_ip_groups.iter();
            let grouped = groups.filter_map(|id| known.ip_groups.get(&id.to_ascii_lowercase()));
            rule.destination_addresses.iter().chain(grouped.flatten())
        });
        entries.filter_map(|entry| span(entry)).collect()
    }

    /// What bears on a verdict beside its rules; what may refuse is not worth a word where it is refused already.
    pub(super) fn notes(&self, refused: bool) -> Vec<String> {
        let threats = "Threat intelligence is set to deny: an address or name on Microsoft's list is refused before \
            any rule.";
        let intrusions = "Intrusion detection is set to deny: what fits one of Microsoft's signatures is refused \
            whatever a rule says.";
        let notes = [
            (self.threat_intelligence.eq_ignore_ascii_case("Deny"), threats),
            (self.intrusion_prevention, intrusions),
        ];
        let told = notes.into_iter().filter(|(is_on, _)| *is_on && !refused);
        told.map(|(_, words)| words.to_owned()).collect()
    }
}

fn classic_collection(item: &Value, kind: &str, protocols: &str) -> Value {
    let mut rules = items(item, "/properties/rules").to_vec();
    for rule in rules.iter_mut().filter_map(Value::as_object_mut) {
        rule.insert("ruleType".to_owned(), json!(kind));
        if let Some(listed) = rule.get(protocols).cloned() {
            rule.insert("ipProtocols".to_owned(), listed);
            rule.shift_remove(protocols);
        }
    }
    json!({
        "name": item.get("name"),
        "priority": item.pointer("/properties/priority"),
        "action": item.pointer("/properties/action"),
        "rules": rules,
    })
}

fn read_group(body: &Value, inherited: bool) -> Result<RuleCollectionGroup> {
    let mut body = body.clone();
    without_nulls(&mut body);
    let name = text(&body, "/name").to_owned();
    let listed = body.pointer("/properties/ruleCollections").cloned().unwrap_or_else(|| json!([]));
    let mut collections: Vec<RuleCollection> = serde_json::from_value(listed).map_err(|error| {
        Problem::new(
            "FirewallRulesUnreadable",
            "The firewall's rules have a form that this program does not know.",
            "Look at the rule in the Azure portal, or update this program.",
        )
        .at(name.clone())
        .saying(error.to_string())
    })?;
    collections.sort_by_key(|collection| collection.priority);
    Ok(RuleCollectionGroup {
        name,
        inherited,
        priority: body.pointer("/properties/priority").and_then(Value::as_i64).unwrap_or(i64::MAX),
        collections,
    })
}

/// Azure writes `null` for lists that are empty.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
