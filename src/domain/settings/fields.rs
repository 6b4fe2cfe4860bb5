//! The table of fields: everything that is asked about an environment, a row each.
//!
//! The form, the flags and their help, the plan file's keys, the command that chooses the same and the template's
//! parameters are loops over it. What an answer may be is said by the types of `Settings` and by `rules`.

use serde::{Deserialize, Serialize};

use super::answers::{
    BASTION_TIERS, CLOUDS, Choice, DATASTORE_ACCESS, DNS_ZONES, FIREWALL_TIERS, MONITOR_ACCESS,
    PLACES, PRESETS,
};

/// A field, in the order of the form; behind `Continue` stand those that have no row there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    Name,
    Region,
    AddressSpace,
    Hub,
    Keeping,
    /// The row that opens and folds the fields below.
    More,
    Preset,
    PythonPackages,
    JumpboxSize,
    ShutdownTime,
    ShutdownZone,
    Bastion,
    CopyPaste,
    Firewall,
    DatastoreAccess,
    ComputeInstance,
    EndpointPolicy,
    DnsZones,
    BuildSize,
    LogRetention,
    MonitorAccess,
    Tags,
    /// The row that goes on.
    Continue,
    Suffix,
    Allow,
    Deny,
    Hosts,
    Cloud,
}

impl Field {
    /// Its row.
    pub fn row(self) -> &'static FieldRow {
        ROWS.iter().find(|row| row.field == self).unwrap_or(&CONTINUE)
    }

    /// Its name on the screen, at most 14 letters.
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// What the form says it is for.
    pub fn about(self) -> &'static str {
        self.row().about
    }

    /// Whether it lies below the row "More".
    pub fn is_below_more(self) -> bool {
        (Self::Preset..=Self::Tags).contains(&self)
    }

    /// The field of the form for a flag, as problems name it.
    pub fn of_flag(flag: &str) -> Option<Self> {
        let row = ROWS.iter().find(|row| !flag.is_empty() && row.flag == flag)?;
        match row.field {
            Self::Suffix => Some(Self::Name),
            Self::Allow | Self::Deny | Self::Hosts => Some(Self::Preset),
            Self::Cloud => None,
            field => Some(field),
        }
    }
}

/// What an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// A line.
    Text,
    /// A whole number.
    Number,
    /// Hosts of a package index, or where to find them.
    Packages,
    /// Names with values.
    Tags,
    /// One of a few.
    OneOf(&'static [Choice]),
    /// Off or on: label and detail of both.
    Switch([(Text, Text); 2]),
    /// One of many, which the table does not know.
    Listed,
    /// Any number of words.
    Many,
    /// Any number of hosts with their ports.
    Hosts,
    /// No answer at all: a row that does something.
    Button,
}

type Text = &'static str;

/// What is known about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldRow {
    /// The field.
    pub field: Field,
    /// The key in records and plan files.
    pub key: Text,
    /// The flag; empty where there is none.
    pub flag: Text,
    /// What stands for its value in the help.
    pub placeholder: Text,
    /// What the help says.
    pub help: Text,
    /// Its name in the form; empty where it has no row there.
    pub label: Text,
    /// What the form says it is for.
    pub about: Text,
    /// What an answer looks like.
    pub kind: AnswerKind,
    /// The parameter of the template that takes the answer as it is; empty where another module makes it.
    pub parameter: Text,
    /// Where there is no usual answer: what is missing, and an example.
    pub needed: Option<(Text, Text)>,
}

impl FieldRow {
    const fn flag(mut self, flag: Text, placeholder: Text, help: Text) -> Self {
        (self.flag, self.placeholder, self.help) = (flag, placeholder, help);
        self
    }

    const fn needed(mut self, what: Text, example: Text) -> Self {
        self.needed = Some((what, example));
        self
    }

    const fn form(mut self, label: Text, about: Text) -> Self {
        (self.label, self.about) = (label, about);
        self
    }
}

const fn row(field: Field, key: Text, parameter: Text, kind: AnswerKind) -> FieldRow {
    let [flag, placeholder, help, label, about] = [""; 5];
    FieldRow { field, key, parameter, kind, flag, placeholder, help, label, about, needed: None }
}

const CONTINUE: FieldRow = row(Field::Continue, "", "", AnswerKind::Button)
    .form("Continue", "On to the preview: everything that would be created, and what it costs.");

/// The rows, in the order of the help.
pub static ROWS: [FieldRow; 27] = [
    row(Field::Name, "name", "name", AnswerKind::Text)
        .flag("--name", "NAME", "Name: 1 to 8 lower-case letters and digits, beginning with a letter")
        .form("Name", "Every resource is named after it. Four digits make it globally unique.")
        .needed("The environment's name", "test"),
    row(Field::Suffix, "suffix", "suffix", AnswerKind::Text)
        .flag("--suffix", "DIGITS", "Four digits behind the name; drawn at random when left out")
        .needed("The four digits behind the name", "4821"),
    row(Field::Region, "region", "location", AnswerKind::Listed)
        .flag("--region", "REGION", "Azure region, such as westeurope")
        .form("Region", "Where everything is created: near your data, and near the people who work on it.")
        .needed("The Azure region", "westeurope"),
    row(Field::AddressSpace, "address_space", "addressSpace", AnswerKind::Text)
        .flag("--cidr", "PREFIX", "Address space of the network, /8 to /22, such as 10.1.0.0/22")
        .form(
            "Address space",
            "The private addresses of the environment's network. It must not overlap a network that you \
             will connect.",
        )
        .needed("The address space", "10.1.0.0/22"),
    row(Field::Cloud, "cloud", "", AnswerKind::OneOf(&CLOUDS)).flag("--cloud", "CLOUD", "Which Azure"),
    row(Field::Preset, "preset", "", AnswerKind::OneOf(&PRESETS))
        .flag("--preset", "PRESET", "Set of firewall rules to start from")
        .form(
            "Firewall rules",
            "Which names the firewall lets through. Single groups and hosts of your own are switched on \
             the preview.",
        ),
    row(Field::Allow, "allow", "", AnswerKind::Many)
        .flag("--allow", "GROUP", "Switch a group of firewall rules on (repeatable)"),
    row(Field::Deny, "deny", "", AnswerKind::Many)
        .flag("--deny", "GROUP", "Switch a group of firewall rules off (repeatable)"),
    row(Field::Hosts, "host", "", AnswerKind::Hosts).flag(
        "--allow-host",
        "HOST[=PORTS]",
        "Let one more host through, such as packages.contoso.com or packages.contoso.com=https:8443 (repeatable)",
    ),
    row(Field::PythonPackages, "python_packages", "", AnswerKind::Packages)
        .flag(
            "--python-packages",
            "pip|azure-ml|HOSTS",
            "Let Python packages through: pip (the index that pip on this machine uses), azure-ml (the hosts that \
             Azure ML names for a workspace of yours), or the index's own hosts, such as \
             packages.contoso.com,files.contoso.com; asked for when nothing follows",
        )
        .form(
            "Python index",
            "Python packages: off, pip (asks pip on this machine for its index), or the host of an index such as \
             packages.contoso.com.",
        ),
    row(Field::Hub, "hub", "", AnswerKind::Listed)
        .flag(
            "--hub",
            "ID",
            "Resource id of the hub network to peer with later; overlapping address spaces are refused now",
        )
        .form(
            "Hub network",
            "A network with your VPN or ExpressRoute gateway, peered later. Chosen now, it rules out an overlap.",
        ),
    row(Field::Keeping, "", "", AnswerKind::OneOf(&PLACES))
        .form("Password store", "Where the jumpbox password is saved. It is created here and written nowhere else."),
    row(Field::More, "", "", AnswerKind::Button).form("More", "Everything below has a sensible value already."),
    row(Field::Bastion, "bastion", "bastionSku", AnswerKind::OneOf(&BASTION_TIERS))
        .flag("--bastion", "TIER", "Tier of Azure Bastion")
        .form("Bastion tier", "How the jumpbox is reached in a browser. It can be raised later, never lowered."),
    row(
        Field::CopyPaste,
        "disable_copy_paste", "bastionDisableCopyPaste",
        AnswerKind::Switch([
            ("allowed", "text can be copied in and out"),
            ("off", "needs Bastion Standard or Premium"),
        ]),
    )
    .flag(
        "--disable-copy-paste",
        "",
        "Turn copy and paste through Bastion and its native client off (needs Standard or Premium)",
    )
    .form(
        "Copy and paste",
        "Whether text can be copied out of the jumpbox. Off needs Bastion Standard or Premium.",
    ),
    row(Field::Firewall, "firewall", "firewallSku", AnswerKind::OneOf(&FIREWALL_TIERS))
        .flag("--firewall", "TIER", "Tier of Azure Firewall")
        .form(
            "Firewall tier",
            "Premium adds intrusion detection and looks into encrypted traffic, at a higher price.",
        ),
    row(Field::JumpboxSize, "jumpbox_size", "jumpboxSize", AnswerKind::Listed)
        .flag("--jumpbox-size", "SIZE", "Size of the jumpbox")
        .form("Jumpbox size", "The Windows machine from which the studio is opened."),
    row(Field::ShutdownTime, "auto_shutdown", "", AnswerKind::Text)
        .flag(
            "--auto-shutdown",
            "HHMM|off",
            "Time at which the jumpbox is stopped each day, as HHMM, or off",
        )
        .form(
            "Jumpbox off at",
            "The jumpbox is stopped each day at this time to save money: 1900, or off.",
        ),
    row(Field::ShutdownZone, "time_zone", "", AnswerKind::Listed)
        .flag("--time-zone", "ZONE", "Windows time zone of that time")
        .form("Time zone", "The time zone of that time, by its Windows name."),
    row(Field::BuildSize, "build_size", "buildSize", AnswerKind::Listed)
        .flag("--build-size", "SIZE", "Node size of the cluster that builds images")
        .form("Build size", "The node that builds images; there is none while nothing is built."),
    row(
        Field::ComputeInstance,
        "compute_instance", "computeInstance",
        AnswerKind::Switch([
            ("none", "create computes later, in the studio"),
            ("create one for me", "costs while it runs"),
        ]),
    )
    .flag("--compute-instance", "", "Create a compute instance for the signed-in user too")
    .form("Own compute", "A machine for notebooks, created for you at once. It costs money while it runs."),
    row(
        Field::EndpointPolicy,
        "service_endpoint_policy", "serviceEndpointPolicy",
        AnswerKind::Switch([
            ("none", "computes may reach any storage account that the firewall lets through"),
            ("Azure ML only", "only the accounts that Azure Machine Learning owns"),
        ]),
    )
    .flag(
        "--service-endpoint-policy",
        "",
        "Admit only Azure ML's own storage accounts on the shared subnet's service endpoint",
    )
    .form(
        "Storage policy",
        "Lets computes reach only the storage accounts that Azure Machine Learning itself owns.",
    ),
    row(Field::DnsZones, "dns_zones", "dnsZones", AnswerKind::OneOf(&DNS_ZONES))
        .flag(
            "--dns-zones",
            "WHERE",
            "Private DNS zones: create them, or use existing ones, whose owner registers the names (they are listed)",
        )
        .form(
            "DNS zones",
            "Existing: a policy denies privatelink zones, and their owner registers the names that are \
             listed at the end.",
        ),
    row(Field::DatastoreAccess, "datastore_access", "", AnswerKind::OneOf(&DATASTORE_ACCESS))
        .flag("--datastore-access", "WAY", "How the workspace reaches its data")
        .form(
            "Data access",
            "How the workspace reaches its data. Identity-based access requires permission to assign roles.",
        ),
    row(Field::LogRetention, "log_retention_days", "logRetentionDays", AnswerKind::Number)
        .flag("--log-retention", "DAYS", "Days that logs are retained, 30 to 730")
        .form("Keep logs", "How many days logs of firewall and resources are retained: 30 to 730."),
    row(Field::MonitorAccess, "monitor_access", "", AnswerKind::OneOf(&MONITOR_ACCESS))
        .flag(
            "--monitor-access",
            "MODE",
            "What machines inside may reach through Azure Monitor's private link scope",
        )
        .form(
            "Monitor access",
            "Private only: machines inside reach no telemetry store but this one. Open: also others' that are public, \
             which Microsoft's page on Azure ML asks for.",
        ),
    row(Field::Tags, "tags", "tags", AnswerKind::Tags)
        .flag("--tag", "KEY=VALUE", "Tag of the resource group and its resources, as key=value (repeatable)")
        .form("Tags", "Your own tags on every resource: costCenter=4711, owner=me"),
];
