//! What the audit is about: the plan of the environment, what Azure has, and what was chosen or allowed besides.

use serde_json::Value;

use crate::domain::{
    additions::Scene,
    inventory::{Inventory, Reading, name_of},
    plan::{Plan, PlannedResource},
};

pub(super) const NETWORK: &str = "Microsoft.Network/virtualNetworks";
pub(super) const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";
pub(super) const FIREWALL: &str = "Microsoft.Network/azureFirewalls";
pub(super) const ROUTE_TABLE: &str = "Microsoft.Network/routeTables";
pub(super) const ENDPOINT: &str = "Microsoft.Network/privateEndpoints";
pub(super) const ZONE: &str = "Microsoft.Network/privateDnsZones";
pub(super) const CARD: &str = "Microsoft.Network/networkInterfaces";
pub(super) const MACHINE: &str = "Microsoft.Compute/virtualMachines";
/// The subnet that holds endpoints, jumpbox and computes.
pub(super) const SHARED: &str = "SharedSubnet";

/// One environment to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What the template makes of its settings.
    pub plan: &'a Plan,
    /// What Azure has.
    pub inventory: &'a Inventory,
    /// Id of the hub that it is meant to be connected to.
    pub hub: Option<&'a str>,
    /// True while it is paused: a firewall without addresses is meant so.
    pub paused: bool,
}

/// A resource with what was read of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    pub(super) id: &'a str,
    pub(super) body: Result<&'a Value, Missing<'a>>,
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing<'a> {
    /// It does not exist.
    Absent,
    /// It is not known whether it does.
    Unknown(&'a str),
}

impl<'a> Case<'a> {
    /// The same, to ask what of it comes by itself.
    pub(super) fn scene(&self) -> Scene<'a> {
        Scene {
            plan: self.plan,
            inventory: self.inventory,
            paused: self.paused,
        }
    }

    /// What the template sets of a resource.
    pub(super) fn planned_body(&self, id: &str) -> &'a Value {
        let planned = self.plan.resource_by_id(id);
        planned.map_or(&Value::Null, |planned| &planned.body)
    }

    /// What was read of a resource.
    pub(super) fn part(&self, id: &'a str) -> Part<'a> {
        let body = match self.inventory.reading(id) {
            Some(Reading::Found(body)) => Ok(body),
            Some(Reading::Absent) => Err(Missing::Absent),
            Some(Reading::Unreadable(why)) => Err(Missing::Unknown(why)),
            None => Err(Missing::Unknown("it was not read")),
        };
        Part {
            name: name_of(id),
            id,
            body,
        }
    }

    /// The planned resources of a type.
    pub(super) fn planned(
        &self,
        resource_type: &'a str,
    ) -> impl Iterator<Item = &'a PlannedResource> + use<'a> {
        let resources = self.plan.resources.iter();
        resources.filter(move |each| each.resource_type.eq_ignore_ascii_case(resource_type))
    }

    /// The first planned resource of a type, with what was read of it.
    pub(super) fn first(&self, resource_type: &'a str) -> Option<Part<'a>> {
        let planned = self.planned(resource_type).next()?;
        Some(self.part(&planned.id))
    }

    /// Id of the network; empty where the template has none.
    pub(super) fn network_id(&self) -> &'a str {
        self.planned(NETWORK).next().map_or("", |each| &each.id)
    }

    /// Whether an id is that of a subnet of ours.
    pub(super) fn is_our_subnet(&self, id: &str) -> bool {
        let network = self.network_id();
        !network.is_empty()
            && id
                .to_ascii_lowercase()
                .starts_with(&format!("{}/subnets/", network.to_ascii_lowercase()))
    }

    /// Whether a network is ours or the hub.
    pub(super) fn is_known_network(&self, id: &str) -> bool {
        id.eq_ignore_ascii_case(self.network_id())
            || self.hub.is_some_and(|hub| hub.eq_ignore_ascii_case(id))
    }
}

/// A state as a person reads it: Azure leaves some out.
pub(super) fn or_not_told(state: &str) -> &str {
    if state.is_empty() { "not told" } else { state }
}

/// A name as it stands in a sentence: `the rule AllowAll`, `the rule without a name`.
pub(super) fn or_without_name(name: &str) -> &str {
    if name.is_empty() {
        "without a name"
    } else {
        name
    }
}

/// A text in a body.
pub(super) fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The items of a list in a body; none where there is no list.
pub(super) fn items<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    body.pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
