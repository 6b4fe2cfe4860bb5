//! Drift: what Azure has that differs from what the template makes of the environment's settings.
//!
//! Property by property where the template sets one; what Azure or a provider adds by itself is no difference. This
//! module compares and words; it must not read anything, and never decides to change something back.

mod compare;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    additions::{self, Change, Explained, Row, Scene, Seen},
    inventory::{Inventory, Listed, Reading, called},
    plan::{Plan, PlannedResource},
};

/// What kind of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It is there and should not be.
    Added,
    /// It should be there and is not.
    Removed,
    /// It has another value.
    Changed,
}

impl Kind {
    /// The sign in front of a line: `+`, `-`, `~`.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Id of the resource.
    pub id: String,
    /// Its name.
    pub resource: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// What kind of difference it is.
    pub kind: Kind,
    /// Where in its body, such as `properties.publicNetworkAccess`; empty for the resource as a whole.
    pub property: String,
    /// What the template sets; empty where it sets nothing.
    pub expected: String,
    /// What Azure has; empty where it has nothing.
    pub found: String,
    /// How to put it right.
    pub remedy: String,
    /// Who made the change, by Azure's activity log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// When, by the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
}

impl Difference {
    /// The difference in one line, such as `vault kv-test4821: publicNetworkAccess is Enabled, was to be Disabled`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let last = self.property.rsplit("properties.").next().unwrap_or("");
        let place = if last.is_empty() {
            self.resource.clone()
        } else {
            format!("{}: {last}", self.resource)
        };
        match (self.kind, self.property.is_empty()) {
            (Kind::Added, true) => format!("{place} was added"),
            (Kind::Removed, true) => format!("{place} is gone"),
            (Kind::Added, false) => format!("{place}: {} was added", self.found),
            (Kind::Removed, false) => format!("{place}: {} is gone", self.expected),
            (Kind::Changed, _) => {
                format!("{place} is {}, was to be {}", self.found, self.expected)
            }
        }
    }
}

/// What was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The differences, in the plan's order, then what was added.
    pub differences: Vec<Difference>,
    /// Ids of resources that could not be read, so that nothing is known of them.
    pub unknown: Vec<String>,
}

/// Compares a plan with what was found. A peering counts as expected when it leads to `hub`. With `paused`, a firewall
/// without addresses is no difference: it was switched off on purpose.
#[must_use]
pub fn drift(plan: &Plan, inventory: &Inventory, hub: Option<&str>, paused: bool) -> Drift {
    let mut drift = Drift::default();
    let scene = Scene {
        plan,
        inventory,
        paused,
    };
    for planned in &plan.resources {
        if let Some(row) = additions::write_only(&planned.resource_type) {
            of_write_only(&scene, planned, row, &mut drift);
            continue;
        }
        match inventory.reading(&planned.id) {
            Some(Reading::Found(body)) => of_resource(&scene, planned, body, &mut drift),
            Some(Reading::Absent) => drift.differences.push(removed(planned)),
            Some(Reading::Unreadable(_)) | None => drift.unknown.push(planned.id.clone()),
        }
    }
    drift.differences.extend(peerings(plan, inventory, hub));
    let listed = inventory.listed.iter().flatten();
    drift
        .differences
        .extend(listed.filter(|each| !is_expected(&scene, each)).map(added));
    hide_consequences(plan, &mut drift.differences);
    drift
}

/// The body's members that the template may set; the others name and place the resource.
const COMPARED: [&str; 7] = [
    "location",
    "tags",
    "sku",
    "kind",
    "identity",
    "zones",
    "properties",
];
/// Compares one resource. What comes by itself is no difference; where that cannot be told, nothing is known of it.
fn of_resource(scene: &Scene<'_>, planned: &PlannedResource, found: &Value, drift: &mut Drift) {
    let mut unknown = false;
    for member in COMPARED {
        let Some(wanted) = planned.body.get(member) else {
            continue;
        };
        compare::compare(wanted, found.get(member), member, &mut |told| {
            let seen = Seen {
                id: &planned.id,
                resource_type: &planned.resource_type,
                path: told.path,
                change: match told.kind {
                    Kind::Added => Change::Added,
                    Kind::Removed => Change::Absent,
                    Kind::Changed => Change::Any,
                },
                found: told.value,
            };
            match scene.explain(&seen) {
                Explained::By(_) => {}
                Explained::NotKnown => unknown = true,
                Explained::No => drift.differences.push(difference(
                    planned,
                    told.path,
                    told.kind,
                    told.wanted,
                    told.found,
                )),
            }
        });
    }
    if unknown {
        drift.unknown.push(planned.id.clone());
    }
}

/// Judges a resource that cannot be read by what it wrote into its parent.
fn of_write_only(scene: &Scene<'_>, planned: &PlannedResource, row: &Row, drift: &mut Drift) {
    match scene.is_in_parent(planned) {
        Some(true) => {}
        Some(false) => {
            let parent = additions::parent(&planned.id).unwrap_or(&planned.id);
            let (why, path) = (row.why.clone(), row.path());
            drift.differences.push(Difference {
                id: parent.to_owned(),
                resource: called(parent).to_owned(),
                ..difference(planned, path, Kind::Removed, why, String::new())
            });
        }
        None => drift.unknown.push(planned.id.clone()),
    }
}

fn difference(
    planned: &PlannedResource,
    path: &str,
    kind: Kind,
    wanted: String,
    found: String,
) -> Difference {
    let remedy = match kind {
        Kind::Added => format!("Remove {found}, if nobody needs it, or run `privateaml mend`."),
        Kind::Removed => format!("Put {wanted} back, or run `privateaml mend`."),
        Kind::Changed => format!("Set {path} to {wanted}, or run `privateaml mend`."),
    };
    Difference {
        id: planned.id.clone(),
        resource: planned.name.clone(),
        resource_type: planned.resource_type.clone(),
        kind,
        property: path.to_owned(),
        expected: wanted,
        found,
        remedy,
        who: None,
        when: None,
    }
}

fn removed(planned: &PlannedResource) -> Difference {
    Difference {
        remedy: "Run `privateaml mend`: it makes again what is missing.".into(),
        ..difference(
            planned,
            "",
            Kind::Removed,
            planned.name.clone(),
            String::new(),
        )
    }
}

fn added(listed: &Listed) -> Difference {
    Difference {
        id: listed.id.clone(),
        resource: listed.name.clone(),
        resource_type: listed.resource_type.clone(),
        kind: Kind::Added,
        property: String::new(),
        expected: String::new(),
        found: listed.name.clone(),
        remedy: "Ask who made it and what for; delete it in the Azure portal if nobody needs it."
            .into(),
        who: None,
        when: None,
    }
}

/// What the group may hold besides the plan: what Azure makes for a planned resource by itself.
fn is_expected(scene: &Scene<'_>, listed: &Listed) -> bool {
    let id = listed.id.to_ascii_lowercase();
    let planned = scene.plan.resources.iter().any(|each| {
        let planned = each.id.to_ascii_lowercase();
        // A child is compared with its parent.
        id == planned || id.starts_with(&format!("{planned}/"))
    });
    planned || scene.comes_along(listed)
}

/// Peerings are not the template's: one that leads to the hub must be connected, any other was added.
fn peerings(plan: &Plan, inventory: &Inventory, hub: Option<&str>) -> Vec<Difference> {
    const NETWORK: &str = "Microsoft.Network/virtualNetworks";
    let Some(network) = plan
        .resources
        .iter()
        .find(|each| each.resource_type.eq_ignore_ascii_case(NETWORK))
    else {
        return Vec::new();
    };
    let Some(body) = inventory.found(&network.id) else {
        return Vec::new();
    };
    let peerings = body
        .pointer("/properties/virtualNetworkPeerings")
        .and_then(Value::as_array);
    let mut differences = Vec::new();
    for peering in peerings.into_iter().flatten() {
        let text = |pointer: &str| peering.pointer(pointer).and_then(Value::as_str);
        let name = text("/name").unwrap_or("without a name");
        let remote = text("/properties/remoteVirtualNetwork/id").unwrap_or_default();
        let state = text("/properties/peeringState").unwrap_or("not told");
        let path = format!("properties.virtualNetworkPeerings[{name}]");
        if hub.is_none_or(|hub| !hub.eq_ignore_ascii_case(remote)) {
            let found = format!("the peering {name} to {}", called(remote));
            let mut one = difference(network, &path, Kind::Added, String::new(), found);
            one.remedy = format!(
                "Ask who connected {} to this environment; delete the peering on both sides if nobody needs it.",
                called(remote)
            );
            differences.push(one);
        } else if state != "Connected" {
            let path = format!("{path}.properties.peeringState");
            let mut one = difference(
                network,
                &path,
                Kind::Changed,
                "Connected".into(),
                state.into(),
            );
            one.remedy = format!(
                "The side of {} is missing: `privateaml peer` makes it again, or tells its owner how.",
                called(remote)
            );
            differences.push(one);
        } else if let Some(level) = text("/properties/peeringSyncLevel")
            && level != "FullyInSync"
        {
            let path = format!("{path}.properties.peeringSyncLevel");
            let (expected, found) = ("FullyInSync".to_owned(), level.to_owned());
            let mut one = difference(network, &path, Kind::Changed, expected, found);
            one.remedy = format!(
                "An address range has changed, and {} or this side does not know it: `privateaml peer` syncs them.",
                called(remote)
            );
            differences.push(one);
        }
    }
    differences
}

/// When a resource is gone, what belongs to it is gone with it: one line says it.
fn hide_consequences(plan: &Plan, differences: &mut Vec<Difference>) {
    let gone = differences
        .iter()
        .filter(|each| each.kind == Kind::Removed && each.property.is_empty());
    let mut parents: Vec<String> = Vec::new();
    for difference in gone {
        let id = difference.id.to_ascii_lowercase();
        let card = plan
            .resource_by_id(&difference.id)
            .and_then(|planned| {
                planned
                    .body
                    .pointer("/properties/customNetworkInterfaceName")
            })
            .and_then(Value::as_str);
        if let (Some(card), Some((before, _))) = (card, id.rsplit_once("/privateendpoints/")) {
            let card = card.to_ascii_lowercase();
            parents.push(format!("{before}/networkinterfaces/{card}/"));
        }
        parents.push(format!("{id}/"));
    }
    differences.retain(|each| {
        let id = each.id.to_ascii_lowercase();
        !parents.iter().any(|parent| id.starts_with(parent))
    });
}
