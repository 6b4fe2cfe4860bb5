//! The fields with choices: what can be chosen, what is chosen, and what a choice changes in the draft.
//!
//! Texts are for people; ids are the words of flags and plan files where there are such.

use super::{Basics, Field, keychain, machines::Size, text, zones::ZONES};
use crate::{
    app::dialog::picker::Item,
    domain::{
        allowlist::Preset,
        environment::Keeping,
        network::{self, Relation, Severity},
        region::Region,
        settings::{
            BastionSku, DEFAULT_BUILD_SIZE, DEFAULT_JUMPBOX_SIZE, DatastoreAccess, DnsZones, Draft,
            FirewallSku, MonitorAccess,
        },
    },
};

/// The id of "no hub yet".
const NO_HUB: &str = "none";
const ON: &str = "on";
const OFF: &str = "off";
const CREATE: &str = "create";
const EXISTING: &str = "existing";

/// The sizes that are offered while Azure's list is not known.
const USUAL_SIZES: [(&str, &str); 4] = [
    (DEFAULT_JUMPBOX_SIZE, "2 cores, 8 GiB"),
    (DEFAULT_BUILD_SIZE, "2 cores, 8 GiB"),
    ("Standard_D4s_v5", "4 cores, 16 GiB"),
    ("Standard_D8s_v5", "8 cores, 32 GiB"),
];

impl Basics {
    /// What can be chosen in a field.
    pub(crate) fn choices(&self, field: Field) -> Vec<Item> {
        match field {
            Field::Region => {
                let mut items: Vec<Item> = self.regions_of_cloud().map(region).collect();
                items.sort_by(|one, other| one.label.cmp(&other.label));
                items
            }
            Field::Hub => self.hubs(),
            Field::Keeping => self.places().into_iter().map(place).collect(),
            Field::Preset => Preset::ALL.into_iter().map(preset).collect(),
            Field::JumpboxSize => self.sizes(true),
            Field::BuildSize => self.sizes(false),
            Field::ShutdownZone => {
                ZONES.iter().map(|(id, where_)| Item::new(id, id, where_)).collect()
            }
            _ => fixed(field)
                .iter()
                .map(|(id, label, detail)| Item::new(id, label, detail))
                .collect(),
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
            _ => below(&self.draft, field),
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
        let draft = &mut self.draft;
        match field {
            Field::Region => draft.region = Some(id.to_owned()),
            Field::Hub => draft.hub = (id != NO_HUB).then(|| id.to_owned()),
            Field::Keeping => self.chosen_keeping = keeping(id),
            Field::Preset => {
                draft.preset = Preset::ALL.into_iter().find(|preset| preset.id() == id);
            }
            Field::JumpboxSize => draft.jumpbox_size = Some(id.to_owned()),
            Field::BuildSize => draft.build_size = Some(id.to_owned()),
            Field::ShutdownZone => draft.time_zone = Some(id.to_owned()),
            Field::Bastion => {
                draft.bastion = [
                    BastionSku::Developer,
                    BastionSku::Basic,
                    BastionSku::Standard,
                    BastionSku::Premium,
                ]
                .into_iter()
                .find(|tier| format!("{tier:?}") == id);
            }
            Field::Firewall => {
                draft.firewall = [FirewallSku::Standard, FirewallSku::Premium]
                    .into_iter()
                    .find(|tier| format!("{tier:?}") == id);
            }
            Field::CopyPaste => draft.disable_copy_paste = Some(id == OFF),
            Field::DatastoreAccess => {
                draft.datastore_access = Some(if id == "identity" {
                    DatastoreAccess::Identity
                } else {
                    DatastoreAccess::AccountKey
                });
            }
            Field::ComputeInstance => draft.compute_instance = Some(id == ON),
            Field::EndpointPolicy => draft.service_endpoint_policy = Some(id == ON),
            Field::MonitorAccess => {
                draft.monitor_access = [MonitorAccess::PrivateOnly, MonitorAccess::Open]
                    .into_iter()
                    .find(|mode| mode.as_str() == id);
            }
            Field::DnsZones => {
                draft.dns_zones =
                    Some(if id == EXISTING { DnsZones::Existing } else { DnsZones::Create });
            }
            _ => {}
        }
    }

    /// The hubs that can be chosen: each network, with whether the address space meets it.
    fn hubs(&self) -> Vec<Item> {
        let none = Item::new(NO_HUB, "none yet", "peer later, when there is one");
        let networks = self.seen().into_iter().map(|network| {
            let space = self.typed(Field::AddressSpace);
            let meets = self.meets(space, &network);
            let warning = if meets { "  overlaps" } else { "" };
            let detail = format!("{}  {}{warning}", network.prefixes.join(", "), network.region);
            Item::new(&network.id, &network.name, &detail)
        });
        std::iter::once(none).chain(networks).collect()
    }

    /// Whether an address space overlaps a network, were that the hub.
    #[must_use]
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
    fn sizes(&self, jumpbox: bool) -> Vec<Item> {
        let Some(machines) = self.machines.known() else {
            return USUAL_SIZES.iter().map(|(name, about)| Item::new(name, name, about)).collect();
        };
        let mut sizes: Vec<&Size> = machines.sizes.iter().collect();
        let refusal = |size: &Size| {
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
                let item = Item::new(&size.name, &size.name, &size.words());
                match refusal(size) {
                    Some(reason) => item.off(reason),
                    None => item,
                }
            })
            .collect()
    }
}

/// The choices that are the same everywhere: id, label, and more about it.
fn fixed(field: Field) -> &'static [(&'static str, &'static str, &'static str)] {
    match field {
        Field::Bastion => &[
            ("Developer", "Developer", "free, shared, no peered networks, few regions"),
            ("Basic", "Basic", "in a browser, two instances"),
            ("Standard", "Standard", "native client, scaling, copy and paste can be off"),
            ("Premium", "Premium", "session recording"),
        ],
        Field::Firewall => &[
            ("Standard", "Standard", "names and addresses, threat intelligence"),
            ("Premium", "Premium", "intrusion detection, TLS inspection"),
        ],
        Field::CopyPaste => &[
            (ON, "allowed", "text can be copied in and out"),
            (OFF, "off", "needs Bastion Standard or Premium"),
        ],
        Field::DatastoreAccess => &[
            ("identity", "by identities", "shared keys off; needs the right to assign roles"),
            ("account-key", "by account key", "for accounts that cannot assign roles"),
        ],
        Field::ComputeInstance => &[
            (OFF, "none", "make computes later, in the studio"),
            (ON, "make one for me", "costs while it runs"),
        ],
        Field::EndpointPolicy => &[
            (OFF, "none", "computes may reach any storage account that the firewall lets through"),
            (ON, "Azure ML only", "only the accounts that Azure Machine Learning keeps"),
        ],
        Field::MonitorAccess => &[
            (
                "PrivateOnly",
                "private only",
                "telemetry to no store but this environment's; Azure ML's own may be lost",
            ),
            (
                "Open",
                "open",
                "also to anybody's store that accepts public networks; data can leave",
            ),
        ],
        Field::DnsZones => &[
            (CREATE, "create", "private zones of its own, linked to its network"),
            (EXISTING, "existing", "zones exist elsewhere; their owner registers the names"),
        ],
        _ => &[],
    }
}

/// The id of what a draft says in a field below "More".
pub(super) fn below(draft: &Draft, field: Field) -> String {
    let switch = |on: bool| if on { ON } else { OFF }.to_owned();
    match field {
        Field::Preset => draft.preset.unwrap_or_default().id().to_owned(),
        Field::JumpboxSize => {
            draft.jumpbox_size.clone().unwrap_or_else(|| DEFAULT_JUMPBOX_SIZE.to_owned())
        }
        Field::BuildSize => {
            draft.build_size.clone().unwrap_or_else(|| DEFAULT_BUILD_SIZE.to_owned())
        }
        Field::ShutdownZone => text::shutdown(draft).1,
        Field::Bastion => format!("{:?}", draft.bastion.unwrap_or_default()),
        Field::Firewall => format!("{:?}", draft.firewall.unwrap_or_default()),
        Field::CopyPaste => switch(draft.disable_copy_paste != Some(true)),
        Field::DatastoreAccess => match draft.datastore_access.unwrap_or_default() {
            DatastoreAccess::Identity => "identity".to_owned(),
            DatastoreAccess::AccountKey => "account-key".to_owned(),
        },
        Field::ComputeInstance => switch(draft.compute_instance == Some(true)),
        Field::EndpointPolicy => {
            let by_preset = draft.preset == Some(Preset::LockedDown);
            switch(draft.service_endpoint_policy.unwrap_or(by_preset))
        }
        Field::MonitorAccess => draft.monitor_access.unwrap_or_default().as_str().to_owned(),
        Field::DnsZones => match draft.dns_zones.unwrap_or_default() {
            DnsZones::Create => CREATE.to_owned(),
            DnsZones::Existing => EXISTING.to_owned(),
        },
        _ => String::new(),
    }
}

fn keeping(id: &str) -> Option<Keeping> {
    [Keeping::Keychain, Keeping::File, Keeping::None, Keeping::Practice]
        .into_iter()
        .find(|keeping| keeping.word() == id)
}

fn place((keeping, off): (Keeping, Option<String>)) -> Item {
    let item = Item::new(keeping.word(), keychain::label(keeping), keychain::about(keeping));
    match off {
        Some(reason) => item.off(reason),
        None => item,
    }
}

fn preset(preset: Preset) -> Item {
    let (label, detail) = match preset {
        Preset::Recommended => ("recommended", "what an environment of today needs"),
        Preset::LockedDown => {
            ("locked down", "nothing through which data can leave; no public packages")
        }
        Preset::PrivateAml2022 => {
            ("privateAML 2022", "the table of the 2022 scripts, with its holes")
        }
    };
    Item::new(preset.id(), label, detail)
}

/// A region as a row: found by either name and by its part of the world.
fn region(region: &Region) -> Item {
    let mut detail = format!("{}  {}", region.name, region.geography);
    if region.zones {
        detail.push_str("  zones");
    }
    if region.restricted {
        detail.push_str("  on request only");
    }
    Item::new(&region.name, &region.display, &detail)
}
