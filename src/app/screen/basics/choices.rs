//! The fields with choices: what can be chosen, what is chosen, and what a choice changes in the draft.
//!
//! Texts are for people; ids are the words of flags and plan files where there are such.

use super::zones::ZONES;
use super::{Basics, Field, keychain};
use crate::app::dialog::picker::PickerItem;
use crate::domain::check::MachineSize;
use crate::domain::environment::Keeping;
use crate::domain::network::{self, Relation, Severity};
use crate::domain::region::Region;
use crate::domain::settings::fields::AnswerKind;
use crate::domain::settings::{Choice, DEFAULT_BUILD_SIZE, DEFAULT_JUMPBOX_SIZE};

/// The id of "no hub yet".
const NO_HUB: &str = "none";

/// The sizes that are offered while Azure's list is not known.
const USUAL_SIZES: [(&str, &str); 4] = [
    (DEFAULT_JUMPBOX_SIZE, "2 cores, 8 GiB"),
    (DEFAULT_BUILD_SIZE, "2 cores, 8 GiB"),
    ("Standard_D4s_v5", "4 cores, 16 GiB"),
    ("Standard_D8s_v5", "8 cores, 32 GiB"),
];

impl Basics {
    /// What can be chosen in a field.
    pub(crate) fn choices(&self, field: Field) -> Vec<PickerItem> {
        match field {
            Field::Region => {
                let mut items: Vec<PickerItem> = self.regions_of_cloud().map(region).collect();
                items.sort_by(|one, other| {
                    (one.off.is_some(), &one.label).cmp(&(other.off.is_some(), &other.label))
                });
                items
            }
            Field::Hub => self.hubs(),
            Field::Keeping => self.places().into_iter().map(place).collect(),
            Field::JumpboxSize => self.sizes(true),
            Field::BuildSize => self.sizes(false),
            Field::ShutdownZone => {
                ZONES.iter().map(|(id, where_)| PickerItem::new(id, id, where_)).collect()
            }
            _ => fixed(field.row().kind),
        }
    }

    /// The id of what is chosen in a field.
    pub(crate) fn chosen(&self, field: Field) -> String {
        match field {
            Field::Region => self
                .region()
                .map(|region| region.name.clone())
                .or_else(|| self.draft.region.clone())
                .unwrap_or_default(),
            Field::Hub => {
                let hub = self.draft.hub.clone();
                hub.unwrap_or_else(|| NO_HUB.to_owned())
            }
            Field::Keeping => self.keeping().map(Keeping::word).unwrap_or_default().to_owned(),
            _ => self.draft.line(field.row()),
        }
    }

    /// What is chosen in a field, for people.
    pub(crate) fn shown(&self, field: Field) -> String {
        let id = self.chosen(field);
        match field {
            Field::Hub if id == NO_HUB => "none yet".to_owned(),
            Field::Hub => id.rsplit('/').next().unwrap_or(&id).to_owned(),
            Field::Keeping => self.keeping().map_or("", keychain::label).to_owned(),
            Field::Region | Field::JumpboxSize | Field::BuildSize | Field::ShutdownZone => id,
            _ => {
                let found = self.choices(field).into_iter().find(|item| item.id == id);
                found.map(|item| item.label).unwrap_or(id)
            }
        }
    }

    /// Puts a choice into the draft.
    pub(super) fn choose(&mut self, field: Field, id: &str) {
        match field {
            Field::Keeping => self.chosen_keeping = keeping(id),
            Field::Hub => self.draft.hub = (id != NO_HUB).then(|| id.to_owned()),
            _ => self.draft.put_line(field.row(), id),
        }
    }

    /// The hubs that can be chosen: each network, with whether the address space meets it.
    fn hubs(&self) -> Vec<PickerItem> {
        let none = PickerItem::new(NO_HUB, "none yet", "peer later, when there is one");
        let networks = self.seen().into_iter().map(|network| {
            let space = self.typed(Field::AddressSpace);
            let meets = self.meets(space, &network);
            let warning = if meets { "  overlaps" } else { "" };
            let detail = format!("{}  {}{warning}", network.prefixes.join(", "), network.region);
            PickerItem::new(&network.id, &network.name, &detail)
        });
        std::iter::once(none).chain(networks).collect()
    }

    /// Whether an address space overlaps a network, were that the hub.
    pub fn meets(&self, space: &str, hub: &network::SeenNetwork) -> bool {
        let known: Vec<_> = network::known(&[], Some(hub))
            .into_iter()
            .filter(|each| each.relation == Relation::Hub)
            .collect();
        network::check(space, &known).findings.iter().any(|finding| {
            finding.code == "AddressSpaceOverlaps" && finding.severity == Severity::Error
        })
    }

    /// The machine sizes that can be chosen, small ones first.
    fn sizes(&self, jumpbox: bool) -> Vec<PickerItem> {
        let Some(machines) = self.machines.known() else {
            return USUAL_SIZES
                .iter()
                .map(|(name, about)| PickerItem::new(name, name, about))
                .collect();
        };
        let mut sizes: Vec<&MachineSize> = machines.sizes.iter().collect();
        let refusal = |size: &MachineSize| {
            let told = size.refusal();
            if jumpbox { told } else { told.filter(|_| size.restriction.is_some()) }
        };
        sizes.sort_by(|one, other| {
            (refusal(one).is_some(), one.cores, one.memory, &one.name).cmp(&(
                refusal(other).is_some(),
                other.cores,
                other.memory,
                &other.name,
            ))
        });
        sizes
            .into_iter()
            .map(|size| {
                let item = PickerItem::new(&size.name, &size.name, &size.words());
                match refusal(size) {
                    Some((_, reason)) => item.off(reason),
                    None => item,
                }
            })
            .collect()
    }
}

/// The choices that are the same everywhere.
fn fixed(kind: AnswerKind) -> Vec<PickerItem> {
    match kind {
        AnswerKind::OneOf(choices) => {
            let item = |choice: &Choice| PickerItem::new(choice.id, choice.label, choice.detail);
            choices.iter().map(item).collect()
        }
        AnswerKind::Switch(sides) => std::iter::zip(["false", "true"], sides)
            .map(|(id, (label, detail))| PickerItem::new(id, label, detail))
            .collect(),
        _ => Vec::new(),
    }
}

fn keeping(id: &str) -> Option<Keeping> {
    [Keeping::Keychain, Keeping::File, Keeping::None, Keeping::Practice]
        .into_iter()
        .find(|keeping| keeping.word() == id)
}

fn place((keeping, off): (Keeping, Option<String>)) -> PickerItem {
    let item = PickerItem::new(keeping.word(), keychain::label(keeping), keychain::about(keeping));
    match off {
        Some(reason) => item.off(reason),
        None => item,
    }
}

/// A region as a row: found by either name and by its part of the world.
fn region(region: &Region) -> PickerItem {
    let mut detail = format!("{}  {}", region.name, region.geography);
    if region.zones {
        detail.push_str("  zones");
    }
    if region.restricted {
        detail.push_str("  on request only");
    }
    if region.doubt().is_some() {
        detail.push_str("  not known whether it is offered");
    }
    let item = PickerItem::new(&region.name, &region.display, &detail);
    match region.refusal() {
        Some((reason, next)) => item.off(reason).instead(next),
        None => item,
    }
}
