//! What is compared: the plan of the environment, what Azure has, and what was chosen or allowed besides.

use jiff::Timestamp;
use serde_json::Value;

use super::Inventory;
use crate::domain::additions::Scene;
use crate::domain::inventory::Reading;
use crate::domain::peering::hub_side::HubLack;
use crate::domain::peering::virtual_wan;
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::resource;

/// The path under which an inventory has the ids of the private DNS zones of the environment's subscription that are
/// linked to something and not planned.
pub const SUBSCRIPTION_ZONES: &str = "linked private DNS zones of the subscription";

/// Things that belong to a resource and that the plan names as resources of their own, or not at all.
#[derive(Debug, Clone, Copy)]
pub struct Children {
    /// The type of the resource.
    pub of: &'static str,
    /// The last part of the list's path, and of the items' type.
    pub list: &'static str,
    /// The point of the audit.
    pub(super) point: u8,
    /// What one that was not planned can do.
    pub(super) danger: &'static str,
}

impl Children {
    /// The type of the items.
    pub(super) fn resource_type(&self) -> String {
        format!("{}/{}", self.of, self.list)
    }
}

const fn children(
    of: &'static str,
    list: &'static str,
    point: u8,
    danger: &'static str,
) -> Children {
    Children { of, list, point, danger }
}

/// The lists that are read whole and of which each item must be planned.
pub const CHILDREN: [Children; 15] = [
    children(
        resource::FIREWALL_POLICY,
        "ruleCollectionGroups",
        23,
        "its rules let traffic through",
    ),
    children(resource::PRIVATE_ENDPOINT, "privateDnsZoneGroups", 13, "it writes records"),
    children(
        resource::MACHINE,
        "extensions",
        25,
        "it runs programs with every right on the machine",
    ),
    children(
        resource::MACHINE,
        "runCommands",
        25,
        "it runs a script with every right on the machine",
    ),
    children(resource::STORAGE, "localUsers", 8, "it signs in without an identity"),
    children(
        resource::STORAGE,
        "objectReplicationPolicies",
        8,
        "it copies blobs to another account",
    ),
    children(resource::REGISTRY, "tokens", 10, "it signs in without an identity"),
    children(resource::REGISTRY, "webhooks", 10, "it tells an address outside of each image"),
    children(resource::REGISTRY, "replications", 10, "it copies images to another region"),
    children(resource::IDENTITY, FEDERATED, 28, "it lets a foreign sign-in act as this identity"),
    children(resource::LOGS, "dataExports", 11, "it copies logs elsewhere"),
    children(
        resource::LINK_SCOPE,
        "scopedResources",
        11,
        "its logs come in over the private endpoint",
    ),
    children(resource::WORKSPACE, "onlineEndpoints", 5, ONLINE),
    children(
        resource::WORKSPACE,
        "serverlessEndpoints",
        5,
        "it answers requests with a model of somebody else",
    ),
    children(
        resource::WORKSPACE,
        "connections",
        5,
        "it holds a connection to a service outside, with its key",
    ),
];
const FEDERATED: &str = "federatedIdentityCredentials";
const ONLINE: &str = "it answers requests with a model, by its own network settings";

/// One environment to be compared.
#[derive(Debug, Clone, Copy)]
pub struct ComparisonInput<'a> {
    /// What the template makes of its settings.
    pub plan: &'a Plan,
    /// What Azure has.
    pub inventory: &'a Inventory,
    /// Id of the hub that it is meant to be connected to.
    pub hub: Option<&'a str>,
    /// What the hub lacks of it; `None` where the hub's side was not looked at.
    pub hub_side: Option<&'a [HubLack]>,
    /// True while it is paused: a firewall without addresses is meant so.
    pub paused: bool,
    /// True for an environment of the Terraform scripts: what its files chose is not known here.
    pub terraform: bool,
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing<'a> {
    /// It does not exist.
    Absent,
    /// It is not known whether it does.
    Unknown(&'a str),
}

impl<'a> ComparisonInput<'a> {
    /// An environment of this program that runs and is connected to no hub.
    pub fn new(plan: &'a Plan, inventory: &'a Inventory) -> Self {
        Self { plan, inventory, hub: None, hub_side: None, paused: false, terraform: false }
    }

    /// The same, to ask what of it comes by itself.
    pub(super) fn scene(&self) -> Scene<'a> {
        Scene { plan: self.plan, inventory: self.inventory, paused: self.paused }
    }

    /// The body that was read of a resource, or why there is none.
    pub(super) fn body(&self, id: &str) -> Result<&'a Value, Missing<'a>> {
        match self.inventory.reading(id) {
            Some(Reading::Found(body)) => Ok(body),
            Some(Reading::Absent) => Err(Missing::Absent),
            Some(Reading::Unreadable(why)) => Err(Missing::Unknown(why)),
            None => Err(Missing::Unknown("it was not read")),
        }
    }

    /// The items of a list. A list that Azure does not have for something that exists is not known, and neither is an
    /// answer that is no list.
    pub(super) fn list(&self, path: &str) -> Result<&'a [Value], &'a str> {
        match self.inventory.reading(path) {
            Some(Reading::Found(Value::Array(items))) => Ok(items),
            Some(Reading::Found(_)) => Err("the answer is not a list"),
            Some(Reading::Absent) => Err("Azure has no such list"),
            Some(Reading::Unreadable(why)) => Err(why),
            None => Err("it was not read"),
        }
    }

    /// The planned resources of a type.
    pub(super) fn planned(
        &self,
        kind: &'a str,
    ) -> impl Iterator<Item = &'a PlannedResource> + use<'a> {
        self.plan.of_type(kind)
    }

    /// The first planned resource of a type with its body, where that was read.
    pub(super) fn first(&self, kind: &'a str) -> Option<(&'a PlannedResource, &'a Value)> {
        let planned = self.planned(kind).next()?;
        Some((planned, self.body(&planned.id).ok()?))
    }

    /// Whether an id is planned, as the whole or as something in a planned resource.
    pub(super) fn is_planned(&self, id: &str) -> bool {
        let id = id.to_ascii_lowercase();
        self.plan.resources.iter().any(|each| {
            let planned = each.id.to_ascii_lowercase();
            id.strip_prefix(&planned).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether the list of the group has an id.
    pub(super) fn is_listed(&self, id: &str) -> bool {
        let mut listed = self.inventory.listed.iter().flatten();
        listed.any(|each| each.id.eq_ignore_ascii_case(id))
    }

    /// Id of the network; empty where the template has none.
    pub(super) fn network_id(&self) -> &'a str {
        self.planned(resource::VIRTUAL_NETWORK).next().map_or("", |each| &each.id)
    }

    /// Id of the environment's group: the part that all planned ids begin with.
    pub(super) fn group_id(&self) -> Option<&'a str> {
        let id = self.plan.resources.first()?.id.as_str();
        let at = id.to_ascii_lowercase().find("/providers/")?;
        id.get(..at)
    }

    /// Whether an id is that of a subnet of ours.
    pub(super) fn is_our_subnet(&self, id: &str) -> bool {
        let network = self.network_id();
        let subnets = format!("{network}/subnets/").to_ascii_lowercase();
        !network.is_empty() && id.to_ascii_lowercase().starts_with(&subnets)
    }

    /// Whether a network is the hub, or the end of its Virtual WAN's connection.
    pub(super) fn is_hub(&self, id: &str) -> bool {
        self.hub.is_some_and(|hub| hub.eq_ignore_ascii_case(id) || virtual_wan::leads_to(id, hub))
    }

    /// When the first of its resources was created, as far as Azure tells.
    pub(super) fn born(&self) -> Option<Timestamp> {
        let places = ["creationTime", "createdDate", "creationDate", "timeCreated", "createdOn"];
        let bodies = self.plan.resources.iter().filter_map(|each| self.inventory.found(&each.id));
        let told = bodies.flat_map(|body| {
            places
                .iter()
                .filter_map(|place| body.pointer(&format!("/properties/{place}"))?.as_str())
        });
        told.filter_map(|time| time.parse().ok()).min()
    }
}
