//! Names of private endpoints that have to be registered by somebody else, because the private DNS zones exist
//! elsewhere.
//!
//! Landing zones deny `privatelink.*` zones outside a central subscription: an environment with `--dns-zones
//! existing` has endpoints without zone groups, and the owner of the zones registers its names
//! (<https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/private-link-and-dns-integration-at-scale>).
//! What was not seen is unknown, never registered. This module must not read anything.

use crate::domain::resource;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::inventory::{Inventory, name_of};
use super::json::{items, text, texts};
use super::peering::az::AzCommand;
use super::peering::forward;
use super::peering::zones::{
    Fallback, RecordSet, is_monitor, is_shared_record, link_command, record_commands,
};
use super::plan::Plan;
use super::private_name::{self, PrivateName};
use super::settings::Cloud;

/// The path under which an inventory keeps the ids of the zones that could be seen, as a list.
pub const SEEN_ZONES: &str = "private DNS zones that exist elsewhere";
/// Stands in a command for the subscription of a zone that was not seen.
const SUBSCRIPTION: &str = "SUBSCRIPTION-OF-THE-ZONES";
/// Stands in a command for the resource group of a zone that was not seen.
const GROUP: &str = "RESOURCE-GROUP-OF-THE-ZONES";
/// What the records of Azure Monitor do to others
/// (<https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design#plan-by-network-topology>).
pub const SHARED_NAMES: &str = "Azure Monitor's names are the same for everybody: registered in shared zones they lead \
    the telemetry of every network linked to those zones to this environment. Register them only in zones that serve \
    this environment alone, or where its owner agrees.";

/// What could be seen of a name's registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "found")]
pub enum RegistrationState {
    /// A zone linked to the environment's network has the record.
    Registered,
    /// A zone has the record; a link of that zone to the environment's network was not seen.
    Unlinked,
    /// A zone linked to the environment's network has no such record.
    Missing,
    /// A zone linked to the environment's network leads the name to these addresses.
    Otherwise(String),
    /// Its zone was not seen from here, or not its records.
    Unseen,
}

impl RegistrationState {
    /// The same in a few words.
    pub fn words(&self) -> String {
        match self {
            Self::Registered => "registered".to_owned(),
            Self::Unlinked => {
                "record seen, link of its zone to the environment's network not seen".to_owned()
            }
            Self::Missing => "not registered in the zone linked to the network".to_owned(),
            Self::Otherwise(found) => format!("leads to {found} instead"),
            Self::Unseen => "not seen from here".to_owned(),
        }
    }
}

/// One name to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The name that clients ask for, such as `stgtest4821.blob.core.windows.net`.
    pub name: String,
    /// The private zone of its record; `None` for a name of which no zone is known.
    pub zone: Option<String>,
    /// The record's name within the zone.
    pub record: String,
    /// The private address that it must lead to.
    pub address: String,
    /// The private endpoint that has the address.
    pub endpoint: String,
    /// Whether it is one of Azure Monitor's names, which are the same for everybody.
    pub shared: bool,
    /// What could be seen of it.
    pub sight: RegistrationState,
}

/// What the owner of the zones has to do for one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The names, by zone.
    pub names: Vec<Registration>,
    /// Endpoints whose addresses could not be read: their names are missing above.
    pub unread: Vec<String>,
    /// Commands of the Azure CLI for the owner of the zones, in order; a line that begins with # is a comment.
    pub commands: Vec<String>,
}

impl Elsewhere {
    /// How many names were seen to be registered.
    pub fn registered(&self) -> usize {
        let good = |each: &&Registration| each.sight == RegistrationState::Registered;
        self.names.iter().filter(good).count()
    }

    /// How many names were seen to lead elsewhere or nowhere.
    pub fn wrong(&self) -> usize {
        let wrong = |each: &&Registration| {
            matches!(each.sight, RegistrationState::Missing | RegistrationState::Otherwise(_))
        };
        self.names.iter().filter(wrong).count()
    }
}

/// A zone that an endpoint's names need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeededZone {
    /// The zone's name.
    pub zone: String,
    /// The endpoints whose names belong there.
    pub endpoints: Vec<String>,
}

/// Whether a plan leaves the private DNS zones to somebody else.
pub fn is_elsewhere(plan: &Plan) -> bool {
    plan.parameters.get("dnsZones").is_some_and(|choice| choice == "existing")
}

/// The zones that the endpoints of a plan need, before anything exists; none where the plan creates them.
pub fn needed(plan: &Plan) -> Vec<NeededZone> {
    if !is_elsewhere(plan) {
        return Vec::new();
    }
    let cloud = cloud_of(&plan.region);
    let mut zones: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for endpoint in plan.of_type(resource::PRIVATE_ENDPOINT) {
        let connections = items(&endpoint.body, "/properties/privateLinkServiceConnections");
        let groups = connections.iter().flat_map(|each| texts(each, "/properties/groupIds"));
        for zone in groups.flat_map(|group| forward::zones_of_group(cloud, group)) {
            zones.entry(zone).or_default().push(endpoint.name.clone());
        }
    }
    zones.into_iter().map(|(zone, endpoints)| NeededZone { zone, endpoints }).collect()
}

/// The Azure that a region belongs to: only those of the other two begin with their country's name
/// (<https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure>).
fn cloud_of(region: &str) -> Cloud {
    let region = region.to_ascii_lowercase();
    if region.starts_with("usgov") || region.starts_with("usdod") {
        Cloud::UsGov
    } else if region.starts_with("china") {
        Cloud::China
    } else {
        Cloud::Public
    }
}

/// The id of an endpoint's network interface.
pub fn card_id(endpoint: &Value) -> Option<&str> {
    endpoint.pointer("/properties/networkInterfaces/0/id")?.as_str()
}

/// The names that a network interface of a private endpoint stands for; other interfaces have none.
pub fn of_card(endpoint: &str, card: &Value) -> Vec<Registration> {
    let names = private_name::of_card(card).into_iter().filter(|name| !name.address.is_empty());
    let registrations = names.map(|PrivateName { host, address, .. }| {
        let name = host.to_ascii_lowercase();
        let (zone, record) = place(&name).unzip();
        let record = record.unwrap_or_default();
        Registration {
            shared: zone.as_deref().is_some_and(is_monitor) || is_shared_record(&record),
            name,
            zone,
            record,
            address,
            endpoint: endpoint.to_owned(),
            sight: RegistrationState::Unseen,
        }
    });
    registrations.collect()
}

/// The zone of a name and its record there, in whichever Azure it is.
fn place(name: &str) -> Option<(String, String)> {
    [Cloud::Public, Cloud::UsGov, Cloud::China].into_iter().find_map(|cloud| {
        let zone = forward::zone_of(cloud, name)?;
        let domain = forward::domain_of(cloud, name)?;
        let label = name.strip_suffix(&format!(".{domain}"))?;
        Some((zone, label.to_owned()))
    })
}

/// The records that names need, by zone: what a DNS owner enters. Names without a known zone are left out.
pub fn record_sets(names: &[Registration]) -> BTreeMap<String, Vec<RecordSet>> {
    let mut zones: BTreeMap<String, Vec<RecordSet>> = BTreeMap::new();
    for name in names {
        let Some(zone) = &name.zone else { continue };
        let sets = zones.entry(zone.clone()).or_default();
        match sets.iter_mut().find(|set| set.name == name.record) {
            Some(set) if set.addresses.contains(&name.address) => {}
            Some(set) => set.addresses.push(name.address.clone()),
            None => sets.push(RecordSet {
                name: name.record.clone(),
                addresses: vec![name.address.clone()],
                environment: None,
            }),
        }
    }
    zones
}

/// An id for a zone that was not seen: its owner puts subscription and resource group in.
pub fn unseen_zone(zone: &str) -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/privateDnsZones/{zone}"
    )
}

/// What has to be registered, with what could be seen of it; `None` where the environment has zones of its own.
pub fn elsewhere(plan: &Plan, inventory: &Inventory) -> Option<Elsewhere> {
    if !is_elsewhere(plan) {
        return None;
    }
    let network = plan.of_type(resource::VIRTUAL_NETWORK).next().map_or("", |each| &each.id);
    let mut found = Elsewhere::default();
    for endpoint in plan.of_type(resource::PRIVATE_ENDPOINT) {
        let card = inventory.found(&endpoint.id).and_then(card_id);
        match card.and_then(|id| inventory.found(id)) {
            Some(card) => found.names.extend(of_card(&endpoint.name, card)),
            None => found.unread.push(endpoint.name.clone()),
        }
    }
    for name in &mut found.names {
        name.sight = sight(inventory, network, name);
    }
    found.names.sort_by(|one, other| {
        (one.shared, &one.zone, &one.record).cmp(&(other.shared, &other.zone, &other.record))
    });
    found.commands = commands(inventory, network, &found.names, &plan.full_name());
    Some(found)
}

/// Ids of the zones of a name that were seen.
pub fn seen_zones<'a>(inventory: &'a Inventory, zone: &'a str) -> impl Iterator<Item = &'a str> {
    let ids = inventory.items(SEEN_ZONES).unwrap_or_default().iter();
    ids.filter_map(Value::as_str).filter(move |id| name_of(id).eq_ignore_ascii_case(zone))
}

/// Whether a zone was seen to be linked to a network.
pub fn is_linked(inventory: &Inventory, zone_id: &str, network: &str) -> bool {
    let links = inventory.items(&format!("{zone_id}/virtualNetworkLinks"));
    links.unwrap_or_default().iter().any(|link| {
        text(link, "/properties/virtualNetwork/id").eq_ignore_ascii_case(network)
            && text(link, "/properties/virtualNetworkLinkState") == "Completed"
    })
}

fn sight(inventory: &Inventory, network: &str, name: &Registration) -> RegistrationState {
    let Some(zone) = &name.zone else { return RegistrationState::Unseen };
    let mut best = RegistrationState::Unseen;
    for id in seen_zones(inventory, zone) {
        let Some(records) = inventory.items(&format!("{id}/A")) else { continue };
        let ours = |each: &&Value| text(each, "/name").eq_ignore_ascii_case(&name.record);
        let sets = records.iter().filter(ours);
        let found = sets.flat_map(|each| items(each, "/properties/aRecords"));
        let addresses: Vec<&str> = found.map(|each| text(each, "/ipv4Address")).collect();
        let right = addresses == [name.address.as_str()];
        match (is_linked(inventory, id, network), right) {
            (true, true) => return RegistrationState::Registered,
            (true, false) if addresses.is_empty() => best = RegistrationState::Missing,
            (true, false) => best = RegistrationState::Otherwise(addresses.join(", ")),
            (false, true) if best == RegistrationState::Unseen => {
                best = RegistrationState::Unlinked;
            }
            (false, _) => {}
        }
    }
    best
}

/// Per zone: its link to the environment's network where none was seen, then the records that were not seen. Azure
/// Monitor's come last, behind a warning.
fn commands(
    inventory: &Inventory,
    network: &str,
    names: &[Registration],
    environment: &str,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut linked: Vec<String> = Vec::new();
    for shared in [false, true] {
        let is_open = |each: &&Registration| {
            each.shared == shared && each.sight != RegistrationState::Registered
        };
        let open: Vec<Registration> = names.iter().filter(is_open).cloned().collect();
        if shared && !open.is_empty() {
            lines.push(format!("# {SHARED_NAMES}"));
        }
        for (zone, sets) in record_sets(&open) {
            let seen: Vec<&str> = seen_zones(inventory, &zone).collect();
            let ours = |id: &&&str| is_linked(inventory, id, network);
            let id = seen.iter().find(ours).or(seen.first());
            let id = id.map_or_else(|| unseen_zone(&zone), |id| (*id).to_owned());
            if !is_linked(inventory, &id, network) && !linked.contains(&zone) {
                // Our own network must not ask outside for what the zone does not have.
                let link = link_command(&id, network, name_of(network), Fallback::None);
                lines.push(link.line());
            }
            linked.push(zone.clone());
            for set in &sets {
                let mut same = open
                    .iter()
                    .filter(|each| each.zone.as_ref() == Some(&zone) && each.record == set.name);
                if !same.any(|each| each.sight == RegistrationState::Unlinked) {
                    let of_set = record_commands(&id, set, environment);
                    lines.extend(of_set.iter().map(AzCommand::line));
                }
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests;
