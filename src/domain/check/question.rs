//! What is asked, as it follows from the answers so far.

use serde::{Deserialize, Serialize};

use super::CheckKind;
use crate::domain::name::{EnvironmentName, Suffix, derived};
use crate::domain::settings::{
    BastionSku, DEFAULT_BUILD_SIZE, DEFAULT_COMPUTE_SIZE, DEFAULT_JUMPBOX_SIZE, DatastoreAccess,
    Draft, ShutdownChoice,
};

/// A resource type that a choice alone brings in, the flag of that choice, the answer that leaves the type out, and
/// what is lost then.
pub const OPTIONAL: [(&str, &str, &str, &str); 2] = [
    (
        "Microsoft.DevTestLab/schedules",
        "--auto-shutdown",
        "off",
        "Without the daily shutdown the jumpbox runs, and costs money, until somebody stops it.",
    ),
    (
        "Microsoft.Network/serviceEndpointPolicies",
        "--service-endpoint-policy",
        "off",
        "Without the storage policy computes may reach any storage account that the firewall lets through.",
    ),
];

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckQuestion {
    /// Whether the account may deploy, and assign roles where that is needed.
    Rights { assigns_roles: bool },
    /// Whether these names are free.
    Names { storage: String, vault: String, registry: String },
    /// Whether this region offers every resource type but these.
    Region { region: String, without: Vec<String> },
    /// Whether this region offers the size, with cores for it, and Azure Machine Learning has cores for its computes.
    Machine { region: String, size: String, computes: Vec<String> },
    /// Whether the region offers the jumpbox's image.
    Image { region: String },
    /// Whether so many public addresses, a network and a storage account are left.
    Limits { region: String, addresses: u32 },
    /// Whether the resource group is free.
    Group { name: String },
    /// Whether a deleted log workspace of this name is in this group.
    Logs { name: String, group: String },
    /// Whether a lock is on the subscription.
    Locks,
    /// How far the clocks are apart.
    Clock,
}

impl CheckQuestion {
    /// The check that it belongs to.
    pub fn kind(&self) -> CheckKind {
        match self {
            Self::Rights { .. } => CheckKind::Rights,
            Self::Names { .. } => CheckKind::Names,
            Self::Region { .. } => CheckKind::Region,
            Self::Machine { .. } => CheckKind::Machine,
            Self::Image { .. } => CheckKind::Image,
            Self::Limits { .. } => CheckKind::Limits,
            Self::Group { .. } => CheckKind::Group,
            Self::Logs { .. } => CheckKind::Logs,
            Self::Locks => CheckKind::Locks,
            Self::Clock => CheckKind::Clock,
        }
    }

    /// The question of a check, as the answers so far lead to it; `region` is the region's short name, `group` the
    /// resource group, `sent` whether a deployment of the environment was sent already.
    ///
    /// # Errors
    /// Why it cannot be asked: what it waits for, or that it is asked elsewhere.
    pub fn of(
        kind: CheckKind,
        draft: &Draft,
        region: Option<&str>,
        group: Option<&str>,
        sent: bool,
    ) -> Result<Self, &'static str> {
        let region = || region.map(str::to_owned).ok_or("there is no region yet");
        match kind {
            // What an earlier attempt created has the names already, and counts in the limits.
            CheckKind::Names | CheckKind::Group | CheckKind::Logs | CheckKind::Limits if sent => {
                Err("the environment exists in part")
            }
            CheckKind::Rights => Ok(Self::Rights { assigns_roles: assigns_roles(draft) }),
            CheckKind::Names => {
                let name = |of| name(draft, of).ok_or("there is no name yet");
                Ok(Self::Names {
                    storage: name("Storage account")?,
                    vault: name("Key vault")?,
                    registry: name("Container registry")?,
                })
            }
            CheckKind::Region => Ok(Self::Region { region: region()?, without: left_out(draft) }),
            CheckKind::Machine => {
                let size = draft.jumpbox_size.as_deref().unwrap_or(DEFAULT_JUMPBOX_SIZE);
                let build = draft.build_size.as_deref().unwrap_or(DEFAULT_BUILD_SIZE);
                let own = (draft.compute_instance == Some(true)).then_some(DEFAULT_COMPUTE_SIZE);
                let computes = std::iter::once(build).chain(own).map(str::to_owned).collect();
                Ok(Self::Machine { region: region()?, size: size.to_owned(), computes })
            }
            CheckKind::Image => Ok(Self::Image { region: region()? }),
            CheckKind::Limits => {
                let bastion = draft.bastion != Some(BastionSku::Developer);
                Ok(Self::Limits { region: region()?, addresses: 1 + u32::from(bastion) })
            }
            CheckKind::Group => {
                let own = || name(draft, "Resource group");
                let name = group.map(str::to_owned).or_else(own).ok_or("there is no name yet")?;
                Ok(Self::Group { name })
            }
            CheckKind::Logs => {
                let name_of = |of| name(draft, of).ok_or("there is no name yet");
                let group = match group {
                    Some(group) => group.to_owned(),
                    None => name_of("Resource group")?,
                };
                Ok(Self::Logs { name: name_of("Log workspace")?, group })
            }
            CheckKind::Locks => Ok(Self::Locks),
            CheckKind::Clock => Ok(Self::Clock),
            // It is read with the machine sizes.
            CheckKind::Learning | CheckKind::Overlap | CheckKind::Store | CheckKind::Template => {
                Err("it is asked elsewhere")
            }
        }
    }
}

/// Data by identities needs role assignments, and so does a compute instance.
fn assigns_roles(draft: &Draft) -> bool {
    draft.datastore_access != Some(DatastoreAccess::AccountKey)
        || draft.compute_instance == Some(true)
}

fn name(draft: &Draft, of: &str) -> Option<String> {
    let name = EnvironmentName::parse(draft.name.as_deref()?).ok()?;
    let suffix = Suffix::parse(draft.suffix.as_deref()?).ok()?;
    let mut all = derived(&name, &suffix).into_iter();
    all.find(|each| each.resource == of).map(|each| each.name)
}

/// The optional types that the choices leave out.
fn left_out(draft: &Draft) -> Vec<String> {
    let off = |choice: &ShutdownChoice| match choice {
        ShutdownChoice::Text(text) => text.eq_ignore_ascii_case("off"),
        ShutdownChoice::Switch(on) => !on,
        ShutdownChoice::At(_) => false,
    };
    let schedules = draft.auto_shutdown.as_ref().is_none_or(|choice| !off(choice));
    let policy = draft.service_endpoint_policy == Some(true);
    let wanted = [schedules, policy];
    let types = OPTIONAL.iter().zip(wanted).filter(|(_, wanted)| !wanted);
    types.map(|((kind, ..), _)| (*kind).to_owned()).collect()
}
