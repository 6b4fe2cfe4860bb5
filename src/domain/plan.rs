//! The plan: what would be made for given settings, before anything exists.
//!
//! A plan is derived from the template (`template::plan`) and is the only thing that screens, prices and progress look
//! at. It holds no secret: secure parameters are named, never valued. This module must not evaluate or fetch anything.

use std::collections::BTreeMap;

use ipnetwork::Ipv4Network;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One subnet with its room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedSubnet {
    /// The subnet's name in Azure.
    pub name: String,
    /// Its address range.
    pub prefix: Ipv4Network,
    /// Addresses free for use; Azure keeps five of each subnet.
    pub usable: u64,
}

/// One resource that the deployment makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedResource {
    /// Its symbolic name in the template.
    pub symbol: String,
    /// Resource type, such as `Microsoft.Network/virtualNetworks`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Final name, with the parents' names before it where it is a child (`vnet/subnet`).
    pub name: String,
    /// Full resource id.
    pub id: String,
    /// The part of the environment it belongs to, such as `network`.
    pub area: String,
    /// What it is for, in a few words a newcomer understands.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Symbols of the resources that must exist first, sorted.
    pub depends_on: Vec<String>,
    /// Usual duration, in seconds.
    pub seconds: u32,
    /// Duration that one in twenty exceeds, in seconds.
    #[serde(default)]
    pub slow_seconds: u32,
    /// API version with which it is written.
    #[serde(default)]
    pub api_version: String,
    /// The body as it will be sent; values known only at run time stand as expressions.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
}

/// How wide the hole is that a firewall entry makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Width {
    /// One named host, or one service of our own.
    Named,
    /// All hosts of one domain.
    Wildcard,
    /// A host or tag behind which any tenant can have an account.
    SharedTenant,
    /// Any destination, or a pattern that strangers can register a match for.
    Any,
}

/// One entry of the firewall's allowlist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedEntry {
    /// Host name, wildcard, address or service tag.
    pub target: String,
    /// Protocols and ports, such as `https:443` or `tcp:443,8787`.
    pub ports: String,
    /// Why it is there.
    pub reason: String,
    /// How wide the hole is.
    pub width: Width,
    /// Whether the Terraform seed has it.
    pub seed: bool,
    /// Where the need for it is documented.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// One group of the firewall's allowlist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedGroup {
    /// The group's id, as `--allow` and `--deny` take it.
    pub group: String,
    /// What the group is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Whether its entries are in the firewall's rules.
    pub enabled: bool,
    /// Whether it cannot be switched off.
    pub locked: bool,
    /// Why it is locked, or why it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Its entries.
    pub entries: Vec<PlannedEntry>,
}

/// One rule of a network security group, Azure's default rules included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedNsgRule {
    /// The network security group's name.
    pub group: String,
    /// The rule's name.
    pub name: String,
    /// `Inbound` or `Outbound`.
    pub direction: String,
    /// `Allow` or `Deny`.
    pub access: String,
    /// 100 to 4096 for rules of ours, 65000 and above for Azure's defaults.
    pub priority: u32,
    /// `Tcp`, `Udp`, `Icmp` or `*`.
    pub protocol: String,
    /// Source address, tag or `*`.
    pub source: String,
    /// Destination address, tag or `*`.
    pub destination: String,
    /// Destination ports, joined by commas.
    pub ports: String,
    /// True for the rules that every network security group has.
    pub default: bool,
}

/// One route of the route table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRoute {
    /// The route's name.
    pub name: String,
    /// Destination range.
    pub prefix: String,
    /// Where it leads: an address, or Azure's next hop type.
    pub next_hop: String,
}

/// Everything that would be made, with names, order, rules and usual times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The environment's name.
    pub name: String,
    /// Its four digits.
    pub suffix: String,
    /// Azure region in its short form.
    pub region: String,
    /// Resource group that holds it all.
    pub resource_group: String,
    /// Address space of the virtual network.
    pub address_space: Ipv4Network,
    /// The subnets.
    pub subnets: Vec<PlannedSubnet>,
    /// The resources, in the template's order.
    pub resources: Vec<PlannedResource>,
    /// Symbols of the longest chain, first to last.
    pub critical_path: Vec<String>,
    /// Its usual duration, in seconds.
    pub critical_seconds: u32,
    /// The firewall's allowlist.
    pub firewall: Vec<PlannedGroup>,
    /// The rules of the network security groups.
    pub nsg: Vec<PlannedNsgRule>,
    /// The routes.
    #[serde(default)]
    pub routes: Vec<PlannedRoute>,
    /// The template's parameters as they will be sent; secure ones are absent.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// Names of the secure parameters.
    #[serde(default)]
    pub secure_parameters: Vec<String>,
}

impl Plan {
    /// Name and digits, by which people and commands call the environment.
    pub fn full_name(&self) -> String {
        format!("{}{}", self.name, self.suffix)
    }

    /// The resources of a type.
    pub fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a PlannedResource> {
        self.resources.iter().filter(move |each| each.resource_type.eq_ignore_ascii_case(kind))
    }

    /// The resource with the given id, whatever its case: Azure's ids are case-insensitive.
    pub fn resource_by_id(&self, id: &str) -> Option<&PlannedResource> {
        self.resources.iter().find(|resource| resource.id.eq_ignore_ascii_case(id))
    }
}
