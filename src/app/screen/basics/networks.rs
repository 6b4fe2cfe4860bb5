//! The networks that were seen, the hub among them, and the address space held against both.

use serde::{Deserialize, Serialize};

use super::{Basics, Field};
use crate::app::{App, Tone};
use crate::domain::network::{self, AddressCheck, KnownNetwork, SeenNetwork};
use crate::domain::problem::{Problem, Result};

/// How far reading the networks has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Networks {
    /// Azure was not asked.
    #[default]
    NotYet,
    /// Azure is being asked.
    Reading,
    /// Azure has answered.
    Read(Vec<SeenNetwork>),
    /// It could not be told.
    Failed(Box<Problem>),
}

/// A hub that was named by its id and is in no list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamedHub {
    /// Azure is being asked.
    Reading(String),
    /// Azure has answered.
    Read(Box<SeenNetwork>),
    /// It could not be read, and why.
    Failed(String, String),
}

impl NamedHub {
    /// The id that was named.
    pub fn id(&self) -> &str {
        match self {
            Self::Reading(id) | Self::Failed(id, _) => id,
            Self::Read(network) => &network.id,
        }
    }
}

impl Basics {
    /// The networks that were seen, without the environment's own.
    pub fn seen(&self) -> Vec<SeenNetwork> {
        let Networks::Read(networks) = &self.networks else { return Vec::new() };
        let own = self.existing.as_ref().map(|record| {
            let group = record.resource_group.to_lowercase();
            let name = record.full_name.to_lowercase();
            format!(
                "/resourcegroups/{group}/providers/microsoft.network/virtualnetworks/vnet-{name}"
            )
        });
        networks
            .iter()
            .filter(|network| {
                own.as_ref().is_none_or(|own| !network.id.to_lowercase().ends_with(own))
            })
            .cloned()
            .collect()
    }

    /// The hub that was chosen, once it is known.
    pub fn hub(&self) -> Option<SeenNetwork> {
        let id = self.draft.hub.as_deref()?;
        let is_it = |network: &SeenNetwork| network.id.eq_ignore_ascii_case(id);
        let listed = self.seen().into_iter().find(is_it);
        listed.or_else(|| match &self.named_hub {
            Some(NamedHub::Read(network)) if is_it(network) => Some((**network).clone()),
            _ => None,
        })
    }

    /// What an address space is checked against.
    pub(crate) fn known_networks(&self) -> Vec<KnownNetwork> {
        network::known(&self.seen(), self.hub().as_ref())
    }

    /// What there is to say about the address space as it is typed.
    pub(crate) fn address_check(&self) -> AddressCheck {
        network::check(self.typed(Field::AddressSpace), &self.known_networks())
    }
}

/// Takes in the networks. An address space that was only offered gives way to one that is free.
pub(super) fn read(app: &mut App, read: Result<Vec<SeenNetwork>>) {
    app.basics.networks = match read {
        Ok(networks) => Networks::Read(networks),
        Err(problem) => Networks::Failed(Box::new(problem)),
    };
    if !app.basics.space_is_offered {
        return;
    }
    let free = network::offered(&app.basics.known_networks());
    if app.basics.typed(Field::AddressSpace) != free {
        app.basics.put(Field::AddressSpace, &free);
        app.say(
            Tone::Plain,
            format!("{free} is free beside the networks that you can see, so the form offers it."),
        );
    }
}

/// Takes in a hub that was named by its id.
pub(super) fn hub_read(app: &mut App, id: String, read: Result<Option<SeenNetwork>>) {
    if app.basics.draft.hub.as_deref() != Some(id.as_str()) {
        return;
    }
    app.basics.named_hub = Some(match read {
        Ok(Some(network)) => NamedHub::Read(Box::new(network)),
        Ok(None) => NamedHub::Failed(id, "There is no network of that id.".to_owned()),
        Err(problem) => NamedHub::Failed(id, problem.what),
    });
}
