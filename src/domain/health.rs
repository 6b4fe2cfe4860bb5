//! The parts of an environment, each with how it is: one line for a person who comes back.
//!
//! What runs is judged from the inventory; whether it is as planned, by the one comparison. It must not read anything.

use crate::domain::resource;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::comparison::Comparison;
use super::default_route::{default_hop, firewall_address};
use super::inventory::{Inventory, Reading, called, name_of};
use super::json::{items, text, told};
use super::plan::Plan;
use super::registration;

mod compared;
mod names;

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HealthState {
    /// As it should be.
    Good,
    /// Switched off on purpose: stopped, paused.
    Off,
    /// Something is not as it should be.
    Warning,
    /// It is missing or has failed.
    Bad,
    /// It could not be read.
    Unknown,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthPart {
    /// What it is, in one word, such as `Firewall`.
    pub title: String,
    /// Its name in Azure; for several, how many.
    pub name: String,
    /// How it is.
    pub state: HealthState,
    /// The same in a few words.
    pub words: String,
}

/// Power states of a virtual machine, as its instance view tells them
/// (<https://learn.microsoft.com/azure/virtual-machines/states-billing>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// It runs.
    Running,
    /// Stopped and not paid for.
    Deallocated,
    /// Stopped by the system inside, and still paid for.
    Stopped,
    /// On its way.
    Changing,
}

/// The jumpbox's power state; `None` when it is not told.
pub fn power(instance_view: &Value) -> Option<Power> {
    let statuses = items(instance_view, "/statuses").iter();
    let code =
        statuses.filter_map(|each| text(each, "/code").strip_prefix("PowerState/")).next_back()?;
    Some(match code {
        "running" => Power::Running,
        "deallocated" => Power::Deallocated,
        "stopped" => Power::Stopped,
        _ => Power::Changing,
    })
}

/// True when the firewall is there without addresses: nothing inside gets out.
pub fn is_paused(plan: &Plan, inventory: &Inventory) -> bool {
    let firewall = plan.of_type(resource::FIREWALL).next();
    let body = firewall.and_then(|firewall| inventory.found(&firewall.id));
    body.is_some_and(|body| items(body, "/properties/ipConfigurations").is_empty())
}

/// The parts, in the order in which a person meets them.
pub fn parts(plan: &Plan, inventory: &Inventory, comparison: &Comparison) -> Vec<HealthPart> {
    let mut parts = running(plan, inventory);
    if parts.iter().all(|part| part.title != PEERING) {
        parts.extend(compared::hub(comparison));
    }
    for part in &mut parts {
        compared::say(part, comparison);
    }
    // What goes well with these needs no line.
    parts.retain(|part| part.title != "Others" || part.state != HealthState::Good);
    parts
}

/// The parts as they run.
fn running(plan: &Plan, inventory: &Inventory) -> Vec<HealthPart> {
    let sight = HealthInput { plan, inventory };
    let mut parts = Vec::new();
    parts.extend(sight.closed("Workspace", resource::WORKSPACE));
    parts.extend(sight.firewall());
    parts.extend(sight.simple("Bastion", resource::BASTION, "running"));
    parts.extend(sight.jumpbox());
    parts.extend(sight.closed("Storage", resource::STORAGE));
    parts.extend(sight.closed("Key vault", resource::VAULT));
    parts.extend(sight.closed("Registry", resource::REGISTRY));
    parts.extend(sight.simple("Logs", resource::LOGS, "collecting"));
    parts.extend(sight.endpoints());
    parts.extend(sight.names());
    parts.extend(sight.computes());
    parts.extend(sight.peerings());
    parts.extend(sight.simple(NETWORK, "Microsoft.Network/virtualNetworks", "as planned"));
    parts.push(part("Rights", "roles", HealthState::Good, "as planned"));
    parts.push(part("Others", "in the group", HealthState::Good, "as planned"));
    parts
}

struct HealthInput<'a> {
    plan: &'a Plan,
    inventory: &'a Inventory,
}

/// The part that tells of the hub.
pub const PEERING: &str = "Peering";
/// The part that tells of the virtual network.
pub const NETWORK: &str = "Network";
/// What it says first while both sides are connected.
const CONNECTED: &str = "connected";

/// Whether another network was found connected to the environment's.
pub fn is_linked(parts: &[HealthPart]) -> bool {
    let mut peerings = parts.iter().filter(|part| part.title == PEERING);
    peerings.any(|part| part.words.starts_with(CONNECTED))
}

fn part(title: &str, name: &str, state: HealthState, words: impl Into<String>) -> HealthPart {
    HealthPart { title: title.to_owned(), name: name.to_owned(), state, words: words.into() }
}

impl HealthInput<'_> {
    /// The part for the first resource of a type: as it is judged by its body, or why there is none.
    fn first(
        &self,
        title: &str,
        kind: &str,
        judge: impl FnOnce(&Value) -> (HealthState, String),
    ) -> Option<HealthPart> {
        let id = self.ids(kind).next()?;
        let (state, words) = match self.inventory.reading(id) {
            Some(Reading::Found(body)) => match text(body, "/properties/provisioningState") {
                "Failed" => (HealthState::Bad, "failed".to_owned()),
                "Canceled" => (HealthState::Bad, "cancelled".to_owned()),
                doing @ ("Creating" | "Updating" | "Deleting" | "Accepted") => {
                    (HealthState::Warning, doing.to_lowercase())
                }
                _ => judge(body),
            },
            Some(Reading::Absent) => (HealthState::Bad, "not there".to_owned()),
            Some(Reading::Unreadable(_)) | None => {
                (HealthState::Unknown, "could not be read".to_owned())
            }
        };
        Some(part(title, name_of(id), state, words))
    }

    fn ids<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b str> {
        self.plan.of_type(kind).map(|each| each.id.as_str())
    }

    fn simple(&self, title: &str, kind: &str, words: &str) -> Option<HealthPart> {
        self.first(title, kind, |_| (HealthState::Good, words.to_owned()))
    }

    /// A service that must not be reachable from the internet.
    fn closed(&self, title: &str, kind: &str) -> Option<HealthPart> {
        self.first(title, kind, |body| {
            if text(body, "/properties/publicNetworkAccess").eq_ignore_ascii_case("Disabled") {
                (HealthState::Good, "private only".to_owned())
            } else {
                (HealthState::Warning, "public access on".to_owned())
            }
        })
    }

    fn firewall(&self) -> Option<HealthPart> {
        self.first("Firewall", "Microsoft.Network/azureFirewalls", |body| {
            if is_paused(self.plan, self.inventory) {
                (HealthState::Off, "paused: nothing inside gets out".to_owned())
            } else {
                self.route_to(firewall_address(body))
            }
        })
    }

    /// How a firewall that runs stands to the default route.
    fn route_to(&self, address: Option<&str>) -> (HealthState, String) {
        let Some(address) = address else {
            return (HealthState::Warning, "no private address told".to_owned());
        };
        let Some(table) = self.ids("Microsoft.Network/routeTables").next() else {
            return (HealthState::Good, "running".to_owned());
        };
        let Some(table) = self.inventory.found(table) else {
            return (HealthState::Unknown, "running, its route was not read".to_owned());
        };
        match default_hop(table) {
            Some(hop) if hop == address => (HealthState::Good, "running".to_owned()),
            Some(hop) => (HealthState::Bad, format!("running, but the route leads to {hop}")),
            None => (HealthState::Bad, "running, but no route leads to it".to_owned()),
        }
    }

    fn jumpbox(&self) -> Option<HealthPart> {
        let kind = "Microsoft.Compute/virtualMachines";
        let view = self.inventory.found(&format!("{}/instanceView", self.ids(kind).next()?));
        self.first("Jumpbox", kind, |_| {
            let (state, words) = match view.and_then(power) {
                Some(Power::Running) => (HealthState::Good, "running"),
                Some(Power::Deallocated) => (HealthState::Off, "stopped"),
                Some(Power::Stopped) => (HealthState::Warning, "shut down, still paid for"),
                Some(Power::Changing) => (HealthState::Warning, "starting or stopping"),
                None => (HealthState::Unknown, "power not told"),
            };
            (state, words.to_owned())
        })
    }

    fn endpoints(&self) -> Option<HealthPart> {
        let approved = |body: &Value| {
            ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"]
                .iter()
                .flat_map(|list| items(body, &format!("/properties/{list}")))
                .any(|each| {
                    text(each, "/properties/privateLinkServiceConnectionState/status") == "Approved"
                })
        };
        let kind = resource::PRIVATE_ENDPOINT;
        self.of_many("Endpoints", kind, approved, "approved", "not approved")
    }

    fn names(&self) -> Option<HealthPart> {
        if let Some(elsewhere) = registration::elsewhere(self.plan, self.inventory) {
            return Some(names::registered(&elsewhere));
        }
        let linked =
            |body: &Value| text(body, "/properties/virtualNetworkLinkState") == "Completed";
        let kind = resource::ZONE_LINK;
        self.of_many("Names", kind, linked, "linked", "not linked")
    }

    fn of_many(
        &self,
        title: &str,
        kind: &str,
        is_good: impl Fn(&Value) -> bool,
        yes: &str,
        no: &str,
    ) -> Option<HealthPart> {
        let ids: Vec<&str> = self.ids(kind).collect();
        if ids.is_empty() {
            return None;
        }
        let good = ids.iter().filter(|id| self.inventory.found(id).is_some_and(&is_good)).count();
        let unknown = ids.iter().filter(|id| self.inventory.why_unknown(id).is_some()).count();
        let name = format!("{good} of {}", ids.len());
        Some(if good == ids.len() {
            part(title, &name, HealthState::Good, yes)
        } else if unknown > 0 {
            part(title, &name, HealthState::Unknown, format!("{unknown} could not be read"))
        } else {
            part(title, &name, HealthState::Bad, format!("{} {no}", ids.len() - good))
        })
    }

    fn computes(&self) -> Option<HealthPart> {
        let id = self.ids("Microsoft.MachineLearningServices/workspaces").next()?;
        let path = format!("{id}/computes");
        let title = "Computes";
        let Some(computes) = self.inventory.items(&path) else {
            return Some(part(title, "?", HealthState::Unknown, "could not be read"));
        };
        let count = |pointer: &str, state: &str| {
            computes.iter().filter(|each| text(each, pointer) == state).count()
        };
        let failed = count("/properties/provisioningState", "Failed");
        let running = count("/properties/properties/state", "Running");
        let name = computes.len().to_string();
        Some(match (failed, running) {
            (0, 0) => part(title, &name, HealthState::Good, "idle"),
            (0, running) => part(title, &name, HealthState::Good, format!("{running} running")),
            (failed, _) => part(title, &name, HealthState::Bad, format!("{failed} failed")),
        })
    }

    fn peerings(&self) -> Option<HealthPart> {
        let id = self.ids("Microsoft.Network/virtualNetworks").next()?;
        let peerings = items(self.inventory.found(id)?, "/properties/virtualNetworkPeerings");
        let title = PEERING;
        let (first, rest) = peerings.split_first()?;
        let name = called(text(first, "/properties/remoteVirtualNetwork/id"));
        let state = |each| told(each, "/properties/peeringState").unwrap_or("state not told");
        let broken = peerings.iter().find(|each| state(each) != "Connected");
        let name = if rest.is_empty() {
            name.to_owned()
        } else {
            format!("{name} and {} more", rest.len())
        };
        let level = |each| text(each, "/properties/peeringSyncLevel");
        let apart = peerings.iter().any(|each| !matches!(level(each), "" | "FullyInSync"));
        Some(match broken {
            Some(broken) if state(broken) == "Initiated" => {
                part(title, &name, HealthState::Warning, "the other side is missing")
            }
            Some(broken) => part(title, &name, HealthState::Bad, state(broken).to_lowercase()),
            None if apart => {
                part(title, &name, HealthState::Warning, "connected, addresses not in sync")
            }
            None => part(title, &name, HealthState::Good, CONNECTED),
        })
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
