//! The network security group of `SharedSubnet`: the second wall, behind which the firewall would have to fail too.
//!
//! Why the rules of today are as they are:
//! - A network security group sees a packet's final destination, not the firewall on the way. What the firewall admits
//!   by name must therefore be admitted here by port, to `Internet`; the route table still leads it to the firewall.
//! - The tag `VirtualNetwork` takes in the prefixes of user-defined routes, thus 0.0.0.0/0 once everything is routed to
//!   the firewall: Azure's own rule `AllowVnetOutBound` then admits everything. So ranges are named, and all else is
//!   refused before Azure's default rules are reached.
//! - Azure Machine Learning refuses a subnet whose group denies outbound traffic without admitting storage on 445
//!   (microsoft/AzureTRE#2780).
//! - Private endpoints are not subject to the group (their network policies are off), so clients of a peered network
//!   reach them; nothing else in the subnet is reached from outside it but the jumpbox from Bastion.
//!
//! This module must not decide what is admitted; it follows the entries that are on.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::AllowlistTarget;
use super::ports::{PortSet, Protocol, merged};
use super::rules::{brief, by_name};
use super::select::{Chosen, ChosenGroup};
use crate::domain::network::Layout;
use crate::domain::plan::PlannedNsgRule;
use crate::domain::settings::{BastionSku, Settings};

/// Name of the group on `SharedSubnet`.
pub const SHARED_GROUP: &str = "nsg-shared";
/// Ports of sessions that Bastion opens.
pub const BASTION_PORTS: [&str; 2] = ["22", "3389"];
/// The address from which Bastion's Developer tier connects, as it has no subnet of its own
/// (<https://learn.microsoft.com/azure/bastion/quickstart-developer>).
const PLATFORM_ADDRESS: &str = "168.63.129.16/32";
/// Last priority before Azure's default rules.
const LAST_PRIORITY: u32 = 4096;

/// The rules that Azure adds to every group
/// (<https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules>).
const DEFAULTS: [(&str, &str, &str, u32, &str, &str); 6] = [
    ("AllowVnetInBound", "Inbound", "Allow", 65000, "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", "Inbound", "Allow", 65001, "AzureLoadBalancer", "*"),
    ("DenyAllInBound", "Inbound", "Deny", 65500, "*", "*"),
    ("AllowVnetOutBound", "Outbound", "Allow", 65000, "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", "Outbound", "Allow", 65001, "*", "Internet"),
    ("DenyAllOutBound", "Outbound", "Deny", 65500, "*", "*"),
];

/// One rule of the group; those of the table of 2022 are written down.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NsgRule {
    name: String,
    direction: String,
    #[serde(default = "allow")]
    access: String,
    priority: u32,
    protocol: String,
    source: String,
    destination: String,
    ports: Vec<String>,
    reason: String,
}

fn allow() -> String {
    "Allow".to_owned()
}

impl NsgRule {
    /// A rule for everything that goes in a direction.
    fn of_all(name: &str, direction: &str, access: &str, priority: u32) -> Self {
        Self {
            name: name.to_owned(),
            direction: direction.to_owned(),
            access: access.to_owned(),
            priority,
            protocol: "*".to_owned(),
            source: "*".to_owned(),
            destination: "*".to_owned(),
            ports: vec!["*".to_owned()],
            reason: String::new(),
        }
    }

    fn planned(&self, default: bool) -> PlannedNsgRule {
        PlannedNsgRule {
            group: SHARED_GROUP.into(),
            name: self.name.clone(),
            direction: self.direction.clone(),
            access: self.access.clone(),
            priority: self.priority,
            protocol: self.protocol.clone(),
            source: self.source.clone(),
            destination: self.destination.clone(),
            ports: self.ports.join(","),
            default,
        }
    }
}

/// The rules of today, which follow the entries that are on.
pub(super) fn of_today(settings: &Settings, layout: &Layout, on: &[ChosenGroup]) -> Vec<NsgRule> {
    let entries: Vec<&Chosen> = on.iter().flat_map(|group| &group.entries).collect();
    let mut outbound = Outbound { source: layout.shared.prefix.to_string(), rules: Vec::new() };
    outbound.admit(
        "AllowInsideOutbound",
        "*",
        &settings.address_space.to_string(),
        vec!["*".into()],
        "Private endpoints, computes and the firewall's DNS",
    );
    outbound.admit_tags(&entries);
    outbound.admit(
        &format!("Allow-Storage.{}-445-Outbound", settings.region),
        "Tcp",
        &format!("Storage.{}", settings.region),
        vec!["445".into()],
        "Asked for by Azure Machine Learning before it creates a compute; the firewall has no such rule",
    );
    for wanted in ["Tcp", "Udp"] {
        let ports = ports_of(&entries, wanted);
        if !ports.is_empty() {
            outbound.admit(
                &format!("Allow-Internet-{wanted}-Outbound"),
                wanted,
                "Internet",
                ports,
                "On to the firewall, which decides by name",
            );
        }
    }
    outbound.admit_addresses(&entries);
    let mut rules = inbound(settings, layout);
    rules.append(&mut outbound.rules);
    rules.push(refuse("Outbound", "DenyOtherOutbound"));
    rules
}

fn inbound(settings: &Settings, layout: &Layout) -> Vec<NsgRule> {
    let shared = layout.shared.prefix.to_string();
    let sessions_from = match settings.bastion {
        BastionSku::Developer => PLATFORM_ADDRESS.to_owned(),
        BastionSku::Basic | BastionSku::Standard | BastionSku::Premium => {
            layout.bastion.prefix.to_string()
        }
    };
    let allow =
        |name: &str, priority, protocol: &str, source: &str, ports: &[&str], reason: &str| {
            NsgRule {
                protocol: protocol.into(),
                source: source.into(),
                destination: shared.clone(),
                ports: ports.iter().map(|port| (*port).into()).collect(),
                reason: reason.into(),
                ..NsgRule::of_all(name, "Inbound", "Allow", priority)
            }
        };
    vec![
        allow(
            "AllowBastionInbound",
            100,
            "Tcp",
            &sessions_from,
            &BASTION_PORTS,
            "Sessions through Bastion to the jumpbox",
        ),
        allow(
            "AllowInsideInbound",
            110,
            "*",
            &shared,
            &["*"],
            "Jumpbox and computes among themselves",
        ),
        allow(
            "AllowLoadBalancerInbound",
            120,
            "*",
            "AzureLoadBalancer",
            &["*"],
            "Health probes of Azure's load balancer",
        ),
        refuse("Inbound", "DenyOtherInbound"),
    ]
}

fn refuse(direction: &str, name: &str) -> NsgRule {
    let reason = "Everything else, before Azure's default rules admit it".into();
    NsgRule { reason, ..NsgRule::of_all(name, direction, "Deny", LAST_PRIORITY) }
}

/// Outbound rules in the making: one more priority each.
struct Outbound {
    source: String,
    rules: Vec<NsgRule>,
}

impl Outbound {
    fn admit_tags(&mut self, entries: &[&Chosen]) {
        for entry in entries {
            if let AllowlistTarget::Tag(tag) = &entry.target {
                self.admit_entry(&format!("Allow-{tag}"), entry);
            }
        }
    }

    fn admit_addresses(&mut self, entries: &[&Chosen]) {
        let addresses =
            entries.iter().filter(|entry| matches!(entry.target, AllowlistTarget::Address(_)));
        for (index, entry) in addresses.enumerate() {
            self.admit_entry(&format!("Allow-Address{}", index + 1), entry);
        }
    }

    fn admit_entry(&mut self, stem: &str, entry: &Chosen) {
        for set in entry.ports.sets() {
            let protocol = protocol(set.protocol);
            self.admit(
                &format!("{stem}-{protocol}-Outbound"),
                protocol,
                entry.target.as_str(),
                set.ports.clone(),
                &entry.reason,
            );
        }
    }

    fn admit(
        &mut self,
        name: &str,
        protocol: &str,
        destination: &str,
        ports: Vec<String>,
        reason: &str,
    ) {
        // Two groups may name the same tag; a second rule of the same name adds its ports to the first.
        if let Some(rule) = self.rules.iter_mut().find(|rule| rule.name == name) {
            rule.ports.extend(ports);
            rule.ports = merged(&rule.ports);
            return;
        }
        let priority = self.rules.last().map_or(100, |rule| rule.priority + 10);
        self.rules.push(NsgRule {
            protocol: protocol.into(),
            source: self.source.clone(),
            destination: destination.into(),
            ports: merged(&ports),
            reason: reason.into(),
            ..NsgRule::of_all(name, "Outbound", "Allow", priority)
        });
    }
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Udp => "Udp",
        Protocol::Tcp | Protocol::Http | Protocol::Https => "Tcp",
    }
}

/// Ports by which entries with a name leave.
fn ports_of(entries: &[&Chosen], wanted: &str) -> Vec<String> {
    let named =
        |entry: &&&Chosen| by_name(entry) || matches!(entry.target, AllowlistTarget::Host(_));
    entries
        .iter()
        .filter(named)
        .flat_map(|entry| entry.ports.sets())
        .filter(|set: &&PortSet| protocol(set.protocol) == wanted)
        .flat_map(|set| set.ports.clone())
        .collect()
}

/// The value of `properties.securityRules`.
pub(super) fn to_json(rules: &[NsgRule]) -> Value {
    rules
        .iter()
        .map(|rule| {
            let mut properties = Map::new();
            let mut set = |field: &str, value: Value| properties.insert(field.into(), value);
            set("description", json!(brief(&rule.reason)));
            set("access", json!(rule.access));
            set("direction", json!(rule.direction));
            set("priority", json!(rule.priority));
            set("protocol", json!(rule.protocol));
            set("sourceAddressPrefix", json!(rule.source));
            set("sourcePortRange", json!("*"));
            set("destinationAddressPrefix", json!(rule.destination));
            match rule.ports.as_slice() {
                [port] => set("destinationPortRange", json!(port)),
                ports => set("destinationPortRanges", json!(ports)),
            };
            json!({ "name": rule.name, "properties": properties })
        })
        .collect()
}

/// The rules as a plan shows them, inbound first, Azure's defaults behind ours.
pub(super) fn planned(rules: &[NsgRule]) -> Vec<PlannedNsgRule> {
    let own = rules.iter().map(|rule| rule.planned(false));
    let defaults =
        DEFAULTS.iter().map(|(name, direction, access, priority, source, destination)| {
            let (source, destination) = ((*source).to_owned(), (*destination).to_owned());
            let all = NsgRule::of_all(name, direction, access, *priority);
            NsgRule { source, destination, ..all }.planned(true)
        });
    let mut all: Vec<PlannedNsgRule> = own.chain(defaults).collect();
    all.sort_by_key(|rule| (rule.direction.clone(), rule.priority));
    all
}
