//! The parts of an environment, each with how it is: one line for a person who comes back.
//!
//! What runs is judged from the inventory; whether it is as planned, by the one comparison. It must not read anything.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    comparison::Comparison,
    default_route::{default_hop, firewall_address},
    inventory::{Inventory, Reading, called, name_of},
    plan::Plan,
    registration,
};

mod compared;
mod names;

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
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
pub struct Part {
    /// What it is, in one word, such as `Firewall`.
    pub title: String,
    /// Its name in Azure; for several, how many.
    pub name: String,
    /// How it is.
    pub state: State,
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
#[must_use]
pub fn power(instance_view: &Value) -> Option<Power> {
    let statuses = instance_view.pointer("/statuses")?.as_array()?;
    let code = statuses
        .iter()
        .filter_map(|each| each.get("code")?.as_str()?.strip_prefix("PowerState/"))
        .next_back()?;
    Some(match code {
        "running" => Power::Running,
        "deallocated" => Power::Deallocated,
        "stopped" => Power::Stopped,
        _ => Power::Changing,
    })
}

/// True when the firewall is there without addresses: nothing inside gets out.
#[must_use]
pub fn is_paused(plan: &Plan, inventory: &Inventory) -> bool {
    let firewall = of_type(plan, "Microsoft.Network/azureFirewalls").next();
    firewall.and_then(|id| inventory.found(id)).is_some_and(|body| {
        let addresses = body.pointer("/properties/ipConfigurations");
        addresses.and_then(Value::as_array).is_none_or(Vec::is_empty)
    })
}

/// The parts, in the order in which a person meets them.
#[must_use]
pub fn parts(plan: &Plan, inventory: &Inventory, comparison: &Comparison) -> Vec<Part> {
    let mut parts = running(plan, inventory);
    if parts.iter().all(|part| part.title != "Peering") {
        parts.extend(compared::hub(comparison));
    }
    for part in &mut parts {
        compared::say(part, comparison);
    }
    // What goes well with these needs no line.
    parts.retain(|part| part.title != "Others" || part.state != State::Good);
    parts
}

/// The parts as they run.
fn running(plan: &Plan, inventory: &Inventory) -> Vec<Part> {
    let sight = Sight { plan, inventory };
    let mut parts = Vec::new();
    parts.extend(sight.closed("Workspace", "Microsoft.MachineLearningServices/workspaces"));
    parts.extend(sight.firewall());
    parts.extend(sight.simple("Bastion", "Microsoft.Network/bastionHosts", "running"));
    parts.extend(sight.jumpbox());
    parts.extend(sight.closed("Storage", "Microsoft.Storage/storageAccounts"));
    parts.extend(sight.closed("Key vault", "Microsoft.KeyVault/vaults"));
    parts.extend(sight.closed("Registry", "Microsoft.ContainerRegistry/registries"));
    parts.extend(sight.simple("Logs", "Microsoft.OperationalInsights/workspaces", "collecting"));
    parts.extend(sight.endpoints());
    parts.extend(sight.names());
    parts.extend(sight.computes());
    parts.extend(sight.peerings());
    parts.extend(sight.simple("Network", "Microsoft.Network/virtualNetworks", "as planned"));
    parts.push(part("Rights", "roles", State::Good, "as planned"));
    parts.push(part("Others", "in the group", State::Good, "as planned"));
    parts
}

struct Sight<'a> {
    plan: &'a Plan,
    inventory: &'a Inventory,
}

fn of_type<'a>(plan: &'a Plan, resource_type: &'a str) -> impl Iterator<Item = &'a str> {
    plan.resources
        .iter()
        .filter(move |each| each.resource_type.eq_ignore_ascii_case(resource_type))
        .map(|each| each.id.as_str())
}

fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn part(title: &str, name: &str, state: State, words: impl Into<String>) -> Part {
    Part { title: title.to_owned(), name: name.to_owned(), state, words: words.into() }
}

impl<'a> Sight<'a> {
    /// The first resource of a type: its name, and its body or the part that says why there is none.
    fn first(
        &self,
        title: &str,
        resource_type: &'a str,
    ) -> Option<Result<(&'a str, &'a Value), Part>> {
        let id = of_type(self.plan, resource_type).next()?;
        let name = name_of(id);
        Some(match self.inventory.reading(id) {
            Some(Reading::Found(body)) => match text(body, "/properties/provisioningState") {
                "Failed" => Err(part(title, name, State::Bad, "failed")),
                "Canceled" => Err(part(title, name, State::Bad, "cancelled")),
                "Creating" | "Updating" | "Deleting" | "Accepted" => {
                    let doing = text(body, "/properties/provisioningState").to_lowercase();
                    Err(part(title, name, State::Warning, doing))
                }
                _ => Ok((name, body)),
            },
            Some(Reading::Absent) => Err(part(title, name, State::Bad, "not there")),
            Some(Reading::Unreadable(_)) | None => {
                Err(part(title, name, State::Unknown, "could not be read"))
            }
        })
    }

    fn simple(&self, title: &str, resource_type: &'a str, words: &str) -> Option<Part> {
        Some(match self.first(title, resource_type)? {
            Ok((name, _)) => part(title, name, State::Good, words),
            Err(part) => part,
        })
    }

    /// A service that must not be reachable from the internet.
    fn closed(&self, title: &str, resource_type: &'a str) -> Option<Part> {
        Some(match self.first(title, resource_type)? {
            Ok((name, body)) => {
                let access = text(body, "/properties/publicNetworkAccess");
                if access.eq_ignore_ascii_case("Disabled") {
                    part(title, name, State::Good, "private only")
                } else {
                    part(title, name, State::Warning, "public access on")
                }
            }
            Err(part) => part,
        })
    }

    fn firewall(&self) -> Option<Part> {
        let title = "Firewall";
        Some(match self.first(title, "Microsoft.Network/azureFirewalls")? {
            Ok((name, _)) if is_paused(self.plan, self.inventory) => {
                part(title, name, State::Off, "paused: nothing inside gets out")
            }
            Ok((name, body)) => {
                let (state, words) = self.route_to(firewall_address(body));
                part(title, name, state, words)
            }
            Err(part) => part,
        })
    }

    /// How a firewall that runs stands to the default route.
    fn route_to(&self, address: Option<&str>) -> (State, String) {
        let Some(address) = address else {
            return (State::Warning, "no private address told".to_owned());
        };
        let table = of_type(self.plan, "Microsoft.Network/routeTables").next();
        let Some(table) = table else {
            return (State::Good, "running".to_owned());
        };
        let Some(table) = self.inventory.found(table) else {
            return (State::Unknown, "running, its route was not read".to_owned());
        };
        match default_hop(table) {
            Some(hop) if hop == address => (State::Good, "running".to_owned()),
            Some(hop) => (State::Bad, format!("running, but the route leads to {hop}")),
            None => (State::Bad, "running, but no route leads to it".to_owned()),
        }
    }

    fn jumpbox(&self) -> Option<Part> {
        let title = "Jumpbox";
        let id = of_type(self.plan, "Microsoft.Compute/virtualMachines").next()?;
        let view = self.inventory.found(&format!("{id}/instanceView"));
        Some(match self.first(title, "Microsoft.Compute/virtualMachines")? {
            Ok((name, _)) => match view.and_then(power) {
                Some(Power::Running) => part(title, name, State::Good, "running"),
                Some(Power::Deallocated) => part(title, name, State::Off, "stopped"),
                Some(Power::Stopped) => {
                    part(title, name, State::Warning, "shut down, still paid for")
                }
                Some(Power::Changing) => part(title, name, State::Warning, "starting or stopping"),
                None => part(title, name, State::Unknown, "power not told"),
            },
            Err(part) => part,
        })
    }

    fn endpoints(&self) -> Option<Part> {
        let ids: Vec<&str> = of_type(self.plan, "Microsoft.Network/privateEndpoints").collect();
        let approved = |id: &&&str| {
            self.inventory.found(id).is_some_and(|body| {
                ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"]
                    .iter()
                    .filter_map(|list| body.pointer(&format!("/properties/{list}"))?.as_array())
                    .flatten()
                    .any(|each| {
                        text(each, "/properties/privateLinkServiceConnectionState/status")
                            == "Approved"
                    })
            })
        };
        let count = ids.iter().filter(approved).count();
        self.of_many("Endpoints", &ids, count, "approved", "not approved")
    }

    fn names(&self) -> Option<Part> {
        if let Some(elsewhere) = registration::elsewhere(self.plan, self.inventory) {
            return Some(names::registered(&elsewhere));
        }
        let ids: Vec<&str> =
            of_type(self.plan, "Microsoft.Network/privateDnsZones/virtualNetworkLinks").collect();
        let linked = |id: &&&str| {
            self.inventory.found(id).is_some_and(|body| {
                text(body, "/properties/virtualNetworkLinkState") == "Completed"
            })
        };
        let count = ids.iter().filter(linked).count();
        self.of_many("Names", &ids, count, "linked", "not linked")
    }

    fn of_many(&self, title: &str, ids: &[&str], good: usize, yes: &str, no: &str) -> Option<Part> {
        if ids.is_empty() {
            return None;
        }
        let unknown = ids.iter().filter(|id| self.inventory.why_unknown(id).is_some()).count();
        let name = format!("{good} of {}", ids.len());
        Some(if good == ids.len() {
            part(title, &name, State::Good, yes)
        } else if unknown > 0 {
            part(title, &name, State::Unknown, format!("{unknown} could not be read"))
        } else {
            part(title, &name, State::Bad, format!("{} {no}", ids.len() - good))
        })
    }

    fn computes(&self) -> Option<Part> {
        let id = of_type(self.plan, "Microsoft.MachineLearningServices/workspaces").next()?;
        let path = format!("{id}/computes");
        let title = "Computes";
        let Some(computes) = self.inventory.items(&path) else {
            return Some(part(title, "?", State::Unknown, "could not be read"));
        };
        let failed = computes
            .iter()
            .filter(|each| text(each, "/properties/provisioningState") == "Failed")
            .count();
        let running = computes
            .iter()
            .filter(|each| text(each, "/properties/properties/state") == "Running")
            .count();
        let name = computes.len().to_string();
        Some(match (failed, running) {
            (0, 0) => part(title, &name, State::Good, "idle"),
            (0, running) => part(title, &name, State::Good, format!("{running} running")),
            (failed, _) => part(title, &name, State::Bad, format!("{failed} failed")),
        })
    }

    fn peerings(&self) -> Option<Part> {
        let id = of_type(self.plan, "Microsoft.Network/virtualNetworks").next()?;
        let body = self.inventory.found(id)?;
        let peerings = body.pointer("/properties/virtualNetworkPeerings")?.as_array()?;
        let title = "Peering";
        let (first, rest) = peerings.split_first()?;
        let name = called(text(first, "/properties/remoteVirtualNetwork/id"));
        let state = |each: &Value| match text(each, "/properties/peeringState") {
            "" => "state not told".to_owned(),
            told => told.to_owned(),
        };
        let broken = peerings.iter().find(|each| state(each) != "Connected");
        let name = if rest.is_empty() {
            name.to_owned()
        } else {
            format!("{name} and {} more", rest.len())
        };
        let apart = peerings.iter().any(|each| {
            let level = text(each, "/properties/peeringSyncLevel");
            !level.is_empty() && level != "FullyInSync"
        });
        Some(match broken {
            Some(broken) if state(broken) == "Initiated" => {
                part(title, &name, State::Warning, "the other side is missing")
            }
            Some(broken) => part(title, &name, State::Bad, state(broken).to_lowercase()),
            None if apart => part(title, &name, State::Warning, "connected, addresses not in sync"),
            None => part(title, &name, State::Good, "connected"),
        })
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
