//! The fields of the form: their order, what kind each is, and what each is for.
//!
//! Nothing here knows what was chosen; the texts are for people who have never built such an environment.

use serde::{Deserialize, Serialize};

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The environment's name.
    Name,
    /// The Azure region.
    Region,
    /// The address space of its network.
    AddressSpace,
    /// The hub network to be peered with later.
    Hub,
    /// Where the jumpbox password is kept.
    Keeping,
    /// The row that opens and folds the fields below.
    More,
    /// The set of firewall groups to start from.
    Preset,
    /// The package index for Python packages.
    PythonPackages,
    /// Size of the jumpbox.
    JumpboxSize,
    /// When the jumpbox is stopped each day.
    ShutdownTime,
    /// The time zone of that time.
    ShutdownZone,
    /// Tier of Bastion.
    Bastion,
    /// Copy and paste through Bastion.
    CopyPaste,
    /// Tier of the firewall.
    Firewall,
    /// How data is reached.
    DatastoreAccess,
    /// A compute instance for the person signed in.
    ComputeInstance,
    /// The service endpoint policy of the shared subnet.
    EndpointPolicy,
    /// Where the private DNS zones are.
    DnsZones,
    /// Size of the image-build nodes.
    BuildSize,
    /// How long logs are kept.
    LogRetention,
    /// What Azure Monitor's private link scope lets through.
    MonitorAccess,
    /// Further tags.
    Tags,
    /// The row that goes on.
    Continue,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A line that is typed.
    Text,
    /// A few choices, changed in place.
    Choice,
    /// Many choices, taken from a list that is filtered by typing.
    List,
    /// A row that does something.
    Button,
}

/// The fields below the row "More".
pub const MORE: [Field; 16] = [
    Field::Preset,
    Field::PythonPackages,
    Field::JumpboxSize,
    Field::ShutdownTime,
    Field::ShutdownZone,
    Field::Bastion,
    Field::CopyPaste,
    Field::Firewall,
    Field::DatastoreAccess,
    Field::ComputeInstance,
    Field::EndpointPolicy,
    Field::DnsZones,
    Field::BuildSize,
    Field::LogRetention,
    Field::MonitorAccess,
    Field::Tags,
];

/// The fields that are typed.
pub const TYPED: [Field; 6] = [
    Field::Name,
    Field::AddressSpace,
    Field::PythonPackages,
    Field::ShutdownTime,
    Field::LogRetention,
    Field::Tags,
];

impl Field {
    /// Its name on the screen, at most 14 letters.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Region => "Region",
            Self::AddressSpace => "Address space",
            Self::Hub => "Hub network",
            Self::Keeping => "Password in",
            Self::More => "More",
            Self::Preset => "Firewall rules",
            Self::PythonPackages => "Python index",
            Self::JumpboxSize => "Jumpbox size",
            Self::ShutdownTime => "Jumpbox off at",
            Self::ShutdownZone => "Time zone",
            Self::Bastion => "Bastion tier",
            Self::CopyPaste => "Copy and paste",
            Self::Firewall => "Firewall tier",
            Self::DatastoreAccess => "Data access",
            Self::ComputeInstance => "Own compute",
            Self::EndpointPolicy => "Storage policy",
            Self::DnsZones => "DNS zones",
            Self::BuildSize => "Build size",
            Self::LogRetention => "Keep logs",
            Self::MonitorAccess => "Monitor access",
            Self::Tags => "Tags",
            Self::Continue => "Continue",
        }
    }

    /// How it is filled in.
    #[must_use]
    pub fn kind(self) -> FieldKind {
        match self {
            Self::Name
            | Self::AddressSpace
            | Self::PythonPackages
            | Self::ShutdownTime
            | Self::LogRetention
            | Self::Tags => FieldKind::Text,
            Self::Region | Self::Hub | Self::JumpboxSize | Self::ShutdownZone | Self::BuildSize => {
                FieldKind::List
            }
            Self::More | Self::Continue => FieldKind::Button,
            _ => FieldKind::Choice,
        }
    }

    /// What it is for.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Name => {
                "Every resource is called after it. Four digits make it unique in the world."
            }
            Self::Region => {
                "Where everything is made: near your data, and near the people who work on it."
            }
            Self::AddressSpace => {
                "The private addresses of the environment's network. It must not overlap a network that you \
                 will connect."
            }
            Self::Hub => {
                "A network with your VPN or ExpressRoute gateway, peered later. Chosen now, it rules out an overlap."
            }
            Self::Keeping => {
                "Where the jumpbox password is kept. It is made here and written nowhere else."
            }
            Self::More => "Everything below has a sensible value already.",
            Self::Preset => {
                "Which names the firewall lets through. Single groups and hosts of your own are switched on \
                 the preview."
            }
            Self::PythonPackages => {
                "Python packages: off, pip (asks pip on this machine for its index), or the host of an \
                 index such as packages.contoso.com."
            }
            Self::JumpboxSize => "The Windows machine from which the studio is opened.",
            Self::ShutdownTime => {
                "The jumpbox is stopped each day at this time to save money: 1900, or off."
            }
            Self::ShutdownZone => "The time zone of that time, by its Windows name.",
            Self::Bastion => {
                "How the jumpbox is reached in a browser. It can be raised later, never lowered."
            }
            Self::CopyPaste => {
                "Whether text can be copied out of the jumpbox. Off needs Bastion Standard or Premium."
            }
            Self::Firewall => {
                "Premium adds intrusion detection and looks into encrypted traffic, at a higher price."
            }
            Self::DatastoreAccess => {
                "How the workspace reaches its data. By identities needs the right to assign roles."
            }
            Self::ComputeInstance => {
                "A machine for notebooks, made for you at once. It costs money while it runs."
            }
            Self::EndpointPolicy => {
                "Lets computes reach only the storage accounts that Azure Machine Learning itself keeps."
            }
            Self::DnsZones => {
                "Existing: a policy denies privatelink zones, and their owner registers the names that are \
                 listed at the end."
            }
            Self::BuildSize => "The node that builds images; there is none while nothing is built.",
            Self::LogRetention => {
                "How many days logs of firewall and resources are kept: 30 to 730."
            }
            Self::MonitorAccess => {
                "Private only: machines inside reach no telemetry store but this one. Open: also \
                 others' that are public, which Microsoft's page on Azure ML asks for."
            }
            Self::Tags => "Your own tags on every resource: costCenter=4711, owner=me",
            Self::Continue => {
                "On to the preview: everything that would be made, and what it costs."
            }
        }
    }

    /// The flag of the command line that answers the same, as problems name it.
    pub(crate) fn of_flag(flag: &str) -> Option<Self> {
        Some(match flag {
            "--name" | "--suffix" => Self::Name,
            "--region" => Self::Region,
            "--cidr" => Self::AddressSpace,
            "--hub" => Self::Hub,
            "--preset" | "--allow" | "--deny" | "--allow-host" => Self::Preset,
            "--python-packages" => Self::PythonPackages,
            "--jumpbox-size" => Self::JumpboxSize,
            "--auto-shutdown" => Self::ShutdownTime,
            "--time-zone" => Self::ShutdownZone,
            "--bastion" => Self::Bastion,
            "--disable-copy-paste" => Self::CopyPaste,
            "--firewall" => Self::Firewall,
            "--datastore-access" => Self::DatastoreAccess,
            "--compute-instance" => Self::ComputeInstance,
            "--service-endpoint-policy" => Self::EndpointPolicy,
            "--dns-zones" => Self::DnsZones,
            "--build-size" => Self::BuildSize,
            "--log-retention" => Self::LogRetention,
            "--monitor-access" => Self::MonitorAccess,
            "--tag" => Self::Tags,
            _ => return None,
        })
    }
}
